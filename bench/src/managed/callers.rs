//! Many callers at a time: each language's calls beside its own HTTP client's, over HTTPS, in time and in processor.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::build::{Built, programs};
use super::process::Process;
use crate::figures::{MARGIN, Unit};
use crate::programs::{Programs, output, plain};
use crate::report::{aligned, in_words};
use crate::server::Server;
use crate::stats::{median, paired_ratio};

/// What an Async call may take of the usual way's, at most: time and processor.
const MUST: Cost = Cost { time: 1.2, processor: 1.5 };
/// From so many callers on: one that waits for each answer measures the waking of idle cores.
const MUST_FROM: usize = 8;
const CALLERS: [usize; 3] = [1, 8, 64];
const MODES: [&str; 2] = ["blocking", "async"];
const ROUNDS: usize = 7;

/// How many calls a round has of each way, and before the first, in all.
pub struct Plan {
    warm_up: usize,
    calls: usize,
}

pub const QUICK: Plan = Plan { warm_up: 4_000, calls: 1_000 };
pub const FULL: Plan = Plan { warm_up: 20_000, calls: 4_000 };

/// Of one call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    pub time: f64,
    pub processor: f64,
}

/// One language, one mode, so many callers. Nanoseconds, medians of the rounds.
pub struct Row {
    id: &'static str,
    runtime: String,
    mode: &'static str,
    callers: usize,
    binding: Cost,
    usual: Cost,
    /// Medians of the rounds' ratios.
    ratio: Cost,
    /// An empty call that is handed to a thread and back, where that can be asked for.
    floor: Option<Cost>,
}

struct Contestant {
    id: &'static str,
    command: Command,
    has_floor: bool,
}

/// Nothing is pinned here: who has many callers has more than one core.
pub fn run(programs: &Programs, built: &Built, server: &Server, plan: &Plan) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for mut contestant in contestants(programs, built)? {
        contestant.command.arg(server.https()).arg(server.ca_file());
        let said = programs.path(&format!("{}-callers.said", contestant.id));
        let mut process = Process::start(contestant.command, &said)?;
        eprintln!("timing the callers of {}", process.runtime);
        for mode in MODES {
            for callers in CALLERS {
                let has_floor = contestant.has_floor && mode == "async";
                let rounds = Rounds::of(&mut process, mode, callers, has_floor, plan)?;
                rows.push(rounds.row(contestant.id, process.runtime.clone(), mode, callers));
            }
        }
    }
    Ok(rows)
}

fn contestants(programs: &Programs, built: &Built) -> Result<Vec<Contestant>, String> {
    let mut all = Vec::new();
    match dotnet(programs)? {
        Some(program) => {
            let mut command = plain(Path::new("dotnet"));
            command.arg(program).env("ECGRID_LIBRARY_PATH", programs.library());
            all.push(Contestant { id: "dotnet", command, has_floor: true });
        }
        None => eprintln!("no .NET SDK 10 on the PATH: its callers are left out"),
    }
    // The system's; its program is Callers instead of Bench, the last of the arguments.
    if let Some(java) = built.runtimes.iter().find(|runtime| runtime.id == "java") {
        let mut command = plain(&java.program);
        let options = java.arguments.split_last().map_or(&[][..], |(_, options)| options);
        command.args(options).arg("Callers");
        all.push(Contestant { id: "java", command, has_floor: false });
    }
    Ok(all)
}

/// The program of .NET, made by the SDK that is on the PATH, if there is one that is new enough.
fn dotnet(programs_of_c: &Programs) -> Result<Option<OsString>, String> {
    let version = Command::new("dotnet").arg("--version").output();
    let version = version.ok().filter(|said| said.status.success());
    let major = version.and_then(|said| major(&String::from_utf8_lossy(&said.stdout)));
    if major.is_none_or(|major| major < 10) {
        return Ok(None);
    }
    let (out, between) = (programs_of_c.path("dotnet-callers"), programs_of_c.path("dotnet-obj"));
    let mut command = Command::new("dotnet");
    command.args(["build", "--nologo", "--configuration", "Release", "--output"]).arg(&out);
    command.arg(format!("-p:BaseIntermediateOutputPath={}/", between.display()));
    output(command.arg(programs("managed/callers/Callers.csproj")))?;
    Ok(Some(out.join("Callers.dll").into_os_string()))
}

/// Of `10.0.401`.
fn major(version: &str) -> Option<u32> {
    version.trim().split('.').next()?.parse().ok()
}

/// A value for every round.
struct Rounds {
    binding: Vec<Cost>,
    usual: Vec<Cost>,
    floor: Vec<Cost>,
}

impl Rounds {
    fn of(process: &mut Process, mode: &str, callers: usize, has_floor: bool, plan: &Plan) -> Result<Self, String> {
        let mut rounds = Self { binding: Vec::new(), usual: Vec::new(), floor: Vec::new() };
        let ways = if has_floor { &["binding", "usual", "floor"][..] } else { &["binding", "usual"] };
        for way in ways {
            process.cost(way, mode, callers, plan.warm_up)?;
        }
        for round in 0..ROUNDS {
            for turn in 0..ways.len() {
                let way = ways[(round + turn) % ways.len()];
                let cost = process.cost(way, mode, callers, plan.calls)?;
                match way {
                    "binding" => rounds.binding.push(cost),
                    "usual" => rounds.usual.push(cost),
                    _ => rounds.floor.push(cost),
                }
            }
        }
        Ok(rounds)
    }

