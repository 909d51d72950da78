//! Runs `windows_trust.c` under Wine, in a Windows of its own.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::runner::concluded;
use ecgrid_c_tests::windows_trust::Servers;

const USAGE: &str = "usage: --stage target/stage-x86_64-win7-windows-gnu";

fn main() -> ExitCode {
    concluded(stage().map(|stage| {
        let report = Report::of(|report| run(&stage, report));
        for text in &report.failures {
            println!("{}", text.trim_end());
        }
        println!("suite system-trust: {} passed, {} failed", report.passed, report.failed);
        report.failed == 0 && report.passed > 0
    }))
}

fn stage() -> Result<std::path::PathBuf, String> {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    match words.as_slice() {
        [flag, stage] if flag == "--stage" => {
            Path::new(stage).canonicalize().map_err(|error| format!("{stage:?}: {error}"))
        }
        _ => Err(USAGE.into()),
    }
}

fn run(stage: &Path, report: &mut Report) -> Result<(), String> {
    let folder =
        tempfile::Builder::new().prefix("ecgrid-windows-trust-").tempdir().map_err(|error| error.to_string())?;
    let folder = folder.path();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/windows_trust.c");
    let program = folder.join("windows_trust.exe");
    let mut compiler = Command::new("x86_64-w64-mingw32-gcc-posix");
    compiler.args(["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread", "-static", "-I"]);
    compiler.arg(stage.join("include")).arg(source).arg("-o").arg(&program).arg("-L").arg(stage.join("lib"));
    done(compiler.args(["-l:libecgrid.dll.a", "-lws2_32", "-lcrypt32"]))?;
    std::fs::copy(stage.join("bin/ecgrid.dll"), folder.join("ecgrid.dll")).map_err(|error| error.to_string())?;

    let servers = Servers::start(folder)?;
    let wine = Wine { prefix: folder.join("wine") };
    done(wine.set(&mut Command::new("wine")).args(["wineboot", "-i"]))?;
    // Wine's own programs, which it leaves running, write to its store of roots too, and then one of ours may be gone.
    done(wine.set(&mut Command::new("wineserver")).arg("-w"))?;
    for part in ["strangers", "trusted"] {
        let mut command = Command::new("wine");
        wine.set(command.arg(&program).arg(part));
        let run = Program::of(command).limit(Duration::from_secs(120)).set_all(&servers.variables);
        run.count(&format!("windows_trust.c {part}"), report)?;
    }
    servers.judge(report);
    Ok(())
}

/// Its processes end with it.
struct Wine {
    prefix: std::path::PathBuf,
}

impl Wine {
    fn set<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all")
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        for end in ["-k", "-w"] {
            let _ = self.set(&mut Command::new("wineserver")).arg(end).stdin(Stdio::null()).status();
        }
    }
}

fn done(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{:?}: {}\n{}", command.get_program(), output.status, String::from_utf8_lossy(&output.stderr)))
}
