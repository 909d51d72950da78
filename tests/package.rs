//! Promises about the package itself, kept by reading it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn metadata() -> Value {
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    serde_json::from_slice(&cargo.stdout).expect("JSON")
}

/// The packages that the shared library is made of, by id.
fn library_tree(metadata: &Value) -> BTreeMap<String, &Value> {
    let packages = metadata["packages"].as_array().unwrap();
    let find = |id: &str| packages.iter().find(|package| package["id"] == id).unwrap();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let first = packages.iter().find(|package| package["name"] == "ecgrid").unwrap()["id"].as_str().unwrap();
    let mut tree = BTreeMap::new();
    let mut waiting = vec![first.to_owned()];
    while let Some(id) = waiting.pop() {
        if tree.insert(id.clone(), find(&id)).is_none() {
            let node = nodes.iter().find(|node| node["id"] == id.as_str()).unwrap();
            let normal = |kinds: &Value| kinds.as_array().unwrap().iter().any(|kind| kind["kind"].is_null());
            let deps = node["deps"].as_array().unwrap().iter().filter(|dep| normal(&dep["dep_kinds"]));
            waiting.extend(deps.map(|dep| dep["pkg"].as_str().unwrap().to_owned()));
        }
    }
    tree
}

#[test]
fn the_library_is_made_of_few_crates_and_none_that_were_ruled_out() {
    let metadata = metadata();
    let tree = library_tree(&metadata);
    let names: BTreeSet<&str> = tree.values().map(|package| package["name"].as_str().unwrap()).collect();
    assert!(tree.len() < 45, "{} crates: {names:?}", tree.len());
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(&format!("`cargo tree` counts {} crates", tree.len())), "README: {} crates", tree.len());
    for name in ["aws-lc-rs", "aws-lc-sys", "openssl", "native-tls", "flate2", "cookie_store", "encoding_rs", "tokio"] {
        assert!(!names.contains(name), "{name} is in the tree");
    }
}

#[test]
fn every_direct_dependency_is_explained_in_the_readme() {
    let metadata = metadata();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "ecgrid").unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let table = readme.split("## Dependencies").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    for dependency in
        package["dependencies"].as_array().unwrap().iter().filter(|dependency| dependency["kind"].is_null())
    {
        let name = dependency["name"].as_str().unwrap();
        assert!(table.contains(&format!("`{name}`")), "{name} is not in the table");
    }
}

#[test]
fn what_is_outside_semver_is_pinned() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let line = manifest.lines().find(|line| line.starts_with("ureq = ")).unwrap();
    assert!(line.contains("version = \"="), "{line}");
}

/// No 1.85 compiler runs with these tests; this, and clippy's incompatible_msrv, are what can be said without one.
#[test]
fn everything_the_library_is_made_of_says_it_builds_with_rust_1_85() {
    let metadata = metadata();
    for package in library_tree(&metadata).values() {
        let version = package["rust_version"].as_str().unwrap_or("1.0");
        let minor: u32 = version.split('.').nth(1).unwrap().parse().unwrap();
        assert!(minor <= 85, "{} needs Rust {version}", package["name"]);
    }
    for (path, source) in sources("src").into_iter().chain(sources("build.rs")) {
        // Let chains came with 1.88, and no lint tells.
        assert!(!source.contains("&& let "), "a let chain in {}", path.display());
    }
}

fn sources(place: &str) -> Vec<(PathBuf, String)> {
    fn walk(path: &Path, found: &mut Vec<(PathBuf, String)>) {
        if path.is_dir() {
            let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
            entries.sort();
            entries.iter().for_each(|entry| walk(entry, found));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.to_owned(), fs::read_to_string(path).unwrap()));
        }
    }
    let mut found = Vec::new();
    walk(&root().join(place), &mut found);
    assert!(!found.is_empty());
    found
}

