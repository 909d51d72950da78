//! libecgrid beside libcurl and the bare socket: `cargo xtask bench`.

mod about;
mod answer;
mod callgrind;
mod counts;
mod cpus;
mod figures;
mod files;
mod handles;
mod heap;
mod large;
mod managed;
mod options;
mod parcels;
mod programs;
mod report;
mod round;
mod server;
mod stats;
mod still;
mod stop;
mod strace;
mod svg;
mod timed;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use about::About;
use cpus::Cores;
use options::{Extent, Options};
use programs::{Act, Programs};
use report::Report;
use server::Server;

fn main() -> ExitCode {
    let done = options::parse(lexopt::Parser::from_env()).and_then(|options| match options {
        Some(options) => run(&options),
        None => {
            println!("{}", options::USAGE);
            Ok(true)
        }
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the gate, if there is one, is open.
fn run(options: &Options) -> Result<bool, String> {
    let told = |table: String, json: serde_json::Value| {
        if options.json {
            println!("{json:#}");
        } else {
            print!("{table}");
        }
    };
    let missed = if let Some(managed) = &options.managed {
        let report = managed::run(options, managed)?;
        told(report.table(), report.json());
        report.missed()
    } else {
        let report = measure(options)?;
        told(report.table(), report.json());
        if let Some(file) = &options.svg {
            write(file, &svg::chart(&report))?;
        }
        report.missed()
    };
    if !options.gate {
        return Ok(true);
    }
    for line in &missed {
        eprintln!("gate: {line}");
    }
    Ok(missed.is_empty())
}

fn measure(options: &Options) -> Result<Report, String> {
    stop::listen();
    let folder = tempfile::Builder::new().prefix("ecgrid-bench-").tempdir();
    let folder = folder.map_err(|error| format!("no temporary folder: {error}"))?;
    let programs = Programs::compile(&options.stage, folder.path())?;
    let about = About::of(&programs)?;
    let cores = Cores::choose();
    // What is started from here on inherits it, nginx too.
    cores.map_or(Ok(()), Cores::together)?;
    let server = Server::start(folder.path())?;

    let mut figures = counts::all(&programs, &server, cores)?;
    figures.extend(large::counts::all(&programs, &server)?);
    figures.extend(files::counts(&programs, &server)?);
    figures.extend(round::counts(&programs)?);
    figures.push(still::library(&programs)?);
    let (mut notes, mut sizes) = (Vec::new(), None);
    if options.extent != Extent::Counts {
        let (plan, large) = match options.extent {
            Extent::Quick => (&timed::QUICK, &large::QUICK),
            Extent::Full | Extent::Counts => (&timed::FULL, &large::FULL),
        };
        eprintln!("counting instructions (callgrind)");
        let [_, https] = server.both();
        let logged = https.clone().logged(programs.path("ecgrid.log"));
        for (id, scene, act) in [
            ("instructions", &https, Act::Login),
            ("instructions-log", &logged, Act::Login),
            ("instructions-call", &https, Act::Call),
        ] {
            figures.push(still::instructions(&programs, scene, id, act)?);
        }
        figures.extend(timed::all(&programs, &server, cores, plan)?);
        let (timed, by_size) = large::all(&programs, &server, large)?;
        figures.extend(timed);
        figures.extend(files::all(&programs, &server, large)?);
        sizes = Some(by_size);
        notes.push(counts::resumption(&programs, &server)?);
        notes.push(
            "floor: a bare socket, with OpenSSL for HTTPS; where a login connects, that is OpenSSL's cost".into(),
        );
        notes.push("shared library of the others: all that they load and libecgrid does not".into());
        notes.push(
            "call: GET /v2/users/me with the token of a login; libcurl's and the floor's send the same header".into(),
        );
        notes.push(
            "ratio of tokens a second: 8 threads that share a session over one; of all else: ours over libcurl's"
                .into(),
        );
    }
    let place = |id: &str| figures::ALL.iter().position(|spec| spec.id == id);
    figures.sort_by_key(|figure| place(figure.spec.id));
    let pinning = Cores::told(cores);
    Ok(Report { about, extent: options.extent.name(), pinning, notes, figures, sizes })
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let made = if folder.as_os_str().is_empty() { Ok(()) } else { fs::create_dir_all(folder) };
    made.and_then(|()| fs::write(file, text)).map_err(|error| format!("cannot write {}: {error}", file.display()))
}
