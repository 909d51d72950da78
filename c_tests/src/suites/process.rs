//! The library in somebody else's process: what it leaves behind, and what it survives.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::{label, with_both};
use crate::echo::Echo;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::Linkage;

pub fn run(context: &Context) -> Report {
    let mut programs = with_both(
        context,
        &[
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
            "fork_log.c",
            "process_log_file.c",
        ],
    );
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
                "process_log_file.c" => {
                    let path = context.build(&context.stage, program, linkage)?;
                    log_file(context, &path, &label, report)
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

fn log_file(context: &Context, path: &Path, label: &str, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    let log = context.scratch().join(format!("{label}.log"));
    let variables = servers::variables(&sandbox);
    Program::new(path).set_all(&variables).set("LOG_FILE", &log).count(label, report)?;
    let Some(command) = with_more_rights(path)? else { return Ok(()) };
    // With more rights than its caller, it does not write where that says.
    let program = Program::of(command).set_all(&variables).set("LOG_FILE", &log);
    program.set("ECGRID_LOG", "debug").set("ECGRID_LOG_FILE", &log).count(label, report)?;
    report.check(!log.exists(), format!("{label}: a set-user-ID program wrote a log where its caller said"));
    // Without them it does: else the last line would mean nothing.
    let mut command = Command::new(path);
    command.arg("privileged");
    let program = Program::of(command).set_all(&variables).set("LOG_FILE", &log);
    program.set("ECGRID_LOG", "debug").set("ECGRID_LOG_FILE", &log).count(label, report)?;
    report.check(log.exists(), format!("{label}: there is no log"));
    fs::remove_file(&log).map_err(|error| error.to_string())
}

/// The program with the set-user-ID bit, and somebody else's: only root can make that.
fn with_more_rights(path: &Path) -> Result<Option<Command>, String> {
    const NOBODY: u32 = 65534;
    // SAFETY: a plain call.
    if unsafe { libc::geteuid() } != 0 {
        return Ok(None);
    }
    let copy = path.with_extension("set-user-id");
    fs::copy(path, &copy).map_err(|error| error.to_string())?;
    std::os::unix::fs::chown(&copy, Some(NOBODY), None).map_err(|error| error.to_string())?;
    fs::set_permissions(&copy, Permissions::from_mode(0o4755)).map_err(|error| error.to_string())?;
    let mut command = Command::new(copy);
    command.arg("privileged");
    Ok(Some(command))
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
