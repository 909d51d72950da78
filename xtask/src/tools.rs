//! The tools a command needs: tried out, and installed or named where they are missing.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::apt;
use crate::command::Outcome;
use crate::workspace::Workspace;

pub struct Tool {
    /// For a person: what it is, or what it is for.
    name: &'static str,
    /// Debian packages, separated by spaces.
    packages: &'static str,
    probe: Probe,
}

enum Probe {
    /// The program starts and ends well with this argument.
    Runs(&'static str, &'static str),
    /// The same with several.
    Answers(&'static str, &'static [&'static str]),
    /// The compiler makes a program of its language with these options.
    Compiles(&'static str, &'static str, &'static [&'static str]),
    /// Debian's own records; elsewhere it is taken to be there.
    Installed,
}

const CC: Tool = Tool { name: "the C compiler cc", packages: "gcc libc6-dev", probe: Probe::Compiles("cc", "c", &[]) };
const OPENSSL: Tool = Tool { name: "openssl", packages: "openssl", probe: Probe::Runs("openssl", "version") };

/// For a person's own program, as cc is.
pub const CXX: Tool = compiles("the C++ compiler c++", "g++", "c++", "c++", &[]);

/// To build that library anew: for another system, or watched by ThreadSanitizer.
const RUST_WITH_SOURCES: Tool = Tool {
    name: "Rust with the sources of its standard library",
    // Named together even when one is there: their versions must be the same.
    packages: "rustc-web cargo-web rust-web-src",
    probe: Probe::Installed,
};

pub const RUST: &[Tool] = &[CC, OPENSSL];

pub const PIP: Tool = Tool {
    name: "python3 with pip",
    packages: "python3 python3-pip",
    probe: Probe::Answers("python3", &["-m", "pip", "--version"]),
};

/// Mono and the JDK of Debian; the newer runtimes are not among its packages.
pub const MANAGED: &[Tool] = &[
    Tool { name: "the C# compiler mcs", packages: "mono-mcs", probe: Probe::Runs("mcs", "--version") },
    Tool { name: "mono", packages: "mono-runtime", probe: Probe::Runs("mono", "--version") },
    Tool {
        name: "the Java compiler javac",
        packages: "default-jdk-headless",
        probe: Probe::Runs("javac", "--version"),
    },
    Tool { name: "Maven", packages: "maven", probe: Probe::Runs("mvn", "--version") },
    PIP,
];

pub const TEST: &[Tool] = &[
    CC,
    OPENSSL,
    CXX,
    compiles("gcc", "gcc libc6-dev", "gcc", "c", &[]),
    compiles("g++", "g++", "g++", "c++", &[]),
    compiles("clang", "clang", "clang", "c", &[]),
    compiles("clang++", "clang", "clang++", "c++", &[]),
    compiles("gcc's sanitizers", "gcc libc6-dev", "gcc", "c", SANITIZERS),
    compiles("clang's sanitizers", CLANG_RT, "clang", "c", SANITIZERS),
    compiles("clang's ThreadSanitizer", CLANG_RT, "clang", "c", &["-fsanitize=thread"]),
    RUST_WITH_SOURCES,
    runs("valgrind", "valgrind"),
    Tool { name: "strace", packages: "strace", probe: Probe::Runs("strace", "-V") },
    Tool { name: "valgrind's view of the C library", packages: "libc6-dbg", probe: Probe::Installed },
    runs("nm", "binutils"),
    runs("readelf", "binutils"),
    runs("pkg-config", "pkg-config"),
];

pub const BENCH: &[Tool] = &[
    CC,
    Tool { name: "nginx", packages: "nginx", probe: Probe::Installed },
    Tool { name: "libcurl's headers", packages: "libcurl4-openssl-dev", probe: Probe::Installed },
    Tool { name: "cJSON's headers", packages: "libcjson-dev", probe: Probe::Installed },
    Tool { name: "OpenSSL's headers", packages: "libssl-dev", probe: Probe::Installed },
    Tool { name: "a bundle of certificates", packages: "ca-certificates", probe: Probe::Installed },
    Tool { name: "strace", packages: "strace", probe: Probe::Runs("strace", "-V") },
    runs("valgrind", "valgrind"),
    Tool { name: "valgrind's view of the C library", packages: "libc6-dbg", probe: Probe::Installed },
    runs("pkg-config", "pkg-config"),
];

/// For systems that are not this one.
pub const RUST_ANYWHERE: &[Tool] = &[CC, RUST_WITH_SOURCES];

pub const WINDOWS: &[Tool] = &[
    CC,
    RUST_WITH_SOURCES,
    runs("x86_64-w64-mingw32-gcc-posix", "gcc-mingw-w64-x86-64-posix"),
    runs("x86_64-w64-mingw32-objdump", "binutils-mingw-w64-x86-64"),
];

pub const WINDOWS_X86: &[Tool] = &[
    CC,
    RUST_WITH_SOURCES,
    runs("i686-w64-mingw32-gcc-posix", "gcc-mingw-w64-i686-posix"),
    runs("i686-w64-mingw32-objdump", "binutils-mingw-w64-i686"),
];

/// To run programs of other systems here.
pub const RUNS_ARM64: &[Tool] = &[
    CC,
    Tool {
        name: "a C compiler for arm64",
        packages: "gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
        probe: Probe::Runs("aarch64-linux-gnu-gcc", "--version"),
    },
    runs("qemu-aarch64", "qemu-user"),
];

pub const RUNS_MUSL: &[Tool] = &[CC, Tool { name: "musl's loader", packages: "musl", probe: Probe::Installed }];

pub const RUNS_WINDOWS: &[Tool] = &[
    CC,
    Tool { name: "Wine", packages: "wine wine64", probe: Probe::Runs("wine", "--version") },
    runs("x86_64-w64-mingw32-gcc-posix", "gcc-mingw-w64-x86-64-posix"),
];

const SANITIZERS: &[&str] = &["-fsanitize=address,undefined"];

/// Stands for the package that fits the clang there is.
const CLANG_RT: &str = "libclang-rt";

const fn runs(program: &'static str, packages: &'static str) -> Tool {
    Tool { name: program, packages, probe: Probe::Runs(program, "--version") }
}

const fn compiles(
    name: &'static str,
    packages: &'static str,
    compiler: &'static str,
    language: &'static str,
    options: &'static [&'static str],
) -> Tool {
    Tool { name, packages, probe: Probe::Compiles(compiler, language, options) }
}

