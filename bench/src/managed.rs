//! `--managed`: a warm login through each binding, beside the same from C and beside the usual way of its language; and
//! calls by many callers, beside that.

mod build;
mod callers;
mod dotnet;
mod process;
mod report;
mod rounds;

use crate::about::About;
use crate::cpus::Cores;
use crate::options::{Extent, Managed, Options};
use crate::programs::Programs;
use crate::server::Server;
use crate::stats::{Estimate, median, paired_difference, paired_ratio};
use crate::stop;
use build::Built;
use report::Report;
use rounds::{Contestants, Times};

/// A binding's share of what the usual way takes, at most.
const MUST_RATIO: f64 = 0.5;
/// What a binding may add to the call from C, in nanoseconds.
const MUST_OVER_C: f64 = 5_000.0;

/// How often, and how many logins each time.
pub struct Plan {
    /// Before the first round, each way: Java compiles its own HttpClient to the end only after some ten thousands.
    warm_up: usize,
    rounds: usize,
    logins: usize,
}

const QUICK: Plan = Plan { warm_up: 8_000, rounds: 11, logins: 100 };
const FULL: Plan = Plan { warm_up: 40_000, rounds: 61, logins: 200 };

/// One language over one scheme. Times in nanoseconds.
pub struct Row {
    /// Such as `java`.
    pub id: &'static str,
    /// As it names itself, such as "Java 17.0.15".
    pub runtime: String,
    pub https: bool,
    pub binding: f64,
    /// Nothing for what is no binding.
    pub over_c: Option<Estimate>,
    pub usual: Option<f64>,
    pub ratio: Option<Estimate>,
    /// A bare socket's share of the usual way's time: no binding can have a smaller one.
    pub least_ratio: Option<Estimate>,
    /// What a login allocates on the managed heap, binding and usual way.
    pub bytes: [Option<f64>; 2],
}

/// The table or document, and the musts that are missed, a line each.
pub fn run(options: &Options, managed: &Managed) -> Result<Report, String> {
    stop::listen();
    let folder = tempfile::Builder::new().prefix("ecgrid-bench-").tempdir();
    let folder = folder.map_err(|error| format!("no temporary folder: {error}"))?;
    let programs = Programs::compile(&options.stage, folder.path())?;
    eprintln!("compiling the bindings");
    let built = Built::compile(&options.stage, managed, folder.path())?;
    let mut about = About::of(&programs)?;
    about.versions.retain(|(name, _)| *name != "libcurl");
    about.versions.extend(built.versions.iter().cloned());
    let plan = if options.extent == Extent::Quick { &callers::QUICK } else { &callers::FULL };
    let callers = callers::run(&programs, &built, &Server::start(folder.path())?, plan)?;
    let cores = Cores::choose();
    // What is started from here on inherits it: nginx, and the runtimes with all their threads.
    cores.map_or(Ok(()), Cores::together)?;
    let server = Server::start(folder.path())?;

    let plan = if options.extent == Extent::Quick { &QUICK } else { &FULL };
    let mut rows = Vec::new();
    for url in [server.http(), server.https()] {
        let mut contestants = Contestants::start(&programs, &built, &url, &server.ca_file())?;
        let times = contestants.measure(plan)?;
        rows.extend(of_scheme(&times, url.starts_with("https")));
    }
    let pinning = match cores {
        Some(Cores { server, .. }) => format!(
            "pinned: nginx and every process to core {server}, so that no time is the waking of an idle core; compilers \
             at run time and garbage collectors share it, for both of a language alike"
        ),
        None => Cores::told(None),
    };
    Ok(Report { about, extent: options.extent.name(), pinning, rows, callers })
}

/// The first is C itself, the second a bare socket.
fn of_scheme(times: &[Times], https: bool) -> Vec<Row> {
    let [c, floor] = [0, 1].map(|at| &times[at].binding);
    let row = |times: &Times| Row {
        id: times.id,
        runtime: times.runtime.clone(),
        https,
        binding: median(&times.binding),
        over_c: times.is_binding.then(|| paired_difference(&times.binding, c)),
        usual: times.usual.as_ref().map(|usual| median(usual)),
        ratio: times.usual.as_ref().map(|usual| paired_ratio(&times.binding, usual)),
        least_ratio: times.usual.as_ref().map(|usual| paired_ratio(floor, usual)),
        bytes: times.bytes,
    };
    times.iter().map(row).collect()
}

impl Row {
    pub fn over_c_met(&self) -> Option<bool> {
        self.over_c.map(|over| over.median <= MUST_OVER_C)
    }

    pub fn ratio_met(&self) -> Option<bool> {
        self.ratio.map(|ratio| ratio.median <= MUST_RATIO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_compared_with_c_and_with_its_own_usual_way() {
        let times = |id, binding: &[f64], usual: Option<&[f64]>| Times {
            id,
            runtime: id.to_owned(),
            is_binding: !matches!(id, "c" | "floor"),
            binding: binding.to_vec(),
            usual: usual.map(<[f64]>::to_vec),
            bytes: [None, None],
        };
        let all = [
            times("c", &[20_000.0, 90_000.0, 20_000.0], None),
            times("floor", &[11_000.0, 80_000.0, 18_000.0], None),
            times("java", &[22_000.0, 97_000.0, 23_000.0], Some(&[44_000.0, 97_000.0, 92_000.0])),
            times("slow", &[26_000.0, 98_000.0, 29_000.0], Some(&[27_000.0, 98_000.0, 29_000.0])),
        ];
        let rows = of_scheme(&all, true);
        assert!(rows[..2].iter().all(|row| row.over_c.is_none() && row.ratio_met().is_none()));
        assert_eq!((rows[2].over_c.unwrap().median, rows[2].ratio.unwrap().median), (3_000.0, 0.5));
        assert_eq!((rows[2].over_c_met(), rows[2].ratio_met()), (Some(true), Some(true)));
        assert_eq!(rows[2].least_ratio.unwrap().median, 0.25);
        assert_eq!((rows[3].over_c_met(), rows[3].ratio_met()), (Some(false), Some(false)));
    }
}
