//! The second half of the demo: a program that fetches parcels for ever, while its token is refreshed again and again.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{compile, here, set_account};
use crate::command::{Outcome, not_started, run as run_command, shown};
use crate::sandbox::{Counters, Sandbox};
use crate::workspace::Workspace;

/// Seconds. Short, so that refreshes are soon seen, and much longer than a round.
const TOKEN_LIFETIME: &str = "5";
const ROUND: &str = "0.2";
const DELIVER_EVERY: &str = "1.5";

/// What the sandbox delivers before it starts.
const FIRST_PARCELS: u64 = 3;
const REFRESHES: u64 = 2;

const SEEN_WITHIN: Duration = Duration::from_secs(60);
const ENDED_WITHIN: Duration = Duration::from_secs(40);
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub fn run(workspace: &Workspace, compiler: &[String], stage: &Path) -> Outcome<()> {
    println!("\n8. examples/poll_inbox.c");
    compile(workspace, compiler, stage, "poll_inbox")?;

    println!("\n9. another sandbox: a token lasts {TOKEN_LIFETIME} s, a parcel comes every {DELIVER_EVERY} s");
    let binary = workspace.at(workspace.target.join("release/ecgrid-sandbox"));
    let options = ["--token-lifetime", TOKEN_LIFETIME, "--deliver-every", DELIVER_EVERY];
    let sandbox = Sandbox::start(&here(&binary, &workspace.root), &workspace.root, &options)?;

    println!("\n10. fetch all parcels until the token was refreshed {REFRESHES} times, then press Ctrl-C");
    let inbox = workspace.target.join("demo/inbox");
    let mut polling = Polling::start(workspace, &inbox, &sandbox)?;
    polling.watch(&sandbox)?;
    polling.interrupt()?;
    let status = polling.ended()?;
    if !status.success() {
        return Err(format!("Ctrl-C should end the program well; it ended with {status}"));
    }
    let line = judged(&sandbox.counters()?)?;
    println!("the sandbox counted: {line}; the parcels are in {}", inbox.display());
    Ok(())
}

/// In one line what was counted, if all of it is as it should be.
fn judged(counters: &Counters) -> Outcome<String> {
    let Counters { logins, refreshes, refused_refreshes, confirmations, repeated_confirmations } = *counters;
    let line = format!("{confirmations} parcels confirmed, {logins} login, {refreshes} refreshes");
    let good = logins == 1 && refreshes >= REFRESHES && confirmations >= FIRST_PARCELS;
    if good && refused_refreshes == 0 && repeated_confirmations == 0 {
        return Ok(line);
    }
    Err(format!(
        "one login, {REFRESHES} refreshes or more and nothing done twice should have been counted, not: {line}, \
         {refused_refreshes} refreshes refused, {repeated_confirmations} confirmations repeated"
    ))
}

/// The program at work; it does not outlive this value.
struct Polling {
    child: Child,
    printers: Vec<JoinHandle<()>>,
}

impl Polling {
    fn start(workspace: &Workspace, inbox: &Path, sandbox: &Sandbox) -> Outcome<Self> {
        let folder = workspace.at(inbox);
        // What an earlier demo left there would be taken for what this one fetched.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", inbox.display()))?;
        let mut command = Command::new("../poll_inbox");
        command.arg(ROUND).current_dir(folder);
        set_account(&mut command, sandbox, &sandbox.ready.password);
        println!("$ cd {}", inbox.display());
        println!("$ {}", shown(&command));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| not_started(&command, &error))?;
        let (out, err) = (child.stdout.take().expect("stdout is piped"), child.stderr.take().expect("stderr is piped"));
        Ok(Self { child, printers: vec![thread::spawn(|| indent(out)), thread::spawn(|| indent(err))] })
    }

    /// Until there is enough to be seen.
    fn watch(&mut self, sandbox: &Sandbox) -> Outcome<()> {
        let deadline = Instant::now() + SEEN_WITHIN;
        while Instant::now() < deadline {
            let Counters { refreshes, confirmations, .. } = sandbox.counters()?;
            if refreshes >= REFRESHES && confirmations >= FIRST_PARCELS {
                return Ok(());
            }
            if let Some(status) = self.status()? {
                return Err(format!("the program should go on for ever; it ended ({status})"));
            }
            thread::sleep(LOOK_EVERY);
        }
        Err(format!("not everything was to be seen within {} s", SEEN_WITHIN.as_secs()))
    }

    /// What Ctrl-C does. The shell's own kill, as not every machine has the program.
    fn interrupt(&self) -> Outcome<()> {
        run_command(Command::new("sh").args(["-c", &format!("kill -INT {}", self.child.id())]))
    }

    fn ended(&mut self) -> Outcome<ExitStatus> {
        let deadline = Instant::now() + ENDED_WITHIN;
        while Instant::now() < deadline {
            if let Some(status) = self.status()? {
                // All that it said comes before what is said of it.
                self.printers.drain(..).for_each(|printer| drop(printer.join()));
                return Ok(status);
            }
            thread::sleep(LOOK_EVERY);
        }
        Err(format!("the program did not end within {} s of Ctrl-C", ENDED_WITHIN.as_secs()))
    }

    fn status(&mut self) -> Outcome<Option<ExitStatus>> {
        self.child.try_wait().map_err(|error| format!("lost sight of the program: {error}"))
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn indent(pipe: impl Read) {
    for line in BufReader::new(pipe).lines().map_while(Result::ok) {
        println!("    {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Counters =
        Counters { logins: 1, refreshes: 2, refused_refreshes: 0, confirmations: 9, repeated_confirmations: 0 };

    #[test]
    fn what_was_counted_is_told_in_one_line() {
        assert_eq!(judged(&GOOD).unwrap(), "9 parcels confirmed, 1 login, 2 refreshes");
    }

    #[test]
    fn what_should_not_be_counted_is_an_error() {
        for bad in [
            Counters { logins: 2, ..GOOD },
            Counters { refreshes: 1, ..GOOD },
            Counters { refused_refreshes: 1, ..GOOD },
            Counters { confirmations: 2, ..GOOD },
            Counters { repeated_confirmations: 1, ..GOOD },
        ] {
            assert!(judged(&bad).is_err(), "{bad:?}");
        }
    }
}
