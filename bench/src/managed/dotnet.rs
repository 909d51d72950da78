//! The binding of .NET and its program, on Mono and on CoreCLR. What CoreCLR has to compare with is compiled for it alone.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::build::{Runtime, bindings, programs, sources};
use crate::options::Managed;
use crate::programs::output;

/// What HttpClient, System.Text.Json and their arguments are made of, as the compiler has to be told.
const REFERENCES: [&str; 12] = [
    "System.Collections",
    "System.Collections.NonGeneric",
    "System.Memory",
    "System.Net.Http",
    "System.Net.Http.Json",
    "System.Net.Primitives",
    "System.Net.Security",
    "System.Private.CoreLib",
    "System.Private.Uri",
    "System.Runtime",
    "System.Security.Cryptography",
    "System.Text.Json",
];

/// Its compiler begins to optimise when nothing new was called for a while, which on a single busy core may never be: then
/// HttpClient takes three times as long.
const CORE_CLR: [(&str, &str); 1] = [("DOTNET_TC_CallCountingDelayMs", "0")];

pub fn compile(managed: &Managed, library: &Path, folder: &Path) -> Result<Vec<Runtime>, String> {
    let place = |name: &str| folder.join(name);
    let (binding, usual, program) = (place("Ecgrid.Client.dll"), place("UsualWay.dll"), place("Bench.exe"));
    // The same sources, and so the same calls, as for .NET 8; only how the native library is found differs there.
    let http = option("-r:", &http(folder)?);
    let mut mcs = mcs(&binding);
    mcs.args(["-unsafe", "-target:library"]).arg(&http).args(sources(&bindings("dotnet/src/Ecgrid"), "cs")?);
    output(&mut mcs)?;
    output(self::mcs(&program).arg(option("-r:", &binding)).arg(http).arg(programs("managed/Bench.cs")))?;
    usual_way(&managed.dotnet, &usual)?;
    let configuration = place("Bench.runtimeconfig.json");
    let copied = fs::copy(bindings("dotnet/tests/runtimeconfig.json"), &configuration);
    copied.map_err(|error| format!("cannot write {}: {error}", configuration.display()))?;
    let runtime = |id, has_usual, host: &Path, arguments: &[&Path]| Runtime {
        id,
        has_usual,
        program: host.to_owned(),
        arguments: arguments.iter().map(|path| path.as_os_str().to_owned()).collect(),
        library: library.to_owned(),
        environment: if has_usual { &CORE_CLR } else { &[] },
    };
    Ok(vec![
        runtime("coreclr", true, &managed.dotnet, &[&program, &usual]),
        runtime("mono", false, Path::new("mono"), &[&program]),
    ])
}

/// A Mono may come without this assembly: its compiler needs to see what the binding uses of it. None is loaded here.
fn http(folder: &Path) -> Result<PathBuf, String> {
    let folder = folder.join("reference");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let to = folder.join("System.Net.Http.dll");
    let reference = |ending: &str| bindings(&format!("dotnet/tests/reference/System.Net.Http.{ending}"));
    let mut mcs = mcs(&to);
    output(
        mcs.args(["-target:library", "-delaysign"]).arg(option("-keyfile:", &reference("snk"))).arg(reference("cs")),
    )?;
    Ok(to)
}

fn usual_way(dotnet: &Path, to: &Path) -> Result<(), String> {
    let mut command = mcs(to);
    command.args(["-noconfig", "-nostdlib", "-sdk:none", "-target:library"]).arg(option("-lib:", &framework(dotnet)?));
    command.args(REFERENCES.map(|name| format!("-r:{name}.dll")));
    output(command.arg(programs("managed/UsualWay.cs"))).map(drop)
}

fn mcs(to: &Path) -> Command {
    let mut command = Command::new("mcs");
    command.args(["-nologo", "-optimize"]).arg(option("-out:", to));
    command
}

fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(path);
    option
}

/// The folder with the runtime's own assemblies, beside its host program.
fn framework(dotnet: &Path) -> Result<PathBuf, String> {
    let all = dotnet.parent().unwrap_or(Path::new("")).join("shared/Microsoft.NETCore.App");
    let entries = fs::read_dir(&all).map_err(|error| format!("{}: {error}", all.display()))?;
    let versions =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.join("System.Text.Json.dll").exists());
    versions.max().ok_or_else(|| format!("no System.Text.Json.dll below {}", all.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_framework_is_beside_its_host() {
        let folder = tempfile::tempdir().unwrap();
        let version = folder.path().join("shared/Microsoft.NETCore.App/8.0.4");
        fs::create_dir_all(&version).unwrap();
        let dotnet = folder.path().join("dotnet");
        assert!(framework(&dotnet).unwrap_err().contains("System.Text.Json.dll"));
        fs::write(version.join("System.Text.Json.dll"), "").unwrap();
        assert_eq!(framework(&dotnet), Ok(version));
    }
}
