//! `cargo xtask demo`: programs log in, receive and send parcels, at the sandbox, with nothing but this repository.

mod languages;
mod service;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::command::{Outcome, not_started, run as run_command, shown};
use crate::sandbox::Sandbox;
use crate::stage;
use crate::tools;
use crate::workspace::Workspace;

pub fn run(workspace: &Workspace) -> Outcome<()> {
    let compiler = tools::c_compiler(workspace)?;

    println!("1. the library, as it ships");
    let stage = stage::build_here(workspace, &[])?.0;

    println!("\n2. the sandbox, an ECGrid on this machine");
    let mut cargo = workspace.cargo();
    run_command(cargo.args(["build", "--release", "-p", "ecgrid-sandbox"]))?;

    println!("\n3. examples/login.c");
    let program = compile(workspace, &compiler, &stage, "login")?;

    println!("\n4. the sandbox starts, with TLS, on free ports");
    let binary = workspace.target.join("release/ecgrid-sandbox");
    let sandbox = Sandbox::start(&here(&workspace.at(binary), &workspace.root), &workspace.root, &[])?;
    println!("it listens at {}", sandbox.ready.https);

    println!("\n5. log in");
    let password = &sandbox.ready.password;
    let output = log_in(workspace, &program, &sandbox, password)?;
    if !output.status.success() {
        return Err(format!("the login failed ({}); it should not have", output.status));
    }

    println!("\n6. log in with a wrong password");
    let output = log_in(workspace, &program, &sandbox, "not-the-password")?;
    let printed = String::from_utf8_lossy(&output.stderr);
    if output.status.success() || !printed.contains("ECGRID_UNAUTHENTICATED") {
        return Err("a wrong password should fail with ECGRID_UNAUTHENTICATED; it did not".into());
    }

    println!("\n7. the same from other languages");
    languages::run(workspace, &stage, &sandbox)?;

    drop(sandbox);
    service::run(workspace, &compiler, &stage)?;
    println!(
        "\nThe sandboxes have stopped. Your own program: start from examples/login.c or examples/folder_service.c."
    );
    Ok(())
}

/// One of `examples/`.
fn compile(workspace: &Workspace, compiler: &[String], stage: &Path, name: &str) -> Outcome<PathBuf> {
    let directory = workspace.target.join("demo");
    std::fs::create_dir_all(workspace.at(&directory))
        .map_err(|error| format!("cannot create {}: {error}", directory.display()))?;
    let program = directory.join(name);
    let mut command = workspace.command(&compiler[0]);
    command.args(&compiler[1..]);
    command.args(["-std=c99", "-pthread", "-Wall", "-Wextra", "-Wpedantic"]);
    command.arg("-I").arg(stage.join("include"));
    command.arg(format!("examples/{name}.c")).arg("-o").arg(&program);
    command.arg("-L").arg(stage.join("lib")).arg("-lecgrid");
    command.arg("-Wl,-rpath,$ORIGIN/../stage/lib");
    run_command(&mut command)?;
    Ok(program)
}

/// Echoed with what it printed, a little indented.
fn log_in(workspace: &Workspace, program: &Path, sandbox: &Sandbox, password: &str) -> Outcome<Output> {
    let mut command = workspace.command(here(program, &workspace.root));
    set_account(&mut command, sandbox, password);
    log_in_with(&mut command)
}

fn log_in_with(command: &mut Command) -> Outcome<Output> {
    println!("$ {}", shown(command));
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| not_started(command, &error))?;
    for text in [&output.stdout, &output.stderr] {
        for line in String::from_utf8_lossy(text).lines() {
            println!("    {line}");
        }
    }
    Ok(output)
}

fn set_account(command: &mut Command, sandbox: &Sandbox, password: &str) {
    remove_settings(command);
    command.env("ECGRID_BASE_URL", &sandbox.ready.https);
    command.env("ECGRID_CA_FILE", &sandbox.ready.ca_file);
    command.env("ECGRID_LOGIN", &sandbox.ready.login);
    command.env("ECGRID_PASSWORD", password);
}

/// The caller's own settings, and the library directories `cargo run` adds, would change what is shown.
fn remove_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if is_setting(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
}

fn is_setting(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];
    // A command's own path to the library stands.
    let ours = name.starts_with("ECGRID_") && name != "ECGRID_LIBRARY_PATH";
    ours || name == "LD_LIBRARY_PATH" || proxies.contains(&upper.as_str())
}

/// As one would type it: short below the root, but with a slash so that it is not looked up in PATH.
fn here(path: &Path, root: &Path) -> PathBuf {
    let path = path.strip_prefix(root).unwrap_or(path);
    if path.components().count() == 1 {
        return Path::new(".").join(path);
    }
    path.to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_settings_do_not_reach_the_program() {
        for name in ["ECGRID_BASE_URL", "https_proxy", "NO_PROXY", "LD_LIBRARY_PATH"] {
            assert!(is_setting(name), "{name}");
        }
        for name in ["PATH", "HOME", "SSL_CERT_FILE", "LANG"] {
            assert!(!is_setting(name), "{name}");
        }
    }

    #[test]
    fn programs_are_shown_from_the_root() {
        let root = Path::new("/a");
        let shown = here(Path::new("/a/target/demo/login"), root);
        assert_eq!(shown, Path::new("target/demo/login"));
        assert_eq!(here(Path::new("/a/login"), root), Path::new("./login"));
        assert_eq!(here(Path::new("/b/login"), root), Path::new("/b/login"));
    }
}
