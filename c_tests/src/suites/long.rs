//! A parcel of more than 2 GiB, over HTTPS, in the memory of a small one.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::receiver::{Expected, Receiver};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::Linkage;

/// Of groups of three bytes, as the sandbox repeats it.
const PATTERN: usize = 3 << 20;
/// More than a number of 31 bits can say.
const TIMES: u64 = 683;
const BYTES: u64 = TIMES * PATTERN as u64;

pub fn run(context: &Context) -> Report {
    Report::of(|report| {
        let path = context.build(&context.stage, "parcels_long.c", Linkage::Shared)?;
        let pattern: Vec<u8> = (0..PATTERN).map(|at| (at % 251) as u8).collect();
        let file = context.scratch().join("long.edi");
        let program = || {
            let program = Program::under(&context.machine.tool, &path).set("FILE", &file);
            program.limit(Duration::from_secs(600))
        };

        let sandbox = servers::sandbox()?;
        let id = sandbox.deliver_long_parcel(101, "long.edi", &pattern, TIMES).ok_or("no mailbox")?;
        let down = program().set_all(&servers::variables(&sandbox)).set("PARCEL", id.to_string());
        down.count("parcels_long.c down", report)?;
        report.check(holds(&file, &pattern)?, "what came is not the parcel");

        // The sandbox would have it in memory.
        let expected =
            Expected { base64: Arc::new(BASE64_STANDARD.encode(&pattern).into()), times: TIMES, bytes: BYTES };
        let receiver = Receiver::start(context.scratch(), &expected)?;
        let up = program().set("SANDBOX_HTTPS", &receiver.url).set("SANDBOX_CA", &receiver.ca_file);
        up.count("parcels_long.c up", report)?;
        report.equal(receiver.verdict(), Ok(()), "what was sent");
        std::fs::remove_file(&file).map_err(|error| error.to_string())
    })
}

/// Whether the file is the pattern so many times.
fn holds(file: &Path, pattern: &[u8]) -> Result<bool, String> {
    let mut file = File::open(file).map_err(|error| error.to_string())?;
    let mut part = vec![0; pattern.len()];
    for _ in 0..TIMES {
        if file.read_exact(&mut part).is_err() || part != pattern {
            return Ok(false);
        }
    }
    file.read(&mut part).map(|more| more == 0).map_err(|error| error.to_string())
}
