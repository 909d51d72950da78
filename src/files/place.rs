//! A folder that gets files, each in one step and under a name that is free.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::trouble::{Trouble, TroubleKind};
use crate::platform::{self, Directory};
use crate::steps;

pub struct Place {
    path: PathBuf,
    directory: Directory,
}

impl Place {
    pub fn open(path: &Path) -> Result<Self, Trouble> {
        let directory = Directory::open(path).map_err(|error| Trouble::of("open the folder", path, &error))?;
        Ok(Self { path: path.to_owned(), directory })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Puts the names in it on the disk.
    pub fn sync(&self) -> Result<(), Trouble> {
        steps::at("folder synced");
        self.directory.sync().map_err(|error| Trouble::of("put on the disk the folder", &self.path, &error))
    }

    /// Moves a file here, under the first of the names that nothing has, and puts it on the disk.
    pub fn take(&self, from: &Path, names: &mut dyn Iterator<Item = String>) -> Result<PathBuf, Trouble> {
        let mut last = self.path.clone();
        for name in names {
            let to = self.path.join(name);
            steps::at("file moved");
            match platform::rename_new(from, &to) {
                Ok(()) => return self.sync().map(|()| to),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    // A process died when it had both names.
                    if platform::is_same_file(from, &to) {
                        fs::remove_file(from).map_err(|error| Trouble::of("remove", from, &error))?;
                        return self.sync().map(|()| to);
                    }
                    last = to;
                }
                Err(error) => {
                    return Err(Trouble::of(&format!("move {} to", super::shown(from)), &to, &error));
                }
            }
        }
        Err(Trouble { kind: TroubleKind::Exists, ..Trouble::exists(&last) })
    }
}

/// A folder in a folder, made where there is none.
pub fn make_folder(within: &Place, name: &str) -> Result<Place, Trouble> {
    let path = within.path.join(name);
    steps::at("folder made");
    match platform::make_folder(&path) {
        Ok(()) => within.sync()?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Trouble::of("make the folder", &path, &error)),
    }
    Place::open(&path)
}
