//! A parcel of more than 2 GiB, over HTTPS, in the memory of a small one.

use std::time::Duration;

use super::label;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::Linkage;

/// Of groups of three bytes, as the sandbox repeats it.
const PATTERN: usize = 3 << 20;
/// More than a number of 31 bits can say.
const TIMES: u64 = 683;

pub fn run(context: &Context) -> Report {
    Report::of(|report| {
        let path = context.build(&context.stage, "parcels_long.c", Linkage::Shared)?;
        let sandbox = servers::sandbox()?;
        let pattern: Vec<u8> = (0..PATTERN).map(|at| (at % 251) as u8).collect();
        let id = sandbox.deliver_long_parcel(101, "long.edi", &pattern, TIMES).ok_or("no mailbox")?;
        let program = Program::under(&context.machine.tool, &path).set_all(&servers::variables(&sandbox));
        let program = program.set("PARCEL", id.to_string()).set("BYTES", (TIMES * PATTERN as u64).to_string());
        let program = program.set("FOLDER", context.scratch()).limit(Duration::from_secs(600));
        let ended = program.count(&label("parcels_long.c", Linkage::Shared), report)?;
        print!(
            "{}",
            ended
                .stdout
                .lines()
                .filter(|line| line.starts_with("  "))
                .map(|line| format!("{line}\n"))
                .collect::<String>()
        );
        let sent =
            sandbox.parcels().into_iter().find(|parcel| parcel.file_name == "long.edi" && parcel.parcel_id != id);
        report.check(sent.is_some(), "the parcel that was sent is not at the sandbox");
        Ok(())
    })
}
