//! The same programs with the compiler's sanitizers, which watch the border between the program and the library.

use super::valgrind::watched;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::stage::Linkage;

const FLAGS: [&str; 3] = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];

/// Tells the sanitizers what to do.
const TOOL: [&str; 3] = [
    "env",
    "ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS=print_stacktrace=1",
];

pub fn run(context: &Context) -> Report {
    watched(context, &FLAGS, |_| (TOOL.to_vec(), Linkage::Shared))
}
