//! Parcels between the server and files, and rounds of an inbox.

use std::fs;
use std::path::{Path, PathBuf};

use ecgrid_sandbox::Sandbox;

use crate::figures::{Figure, Measured};
use crate::parcels::FILE;
use crate::programs::{Programs, Scene, Trust, Who, numbers, output, plain};
use crate::server::Server;
use crate::stats::{median, paired_ratio};
use crate::strace;
use crate::timed::took;

/// Who writes files.
const BOTH: [Who; 2] = [Who::Ours, Who::Curl];
/// Parcels of a round, and of one that is subtracted from it.
const ROUND: (u32, u32) = (100, 1_100);

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
        fs::write(files.sent(), vec![0x5a; FILE]).map_err(|error| format!("no file to send: {error}"))?;
        Ok(files)
    }

    fn sent(&self) -> PathBuf {
        self.folder.path().join("sent.edi")
    }

    fn mode(&self, act: &'static str, times: usize) -> [String; 3] {
        let file = if act == "upload" { self.sent() } else { self.folder.path().join("received.edi") };
        [act.into(), file.display().to_string(), times.to_string()]
    }
}

fn words(mode: &[String]) -> Vec<&str> {
    mode.iter().map(String::as_str).collect()
}

const ACTS: [(&str, &str); 2] = [("down", "download"), ("up", "upload")];

/// Peak memory above a login, and what a parcel of a round takes.
pub fn counts(programs: &Programs, server: &Server) -> Result<Vec<Figure>, String> {
    eprintln!("counting what parcels in files take (the kernel's peak, strace)");
    let files = Files::new()?;
    let mut figures = Vec::new();
    for scene in server.both() {
        for (id, act) in ACTS {
            let above = |who| -> Result<f64, String> {
                let login = peak(programs, who, &scene, &["nothing", "1"])?;
                Ok((peak(programs, who, &scene, &words(&files.mode(act, 1)))? - login).max(0.0))
            };
            let (ours, curl) = (above(Who::Ours)?, Some(above(Who::Curl)?));
            let measured = Measured { ours, curl, ..Measured::default() };
            figures.push(Figure::new(&format!("memory-{id}-{}", scene.scheme()), measured));
        }
    }
    let (few, many) = (round(programs, ROUND.0)?, round(programs, ROUND.1)?);
    let value = |id, ours| Figure::new(id, Measured { ours, ..Measured::default() });
    figures.push(value("syscalls-parcel", (many.calls - few.calls) / f64::from(ROUND.1 - ROUND.0)));
    figures.push(value("requests-round", many.requests - 2.0 * f64::from(ROUND.1 - 1_000)));
    Ok(figures)
}

pub fn all(programs: &Programs, server: &Server, rounds: usize) -> Result<Vec<Figure>, String> {
    let files = Files::new()?;
    let mut figures = Vec::new();
    for scene in server.both() {
        eprintln!("timing parcels to and from files ({})", scene.scheme().to_uppercase());
        for (id, act) in ACTS {
            let mut times = [Vec::new(), Vec::new()];
            for round in 0..rounds {
                for turn in 0..BOTH.len() {
                    let who = BOTH[(round + turn) % BOTH.len()];
                    // The first connects, and warms up.
                    let told = output(&mut programs.file(None, who, &scene, &words(&files.mode(act, 4))))?;
                    times[who as usize].push(median(&numbers(&told, "ns")?[1..]));
                }
            }
            let [ours, curl] = &times;
            let measured = Measured {
                ours: median(ours),
                curl: Some(median(curl)),
                floor: None,
                ratio: Some(paired_ratio(ours, curl)),
            };
            figures.push(Figure::new(&format!("{id}-{}", scene.scheme()), measured));
        }
    }
    Ok(figures)
}

/// Bytes, of a process that does it once.
fn peak(programs: &Programs, who: Who, scene: &Scene, mode: &[&str]) -> Result<f64, String> {
    let told = output(&mut programs.file(Some(plain(&programs.path("run"))), who, scene, mode))?;
    took(told.lines().last().unwrap_or_default()).map(|(_, kb)| kb * 1024.0)
}

struct Round {
    calls: f64,
    requests: f64,
}

/// One round of so many parcels of 2 KB, in a sandbox of its own: one list has them all.
fn round(programs: &Programs, parcels: u32) -> Result<Round, String> {
    let sandbox = Sandbox::builder().start().map_err(|error| format!("no sandbox: {error}"))?;
    sandbox.remove_parcels();
    for number in 0..parcels {
        let name = format!("order-{number}.edi");
        sandbox.deliver_parcel(101, &name, &[b'x'; 2_000]).ok_or("the sandbox has no such mailbox")?;
    }
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let scene = Scene::new(sandbox.http_url(), Trust::File(sandbox.ca_file().to_owned()));
    let calls = strace::run(programs, |strace| {
        let mut command = programs.round(strace, &scene);
        command.arg(folder.path()).arg(parcels.to_string());
        command
    })?;
    // But for the login.
    Ok(Round { calls: calls.all, requests: sandbox.request_count() as f64 - 1.0 })
}
