//! The examples that serve folders for ever, in every language: watched from the server's side, and then told to end or killed.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use ecgrid_sandbox::{Parcel, Sandbox};
use tempfile::TempDir;

use crate::report::Report;
use crate::servers;

pub const LOGIN: &str = "jsmith@example.com";
pub const MAILBOX: i64 = 101;
const WAITING: &str = "InBoxReady";
const FILES: [&str; 2] = ["a.edi", "b.edi"];

/// What a process exits with that was killed at a step (src/steps.rs).
const KILLED: i32 = 77;
/// How many steps lie between a kill and the next process's.
const STRIDE: usize = 4;
/// Much longer than it takes; under valgrind on a busy machine everything takes long.
const LIMIT: Duration = Duration::from_secs(180);

/// The example in one language.
pub struct Example {
    pub name: String,
    pub command: Vec<OsString>,
    pub variables: Vec<(String, OsString)>,
    /// What it exits with when it was told to end by SIGINT; none where a program cannot hear that, and dies of it.
    pub exit: Option<i32>,
}

impl Example {
    pub fn new(name: &str, command: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        let command = command.into_iter().map(Into::into).collect();
        Self { name: name.to_owned(), command, variables: Vec::new(), exit: Some(0) }
    }

    pub fn set(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }
}

/// Over TLS, with a parcel that would like to be written elsewhere.
pub fn calm(example: &Example, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    sandbox.deliver_parcel(MAILBOX, "../escaped.edi", b"any bytes: \0\xff\n");
    serves(example, &sandbox, &sandbox.https_url(), report)
}

/// What was done, and its answer lost, must not be done again.
pub fn lossy(example: &Example, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    for number in 0..12 {
        sandbox.deliver_parcel(MAILBOX, "order.edi", format!("order {number}").as_bytes());
    }
    sandbox.lose_answers(20);
    serves(example, &sandbox, &sandbox.https_url(), report)
}

/// Serves until all is done, and is told to end.
pub fn serves(example: &Example, sandbox: &Sandbox, url: &str, report: &mut Report) -> Result<(), String> {
    let folders = Folders::new()?;
    let mut service = Service::start(example, &folders, sandbox, url)?;
    let label = &example.name;
    report.check(until(|| is_done(sandbox, &folders)), format!("{label}: not every parcel was confirmed"));
    service.signal(libc::SIGINT);
    let ended = service.ended();
    let good = ended.is_some_and(|status| status.code() == example.exit);
    report.check(good, format!("{label} ended with {ended:?}:\n{}", service.words()));
    let mut appeared = Vec::new();
    folders.take_away(&mut appeared)?;
    report.equal(sandbox.confirmations(), appeared.len() as u64, format!("{label}: confirmations"));
    report.equal(
        (sandbox.logins(), sandbox.logouts()),
        (1, u64::from(example.exit.is_some())),
        format!("{label}: logins and logouts"),
    );
    each_once(label, sandbox, &folders, appeared, report)
}

/// Its library, one for tests, ends the process at one step and the next process at a later one, until there is none so late.
/// After each somebody takes away what has appeared.
pub fn killed(example: &Example, report: &mut Report) -> Result<(), String> {
    let (sandbox, folders, label) = (servers::sandbox()?, Folders::new()?, format!("{}, killed", example.name));
    let (mut appeared, mut kills) = (Vec::new(), 0);
    for step in (1..).step_by(STRIDE) {
        let mut service = Service::start_with(
            example,
            &folders,
            &sandbox,
            &[("ECGRID_TEST_KILL_AT".into(), step.to_string().into())],
        )?;
        let in_time = until(|| service.has_ended() || is_done(&sandbox, &folders));
        service.signal(libc::SIGINT);
        let ended = service.ended();
        folders.take_away(&mut appeared)?;
        let code = ended.and_then(|status| status.code());
        let good = in_time && ended.is_some() && (code == Some(KILLED) || code == example.exit);
        report.check(good, format!("{label} at step {step}: {ended:?}\n{}", service.words()));
        if !good || code != Some(KILLED) {
            break;
        }
        kills += 1;
    }
    report.check(kills > 5, format!("{label}: but {kills} times"));
    each_once(&label, &sandbox, &folders, appeared, report)
}

/// Every parcel has appeared once, as it was, and every file was sent once.
fn each_once(
    label: &str,
    sandbox: &Sandbox,
    folders: &Folders,
    mut appeared: Vec<(String, Vec<u8>)>,
    report: &mut Report,
) -> Result<(), String> {
    let mut expected: Vec<_> =
        inbox(sandbox).into_iter().map(|parcel| (parcel.parcel_id.to_string(), parcel.content)).collect();
    expected.sort();
    appeared.sort();
    report.equal(appeared, expected, format!("{label}: files that have appeared"));
    let uploaded = sandbox.parcels().into_iter().filter(|parcel| parcel.mailbox_from == MAILBOX).count();
    let sent = files_in(&folders.path("out/sent"))?.len();
    report.equal((uploaded, sent), (FILES.len(), FILES.len()), format!("{label}: files sent"));
    Ok(())
}

