//! Every function of the header, with arguments that nobody should pass.

use std::collections::BTreeSet;
use std::sync::Mutex;

use super::{label, with_both};
use crate::header::Header;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::Linkage;

pub const PROGRAMS: [&str; 9] = [
    "api_null.c",
    "api_null_sessions.c",
    "api_accessors.c",
    "api_text.c",
    "api_numbers.c",
    "api_session_text.c",
    "api_session_call.c",
    "api_log.c",
    "api_parcels.c",
];

pub fn run(context: &Context) -> Report {
    let covered = Mutex::new(BTreeSet::new());
    let mut report = parallel::each(&with_both(context, &PROGRAMS), |&(program, linkage)| {
        Report::of(|report| {
            let path = context.build(&context.stage, program, linkage)?;
            let ended = run_one(&context.machine.tool, &path, &label(program, linkage), report)?;
            if linkage == Linkage::Shared {
                let names = ended.stdout.lines().filter_map(|line| line.strip_prefix("covers "));
                covered.lock().expect("no worker panics").extend(names.map(str::to_owned));
            }
            Ok(())
        })
    });
    let covered = covered.into_inner().expect("no worker panics");
    report.add(Report::of(|report| {
        let functions = Header::read(&context.stage)?.functions();
        for name in &functions {
            report.check(covered.contains(name), format!("no api program covers {name}"));
        }
        for name in covered.difference(&functions) {
            report.failure(format!("{name} is covered, but the header has no such function"));
        }
        Ok(())
    }));
    report
}

/// One of these programs against a sandbox of its own.
pub fn run_one(
    tool: &[&str],
    path: &std::path::Path,
    label: &str,
    report: &mut Report,
) -> Result<ecgrid_c_tests::program::Ended, String> {
    let sandbox = servers::sandbox()?;
    Program::under(tool, path)
        .set_all(&servers::variables(&sandbox))
        .set("ECGRID_BASE_URL", sandbox.http_url())
        .set("CARGO_VERSION", env!("CARGO_PKG_VERSION"))
        .limit(super::limit(tool))
        .count(label, report)
}
