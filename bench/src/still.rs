//! What needs neither rounds nor a quiet machine: instructions, and sizes of libraries.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::callgrind;
use crate::figures::{Figure, Measured};
use crate::programs::{Act, Programs, Scene, Who, output, plain};
use crate::stats::Estimate;

pub fn instructions(programs: &Programs, scene: &Scene, id: &str, act: Act) -> Result<Figure, String> {
    let ours = callgrind::each(programs, Who::Ours, scene, act)?;
    let curl = callgrind::each(programs, Who::Curl, scene, act)?;
    let floor = callgrind::each(programs, Who::Floor, scene, act)?;
    let median = ours / curl;
    let ratio = Some(Estimate { median, low: median, high: median });
    Ok(Figure::new(id, Measured { ours, curl: Some(curl), floor: Some(floor), ratio }))
}

/// Ours, and for the others all that they load and ours does not.
pub fn library(programs: &Programs) -> Result<Figure, String> {
    let base = loaded(programs, Who::Ours)?;
    let size = |path: &Path| {
        let found = fs::metadata(path).map(|data| data.len() as f64);
        found.map_err(|error| format!("{}: {error}", path.display()))
    };
    let brought = |who: Who| -> Result<f64, String> {
        let all = loaded(programs, who)?;
        let own = all.iter().filter(|(name, _)| !base.contains_key(*name));
        own.map(|(_, path)| size(path)).sum()
    };
    let (curl, floor) = (Some(brought(Who::Curl)?), Some(brought(Who::Floor)?));
    Ok(Figure::new("library", Measured { ours: size(&programs.library())?, curl, floor, ratio: None }))
}

fn loaded(programs: &Programs, who: Who) -> Result<BTreeMap<String, PathBuf>, String> {
    Ok(of_ldd(&output(plain(Path::new("ldd")).arg(programs.of(who)))?))
}

/// Lines such as `libc.so.6 => /lib/libc.so.6 (0x…)`.
fn of_ldd(text: &str) -> BTreeMap<String, PathBuf> {
    let lines = text.lines().filter_map(|line| line.trim().split_once(" => "));
    let found = lines.filter_map(|(name, rest)| {
        let path = rest.rsplit_once(" (")?.0;
        Some((name.to_owned(), PathBuf::from(path)))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_ldd() {
        let text = "\tlinux-vdso.so.1 (0x1)\n\tlibc.so.6 => /lib/libc.so.6 (0x2)\n\tlibx.so => not found\n\t/lib64/ld.so (0x3)\n";
        let found: Vec<_> = of_ldd(text).into_iter().collect();
        assert_eq!(found, [("libc.so.6".to_owned(), PathBuf::from("/lib/libc.so.6"))]);
    }
}
