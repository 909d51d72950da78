//! A program of a managed language, which stays for all rounds: its compiler at run time and its heap stay warm.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::callers::Cost;
use crate::programs::numbers;
use crate::stats::median;
use crate::stop;

/// Seconds until a process that hangs ends by itself, with it the run.
const LIMIT: u32 = 600;

pub struct Process {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Where its standard error goes.
    said: PathBuf,
    /// As it names itself.
    pub runtime: String,
}

/// Logins that were made in a row.
#[derive(Debug, PartialEq)]
pub struct Batch {
    /// Nanoseconds, p50.
    pub time: f64,
    /// Allocated by one login; None where the runtime does not tell.
    pub bytes: Option<f64>,
}

impl Process {
    pub fn start(mut command: Command, said: &Path) -> Result<Self, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let file = File::create(said).map_err(|error| format!("cannot write {}: {error}", said.display()))?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(file);
        // SAFETY: two system calls, which are allowed between fork and exec. The process ends when we are killed, and
        // when its time is over: an alarm outlives exec.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                libc::alarm(LIMIT);
                Ok(())
            });
        }
        let mut child = command.spawn().map_err(|error| format!("cannot start {name}: {error}"))?;
        let commands = child.stdin.take().expect("stdin is piped");
        let answers = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut process = Self { child, commands, answers, said: said.to_owned(), runtime: name };
        let line = process.line()?;
        process.runtime = named(&line)?;
        Ok(process)
    }

    /// `what` is one of the ways that it knows.
    pub fn batch(&mut self, what: &str, logins: usize) -> Result<Batch, String> {
        stop::check()?;
        // When it has ended already, reading says why.
        let _ = writeln!(self.commands, "{what} {logins}");
        let (times, bytes) = (self.line()?, self.line()?);
        batch(&times, &bytes)
    }

    /// What so many calls cost that so many callers make, one of them on average.
    pub fn cost(&mut self, way: &str, mode: &str, callers: usize, calls: usize) -> Result<Cost, String> {
        stop::check()?;
        let _ = writeln!(self.commands, "{way} {mode} {callers} {calls}");
        let line = self.line()?;
        match numbers(line.trim_end(), "call")?[..] {
            [time, processor] => Ok(Cost { time, processor }),
            _ => Err(format!("not time and processor: {line}")),
        }
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        stop::check()?;
        if read.is_ok_and(|bytes| bytes > 0) {
            return Ok(line);
        }
        let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        let said = fs::read_to_string(&self.said).unwrap_or_default();
        Err(format!("{} ended ({status}): {}", self.runtime, said.trim()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `runtime Java 17.0.15`
fn named(line: &str) -> Result<String, String> {
    let name = line.trim().strip_prefix("runtime ").ok_or_else(|| format!("not the name of a runtime: {line}"))?;
    Ok(name.to_owned())
}

/// `ns 1 2 3` and `bytes 4`, or `bytes unknown`.
fn batch(times: &str, bytes: &str) -> Result<Batch, String> {
    let time = median(&numbers(times.trim_end(), "ns")?);
    let bytes = match bytes.trim_end() {
        "bytes unknown" => None,
        line => Some(numbers(line, "bytes")?[0]),
    };
    Ok(Batch { time, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_says() {
        assert_eq!(named("runtime Java 17.0.15\n"), Ok("Java 17.0.15".into()));
        assert!(named("ns 1\n").is_err());
        assert_eq!(batch("ns 30 10 20\n", "bytes 1320.5\n"), Ok(Batch { time: 20.0, bytes: Some(1320.5) }));
        assert_eq!(batch("ns 30\n", "bytes unknown\n"), Ok(Batch { time: 30.0, bytes: None }));
        assert!(batch("bytes 1\n", "ns 1\n").is_err() && batch("ns 1\n", "bytes many\n").is_err());
    }

    #[test]
    fn a_program_is_asked_and_heard_and_its_end_explained() {
        let folder = tempfile::tempdir().unwrap();
        let said = folder.path().join("said");
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "echo runtime sh 1; read what n; echo ns $n 7 9; echo bytes unknown; echo $what >&2; exit 3"]);
        let mut process = Process::start(shell, &said).unwrap();
        assert_eq!(process.runtime, "sh 1");
        assert_eq!(process.batch("usual", 8), Ok(Batch { time: 8.0, bytes: None }));
        let error = process.batch("usual", 8).unwrap_err();
        assert!(error.starts_with("sh 1 ended (exit status: 3)") && error.ends_with("usual"), "{error}");
    }
}
