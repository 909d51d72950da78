//! A file in the making, in a hidden folder.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::trouble::Trouble;
use crate::{platform, steps};

pub struct WorkFile {
    path: PathBuf,
    file: File,
}

impl WorkFile {
    /// What a process that died has left under that name is gone.
    pub fn create(path: &Path) -> Result<Self, Trouble> {
        steps::at("work file created");
        let file = platform::create_empty(path).map_err(|error| Trouble::of("create", path, &error))?;
        Ok(Self { path: path.to_owned(), file })
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        steps::at("work file written");
        self.file.write_all(bytes).map_err(|error| Trouble::of("write to", &self.path, &error))
    }

    /// On the disk is what was written; the name is when its folder is.
    pub fn sync(self) -> Result<(), Trouble> {
        steps::at("work file synced");
        self.file.sync_all().map_err(|error| Trouble::of("put on the disk", &self.path, &error))
    }
}
