//! `cargo xtask header`: include/ecgrid.h is what the library's build script makes of the source.

use std::fs::{self, File};
use std::time::SystemTime;

use crate::command::{Outcome, capture, run as run_command};
use crate::workspace::Workspace;

const HEADER: &str = "include/ecgrid.h";

pub fn generate(workspace: &Workspace) -> Outcome<()> {
    let before = fs::read(workspace.at(HEADER)).ok();
    let after = regenerate(workspace)?;
    match before {
        Some(before) if before == after => println!("{HEADER} was up to date"),
        _ => println!("{HEADER} was written: look at it and commit it"),
    }
    Ok(())
}

pub fn check(workspace: &Workspace) -> Outcome<()> {
    regenerate(workspace)?;
    let stale = format!("{HEADER} is not as generated: commit what was written now");
    let mut git = workspace.command("git");
    let listed = capture(git.args(["ls-files", "--", HEADER]))?;
    if listed.trim().is_empty() {
        return Err(format!("git does not track {HEADER}: add it and commit it"));
    }
    // Prints the difference itself.
    let mut git = workspace.command("git");
    git.args(["--no-pager", "diff", "--exit-code", "--", HEADER]);
    run_command(&mut git).map_err(|_| stale)?;
    println!("{HEADER} is as generated");
    Ok(())
}

fn regenerate(workspace: &Workspace) -> Outcome<Vec<u8>> {
    // A build script newer than its last build runs again, whatever else it depends on.
    let script = workspace.at("build.rs");
    let touched = File::options().append(true).open(&script);
    touched
        .and_then(|file| file.set_modified(SystemTime::now()))
        .map_err(|error| format!("cannot touch {}: {error}", script.display()))?;
    run_command(workspace.cargo().args(["check", "-p", "ecgrid", "--lib"]))?;
    fs::read(workspace.at(HEADER)).map_err(|error| format!("the build wrote no {HEADER}: {error}; see build.rs"))
}
