//! What a suite found.

use std::fmt::Display;

#[derive(Default)]
pub struct Report {
    pub passed: u64,
    pub failed: u64,
    /// What there is to say about failures, to be printed.
    pub failures: Vec<String>,
}

impl Report {
    pub fn check(&mut self, good: bool, what: impl Display) {
        if good {
            self.passed += 1;
        } else {
            self.failure(what);
        }
    }

    pub fn equal<T: PartialEq + std::fmt::Debug>(&mut self, got: T, expected: T, what: impl Display) {
        let good = got == expected;
        self.check(good, format!("{what}: {got:?}, not {expected:?}"));
    }

    pub fn failure(&mut self, what: impl Display) {
        self.failed += 1;
        self.failures.push(format!("FAILED {what}"));
    }

    pub fn add(&mut self, other: Report) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend(other.failures);
    }

    /// A report of what may fail before it can be checked.
    pub fn of(work: impl FnOnce(&mut Report) -> Result<(), String>) -> Self {
        let mut report = Self::default();
        if let Err(message) = work(&mut report) {
            report.failure(message);
        }
        report
    }
}
