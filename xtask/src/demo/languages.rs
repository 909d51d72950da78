//! The same login from the other languages, of those whose tools are there.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{here, log_in_with, set_account};
use crate::command::{Outcome, run as run_command, run_silently};
use crate::sandbox::Sandbox;
use crate::tools;
use crate::workspace::Workspace;

/// A language: its example, the programs it takes to build and run that, and how it is done.
struct Language {
    example: &'static str,
    tools: &'static [&'static str],
    make: fn(&Workspace, &Path, &Path) -> Outcome<Command>,
}

const ALL: &[Language] = &[
    Language { example: "examples/login.cpp", tools: &["c++"], make: cpp },
    Language { example: "examples/Login.cs", tools: &["mcs", "mono"], make: csharp },
    Language { example: "examples/Login.java", tools: &["javac", "java", "mvn"], make: java },
];

pub fn run(workspace: &Workspace, stage: &Path, sandbox: &Sandbox) -> Outcome<()> {
    let folder = workspace.target.join("demo");
    for language in ALL {
        println!("\n   {}", language.example);
        let missing: Vec<&str> = language.tools.iter().copied().filter(|tool| !tools::is_there(tool)).collect();
        if !missing.is_empty() {
            println!("skipped: {} is not installed", missing.join(" or "));
            continue;
        }
        let mut command = (language.make)(workspace, stage, &folder)?;
        set_account(&mut command, sandbox, &sandbox.ready.password);
        let output = log_in_with(&mut command)?;
        if !output.status.success() {
            return Err(format!("the login of {} failed ({}); it should not have", language.example, output.status));
        }
    }
    Ok(())
}

fn cpp(workspace: &Workspace, stage: &Path, folder: &Path) -> Outcome<Command> {
    let program = folder.join("login-cpp");
    let mut compiler = workspace.command("c++");
    compiler.args(["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-I", "bindings/cpp/include", "-I"]);
    compiler.arg(stage.join("include")).arg("examples/login.cpp").arg("-o").arg(&program);
    compiler.arg("-L").arg(stage.join("lib")).args(["-lecgrid", "-Wl,-rpath,$ORIGIN/../stage/lib"]);
    run_command(&mut compiler)?;
    Ok(workspace.command(here(&program, &workspace.root)))
}

fn csharp(workspace: &Workspace, stage: &Path, folder: &Path) -> Outcome<Command> {
    let (library, program) = (folder.join("Ecgrid.Client.dll"), folder.join("Login.exe"));
    let out = |path: &Path| format!("-out:{}", path.display());
    // A Mono may come without this assembly; its compiler needs to see what the binding uses of it.
    let http = workspace.target.join("demo-reference").join("System.Net.Http.dll");
    let reference = format!("-r:{}", http.display());
    fs::create_dir_all(workspace.at(&http).parent().expect("a folder")).map_err(|error| error.to_string())?;
    let key = "-keyfile:bindings/dotnet/tests/reference/System.Net.Http.snk";
    let mut mcs = workspace.command("mcs");
    run_command(
        mcs.args(["-target:library", "-delaysign", key])
            .arg(out(&http))
            .arg("bindings/dotnet/tests/reference/System.Net.Http.cs"),
    )?;
    let mut mcs = workspace.command("mcs");
    run_command(
        mcs.args(["-target:library", "-unsafe", "-langversion:7.2", &reference])
            .arg(out(&library))
            .arg("-recurse:bindings/dotnet/src/Ecgrid/*.cs"),
    )?;
    let mut mcs = workspace.command("mcs");
    run_command(mcs.arg(out(&program)).arg(format!("-r:{}", library.display())).arg("examples/Login.cs"))?;
    let mut mono = workspace.command("mono");
    mono.arg(&program).env("ECGRID_LIBRARY_PATH", stage.join("lib"));
    Ok(mono)
}

fn java(workspace: &Workspace, stage: &Path, folder: &Path) -> Outcome<Command> {
    let natives = folder.join("natives");
    let platform = workspace.at(&natives).join("linux-x86-64");
    let laid = fs::create_dir_all(&platform)
        .and_then(|()| fs::copy(workspace.at(stage).join("lib/libecgrid.so"), platform.join("libecgrid.so")));
    laid.map_err(|error| format!("cannot lay out {}: {error}", platform.display()))?;
    println!("Maven builds ecgrid.jar, and fetches JNA and its own plugins where they are missing");
    let mut maven = workspace.command("mvn");
    maven.args(["-B", "-q", "-f", "bindings/java/pom.xml", "-DskipTests"]);
    maven.arg(format!("-Decgrid.natives={}", workspace.at(&natives).display()));
    maven.args(["package", "dependency:copy-dependencies", "-DincludeScope=runtime"]);
    run_silently(&mut maven)?;
    let jars = jars(workspace, Path::new("bindings/java/target"))?;
    let mut java = workspace.command("java");
    java.arg("-cp").arg(jars).arg("examples/Login.java");
    Ok(java)
}

/// The binding's jar of this version, and those it depends on, as a class path.
fn jars(workspace: &Workspace, target: &Path) -> Outcome<OsString> {
    let mut jars: Vec<PathBuf> = vec![target.join(format!("ecgrid-{}.jar", workspace.version))];
    let folder = target.join("dependency");
    let entries = fs::read_dir(workspace.at(&folder));
    let entries = entries.map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    jars.extend(entries.flatten().map(|entry| folder.join(entry.file_name())));
    std::env::join_paths(jars).map_err(|error| error.to_string())
}