/// All was sent and put away, and all received and confirmed, also what it has sent to itself.
fn is_done(sandbox: &Sandbox, folders: &Folders) -> bool {
    let sent = files_in(&folders.path("out/sent")).map_or(0, |files| files.len());
    sent == FILES.len() && inbox(sandbox).iter().all(|parcel| parcel.status != WAITING)
}

fn inbox(sandbox: &Sandbox) -> Vec<Parcel> {
    sandbox.parcels().into_iter().filter(|parcel| parcel.mailbox_to == MAILBOX).collect()
}

pub fn until(mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + LIMIT;
    while !condition() {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(Duration::from_millis(20));
    }
    true
}

/// The folders of a service, gone with this value. There is something to send.
pub struct Folders(TempDir);

impl Folders {
    pub fn new() -> Result<Self, String> {
        let folders = Self(tempfile::tempdir().map_err(|error| error.to_string())?);
        for name in ["in", "out"] {
            fs::create_dir(folders.path(name)).map_err(|error| error.to_string())?;
        }
        for file in FILES {
            fs::write(folders.path("out").join(file), "ISA").map_err(|error| error.to_string())?;
        }
        Ok(folders)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// As a consumer does: what has appeared, with the ids of its parcels.
    fn take_away(&self, appeared: &mut Vec<(String, Vec<u8>)>) -> Result<(), String> {
        for path in files_in(&self.path("in"))? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let content = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            appeared.push((name.split(['-', '.']).next().unwrap_or_default().to_owned(), content));
            fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect())
}

/// The program at work; it ends with this value.
pub struct Service {
    child: Child,
    /// What it says goes to files, so that it never waits for a reader.
    said: TempDir,
}

impl Service {
    pub fn start(example: &Example, folders: &Folders, sandbox: &Sandbox, url: &str) -> Result<Self, String> {
        Self::start_with(example, folders, sandbox, &[("ECGRID_BASE_URL".into(), url.into())])
    }

    /// Over TLS, if the variables name no URL.
    pub fn start_with(
        example: &Example,
        folders: &Folders,
        sandbox: &Sandbox,
        variables: &[(String, OsString)],
    ) -> Result<Self, String> {
        let said = tempfile::tempdir().map_err(|error| error.to_string())?;
        let file = |name: &str| fs::File::create(said.path().join(name)).map_err(|error| error.to_string());
        let mut command = Command::new(&example.command[0]);
        command.args(&example.command[1..]).args(["in", "out", "0.1"]).current_dir(folders.0.path());
        // The caller's proxies, authorities and ECGRID_* are not the test's.
        command.env_clear();
        for name in ["PATH", "HOME"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.env("ECGRID_BASE_URL", sandbox.https_url()).env("ECGRID_CA_FILE", sandbox.ca_file());
        command.env("ECGRID_LOGIN", LOGIN).env("ECGRID_PASSWORD", "Sup3r$ecret!").env("ECGRID_TIMEOUT_MS", "600000");
        for (name, value) in example.variables.iter().chain(variables) {
            command.env(name, value);
        }
        // SAFETY: two system calls, which are allowed between fork and exec. The program ends with the runner, and hears SIGINT
        // also where a shell has started the runner in the background, and so without.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                libc::signal(libc::SIGINT, libc::SIG_DFL);
                Ok(())
            });
        }
        let child = command.stdin(Stdio::null()).stdout(file("stdout")?).stderr(file("stderr")?).spawn();
        let child = child.map_err(|error| format!("{}: {error}", example.name))?;
        Ok(Self { child, said })
    }

    /// Nothing, if it has ended.
    pub fn signal(&mut self, number: libc::c_int) {
        if self.has_ended() {
            return; // it was waited for, so its id may be another's
        }
        // SAFETY: it has not been waited for, so the id is its own still.
        unsafe { libc::kill(self.child.id() as libc::pid_t, number) };
    }

    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// None when it does not end.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let mut status = None;
        until(|| {
            status = self.child.try_wait().ok().flatten();
            status.is_some()
        });
        status
    }

    pub fn words(&self) -> String {
        let text = |name| fs::read(self.said.path().join(name)).unwrap_or_default();
        ["stdout", "stderr"].map(|name| String::from_utf8_lossy(&text(name)).into_owned()).concat()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
