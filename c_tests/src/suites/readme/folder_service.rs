//! `examples/folder_service.c`: it never ends by itself, so it is watched from the server's side and then told to end.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
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
    let source = context.project("examples/folder_service.c");
    let mut report = Report::of(|report| {
        for compiler in ["gcc", "clang"] {
            let mut command = detect(Some(compiler), false)?.to_command();
            command.arg("-std=c99").args(STRICT).arg("-fsyntax-only").arg("-I").arg(context.stage.include());
            let result = quietly(command.arg(&source));
            report.check(result.is_ok(), format!("folder_service.c: {}", result.err().unwrap_or_default()));
        }
        let lines = fs::read_to_string(&source).map_err(|error| error.to_string())?.lines().count();
        report.check(lines < 100, format!("folder_service.c has {lines} lines; it is to be read in one go"));
        Ok(())
    });
    let mut flags = vec!["-std=c99", "-g", "-pthread"];
    flags.extend(STRICT);
    match context.link(&context.stage, &source, Linkage::Shared, &flags) {
        Err(message) => report.failure(message),
        Ok(program) => {
            let scenarios: [Scenario; 6] = [calm, watched, lossy, revoked, hung, hung_for_good];
            report.add(Report::of(|report| twin(context, report)));
            report.add(parallel::each(&scenarios, |scenario| Report::of(|report| scenario(&program, report))));
        }
    }
    report
}

/// Its twin in C++ does the same.
fn twin(context: &Context, report: &mut Report) -> Result<(), String> {
    let source = context.project("examples/folder_service.cpp");
    let program = context.scratch().join("folder_service_cpp");
    let mut command = context.machine.compiler.command(&source);
    command.args(["-std=c++17", "-pthread"]).args(STRICT).arg(&source).arg("-o").arg(&program);
    command.arg("-I").arg(context.project("bindings/cpp/include")).arg("-I").arg(context.stage.include());
    let lib = context.stage.lib();
    command.arg("-L").arg(&lib).arg("-lecgrid").arg(format!("-Wl,-rpath,{}", lib.display()));
    quietly(&mut command)?;
    calm(&program, report)?;
    lossy(&program, report)
}

/// Over TLS, with a parcel that would like to be written elsewhere.
fn calm(program: &Path, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    sandbox.deliver_parcel(MAILBOX, "../escaped.edi", b"any bytes: \0\xff\n");
    let service = Service::start(&[], program, &sandbox, &sandbox.https_url())?;
    fetched(&sandbox, service, "folder_service", report)
}

fn watched(program: &Path, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    // Without TLS, of which valgrind gets something wrong.
    let service = Service::start(&VALGRIND, program, &sandbox, &sandbox.http_url())?;
    fetched(&sandbox, service, "folder_service under valgrind", report)
}

/// What was done, and its answer lost, must not be done again.
fn lossy(program: &Path, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    for number in 0..12 {
        sandbox.deliver_parcel(MAILBOX, "order.edi", format!("order {number}").as_bytes());
    }
    sandbox.lose_answers(20);
    let service = Service::start(&[], program, &sandbox, &sandbox.https_url())?;
    fetched(&sandbox, service, "folder_service with lost answers", report)
}

fn fetched(sandbox: &Sandbox, mut service: Service, label: &str, report: &mut Report) -> Result<(), String> {
    let all = until(|| sandbox.uploads() == 2 && inbox(sandbox).iter().all(|parcel| parcel.status != WAITING));
    report.check(all, format!("{label}: not every parcel was confirmed"));
    service.interrupt();
    let ended = service.ended();
    report.check(
        ended.is_some_and(|status| status.success()),
        format!("{label} ended with {ended:?}:\n{}", service.words()),
    );
    let expected: BTreeMap<_, _> =
        inbox(sandbox).into_iter().map(|parcel| (parcel.parcel_id.to_string(), parcel.content)).collect();
    report.equal(sandbox.confirmations(), expected.len() as u64, format!("{label}: confirmations"));
    let uploaded = sandbox.parcels().into_iter().filter(|parcel| parcel.mailbox_from == MAILBOX).count();
    report.equal((uploaded, service.sent()?), (2, 2), format!("{label}: files sent"));
    report.equal((sandbox.logins(), sandbox.logouts()), (1, 1), format!("{label}: logins and logouts"));
    report.equal(service.files()?, expected, format!("{label}: files"));
    Ok(())
}

