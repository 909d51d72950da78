//! What takes time: rounds in which each contestant runs once, in an order that rotates.

use crate::cpus::Cores;
use crate::figures::{Figure, Measured};
use crate::handles;
use crate::programs::{ALL, Programs, Scene, Trust, Who, numbers, output};
use crate::server::Server;
use crate::stats::{median, paired_ratio};

const THREADS: usize = 8;

/// How often, and how many logins or calls each time.
pub struct Plan {
    pub warm: (usize, usize),
    pub cold: usize,
    pub threads: (usize, usize),
    pub reconnect: (usize, usize),
    pub handles: handles::Plan,
}

pub const QUICK: Plan =
    Plan { warm: (9, 250), cold: 9, threads: (7, 100), reconnect: (7, 40), handles: handles::QUICK };

pub const FULL: Plan =
    Plan { warm: (61, 1000), cold: 61, threads: (31, 400), reconnect: (41, 200), handles: handles::FULL };

/// A value of each contestant for every round.
pub type Rounds<T = f64> = [Vec<T>; 3];

pub fn all(programs: &Programs, server: &Server, cores: Option<Cores>, plan: &Plan) -> Result<Vec<Figure>, String> {
    let trust = Trust::File(server.ca_file());
    let system = Trust::System(server.os_bundle());
    let scene = |url: String, trust: &Trust| Scene::new(url, trust.clone());
    let https = scene(server.https(), &trust);
    let mut figures = Vec::new();

    for (mode, what, id) in [("warm", "logins", "warm"), ("warm-calls", "calls", "call")] {
        eprintln!("timing warm {what}");
        for (kind, scene) in [("http", scene(server.http(), &trust)), ("https", https.clone())] {
            figures.push(figure(&format!("{id}-{kind}"), &p50(programs, mode, plan.warm, &scene)?));
        }
    }
    let logged = https.clone().logged(programs.path("ecgrid.log"));
    figures.push(figure("log-https", &p50(programs, "warm", plan.warm, &logged)?));
    for (name, trust) in [("ca", &trust), ("os", &system)] {
        eprintln!("timing cold processes ({name})");
        let (times, peaks) = cold(programs, plan.cold, &scene(server.https(), trust))?;
        figures.push(figure(&format!("cold-{name}"), &times));
        figures.push(figure(&format!("memory-{name}"), &peaks));
    }
    eprintln!("timing {THREADS} threads");
    cores.map_or(Ok(()), Cores::apart)?;
    figures.push(figure("threads-8", &rates(programs, plan.threads, &https)?));
    cores.map_or(Ok(()), Cores::together)?;
    eprintln!("timing logins that reconnect");
    let closing = scene(server.closing(), &trust);
    figures.push(figure("reconnect", &p50(programs, "reconnect", plan.reconnect, &closing)?));
    eprintln!("timing tokens and handles of a session");
    figures.extend(handles::all(programs, server, cores, &plan.handles)?);
    Ok(figures)
}

fn p50(programs: &Programs, mode: &str, (rounds, logins): (usize, usize), scene: &Scene) -> Result<Rounds, String> {
    let logins = logins.to_string();
    in_turn(rounds, |who| {
        let told = output(&mut programs.call(None, who, scene, &[mode, &logins]))?;
        numbers(&told, "ns").map(|all| median(&all))
    })
}

/// Times and peak memory in bytes, of whole processes.
fn cold(programs: &Programs, rounds: usize, scene: &Scene) -> Result<(Rounds, Rounds), String> {
    let mut peaks = Rounds::default();
    let times = in_turn(rounds, |who| {
        let runner = crate::programs::plain(&programs.path("run"));
        let told = output(&mut programs.call(Some(runner), who, scene, &["cold"]))?;
        let (ns, kb) = took(&told)?;
        peaks[who as usize].push(kb * 1024.0);
        Ok(ns)
    })?;
    Ok((times, peaks))
}

pub fn took(told: &str) -> Result<(f64, f64), String> {
    let parts = told.trim().strip_prefix("ns ").and_then(|rest| rest.split_once(" kb "));
    let parsed = parts.and_then(|(ns, kb)| Some((ns.parse().ok()?, kb.parse().ok()?)));
    parsed.ok_or_else(|| format!("not a time and a peak: {told}"))
}

/// Logins a second.
fn rates(programs: &Programs, (rounds, logins): (usize, usize), scene: &Scene) -> Result<Rounds, String> {
    let mode = ["threads", &THREADS.to_string(), &logins.to_string()];
    in_turn(rounds, |who| {
        let told = output(&mut programs.call(None, who, scene, &mode))?;
        // The first login of each thread is not in the time.
        let timed = (THREADS * (logins - 1)) as f64;
        numbers(&told, "elapsed").map(|ns| timed / (ns[0] / 1e9))
    })
}

pub fn in_turn<T>(rounds: usize, mut run: impl FnMut(Who) -> Result<T, String>) -> Result<Rounds<T>, String> {
    let mut values = Rounds::<T>::default();
    for round in 0..rounds {
        for turn in 0..ALL.len() {
            let who = ALL[(round + turn) % ALL.len()];
            values[who as usize].push(run(who)?);
        }
    }
    Ok(values)
}

pub fn figure(id: &str, [ours, curl, floor]: &Rounds) -> Figure {
    let measured = Measured {
        ours: median(ours),
        curl: Some(median(curl)),
        floor: Some(median(floor)),
        ratio: Some(paired_ratio(ours, curl)),
    };
    Figure::new(id, measured)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_has_everybody_once_and_begins_with_another() {
        let mut order = Vec::new();
        let values = in_turn(3, |who| {
            order.push(who);
            Ok(order.len() as f64)
        });
        use Who::{Curl, Floor, Ours};
        assert_eq!(order, [Ours, Curl, Floor, Curl, Floor, Ours, Floor, Ours, Curl]);
        assert_eq!(values, Ok([vec![1.0, 6.0, 8.0], vec![2.0, 4.0, 9.0], vec![3.0, 5.0, 7.0]]));
    }

    #[test]
    fn a_failure_ends_the_rounds() {
        assert_eq!(in_turn::<f64>(3, |_| Err("broken".into())), Err("broken".to_owned()));
    }

    #[test]
    fn the_runners_line() {
        assert_eq!(took("ns 1234 kb 5678\n"), Ok((1234.0, 5678.0)));
        assert!(took("ns 1234\n").is_err());
    }
}
