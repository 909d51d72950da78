//! Rounds in which C, each binding and each usual way runs once, in an order that rotates.

use std::path::{Path, PathBuf};

use super::Plan;
use super::build::Built;
use super::process::{Batch, Process};
use crate::programs::{Programs, Who, numbers, output, plain};
use crate::stats::median;

const C: &str = "c";
/// What no library can go below: the same bytes, and nothing parsed.
const FLOOR: &str = "floor";

/// What one language took, a value for every round.
pub struct Times {
    pub id: &'static str,
    pub runtime: String,
    /// And not C, or less than that.
    pub is_binding: bool,
    pub binding: Vec<f64>,
    /// None where there is none to compare with.
    pub usual: Option<Vec<f64>>,
    /// Of a login in the last round, by the binding and the usual way.
    pub bytes: [Option<f64>; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Binding,
    Usual,
}

pub struct Contestants {
    all: Vec<Contestant>,
    url: String,
    ca_file: PathBuf,
}

struct Contestant {
    id: &'static str,
    kind: Kind,
    has_usual: bool,
}

enum Kind {
    /// Compiled ahead, so that a new process for every batch has all its speed.
    Ahead(&'static str, PathBuf),
    Stays(Process),
}

impl Contestants {
    /// C is the first.
    pub fn start(programs: &Programs, built: &Built, url: &str, ca_file: &Path) -> Result<Self, String> {
        let ahead = |id, name, program| Contestant { id, kind: Kind::Ahead(name, program), has_usual: false };
        let mut all = vec![
            ahead(C, "C", programs.of(Who::Ours)),
            ahead(FLOOR, "a bare socket", programs.of(Who::Floor)),
            ahead("cpp", "C++", built.cpp.clone()),
        ];
        for runtime in &built.runtimes {
            let mut command = runtime.command();
            command.arg(url).arg(ca_file);
            let process = Process::start(command, &programs.path(&format!("{}.said", runtime.id)))?;
            all.push(Contestant { id: runtime.id, kind: Kind::Stays(process), has_usual: runtime.has_usual });
        }
        Ok(Self { all, url: url.to_owned(), ca_file: ca_file.to_owned() })
    }

    pub fn measure(&mut self, plan: &Plan) -> Result<Vec<Times>, String> {
        let turns = turns(&self.all.iter().map(|one| one.has_usual).collect::<Vec<_>>());
        eprintln!("warming up the runtimes");
        for &(who, way) in &turns {
            if let Kind::Stays(process) = &mut self.all[who].kind {
                process.batch(way.name(), plan.warm_up)?;
            }
        }
        eprintln!("timing warm logins");
        let mut times: Vec<Times> = self.all.iter().map(Contestant::no_times).collect();
        for round in 0..plan.rounds {
            for turn in 0..turns.len() {
                let (who, way) = turns[(round + turn) % turns.len()];
                let batch = self.batch(who, way, plan.logins)?;
                times[who].add(way, &batch);
            }
        }
        Ok(times)
    }

    fn batch(&mut self, who: usize, way: Way, logins: usize) -> Result<Batch, String> {
        match &mut self.all[who].kind {
            Kind::Stays(process) => process.batch(way.name(), logins),
            Kind::Ahead(_, program) => {
                let mut command = plain(program);
                command.arg(&self.url).arg(&self.ca_file).args(["warm", &logins.to_string()]);
                let told = output(&mut command)?;
                Ok(Batch { time: median(&numbers(&told, "ns")?), bytes: None })
            }
        }
    }
}

impl Contestant {
    fn no_times(&self) -> Times {
        let runtime = match &self.kind {
            Kind::Ahead(name, _) => (*name).to_owned(),
            Kind::Stays(process) => process.runtime.clone(),
        };
        let usual = self.has_usual.then(Vec::new);
        Times {
            id: self.id,
            runtime,
            is_binding: !matches!(self.id, C | FLOOR),
            binding: Vec::new(),
            usual,
            bytes: [None, None],
        }
    }
}

impl Times {
    fn add(&mut self, way: Way, batch: &Batch) {
        self.bytes[way as usize] = batch.bytes;
        match way {
            Way::Binding => self.binding.push(batch.time),
            Way::Usual => self.usual.get_or_insert_default().push(batch.time),
        }
    }
}

impl Way {
    /// As the programs know it.
    fn name(self) -> &'static str {
        match self {
            Self::Binding => "binding",
            Self::Usual => "usual",
        }
    }
}

/// Everybody's binding, and the usual way of those who have one.
fn turns(has_usual: &[bool]) -> Vec<(usize, Way)> {
    let each = has_usual.iter().enumerate();
    let ways = |(who, &has_usual): (usize, &bool)| {
        let usual = has_usual.then_some((who, Way::Usual));
        [Some((who, Way::Binding)), usual].into_iter().flatten()
    };
    each.flat_map(ways).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_has_every_way_once() {
        use Way::{Binding, Usual};
        assert_eq!(turns(&[false, true, false]), [(0, Binding), (1, Binding), (1, Usual), (2, Binding)]);
    }

    #[test]
    fn a_batch_counts_for_its_own_way() {
        let mut times = Times {
            id: "java",
            runtime: "Java".into(),
            is_binding: true,
            binding: Vec::new(),
            usual: Some(Vec::new()),
            bytes: [None, None],
        };
        times.add(Way::Usual, &Batch { time: 9.0, bytes: Some(5.0) });
        times.add(Way::Binding, &Batch { time: 2.0, bytes: Some(1.0) });
        times.add(Way::Binding, &Batch { time: 3.0, bytes: Some(1.5) });
        assert_eq!(
            (times.binding, times.usual, times.bytes),
            (vec![2.0, 3.0], Some(vec![9.0]), [Some(1.5), Some(5.0)])
        );
    }
}
