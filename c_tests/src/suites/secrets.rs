//! Passwords, keys and tokens: in no message, and in no memory that was freed.

use std::fs;

use super::{label, with_both};
use crate::echo::Echo;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::tunnel::{self, Manner};

const PROGRAMS: [&str; 6] = [
    "secrets_messages.c",
    "secrets_memory.c",
    "secrets_session_messages.c",
    "secrets_session_spellings.c",
    "secrets_session_memory.c",
    "secrets_scan.c",
];

pub fn run(context: &Context) -> Report {
    parallel::each(&with_both(context, &PROGRAMS), |&(program, linkage)| {
        Report::of(|report| {
            // The compiler knows malloc and free too well: it leaves out what is written to a block before it is freed.
            let path = context.build_with(&context.stage, program, linkage, &["-fno-builtin"])?;
            let label = label(program, linkage);
            let echo = Echo::start()?;
            let ca_file = context.scratch().join(format!("{label}.pem"));
            fs::write(&ca_file, &echo.ca_pem).map_err(|error| error.to_string())?;
            Program::under(&context.machine.tool, &path)
                .set("ECHO_HTTP", &echo.http)
                .set("ECHO_HTTPS", &echo.https)
                .set("SANDBOX_CA", &ca_file)
                .set("PROXY_OPEN", tunnel::start(Manner::Open)?)
                .set("PROXY_REFUSING", tunnel::start(Manner::Refuse)?)
                .set("PROXY_DYING", tunnel::start(Manner::Die)?)
                .set("ECGRID_BASE_URL", &echo.https)
                .set("ECGRID_CA_FILE", &ca_file)
                .set("ECGRID_API_KEY", "canary-api-key")
                .count(&label, report)?;
            Ok(())
        })
    })
}
