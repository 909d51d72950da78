//! The threads and the storm once more under ThreadSanitizer, which sees two threads touch one place without an order.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{storm, threads};
use ecgrid_c_tests::compile::{STRICT, quietly};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;

/// How a program ends that had a race.
const RACED: i32 = 66;

/// Nothing is suppressed. `report_signal_unsafe` and the like stay as they are.
const TOOL: [&str; 2] = ["env", "TSAN_OPTIONS=exitcode=66:second_deadlock_stack=1"];

/// It knows where memory may lie, and newer kernels scatter it further than that.
const NOT_SCATTERED: [&str; 2] = ["setarch", "-R"];

pub fn run(context: &Context) -> Report {
    Report::of(|report| {
        let archive = context.race_library()?;
        let may = Command::new(NOT_SCATTERED[0]).args([NOT_SCATTERED[1], "true"]).output();
        let mut tool = TOOL.to_vec();
        if may.is_ok_and(|output| output.status.success()) {
            tool.splice(0..0, NOT_SCATTERED);
        }
        report.add(Report::of(|report| sees_races(&tool, &build(context, archive, "races_control.c")?, report)));
        let programs: Vec<&str> = storm::PROGRAMS.into_iter().chain(threads::PROGRAMS).collect();
        report.add(parallel::each(&programs, |&program| {
            Report::of(|report| {
                let path = build(context, archive, program)?;
                let label = format!("{program} (races)");
                match program.split('_').next() {
                    Some("session") => storm::run_one(&tool, &path, &label, report),
                    _ => threads::run_one(&tool, &path, &label, report),
                }
            })
        }));
        Ok(())
    })
}

fn build(context: &Context, archive: &Path, program: &str) -> Result<PathBuf, String> {
    let path = context.scratch().join(format!("{program}-races"));
    let mut clang = Command::new("clang");
    clang.args(["-std=c99", "-O1", "-g", "-pthread", "-fsanitize=thread"]).args(STRICT);
    clang.arg("-I").arg(context.stage.include());
    clang.args([program, "races_calls.c"].map(|file| context.own("programs").join(file)));
    clang.args(context.stage.static_arguments(archive)).arg("-o").arg(&path);
    quietly(&mut clang)?;
    Ok(path)
}

/// In the library, and by the names of its functions: else a good end of the others would mean nothing.
fn sees_races(tool: &[&str], control: &Path, report: &mut Report) -> Result<(), String> {
    let ended = Program::under(tool, control).run()?;
    let code = ended.status.and_then(|status| status.code());
    report.equal(code, Some(RACED), "the exit status of a program that has a race");
    for word in ["data race", "set_timeout_ms", "src/settings/config.rs"] {
        report.check(ended.stderr.contains(word), format!("no \"{word}\" in the report of a race:\n{}", ended.stderr));
    }
    Ok(())
}
