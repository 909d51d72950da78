//! The suites there are, and which of them were asked for.

use crate::command::Outcome;

pub struct Suite {
    pub name: &'static str,
    pub run: Run,
}

pub enum Run {
    /// The arguments of one or more cargo calls, counted together.
    Cargo(&'static [&'static [&'static str]]),
    /// A package that builds and runs programs against the staged library, and reports suites of its own.
    Programs(&'static str),
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

/// Every suite, or those whose name contains one of the words.
pub fn chosen(words: &[&str]) -> Outcome<Vec<&'static Suite>> {
    let known = || {
        let names: Vec<_> = ALL.iter().map(|suite| suite.name).collect();
        names.join(", ")
    };
    for word in words {
        if word.starts_with('-') || !ALL.iter().any(|suite| suite.name.contains(word)) {
            return Err(format!("no suite is called {word}; there are: {}", known()));
        }
    }
    let wanted = |suite: &Suite| words.is_empty() || words.iter().any(|word| suite.name.contains(word));
    Ok(ALL.iter().filter(|suite| wanted(suite)).collect())
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
        assert_eq!(names(&["unit"]), ["unit"]);
        assert_eq!(names(&["c-", "integ"]), ["integration", "c-programs"]);
    }

    #[test]
    fn a_word_that_fits_no_suite_is_an_error() {
        let error = chosen(&["unit", "nosuch"]).err().unwrap();
        assert!(error.contains("nosuch") && error.contains("c-programs"));
        assert!(chosen(&["--release"]).is_err());
    }
}
