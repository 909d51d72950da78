//! The C header in a C++ program.

use super::{against_sandbox, with_both};
use crate::context::Context;
use crate::parallel;
use crate::report::Report;

pub fn run(context: &Context) -> Report {
    parallel::each(&with_both(&["cpp.cpp"]), |&(program, linkage)| {
        against_sandbox(context, &context.stage, program, linkage)
    })
}
