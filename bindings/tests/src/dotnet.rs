//! The .NET binding and its programs, compiled by Mono's mcs for both of its targets.

mod page;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use ecgrid_c_tests::compile::quietly;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::program::{Ended, Program};
use ecgrid_c_tests::report::Report;
use ecgrid_c_tests::service::Example;
use ecgrid_c_tests::stage::Stage;

const LIMIT: Duration = Duration::from_secs(180);

/// Where CoreCLR's host program is.
const HOST: &str = "ECGRID_DOTNET";

const MCS: [&str; 3] = ["-langversion:7.2", "-warn:4", "-warnaserror"];

/// What the sources look at for .NET 8.
const FLAVOUR: &str = "-define:NET8_0_OR_GREATER";

/// Assemblies of .NET 8 that mcs cannot read, and has to be told of in C#.
const REFERENCES: [&str; 2] = ["System.Runtime", "System.Runtime.InteropServices"];

/// An assembly of both, which a Mono may come without.
const HTTP: &str = "System.Net.Http";

pub const PROGRAMS: [&str; 3] = ["Tests", "Conformance", "Stress"];

/// A runtime, and which of the binding's targets runs on it.
pub struct Runtime {
    pub name: &'static str,
    target: &'static str,
    is_mono: bool,
}

pub const MONO: Runtime = Runtime { name: "Mono", target: "netstandard2.0", is_mono: true };
pub const NET8: Runtime = Runtime { name: ".NET 8", target: "net8.0", is_mono: false };
/// An old library in a new program.
pub const NET8_STANDARD: Runtime = Runtime { name: ".NET 8, netstandard2.0", target: "netstandard2.0", is_mono: false };

/// Runs one of the programs, which counts its own checks, and answers what it said.
pub fn run(
    context: &Context,
    runtime: &Runtime,
    program: &str,
    stage: &Stage,
    variables: &[(String, OsString)],
    report: &mut Report,
) -> Result<Ended, String> {
    let file = built(context)?.join(runtime.target).join(format!("Ecgrid.{program}.exe"));
    let mut command = Command::new(runtime.host()?);
    command.arg(file);
    let program = Program::of(command).set_all(variables).set("ECGRID_LIBRARY_PATH", stage.shared());
    // The stress asks the library itself for its test hooks, which the binding knows nothing of.
    let program = program.set("LD_LIBRARY_PATH", stage.lib());
    program.set("ECGRID_HEADER", stage.header()).limit(LIMIT).count(runtime.name, report)
}

impl Runtime {
    /// The program that runs those of .NET.
    fn host(&self) -> Result<OsString, String> {
        if self.is_mono {
            return Ok("mono".into());
        }
        std::env::var_os(HOST).ok_or_else(|| format!("{HOST} is not set: run cargo xtask test"))
    }
}

/// The example that serves folders, with the library of a stage.
pub fn folder_service(context: &Context, runtime: &Runtime, stage: &Stage) -> Result<Example, String> {
    let program = built(context)?.join(runtime.target).join("FolderService.exe");
    let mut example = Example::new(&format!("FolderService.cs on {}", runtime.name), [runtime.host()?, program.into()]);
    if runtime.is_mono {
        // It hears a Ctrl-C from a terminal alone.
        example.exit = None;
    }
    Ok(example.set("ECGRID_LIBRARY_PATH", stage.shared()))
}

/// The folder with all that mcs makes, made by the first who asks.
fn built(context: &Context) -> Result<&'static Path, String> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    FOLDER.get_or_init(|| build(context)).as_deref().map_err(Clone::clone)
}

