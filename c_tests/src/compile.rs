//! The compilers, and what they are told.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::context::Context;
use crate::stage::{Linkage, Stage};

pub const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

pub enum Compiler {
    /// The system's C and C++ compiler, as the `cc` crate finds them (CC, CXX, CFLAGS … are heeded).
    OfSystem { c: Box<cc::Tool>, cpp: Box<cc::Tool> },
    /// One of C for another system, and its first arguments.
    Other(Vec<String>),
}

impl Compiler {
    pub fn of_words(words: &[&str]) -> Self {
        Self::Other(words.iter().map(|word| (*word).to_owned()).collect())
    }

    pub fn command(&self, source: &Path) -> Command {
        match self {
            Self::OfSystem { cpp, .. } if source.extension().is_some_and(|extension| extension == "cpp") => {
                cpp.to_command()
            }
            Self::OfSystem { c, .. } => c.to_command(),
            Self::Other(words) => {
                let mut command = Command::new(&words[0]);
                // On Windows printf knows "%lld" only so; and its headers are not of ISO C alone.
                command.args(&words[1..]).args(["-std=gnu99", "-D__USE_MINGW_ANSI_STDIO=1"]);
                command
            }
        }
    }

    /// Whether it is told the standard already.
    fn is_other(&self) -> bool {
        matches!(self, Self::Other(_))
    }
}

/// A certain compiler.
pub fn detect(name: Option<&str>, cpp: bool) -> Result<cc::Tool, String> {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let mut build = cc::Build::new();
    build.target(&target).host(&target).opt_level(1).cargo_metadata(false).no_default_flags(true).cpp(cpp);
    if let Some(name) = name {
        build.compiler(name);
    }
    build.try_get_compiler().map_err(|error| error.to_string())
}

impl Context {
    /// Compiles and links one of this crate's programs.
    pub fn build(&self, stage: &Stage, file: &str, linkage: Linkage) -> Result<PathBuf, String> {
        self.build_with(stage, file, linkage, &[])
    }

    pub fn build_with(&self, stage: &Stage, file: &str, linkage: Linkage, flags: &[&str]) -> Result<PathBuf, String> {
        let source = self.own("programs").join(file);
        let standard = if file.ends_with(".cpp") { "-std=c++11" } else { "-std=c99" };
        let mut arguments = vec!["-O1", "-g", "-pthread"];
        if !self.machine.compiler.is_other() {
            arguments.push(standard);
        }
        arguments.extend(STRICT);
        arguments.extend(flags);
        self.link(stage, &source, linkage, &arguments)
    }

    pub fn link(&self, stage: &Stage, source: &Path, linkage: Linkage, flags: &[&str]) -> Result<PathBuf, String> {
        let program = self.machine.program(self.new_file(source.file_stem().unwrap_or(OsStr::new("program"))));
        let mut command = self.machine.compiler.command(source);
        command.args(flags).arg("-I").arg(stage.include()).arg(source).arg("-o").arg(&program);
        command.args(match linkage {
            Linkage::Shared => self.machine.link_arguments(stage.root()),
            Linkage::Static => stage.static_arguments(&stage.archive()),
        });
        quietly(&mut command)?;
        Ok(program)
    }

    pub fn new_file(&self, stem: &OsStr) -> PathBuf {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        self.scratch().join(format!("{}-{number}", stem.to_string_lossy()))
    }
}

/// Runs a tool that has nothing to say when all is well; else its words are the error.
pub fn quietly(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{}: {error}", shown(command)))?;
    let words = [output.stdout, output.stderr].concat();
    if output.status.success() && words.is_empty() {
        return Ok(());
    }
    Err(format!("{}: {}\n{}", shown(command), output.status, String::from_utf8_lossy(&words)))
}

/// Without the environment, which a Debug output has.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// What a tool prints.
pub fn output_of(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{}: {error}", shown(command)))?;
    if !output.status.success() {
        return Err(format!("{}: {}\n{}", shown(command), output.status, String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
