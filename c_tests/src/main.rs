//! Builds the C and C++ programs of this folder against a staged library, runs them, and counts.

mod echo;
mod header;
mod receiver;
mod suites;

use std::process::ExitCode;
use std::thread;

use ecgrid_c_tests::runner::{Asked, concluded};

fn main() -> ExitCode {
    concluded(Asked::of_command_line(suites::ALL).map(|asked| {
        thread::scope(|scope| {
            if asked.wants(suites::RACES) {
                // By the time it is needed it is half built.
                scope.spawn(|| drop(asked.context.race_library()));
            }
            asked.run(suites::ALL)
        })
    }))
}
