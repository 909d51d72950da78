//! Logins that fail, each in its own way.

use std::fs;
use std::path::Path;

use super::{label, with_both};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;

pub const PROGRAMS: [&str; 4] = ["errors_table.c", "errors_connections.c", "errors_last.c", "errors_retries.c"];

pub fn run(context: &Context) -> Report {
    parallel::each(&with_both(context, &PROGRAMS), |&(program, linkage)| {
        Report::of(|report| {
            let path = context.build(&context.stage, program, linkage)?;
            run_one(context, &context.machine.tool, &path, &label(program, linkage), report)
        })
    })
}

pub fn run_one(context: &Context, tool: &[&str], path: &Path, label: &str, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    let others = servers::untrustworthy()?;
    // One file with the authorities of all, so that what is wrong with each certificate is what its name says.
    let bundle = context.scratch().join(format!("{}.pem", path.file_name().unwrap_or_default().to_string_lossy()));
    let pems = others.iter().map(|(_, other)| other.ca_pem());
    fs::write(&bundle, pems.chain([sandbox.ca_pem()]).collect::<String>()).map_err(|error| error.to_string())?;
    let mut program = Program::under(tool, path).set_all(&servers::variables(&sandbox)).limit(super::limit(tool));
    for (name, other) in &others {
        program = program.set(name, other.https_url());
    }
    program.set("SANDBOX_CA", bundle).count(label, report)?;
    Ok(())
}
