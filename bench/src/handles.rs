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
    let each = |id: &str, mode: &str, (rounds, calls): (usize, usize)| {
        let all =
            (0..rounds).map(|_| p50(programs, server, &[mode, &calls.to_string()])).collect::<Result<Vec<_>, _>>();
        all.map(|all| Figure::new(id, Measured { ours: median(&all), ..Measured::default() }))
    };
    Ok(vec![
        each("token-value", "value", plan.value)?,
        each("session-token", "token", plan.token)?,
        each("session-clone", "clone", plan.clone)?,
        each("session-clone-crowd", "crowd", plan.clone)?,
        threads(programs, server, cores, plan.threads)?,
    ])
}

/// Tokens a second by many threads over those by one, which reads as many in all. They take turns at who is first, and
/// the one takes turns at the cores.
///
/// A core that runs one of the readers hands out a token in the time that a batch says: other programs have no part in
/// that, and waiting for another reader has.
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
        let rate = |threads: usize| {
            let numbers = [threads, all / threads].map(|number| number.to_string());
            let mode: Vec<&str> =
                ["threads"].into_iter().chain(numbers.iter().chain(&cores).map(String::as_str)).collect();
            let running = threads.min(cores.len().max(1)) as f64;
            p50(programs, server, &mode).map(|ns| running / (ns / 1e9))
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
pub fn dealt(cores: Option<Cores>, round: usize) -> Vec<String> {
    let mut cores = cores.map_or(Vec::new(), |cores| cores.both().map(|core| core.to_string()).to_vec());
    if round / 2 % 2 == 1 {
        cores.reverse();
    }
    cores
}

/// Of a call, by batches.
fn p50(programs: &Programs, server: &Server, mode: &[&str]) -> Result<f64, String> {
    let told = output(&mut programs.handles(None, &server.https(), &server.ca_file(), mode))?;
    numbers(&told, "each").map(|each| median(&each))
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
