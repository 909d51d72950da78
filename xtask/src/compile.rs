//! The library for one target, by the compiler and linker that can.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::{Outcome, capture, run as run_command};
use crate::targets::{System, Target};
use crate::tools;
use crate::wheel::Wheel;
use crate::workspace::{Workspace, forget_package};

/// How large a function may be for the compiler to repeat it where it is called. The library is 21 KB smaller than with its own
/// choice, and what the bench counts the same within 1 %.
const SMALLER: &str = "-Cllvm-args=-inline-threshold=6";

/// Links for any system, and for any glibc.
const ZIG: Wheel = Wheel { package: "ziglang", version: "0.17.1", what: "the linker zig", program: "ziglang/zig" };
const CARGO_ZIGBUILD: Wheel = Wheel {
    package: "cargo-zigbuild",
    version: "0.24.1",
    what: "builds that are linked by zig",
    program: "bin/cargo-zigbuild",
};

/// The program zig, which also has tools of LLVM in it.
pub fn zig(workspace: &Workspace) -> Outcome<PathBuf> {
    ZIG.program(workspace)
}

/// Who links.
pub enum Linker {
    /// What cargo takes by itself, for this machine.
    Own,
    Zig {
        zig: PathBuf,
        cargo: PathBuf,
    },
    /// GNU's for Windows.
    Mingw,
}

impl Linker {
    pub fn of(workspace: &Workspace, target: &Target) -> Outcome<Self> {
        if target.system == System::Windows {
            tools::provide(workspace, if target.is_32_bits { tools::WINDOWS_X86 } else { tools::WINDOWS })?;
            return Ok(Self::Mingw);
        }
        let linker = Self::Zig { zig: zig(workspace)?, cargo: CARGO_ZIGBUILD.program(workspace)? };
        if !target.is_of_this_machine() {
            tools::provide(workspace, tools::RUST_ANYWHERE)?;
        }
        Ok(linker)
    }
}

/// Builds it below `into`; answers the folder of what was built.
pub fn compile(
    workspace: &Workspace,
    target: &Target,
    linker: &Linker,
    features: &[String],
    into: &Path,
) -> Outcome<PathBuf> {
    let is_own = target.is_of_this_machine();
    let mut cargo = match linker {
        Linker::Zig { cargo, .. } => workspace.command(cargo),
        _ if is_own => workspace.cargo(),
        _ => workspace.command("/usr/bin/cargo"),
    };
    forget_package(&mut cargo);
    let mut flags = flags(workspace)?;
    if !is_own {
        // Debian's Rust: it has the sources to build a standard library from, for whatever system.
        cargo.env("CARGO", "/usr/bin/cargo").env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    }
    if target.system == System::Musl {
        flags.push("-Ctarget-feature=-crt-static".into());
    }
    // Naming the crate types leaves the rlib out: with it cargo would do no link-time optimisation.
    cargo.args(["rustc", "--release", "-p", "ecgrid", "--lib", "--crate-type", "cdylib,staticlib"]);
    cargo.arg("--target-dir").arg(into);
    match target.glibc {
        Some(glibc) if matches!(linker, Linker::Zig { .. }) => {
            cargo.arg("--target").arg(format!("{}.{glibc}", target.name))
        }
        _ => cargo.args(["--target", target.name]),
    };
    if !is_own {
        // Without what would print a backtrace: nothing is ever printed.
        cargo.args(["-Zbuild-std=std,panic_unwind", "-Zbuild-std-features="]);
    }
    if !features.is_empty() {
        cargo.arg("--features").arg(features.join(","));
    }
    linker.set(workspace, target, &mut cargo, &mut flags);
    if target.system == System::Mac {
        // Nothing here strips a library for macOS.
        cargo.env("CARGO_PROFILE_RELEASE_STRIP", "false");
    }
    // Shown as one would type it, where it can be typed.
    if flags.iter().any(|flag| flag.contains(' ')) {
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    } else {
        cargo.env("RUSTFLAGS", flags.join(" "));
    }
    run_command(&mut cargo)?;
    Ok(into.join(target.name).join("release"))
}

impl Linker {
    fn set(&self, workspace: &Workspace, target: &Target, cargo: &mut Command, flags: &mut Vec<String>) {
        match self {
            Self::Own => {}
            Self::Zig { zig, .. } => {
                let cache = workspace.at(workspace.target.join("zig"));
                cargo.env("CARGO_ZIGBUILD_ZIG_PATH", zig).env("CARGO_ZIGBUILD_CACHE_DIR", cache.join("wrappers"));
                cargo.env("ZIG_GLOBAL_CACHE_DIR", cache.join("global")).env("ZIG_LOCAL_CACHE_DIR", cache.join("local"));
            }
            Self::Mingw => {
                let (gcc, name) = (format!("{}-gcc-posix", target.mingw()), target.name.replace('-', "_"));
                cargo.env(format!("CARGO_TARGET_{}_LINKER", name.to_uppercase()), &gcc);
                cargo.env(format!("CC_{name}"), &gcc).env(format!("AR_{name}"), format!("{}-ar", target.mingw()));
                // The same library from the same sources, whenever it is built.
                flags.push("-Clink-arg=-Wl,--no-insert-timestamp".into());
            }
        }
    }
}

/// No path of this machine is in the library: of a dependency's file it says only which package that is of.
fn flags(workspace: &Workspace) -> Outcome<Vec<String>> {
    let mut cargo = workspace.cargo();
    let metadata = capture(cargo.args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let manifests = packages.filter_map(|package| package["manifest_path"].as_str()).map(Path::new);
    let outside = manifests.filter(|manifest| !manifest.starts_with(&workspace.root));
    let folders: BTreeSet<&Path> = outside.filter_map(|manifest| manifest.parent()?.parent()).collect();
    let mut flags = vec![SMALLER.to_owned()];
    flags.extend(folders.iter().map(|folder| format!("--remap-path-prefix={}/=", folder.display())));
    Ok(flags)
}
