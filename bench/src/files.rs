//! Parcels between the server and files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::callgrind;
use crate::figures::{Figure, Measured};
use crate::large::Plan;
use crate::parcels::{COUNTED_FILE, FILE, Parcel};
use crate::programs::{Programs, Scene, Who, numbers, output, plain};
use crate::server::Server;
use crate::stats::{Estimate, median, paired_ratio};
use crate::timed::took;

/// Who writes files.
const BOTH: [Who; 2] = [Who::Ours, Who::Curl];
/// The kernel counts a process's pages in batches: one peak is like another to some 100 KB.
const PEAKS: usize = 7;

#[derive(Clone, Copy, PartialEq)]
enum Act {
    Download,
    Upload,
}

const ACTS: [Act; 2] = [Act::Download, Act::Upload];

impl Act {
    /// In the ids of figures.
    fn name(self) -> &'static str {
        match self {
            Self::Download => "down",
            Self::Upload => "up",
        }
    }
}

/// A folder in memory, where putting something on the disk costs nothing: that is the disk's, and the same for both.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Result<Self, String> {
        let memory = Path::new("/dev/shm");
        let below = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = tempfile::Builder::new().prefix("ecgrid-bench-").tempdir_in(below);
        let files = Self { folder: folder.map_err(|error| format!("no folder for files: {error}"))? };
        for parcel in [FILE, COUNTED_FILE] {
            fs::write(files.sent(parcel), parcel.file()).map_err(|error| format!("no file to send: {error}"))?;
        }
        Ok(files)
    }

    fn sent(&self, parcel: Parcel) -> PathBuf {
        self.folder.path().join(format!("sent-{}.edi", parcel.id))
    }

    fn received(&self) -> PathBuf {
        self.folder.path().join("received.edi")
    }

    /// A contestant that does it so often.
    fn command(&self, mut program: Command, act: Act, parcel: Parcel, times: u32) -> Command {
        match act {
            Act::Download => program.args(["download", &parcel.id.to_string()]).arg(self.received()),
            Act::Upload => program.arg("upload").arg(self.sent(parcel)),
        };
        program.arg(times.to_string());
        program
    }

    /// An error if the last download has not brought what was to come.
    fn check(&self, who: Who, parcel: Parcel) -> Result<(), String> {
        let read = |path: PathBuf| fs::read(&path).map_err(|error| format!("{}: {error}", path.display()));
        if read(self.received())? == read(self.sent(parcel))? {
            return Ok(());
        }
        Err(format!("{} has received another file than was sent", who.told()))
    }
}

/// What needs no quiet machine: peak memory above a login, and instructions.
pub fn counts(programs: &Programs, server: &Server) -> Result<Vec<Figure>, String> {
    eprintln!("counting what parcels in files take (the kernel's peak, callgrind)");
    let files = Files::new()?;
    let mut figures = Vec::new();
    for scene in server.both() {
        let scheme = scene.scheme();
        for act in ACTS {
            let above = |who| above_login(programs, &files, who, &scene, act);
            let measured = Measured { ours: above(Who::Ours)?, curl: Some(above(Who::Curl)?), ..Measured::default() };
            figures.push(Figure::new(&format!("memory-{}-{scheme}", act.name()), measured));
            // As of a large request (large/counts.rs), the instructions say little where it is copied for TLS.
            if (act, scheme) == (Act::Upload, "https") {
                continue;
            }
            let each = |who| {
                callgrind::apiece(programs, (1, 4), |valgrind, times| {
                    files.command(programs.file(Some(valgrind), who, &scene), act, COUNTED_FILE, times)
                })
            };
            let (ours, curl) = (each(Who::Ours)?, each(Who::Curl)?);
            let median = ours / curl;
            let ratio = Some(Estimate { median, low: median, high: median });
            let measured = Measured { ours, curl: Some(curl), floor: None, ratio };
            figures.push(Figure::new(&format!("instructions-{}-{scheme}", act.name()), measured));
        }
    }
    Ok(figures)
}

/// Bytes that a process needs at most, above those of one that only logs in.
fn above_login(programs: &Programs, files: &Files, who: Who, scene: &Scene, act: Act) -> Result<f64, String> {
    let program = || programs.file(Some(plain(&programs.path("run"))), who, scene);
    let peak = |mut command: Command| {
        let told = output(&mut command)?;
        took(told.lines().last().unwrap_or_default()).map(|(_, kb)| kb * 1024.0)
    };
    let (mut logins, mut acts) = (Vec::new(), Vec::new());
    for _ in 0..PEAKS {
        let mut login = program();
        login.arg("nothing");
        logins.push(peak(login)?);
        acts.push(peak(files.command(program(), act, FILE, 1))?);
    }
    if act == Act::Download {
        files.check(who, FILE)?;
    }
    Ok((median(&acts) - median(&logins)).max(0.0))
}

pub fn all(programs: &Programs, server: &Server, plan: &Plan) -> Result<Vec<Figure>, String> {
    let files = Files::new()?;
    let mut figures = Vec::new();
    for scene in server.both() {
        eprintln!("timing parcels to and from files ({})", scene.scheme().to_uppercase());
        for act in ACTS {
            let mut times = [Vec::new(), Vec::new()];
            for round in 0..plan.rounds {
                for turn in 0..BOTH.len() {
                    let who = BOTH[(round + turn) % BOTH.len()];
                    let program = programs.file(None, who, &scene);
                    // The first connects, and warms up.
                    let told = output(&mut files.command(program, act, FILE, plan.times + 1))?;
                    times[who as usize].push(median(&numbers(&told, "ns")?[1..]));
                }
            }
            let [ours, curl] = &times;
            let ratio = Some(paired_ratio(ours, curl));
            let measured = Measured { ours: median(ours), curl: Some(median(curl)), floor: None, ratio };
            figures.push(Figure::new(&format!("{}-{}", act.name(), scene.scheme()), measured));
        }
    }
    Ok(figures)
}
