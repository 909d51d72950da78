//! A service under load that is killed at five hundred moments, with a consumer and a producer that do not wait for it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::program::Program;
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::servers;
use ecgrid_c_tests::stage::Linkage;
use ecgrid_sandbox::Sandbox;

use super::kills::files_in;

const KILLS: u32 = 500;
/// So many parcels come, and files are dropped, before each kill and again while the program runs.
const EACH: u32 = 2;
/// The mailbox of the account.
const OWN: i64 = 101;
/// A process lives for at most so long.
const LONGEST: Duration = Duration::from_millis(60);

pub fn run(context: &Context) -> Report {
    Report::of(|report| {
        let program = context.build(&context.stage, "folder_load.c", Linkage::Shared)?;
        let folder = tempfile::tempdir_in(context.scratch()).map_err(|error| error.to_string())?;
        let mut load = Load::new(&program, folder.path())?;
        println!("  ECGRID_TEST_SEED={}", load.random.seed);
        for _ in 0..KILLS {
            load.deliver()?;
            load.kill()?;
            load.consume(report)?;
        }
        load.finish(report)
    })
}

struct Load<'a> {
    program: &'a Path,
    folder: &'a Path,
    sandbox: Sandbox,
    random: Random,
    /// Files that were dropped so far.
    dropped: u32,
    /// How often a consumer took a file of that name.
    taken: BTreeMap<String, u32>,
}

impl<'a> Load<'a> {
    fn new(program: &'a Path, folder: &'a Path) -> Result<Self, String> {
        let sandbox = servers::sandbox()?;
        sandbox.remove_parcels();
        for name in ["in", "out", "making"] {
            fs::create_dir(folder.join(name)).map_err(|error| error.to_string())?;
        }
        Ok(Self { program, folder, sandbox, random: Random::new(), dropped: 0, taken: BTreeMap::new() })
    }

    /// Parcels come, and files are dropped.
    fn deliver(&mut self) -> Result<(), String> {
        for _ in 0..EACH {
            self.dropped += 1;
            let name = format!("parcel-{}.edi", self.dropped);
            self.sandbox.deliver_parcel(OWN, &name, name.as_bytes()).ok_or("no mailbox")?;
            let name = format!("file-{}.edi", self.dropped);
            let (making, ready) = (self.folder.join("making").join(&name), self.folder.join("out").join(&name));
            let dropped = fs::write(&making, &name).and_then(|()| fs::rename(&making, &ready));
            dropped.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command.env_clear().envs(servers::variables(&self.sandbox)).env("API_KEY", &self.sandbox.users()[0].api_key);
        command.env("IN", self.folder.join("in")).env("OUT", self.folder.join("out"));
        command
    }

    /// Runs the program, and kills it at some moment.
    fn kill(&mut self) -> Result<(), String> {
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let life = LONGEST * self.random.below(1000) / 1000;
        thread::sleep(life / 2);
        let delivered = self.deliver();
        thread::sleep(life / 2);
        let killed = child.kill().and_then(|()| child.wait());
        delivered.and(killed.map(drop).map_err(|error| error.to_string()))
    }

    /// A consumer takes some of the files. None was confirmed that is not there, and was not.
    fn consume(&mut self, report: &mut Report) -> Result<(), String> {
        let confirmed: Vec<_> = self.sandbox.parcels().into_iter().filter(|parcel| parcel.confirmations > 0).collect();
        let mut there: BTreeMap<String, u32> = BTreeMap::new();
        for path in files_in(&self.folder.join("in"))? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let content = fs::read_to_string(&path).map_err(|error| error.to_string())?;
            report.check(name.ends_with(&format!("-{content}")), self.at(&format!("{name} has {content:?} in it")));
            if self.random.below(2) == 0 {
                fs::remove_file(&path).map_err(|error| error.to_string())?;
                *self.taken.entry(name).or_default() += 1;
            } else {
                there.insert(name, 1);
            }
        }
        let names = confirmed.into_iter().map(|parcel| format!("{}-{}", parcel.parcel_id, parcel.file_name));
        let unseen: Vec<_> = names.filter(|name| self.taken.get(name).or(there.get(name)).is_none()).collect();
        report.check(unseen.is_empty(), self.at(&format!("{unseen:?} were confirmed, and nobody has seen them")));
        Ok(())
    }

    /// What holds at the end, when a process was left alone.
    fn finish(mut self, report: &mut Report) -> Result<(), String> {
        let rounds = Program::of(self.command()).set("ROUNDS", "4").limit(Duration::from_secs(120));
        rounds.count("the rounds after the kills", report)?;
        for path in files_in(&self.folder.join("in"))? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            *self.taken.entry(name).or_default() += 1;
        }
        let mut sent: BTreeMap<String, u32> = BTreeMap::new();
        for parcel in self.sandbox.parcels() {
            let name = format!("{}-{}", parcel.parcel_id, parcel.file_name);
            if parcel.mailbox_to == OWN {
                let seen = self.taken.remove(&name).unwrap_or_default();
                let good = seen == 1 && parcel.confirmations > 0;
                let confirmed = parcel.confirmations;
                report.check(
                    good,
                    self.at(&format!("{name} appeared {seen} times, and was confirmed {confirmed} times")),
                );
            }
            if parcel.file_name.starts_with("file-") {
                *sent.entry(parcel.file_name).or_default() += 1;
            }
        }
        report.check(self.taken.is_empty(), self.at(&format!("nobody delivered {:?}", self.taken)));
        for number in 1..=self.dropped {
            let name = format!("file-{number}.edi");
            let times = sent.remove(&name).unwrap_or_default();
            report.check(times == 1, self.at(&format!("{name} was sent {times} times")));
        }
        let left = files_in(&self.folder.join("out"))?.len();
        let put_away = files_in(&self.folder.join("out/sent"))?.len();
        report.equal((left, put_away), (0, self.dropped as usize), self.at("files left, and in sent/"));
        Ok(())
    }

    fn at(&self, what: &str) -> String {
        format!("{what} (ECGRID_TEST_SEED={})", self.random.seed)
    }
}

/// Numbers that come again with the same seed. The moments of the kills do not quite.
struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    fn new() -> Self {
        let given = std::env::var("ECGRID_TEST_SEED").ok().and_then(|text| text.parse().ok());
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.as_micros() as u64);
        let seed = given.unwrap_or_else(now).max(1);
        Self { seed, state: seed }
    }

    fn below(&mut self, end: u32) -> u32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % u64::from(end)) as u32
    }
}
