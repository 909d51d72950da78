//! How many tests passed and failed, read from what test programs print.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub ignored: u64,
}

impl Counts {
    pub fn ran(self) -> u64 {
        self.passed + self.failed
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; …` of one cargo test binary.
pub fn of_cargo_test(line: &str) -> Option<Counts> {
    let (_verdict, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word| {
        let mut parts = numbers.split(';').map(str::trim);
        parts.find_map(|part| part.strip_suffix(word)?.trim_end().parse().ok())
    };
    Some(Counts { passed: number("passed")?, failed: number("failed")?, ignored: number("ignored").unwrap_or(0) })
}

/// `suite <name>: 12 passed, 0 failed` of the C test runner.
pub fn of_runner(line: &str) -> Option<(&str, Counts)> {
    let (name, numbers) = line.strip_prefix("suite ")?.rsplit_once(": ")?;
    let (passed, failed) = numbers.split_once(", ")?;
    let passed = passed.strip_suffix(" passed")?.parse().ok()?;
    let failed = failed.strip_suffix(" failed")?.parse().ok()?;
    let counts = Counts { passed, failed, ignored: 0 };
    Some((name, counts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, ignored: u64) -> Counts {
        Counts { passed, failed, ignored }
    }

    #[test]
    fn cargo_result_lines() {
        let ok = "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 1 filtered out; finished in 0.02s";
        assert_eq!(of_cargo_test(ok), Some(counts(12, 0, 3)));
        let bad = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(of_cargo_test(bad), Some(counts(1, 2, 0)));
    }

    #[test]
    fn other_lines_are_not_results() {
        for line in [
            "",
            "test wire::reads_dates ... ok",
            "test result: ok",
            "test result: ok. many passed; 0 failed",
            "  test result: ok. 1 passed; 0 failed",
            "running 3 tests",
        ] {
            assert_eq!(of_cargo_test(line), None, "{line}");
        }
    }

    #[test]
    fn runner_suite_lines() {
        let line = "suite api: shared: 120 passed, 1 failed";
        assert_eq!(of_runner(line), Some(("api: shared", counts(120, 1, 0))));
        for line in [
            "suite api: 120 passed",
            "suite api: x passed, 0 failed",
            "api: 1 passed, 0 failed",
            "suite api: 1 passed, 0 failed, then some",
        ] {
            assert_eq!(of_runner(line), None, "{line}");
        }
    }

    #[test]
    fn counts_add_up() {
        let mut sum = counts(1, 2, 3);
        sum += counts(10, 20, 30);
        assert_eq!(sum, counts(11, 22, 33));
        assert_eq!(sum.ran(), 33);
    }
}
