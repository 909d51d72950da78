//! What can be counted: the same on every machine.

use crate::cpus::Cores;
use crate::figures::{Figure, Measured};
use crate::handles::dealt;
use crate::heap;
use crate::programs::{ALL, Act, Programs, Scene, Trust, Who, output};
use crate::server::Server;
use crate::strace::{self, Calls};

pub fn all(programs: &Programs, server: &Server, cores: Option<Cores>) -> Result<Vec<Figure>, String> {
    eprintln!("counting system calls (strace)");
    let [http, https] = server.both();
    let mut figures = Vec::new();
    for (act, suffix) in [(Act::Login, ""), (Act::Call, "-call")] {
        let plain = each(|who| strace::each(programs, who, &http, act))?;
        let tls = each(|who| strace::each(programs, who, &https, act))?;
        let worse = |part: fn(&Calls) -> f64| worse(plain.map(|calls| part(&calls)), tls.map(|calls| part(&calls)));
        figures.push(figure(&format!("syscalls{suffix}-http"), plain.map(|calls| calls.all)));
        figures.push(figure(&format!("syscalls{suffix}-https"), tls.map(|calls| calls.all)));
        figures.push(figure(&format!("writes{suffix}"), worse(|calls| calls.writes)));
        figures.push(figure(&format!("threads{suffix}"), worse(|calls| calls.threads)));
    }
    // By 8 threads at once, as threads that wait for each other's lock tell the kernel.
    let both = dealt(cores, 0);
    let both: Vec<&str> = both.iter().map(String::as_str).collect();
    for (id, mode, rest) in [("syscalls-token", &["threads", "8"][..], &*both), ("syscalls-clone", &["clone"], &[])] {
        let ours = strace::of_handle(programs, &https.url, &server.ca_file(), mode, rest)?;
        figures.push(Figure::new(id, Measured { ours, ..Measured::default() }));
    }
    eprintln!("counting allocations (a preloaded malloc)");
    for (act, id) in [(Act::Login, "allocations"), (Act::Call, "allocations-call")] {
        let plain = each(|who| heap::each(programs, who, &http, act))?;
        let tls = each(|who| heap::each(programs, who, &https, act))?;
        figures.push(figure(id, worse(plain, tls)));
    }
    eprintln!("counting connections of 8 threads (nginx)");
    figures.push(figure("connections", each(|who| connections(programs, server, who, &https))?));
    Ok(figures)
}

/// One line: reconnecting logins are compared only as far as both resume their sessions.
pub fn resumption(programs: &Programs, server: &Server) -> Result<String, String> {
    let scene = Scene::new(server.logged(), Trust::File(server.ca_file()));
    let mut parts = Vec::new();
    for who in ALL {
        let logins = 20 + 30;
        output(&mut programs.call(None, who, &scene, &["reconnect", "30"]))?;
        let seen = server.resumption(logins)?;
        parts.push(format!("{} {} of {}", who.told(), seen.resumed, seen.logins));
    }
    Ok(format!("TLS 1.3 sessions resumed when reconnecting, by nginx's log: {}", parts.join(", ")))
}

fn connections(programs: &Programs, server: &Server, who: Who, scene: &Scene) -> Result<f64, String> {
    let before = server.connections()?;
    output(&mut programs.call(None, who, scene, &["threads", "8", "1000"]))?;
    // The second question's own connection is in its answer.
    Ok((server.connections()? - before - 1) as f64)
}

fn each<T: Default + Copy>(mut measure: impl FnMut(Who) -> Result<T, String>) -> Result<[T; 3], String> {
    let mut found = [T::default(); 3];
    for (place, who) in found.iter_mut().zip(ALL) {
        *place = measure(who)?;
    }
    Ok(found)
}

fn worse(one: [f64; 3], other: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|who| one[who].max(other[who]))
}

fn figure(id: &str, [ours, curl, floor]: [f64; 3]) -> Figure {
    Figure::new(id, Measured { ours, curl: Some(curl), floor: Some(floor), ratio: None })
}
