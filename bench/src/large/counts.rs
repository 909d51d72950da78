//! What can be counted of large answers and requests, each beside libcurl's count.

use crate::callgrind;
use crate::figures::{Figure, Measured};
use crate::parcels::{COUNTED, COUNTED_ROWS, LARGEST, Row};
use crate::programs::{ALL, Act, Programs, Scene, Who, output, plain};
use crate::server::Server;
use crate::stats::Estimate;
use crate::strace;
use crate::timed::took;

pub fn all(programs: &Programs, server: &Server) -> Result<Vec<Figure>, String> {
    eprintln!("counting what large answers and requests take (strace, callgrind, the kernel's peak)");
    let mut figures = Vec::new();
    for scene in server.both() {
        let scheme = scene.scheme();
        for (id, act) in [("answer", Act::Answer as fn(usize) -> Act), ("request", Act::Request)] {
            let calls = beside(|who| strace::each(programs, who, &scene, act(LARGEST)).map(|calls| calls.all))?;
            figures.push(Figure::new(&format!("syscalls-{id}-{scheme}"), calls));
            // It counts each byte that `rep movsb` moves, so that it says little where a request is copied for TLS.
            if (id, scheme) != ("request", "https") {
                let instructions = beside(|who| callgrind::each(programs, who, &scene, act(COUNTED)))?;
                figures.push(Figure::new(&format!("instructions-{id}-{scheme}"), instructions));
            }
            let peak = beside(|who| peak(programs, who, &scene, act(LARGEST)))?;
            figures.push(Figure::new(&format!("memory-{id}-{scheme}"), peak));
        }
        if scheme == "http" {
            let rows = beside(|who| callgrind::each(programs, who, &scene, Act::Rows(Row::Parcel, COUNTED_ROWS)))?;
            figures.push(Figure::new("instructions-rows", rows));
        }
    }
    Ok(figures)
}

/// Bytes, of a process that does it once.
fn peak(programs: &Programs, who: Who, scene: &Scene, act: Act) -> Result<f64, String> {
    let runner = plain(&programs.path("run"));
    let told = output(&mut programs.count(Some(runner), who, scene, act, 1))?;
    let line = told.lines().last().unwrap_or_default();
    took(line).map(|(_, kb)| kb * 1024.0)
}

fn beside(mut measure: impl FnMut(Who) -> Result<f64, String>) -> Result<Measured, String> {
    let mut found = [0.0; 3];
    for (place, who) in found.iter_mut().zip(ALL) {
        *place = measure(who)?;
    }
    let [ours, curl, floor] = found;
    let median = ours / curl;
    let ratio = Some(Estimate { median, low: median, high: median });
    Ok(Measured { ours, curl: Some(curl), floor: Some(floor), ratio })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_counted_once_and_ours_is_set_beside_libcurls() {
        let mut asked = Vec::new();
        let measured = beside(|who| {
            asked.push(who);
            Ok([3.0, 12.0, 2.0][who as usize])
        });
        let measured = measured.unwrap();
        assert_eq!(asked, ALL);
        assert_eq!((measured.ours, measured.curl, measured.floor), (3.0, Some(12.0), Some(2.0)));
        assert_eq!(measured.ratio.unwrap().median, 0.25);
        assert_eq!(beside(|_| Err("broken".into())).err(), Some("broken".to_owned()));
    }
}
