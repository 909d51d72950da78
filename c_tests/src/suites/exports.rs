//! The shared library as the linker and the loader see it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::header::Header;
use ecgrid_c_tests::compile::output_of;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::report::Report;

/// What every Linux with glibc has; libgcc_s is not there in every container.
const SYSTEM: [&str; 6] = ["libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "ld-linux"];

/// That of RHEL 7. What runs with it runs with every later one.
const OLDEST_GLIBC: [u32; 2] = [2, 17];

pub fn run(context: &Context) -> Report {
    Report::of(|report| {
        let shared = context.stage.shared();
        let golden = fs::read_to_string(context.own("exports.txt")).map_err(|error| error.to_string())?;
        let golden: BTreeSet<String> = golden.lines().map(str::to_owned).collect();
        let exported = output_of(Command::new("nm").args(["-D", "--defined-only"]).arg(&shared))?;
        let exported: BTreeSet<String> =
            exported.lines().filter_map(|line| line.split_whitespace().nth(2)).map(str::to_owned).collect();
        report.equal(exported, golden.clone(), "exported symbols");
        report.equal(Header::read(&context.stage)?.functions(), golden, "functions in the header");

        let dynamic = output_of(Command::new("readelf").args(["-W", "-d"]).arg(&shared))?;
        let soname = tagged(&dynamic, "(SONAME)");
        report.equal(soname, vec!["libecgrid.so.0".to_owned()], "SONAME");
        for needed in tagged(&dynamic, "(NEEDED)") {
            let known = SYSTEM.iter().any(|library| needed.starts_with(library));
            report.check(known, format!("the library needs {needed}"));
        }
        let flags = dynamic.lines().filter(|line| line.contains("(FLAGS_1)") || line.contains("(FLAGS)"));
        let flags: String = flags.collect();
        report.check(flags.contains("NODELETE"), format!("flags without NODELETE: {flags}"));
        report.check(flags.contains("NOW"), format!("flags without NOW (full RELRO): {flags}"));
        report.check(!dynamic.contains("(TEXTREL)"), "the library has text relocations");
        report.check(!dynamic.contains("(RPATH)") && !dynamic.contains("(RUNPATH)"), "the library has a run path");

        let segments = output_of(Command::new("readelf").args(["-W", "-l"]).arg(&shared))?;
        let stack = segments.lines().find(|line| line.contains("GNU_STACK")).unwrap_or_default();
        report.check(stack.contains(" RW ") && !stack.contains('E'), format!("the stack is executable: {stack}"));
        report.check(segments.contains("GNU_RELRO"), "the library has no RELRO");

        let sections = output_of(Command::new("readelf").args(["-W", "-S"]).arg(&shared))?;
        for name in [".symtab", ".debug_info"] {
            report.check(!sections.contains(name), format!("the library is not stripped: it has {name}"));
        }
        is_for_old_systems(&shared, report)?;
        says_nothing_of_this_machine(&shared, report)?;
        links_lead_on(context, report)
    })
}

fn is_for_old_systems(shared: &Path, report: &mut Report) -> Result<(), String> {
    let symbols = output_of(Command::new("readelf").args(["-W", "--dyn-syms"]).arg(shared))?;
    let mut versions = 0;
    for (symbol, version) in symbols.lines().filter_map(|line| line.split_once("@GLIBC_")) {
        let version = version.split_whitespace().next().unwrap_or_default();
        let numbers: Result<Vec<u32>, _> = version.split('.').map(str::parse).collect();
        let is_old = numbers.is_ok_and(|numbers| numbers[..] <= OLDEST_GLIBC[..]);
        let symbol = symbol.split_whitespace().last().unwrap_or_default();
        report.check(is_old, format!("the library needs {symbol} of glibc {version}"));
        versions += 1;
    }
    report.check(versions > 50, format!("only {versions} symbols of glibc were seen"));
    Ok(())
}

/// Messages of a panic name source files, and builds are somebody's.
fn says_nothing_of_this_machine(shared: &Path, report: &mut Report) -> Result<(), String> {
    let library = fs::read(shared).map_err(|error| error.to_string())?;
    for folder in ["/.cargo/", "/registry/src/", env!("CARGO_MANIFEST_DIR")] {
        let is_there = library.windows(folder.len()).any(|window| window == folder.as_bytes());
        report.check(!is_there, format!("the library names {folder}"));
    }
    Ok(())
}

/// The names in brackets of the entries with that tag.
fn tagged(dynamic: &str, tag: &str) -> Vec<String> {
    let lines = dynamic.lines().filter(|line| line.contains(tag));
    lines.filter_map(|line| line.split_once('[')?.1.split_once(']')).map(|(name, _)| name.to_owned()).collect()
}

/// The links lead where the SONAME says.
fn links_lead_on(context: &Context, report: &mut Report) -> Result<(), String> {
    let name = |path: &str| fs::read_link(context.stage.lib().join(path)).map_err(|error| format!("{path}: {error}"));
    report.equal(name("libecgrid.so")?.display().to_string(), "libecgrid.so.0".into(), "libecgrid.so ->");
    let full = format!("libecgrid.so.{}", env!("CARGO_PKG_VERSION"));
    report.equal(name("libecgrid.so.0")?.display().to_string(), full, "libecgrid.so.0 ->");
    Ok(())
}
