//! Debian packages.

use std::process::Command;

use crate::command::{Outcome, capture, run_silently};
use crate::workspace::Workspace;

/// Only root may, and only where there is apt-get.
pub fn may_install() -> bool {
    let user = capture(Command::new("id").arg("-u"));
    let apt = Command::new("apt-get").arg("--version").output();
    user.is_ok_and(|id| id.trim() == "0") && apt.is_ok_and(|output| output.status.success())
}

/// Whether the package is installed. A system without dpkg has no packages to miss.
pub fn has(package: &str) -> bool {
    let query = Command::new("dpkg-query").args(["-W", "-f", "${Status}", package]).output();
    match query {
        Ok(output) => output.stdout.ends_with(b"ok installed"),
        Err(_) => true,
    }
}

pub fn install(workspace: &Workspace, packages: &[String]) -> Outcome<()> {
    run_silently(workspace.command("apt-get").args(["update", "-qq"]))?;
    let mut command = workspace.command("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    // A server that comes along (nginx) is for runs of our own, not to be started as the machine's.
    command.env("RUNLEVEL", "1").env("SYSTEMD_OFFLINE", "1");
    command.args(["install", "-y", "-qq", "--no-install-recommends"]);
    run_silently(command.args(packages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_package_is_not_there() {
        let dpkg = Command::new("dpkg-query").arg("--version").output().is_ok();
        assert_eq!(has("no-such-package-here"), !dpkg);
    }
}