/// A dead token is replaced, as long as the password is right.
fn revoked(program: &Path, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    let mut service = Service::start(&[], program, &sandbox, &sandbox.https_url())?;
    // Those that were there, and those that it sent, which go to its own mailbox.
    report.check(until(|| sandbox.confirmations() == 5), "folder_service does not begin");
    sandbox.revoke_all_tokens();
    sandbox.deliver_parcel(MAILBOX, "more.edi", b"more");
    report.check(until(|| sandbox.confirmations() == 6), "folder_service does not go on after its token was revoked");
    report.equal(sandbox.logins(), 2, "folder_service: logins after its token was revoked");

    sandbox.set_user_password(LOGIN, "An0ther$ecret!");
    sandbox.revoke_all_tokens();
    let ended = service.ended();
    report.equal(ended.and_then(|status| status.code()), Some(1), "folder_service with an old password: exit code");
    let words = service.words();
    report.check(
        words.contains("401"),
        format!("folder_service with an old password does not say why it ends:\n{words}"),
    );
    Ok(())
}

/// In the middle of a call that gets no answer, it ends at once and logs out.
fn hung(program: &Path, report: &mut Report) -> Result<(), String> {
    let (sandbox, words) = terminated_in_a_call(program, "call-flaky-1-hang@folder-service.example", report)?;
    report.equal(
        (sandbox.logins(), sandbox.logouts()),
        (1, 1),
        format!("folder_service, hung: logins and logouts\n{words}"),
    );
    Ok(())
}

/// Where the logout gets no answer either, the session is left to expire, and the program says so.
fn hung_for_good(program: &Path, report: &mut Report) -> Result<(), String> {
    let (sandbox, words) = terminated_in_a_call(program, "call-hang@example.com", report)?;
    report.equal((sandbox.logins(), sandbox.logouts()), (1, 0), "folder_service, hung for good: logins and logouts");
    report.check(
        words.contains("left to expire"),
        format!("folder_service does not say that it is not logged out:\n{words}"),
    );
    Ok(())
}

/// SIGTERM while its first call hangs. A call has ten minutes here, so only a cancel ends it before the test gives up.
fn terminated_in_a_call(program: &Path, login: &str, report: &mut Report) -> Result<(Sandbox, String), String> {
    let sandbox = servers::sandbox()?;
    let mut service = Service::start_as(login, &[], program, &sandbox, &sandbox.https_url())?;
    report.check(until(|| sandbox.request_count() >= 2), "folder_service makes no call");
    service.signal(libc::SIGTERM);
    let (ended, words) = (service.ended(), service.words());
    let good = ended.is_some_and(|status| status.success());
    report.check(good, format!("folder_service does not end well in a hung call: {ended:?}\n{words}"));
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
struct Service {
    child: Child,
    folder: TempDir,
    /// What it says goes to files, so that it never waits for a reader.
    said: TempDir,
}

impl Service {
    fn start(tool: &[&str], program: &Path, sandbox: &Sandbox, url: &str) -> Result<Self, String> {
        Self::start_as(LOGIN, tool, program, sandbox, url)
    }

    fn start_as(login: &str, tool: &[&str], program: &Path, sandbox: &Sandbox, url: &str) -> Result<Self, String> {
        let folder = || tempfile::tempdir().map_err(|error| error.to_string());
        let (folder_of, said) = (folder()?, folder()?);
        let file = |name: &str| fs::File::create(said.path().join(name)).map_err(|error| error.to_string());
        let mut command = Command::new(tool.first().map_or(program.as_os_str(), |tool| tool.as_ref()));
        if let [_, options @ ..] = tool {
            command.args(options).arg(program);
        }
        // The caller's proxies, authorities and ECGRID_* are not the test's.
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("ECGRID_BASE_URL", url).env("ECGRID_CA_FILE", sandbox.ca_file());
        command.env("ECGRID_LOGIN", login).env("ECGRID_PASSWORD", "Sup3r$ecret!").env("ECGRID_TIMEOUT_MS", "600000");
        for (folder, files) in [("in", &[][..]), ("out", &["a.edi", "b.edi"])] {
            let path = folder_of.path().join(folder);
            fs::create_dir(&path).map_err(|error| error.to_string())?;
            for file in files {
                fs::write(path.join(file), "ISA").map_err(|error| error.to_string())?;
            }
        }
        command.args(["in", "out", "0.1"]).current_dir(folder_of.path()).stdin(Stdio::null());
        // SAFETY: a single system call, which is allowed between fork and exec. The program ends with the runner.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            });
        }
        let child = command.stdout(file("stdout")?).stderr(file("stderr")?).spawn();
        let child = child.map_err(|error| format!("folder_service: {error}"))?;
        Ok(Self { child, folder: folder_of, said })
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

    /// What has appeared, by the id of its parcel.
    fn files(&self) -> Result<BTreeMap<String, Vec<u8>>, String> {
        let mut files = BTreeMap::new();
        for path in files_in(&self.folder.path().join("in"))? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let id = name.split('-').next().unwrap_or_default().to_owned();
            files.insert(id, fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?);
        }
        Ok(files)
    }

    /// How many files lie in sent/.
    fn sent(&self) -> Result<usize, String> {
        files_in(&self.folder.path().join("out/sent")).map(|files| files.len())
    }
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect())
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
