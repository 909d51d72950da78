//! One file per suite.

mod api;
mod cpp;
mod errors;
mod exports;
mod faults;
mod header;
mod kills;
mod load;
mod login;
mod long;
mod panic;
mod power;
mod process;
mod races;
mod readme;
mod sanitizers;
mod secrets;
mod storm;
mod threads;
mod trust;
mod valgrind;

use std::time::Duration;

use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::runner::Suite;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::{Linkage, Stage};

/// In the order in which they run: what fails first explains what fails later.
pub const ALL: &[(&str, Suite)] = &[
    ("exports", exports::run),
    ("header", header::run),
    ("api", api::run),
    ("login", login::run),
    ("errors", errors::run),
    ("threads", threads::run),
    ("storm", storm::run),
    ("process", process::run),
    ("panic", panic::run),
    ("kills", kills::run),
    ("power", power::run),
    ("faults", faults::run),
    ("load", load::run),
    ("long", long::run),
    ("secrets", secrets::run),
    ("trust", trust::run),
    ("cpp", cpp::run),
    ("readme", readme::run),
    ("sanitizers", sanitizers::run),
    ("valgrind", valgrind::run),
    (RACES, races::run),
];

/// The suite that needs a library of its own.
pub const RACES: &str = "races";

/// Every program that there is on this system, with every linkage.
fn with_both<'a>(context: &Context, programs: &[&'a str]) -> Vec<(&'a str, Linkage)> {
    let here = programs.iter().filter(|program| context.machine.why_not(program).is_none());
    here.flat_map(|program| context.machine.linkages().iter().map(|linkage| (*program, *linkage))).collect()
}

fn label(program: &str, linkage: Linkage) -> String {
    format!("{program} ({linkage:?})").to_lowercase()
}

/// Builds a program and runs it against a sandbox of its own.
fn against_sandbox(context: &Context, stage: &Stage, program: &str, linkage: Linkage) -> Report {
    Report::of(|report| {
        let path = context.build(stage, program, linkage)?;
        let sandbox = servers::sandbox()?;
        let program_run = Program::under(&context.machine.tool, &path).set_all(&servers::variables(&sandbox));
        program_run.count(&label(program, linkage), report)?;
        Ok(())
    })
}

/// How long a program may take; under a tool such as valgrind everything takes long.
fn limit(tool: &[&str]) -> Duration {
    Duration::from_secs(if tool.is_empty() { 60 } else { 300 })
}
