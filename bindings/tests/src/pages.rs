//! What the pages say: their tables are whole, and their examples are ones to copy.

use std::fs;
use std::path::{Path, PathBuf};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(page: &str) -> String {
    fs::read_to_string(project().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

const PAGES: [&str; 12] = [
    "README.md",
    "bindings/README.md",
    "bindings/conformance/README.md",
    "bindings/cpp/README.md",
    "bindings/dotnet/HOSTING.md",
    "bindings/dotnet/README.md",
    "bindings/java/README.md",
    "docs/other-languages.md",
    "docs/parcels.md",
    "docs/performance.md",
    "docs/sessions.md",
    "sandbox/README.md",
];

/// A row without a header above it is shown as text.
#[test]
fn every_row_belongs_to_a_table() {
    for page in PAGES {
        let text = read(page);
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let begins = line.starts_with('|') && (index == 0 || !lines[index - 1].starts_with('|'));
            let has_rule = lines.get(index + 1).is_some_and(|next| next.starts_with("|---"));
            assert!(!begins || has_rule, "{page}:{}: a row of no table: {line}", index + 1);
        }
    }
}

/// How each language logs in for good, and how it logs out.
const SESSIONS: [(&str, &str); 4] = [
    ("ecgrid_session_login", "ecgrid_session_logout"),
    (".login_session(", ".logout("),
    (".OpenSession(", ".Logout("),
    (".loginSession(", ".logout("),
];

/// Examples of programs that keep a session: what is copied from them leaves none open. Of a page, its blocks of code.
#[test]
fn every_example_of_a_service_logs_out_at_its_end() {
    let examples = fs::read_dir(project().join("examples")).expect("there are examples").flatten();
    let mut sources: Vec<(String, String)> = examples
        .map(|file| (file.path().display().to_string(), fs::read_to_string(file.path()).expect("it is text")))
        .collect();
    for page in PAGES {
        let text = read(page);
        sources.extend(text.split("```").skip(1).step_by(2).map(|block| (page.to_owned(), block.to_owned())));
    }
    for source in ["bindings/cpp/include/ecgrid.hpp", "bindings/java/src/main/java/io/ecgrid/package-info.java"] {
        sources.push((source.to_owned(), read(source)));
    }
    let mut services = 0;
    for (place, code) in sources {
        for (login, logout) in SESSIONS {
            if code.contains(login) {
                services += 1;
                assert!(code.contains(logout), "{place} leaves its session open:\n{code}");
            }
        }
    }
    assert!(services >= 6, "only {services} services were found");
}

/// On Windows two such files are one, and no program that has both can be published.
#[test]
fn no_managed_file_differs_from_a_native_one_by_case_alone() {
    let project = read("bindings/dotnet/src/Ecgrid/Ecgrid.csproj");
    let (_, rest) = project.split_once("<AssemblyName>").expect("the assembly has a name");
    let assembly = format!("{}.dll", rest.split('<').next().unwrap_or_default()).to_lowercase();
    let natives: Vec<&str> = project
        .match_indices("$(EcgridNatives)/")
        .filter_map(|(at, _)| project[at..].split('"').next()?.rsplit('/').next())
        .collect();
    assert!(natives.contains(&"ecgrid.dll") && natives.contains(&"libecgrid.so"), "{natives:?}");
    assert!(natives.iter().all(|native| native.to_lowercase() != assembly), "{assembly}");
}
