//! The project's commands, `cargo xtask <command>`.

mod apt;
mod bench;
mod command;
mod compile;
mod counts;
mod demo;
mod exports;
mod floor;
mod header;
mod pkg_config;
mod platforms;
mod runtimes;
mod sandbox;
mod stage;
mod suites;
mod summary;
mod targets;
mod test;
mod tools;
mod wheel;
mod workspace;

use std::process::ExitCode;

use command::Outcome;
use workspace::Workspace;

const USAGE: &str = "\
cargo xtask <command>

  demo                         log in and fetch parcels from C, at a local sandbox, start to end
  test [NAME…]                 every test, or the suites whose name contains one of the words
  test --all                   also those of other systems: arm64, musl, Windows
  build [--features A,B]       the release library as C programs link it: target/stage
                               (with the test-only feature test-hooks: target/stage-hooks)
  build --target NAME          the same for another system, which Rust calls NAME: target/stage-NAME
  bench [OPTION…]              the library beside libcurl and the bare socket: a table of figures
                               (--quick: under 30 s; --gate: the counts only, fails when one is missed;
                               --managed: the bindings of C++, .NET and Java instead; --help: more)
  header [--check]             regenerate include/ecgrid.h; --check: fail unless git has it as generated";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome<ExitCode> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = |()| ExitCode::SUCCESS;
    match words.as_slice() {
        ["demo"] => demo::run(&Workspace::find()?).map(done),
        ["test", names @ ..] => test::run(&Workspace::find()?, names),
        ["build", options @ ..] => {
            let options = stage::options(options)?;
            stage::run(&Workspace::find()?, &options).map(done)
        }
        ["bench", options @ ..] => bench::run(&Workspace::find()?, options),
        ["header"] => header::generate(&Workspace::find()?).map(done),
        ["header", "--check"] => header::check(&Workspace::find()?).map(done),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        [] => Err(format!("a command is missing\n\n{USAGE}")),
        _ => Err(format!("unknown: {}\n\n{USAGE}", words.join(" "))),
    }
}
