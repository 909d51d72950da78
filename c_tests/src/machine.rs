//! Another system on this machine: what compiles programs for it, and what runs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::compile::{Compiler, detect};
use crate::stage::Linkage;

pub struct Machine {
    pub compiler: Compiler,
    /// What stands before a program's path; nothing where this machine runs it by itself.
    pub tool: Vec<&'static str>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Own,
    Unix,
    Windows,
}

/// Programs that need what Windows has not, and what that is.
const POSIX: &[(&str, &str)] = &[
    ("secrets_memory.c", "it looks into freed memory by the heap of glibc"),
    ("secrets_session_memory.c", "it looks into freed memory by the heap of glibc"),
    ("threads_scopes.c", "it measures its memory as Linux tells it"),
    ("threads_session_refresh.c", "it looks whether a thread has ended by pthread_tryjoin_np"),
];

/// Programs that look into the C library or the system of this machine itself.
const ELSEWHERE: &[(&str, &str)] = &[
    ("secrets_memory.c", "it looks into freed memory by the heap of glibc"),
    ("secrets_session_memory.c", "it looks into freed memory by the heap of glibc"),
];

impl Machine {
    /// `target` as Rust calls it; None for this machine.
    pub fn of(target: Option<&str>) -> Result<Self, String> {
        let unix = |compiler: &[&str], tool: &[&'static str]| {
            Ok(Self { compiler: Compiler::of_words(compiler), tool: tool.to_vec(), kind: Kind::Unix })
        };
        match target {
            None => {
                let compiler =
                    Compiler::OfSystem { c: Box::new(detect(None, false)?), cpp: Box::new(detect(None, true)?) };
                Ok(Self { compiler, tool: Vec::new(), kind: Kind::Own })
            }
            Some("aarch64-unknown-linux-gnu") => {
                unix(&["aarch64-linux-gnu-gcc"], &["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"])
            }
            Some("x86_64-unknown-linux-musl") => {
                let zig = std::env::var("ECGRID_ZIG").map_err(|_| "ECGRID_ZIG is not set: where zig is")?;
                // Alpine's loader, which its programs name, is there by itself.
                unix(&[&zig, "cc", "-target", "x86_64-linux-musl"], &[])
            }
            Some("x86_64-win7-windows-gnu") => Ok(Self::windows("x86_64-w64-mingw32-gcc-posix")),
            Some("i686-win7-windows-gnu") => Ok(Self::windows("i686-w64-mingw32-gcc-posix")),
            Some(other) => Err(format!("nothing here runs programs of {other}")),
        }
    }

    fn windows(compiler: &str) -> Self {
        Self { compiler: Compiler::of_words(&[compiler]), tool: vec!["wine"], kind: Kind::Windows }
    }

    /// Whether programs have all of POSIX, and its tools look into what was built.
    pub fn is_own(&self) -> bool {
        self.kind == Kind::Own
    }

    pub fn is_windows(&self) -> bool {
        self.kind == Kind::Windows
    }

    /// Why a program is not for this system.
    pub fn why_not(&self, program: &str) -> Option<&'static str> {
        let list = match self.kind {
            Kind::Own => return None,
            Kind::Unix => ELSEWHERE,
            Kind::Windows => POSIX,
        };
        list.iter().find(|(name, _)| *name == program).map(|(_, why)| *why)
    }

    /// What a program's file is called.
    pub fn program(&self, path: PathBuf) -> PathBuf {
        if self.is_windows() { path.with_extension("exe") } else { path }
    }

    /// Which ways to link are tried: elsewhere than at home, the one that is installed.
    pub fn linkages(&self) -> &'static [Linkage] {
        if self.is_own() { &[Linkage::Shared, Linkage::Static] } else { &[Linkage::Shared] }
    }

    /// The arguments that link a program with the shared library.
    pub fn link_arguments(&self, root: &Path) -> Vec<String> {
        let lib = root.join("lib").display().to_string();
        if self.is_windows() {
            // With MinGW's own libraries in the program, as a test has no installer.
            let all = [&format!("-L{lib}"), "-l:libecgrid.dll.a", "-static", "-lws2_32"];
            return all.map(str::to_owned).into();
        }
        vec![format!("-L{lib}"), format!("-Wl,-rpath,{lib}"), "-lecgrid".into()]
    }

    /// Puts beside a program what it is loaded with.
    pub fn install(&self, root: &Path, folder: &Path) -> Result<(), String> {
        if !self.is_windows() {
            return Ok(());
        }
        let (from, to) = (root.join("bin/ecgrid.dll"), folder.join("ecgrid.dll"));
        std::fs::copy(&from, &to).map(drop).map_err(|error| format!("{}: {error}", from.display()))
    }

    /// A command that runs a program.
    pub fn command(&self, program: &Path) -> Command {
        match self.tool.split_first() {
            None => Command::new(program),
            Some((tool, rest)) => {
                let mut command = Command::new(tool);
                command.args(rest).arg(program);
                command
            }
        }
    }
}
