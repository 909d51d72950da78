//! Suites of test programs, run one after the other.

use std::path::Path;
use std::process::ExitCode;

use crate::context::Context;
use crate::report::Report;

pub type Suite = fn(&Context) -> Report;

/// What the command line asks for.
pub struct Asked {
    pub context: Context,
    only: Vec<String>,
}

impl Asked {
    /// `suites` are all there are.
    pub fn of_command_line(suites: &[(&str, Suite)]) -> Result<Self, String> {
        use lexopt::prelude::*;
        let usage = "usage: --stage FOLDER [--hooks-stage FOLDER] [--target NAME] [--only SUITE]…";
        let wrong = |error: lexopt::Error| format!("{error}; {usage}");
        let (mut stage, mut hooks, mut target, mut only) = (None, None, None, Vec::new());
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next().map_err(wrong)? {
            match argument {
                Long("stage") => stage = Some(parser.value().map_err(wrong)?),
                Long("hooks-stage") => hooks = Some(parser.value().map_err(wrong)?),
                Long("target") => target = Some(parser.value().map_err(wrong)?.to_string_lossy().into_owned()),
                Long("only") => only.push(parser.value().map_err(wrong)?.to_string_lossy().into_owned()),
                _ => return Err(wrong(argument.unexpected())),
            }
        }
        let names: Vec<&str> = suites.iter().map(|(name, _)| *name).collect();
        if let Some(unknown) = only.iter().find(|wanted| !names.contains(&wanted.as_str())) {
            return Err(format!("no suite is called {unknown}; there are {}", names.join(", ")));
        }
        let stage = stage.ok_or(usage)?;
        let hooks = hooks.as_ref().map(Path::new);
        Ok(Self { context: Context::new(stage.as_ref(), hooks, target.as_deref())?, only })
    }

    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == name)
    }

    /// Runs what is wanted, and says of each suite how it went. Whether all was well.
    pub fn run(&self, suites: &[(&str, Suite)]) -> bool {
        let mut good = true;
        let wanted: Vec<_> = suites.iter().filter(|(name, _)| self.wants(name)).collect();
        println!("{} suites", wanted.len());
        for (name, suite) in wanted {
            let mut report = suite(&self.context);
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
}

/// The exit code of a runner.
pub fn concluded(result: Result<bool, String>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
