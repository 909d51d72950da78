//! Many threads on one session whose token is refreshed again and again: what the program counts, and what ECGrid does.

use std::path::Path;
use std::time::Duration;

use ecgrid_sandbox::Sandbox;

use super::{label, with_both};
use crate::context::Context;
use crate::program::Program;
use crate::report::Report;
use crate::servers;

const LIFETIME: Duration = Duration::from_secs(2);

pub fn run(context: &Context) -> Report {
    let mut report = Report::default();
    // One after the other, as each wants the whole machine.
    for (program, linkage) in with_both(&["session_storm.c"]) {
        report.add(Report::of(|report| {
            let path = context.build(&context.stage, program, linkage)?;
            run_one(&path, &label(program, linkage), report)
        }));
    }
    report
}

/// Over HTTP, where the library is the busiest part, and over HTTPS.
fn run_one(path: &Path, label: &str, report: &mut Report) -> Result<(), String> {
    for secure in [false, true] {
        let sandbox = Sandbox::builder().token_lifetime(LIFETIME).start().map_err(|error| error.to_string())?;
        let url = if secure { sandbox.https_url() } else { sandbox.http_url() };
        let program = Program::new(path).set_all(&servers::variables(&sandbox)).set("STORM_URL", url);
        program.set("THREADS", "64").set("SECONDS", "5").count(label, report)?;
    }
    Ok(())
}
