//! `examples/poll_inbox.c`: it never ends by itself, so it is watched from the server's side and then told to end.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use ecgrid_sandbox::{Parcel, Sandbox};
use tempfile::TempDir;

use ecgrid_c_tests::compile::{STRICT, detect, quietly};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::Linkage;

const LOGIN: &str = "jsmith@example.com";
const MAILBOX: i64 = 101;
const WAITING: &str = "InBoxReady";
const VALGRIND: [&str; 5] =
    ["valgrind", "-q", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect", "--error-exitcode=99"];

/// Much longer than it takes; under valgrind on a busy machine everything takes long.
const LIMIT: Duration = Duration::from_secs(60);

type Scenario = fn(&Path, &mut Report) -> Result<(), String>;

pub fn run(context: &Context) -> Report {
    let source = context.project("examples/poll_inbox.c");
    let mut report = Report::of(|report| {
        for compiler in ["gcc", "clang"] {
            let mut command = detect(Some(compiler), false)?.to_command();
            command.arg("-std=c99").args(STRICT).arg("-fsyntax-only").arg("-I").arg(context.stage.include());
            let result = quietly(command.arg(&source));
            report.check(result.is_ok(), format!("poll_inbox.c: {}", result.err().unwrap_or_default()));
        }
        let lines = fs::read_to_string(&source).map_err(|error| error.to_string())?.lines().count();
        report.check(lines < 100, format!("poll_inbox.c has {lines} lines; it is to be read in one go"));
        Ok(())
    });
    let mut flags = vec!["-std=c99", "-g", "-pthread"];
    flags.extend(STRICT);
    match context.link(&context.stage, &source, Linkage::Shared, &flags) {
        Err(message) => report.failure(message),
        Ok(program) => {
            let scenarios: [Scenario; 6] = [calm, watched, lossy, revoked, hung, hung_for_good];
            report.add(parallel::each(&scenarios, |scenario| Report::of(|report| scenario(&program, report))));
        }
    }
    report
}

/// Over TLS, with a parcel that would like to be written elsewhere.
fn calm(program: &Path, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    sandbox.deliver_parcel(MAILBOX, "../escaped.edi", b"any bytes: \0\xff\n");
    let polling = Polling::start(&[], program, &sandbox, &sandbox.https_url())?;
    fetched(&sandbox, polling, "poll_inbox", report)
}

fn watched(program: &Path, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    // Without TLS, of which valgrind gets something wrong.
    let polling = Polling::start(&VALGRIND, program, &sandbox, &sandbox.http_url())?;
    fetched(&sandbox, polling, "poll_inbox under valgrind", report)
}

/// What was done, and its answer lost, must not be done again.
fn lossy(program: &Path, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    for number in 0..12 {
        sandbox.deliver_parcel(MAILBOX, "order.edi", format!("order {number}").as_bytes());
    }
    sandbox.lose_answers(20);
    let polling = Polling::start(&[], program, &sandbox, &sandbox.https_url())?;
    fetched(&sandbox, polling, "poll_inbox with lost answers", report)
}

fn fetched(sandbox: &Sandbox, mut polling: Polling, label: &str, report: &mut Report) -> Result<(), String> {
    let all = until(|| inbox(sandbox).iter().all(|parcel| parcel.status != WAITING));
    report.check(all, format!("{label}: not every parcel was confirmed"));
    polling.interrupt();
    let ended = polling.ended();
    report.check(
        ended.is_some_and(|status| status.success()),
        format!("{label} ended with {ended:?}:\n{}", polling.words()),
    );
    let expected: BTreeMap<_, _> =
        inbox(sandbox).into_iter().map(|parcel| (format!("{}.edi", parcel.parcel_id), parcel.content)).collect();
    report.equal(sandbox.confirmations(), expected.len() as u64, format!("{label}: confirmations"));
    report.equal(sandbox.repeated_confirmations(), 0, format!("{label}: repeated confirmations"));
    report.equal((sandbox.logins(), sandbox.logouts()), (1, 1), format!("{label}: logins and logouts"));
    report.equal(polling.files()?, expected, format!("{label}: files"));
    Ok(())
}

/// A dead token is replaced, as long as the password is right.
fn revoked(program: &Path, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    let mut polling = Polling::start(&[], program, &sandbox, &sandbox.https_url())?;
    report.check(until(|| sandbox.confirmations() == 3), "poll_inbox does not begin");
    sandbox.revoke_all_tokens();
    sandbox.deliver_parcel(MAILBOX, "more.edi", b"more");
    report.check(until(|| sandbox.confirmations() == 4), "poll_inbox does not go on after its token was revoked");
    report.equal(sandbox.logins(), 2, "poll_inbox: logins after its token was revoked");

    sandbox.set_user_password(LOGIN, "An0ther$ecret!");
    sandbox.revoke_all_tokens();
    let ended = polling.ended();
    report.equal(ended.and_then(|status| status.code()), Some(1), "poll_inbox with an old password: exit code");
    let words = polling.words();
    report.check(words.contains("401"), format!("poll_inbox with an old password does not say why it ends:\n{words}"));
    Ok(())
}

/// In the middle of a call that gets no answer, it ends at once and logs out.
fn hung(program: &Path, report: &mut Report) -> Result<(), String> {
    let (sandbox, words) = terminated_in_a_call(program, "call-flaky-1-hang@poll-inbox.example", report)?;
    report.equal(
        (sandbox.logins(), sandbox.logouts()),
        (1, 1),
        format!("poll_inbox, hung: logins and logouts\n{words}"),
    );
    Ok(())
}

/// Where the logout gets no answer either, the session is left to expire, and the program says so.
fn hung_for_good(program: &Path, report: &mut Report) -> Result<(), String> {
    let (sandbox, words) = terminated_in_a_call(program, "call-hang@example.com", report)?;
    report.equal((sandbox.logins(), sandbox.logouts()), (1, 0), "poll_inbox, hung for good: logins and logouts");
    report.check(
        words.contains("left to expire"),
        format!("poll_inbox does not say that it is not logged out:\n{words}"),
    );
    Ok(())
}

/// SIGTERM while its first call hangs. A call has ten minutes here, so only a cancel ends it before the test gives up.
fn terminated_in_a_call(program: &Path, login: &str, report: &mut Report) -> Result<(Sandbox, String), String> {
    let sandbox = servers::sandbox()?;
    let mut polling = Polling::start_as(login, &[], program, &sandbox, &sandbox.https_url())?;
    report.check(until(|| sandbox.request_count() >= 2), "poll_inbox makes no call");
    polling.signal(libc::SIGTERM);
    let (ended, words) = (polling.ended(), polling.words());
    let good = ended.is_some_and(|status| status.success());
    report.check(good, format!("poll_inbox does not end well in a hung call: {ended:?}\n{words}"));
    Ok((sandbox, words))
}

fn inbox(sandbox: &Sandbox) -> Vec<Parcel> {
    sandbox.parcels().into_iter().filter(|parcel| parcel.mailbox_to == MAILBOX).collect()
}

fn until(mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + LIMIT;
    while !condition() {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(Duration::from_millis(20));
    }
    true
}

/// The program at work in a folder of its own; both go with this value.
struct Polling {
    child: Child,
    folder: TempDir,
    /// What it says goes to files, so that it never waits for a reader.
    said: TempDir,
}

impl Polling {
    fn start(tool: &[&str], program: &Path, sandbox: &Sandbox, url: &str) -> Result<Self, String> {
        Self::start_as(LOGIN, tool, program, sandbox, url)
    }

    fn start_as(login: &str, tool: &[&str], program: &Path, sandbox: &Sandbox, url: &str) -> Result<Self, String> {
        let folder = || tempfile::tempdir().map_err(|error| error.to_string());
        let (folder, said) = (folder()?, folder()?);
        let file = |name: &str| fs::File::create(said.path().join(name)).map_err(|error| error.to_string());
        let mut command = Command::new(tool.first().map_or(program.as_os_str(), |tool| tool.as_ref()));
        if let [_, options @ ..] = tool {
            command.args(options).arg(program);
        }
        // The caller's proxies, authorities and ECGRID_* are not the test's.
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("ECGRID_BASE_URL", url).env("ECGRID_CA_FILE", sandbox.ca_file());
        command.env("ECGRID_LOGIN", login).env("ECGRID_PASSWORD", "Sup3r$ecret!").env("ECGRID_TIMEOUT_MS", "600000");
        command.arg("0.1").current_dir(folder.path()).stdin(Stdio::null());
        // SAFETY: a single system call, which is allowed between fork and exec. The program ends with the runner.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            });
        }
        let child = command.stdout(file("stdout")?).stderr(file("stderr")?).spawn();
        let child = child.map_err(|error| format!("poll_inbox: {error}"))?;
        Ok(Self { child, folder, said })
    }

    fn interrupt(&self) {
        self.signal(libc::SIGINT);
    }

    fn signal(&self, number: libc::c_int) {
        // SAFETY: it has not been waited for, so the id is its own still.
        unsafe { libc::kill(self.child.id() as libc::pid_t, number) };
    }

    /// None when it does not end.
    fn ended(&mut self) -> Option<ExitStatus> {
        let mut status = None;
        until(|| {
            status = self.child.try_wait().ok().flatten();
            status.is_some()
        });
        status
    }

    fn words(&self) -> String {
        let text = |name| fs::read(self.said.path().join(name)).unwrap_or_default();
        ["stdout", "stderr"].map(|name| String::from_utf8_lossy(&text(name)).into_owned()).concat()
    }

    fn files(&self) -> Result<BTreeMap<String, Vec<u8>>, String> {
        let entries = fs::read_dir(self.folder.path()).map_err(|error| error.to_string())?;
        let read = |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
        entries.flatten().map(|it| Ok((it.file_name().to_string_lossy().into_owned(), read(&it.path())?))).collect()
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
