//! Large answers, lists and requests, with the token of one login.

pub mod counts;
pub mod sizes;

use crate::figures::Figure;
use crate::parcels::{LARGEST, ROWS, Row, SIZES};
use crate::programs::{Act, Programs, Scene, Who, numbers, output};
use crate::server::Server;
use crate::stats::{Estimate, median, paired_ratio};
use crate::timed::{Rounds, figure, in_turn};
use sizes::{Direction, Sizes};

/// How many rounds there are, and how often each contestant does it in a round after once.
pub struct Plan {
    pub rounds: usize,
    /// The small ones are done more often.
    pub times: u32,
}

pub const QUICK: Plan = Plan { rounds: 7, times: 1 };

pub const FULL: Plan = Plan { rounds: 15, times: 3 };

/// What an act took in nanoseconds, by its parts.
#[derive(Debug, Default, PartialEq)]
struct Parts {
    call: f64,
    /// The look-up, or the walk.
    read: f64,
    free: f64,
}

impl Parts {
    fn whole(&self) -> f64 {
        self.call + self.read + self.free
    }
}

pub fn all(programs: &Programs, server: &Server, plan: &Plan) -> Result<(Vec<Figure>, Sizes), String> {
    let (mut figures, mut sizes) = (Vec::new(), Sizes::default());
    for scene in server.both() {
        let scheme = scene.scheme();
        let told = scheme.to_uppercase();
        eprintln!("timing large answers and requests ({told})");
        let measure = |act| parts(programs, &scene, act, plan.rounds, plan.times);

        let answer = measure(Act::Answer(LARGEST))?;
        figures.push(figure(&format!("answer-call-{scheme}"), &of(&answer, |parts| parts.call)));
        let whole = of(&answer, Parts::whole);
        figures.push(figure(&format!("answer-{scheme}"), &whole));
        let rows = measure(Act::Rows(Row::Pair, ROWS))?;
        figures.push(figure(&format!("rows-{scheme}"), &of(&rows, Parts::whole)));
        if scheme == "http" {
            figures.push(figure("rows-walk", &of(&rows, |parts| parts.read + parts.free)));
            figures.push(figure("parcels-http", &of(&measure(Act::Rows(Row::Parcel, ROWS))?, Parts::whole)));
        }
        let request = of(&measure(Act::Request(LARGEST))?, Parts::whole);
        figures.push(figure(&format!("request-{scheme}"), &request));

        let by_size = |act: fn(usize) -> Act, largest: &Rounds| by_size(programs, &scene, plan, act, largest);
        sizes.push(Direction::Answer, &told, by_size(Act::Answer, &whole)?);
        sizes.push(Direction::Request, &told, by_size(Act::Request, &request)?);
    }
    Ok((figures, sizes))
}

/// Ours over libcurl's at each size; what was measured of the largest is there already.
fn by_size(
    programs: &Programs,
    scene: &Scene,
    plan: &Plan,
    act: fn(usize) -> Act,
    largest: &Rounds,
) -> Result<Vec<Estimate>, String> {
    let ratio = |size: usize| {
        if size == LARGEST {
            return Ok(ours_to_curls(largest));
        }
        let parts = parts(programs, scene, act(size), plan.rounds, often(size))?;
        Ok(ours_to_curls(&of(&parts, Parts::whole)))
    };
    SIZES.into_iter().map(ratio).collect()
}

/// So that all of them together take tens of milliseconds.
fn often(size: usize) -> u32 {
    (10_000_000 / size).clamp(3, 100) as u32
}

fn parts(programs: &Programs, scene: &Scene, act: Act, rounds: usize, times: u32) -> Result<Rounds<Parts>, String> {
    in_turn(rounds, |who| one(programs, scene, who, act, times))
}

/// The medians of an act that is done so often after once, which connects and warms up.
fn one(programs: &Programs, scene: &Scene, who: Who, act: Act, times: u32) -> Result<Parts, String> {
    medians(&output(&mut programs.count(None, who, scene, act, times + 1))?)
}

fn medians(told: &str) -> Result<Parts, String> {
    let part = |word: &str| numbers(told, word).map(|all| median(&all[1..]));
    Ok(Parts { call: part("call")?, read: part("read")?, free: part("free")? })
}

fn of(parts: &Rounds<Parts>, part: impl Fn(&Parts) -> f64) -> Rounds {
    std::array::from_fn(|who| parts[who].iter().map(&part).collect())
}

fn ours_to_curls([ours, curl, _]: &Rounds) -> Estimate {
    paired_ratio(ours, curl)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_part_does_not_count() {
        let told = "call 900 30 10 20\nread 900 1 3 2\nfree 900 5 5 5\n";
        let parts = medians(told).unwrap();
        assert_eq!(parts, Parts { call: 20.0, read: 2.0, free: 5.0 });
        assert_eq!(parts.whole(), 27.0);
        assert!(medians("call 1 2\nread 1 2\n").unwrap_err().contains("free"));
    }

    #[test]
    fn a_part_of_every_round_of_each() {
        let round = |call: f64| Parts { call, read: 1.0, free: 0.5 };
        let all = [vec![round(1.0), round(2.0)], vec![round(4.0), round(4.0)], vec![round(3.0), round(3.0)]];
        assert_eq!(of(&all, |parts| parts.call), [vec![1.0, 2.0], vec![4.0, 4.0], vec![3.0, 3.0]]);
        let rounds = of(&all, Parts::whole);
        assert_eq!(rounds[0], [2.5, 3.5]);
        assert_eq!(ours_to_curls(&rounds).median, f64::midpoint(2.5 / 5.5, 3.5 / 5.5));
    }

    #[test]
    fn small_ones_are_done_often_and_large_ones_not() {
        assert_eq!(SIZES.map(often), [100, 100, 10, 3, 3]);
    }
}