fn build(context: &Context) -> Result<PathBuf, String> {
    let folder = context.scratch().join("dotnet");
    let references = folder.join("reference");
    make(&references)?;
    for name in REFERENCES {
        let mut mcs = mcs(context, &references.join(format!("{name}.dll")));
        quietly(mcs.arg("-target:library").arg(format!("tests/reference/{name}.cs")))?;
    }
    let http = references.join(format!("{HTTP}.dll"));
    let key = format!("-keyfile:tests/reference/{HTTP}.snk");
    let mut compiler = mcs(context, &http);
    quietly(compiler.args(["-target:library", "-delaysign", &key]).arg(format!("tests/reference/{HTTP}.cs")))?;
    let extensions = references.join("Microsoft.Extensions.dll");
    let mut compiler = mcs(context, &extensions);
    quietly(compiler.arg("-target:library").arg("tests/reference/Microsoft.Extensions.cs"))?;
    for runtime in [MONO, NET8] {
        let target = folder.join(runtime.target);
        make(&target)?;
        let library = target.join("Ecgrid.Client.dll");
        let mut mcs = mcs(context, &library);
        mcs.args(["-target:library", "-unsafe", "-optimize", "-recurse:src/Ecgrid/*.cs"]);
        // Whatever is public has a comment, and well-formed XML in it.
        mcs.arg(format!("-doc:{}", target.join("Ecgrid.Client.xml").display()));
        if !runtime.is_mono {
            mcs.arg(FLAVOUR);
            mcs.args(REFERENCES.map(|name| format!("-r:{}", references.join(format!("{name}.dll")).display())));
        }
        quietly(mcs.arg(format!("-r:{}", http.display())))?;
        compile_page(context, &target, &[&library, &extensions, &http])?;
        page::compile(context, &target, &runtime, &[&library, &http])?;
        compile_examples(context, &target, &library)?;
        for program in PROGRAMS {
            compile_program(context, &runtime, &target, [&library, &http], program)?;
        }
    }
    Ok(folder)
}

/// The files that a page shows for programs that a host runs, as they are there.
fn compile_page(context: &Context, target: &Path, references: &[&Path]) -> Result<(), String> {
    let page = context.project("bindings/dotnet/HOSTING.md");
    let text = fs::read_to_string(&page).map_err(|error| format!("{}: {error}", page.display()))?;
    let mut mcs = mcs(context, &target.join("Hosting.dll"));
    mcs.arg("-target:library").args(references.iter().map(|library| format!("-r:{}", library.display())));
    for (at, block) in text.split("```csharp\n").skip(1).enumerate() {
        let file = target.join(format!("Hosting{at}.cs"));
        let code = block.split("```").next().unwrap_or_default();
        fs::write(&file, code).map_err(|error| format!("{}: {error}", file.display()))?;
        mcs.arg(file);
    }
    quietly(&mut mcs).map_err(|error| format!("{}: {error}", page.display()))
}

fn compile_examples(context: &Context, target: &Path, library: &Path) -> Result<(), String> {
    for name in ["Login", "FolderService"] {
        let mut mcs = mcs(context, &target.join(format!("{name}.exe")));
        let example = context.project(&format!("examples/{name}.cs"));
        quietly(mcs.arg(format!("-r:{}", library.display())).arg(example))?;
        configure(context, target, name)?;
    }
    Ok(())
}

fn compile_program(
    context: &Context,
    runtime: &Runtime,
    target: &Path,
    references: [&Path; 2],
    program: &str,
) -> Result<(), String> {
    let name = format!("Ecgrid.{program}");
    let mut mcs = mcs(context, &target.join(format!("{name}.exe")));
    if !runtime.is_mono {
        mcs.arg(FLAVOUR);
    }
    mcs.args(references.map(|library| format!("-r:{}", library.display())));
    mcs.arg(format!("-recurse:tests/{name}/*.cs")).arg("-recurse:tests/shared/*.cs");
    quietly(&mut mcs)?;
    configure(context, target, &name)
}

/// What CoreCLR's host wants to know of a program.
fn configure(context: &Context, target: &Path, name: &str) -> Result<(), String> {
    let config = target.join(format!("{name}.runtimeconfig.json"));
    let copied = fs::copy(context.project("bindings/dotnet/tests/runtimeconfig.json"), &config);
    copied.map(drop).map_err(|error| format!("{}: {error}", config.display()))
}

fn mcs(context: &Context, out: &Path) -> Command {
    let mut mcs = Command::new("mcs");
    mcs.current_dir(context.project("bindings/dotnet")).args(MCS).arg(format!("-out:{}", out.display()));
    mcs
}

fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}
