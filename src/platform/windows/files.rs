//! Files that appear whole, in folders that one process has.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use windows_sys::Win32::Foundation::ERROR_SHARING_VIOLATION;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_HIDDEN, FILE_SHARE_READ, MOVEFILE_WRITE_THROUGH, MoveFileExW, SetFileAttributesW,
};

/// A write that fails is an error here anyway.
pub struct NoSignals;

impl NoSignals {
    pub fn new() -> Self {
        Self
    }
}

/// Names are on the disk when they are given with MOVEFILE_WRITE_THROUGH.
pub struct Directory(PathBuf);

impl Directory {
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(path.to_owned()))
    }

    pub fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// What is the same for no other folder of this machine: paths are canonical here.
    pub fn identity(&self) -> io::Result<PathBuf> {
        Ok(self.0.clone())
    }
}

/// There are none without a name.
pub fn create_unnamed(_folder: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

pub fn name_file(_file: &File, _path: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A file that must be new.
pub fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// A file that is emptied if it is there.
pub fn create_empty(path: &Path) -> io::Result<File> {
    File::create(path)
}

/// A file to read and to add to.
pub fn open_notes(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

pub fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

/// A hidden folder.
pub fn make_hidden(path: &Path) -> io::Result<()> {
    fs::create_dir(path)?;
    let path = wide(path);
    // SAFETY: a text that ends with a zero and lives during the call. Without the attribute it is only seen.
    unsafe { SetFileAttributesW(path.as_ptr(), FILE_ATTRIBUTE_HIDDEN) };
    Ok(())
}

/// Gives a file another name, if nothing has that.
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (wide(from), wide(to));
    // SAFETY: two texts that end with a zero and live during the call.
    match unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), MOVEFILE_WRITE_THROUGH) } {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// No rename leaves two names here.
pub fn is_same_file(_one: &Path, _other: &Path) -> bool {
    false
}

/// Opening it was the lock.
pub fn lock(_file: &File) -> io::Result<Result<(), Option<u32>>> {
    Ok(Ok(()))
}

/// Whether opening it failed as another process has it.
pub fn is_taken(error: &io::Error) -> bool {
    error.raw_os_error() == Some(ERROR_SHARING_VIOLATION as i32)
}

/// The file that is locked by being open.
pub fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).share_mode(FILE_SHARE_READ).open(path)
}

fn wide(path: &Path) -> Vec<u16> {
    path.as_os_str().encode_wide().chain([0]).collect()
}
