//! `cargo xtask build`: the release library laid out as C programs expect it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::command::{Outcome, run as run_command};
use crate::compile::{self, Linker, compile};
use crate::exports;
use crate::floor;
use crate::pkg_config;
use crate::targets::{System, Target};
use crate::workspace::Workspace;

/// The test-only feature. Its library never lands where the shipped one does.
const HOOKS: &str = "test-hooks";

/// What `cargo xtask build` is asked for.
pub struct Options {
    features: Vec<String>,
    /// None: this machine's.
    target: Option<&'static Target>,
}

/// `--features A,B` and `--target NAME`, with a space or an equals sign, and repeated.
pub fn options(words: &[&str]) -> Outcome<Options> {
    let mut options = Options { features: Vec::new(), target: None };
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (*word, None),
        };
        let mut value = |example| {
            let next = value.or_else(|| rest.next().copied());
            next.ok_or_else(|| format!("{name} needs a value: {name} {example}"))
        };
        match name {
            "--features" => {
                let names = value(HOOKS)?.split([',', ' ']).filter(|name| !name.is_empty());
                options.features.extend(names.map(str::to_owned));
            }
            "--target" => options.target = Some(Target::called(value("aarch64-unknown-linux-gnu")?)?),
            _ => return Err(format!("build knows only --features and --target, not {word}")),
        }
    }
    Ok(options)
}

pub fn run(workspace: &Workspace, options: &Options) -> Outcome<()> {
    let (stage, is_for_all) = match options.target {
        Some(target) => (build(workspace, target, &options.features)?, true),
        None => build_here(workspace, &options.features)?,
    };
    println!("{} is ready:", stage.display());
    for path in listing(&workspace.at(&stage), Path::new(""))? {
        println!("  {path}");
    }
    if !is_for_all {
        println!("{}", floor::of_this_machine_only(&workspace.at(&stage)));
    }
    Ok(())
}

/// Both layouts, for the tests: the shipped one, then the one with test hooks.
pub fn build_both(workspace: &Workspace) -> Outcome<(PathBuf, PathBuf)> {
    let own = own_target()?;
    let shipped = build(workspace, own, &[])?;
    let hooks = build(workspace, own, &[HOOKS.to_owned()])?;
    Ok((shipped, hooks))
}

/// Builds for this machine; answers the layout's directory, and whether it runs on older ones too.
pub fn build_here(workspace: &Workspace, features: &[String]) -> Outcome<(PathBuf, bool)> {
    let own = own_target()?;
    match Linker::of(workspace, own) {
        Ok(linker) => Ok((build_with(workspace, own, &linker, features)?, true)),
        Err(why) => {
            eprintln!("{why}\nbuilding without it, for this machine only");
            Ok((build_with(workspace, own, &Linker::Own, features)?, false))
        }
    }
}

/// Builds as it ships, and lays it out; answers the layout's directory.
pub fn build(workspace: &Workspace, target: &Target, features: &[String]) -> Outcome<PathBuf> {
    build_with(workspace, target, &Linker::of(workspace, target)?, features)
}

fn own_target() -> Outcome<&'static Target> {
    Target::of_this_machine()
        .ok_or_else(|| "this machine is none that libecgrid is built for: name one with --target".into())
}

fn build_with(workspace: &Workspace, target: &Target, linker: &Linker, features: &[String]) -> Outcome<PathBuf> {
    let hooks = features.iter().any(|feature| feature == HOOKS);
    let is_own = target.is_of_this_machine();
    // Cargo gives a cdylib the same file name whatever its features; and another compiler would build everything anew.
    let into = match (is_own, hooks) {
        (true, false) => workspace.target.clone(),
        (true, true) => workspace.target.join("hooks"),
        (false, false) => workspace.target.join("cross"),
        (false, true) => workspace.target.join("cross-hooks"),
    };
    let name = if hooks { "stage-hooks" } else { "stage" };
    let name = if is_own { name.to_owned() } else { format!("{name}-{}", target.name) };
    println!("building the release library for {name}");
    let built = compile(workspace, target, linker, features, &into)?;
    let stage = workspace.target.join(name);
    lay_out(
        &workspace.at("include/ecgrid.h"),
        &workspace.at(built),
        &workspace.at(&stage),
        target,
        &workspace.version,
    )?;
    if target.system == System::Windows {
        import_library(workspace, target, &stage)?;
    }
    Ok(stage)
}

fn lay_out(header: &Path, built: &Path, stage: &Path, target: &Target, version: &str) -> Outcome<()> {
    let major = version.split('.').next().unwrap_or(version);
    if stage.exists() {
        fs::remove_dir_all(stage).map_err(|error| cannot("remove", stage, &error))?;
    }
    let (include, lib, bin) = (stage.join("include"), stage.join("lib"), stage.join("bin"));
    let make = |directory: &Path| fs::create_dir_all(directory).map_err(|error| cannot("create", directory, &error));
    make(&include)?;
    make(&lib)?;
    copy(header, &include.join("ecgrid.h"))?;
    copy(&built.join("libecgrid.a"), &lib.join("libecgrid.a"))?;
    let (from, full, soname, plain) = match target.system {
        System::Linux | System::Musl => {
            ("libecgrid.so", format!("libecgrid.so.{version}"), format!("libecgrid.so.{major}"), "libecgrid.so")
        }
        System::Mac => (
            "libecgrid.dylib",
            format!("libecgrid.{version}.dylib"),
            format!("libecgrid.{major}.dylib"),
            "libecgrid.dylib",
        ),
        System::Windows => {
            make(&bin)?;
            copy(&built.join("ecgrid.dll"), &bin.join("ecgrid.dll"))?;
            return copy(&built.join("libecgrid.dll.a"), &lib.join("libecgrid.dll.a"));
        }
    };
    copy(&built.join(from), &lib.join(&full))?;
    for (to, name) in [(&full, soname.as_str()), (&soname, plain)] {
        let link = lib.join(name);
        symlink(to, &link).map_err(|error| cannot("create", &link, &error))?;
    }
    let pc = lib.join("pkgconfig");
    make(&pc)?;
    let pc = pc.join("ecgrid.pc");
    fs::write(&pc, pkg_config::file(version, target.system)).map_err(|error| cannot("write", &pc, &error))
}

