//! What differs between operating systems: waiting, waking, fork, signals, the trust store, the log's file, the clock
//! and memory that is nobody else's.

mod memory;
pub use memory::LockedMemory;

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub use unix::*;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::*;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;

/// One thing that [`wait`] waits for.
#[derive(Clone, Copy, Default)]
pub struct Interest {
    pub handle: Handle,
    pub read: bool,
    pub write: bool,
    /// Set by [`wait`]; errors and hang-ups count as ready, so that the next read or write tells which.
    pub ready: bool,
}

impl Interest {
    pub fn read(handle: Handle) -> Self {
        Self { handle, read: true, write: false, ready: false }
    }

    pub fn write(handle: Handle) -> Self {
        Self { handle, read: false, write: true, ready: false }
    }
}

/// How many things one [`wait`] can wait for.
pub const MAX_INTERESTS: usize = 17;

/// Reads a file whole.
pub fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    off_standard_streams(File::open(path)?)?.read_to_end(&mut content)?;
    Ok(content)
}

/// An I/O error for a person; what to do where that is known.
pub fn reason(error: &io::Error) -> String {
    out_of_files(error).map_or_else(|| words(error), str::to_owned)
}

/// What changes when a file is replaced or written to: device, inode, size, and when it and its inode were changed.
#[cfg(unix)]
pub type FileVersion = (u64, u64, u64, [i64; 2], [i64; 2]);

/// Where the operating system keeps the certificates it trusts. Windows is asked for its verdict instead.
#[cfg(unix)]
pub enum TrustStore {
    /// A PEM bundle on disk.
    Bundle(PathBuf, FileVersion),
    Missing,
}
