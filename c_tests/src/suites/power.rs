//! Power cuts: a round is killed at each of its steps, and the next one finds only what was on the disk by then.

pub mod disk;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use disk::{Cut, Disk};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::Linkage;
use ecgrid_sandbox::Sandbox;

use super::kills::{KILLED, MOST, NAMES, files_in, has_work};

/// Every call that changes a folder, or puts it on the disk. What is not understood of these, fails.
pub const CALLS: &str =
    "trace=openat,mkdir,write,pwrite64,writev,fsync,fdatasync,rename,renameat2,link,linkat,unlink,ftruncate,close";

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Job {
    /// `consumer`: what had appeared was taken away before the power went.
    Inbox {
        consumer: bool,
    },
    Outbox,
}

pub fn run(context: &Context) -> Report {
    let program = match context.hooks().and_then(|hooks| context.build(hooks, "folder_round.c", Linkage::Shared)) {
        Ok(program) => program,
        Err(why) => return Report::of(|_| Err(why)),
    };
    let mut jobs = Vec::new();
    for job in [Job::Inbox { consumer: false }, Job::Inbox { consumer: true }, Job::Outbox] {
        jobs.extend([Cut::Lost, Cut::Names].map(|cut| (job, cut)));
    }
    parallel::each(&jobs, |(job, cut)| {
        Report::of(|report| {
            let script = Script { job: *job, cut: *cut, program: &program, scratch: context.scratch() };
            for step in 1..MOST {
                if !script.play(step, report)? {
                    report.check(step > 20, format!("{job:?} has but {step} steps"));
                    return Ok(());
                }
            }
            Err(format!("{job:?} does not end"))
        })
    })
}

struct Script<'a> {
    job: Job,
    cut: Cut,
    program: &'a Path,
    scratch: &'a Path,
}

impl Script<'_> {
    /// Whether there was a step to cut the power at.
    fn play(&self, step: usize, report: &mut Report) -> Result<bool, String> {
        let label = format!("{:?}, {:?}, at step {step}", self.job, self.cut);
        let (before, after) = (self.folder()?, self.folder()?);
        let sandbox = with_three(self.job, before.path())?;
        let mut disk = Disk::new(before.path())?;
        let trace = before.path().with_extension("trace");
        let strace = ["strace", "-f", "-xx", "-s", "100000", "-e", CALLS, "-o", &trace.to_string_lossy()];
        let first = round(self.program, self.job, &sandbox, &strace, before.path(), Some(step))?;
        let died = first.code == Some(KILLED);
        report.check(died || first.code == Some(0), format!("{label}: {:?}\n{}", first.code, first.said));
        let text = fs::read_to_string(&trace).map_err(|error| format!("{}: {error}", trace.display()))?;
        let calls = disk.replay(before.path(), &text).map_err(|error| format!("{label}: {error}"))?;
        report.check(!died || calls > 0, format!("{label}: strace saw nothing"));

        // What a consumer had taken has gone elsewhere, whatever this disk says.
        let consumer = self.job == Job::Inbox { consumer: true };
        let mut taken = BTreeMap::new();
        if consumer {
            for path in files_in(before.path())? {
                *taken.entry(name_of(&path)).or_insert(0) += 1;
            }
        }
        disk.lay_out(before.path(), self.cut, after.path()).map_err(|error| format!("{label}: {error}"))?;
        for turn in 0..3 {
            // A clock's second may end between two looks at it: then an outbox waits for one more round.
            if turn > 0 && !has_work(after.path())? {
                break;
            }
            let next = round(self.program, self.job, &sandbox, &[], after.path(), None)?;
            report.check(next.code == Some(0), format!("{label}: the next round: {:?}\n{}", next.code, next.said));
        }
        match self.job {
            Job::Inbox { .. } => judge_inbox(&sandbox, after.path(), &taken, &label, report)?,
            Job::Outbox => judge_outbox(&sandbox, after.path(), &label, report)?,
        }
        Ok(died)
    }

    fn folder(&self) -> Result<tempfile::TempDir, String> {
        tempfile::tempdir_in(self.scratch).map_err(|error| error.to_string())
    }
}

/// A sandbox with three parcels, or a folder with three files.
pub fn with_three(job: Job, folder: &Path) -> Result<Sandbox, String> {
    let sandbox = servers::sandbox()?;
    sandbox.remove_parcels();
    for name in NAMES {
        match job {
            Job::Inbox { .. } => drop(sandbox.deliver_parcel(101, name, name.as_bytes()).ok_or("no mailbox")?),
            Job::Outbox => fs::write(folder.join(name), name).map_err(|error| error.to_string())?,
        }
    }
    Ok(sandbox)
}

/// One round by a process of its own, under a tool such as strace. Answers what it exited with.
pub fn round(
    program: &Path,
    job: Job,
    sandbox: &Sandbox,
    tool: &[&str],
    folder: &Path,
    kill: Option<usize>,
) -> Result<Round, String> {
    let usage = if job == Job::Outbox { "outbox" } else { "inbox" };
    let mut program = Program::under(tool, program).set_all(&servers::variables(sandbox));
    program = program.set("USE", usage).set("FOLDER", folder).set("API_KEY", &sandbox.users()[0].api_key);
    if let Some(kill) = kill {
        program = program.set("ECGRID_TEST_KILL_AT", kill.to_string());
    }
    let ended = program.run()?;
    Ok(Round { code: ended.status.and_then(|status| status.code()), said: ended.stdout + &ended.stderr })
}

pub struct Round {
    pub code: Option<i32>,
    pub said: String,
}

/// Each parcel is there, whole and under its own name: once, or once more where a consumer had taken it.
pub fn judge_inbox(
    sandbox: &Sandbox,
    folder: &Path,
    taken: &BTreeMap<String, u32>,
    label: &str,
    report: &mut Report,
) -> Result<(), String> {
    let mut there = BTreeMap::new();
    for path in files_in(folder)? {
        let name = name_of(&path);
        let content = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        report.check(name.ends_with(&format!("-{content}")), format!("{label}: {name} has {content:?} in it"));
        there.insert(name, ());
    }
    let parcels = sandbox.parcels();
    for parcel in &parcels {
        let name = format!("{}-{}", parcel.parcel_id, parcel.file_name);
        let seen = there.contains_key(&name) || taken.contains_key(&name);
        report.check(seen, format!("{label}: {name} is lost"));
        report.check(parcel.confirmations > 0, format!("{label}: {name} is not confirmed"));
    }
    // No other name: a consumer that keeps the ids of what it took is never deceived.
    report.check(there.len() <= parcels.len(), format!("{label}: there are {there:?}"));
    Ok(())
}

pub fn judge_outbox(sandbox: &Sandbox, folder: &Path, label: &str, report: &mut Report) -> Result<(), String> {
    let mut uploaded: Vec<String> = sandbox.parcels().into_iter().map(|parcel| parcel.file_name).collect();
    uploaded.sort_unstable();
    report.check(uploaded == NAMES, format!("{label}: sent {uploaded:?}"));
    let (sent, left) = (files_in(&folder.join("sent"))?.len(), files_in(folder)?.len());
    report.check((sent, left) == (3, 0), format!("{label}: {sent} files in sent/, {left} left"));
    Ok(())
}

pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
