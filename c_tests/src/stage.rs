//! The library as it is installed: header, shared and static library, pkg-config file.

use std::fs;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linkage {
    Shared,
    Static,
}

pub const BOTH: [Linkage; 2] = [Linkage::Shared, Linkage::Static];

pub struct Stage {
    root: PathBuf,
    /// What a program that links the static library needs besides.
    private_libraries: Vec<String>,
}

impl Stage {
    pub fn open(root: &Path) -> Result<Self, String> {
        let root = root.canonicalize().map_err(|error| format!("{}: {error}", root.display()))?;
        let mut stage = Self { root, private_libraries: Vec::new() };
        for path in [stage.header(), stage.archive()] {
            if !path.exists() {
                return Err(format!("{} is missing", path.display()));
            }
        }
        if stage.root.join("bin").exists() {
            // Windows has no pkg-config.
            return Ok(stage);
        }
        let pc = stage.root.join("lib/pkgconfig/ecgrid.pc");
        let text = fs::read_to_string(&pc).map_err(|error| format!("{}: {error}", pc.display()))?;
        let private = text.lines().find_map(|line| line.strip_prefix("Libs.private:"));
        let private = private.ok_or_else(|| format!("{} has no Libs.private", pc.display()))?;
        stage.private_libraries = private.split_whitespace().map(str::to_owned).collect();
        Ok(stage)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn include(&self) -> PathBuf {
        self.root.join("include")
    }

    pub fn header(&self) -> PathBuf {
        self.include().join("ecgrid.h")
    }

    pub fn lib(&self) -> PathBuf {
        self.root.join("lib")
    }

    pub fn shared(&self) -> PathBuf {
        self.lib().join("libecgrid.so")
    }

    pub fn archive(&self) -> PathBuf {
        self.lib().join("libecgrid.a")
    }

    /// The arguments that link a program with another build of the static library.
    pub fn static_arguments(&self, archive: &Path) -> Vec<String> {
        let mut arguments = vec![archive.display().to_string()];
        arguments.extend(self.private_libraries.iter().cloned());
        arguments
    }

    /// A folder in the same place.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.with_file_name(name)
    }
}
