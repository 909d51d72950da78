//! What takes nanoseconds, as no request is made: a token's value, a session's token, another handle on it.

use crate::cpus::Cores;
use crate::figures::{Figure, Measured};
use crate::programs::{Programs, numbers, output};
use crate::server::Server;
use crate::stats::{median, paired_ratio};

const THREADS: usize = 8;

/// How often, and how many calls each time.
pub struct Plan {
    value: (usize, usize),
    token: (usize, usize),
    clone: (usize, usize),
    /// The calls are those of each thread.
    threads: (usize, usize),
}

pub const QUICK: Plan = Plan { value: (3, 2_000_000), token: (3, 500_000), clone: (3, 500_000), threads: (7, 100_000) };

pub const FULL: Plan =
    Plan { value: (15, 20_000_000), token: (15, 2_000_000), clone: (15, 2_000_000), threads: (31, 250_000) };

pub fn all(programs: &Programs, server: &Server, cores: Option<Cores>, plan: &Plan) -> Result<Vec<Figure>, String> {
    let each = |id: &str, mode: &str, plan| each(programs, server, mode, plan).map(|ours| figure(id, ours));
    Ok(vec![
        each("token-value", "value", plan.value)?,
        each("session-token", "token", plan.token)?,
        each("session-clone", "clone", plan.clone)?,
        threads(programs, server, cores, plan.threads)?,
    ])
}

fn each(programs: &Programs, server: &Server, mode: &str, (rounds, calls): (usize, usize)) -> Result<f64, String> {
    let mut each = Vec::new();
    for _ in 0..rounds {
        each.push(median(&run(programs, server, &[mode, &calls.to_string()], "each")?));
    }
    Ok(median(&each))
}

/// Tokens a second by many threads over those by one, which reads as many in all. They take turns at who is first, and
/// the one takes turns at the cores.
fn threads(
    programs: &Programs,
    server: &Server,
    cores: Option<Cores>,
    (rounds, calls): (usize, usize),
) -> Result<Figure, String> {
    let all = THREADS * calls;
    let (mut many, mut one) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let cores = dealt(cores, round);
        let rate = |threads: usize| -> Result<f64, String> {
            let (threads, calls) = (threads.to_string(), (all / threads).to_string());
            let mut mode = vec!["threads", &threads, &calls];
            mode.extend(cores.iter().map(String::as_str));
            run(programs, server, &mode, "elapsed").map(|ns| all as f64 / (ns[0] / 1e9))
        };
        if round % 2 == 0 {
            many.push(rate(THREADS)?);
            one.push(rate(1)?);
        } else {
            one.push(rate(1)?);
            many.push(rate(THREADS)?);
        }
    }
    let ratio = Some(paired_ratio(&many, &one));
    Ok(Figure::new("session-token-8", Measured { ours: median(&many), ratio, ..Measured::default() }))
}

/// The cores that threads are dealt out to, another one first in every other pair of rounds.
fn dealt(cores: Option<Cores>, round: usize) -> Vec<String> {
    let mut cores = cores.map_or(Vec::new(), |cores| cores.both().map(|core| core.to_string()).to_vec());
    if round / 2 % 2 == 1 {
        cores.reverse();
    }
    cores
}

fn run(programs: &Programs, server: &Server, mode: &[&str], word: &str) -> Result<Vec<f64>, String> {
    let told = output(&mut programs.handles(None, &server.https(), &server.ca_file(), mode))?;
    numbers(&told, word)
}

fn figure(id: &str, ours: f64) -> Figure {
    Figure::new(id, Measured { ours, ..Measured::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_thread_is_first_and_second_on_each_core() {
        let cores = Some(Cores { server: 1, spare: 0 });
        let first: Vec<String> = (0..5).map(|round| dealt(cores, round)[0].clone()).collect();
        assert_eq!(first, ["0", "0", "1", "1", "0"]);
        assert!(dealt(None, 0).is_empty());
    }
}
