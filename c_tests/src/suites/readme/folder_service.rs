//! `examples/folder_service.c`: it never ends by itself, so it is watched from the server's side and then told to end.

use std::fs;
use std::path::Path;

use ecgrid_sandbox::Sandbox;

use ecgrid_c_tests::compile::{STRICT, detect, quietly};
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::service::{self, Example, Folders, LOGIN, MAILBOX, Service, until};
use ecgrid_c_tests::stage::Linkage;

const VALGRIND: [&str; 5] =
    ["valgrind", "-q", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect", "--error-exitcode=99"];

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
    let example = Example::new("folder_service.cpp", [&program]);
    service::calm(&example, report)?;
    service::lossy(&example, report)?;
    service::killed(&example.set("LD_LIBRARY_PATH", context.hooks()?.lib()), report)
}

fn example(program: &Path) -> Example {
    Example::new("folder_service", [program])
}

fn calm(program: &Path, report: &mut Report) -> Result<(), String> {
    service::calm(&example(program), report)
}

fn lossy(program: &Path, report: &mut Report) -> Result<(), String> {
    service::lossy(&example(program), report)
}

fn watched(program: &Path, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    let words = VALGRIND.map(Path::new).into_iter().chain([program]);
    // Without TLS, of which valgrind gets something wrong.
    service::serves(&Example::new("folder_service under valgrind", words), &sandbox, &sandbox.http_url(), report)
}

/// A dead token is replaced, as long as the password is right.
fn revoked(program: &Path, report: &mut Report) -> Result<(), String> {
    let sandbox = servers::sandbox()?;
    let folders = Folders::new()?;
    let mut service = Service::start(&example(program), &folders, &sandbox, &sandbox.https_url())?;
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
    let folders = Folders::new()?;
    let mut service =
        Service::start_with(&example(program), &folders, &sandbox, &[("ECGRID_LOGIN".into(), login.into())])?;
    report.check(until(|| sandbox.request_count() >= 2), "folder_service makes no call");
    service.signal(libc::SIGTERM);
    let (ended, words) = (service.ended(), service.words());
    let good = ended.is_some_and(|status| status.success());
    report.check(good, format!("folder_service does not end well in a hung call: {ended:?}\n{words}"));
    Ok((sandbox, words))
}
