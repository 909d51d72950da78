//! A process that dies at each step of what an inbox and an outbox keep on disk, and again at each step of the next process:
//! every parcel appears once, none is confirmed before, and every file is sent once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ecgrid_sandbox::Sandbox;

use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::Linkage;

/// What a process exits with that was killed at a step (src/steps.rs).
pub const KILLED: i32 = 77;
/// More steps than any round has.
pub const MOST: usize = 400;
pub const NAMES: [&str; 3] = ["a.edi", "b.edi", "c.edi"];

pub fn run(context: &Context) -> Report {
    // How deep: kills one after the other. Three take some minutes.
    let deep = std::env::var("ECGRID_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let program = match context.hooks().and_then(|hooks| context.build(hooks, "folder_round.c", Linkage::Shared)) {
        Ok(program) => program,
        Err(why) => return Report::of(|_| Err(why)),
    };
    let jobs: Vec<Job> =
        [Job::Inbox { consumer: false }, Job::Inbox { consumer: true }, Job::Outbox].into_iter().collect();
    parallel::each(&jobs, |job| {
        Report::of(|report| {
            let script = Script { job: *job, program: &program, scratch: context.scratch() };
            let first = script.explore(&mut Vec::new(), deep, report)?;
            report.check(first > 20, format!("{job:?} has but {first} steps"));
            Ok(())
        })
    })
}

#[derive(Clone, Copy, Debug)]
enum Job {
    /// `consumer`: whatever appears is taken away at once.
    Inbox {
        consumer: bool,
    },
    Outbox,
}

struct Script<'a> {
    job: Job,
    program: &'a Path,
    scratch: &'a Path,
}

impl Script<'_> {
    /// Every kill behind these, up to so many in all. Answers how many steps the process after them has.
    fn explore(&self, kills: &mut Vec<usize>, deep: usize, report: &mut Report) -> Result<usize, String> {
        for step in 1..MOST {
            kills.push(step);
            let died = self.play(kills, report)?;
            if died && kills.len() < deep {
                self.explore(kills, deep, report)?;
            }
            kills.pop();
            if !died {
                return Ok(step - 1);
            }
        }
        Err(format!("{:?} does not end", self.job))
    }

    /// Plays the script with processes that are killed at these steps, and then one that is not. Whether the last of them died.
    fn play(&self, kills: &[usize], report: &mut Report) -> Result<bool, String> {
        let folder = tempfile::tempdir_in(self.scratch).map_err(|error| error.to_string())?;
        let sandbox = servers::sandbox()?;
        sandbox.remove_parcels();
        for name in NAMES {
            match self.job {
                Job::Inbox { .. } => drop(sandbox.deliver_parcel(101, name, name.as_bytes()).ok_or("no mailbox")?),
                Job::Outbox => fs::write(folder.path().join(name), name).map_err(|error| error.to_string())?,
            }
        }
        let mut appeared = BTreeMap::new();
        let (mut died, label) = (true, format!("{:?} killed at {kills:?}", self.job));
        for kill in kills {
            died = self.round(&sandbox, folder.path(), Some(*kill), &label, report)?;
            self.look(&sandbox, folder.path(), &mut appeared, &label, report)?;
        }
        // A clock's second may end between two looks at it: then an outbox waits for one more round.
        for round in 0..3 {
            let is_due = died && round == 0;
            if !is_due && !has_work(folder.path())? {
                break;
            }
            self.round(&sandbox, folder.path(), None, &label, report)?;
            self.look(&sandbox, folder.path(), &mut appeared, &label, report)?;
        }
        self.judge(&sandbox, folder.path(), &appeared, &label, report)?;
        Ok(died)
    }

    /// Whether the process died of the kill.
    fn round(
        &self,
        sandbox: &Sandbox,
        folder: &Path,
        kill: Option<usize>,
        label: &str,
        report: &mut Report,
    ) -> Result<bool, String> {
        let key = &sandbox.users()[0].api_key;
        let usage = if matches!(self.job, Job::Outbox) { "outbox" } else { "inbox" };
        let mut program = Program::new(self.program).set_all(&servers::variables(sandbox));
        program = program.set("USE", usage).set("FOLDER", folder).set("API_KEY", key);
        if let Some(kill) = kill {
            program = program.set("ECGRID_TEST_KILL_AT", kill.to_string());
        }
        let ended = program.run()?;
        let code = ended.status.and_then(|status| status.code());
        let good = code == Some(0) || (kill.is_some() && code == Some(KILLED));
        report.check(good, format!("{label}: {code:?}\n{}{}", ended.stdout, ended.stderr));
        Ok(code == Some(KILLED))
    }

    /// What a consumer sees now: of each parcel how many files, whole ones. None is confirmed that nobody sees.
    fn look(
        &self,
        sandbox: &Sandbox,
        folder: &Path,
        appeared: &mut BTreeMap<i64, u32>,
        label: &str,
        report: &mut Report,
    ) -> Result<(), String> {
        let Job::Inbox { consumer } = self.job else { return Ok(()) };
        if !consumer {
            appeared.clear();
        }
        for path in files_in(folder)? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let (id, rest) = name.split_once('-').unwrap_or_default();
            let content = fs::read_to_string(&path).map_err(|error| error.to_string())?;
            report.check(content == rest, format!("{label}: {name} has {content:?} in it"));
            *appeared.entry(id.parse().unwrap_or_default()).or_default() += 1;
            if consumer {
                fs::remove_file(&path).map_err(|error| error.to_string())?;
            }
        }
        for parcel in sandbox.parcels() {
            let seen = appeared.get(&parcel.parcel_id).copied().unwrap_or_default();
            let good = seen <= 1 && (parcel.confirmations == 0 || seen == 1);
            report.check(good, format!("{label}: {seen} files of a parcel confirmed {} times", parcel.confirmations));
        }
        Ok(())
    }

    /// What holds at the end.
    fn judge(
        &self,
        sandbox: &Sandbox,
        folder: &Path,
        appeared: &BTreeMap<i64, u32>,
        label: &str,
        report: &mut Report,
    ) -> Result<(), String> {
        let parcels = sandbox.parcels();
        match self.job {
            Job::Inbox { .. } => {
                for parcel in &parcels {
                    let seen = appeared.get(&parcel.parcel_id).copied().unwrap_or_default();
                    let good = seen == 1 && parcel.confirmations > 0;
                    report.check(good, format!("{label}: at the end {seen} files, confirmed {}", parcel.confirmations));
                }
            }
            Job::Outbox => {
                let mut uploaded: Vec<&str> = parcels.iter().map(|parcel| parcel.file_name.as_str()).collect();
                uploaded.sort_unstable();
                report.check(uploaded == NAMES, format!("{label}: sent {uploaded:?}"));
                let sent = files_in(&folder.join("sent"))?.len();
                let left = files_in(folder)?.len();
                report.check((sent, left) == (3, 0), format!("{label}: {sent} files in sent/, {left} left"));
            }
        }
        let hidden = files_in(&folder.join(".ecgrid"))?;
        let work =
            hidden.iter().filter(|path| path.extension().is_some_and(|end| end == "part" || end == "out")).count();
        report.check(work == 0, format!("{label}: {work} work files are left"));
        Ok(())
    }
}

/// Whether a round has left something that it could not end.
pub fn has_work(folder: &Path) -> Result<bool, String> {
    let is_work = |path: &PathBuf| path.extension().is_some_and(|end| end == "part" || end == "out");
    Ok(folder.join(".ecgrid").is_dir() && files_in(&folder.join(".ecgrid"))?.iter().any(is_work))
}

/// The files in a folder, by name.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}
