//! `cargo xtask test`: every suite, one summary.

use std::process::ExitCode;
use std::time::Instant;

use crate::command::{self, Outcome};
use crate::counts::{Counts, of_cargo_test, of_runner};
use crate::platforms;
use crate::runtimes;
use crate::stage;
use crate::suites::{BINDINGS, Platform, Run, Suite, chosen};
use crate::summary::{Row, Summary};
use crate::tools;
use crate::workspace::Workspace;

pub fn run(workspace: &Workspace, names: &[&str]) -> Outcome<ExitCode> {
    let suites = chosen(names)?;
    let with_c = suites.iter().any(|suite| !matches!(suite.run, Run::Cargo(_)));
    tools::provide(workspace, if with_c { tools::TEST } else { tools::RUST })?;
    if suites.iter().any(|suite| matches!(suite.run, Run::Programs(BINDINGS))) {
        tools::provide(workspace, tools::MANAGED)?;
    }

    let mut summary = Summary::default();
    for suite in suites {
        println!("\nsuite {}", suite.name);
        match suite.run {
            Run::Cargo(calls) => summary.add(cargo(workspace, suite, calls)),
            Run::Programs(package) => programs(workspace, suite, package, &mut summary),
            Run::Elsewhere(platform) => elsewhere(workspace, suite, platform, &mut summary),
        }
    }
    // The totals come last, also for those who read standard output only.
    print!("\n{}", summary.text());
    Ok(if summary.good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn cargo(workspace: &Workspace, suite: &Suite, calls: &[&[&str]]) -> Row {
    let (start, mut counts, mut well) = (Instant::now(), Counts::default(), true);
    for call in calls {
        let mut cargo = workspace.cargo();
        let status = command::stream(cargo.args(*call), |line| {
            counts += of_cargo_test(line).unwrap_or_default();
        });
        well &= exited_well(suite, status);
    }
    Row::new(suite.name, counts, well, start.elapsed())
}

fn programs(workspace: &Workspace, suite: &Suite, package: &str, summary: &mut Summary) {
    let start = Instant::now();
    let mut reports = Reports::default();
    let status = run_programs(workspace, package, |line| reports.see(suite, line));
    let well = exited_well(suite, status);
    reports.finish(suite, well, start, summary);
}

fn elsewhere(workspace: &Workspace, suite: &Suite, platform: &Platform, summary: &mut Summary) {
    let start = Instant::now();
    if let Err(why) = tools::provide(workspace, platform.tools) {
        eprintln!("suite {} is skipped: {why}", suite.name);
        return summary.add(Row::skipped(suite.name, why));
    }
    let mut reports = Reports::default();
    let status = platforms::run(workspace, platform, |line| reports.see(suite, line));
    let well = exited_well(suite, status);
    reports.finish(suite, well, start, summary);
}

fn run_programs(workspace: &Workspace, package: &str, see: impl FnMut(&str)) -> Outcome<std::process::ExitStatus> {
    let (shipped, hooks) = stage::build_both(workspace)?;
    let mut runner = workspace.cargo();
    runner.args(["run", "--quiet", "--release", "-p", package, "--"]);
    runner.arg("--stage").arg(shipped);
    runner.arg("--hooks-stage").arg(hooks);
    if package == BINDINGS {
        let runtimes = runtimes::provide(workspace)?;
        runner.env("ECGRID_DOTNET", runtimes.dotnet).env("ECGRID_NEW_JAVA", runtimes.new_java);
    }
    command::stream(&mut runner, see)
}

fn exited_well(suite: &Suite, status: Outcome<std::process::ExitStatus>) -> bool {
    match status {
        Ok(status) => status.success(),
        Err(message) => {
            eprintln!("error: suite {}: {message}", suite.name);
            false
        }
    }
}

/// What the runner said so far: a row for each of its suites.
#[derive(Default)]
struct Reports {
    rows: Vec<Row>,
    last: Option<Instant>,
    failed: bool,
}

impl Reports {
    fn see(&mut self, suite: &Suite, line: &str) {
        let now = Instant::now();
        let Some((name, counts)) = of_runner(line) else {
            // The first line ends the building, from there on time is the first suite's.
            self.last.get_or_insert(now);
            return;
        };
        let took = now - self.last.replace(now).unwrap_or(now);
        self.failed |= counts.failed > 0;
        let name = format!("{}: {name}", suite.name);
        self.rows.push(Row::new(name, counts, true, took));
    }

    /// A runner that fails without a failed test, or says nothing at all, gets a row of its own.
    fn finish(self, suite: &Suite, well: bool, start: Instant, summary: &mut Summary) {
        let silent = self.rows.is_empty();
        for row in self.rows {
            summary.add(row);
        }
        if silent || !(well || self.failed) {
            summary.add(Row::new(suite.name, Counts::default(), well, start.elapsed()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary_of(lines: &[&str], well: bool) -> Summary {
        let suite = Suite { name: "c", run: Run::Programs("c") };
        let (mut reports, mut summary) = (Reports::default(), Summary::default());
        for line in lines {
            reports.see(&suite, line);
        }
        reports.finish(&suite, well, Instant::now(), &mut summary);
        summary
    }

    fn last_line(summary: &Summary) -> String {
        summary.text().lines().last().unwrap().to_owned()
    }

    #[test]
    fn a_runner_may_report_several_suites() {
        let lines = ["cc a.c", "suite api: 3 passed, 0 failed", "suite leak: 4 passed, 0 failed"];
        let summary = summary_of(&lines, true);
        assert!(summary.good());
        assert_eq!(last_line(&summary), "7 passed, 0 failed, 0 skipped");
        assert!(summary.text().starts_with("c: api "));
    }

    #[test]
    fn a_runner_that_fails_or_says_nothing_fails_the_whole() {
        let lines = ["suite api: 3 passed, 0 failed"];
        assert_eq!(last_line(&summary_of(&lines, false)), "3 passed, 1 failed, 0 skipped");
        assert_eq!(last_line(&summary_of(&[], true)), "0 passed, 1 failed, 0 skipped");
        assert_eq!(last_line(&summary_of(&[], false)), "0 passed, 1 failed, 0 skipped");
        let empty = ["suite api: 3 passed, 0 failed", "suite leak: 0 passed, 0 failed"];
        assert_eq!(last_line(&summary_of(&empty, true)), "3 passed, 1 failed, 0 skipped");
    }

    #[test]
    fn a_reported_failure_is_counted_once() {
        let lines = ["suite api: 3 passed, 2 failed"];
        assert_eq!(last_line(&summary_of(&lines, false)), "3 passed, 2 failed, 0 skipped");
    }
}
