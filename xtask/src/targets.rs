//! The systems that the library is built for, and with what.

use crate::command::Outcome;

pub struct Target {
    /// As Rust calls it.
    pub name: &'static str,
    pub system: System,
    /// The oldest glibc that it runs with.
    pub glibc: Option<&'static str>,
    pub is_32_bits: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    Linux,
    /// Another C library, which Rust would link into a program for good.
    Musl,
    Windows,
    Mac,
}

const GLIBC: Option<&str> = Some("2.17");

const fn target(name: &'static str, system: System, glibc: Option<&'static str>) -> Target {
    Target { name, system, glibc, is_32_bits: false }
}

pub const ALL: &[Target] = &[
    target("x86_64-unknown-linux-gnu", System::Linux, GLIBC),
    target("aarch64-unknown-linux-gnu", System::Linux, GLIBC),
    target("x86_64-unknown-linux-musl", System::Musl, None),
    target("aarch64-unknown-linux-musl", System::Musl, None),
    target("x86_64-win7-windows-gnu", System::Windows, None),
    Target { is_32_bits: true, ..target("i686-win7-windows-gnu", System::Windows, None) },
    target("aarch64-apple-darwin", System::Mac, None),
    target("x86_64-apple-darwin", System::Mac, None),
];

impl Target {
    /// What this machine runs by itself, if it is one of them.
    pub fn of_this_machine() -> Option<&'static Target> {
        let is_linux = cfg!(all(target_os = "linux", target_env = "gnu"));
        let name = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
        ALL.iter().find(|target| is_linux && target.name == name)
    }

    pub fn called(name: &str) -> Outcome<&'static Target> {
        ALL.iter().find(|target| target.name == name).ok_or_else(|| {
            let names: Vec<_> = ALL.iter().map(|target| target.name).collect();
            format!("there is no target {name}; there are: {}", names.join(", "))
        })
    }

    pub fn is_of_this_machine(&self) -> bool {
        Self::of_this_machine().is_some_and(|own| own.name == self.name)
    }

    /// The words before the last dash of GNU's tools for Windows.
    pub fn mingw(&self) -> &'static str {
        if self.is_32_bits { "i686-w64-mingw32" } else { "x86_64-w64-mingw32" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_there_is_not_is_told_with_those_that_there_are() {
        assert_eq!(Target::called("i686-win7-windows-gnu").unwrap().mingw(), "i686-w64-mingw32");
        let error = Target::called("x86_64-pc-windows-msvc").err().unwrap();
        assert!(error.contains("x86_64-pc-windows-msvc") && error.contains("aarch64-unknown-linux-musl"));
    }
}
