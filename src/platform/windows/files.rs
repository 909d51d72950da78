//! Files that appear whole, in folders that one process has.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use windows_sys::Win32::Foundation::{ERROR_DIRECTORY, ERROR_SHARING_VIOLATION};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_HIDDEN, FILE_SHARE_READ, MOVE_FILE_FLAGS, MOVEFILE_REPLACE_EXISTING, MOVEFILE_WRITE_THROUGH,
    MoveFileExW, SetFileAttributesW,
};
use windows_sys::core::BOOL;

/// A write that fails is an error here anyway.
pub struct NoSignals;

impl NoSignals {
    pub fn new() -> Self {
        Self
    }
}

/// A path as a person writes it: without the beginning of one that is made canonical.
pub fn plain(path: &str) -> Cow<'_, str> {
    match (path.strip_prefix(r"\\?\UNC\"), path.strip_prefix(r"\\?\")) {
        (Some(share), _) => format!(r"\\{share}").into(),
        (None, rest) => rest.unwrap_or(path).into(),
    }
}

/// Names are on the disk when they are given with MOVEFILE_WRITE_THROUGH.
pub struct Directory(PathBuf);

impl Directory {
    pub fn open(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() {
            return Ok(Self(path.to_owned()));
        }
        Err(io::Error::from_raw_os_error(ERROR_DIRECTORY as i32))
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
    let path = wide(path)?;
    // SAFETY: a text that ends with a zero and lives during the call. Without the attribute it is only seen.
    unsafe { SetFileAttributesW(path.as_ptr(), FILE_ATTRIBUTE_HIDDEN) };
    Ok(())
}

/// Gives a file another name, if nothing has that.
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    move_file(from, to, 0)
}

/// Gives a file another name, in place of what has it.
pub fn rename_over(from: &Path, to: &Path) -> io::Result<()> {
    move_file(from, to, MOVEFILE_REPLACE_EXISTING)
}

fn move_file(from: &Path, to: &Path, how: MOVE_FILE_FLAGS) -> io::Result<()> {
    let (from, to) = (wide(from)?, wide(to)?);
    // SAFETY: two texts that end with a zero and live during the call.
    done(unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), MOVEFILE_WRITE_THROUGH | how) })
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

/// A path for Windows' own functions, of any length: what begins like this is not held to 260 characters.
pub(super) fn wide(path: &Path) -> io::Result<Vec<u16>> {
    const SLASH: u16 = b'\\' as u16;
    const AS_IT_IS: [u16; 4] = [SLASH, SLASH, b'?' as u16, SLASH];
    let path: Vec<u16> = std::path::absolute(path)?.as_os_str().encode_wide().collect();
    let (begin, rest) = match path.as_slice() {
        // Also a device, as COM1 becomes one.
        [SLASH, SLASH, kind, SLASH, ..] if [b'?' as u16, b'.' as u16].contains(kind) => (Vec::new(), path.as_slice()),
        [SLASH, SLASH, share @ ..] => {
            ([&AS_IT_IS[..], &[b'U' as u16, b'N' as u16, b'C' as u16, SLASH]].concat(), share)
        }
        drive => (AS_IT_IS.into(), drive),
    };
    Ok([&begin, rest, &[0]].concat())
}

pub(super) fn done(result: BOOL) -> io::Result<()> {
    if result == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
