//! Counting allocations with the preloaded heap.c.

use crate::programs::{Act, Programs, Scene, Who, both, numbers};

/// Allocations of an act: those of many less those of few.
pub fn each(programs: &Programs, who: Who, scene: &Scene, act: Act) -> Result<f64, String> {
    let (few, many) = act.spread(220);
    let (less, more) = (run(programs, who, scene, act, few)?, run(programs, who, scene, act, many)?);
    Ok((more - less) / f64::from(many - few))
}

fn run(programs: &Programs, who: Who, scene: &Scene, act: Act, times: u32) -> Result<f64, String> {
    let mut command = programs.count(None, who, scene, act, times);
    command.env("LD_PRELOAD", programs.path("heap.so"));
    let (_, told) = both(&mut command)?;
    numbers(&told, "allocations").map(|numbers| numbers[0])
}
