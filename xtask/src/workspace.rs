//! Where things are and which version this is, as cargo says.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::{Outcome, capture};

pub struct Workspace {
    pub root: PathBuf,
    /// Relative to `root` where it lies inside, so that echoed commands stay short.
    pub target: PathBuf,
    /// Of the package `ecgrid`.
    pub version: String,
}

impl Workspace {
    pub fn find() -> Outcome<Self> {
        let mut command = plain_cargo();
        command.args(["metadata", "--format-version", "1", "--no-deps"]);
        Self::from_metadata(&capture(&mut command)?)
    }

    fn from_metadata(text: &str) -> Outcome<Self> {
        let metadata: Value =
            serde_json::from_str(text).map_err(|error| format!("cargo metadata is not JSON: {error}"))?;
        let path = |name: &str| metadata[name].as_str().map(PathBuf::from);
        let packages = metadata["packages"].as_array();
        let ecgrid = packages.and_then(|all| all.iter().find(|one| one["name"] == "ecgrid"));
        let version = ecgrid.and_then(|package| package["version"].as_str());
        match (path("workspace_root"), path("target_directory"), version) {
            (Some(root), Some(target), Some(version)) => Ok(Self {
                target: target.strip_prefix(&root).map_or(target.clone(), Path::to_path_buf),
                root,
                version: version.to_owned(),
            }),
            _ => Err("cargo metadata names no package `ecgrid`: run this in the repository".into()),
        }
    }

    /// A command that runs in the repository's root.
    pub fn command(&self, program: impl Into<OsString>) -> Command {
        let mut command = Command::new(program.into());
        command.current_dir(&self.root);
        command
    }

    /// The cargo that runs us, as if called by hand.
    pub fn cargo(&self) -> Command {
        let mut command = plain_cargo();
        command.current_dir(&self.root);
        command
    }

    /// A path of `target` as a file operation needs it.
    pub fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }
}

fn plain_cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    forget_package(&mut command);
    command
}

/// `cargo run` tells us about the package xtask; dependencies with build scripts that look at these
/// variables would be built anew each time somebody changes between this and cargo by hand.
pub fn forget_package(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];
        if ours.iter().any(|prefix| text.starts_with(prefix)) || text == "CARGO_CRATE_NAME" {
            command.env_remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_gives_places_and_version() {
        let text = r#"{"workspace_root":"/a/b","target_directory":"/a/b/target",
            "packages":[{"name":"xtask","version":"9.9.9"},{"name":"ecgrid","version":"0.1.0"}]}"#;
        let workspace = Workspace::from_metadata(text).unwrap();
        assert_eq!(workspace.target, Path::new("target"));
        assert_eq!(workspace.at("target/stage"), Path::new("/a/b/target/stage"));
        assert_eq!(workspace.version, "0.1.0");

        let elsewhere = text.replace("/a/b/target", "/tmp/t");
        let workspace = Workspace::from_metadata(&elsewhere).unwrap();
        assert_eq!(workspace.at(&workspace.target), Path::new("/tmp/t"));
    }

    #[test]
    fn another_workspace_is_refused() {
        let text = r#"{"workspace_root":"/a","target_directory":"/a/t","packages":[]}"#;
        assert!(Workspace::from_metadata(text).is_err());
        assert!(Workspace::from_metadata("nonsense").is_err());
    }
}
