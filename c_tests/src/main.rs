//! Builds the C and C++ programs of this folder against a staged library, runs them, and counts.

mod compile;
mod context;
mod echo;
mod header;
mod parallel;
mod program;
mod race_library;
mod report;
mod servers;
mod stage;
mod suites;
mod tunnel;

use std::process::ExitCode;
use std::thread;

use context::Context;

const USAGE: &str = "ecgrid-c-tests --stage FOLDER --hooks-stage FOLDER [--only SUITE]…";

fn main() -> ExitCode {
    match arguments().and_then(|(context, only)| run(&context, &only)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<(Context, Vec<String>), String> {
    use lexopt::prelude::*;
    let wrong = |error: lexopt::Error| format!("{error}; usage: {USAGE}");
    let (mut stage, mut hooks, mut only) = (None, None, Vec::new());
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Long("stage") => stage = Some(parser.value().map_err(wrong)?),
            Long("hooks-stage") => hooks = Some(parser.value().map_err(wrong)?),
            Long("only") => only.push(parser.value().map_err(wrong)?.to_string_lossy().into_owned()),
            _ => return Err(wrong(argument.unexpected())),
        }
    }
    let (Some(stage), Some(hooks)) = (stage, hooks) else { return Err(format!("usage: {USAGE}")) };
    Ok((Context::new(stage.as_ref(), hooks.as_ref())?, only))
}

/// Whether all was well.
fn run(context: &Context, only: &[String]) -> Result<bool, String> {
    let names: Vec<&str> = suites::ALL.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = only.iter().find(|wanted| !names.contains(&wanted.as_str())) {
        return Err(format!("no suite is called {unknown}; there are {}", names.join(", ")));
    }
    let is_wanted = |name: &str| only.is_empty() || only.iter().any(|wanted| wanted == name);
    thread::scope(|scope| {
        if is_wanted(suites::RACES) {
            // By the time it is needed it is half built.
            scope.spawn(|| drop(context.race_library()));
        }
        Ok(run_all(context, is_wanted))
    })
}

fn run_all(context: &Context, is_wanted: impl Fn(&str) -> bool) -> bool {
    let mut good = true;
    for (name, suite) in suites::ALL {
        if !is_wanted(name) {
            continue;
        }
        let mut report = suite(context);
        if report.passed + report.failed == 0 {
            report.failure("the suite ran nothing");
        }
        for text in &report.failures {
            println!("{}", text.trim_end());
        }
        println!("suite {name}: {} passed, {} failed", report.passed, report.failed);
        good &= report.failed == 0;
    }
    good
}
