//! One line per suite, a total, and what counts as failure.

use std::time::Duration;

use crate::counts::Counts;

pub struct Row {
    name: String,
    counts: Counts,
    elapsed: Duration,
    note: String,
    /// Nothing was run, and the note says why.
    is_skipped: bool,
}

impl Row {
    /// A suite is as good as its tests and its exit code; one that ran nothing has failed.
    pub fn new(name: impl Into<String>, counts: Counts, exited_well: bool, took: Duration) -> Self {
        let mut row = Self { name: name.into(), counts, elapsed: took, note: String::new(), is_skipped: false };
        if !exited_well && counts.failed == 0 {
            row.fail("no test failed, but it did not build or did not end well");
        } else if counts.ran() == 0 {
            row.fail("ran nothing");
        }
        row
    }

    /// What could not be run here. Where nobody reads why (CI), that is a failure.
    pub fn skipped(name: impl Into<String>, why: String) -> Self {
        let mut row =
            Self { name: name.into(), counts: Counts::default(), elapsed: Duration::ZERO, note: why, is_skipped: true };
        if std::env::var_os("CI").is_some_and(|value| value == "true") {
            row.counts.failed = 1;
        }
        row
    }

    /// Counted, so that the total line alone tells good from bad.
    fn fail(&mut self, why: &str) {
        self.counts.failed += 1;
        self.note = why.to_owned();
    }
}

#[derive(Default)]
pub struct Summary {
    rows: Vec<Row>,
}

impl Summary {
    pub fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub fn good(&self) -> bool {
        !self.rows.is_empty() && self.total().failed == 0
    }

    fn total(&self) -> Counts {
        let mut total = Counts::default();
        for row in &self.rows {
            total += row.counts;
        }
        total
    }

    /// Ends with `N passed, N failed, N skipped` alone on its line.
    pub fn text(&self) -> String {
        let names = self.rows.iter().map(|row| row.name.chars().count());
        let width = names.max().unwrap_or(0);
        let mut text = String::new();
        for row in &self.rows {
            let Counts { passed, failed, ignored } = row.counts;
            let seconds = row.elapsed.as_secs_f64();
            let name = &row.name;
            if row.is_skipped {
                text += &format!("{name:width$}  skipped: {}\n", row.note);
                continue;
            }
            text += &format!("{name:width$}  {passed:5} passed, {failed:3} failed {seconds:8.1} s");
            if ignored > 0 {
                text += &format!("  {ignored} ignored");
            }
            if !row.note.is_empty() {
                text += &format!("  ({})", row.note);
            }
            text.push('\n');
        }
        let total = self.total();
        let skipped = self.rows.iter().filter(|row| row.is_skipped).count();
        text + &format!("{} passed, {} failed, {skipped} skipped\n", total.passed, total.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(passed: u64, failed: u64, exited_well: bool) -> Row {
        let counts = Counts { passed, failed, ignored: 0 };
        Row::new("unit", counts, exited_well, Duration::from_millis(1500))
    }

    fn failed(row: Row) -> (u64, String) {
        (row.counts.failed, row.note)
    }

    #[test]
    fn what_counts_as_failure() {
        assert_eq!(failed(row(3, 0, true)), (0, String::new()));
        assert_eq!(failed(row(3, 2, false)), (2, String::new()));
        assert_eq!(failed(row(0, 0, true)), (1, "ran nothing".into()));
        let early = "no test failed, but it did not build or did not end well";
        assert_eq!(failed(row(3, 0, false)), (1, early.into()));
        assert_eq!(failed(row(0, 0, false)), (1, early.into()));
    }

    #[test]
    fn the_last_line_is_the_total() {
        let mut summary = Summary::default();
        summary.add(row(3, 0, true));
        assert!(summary.good());
        let ignored = Counts { passed: 9, failed: 0, ignored: 2 };
        summary.add(Row::new("c: api", ignored, true, Duration::from_secs(61)));
        summary.add(row(0, 0, true));
        assert!(!summary.good());
        assert_eq!(
            summary.text(),
            "unit        3 passed,   0 failed      1.5 s\n\
             c: api      9 passed,   0 failed     61.0 s  2 ignored\n\
             unit        0 passed,   1 failed      1.5 s  (ran nothing)\n\
             12 passed, 1 failed, 0 skipped\n"
        );
    }

    #[test]
    fn no_suite_at_all_is_not_good() {
        assert!(!Summary::default().good());
        assert_eq!(Summary::default().text(), "0 passed, 0 failed, 0 skipped\n");
    }
}
