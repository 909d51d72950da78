//! A panic inside the library, which only a library built for this test can be made to have.

use std::process::Command;

use super::{against_sandbox, with_both};
use crate::header::Header;
use ecgrid_c_tests::compile::output_of;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::stage::Stage;

pub fn run(context: &Context) -> Report {
    Report::of(|report| {
        let hooks = context.hooks()?;
        report.add(parallel::each(&with_both(context, &["panic.c"]), |&(program, linkage)| {
            against_sandbox(context, hooks, program, linkage)
        }));
        report.check(has_hook(hooks)?, "the library built with the hook has none, so nothing was tested");
        report.check(!has_hook(&context.stage)?, "the library that ships has the test hook");
        let named = Header::read(hooks)?.text.contains("ecgrid_test_panic");
        report.check(!named, "the header names the test hook");
        Ok(())
    })
}

/// In the shared or the static library.
fn has_hook(stage: &Stage) -> Result<bool, String> {
    let shared = output_of(Command::new("nm").args(["-D", "--defined-only"]).arg(stage.shared()))?;
    let archive = output_of(Command::new("nm").args(["-g", "--defined-only"]).arg(stage.archive()))?;
    Ok([shared, archive].iter().any(|symbols| symbols.contains(" ecgrid_test_panic")))
}
