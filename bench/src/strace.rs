//! Counting system calls with `strace -f -c`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::programs::{Act, Programs, Scene, Who, both, plain};

const WRITES: [&str; 8] = ["write", "writev", "pwrite64", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg"];
/// Nothing here forks, so each of these is a thread.
const THREADS: [&str; 3] = ["clone", "clone3", "fork"];

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Calls {
    pub all: f64,
    pub writes: f64,
    pub threads: f64,
}

/// System calls of an act: those of many less those of few.
pub fn each(programs: &Programs, who: Who, scene: &Scene, act: Act) -> Result<Calls, String> {
    apiece(programs, act.spread(220), |strace, times| programs.count(Some(strace), who, scene, act, times))
}

/// Of 100 times in a mode of handles.c: what waits for a lock now and then shows only among many.
pub fn of_handle(programs: &Programs, url: &str, ca_file: &Path, mode: &[&str], rest: &[&str]) -> Result<f64, String> {
    let calls = apiece(programs, (1_000, 2_001_000), |strace, times| {
        programs.handles(Some(strace), url, ca_file, &[mode, &[&times.to_string()], rest].concat())
    })?;
    Ok(calls.all * 100.0)
}

fn apiece(
    programs: &Programs,
    (few, many): (u32, u32),
    command: impl Fn(Command, u32) -> Command,
) -> Result<Calls, String> {
    let run = |times: u32| run(programs, |strace| command(strace, times));
    let (less, more) = (run(few)?, run(many)?);
    let each = |less: f64, more: f64| (more - less) / f64::from(many - few);
    Ok(Calls {
        all: each(less.all, more.all),
        writes: each(less.writes, more.writes),
        threads: each(less.threads, more.threads),
    })
}

pub fn run(programs: &Programs, command: impl FnOnce(Command) -> Command) -> Result<Calls, String> {
    let file = programs.path("strace.out");
    let mut strace = plain(Path::new("strace"));
    strace.args(["-f", "-c", "-o"]).arg(&file);
    both(&mut command(strace))?;
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let calls = summed(&text);
    if calls.all < 1.0 { Err(format!("strace counted nothing: {text}")) } else { Ok(calls) }
}

/// The table's rows are `% time, seconds, usecs/call, calls, [errors,] name`.
fn summed(text: &str) -> Calls {
    let mut sum = Calls::default();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (Some(name), Some(calls)) = (words.last(), words.get(3)) else { continue };
        let Ok(calls) = calls.parse::<f64>() else { continue };
        if *name == "total" || words[0].parse::<f64>().is_err() {
            continue;
        }
        sum.all += calls;
        sum.writes += if WRITES.contains(name) { calls } else { 0.0 };
        sum.threads += if THREADS.contains(name) { calls } else { 0.0 };
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_and_without_errors_count_and_the_total_does_not() {
        let text = "\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60,00    0,000900           3       301           poll
 40.91    0.000900           3       300           sendto
 30.00    0.000009           9       299       100 recvfrom
  1.00    0.000000           0         2           clone3
  0.00    0.000000           0         1         1 access
------ ----------- ----------- --------- --------- ----------------
100.00    0.000922           1       902       101 total
";
        // A comma for a point is another locale's; strace runs without one.
        assert_eq!(summed(text), Calls { all: 602.0, writes: 300.0, threads: 2.0 });
        assert_eq!(summed(""), Calls::default());
    }
}
