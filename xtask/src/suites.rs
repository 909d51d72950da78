//! The suites there are, and which of them were asked for.

use crate::command::Outcome;
use crate::tools::{self, Tool};

pub struct Suite {
    pub name: &'static str,
    pub run: Run,
}

pub enum Run {
    /// The arguments of one or more cargo calls, counted together.
    Cargo(&'static [&'static [&'static str]]),
    /// A package that builds and runs programs against the staged library, and reports suites of its own.
    Programs(&'static str),
    /// Programs against the library for another system.
    Elsewhere(&'static Platform),
}

/// Another system, as this machine runs it.
pub struct Platform {
    pub target: &'static str,
    pub tools: &'static [Tool],
    /// Of the C programs.
    pub suites: &'static [&'static str],
}

/// Those programs need .NET and Java.
pub const BINDINGS: &str = "ecgrid-binding-tests";

const ALL: &[Suite] = &[
    Suite {
        name: "unit",
        // There may be no documentation example at all, so these count with the unit tests.
        run: Run::Cargo(&[
            &["test", "--no-fail-fast", "-p", "ecgrid", "--lib"],
            &["test", "--no-fail-fast", "-p", "ecgrid", "--doc"],
        ]),
    },
    Suite { name: "integration", run: Run::Cargo(&[&["test", "--no-fail-fast", "-p", "ecgrid", "--test", "*"]]) },
    Suite { name: "sandbox", run: Run::Cargo(&[&["test", "--no-fail-fast", "-p", "ecgrid-sandbox"]]) },
    Suite { name: "bench", run: Run::Cargo(&[&["test", "--no-fail-fast", "-p", "ecgrid-bench"]]) },
    Suite {
        name: "xtask",
        run: Run::Cargo(&[&["test", "--no-fail-fast", "-p", "xtask", "-p", "ecgrid-binding-tests"]]),
    },
    Suite { name: "c-programs", run: Run::Programs("ecgrid-c-tests") },
    Suite { name: "bindings", run: Run::Programs(BINDINGS) },
];

const PROGRAMS: &[&str] = &["api", "login", "errors", "threads", "storm"];

/// Of the other systems. What an old glibc runs is the library that all other suites have, and one of them looks at it.
const ELSEWHERE: &[Suite] = &[
    Suite {
        name: "arm64",
        run: Run::Elsewhere(&Platform {
            target: "aarch64-unknown-linux-gnu",
            tools: tools::RUNS_ARM64,
            suites: PROGRAMS,
        }),
    },
    Suite {
        name: "musl",
        run: Run::Elsewhere(&Platform {
            target: "x86_64-unknown-linux-musl",
            tools: tools::RUNS_MUSL,
            suites: PROGRAMS,
        }),
    },
    Suite {
        name: "windows",
        run: Run::Elsewhere(&Platform {
            target: "x86_64-win7-windows-gnu",
            tools: tools::RUNS_WINDOWS,
            suites: PROGRAMS,
        }),
    },
];

/// The option that asks for the other systems, too.
const EVERYWHERE: &str = "--all";

/// Every suite of this machine, with `--all` those of other systems too; or those whose name contains one of the words.
pub fn chosen(words: &[&str]) -> Outcome<Vec<&'static Suite>> {
    let every = || ALL.iter().chain(ELSEWHERE);
    if words == [EVERYWHERE] {
        return Ok(every().collect());
    }
    let known = || {
        let names: Vec<_> = every().map(|suite| suite.name).collect();
        names.join(", ")
    };
    for word in words {
        if word.starts_with('-') || !every().any(|suite| suite.name.contains(word)) {
            return Err(format!("no suite is called {word}; there are: {}; or all with {EVERYWHERE}", known()));
        }
    }
    if words.is_empty() {
        return Ok(ALL.iter().collect());
    }
    Ok(every().filter(|suite| words.iter().any(|word| suite.name.contains(word))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &[&str]) -> Vec<&'static str> {
        let suites = chosen(words).unwrap();
        suites.iter().map(|suite| suite.name).collect()
    }

    #[test]
    fn words_choose_suites() {
        assert_eq!(names(&[]).len(), ALL.len());
        assert_eq!(names(&["--all"]).len(), ALL.len() + ELSEWHERE.len());
        assert_eq!(names(&["unit"]), ["unit"]);
        assert_eq!(names(&["musl"]), ["musl"]);
        assert_eq!(names(&["c-", "integ"]), ["integration", "c-programs"]);
    }

    #[test]
    fn a_word_that_fits_no_suite_is_an_error() {
        let error = chosen(&["unit", "nosuch"]).err().unwrap();
        assert!(error.contains("nosuch") && error.contains("c-programs"));
        assert!(chosen(&["--release"]).is_err());
    }
}