/// `ecgrid.lib`, with which programs of Microsoft's compiler are linked to the DLL.
fn import_library(workspace: &Workspace, target: &Target, stage: &Path) -> Outcome<()> {
    let dll = stage.join("bin/ecgrid.dll");
    let names = exports::of_dll(workspace, target, &dll)?;
    let definition = stage.join("lib/ecgrid.def");
    let text = format!("LIBRARY ecgrid.dll\nEXPORTS\n{}\n", names.join("\n"));
    let written = fs::write(workspace.at(&definition), text);
    written.map_err(|error| cannot("write", &definition, &error))?;
    let machine = if target.is_32_bits { "i386" } else { "i386:x86-64" };
    let mut dlltool = workspace.command(compile::zig(workspace)?);
    dlltool.args(["dlltool", "-m", machine, "-D", "ecgrid.dll", "-d"]).arg(&definition);
    run_command(dlltool.arg("-l").arg(stage.join("lib/ecgrid.lib")))
}

fn copy(from: &Path, to: &Path) -> Outcome<()> {
    match fs::copy(from, to) {
        Ok(_) => Ok(()),
        Err(error) => Err(cannot("copy", from, &error)),
    }
}

fn cannot(verb: &str, path: &Path, error: &std::io::Error) -> String {
    format!("cannot {verb} {}: {error}", path.display())
}

/// Every file below `root` with its size or where its link leads, sorted.
fn listing(root: &Path, below: &Path) -> Outcome<Vec<String>> {
    let directory = root.join(below);
    let entries = fs::read_dir(&directory).map_err(|error| cannot("read", &directory, &error))?;
    let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    let mut lines = Vec::new();
    for name in names {
        let relative = below.join(name);
        let path = root.join(&relative);
        if let Ok(target) = fs::read_link(&path) {
            lines.push(format!("{} -> {}", relative.display(), target.display()));
        } else if path.is_dir() {
            lines.extend(listing(root, &relative)?);
        } else {
            let size = path.metadata().map_or(0, |data| data.len());
            lines.push(format!("{} ({} KB)", relative.display(), size.div_ceil(1024)));
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_in_every_spelling() {
        let all =
            options(&["--features", "a,b", "--features=c", "--target=i686-win7-windows-gnu", "--features", "d e"]);
        let all = all.unwrap();
        assert_eq!(all.features, ["a", "b", "c", "d", "e"]);
        assert_eq!(all.target.unwrap().name, "i686-win7-windows-gnu");
        assert_eq!(
            options(&["--target", "i686-win7-windows-gnu"]).unwrap().target.unwrap().name,
            "i686-win7-windows-gnu"
        );
        let none = options(&[]).unwrap();
        assert!(none.features.is_empty() && none.target.is_none());
        for (words, says) in [
            (&["--features"][..], "--features needs a value"),
            (&["--target"], "--target needs a value"),
            (&["--target=vax"], "vax"),
            (&["--release"], "--release"),
        ] {
            let error = options(words).err().unwrap();
            assert!(error.contains(says), "{error}");
        }
    }

    /// What is laid out of a build that made these files.
    fn laid_out(target: &str, made: &[&str]) -> Vec<String> {
        let scratch = std::env::temp_dir().join(format!("xtask-stage-{}-{target}", std::process::id()));
        let (built, stage) = (scratch.join("built"), scratch.join("stage"));
        fs::create_dir_all(&built).unwrap();
        for name in made {
            fs::write(built.join(name), name).unwrap();
        }
        let header = scratch.join("ecgrid.h");
        fs::write(&header, "").unwrap();
        // Twice: a layout that is there already is replaced.
        for _ in 0..2 {
            lay_out(&header, &built, &stage, Target::called(target).unwrap(), "3.2.1").unwrap();
        }
        let files = listing(&stage, Path::new("")).unwrap();
        fs::remove_dir_all(&scratch).unwrap();
        files
    }

    #[test]
    fn each_system_has_the_layout_that_it_is_used_to() {
        assert_eq!(
            laid_out("aarch64-unknown-linux-musl", &["libecgrid.so", "libecgrid.a"]),
            [
                "include/ecgrid.h (0 KB)",
                "lib/libecgrid.a (1 KB)",
                "lib/libecgrid.so -> libecgrid.so.3",
                "lib/libecgrid.so.3 -> libecgrid.so.3.2.1",
                "lib/libecgrid.so.3.2.1 (1 KB)",
                "lib/pkgconfig/ecgrid.pc (1 KB)",
            ]
        );
        assert_eq!(
            laid_out("aarch64-apple-darwin", &["libecgrid.dylib", "libecgrid.a"])[1..4],
            [
                "lib/libecgrid.3.2.1.dylib (1 KB)",
                "lib/libecgrid.3.dylib -> libecgrid.3.2.1.dylib",
                "lib/libecgrid.a (1 KB)"
            ]
        );
        assert_eq!(
            laid_out("i686-win7-windows-gnu", &["ecgrid.dll", "libecgrid.dll.a", "libecgrid.a"]),
            [
                "bin/ecgrid.dll (1 KB)",
                "include/ecgrid.h (0 KB)",
                "lib/libecgrid.a (1 KB)",
                "lib/libecgrid.dll.a (1 KB)"
            ]
        );
    }
}
