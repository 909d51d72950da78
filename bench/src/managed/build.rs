//! The bindings and the programs that use them: compiled from their sources, by each language's own compiler.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::dotnet;
use crate::options::Managed;
use crate::programs::{output, plain};

const CPP: [&str; 7] = ["-std=c++17", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread"];

pub struct Built {
    pub cpp: PathBuf,
    pub runtimes: Vec<Runtime>,
    /// Name and version.
    pub versions: Vec<(&'static str, String)>,
}

/// A program that logs in as it is told, line by line.
pub struct Runtime {
    pub id: &'static str,
    /// It knows the usual way of its language too.
    pub has_usual: bool,
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    /// Where the native library is, for those that look there.
    pub library: PathBuf,
    pub environment: &'static [(&'static str, &'static str)],
}

impl Built {
    pub fn compile(stage: &Path, managed: &Managed, folder: &Path) -> Result<Self, String> {
        let stage = stage.canonicalize().map_err(|error| format!("{}: {error}", stage.display()))?;
        let library = stage.join("lib/libecgrid.so");
        let cpp = cpp(&stage, folder)?;
        let (mut runtimes, versions) = (dotnet::compile(managed, &library, folder)?, versions(&managed.jars)?);
        runtimes.extend(java(managed, &library, folder)?);
        Ok(Self { cpp, runtimes, versions })
    }
}

impl Runtime {
    pub fn command(&self) -> Command {
        let mut command = plain(&self.program);
        command.args(&self.arguments).env("ECGRID_LIBRARY_PATH", &self.library);
        command.envs(self.environment.iter().copied());
        if let Some(folder) = self.library.parent() {
            command.env("LD_LIBRARY_PATH", folder);
        }
        command
    }
}

/// With the same main program as C.
fn cpp(stage: &Path, folder: &Path) -> Result<PathBuf, String> {
    let program = folder.join("cpp");
    let mut c = Command::new("cc");
    c.args(["-std=c99", "-O2", "-pthread", "-c"]).args([programs("bench.c"), programs("shared.c")]);
    output(c.current_dir(folder))?;
    let (include, lib) = (stage.join("include"), stage.join("lib"));
    let mut command = Command::new("c++");
    command.args(CPP).arg("-I").arg(bindings("cpp/include")).arg("-I").arg(include);
    command.arg(programs("managed/bench.cpp")).args(["bench.o", "shared.o"].map(|object| folder.join(object)));
    command.arg("-o").arg(&program).arg("-L").arg(&lib);
    output(command.arg("-lecgrid").arg(format!("-Wl,-rpath,{}", lib.display())))?;
    Ok(program)
}

/// The system's Java compiles; it and the newest run the same.
fn java(managed: &Managed, library: &Path, folder: &Path) -> Result<[Runtime; 2], String> {
    let classes = folder.join("java");
    let mut command = Command::new("javac");
    command.args(["--release", "11", "-encoding", "UTF-8", "-cp"]).arg(managed.jars.join("*")).arg("-d").arg(&classes);
    command
        .args(sources(&bindings("java/src/main/java"), "java")?)
        .args(["Bench", "Callers"].map(|name| programs(&format!("managed/{name}.java"))));
    output(&mut command)?;
    let class_path = format!("{}:{}", classes.display(), managed.jars.join("*").display());
    let runtime = |id, program: PathBuf, options: &[&str]| {
        let mut arguments: Vec<OsString> = options.iter().map(Into::into).collect();
        arguments.push(format!("-Decgrid.library.path={}", library.display()).into());
        arguments.extend(["-cp", &class_path, "Bench"].map(Into::into));
        Runtime { id, has_usual: true, program, arguments, library: library.to_owned(), environment: &[] }
    };
    // As the newest wants to be told.
    let native = ["--enable-native-access=ALL-UNNAMED"];
    Ok([runtime("java", "java".into(), &[]), runtime("java-new", managed.new_java.join("bin/java"), &native)])
}

pub fn programs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("programs").join(name)
}

pub fn bindings(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings").join(name)
}

/// All files of a language below a folder, sorted.
pub fn sources(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let wrong = |error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.is_dir() {
            found.extend(sources(&path, extension)?);
        } else if path.extension().is_some_and(|this| this == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn versions(jars: &Path) -> Result<Vec<(&'static str, String)>, String> {
    let names = sources(jars, "jar")?;
    let names: Vec<&str> = names.iter().filter_map(|path| path.file_stem()?.to_str()).collect();
    [("JNA", "jna-"), ("Jackson", "jackson-databind-")]
        .map(|(name, jar)| {
            let version = names.iter().find_map(|stem| stem.strip_prefix(jar));
            version
                .map(|version| (name, version.to_owned()))
                .ok_or_else(|| format!("no {jar}*.jar in {}", jars.display()))
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_jars() {
        let jars = tempfile::tempdir().unwrap();
        for name in ["jna-5.19.1.jar", "jackson-databind-2.22.3.jar", "jackson-core-2.22.3.jar"] {
            fs::write(jars.path().join(name), "").unwrap();
        }
        let found = versions(jars.path()).unwrap();
        assert_eq!(found, [("JNA", "5.19.1".to_owned()), ("Jackson", "2.22.3".to_owned())]);
        fs::remove_file(jars.path().join("jna-5.19.1.jar")).unwrap();
        assert!(versions(jars.path()).unwrap_err().contains("jna-*.jar"));
    }

    #[test]
    fn sources_are_found_in_folders_of_folders() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/c")).unwrap();
        for name in ["z.cs", "b/c/y.cs", "b/x.txt"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found = sources(folder.path(), "cs").unwrap();
        assert_eq!(found, ["b/c/y.cs", "z.cs"].map(|name| folder.path().join(name)));
        assert!(sources(&folder.path().join("no"), "cs").is_err());
    }
}
