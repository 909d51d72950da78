//! `cargo xtask build-windows`: the DLL for 64-bit Windows, built on Debian.

use std::path::Path;

use crate::command::{Outcome, capture, run as run_command};
use crate::exports;
use crate::tools;
use crate::workspace::{Workspace, forget_package};

const TRIPLE: &str = "x86_64-pc-windows-gnu";
const LINKER: &str = "x86_64-w64-mingw32-gcc-posix";

pub fn run(workspace: &Workspace) -> Outcome<()> {
    tools::provide(workspace, tools::WINDOWS)?;

    let target = workspace.target.join("windows");
    // Debian's Rust: it has the sources to build a standard library for Windows from.
    let mut cargo = workspace.command("/usr/bin/cargo");
    forget_package(&mut cargo);
    cargo.env("RUSTC", "/usr/bin/rustc");
    cargo.env("RUSTC_BOOTSTRAP", "1");
    cargo.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER);
    cargo.env("CC_x86_64_pc_windows_gnu", LINKER);
    cargo.env("AR_x86_64_pc_windows_gnu", "x86_64-w64-mingw32-ar");
    cargo.args(["rustc", "--release", "-p", "ecgrid", "--lib"]);
    cargo.args(["--crate-type", "cdylib"]);
    cargo.args(["-Zbuild-std=std,panic_unwind", "--target", TRIPLE]);
    cargo.arg("--target-dir").arg(&target);
    run_command(&mut cargo)?;

    let built = target.join(TRIPLE).join("release");
    let dll = built.join("ecgrid.dll");
    for (what, path) in [("DLL", &dll), ("import library", &built.join("libecgrid.dll.a"))] {
        println!("{what}: {} ({} KB)", path.display(), kilobytes(workspace, path)?);
    }
    let mut objdump = workspace.command("x86_64-w64-mingw32-objdump");
    let text = capture(objdump.arg("-p").arg(&dll))?;
    let names = exports::of_objdump(&text);
    println!("exports: {}", names.len());
    for name in &names {
        println!("  {name}");
    }
    match names.iter().find(|name| !name.starts_with("ecgrid_")) {
        Some(other) => Err(format!("the DLL exports {other}; only ecgrid_* may be")),
        None if names.is_empty() => Err("the DLL exports nothing".into()),
        None => Ok(()),
    }
}

fn kilobytes(workspace: &Workspace, path: &Path) -> Outcome<u64> {
    let data = std::fs::metadata(workspace.at(path))
        .map_err(|error| format!("the build made no {}: {error}", path.display()))?;
    Ok(data.len().div_ceil(1024))
}
