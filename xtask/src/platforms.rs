//! Tests of the library on other systems, which this machine runs in its own way.

use std::process::{Command, ExitStatus, Stdio};

use crate::command::{Outcome, run_silently, stream};
use crate::compile;
use crate::stage;
use crate::suites::{BINDINGS, Platform};
use crate::targets::{System, Target};
use crate::workspace::Workspace;

/// The packages that build and run programs.
const C_TESTS: &str = "ecgrid-c-tests";

/// Builds the library, and runs the C programs and the table that all languages share.
pub fn run(workspace: &Workspace, platform: &Platform, mut see: impl FnMut(&str)) -> Outcome<ExitStatus> {
    let target = Target::called(platform.target)?;
    let stage = stage::build(workspace, target, &[])?;
    let wine = if target.system == System::Windows { Some(Wine::start(workspace)?) } else { None };
    let runner = |package: &str, suites: &[&str]| -> Outcome<Command> {
        let mut runner = workspace.cargo();
        runner.args(["run", "--quiet", "--release", "-p", package, "--", "--stage"]).arg(&stage);
        runner.args(["--target", target.name]).args(suites.iter().flat_map(|suite| ["--only", suite]));
        if target.system == System::Musl {
            runner.env("ECGRID_ZIG", compile::zig(workspace)?);
        }
        if let Some(wine) = &wine {
            wine.set(&mut runner);
        }
        Ok(runner)
    };
    let programs = stream(&mut runner(C_TESTS, platform.suites)?, &mut see)?;
    let table = stream(&mut runner(BINDINGS, &["conformance"])?, &mut see)?;
    if wine.is_some() && programs.success() && table.success() {
        let mut trust = workspace.cargo();
        trust.args(["run", "--quiet", "--release", "-p", C_TESTS, "--bin", "windows-trust", "--", "--stage"]);
        return stream(trust.arg(&stage), &mut see);
    }
    Ok(if programs.success() { table } else { programs })
}

/// A Windows of the tests' own; its processes end with it.
struct Wine {
    prefix: std::path::PathBuf,
}

impl Wine {
    fn start(workspace: &Workspace) -> Outcome<Self> {
        let wine = Self { prefix: workspace.at(workspace.target.join("wine")) };
        if !wine.prefix.join("system.reg").exists() {
            let mut boot = workspace.command("wine");
            wine.set(&mut boot);
            run_silently(boot.args(["wineboot", "-i"]))?;
            let mut version = workspace.command("wine");
            wine.set(&mut version);
            // Else it is a Windows 7.
            run_silently(version.args(["winecfg", "/v", "win10"]))?;
        }
        Ok(wine)
    }

    fn set(&self, command: &mut Command) {
        command.env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all");
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        let mut server = Command::new("wineserver");
        self.set(&mut server);
        let _ = server.arg("-k").stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
