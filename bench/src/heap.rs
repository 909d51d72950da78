//! Counting allocations with the preloaded heap.c.

use crate::programs::{Programs, Scene, Who, both, numbers};

/// Allocations of a login: those of many logins less those of few.
pub fn a_login(programs: &Programs, who: Who, scene: &Scene) -> Result<f64, String> {
    let (few, many) = (20, 220);
    let (less, more) = (run(programs, who, scene, few)?, run(programs, who, scene, many)?);
    Ok((more - less) / f64::from(many - few))
}

fn run(programs: &Programs, who: Who, scene: &Scene, logins: u32) -> Result<f64, String> {
    let mut command = programs.call(None, who, scene, &["count", &logins.to_string()]);
    command.env("LD_PRELOAD", programs.path("heap.so"));
    let (_, told) = both(&mut command)?;
    numbers(&told, "allocations").map(|numbers| numbers[0])
}
