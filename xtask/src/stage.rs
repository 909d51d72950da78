//! `cargo xtask build`: the release library laid out as C programs expect it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::command::{Outcome, run as run_command};
use crate::pkg_config;
use crate::workspace::Workspace;

/// The test-only feature. Its library never lands where the shipped one does.
const HOOKS: &str = "test-hooks";

/// The features named by `--features A,B`, `--features=A,B` and repetitions.
pub fn features(options: &[&str]) -> Outcome<Vec<String>> {
    let mut features = Vec::new();
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        let value = match option.strip_prefix("--features=") {
            Some(value) => value,
            None if *option == "--features" => rest.next().ok_or("--features needs a value: --features test-hooks")?,
            None => return Err(format!("build knows only --features, not {option}")),
        };
        let names = value.split([',', ' ']).filter(|name| !name.is_empty());
        features.extend(names.map(str::to_owned));
    }
    Ok(features)
}

pub fn run(workspace: &Workspace, features: &[String]) -> Outcome<()> {
    let stage = build(workspace, features)?;
    println!("{} is ready:", stage.display());
    for path in listing(&workspace.at(&stage), Path::new(""))? {
        println!("  {path}");
    }
    Ok(())
}

/// Both layouts, for the tests: the shipped one, then the one with test hooks.
pub fn build_both(workspace: &Workspace) -> Outcome<(PathBuf, PathBuf)> {
    let shipped = build(workspace, &[])?;
    let hooks = build(workspace, &[HOOKS.to_owned()])?;
    Ok((shipped, hooks))
}

/// How large a function may be for the compiler to repeat it where it is called. The library is 21 KB smaller than with its own
/// choice, and what the bench counts the same within 1 %.
const SMALLER: &str = "llvm-args=-inline-threshold=10";

/// Build and lay out; answers the layout's directory.
pub fn build(workspace: &Workspace, features: &[String]) -> Outcome<PathBuf> {
    if !cfg!(target_os = "linux") {
        return Err("build lays out a Linux library: run it on Linux".into());
    }
    let hooks = features.iter().any(|feature| feature == HOOKS);
    let (name, target) = if hooks {
        // Cargo gives a cdylib the same file name whatever its features.
        ("stage-hooks", workspace.target.join("hooks"))
    } else {
        ("stage", workspace.target.clone())
    };
    println!("building the release library for {name}");
    let mut cargo = workspace.cargo();
    // Naming the crate types leaves the rlib out: with it cargo would do no link-time optimisation.
    cargo.args(["rustc", "--release", "-p", "ecgrid", "--lib"]);
    cargo.args(["--crate-type", "cdylib,staticlib"]);
    if !features.is_empty() {
        cargo.arg("--features").arg(features.join(","));
    }
    if hooks {
        cargo.arg("--target-dir").arg(&target);
    }
    cargo.args(["--", "-C", SMALLER]);
    run_command(&mut cargo)?;

    let stage = workspace.target.join(name);
    lay_out(
        &workspace.at("include/ecgrid.h"),
        &workspace.at(target).join("release"),
        &workspace.at(&stage),
        &workspace.version,
    )?;
    Ok(stage)
}

fn lay_out(header: &Path, built: &Path, stage: &Path, version: &str) -> Outcome<()> {
    let major = version.split('.').next().unwrap_or(version);
    let (full, soname) = (format!("libecgrid.so.{version}"), format!("libecgrid.so.{major}"));
    if stage.exists() {
        fs::remove_dir_all(stage).map_err(|error| cannot("remove", stage, &error))?;
    }
    let (include, lib) = (stage.join("include"), stage.join("lib"));
    let pc = lib.join("pkgconfig");
    for directory in [&include, &pc] {
        fs::create_dir_all(directory).map_err(|error| cannot("create", directory, &error))?;
    }
    copy(header, &include.join("ecgrid.h"))?;
    copy(&built.join("libecgrid.so"), &lib.join(&full))?;
    copy(&built.join("libecgrid.a"), &lib.join("libecgrid.a"))?;
    for (target, name) in [(&full, soname.as_str()), (&soname, "libecgrid.so")] {
        let link = lib.join(name);
        symlink(target, &link).map_err(|error| cannot("create", &link, &error))?;
    }
    let pc = pc.join("ecgrid.pc");
    fs::write(&pc, pkg_config::file(version)).map_err(|error| cannot("write", &pc, &error))
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
    fn features_come_in_every_spelling() {
        let all = features(&["--features", "a,b", "--features=c", "--features", "d e"]);
        assert_eq!(all.unwrap(), ["a", "b", "c", "d", "e"]);
        assert!(features(&[]).unwrap().is_empty());
        assert!(features(&["--features"]).is_err());
        assert!(features(&["--release"]).unwrap_err().contains("--release"));
    }

    #[test]
    fn the_layout_has_header_libraries_links_and_pc_file() {
        let scratch = std::env::temp_dir().join(format!("xtask-stage-{}", std::process::id()));
        let (built, stage) = (scratch.join("built"), scratch.join("stage"));
        fs::create_dir_all(&built).unwrap();
        for name in ["ecgrid.h", "libecgrid.so", "libecgrid.a"] {
            fs::write(built.join(name), name).unwrap();
        }
        // Twice: a layout that is there already is replaced.
        for _ in 0..2 {
            lay_out(&built.join("ecgrid.h"), &built, &stage, "3.2.1").unwrap();
        }
        let files = listing(&stage, Path::new("")).unwrap();
        let through_links = fs::read_to_string(stage.join("lib/libecgrid.so")).unwrap();
        let missing = lay_out(&scratch.join("no.h"), &built, &stage, "3.2.1").unwrap_err();
        fs::remove_dir_all(&scratch).unwrap();
        assert_eq!(
            files,
            [
                "include/ecgrid.h (1 KB)",
                "lib/libecgrid.a (1 KB)",
                "lib/libecgrid.so -> libecgrid.so.3",
                "lib/libecgrid.so.3 -> libecgrid.so.3.2.1",
                "lib/libecgrid.so.3.2.1 (1 KB)",
                "lib/pkgconfig/ecgrid.pc (1 KB)",
            ]
        );
        assert_eq!(through_links, "libecgrid.so");
        assert!(missing.contains("no.h"));
    }
}