/// Make sure every tool works; what is missing is installed when we are root on Debian, else named.
pub fn provide(workspace: &Workspace, tools: &[Tool]) -> Outcome<()> {
    let absent = missing(tools);
    if absent.is_empty() {
        return Ok(());
    }
    let packages = packages_of(&absent);
    if !apt::may_install() {
        let (names, packages) = (names_of(&absent), packages.join(" "));
        return Err(format!("missing: {names}. Install as root: apt-get install --no-install-recommends {packages}"));
    }
    for package in &packages {
        println!("installing Debian package {package} (for {})", users_of(package, &absent));
    }
    apt::install(workspace, &packages)?;
    let still = missing(tools);
    if still.is_empty() {
        return Ok(());
    }
    Err(format!("installed {}, but these do not work yet: {}", packages.join(" "), names_of(&still)))
}

/// The C compiler for a person's own program: `$CC`, else cc. It may carry options (`ccache gcc`).
pub fn c_compiler(workspace: &Workspace) -> Outcome<Vec<String>> {
    let chosen = std::env::var("CC").unwrap_or_default();
    let words: Vec<String> = chosen.split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        provide(workspace, &[CC])?;
        return Ok(vec!["cc".into()]);
    }
    if !compiles_with(&words[0], &words[1..], "c") {
        return Err(format!("CC={chosen} compiles no C program: correct it or unset it"));
    }
    Ok(words)
}

struct Missing {
    name: &'static str,
    packages: Vec<String>,
}

