//! What the bench of the bindings needs besides: compilers, runtimes, and jars from Maven.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{Outcome, run_silently};
use crate::runtimes;
use crate::tools;
use crate::workspace::Workspace;

/// Whose dependencies are the jars: JNA in the version of the binding, and the JSON library of the usual way.
const PROJECTS: [&str; 2] = ["bindings/java/pom.xml", "bench/programs/managed/pom.xml"];

pub fn prepare(workspace: &Workspace) -> Outcome<()> {
    tools::provide(workspace, &[tools::CXX])?;
    tools::provide(workspace, tools::MANAGED)?;
    runtimes::provide(workspace)?;
    let jars = jars(workspace);
    // What another version of a project named is not to be found any more.
    if jars.exists() {
        fs::remove_dir_all(&jars).map_err(|error| format!("cannot remove {}: {error}", jars.display()))?;
    }
    for project in PROJECTS {
        let mut maven = workspace.command("mvn");
        maven.args(["--quiet", "--batch-mode", "--file", project, "dependency:copy-dependencies"]);
        maven.arg("-DincludeScope=runtime");
        run_silently(maven.arg(define("outputDirectory", &jars)))?;
    }
    Ok(())
}

/// Of the bench, once all is prepared.
pub fn options(workspace: &Workspace) -> Outcome<Vec<OsString>> {
    let found = runtimes::provide(workspace)?;
    let named = [("--dotnet", found.dotnet), ("--new-java", found.new_java), ("--jars", jars(workspace))];
    Ok(named.into_iter().flat_map(|(name, path)| [name.into(), path.into_os_string()]).collect())
}

fn jars(workspace: &Workspace) -> PathBuf {
    workspace.at(workspace.target.join("bench-jars"))
}

/// As Maven takes a property.
fn define(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(format!("-D{name}="));
    option.push(path);
    option
}
