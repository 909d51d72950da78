//! Builds what is in `bindings/` with the tools of each language, runs its tests, and counts.
//!
//! `--beside COMMAND…` starts the servers of the tests, and runs one command beside them.

mod dotnet;
mod folders;
mod maven;
#[cfg(test)]
mod pages;
mod places;
mod suites;
mod table;

use std::path::Path;
use std::process::{Command, ExitCode};

use ecgrid_c_tests::runner::{Asked, concluded};
use folders::Folders;
use places::Places;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.as_slice() {
        [first, program, arguments @ ..] if first == "--beside" => concluded(beside(program, arguments)),
        _ => concluded(Asked::of_command_line(suites::ALL).map(|asked| asked.run(suites::ALL))),
    }
}

fn beside(program: &str, arguments: &[String]) -> Result<bool, String> {
    let places = Places::open()?;
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/cases.txt");
    let folders = Folders::make(&table)?;
    let mut command = Command::new(program);
    command.args(arguments).envs(places.variables()).env("ECGRID_CASES", folders.table());
    let status = command.status().map_err(|error| format!("{program}: {error}"))?;
    Ok(status.success())
}