fn missing(tools: &[Tool]) -> Vec<Missing> {
    let absent = tools.iter().filter(|tool| !tool.works());
    absent.map(|tool| Missing { name: tool.name, packages: tool.package_names() }).collect()
}

/// Each once, in the order of the tools.
fn packages_of(missing: &[Missing]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for package in missing.iter().flat_map(|one| &one.packages) {
        if !all.contains(package) {
            all.push(package.clone());
        }
    }
    all
}

fn names_of(missing: &[Missing]) -> String {
    let names: Vec<_> = missing.iter().map(|one| one.name).collect();
    names.join(", ")
}

fn users_of(package: &String, missing: &[Missing]) -> String {
    let users = missing.iter().filter(|one| one.packages.contains(package));
    users.map(|one| one.name).collect::<Vec<_>>().join(", ")
}

impl Tool {
    fn works(&self) -> bool {
        match self.probe {
            Probe::Runs(program, argument) => quiet(Command::new(program).arg(argument)),
            Probe::Answers(program, arguments) => quiet(Command::new(program).args(arguments)),
            Probe::Compiles(compiler, language, options) => compiles_with(compiler, options, language),
            Probe::Installed => self.packages.split(' ').all(apt::has),
        }
    }

    fn package_names(&self) -> Vec<String> {
        if self.packages == CLANG_RT {
            let version = Command::new("clang").arg("-dumpversion").output();
            let version = version.map(|output| output.stdout).unwrap_or_default();
            return vec![clang_rt(&String::from_utf8_lossy(&version))];
        }
        self.packages.split(' ').map(str::to_owned).collect()
    }
}

/// The package with the sanitizers of this clang; Debian's own when there is no clang yet.
fn clang_rt(version: &str) -> String {
    match version.trim().split('.').next() {
        Some(major) if !major.is_empty() => format!("libclang-rt-{major}-dev"),
        _ => "libclang-rt-dev".into(),
    }
}

/// Whether a program starts, and can say its version.
pub fn is_there(program: &str) -> bool {
    quiet(Command::new(program).arg("--version"))
}

fn quiet(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Also linked: compilers come without headers or libraries when recommended packages are left out.
fn compiles_with(compiler: &str, options: &[impl AsRef<str>], language: &str) -> bool {
    let source: &[u8] = match language {
        "c" => b"#include <stdio.h>\nint main(void) { return puts(\"\") < 0; }\n",
        _ => b"#include <string>\nint main() { return (int)std::string().size(); }\n",
    };
    let output = std::env::temp_dir().join(format!("xtask-probe-{}", std::process::id()));
    let mut command = Command::new(compiler);
    command.args(options.iter().map(AsRef::as_ref));
    command.args(["-x", language, "-", "-o"]).arg(&output);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let built = feed(command.stderr(Stdio::null()), source) && Path::new(&output).exists();
    let _ = std::fs::remove_file(output);
    built
}

fn feed(command: &mut Command, input: &[u8]) -> bool {
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    let mut pipe = child.stdin.take().expect("stdin is piped");
    let fed = pipe.write_all(input).is_ok();
    drop(pipe);
    child.wait().is_ok_and(|status| status.success()) && fed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_once_with_all_they_are_for() {
        let missing = [runs("a", "p q"), runs("b", "q r")]
            .map(|tool| Missing { name: tool.name, packages: tool.package_names() });
        assert_eq!(packages_of(&missing), ["p", "q", "r"]);
        assert_eq!(names_of(&missing), "a, b");
        assert_eq!(users_of(&"q".to_owned(), &missing), "a, b");
    }

    #[test]
    fn sanitizers_fit_the_clang_there_is() {
        assert_eq!(clang_rt("14.0.6\n"), "libclang-rt-14-dev");
        assert_eq!(clang_rt(""), "libclang-rt-dev");
    }

    #[test]
    fn a_tool_is_there_when_it_works() {
        assert!(!runs("no-such-tool-here", "p").works());
        assert!(!compiles("x", "p", "false", "c", &[]).works());
        assert!(CC.works());
    }
}
