//! Runs a test program: a clean environment, a time limit, and its closing line.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::report::Report;

pub struct Program {
    command: Command,
    limit: Duration,
}

/// What a program said, and how it ended; no status when its time was over.
pub struct Ended {
    pub status: Option<ExitStatus>,
    pub stdout: String,
    pub stderr: String,
}

impl Program {
    pub fn new(path: &Path) -> Self {
        Self::under(&[], path)
    }

    /// Under a tool, such as valgrind.
    pub fn under(tool: &[&str], path: &Path) -> Self {
        let mut words: Vec<&OsStr> = tool.iter().map(OsStr::new).collect();
        words.push(path.as_os_str());
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        Self::of(command)
    }

    /// A command as it stands, with its own environment alone.
    pub fn of(mut command: Command) -> Self {
        let own: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.map(OsStr::to_owned))).collect();
        // The caller's proxies, authorities and ECGRID_* are not the test's.
        command.env_clear();
        for (name, value) in own {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        for name in ["PATH", "HOME", "TMPDIR", "WINEPREFIX", "WINEDEBUG"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        Self { command, limit: Duration::from_secs(60) }
    }

    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    pub fn set(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn set_all(mut self, variables: &[(String, OsString)]) -> Self {
        self.command.envs(variables.iter().map(|(name, value)| (name, value)));
        self
    }

    pub fn run(mut self) -> Result<Ended, String> {
        let name = format!("{:?}", self.command.get_program());
        // A group of its own, so that its children end with it.
        self.command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // SAFETY: a single system call, which is allowed between fork and exec. The program ends with the runner.
        unsafe {
            self.command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            });
        }
        let mut child = self.command.spawn().map_err(|error| format!("{name}: {error}"))?;
        let group = child.id() as libc::pid_t;
        let (mut stdout, mut stderr) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
        let (ended, end) = mpsc::channel();
        thread::scope(|scope| {
            let out = scope.spawn(move || read_all(&mut stdout));
            let err = scope.spawn(move || read_all(&mut stderr));
            scope.spawn(move || ended.send(child.wait()));
            let status = end.recv_timeout(self.limit).ok();
            // SAFETY: the group is the program's own, made above. Without this a left-over child keeps the pipes open.
            unsafe { libc::kill(-group, libc::SIGKILL) };
            let status = status.transpose().map_err(|error| format!("{name}: {error}"))?;
            Ok(Ended { status, stdout: out.join().unwrap_or_default(), stderr: err.join().unwrap_or_default() })
        })
    }

    /// Runs a program that counts its own checks.
    pub fn count(self, label: &str, report: &mut Report) -> Result<Ended, String> {
        let limit = self.limit;
        let ended = self.run()?;
        let (passed, failed) = ended.counts().unwrap_or_default();
        report.passed += passed;
        report.failed += failed;
        let trouble = match ended.status {
            None => Some(format!("it was not done after {} s", limit.as_secs())),
            Some(status) if !status.success() && failed == 0 => Some(format!("{status}")),
            _ if ended.counts().is_none() => Some("it has no closing line".into()),
            _ if passed + failed == 0 => Some("it checked nothing".into()),
            _ => None,
        };
        if let Some(trouble) = &trouble {
            report.failure(format!("{label}: {trouble}"));
        }
        if failed > 0 || trouble.is_some() {
            let stdout = ended.stdout.lines().filter(|line| !line.starts_with("covers "));
            let words: Vec<&str> = stdout.chain(ended.stderr.lines()).collect();
            report.failures.push(format!("-- {label}\n{}", words.join("\n")));
        }
        Ok(ended)
    }
}

impl Ended {
    /// `N passed, N failed`, the last line.
    fn counts(&self) -> Option<(u64, u64)> {
        let (passed, failed) = self.stdout.lines().last()?.split_once(" passed, ")?;
        Some((passed.parse().ok()?, failed.strip_suffix(" failed")?.parse().ok()?))
    }
}

fn read_all(pipe: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
