//! The library in somebody else's process: what it leaves behind, and what it survives.

use std::fs;
use std::path::Path;

use super::{label, with_both};
use crate::echo::Echo;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::Linkage;

pub fn run(context: &Context) -> Report {
    let mut programs = with_both(&[
        "process_leftovers.c",
        "process_session_leftovers.c",
        "process_keep_alive.c",
        "process_keep_alive_end.c",
        "process_sigpipe.c",
        "process_sigpipe_tls.c",
        "process_surroundings.c",
        "process_silence.c",
        "process_small_stack.c",
        "process_exit.c",
        "process_closed_streams.c",
        "process_stray_writes.c",
        "fork_child.c",
        "fork_connection.c",
        "fork_busy.c",
        "fork_session.c",
        "fork_keep_alive.c",
    ]);
    programs.push(("process_dlopen.c", Linkage::Shared));
    parallel::each(&programs, |&(program, linkage)| {
        Report::of(|report| {
            let label = label(program, linkage);
            match program {
                // It must not be linked with what it loads.
                "process_dlopen.c" => {
                    let path = context.build_with(&context.stage, program, linkage, &["-Wl,--as-needed"])?;
                    one(context, &path, &label, report)
                }
                "process_sigpipe_tls.c" => {
                    let path = context.build(&context.stage, program, linkage)?;
                    broken_tls(context, &path, &label, report)
                }
                "fork_connection.c" => {
                    let path = context.build(&context.stage, program, linkage)?;
                    connections(&path, &label, report)
                }
                _ => one(context, &context.build(&context.stage, program, linkage)?, &label, report),
            }
        })
    })
}

fn one(context: &Context, path: &Path, label: &str, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    let program = Program::new(path).set_all(&servers::variables(&sandbox)).set("LIBECGRID", context.stage.shared());
    program.set("ECGRID_BASE_URL", sandbox.http_url()).count(label, report)?;
    Ok(())
}

/// Against a server that waits for all of a request: the sandbox refuses one that is too large before it is sent.
fn broken_tls(context: &Context, path: &Path, label: &str, report: &mut Report) -> Result<(), String> {
    let echo = Echo::start()?;
    let ca_file = context.scratch().join(format!("{label}.pem"));
    fs::write(&ca_file, &echo.ca_pem).map_err(|error| error.to_string())?;
    Program::new(path).set("ECHO_HTTPS", &echo.https).set("SANDBOX_CA", ca_file).count(label, report)?;
    Ok(())
}

fn connections(path: &Path, label: &str, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    for (url, before) in [(sandbox.http_url(), 0), (sandbox.https_url(), 1)] {
        Program::new(path).set_all(&servers::variables(&sandbox)).set("FORK_URL", &url).count(label, report)?;
        report.equal(sandbox.connection_count(), before + 1, format!("{label}: connections for three logins at {url}"));
    }
    Ok(())
}