#[test]
fn every_exported_function_is_guarded_and_documented() {
    let mut count = 0;
    for (path, source) in sources("src/ffi") {
        for (at, _) in source.match_indices("#[unsafe(no_mangle)]") {
            let name = source[at..].split("fn ").nth(1).unwrap().split('(').next().unwrap();
            let body = source[at..].split_once("{\n").unwrap().1.split("\n}\n").next().unwrap();
            let last = body.lines().find(|line| line.contains("entry!"));
            assert!(last.is_some(), "{name} in {} has no guard", path.display());
            // What stands before the guard is constant: nothing that can panic.
            let before = body.split("entry!").next().unwrap();
            assert!(
                before.trim().is_empty() || before.contains("let name = match status") || before.contains("const "),
                "{name}"
            );
            let comment = source[..at].rsplit("\n\n").next().unwrap();
            assert!(comment.contains("Since: ") || path.ends_with("test_hooks.rs"), "{name} has no Since");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn no_module_reaches_back_up() {
    // Each layer, and what it must not know.
    for (place, forbidden) in [
        ("src/platform", &["crate::transport", "crate::wire", "crate::client", "crate::error", "crate::ffi"][..]),
        (
            "src/transport",
            &[
                "crate::wire",
                "crate::client",
                "crate::error",
                "crate::settings::config",
                "crate::token",
                "crate::ffi",
                "serde",
            ],
        ),
        ("src/http", &["crate::transport", "crate::wire", "crate::client", "crate::error", "crate::platform", "serde"]),
        (
            "src/wire",
            &[
                "crate::transport",
                "crate::http",
                "crate::client",
                "crate::error",
                "crate::settings::config",
                "crate::token",
                "crate::ffi",
                "ureq",
            ],
        ),
        ("src/session", &["crate::ffi", "serde", "ureq"]),
        ("src/session/flight", &["crate::", "std::io", "std::thread", "std::net", "Instant", "SystemTime"]),
        ("src/request/service.rs", &["crate::ffi", "crate::client", "crate::session"]),
        ("src/client.rs", &["crate::ffi", "crate::session", "serde_json"]),
        ("src/token.rs", &["crate::ffi", "crate::client", "crate::transport"]),
        ("src/error.rs", &["crate::ffi", "crate::client", "crate::transport"]),
        ("src/settings/config.rs", &["crate::ffi", "crate::client"]),
    ] {
        for (path, source) in sources(place) {
            for name in forbidden {
                assert!(!source.contains(name), "{} knows {name}", path.display());
            }
        }
    }
}

#[test]
fn every_decision_about_sessions_has_the_test_that_its_row_names() {
    let page = fs::read_to_string(root().join("docs/sessions.md")).unwrap();
    let tests: String = sources("tests").into_iter().chain(sources("src")).map(|(_, source)| source).collect();
    let table = page.split("## The table of decisions").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with('|')).skip(2).collect();
    assert!(rows.len() > 20, "{}", rows.len());
    for row in rows {
        let cell = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap();
        let names: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty() || cell.contains("the next"), "{row}");
        for name in names {
            assert!(tests.contains(&format!("fn {name}(")), "{name}");
        }
    }
}

#[test]
fn every_state_of_a_folder_has_the_test_that_its_row_names() {
    let page = fs::read_to_string(root().join("docs/parcels.md")).unwrap();
    let tests: String = sources("tests").into_iter().chain(sources("src")).map(|(_, source)| source).collect();
    let rows: Vec<&str> =
        page.split("step by step").skip(1).flat_map(str::lines).filter(|line| line.starts_with("| ")).collect();
    assert!(rows.len() > 25, "{}", rows.len());
    for row in rows.iter().filter(|row| !row.starts_with("| state on disk")) {
        let cell = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap();
        let names: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty() || cell.contains("the next"), "{row}");
        for name in names.into_iter().filter(|name| *name != "c_tests") {
            assert!(tests.contains(&format!("fn {name}(")), "{name}");
        }
    }
}

#[test]
fn a_build_that_aborts_on_panic_is_refused() {
    // Without its dependencies it does not build anyway; what counts is that this is said first of all.
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let build = Command::new(rustc)
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "-C", "panic=abort", "-o"])
        .arg(std::env::temp_dir().join("ecgrid-never-written"))
        .arg(root().join("src/lib.rs"))
        .output()
        .expect("rustc");
    let said = String::from_utf8_lossy(&build.stderr);
    assert!(!build.status.success() && said.contains("libecgrid must be built with panic = \"unwind\""), "{said}");
}

#[test]
fn the_readme_names_only_what_the_header_has() {
    let header = fs::read_to_string(root().join("include/ecgrid.h")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let is_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let names: BTreeSet<&str> = readme
        .split(|char| !is_name(char))
        .filter(|word| word.starts_with("ecgrid_") || word.starts_with("ECGRID_"))
        .collect();
    assert!(names.len() > 25, "{names:?}");
    for name in names {
        // A family such as ECGRID_OUTCOME_* is written with what follows left open.
        let found = header
            .split(|char| !is_name(char))
            .any(|word| word == name || name.ends_with('_') && word.starts_with(name));
        assert!(found, "{name} is not in the header");
    }
    // The statuses, by number and name.
    for (number, name) in
        header.lines().filter_map(|line| line.strip_prefix("#define ECGRID_")?.split_once(' ')).filter_map(
            |(name, number)| Some((number.parse::<u32>().ok().filter(|number| (1..=18).contains(number))?, name)),
        )
    {
        if !["OUTCOME", "VERSION", "KIND", "LOG_"].iter().any(|others| name.starts_with(others)) {
            assert!(readme.contains(&format!("{number} `{name}`")), "{number} `{name}`");
        }
    }
}
