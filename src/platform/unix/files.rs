//! Files that appear whole, in folders that one process has.

use std::borrow::Cow;
use std::ffi::CString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use super::off_standard_streams;

/// A path as a person writes it.
pub fn plain(path: &str) -> Cow<'_, str> {
    path.into()
}

/// What it takes to put a folder's names on the disk.
pub struct Directory(File);

impl Directory {
    pub fn open(path: &Path) -> io::Result<Self> {
        off_standard_streams(OpenOptions::new().read(true).custom_flags(libc::O_DIRECTORY).open(path)?).map(Self)
    }

    pub fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }

    /// What is the same for no other folder of this machine.
    pub fn identity(&self) -> io::Result<(u64, u64)> {
        self.0.metadata().map(|facts| (facts.dev(), facts.ino()))
    }
}

/// A file without a name, in that folder; None where the system has none.
pub fn create_unnamed(folder: &Path) -> io::Result<Option<File>> {
    #[cfg(target_os = "linux")]
    if fs::metadata("/proc/self/fd").is_ok() {
        let mut how = OpenOptions::new();
        match how.write(true).mode(0o666).custom_flags(libc::O_TMPFILE).open(folder) {
            Ok(file) => return off_standard_streams(file).map(Some),
            // Of an old kernel, and of file systems that have none.
            Err(error) if matches!(error.raw_os_error(), Some(libc::EOPNOTSUPP | libc::EISDIR | libc::EINVAL)) => {}
            Err(error) => return Err(error),
        }
    }
    let _ = folder;
    Ok(None)
}

/// Names such a file, if nothing has that name.
pub fn name_file(file: &File, path: &Path) -> io::Result<()> {
    let from = CString::new(format!("/proc/self/fd/{}", file.as_raw_fd()))?;
    let to = c_path(path)?;
    // SAFETY: two texts that live during the call.
    done(unsafe { libc::linkat(libc::AT_FDCWD, from.as_ptr(), libc::AT_FDCWD, to.as_ptr(), libc::AT_SYMLINK_FOLLOW) })
}

/// A file that must be new.
pub fn create_new(path: &Path) -> io::Result<File> {
    off_standard_streams(OpenOptions::new().write(true).create_new(true).mode(0o666).open(path)?)
}

/// A file that is emptied if it is there. A link is none of ours.
pub fn create_empty(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.write(true).create(true).truncate(true).mode(0o666).custom_flags(libc::O_NOFOLLOW);
    off_standard_streams(how.open(path)?)
}

/// A file to read and to add to, made for its owner alone where there is none.
pub fn open_notes(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.read(true).append(true).create(true).mode(0o600).custom_flags(libc::O_NOFOLLOW);
    off_standard_streams(how.open(path)?)
}

/// A folder for its owner alone.
pub fn make_hidden(path: &Path) -> io::Result<()> {
    make(path, 0o700)
}

pub fn make_folder(path: &Path) -> io::Result<()> {
    make(path, 0o777)
}

fn make(path: &Path, mode: libc::mode_t) -> io::Result<()> {
    let path = c_path(path)?;
    // SAFETY: a text that lives during the call.
    done(unsafe { libc::mkdir(path.as_ptr(), mode) })
}

/// Gives a file another name, if nothing has that.
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        const NO_REPLACE: libc::c_uint = 1;
        let (from, to) = (c_path(from)?, c_path(to)?);
        // By its number: old C libraries have no name for it.
        // SAFETY: two texts that live during the call.
        let result = unsafe {
            libc::syscall(libc::SYS_renameat2, libc::AT_FDCWD, from.as_ptr(), libc::AT_FDCWD, to.as_ptr(), NO_REPLACE)
        };
        if result == 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        // Of an old kernel, and of file systems that do not know how.
        if !matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EINVAL)) {
            return Err(error);
        }
    }
    fs::hard_link(from, to)?;
    fs::remove_file(from)
}

/// Gives a file another name, in place of what has it.
pub fn rename_over(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Whether these are two names of one file, as a process that died in `rename_new` may leave them.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| fs::symlink_metadata(path).map(|facts| (facts.dev(), facts.ino(), facts.nlink())).ok();
    identity(one).is_some_and(|(.., links)| links > 1) && identity(one) == identity(other)
}

/// Locks a file for this process; else says which other one has it, as far as that can be known. The lock goes with the
/// process; a forked child does not have it.
pub fn lock(file: &File) -> io::Result<Result<(), Option<u32>>> {
    // SAFETY: a plain structure of numbers, for which zeros are the whole file.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = libc::F_WRLCK as _;
    lock.l_whence = libc::SEEK_SET as _;
    // SAFETY: an open file, and a structure that lives during the call.
    if unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLK, &lock) } == 0 {
        return Ok(Ok(()));
    }
    let error = io::Error::last_os_error();
    if !matches!(error.raw_os_error(), Some(libc::EACCES | libc::EAGAIN)) {
        return Err(error);
    }
    // SAFETY: as above.
    let known = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GETLK, &mut lock) } == 0;
    Ok(Err(u32::try_from(lock.l_pid).ok().filter(|pid| known && *pid > 0)))
}

/// The file that is locked.
pub fn open_lock(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(libc::O_NOFOLLOW);
    off_standard_streams(how.open(path)?)
}

fn c_path(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

fn done(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
