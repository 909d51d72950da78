//! The C++ binding: compiles everywhere, and keeps its promises.

mod page;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecgrid_c_tests::compile::{detect, quietly};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::stage::Stage;

use crate::places::Places;

pub const COMPILERS: [&str; 2] = ["g++", "clang++"];

/// C++23, by the name that compilers of 2022 know.
const STANDARDS: [&str; 3] = ["-std=c++17", "-std=c++20", "-std=c++2b"];

const STRICT: [&str; 9] = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Wsign-conversion",
    "-Wshadow",
    "-Wundef",
    "-Wold-style-cast",
    "-Werror",
];

const SANITIZERS: &str = "-fsanitize=address,undefined";

const WITHOUT_EXCEPTIONS: [&str; 2] = ["-fno-exceptions", "-fno-rtti"];

pub fn run(context: &Context) -> Report {
    Report::of(|report| {
        report.add(header(context));
        report.add(page::run(context));
        report.add(parallel::each(&programs(context)?, |sources| Report::of(|report| check(context, sources, report))));
        Ok(())
    })
}

/// By every compiler at every standard, alone, and without exceptions.
fn header(context: &Context) -> Report {
    let source = context.project("bindings/cpp/tests/alone.cpp");
    let mut jobs = Vec::new();
    for compiler in COMPILERS {
        for standard in STANDARDS {
            jobs.push((compiler, vec![standard]));
            jobs.push((compiler, [&[standard], &WITHOUT_EXCEPTIONS[..]].concat()));
        }
    }
    parallel::each(&jobs, |(compiler, flags)| {
        Report::of(|report| {
            let mut command = command(context, &context.stage, compiler, flags)?;
            let compiled = quietly(command.arg("-fsyntax-only").arg(&source));
            report.check(
                compiled.is_ok(),
                format!("{compiler} {}: {}", flags.join(" "), compiled.err().unwrap_or_default()),
            );
            Ok(())
        })
    })
}

/// The folder's programs, those of several sources together; what other suites run, or only compiles, is left out.
fn programs(context: &Context) -> Result<Vec<Vec<PathBuf>>, String> {
    let folder = context.project("bindings/cpp/tests");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension() == Some(OsStr::new("cpp")));
    files.sort();
    let (together, apart): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| stem(path).starts_with("two_units"));
    let elsewhere = ["alone", "conformance", "stress"];
    let mut programs: Vec<_> =
        apart.into_iter().filter(|path| !elsewhere.contains(&stem(path).as_str())).map(|path| vec![path]).collect();
    programs.push(together);
    Ok(programs)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Runs a program under gcc's sanitizers; clang, which takes long for that, only compiles it, at the newest standard.
fn check(context: &Context, sources: &[PathBuf], report: &mut Report) -> Result<(), String> {
    let sources: Vec<&Path> = sources.iter().map(PathBuf::as_path).collect();
    let name = stem(sources[0]);
    let own: &[&str] = match name.as_str() {
        "no_exceptions" => &WITHOUT_EXCEPTIONS,
        "stop_token" => &["-std=c++20"],
        // What a compiler leaves out when it optimises is not left out.
        "secrets" => &["-O2"],
        _ => &[],
    };
    let mut clang = command(context, &context.stage, "clang++", &[&["-std=c++2b", "-fsyntax-only"], own].concat())?;
    let compiled = quietly(clang.args(["-std=c++2b"]).args(&sources));
    report.check(compiled.is_ok(), format!("{name}: {}", compiled.err().unwrap_or_default()));

    let flags = [&["-std=c++17", SANITIZERS], own].concat();
    let mut parts = Vec::new();
    for unit in sources.iter().skip(1) {
        // One program may have units of every kind.
        parts.push(object(context, unit, &[&["-std=c++20", SANITIZERS], &WITHOUT_EXCEPTIONS[..]].concat())?);
    }
    let mut all = vec![sources[0]];
    all.extend(parts.iter().map(PathBuf::as_path));
    let program = build(context, &context.stage, "g++", &all, &flags)?;
    let places = Places::open()?;
    let header = context.stage.header();
    Program::new(&program).set_all(&places.variables()).set("ECGRID_HEADER", header).count(&name, report)?;
    Ok(())
}

fn object(context: &Context, source: &Path, flags: &[&str]) -> Result<PathBuf, String> {
    let object = context.new_file(source.file_stem().unwrap_or_default()).with_extension("o");
    let mut command = command(context, &context.stage, "g++", flags)?;
    quietly(command.args(["-g", "-pthread", "-c"]).arg(source).arg("-o").arg(&object))?;
    Ok(object)
}

/// A program of the binding, linked with the shared library.
pub fn build(
    context: &Context,
    stage: &Stage,
    compiler: &str,
    sources: &[&Path],
    flags: &[&str],
) -> Result<PathBuf, String> {
    let program = context.new_file(sources[0].file_stem().unwrap_or_default());
    let mut command = command(context, stage, compiler, flags)?;
    command.args(["-g", "-pthread"]).args(sources).arg("-o").arg(&program);
    quietly(command.args(context.machine.link_arguments(stage.root())))?;
    Ok(program)
}

fn command(context: &Context, stage: &Stage, compiler: &str, flags: &[&str]) -> Result<Command, String> {
    let mut command = detect(Some(compiler), true)?.to_command();
    command.args(STRICT).args(flags).arg("-I").arg(stage.include());
    command.arg("-I").arg(context.project("bindings/cpp/include")).arg("-I").arg(context.own("programs"));
    Ok(command)
}
