//! Many threads on one session whose token is refreshed again and again: what the program counts, and what ECGrid does.

use std::path::Path;
use std::time::Duration;

use ecgrid_sandbox::Sandbox;

use super::{label, with_both};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;

pub const PROGRAMS: [&str; 1] = ["session_storm.c"];

pub fn run(context: &Context) -> Report {
    let mut report = Report::default();
    // One after the other, as each wants the whole machine.
    for (program, linkage) in with_both(context, &PROGRAMS) {
        report.add(Report::of(|report| {
            let path = context.build(&context.stage, program, linkage)?;
            run_one(&context.machine.tool, &path, &label(program, linkage), report)
        }));
    }
    report
}

pub fn run_one(tool: &[&str], path: &Path, label: &str, report: &mut Report) -> Result<(), String> {
    // Over HTTP, where the library is the busiest part, and over HTTPS.
    for secure in [false, true] {
        one_way(tool, path, label, secure, report)?;
    }
    Ok(())
}

pub fn one_way(tool: &[&str], path: &Path, label: &str, secure: bool, report: &mut Report) -> Result<(), String> {
    // A refresh that is sent too late finds a dead token: what is left of its life must outlast any pause that a tool makes.
    let (lifetime, seconds) = if tool.is_empty() { (2, "4") } else { (6, "11") };
    // valgrind runs threads one at a time.
    let threads = if tool.first() == Some(&"valgrind") { "6" } else { "64" };
    let sandbox = Sandbox::builder().token_lifetime(Duration::from_secs(lifetime)).start();
    let sandbox = sandbox.map_err(|error| format!("no sandbox: {error}"))?;
    let url = if secure { sandbox.https_url() } else { sandbox.http_url() };
    let program = Program::under(tool, path).set_all(&servers::variables(&sandbox)).limit(super::limit(tool));
    program.set("STORM_URL", url).set("THREADS", threads).set("SECONDS", seconds).count(label, report)?;
    Ok(())
}
