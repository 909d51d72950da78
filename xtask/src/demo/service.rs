//! The second half of the demo: a program that receives and sends parcels for ever, while its token is refreshed again and
//! again, and that a kill does not confuse.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
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
const DELIVER_EVERY: &str = "0.7";

/// What the sandbox delivers before it starts.
const FIRST_PARCELS: u64 = 3;
const REFRESHES: u64 = 2;
/// What there is to send.
const FILES: [&str; 2] = ["order.edi", "invoice.edi"];

const SEEN_WITHIN: Duration = Duration::from_secs(60);
const ENDED_WITHIN: Duration = Duration::from_secs(40);
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub fn run(workspace: &Workspace, compiler: &[String], stage: &Path) -> Outcome<()> {
    println!("\n8. examples/folder_service.c");
    compile(workspace, compiler, stage, "folder_service")?;

    println!("\n9. another sandbox: a token lasts {TOKEN_LIFETIME} s, a parcel comes every {DELIVER_EVERY} s");
    let binary = workspace.at(workspace.target.join("release/ecgrid-sandbox"));
    let options = ["--token-lifetime", TOKEN_LIFETIME, "--deliver-every", DELIVER_EVERY];
    let sandbox = Sandbox::start(&here(&binary, &workspace.root), &workspace.root, &options)?;

    println!("\n10. receive and send until the token was refreshed, then kill -9");
    let folder = workspace.target.join("demo/edi");
    prepare(&workspace.at(&folder)).map_err(|error| format!("cannot prepare {}: {error}", folder.display()))?;
    let mut service = Service::start(workspace, &folder, &sandbox)?;
    service.watch(&sandbox, REFRESHES - 1)?;
    service.signal("KILL")?;
    service.ended()?;

    println!("\n11. start it again; when the token was refreshed once more, press Ctrl-C");
    let mut service = Service::start(workspace, &folder, &sandbox)?;
    service.watch(&sandbox, REFRESHES)?;
    service.signal("INT")?;
    let status = service.ended()?;
    if !status.success() {
        return Err(format!("Ctrl-C should end the program well; it ended with {status}"));
    }
    let seen =
        Seen::of(&workspace.at(&folder)).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let line = judged(&sandbox.counters()?, &seen)?;
    println!("the sandbox counted: {line}; each is once in {}", folder.display());
    Ok(())
}

/// What an earlier demo left there would be taken for what this one did.
fn prepare(folder: &Path) -> std::io::Result<()> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder.join("in"))?;
    fs::create_dir_all(folder.join("out"))?;
    FILES.iter().try_for_each(|name| fs::write(folder.join("out").join(name), "ISA*00*\n"))
}

/// What lies in the folders at the end.
struct Seen {
    received: usize,
    /// Of how many parcels.
    parcels: usize,
    sent: usize,
}

impl Seen {
    fn of(folder: &Path) -> std::io::Result<Self> {
        let names = |folder: PathBuf| -> std::io::Result<Vec<String>> {
            let files = fs::read_dir(folder)?.flatten().filter(|entry| entry.path().is_file());
            Ok(files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        };
        let received = names(folder.join("in"))?;
        let parcels: BTreeSet<&str> = received.iter().filter_map(|name| name.split(['-', '.']).next()).collect();
        Ok(Self { received: received.len(), parcels: parcels.len(), sent: names(folder.join("out/sent"))?.len() })
    }
}

/// In one line what was counted, if all of it is as it should be.
fn judged(counters: &Counters, seen: &Seen) -> Outcome<String> {
    let Counters { logins, refreshes, refused_refreshes, confirmations, uploads } = *counters;
    let line = format!("{confirmations} parcels confirmed, {uploads} sent, {logins} logins, {refreshes} refreshes");
    let good = logins == 2 && refreshes >= REFRESHES && refused_refreshes == 0 && confirmations >= FIRST_PARCELS;
    let once = seen.received as u64 == confirmations && seen.parcels == seen.received;
    if good && once && uploads == FILES.len() as u64 && seen.sent == FILES.len() {
        return Ok(line);
    }
    let Seen { received, parcels, sent } = seen;
    Err(format!(
        "two logins, {REFRESHES} refreshes or more and each parcel once should have been counted, not: {line}, \
         {refused_refreshes} refreshes refused, {received} files of {parcels} parcels received, {sent} in sent/"
    ))
}

/// The program at work; it does not outlive this value.
struct Service {
    child: Child,
    printers: Vec<JoinHandle<()>>,
}

impl Service {
    fn start(workspace: &Workspace, folder: &Path, sandbox: &Sandbox) -> Outcome<Self> {
        let mut command = Command::new("../folder_service");
        command.args(["in", "out", ROUND]).current_dir(workspace.at(folder));
        set_account(&mut command, sandbox, &sandbox.ready.password);
        println!("$ cd {}", folder.display());
        println!("$ {}", shown(&command));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| not_started(&command, &error))?;
        let (out, err) = (child.stdout.take().expect("stdout is piped"), child.stderr.take().expect("stderr is piped"));
        Ok(Self { child, printers: vec![thread::spawn(|| indent(out)), thread::spawn(|| indent(err))] })
    }

    /// Until there is enough to be seen.
    fn watch(&mut self, sandbox: &Sandbox, wanted: u64) -> Outcome<()> {
        let deadline = Instant::now() + SEEN_WITHIN;
        while Instant::now() < deadline {
            let Counters { refreshes, confirmations, .. } = sandbox.counters()?;
            if refreshes >= wanted && confirmations >= FIRST_PARCELS {
                return Ok(());
            }
            if let Some(status) = self.status()? {
                return Err(format!("the program should go on for ever; it ended ({status})"));
            }
            thread::sleep(LOOK_EVERY);
        }
        Err(format!("not everything was to be seen within {} s", SEEN_WITHIN.as_secs()))
    }

    /// By the shell's own kill, as not every machine has the program.
    fn signal(&self, name: &str) -> Outcome<()> {
        run_command(Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]))
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
        Err(format!("the program did not end within {} s", ENDED_WITHIN.as_secs()))
    }

    fn status(&mut self) -> Outcome<Option<ExitStatus>> {
        self.child.try_wait().map_err(|error| format!("lost sight of the program: {error}"))
    }
}

impl Drop for Service {
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

    const GOOD: Counters = Counters { logins: 2, refreshes: 2, refused_refreshes: 0, confirmations: 9, uploads: 2 };
    const ONCE: Seen = Seen { received: 9, parcels: 9, sent: 2 };

    #[test]
    fn what_was_counted_is_told_in_one_line() {
        assert_eq!(judged(&GOOD, &ONCE).unwrap(), "9 parcels confirmed, 2 sent, 2 logins, 2 refreshes");
    }

    #[test]
    fn what_should_not_be_counted_is_an_error() {
        for bad in [
            Counters { logins: 3, ..GOOD },
            Counters { refreshes: 1, ..GOOD },
            Counters { refused_refreshes: 1, ..GOOD },
            Counters { confirmations: 10, ..GOOD },
            Counters { uploads: 3, ..GOOD },
        ] {
            assert!(judged(&bad, &ONCE).is_err(), "{bad:?}");
        }
        for bad in [Seen { received: 10, ..ONCE }, Seen { parcels: 8, ..ONCE }, Seen { sent: 1, ..ONCE }] {
            assert!(judged(&GOOD, &bad).is_err());
        }
    }
}
