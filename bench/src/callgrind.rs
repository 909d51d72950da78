//! Counting instructions with valgrind's callgrind.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::programs::{Act, Programs, Scene, Who, both, plain};

/// Instructions of an act: those of many less those of few.
pub fn each(programs: &Programs, who: Who, scene: &Scene, act: Act) -> Result<f64, String> {
    apiece(programs, act.spread(120), |valgrind, times| programs.count(Some(valgrind), who, scene, act, times))
}

/// The same of a command that does something so often.
pub fn apiece(
    programs: &Programs,
    (few, many): (u32, u32),
    command: impl Fn(Command, u32) -> Command,
) -> Result<f64, String> {
    let run = |times: u32| run(programs, |valgrind| command(valgrind, times));
    Ok((run(many)? - run(few)?) / f64::from(many - few))
}

fn run(programs: &Programs, command: impl FnOnce(Command) -> Command) -> Result<f64, String> {
    let file = programs.path("callgrind.out");
    let mut valgrind = plain(Path::new("valgrind"));
    valgrind.args(["--tool=callgrind", "--quiet"]).arg(format!("--callgrind-out-file={}", file.display()));
    both(&mut command(valgrind))?;
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    total(&text).ok_or_else(|| "callgrind wrote no total".into())
}

/// `totals: 123` at the end of callgrind's file; older ones have only `summary: 123`.
fn total(text: &str) -> Option<f64> {
    let of = |word: &str| text.lines().rev().find_map(|line| line.strip_prefix(word)?.split_whitespace().next());
    of("totals:").or_else(|| of("summary:"))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals() {
        assert_eq!(total("events: Ir\nsummary: 11\nfn=(1) x\n1 5\ntotals: 1234567\n"), Some(1_234_567.0));
        assert_eq!(total("events: Ir\nsummary: 11 2\n"), Some(11.0));
        assert_eq!(total("events: Ir\ntotals: \n"), None);
    }
}
