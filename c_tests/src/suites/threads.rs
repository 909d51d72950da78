//! One client or session, many threads.

use std::path::Path;
use std::time::Duration;

use super::{label, with_both};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;

pub const PROGRAMS: [&str; 7] = [
    "threads_mixed.c",
    "threads_cancel.c",
    "threads_session_cancel.c",
    "threads_session_refresh.c",
    "threads_keep_alive.c",
    "threads_scopes.c",
    "threads_log.c",
];

/// Long enough that a test can act while a refresh is under way.
const REFRESH_DELAY: Duration = Duration::from_millis(300);

pub fn run(context: &Context) -> Report {
    parallel::each(&with_both(context, &PROGRAMS), |&(program, linkage)| {
        Report::of(|report| {
            let path = context.build(&context.stage, program, linkage)?;
            run_one(&context.machine.tool, &path, &label(program, linkage), report)
        })
    })
}

pub fn run_one(tool: &[&str], path: &Path, label: &str, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    sandbox.refresh_delay(REFRESH_DELAY);
    // Tools run threads one at a time, ten times slower or more.
    let (threads, cancel_ms) = if tool.is_empty() { ("64", "250") } else { ("6", "5000") };
    let program = Program::under(tool, path).set_all(&servers::variables(&sandbox)).limit(super::limit(tool));
    program.set("THREADS", threads).set("CANCEL_MS", cancel_ms).count(label, report)?;
    Ok(())
}
