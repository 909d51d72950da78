//! A round of an inbox: what it takes for each of its parcels.

use ecgrid_sandbox::Sandbox;

use crate::figures::{Figure, Measured};
use crate::programs::{Programs, Scene, Trust};
use crate::strace;

/// Parcels of a round, of 2 KB each.
const PARCELS: u32 = 1_000;
/// Those of one that is subtracted from it.
const FEW: u32 = 100;

pub fn counts(programs: &Programs) -> Result<Vec<Figure>, String> {
    eprintln!("counting what a round of {PARCELS} parcels takes (strace, the sandbox)");
    let (few, many) = (round(programs, FEW)?, round(programs, PARCELS)?);
    let value = |id, ours| Figure::new(id, Measured { ours, ..Measured::default() });
    Ok(vec![
        value("requests-round", many.requests),
        value("syscalls-parcel", (many.calls - few.calls) / f64::from(PARCELS - FEW)),
    ])
}

struct Round {
    calls: f64,
    /// Without that of the login.
    requests: f64,
}

/// In a sandbox of its own, where one list has them all.
fn round(programs: &Programs, parcels: u32) -> Result<Round, String> {
    let sandbox = Sandbox::builder().start().map_err(|error| format!("no sandbox: {error}"))?;
    sandbox.remove_parcels();
    for number in 0..parcels {
        let name = format!("order-{number}.edi");
        sandbox.deliver_parcel(101, &name, &[b'x'; 2_000]).ok_or("the sandbox has no such mailbox")?;
    }
    let folder = tempfile::tempdir().map_err(|error| format!("no folder for parcels: {error}"))?;
    let scene = Scene::new(sandbox.http_url(), Trust::File(sandbox.ca_file().to_owned()));
    let calls = strace::run(programs, |strace| {
        let mut command = programs.round(strace, &scene);
        command.arg(folder.path()).arg(parcels.to_string());
        command
    })?;
    Ok(Round { calls: calls.all, requests: sandbox.request_count() as f64 - 1.0 })
}
