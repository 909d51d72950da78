//! The conformance table, played in every language.

use std::path::{Path, PathBuf};
use std::process::Command;

use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::stage::Linkage;

use crate::places::Places;

/// The least, so that a table that shrinks is noticed.
const LEAST_CASES: u64 = 80;

/// Who plays it: a name, and how the program is made and called.
type Player = (&'static str, fn(&Context) -> Result<Command, String>);

const PLAYERS: &[Player] = &[
    ("C, shared library", |context| in_c(context, Linkage::Shared, &[])),
    ("C, static library", |context| in_c(context, Linkage::Static, &[])),
    ("C under the sanitizers", |context| in_c(context, Linkage::Static, &["-fsanitize=address,undefined"])),
];

pub fn run(context: &Context) -> Report {
    Report::of(|report| {
        let cases = count_cases(&table(context))?;
        report.check(cases >= LEAST_CASES, format!("the table has {cases} cases"));
        report.add(parallel::each(PLAYERS, |(name, command)| {
            Report::of(|report| play(context, name, command(context)?, cases, report))
        }));
        Ok(())
    })
}

fn play(context: &Context, name: &str, command: Command, cases: u64, report: &mut Report) -> Result<(), String> {
    let servers = Places::open()?;
    let mut played = Report::default();
    Program::of(command).set_all(&servers.variables()).set("ECGRID_CASES", table(context)).count(name, &mut played)?;
    println!("  {name}: {} passed, {} failed", played.passed, played.failed);
    let all = played.passed + played.failed;
    report.add(played);
    report.equal(all, cases, format!("{name}: cases played"));
    Ok(())
}

fn table(context: &Context) -> PathBuf {
    context.project("bindings/conformance/cases.txt")
}

fn count_cases(table: &Path) -> Result<u64, String> {
    let text = std::fs::read_to_string(table).map_err(|error| format!("{}: {error}", table.display()))?;
    Ok(text.lines().filter(|line| line.starts_with("case ")).count() as u64)
}

fn in_c(context: &Context, linkage: Linkage, flags: &[&str]) -> Result<Command, String> {
    let source = context.project("bindings/conformance/conformance.c");
    let mut all = vec!["-std=c99", "-O1", "-g", "-pthread", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
    all.extend(flags);
    context.link(&context.stage, &source, linkage, &all).map(Command::new)
}
