//! A disk that refuses: each call of a round that changes a folder fails once, or the process dies there, and the next round
//! makes it good. After that a power cut changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::kills::{KILLED, MOST, has_work};
use super::power::disk::{Cut, Disk};
use super::power::{CALLS, Job, judge_inbox, judge_outbox, round, with_three};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::stage::Linkage;
use ecgrid_sandbox::Sandbox;

/// The calls, and what a full, a broken or a forbidden disk answers.
const FAULTS: [(&str, &str); 9] = [
    (KILL, "death"),
    ("write", "ENOSPC"),
    ("write", "EDQUOT"),
    ("write", "EIO"),
    ("fsync", "EIO"),
    ("fdatasync", "ENOSPC"),
    ("renameat2", "EDQUOT"),
    ("renameat2", "EROFS"),
    ("mkdir", "EACCES"),
];

/// Not a call: at each named step of the library.
const KILL: &str = "step";

pub fn run(context: &Context) -> Report {
    let program = match context.hooks().and_then(|hooks| context.build(hooks, "folder_round.c", Linkage::Shared)) {
        Ok(program) => program,
        Err(why) => return Report::of(|_| Err(why)),
    };
    let mut jobs = Vec::new();
    for job in [Job::Inbox { consumer: false }, Job::Outbox] {
        jobs.extend(FAULTS.map(|(call, error)| (job, call, error)));
    }
    parallel::each(&jobs, |(job, call, error)| {
        Report::of(|report| {
            let mut found = 0;
            for at in 1..MOST {
                if !play(&program, context.scratch(), *job, (*call, *error, at), report)? {
                    report.check(found > 0, format!("{job:?}: no {call} was made to fail"));
                    return Ok(());
                }
                found = at;
            }
            Err(format!("{job:?} does not end"))
        })
    })
}

/// Whether there was a call to fail.
fn play(
    program: &Path,
    scratch: &Path,
    job: Job,
    (call, error, at): (&str, &str, usize),
    report: &mut Report,
) -> Result<bool, String> {
    let label = format!("{job:?}, {call} number {at} is {error}");
    let folder = tempfile::tempdir_in(scratch).map_err(|error| error.to_string())?;
    let sandbox = with_three(job, folder.path())?;
    let mut disk = Disk::new(folder.path())?;
    let trace = folder.path().with_extension("trace");
    let fault = format!("inject={call}:error={error}:when={at}");
    let seen = trace.to_string_lossy();
    let strace = ["strace", "-f", "-xx", "-s", "100000", "-o", &seen, "-e", CALLS];
    let first = if call == KILL {
        round(program, job, &sandbox, &strace, folder.path(), Some(at))?
    } else {
        round(program, job, &sandbox, &[&strace[..], &["-e", &fault]].concat(), folder.path(), None)?
    };
    let read = || fs::read_to_string(&trace).map_err(|error| format!("{}: {error}", trace.display()));
    let text = read()?;
    let injected = text.lines().find(|line| line.contains("(INJECTED)")).unwrap_or_default();
    if injected.is_empty() && first.code != Some(KILLED) {
        return Ok(false);
    }
    disk.replay(folder.path(), &text).map_err(|error| format!("{label}: {error}"))?;
    // A C program's words on standard output are written, too.
    if !injected.contains("write(1,") {
        let is_told = matches!(first.code, Some(0 | KILLED)) || first.said.contains("cannot ");
        report.check(is_told, format!("{label}: {:?}\n{}", first.code, first.said));
    }
    for parcel in sandbox.parcels().iter().filter(|parcel| parcel.confirmations > 0) {
        let path = folder.path().join(format!("{}-{}", parcel.parcel_id, parcel.file_name));
        report.check(path.exists(), format!("{label}: {} was confirmed, and is not there", path.display()));
    }
    for turn in 0..3 {
        // A clock's second may end between two looks at it: then an outbox waits for one more round.
        if turn > 0 && !has_work(folder.path())? {
            break;
        }
        let next = round(program, job, &sandbox, &strace, folder.path(), None)?;
        disk.replay(folder.path(), &read()?).map_err(|error| format!("{label}: {error}"))?;
        report.check(next.code == Some(0), format!("{label}: the next round: {:?}\n{}", next.code, next.said));
    }
    judge(job, &sandbox, folder.path(), &label, report)?;

    // What was made good is on the disk: the power may go now.
    let (label, after) = (format!("{label}, then a power cut"), tempfile::tempdir_in(scratch));
    let after = after.map_err(|error| error.to_string())?;
    disk.lay_out(folder.path(), Cut::Lost, after.path()).map_err(|error| format!("{label}: {error}"))?;
    for turn in 0..3 {
        if turn > 0 && !has_work(after.path())? {
            break;
        }
        let last = round(program, job, &sandbox, &[], after.path(), None)?;
        report.check(last.code == Some(0), format!("{label}: {:?}\n{}", last.code, last.said));
    }
    judge(job, &sandbox, after.path(), &label, report)?;
    Ok(true)
}

fn judge(job: Job, sandbox: &Sandbox, folder: &Path, label: &str, report: &mut Report) -> Result<(), String> {
    match job {
        Job::Inbox { .. } => judge_inbox(sandbox, folder, &BTreeMap::new(), label, report),
        Job::Outbox => judge_outbox(sandbox, folder, label, report),
    }
}