    fn row(&self, id: &'static str, runtime: String, mode: &'static str, callers: usize) -> Row {
        let ratio = |part: fn(&Cost) -> f64| paired_ratio(&all(&self.binding, part), &all(&self.usual, part)).median;
        Row {
            id,
            runtime,
            mode,
            callers,
            binding: middle(&self.binding),
            usual: middle(&self.usual),
            ratio: Cost { time: ratio(|cost| cost.time), processor: ratio(|cost| cost.processor) },
            floor: (!self.floor.is_empty()).then(|| middle(&self.floor)),
        }
    }
}

fn all(costs: &[Cost], part: fn(&Cost) -> f64) -> Vec<f64> {
    costs.iter().map(part).collect()
}

fn middle(costs: &[Cost]) -> Cost {
    Cost { time: median(&all(costs, |cost| cost.time)), processor: median(&all(costs, |cost| cost.processor)) }
}

const HEAD: [&str; 11] =
    ["calls over HTTPS", "callers", "time", "usual way", "ratio", "", "processor", "usual way", "ratio", "", "floor"];

pub const NOTE: &str = "callers: GET /v2/users/me and one member, by so many at a time; time is that of all over their number; \
     processor: of all threads of the process; floor: an empty call handed to a thread and back, time and processor";

pub fn table(rows: &[Row]) -> String {
    let mut cells = vec![HEAD.map(str::to_owned)];
    cells.extend(rows.iter().map(Row::cells));
    aligned(&cells, &[1, 2, 3, 4, 6, 7, 8, 10])
}

impl Row {
    fn has_must(&self) -> bool {
        self.mode == "async" && self.callers >= MUST_FROM
    }

    fn title(&self) -> String {
        format!("{}, {}", self.runtime, self.mode)
    }

    fn cells(&self) -> [String; 11] {
        let time = |value: f64| in_words(Unit::Time, value);
        let verdict = |value: f64, must: f64| match self.has_must() {
            true => format!("≤ {must:.1} {}", if value <= must { "met" } else { "MISSED" }),
            false => String::new(),
        };
        let floor = |floor: Cost| format!("{}, {}", time(floor.time), time(floor.processor));
        [
            self.title(),
            self.callers.to_string(),
            time(self.binding.time),
            time(self.usual.time),
            format!("{:.2}", self.ratio.time),
            verdict(self.ratio.time, MUST.time),
            time(self.binding.processor),
            time(self.usual.processor),
            format!("{:.2}", self.ratio.processor),
            verdict(self.ratio.processor, MUST.processor),
            self.floor.map_or_else(|| "-".into(), floor),
        ]
    }

    pub fn object(&self) -> Value {
        let cost = |cost: Cost| json!({"time_ns": cost.time, "processor_ns": cost.processor});
        let must = self.has_must().then_some(json!({"time": MUST.time, "processor": MUST.processor}));
        json!({
            "id": format!("{}-{}-{}", self.id, self.mode, self.callers),
            "runtime": self.runtime,
            "binding": cost(self.binding),
            "usual": cost(self.usual),
            "ratio": {"time": self.ratio.time, "processor": self.ratio.processor},
            "must": must,
            "floor": self.floor.map(cost),
        })
    }

    /// What the gate does not let pass, a line each.
    pub fn missed(&self) -> Vec<String> {
        let parts = [("time", self.ratio.time, MUST.time), ("processor", self.ratio.processor, MUST.processor)];
        let missed = parts.into_iter().filter(|(_, value, must)| self.has_must() && *value > must * (1.0 + MARGIN));
        let told = |(what, value, must): (&str, f64, f64)| {
            format!("{}, {} callers: {value:.2} of the usual way's {what}, ≤ {must:.1}", self.title(), self.callers)
        };
        missed.map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(mode: &'static str, callers: usize, binding: [f64; 3]) -> Row {
        let cost = |time: f64| Cost { time: time * 1e3, processor: time * 2e3 };
        let usual = [10.0, 20.0, 40.0].map(cost).to_vec();
        let floor = if mode == "async" { vec![cost(2.0)] } else { Vec::new() };
        let rounds = Rounds { binding: binding.map(cost).to_vec(), usual, floor };
        rounds.row("dotnet", ".NET 10".into(), mode, callers)
    }

    #[test]
    fn ratios_are_those_of_the_rounds() {
        let row = row("async", 8, [5.0, 10.0, 80.0]);
        assert_eq!((row.ratio.time, row.binding.time, row.usual.time), (0.5, 10_000.0, 20_000.0));
        let text = table(&[row]);
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with(".NET 10, async") && line.contains("0.50  ≤ 1.2 met"), "{line}");
        assert!(line.ends_with("2.0 µs, 4.0 µs"), "{line}");
    }

    #[test]
    fn many_async_callers_have_a_must_and_a_margin() {
        assert!(row("async", 8, [13.0, 26.0, 52.0]).missed().is_empty());
        let missed = row("async", 64, [16.8, 33.6, 67.2]).missed();
        assert_eq!(missed[0], ".NET 10, async, 64 callers: 1.68 of the usual way's time, ≤ 1.2");
        assert_eq!(missed.len(), 2);
        assert!(row("async", 1, [20.0, 40.0, 80.0]).missed().is_empty());
        assert!(row("blocking", 8, [20.0, 40.0, 80.0]).missed().is_empty());
    }

    #[test]
    fn the_version_of_an_sdk() {
        assert_eq!((major("10.0.401\n"), major("8.0.100"), major("")), (Some(10), Some(8), None));
    }
}
