//! `cargo xtask bench`: the library beside libcurl, or its bindings, measured by the crate ecgrid-bench.

mod managed;

use std::os::fd::AsFd;
use std::process::{ExitCode, Stdio};

use crate::command::{Outcome, not_started, run as run_command};
use crate::stage;
use crate::tools;
use crate::workspace::Workspace;

/// Builds all that is measured, and measures nothing.
const PREPARE: &str = "--prepare";
/// The bindings instead, which need more.
const MANAGED: &str = "--managed";

pub fn run(workspace: &Workspace, options: &[&str]) -> Outcome<ExitCode> {
    let bindings = options.contains(&MANAGED);
    if options.contains(&PREPARE) {
        return prepare(workspace, bindings).map(|()| ExitCode::SUCCESS);
    }
    let help = options.contains(&"--help") || options.contains(&"-h");
    match (help, options.contains(&"--json")) {
        (true, _) => {}
        (false, true) => prepare_unheard(workspace, bindings)?,
        (false, false) => prepare(workspace, bindings)?,
    }
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "-p", "ecgrid-bench", "--", "--stage"]);
    cargo.arg(workspace.target.join("stage")).args(options);
    if bindings && !help {
        cargo.args(managed::options(workspace)?);
    }
    let status = cargo.stdin(Stdio::null()).status();
    let status = status.map_err(|error| not_started(&cargo, &error))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn prepare(workspace: &Workspace, bindings: bool) -> Outcome<()> {
    tools::provide(workspace, tools::BENCH)?;
    if bindings {
        managed::prepare(workspace)?;
    }
    stage::build_here(workspace, &[])?;
    run_command(workspace.cargo().args(["build", "-p", "ecgrid-bench"]))
}

/// The same, told on standard error: standard output is for the document.
fn prepare_unheard(workspace: &Workspace, bindings: bool) -> Outcome<()> {
    let own = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
    let errors = std::io::stderr().as_fd().try_clone_to_owned();
    let errors = errors.map_err(|error| format!("cannot share standard error: {error}"))?;
    let mut again = workspace.command(own);
    again.args(["bench", PREPARE]).args(bindings.then_some(MANAGED)).stdin(Stdio::null()).stdout(errors);
    let status = again.status().map_err(|error| not_started(&again, &error))?;
    if status.success() { Ok(()) } else { Err("the bench could not be prepared: see above".into()) }
}
