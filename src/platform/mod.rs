//! What differs between operating systems: waiting, waking, fork, signals, the trust store, the clock and memory that
//! is nobody else's.

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

/// Where the operating system keeps the certificates it trusts.
pub enum TrustStore {
    /// A PEM bundle on disk.
    #[cfg_attr(windows, allow(dead_code))]
    Bundle(PathBuf),
    /// DER certificates, from a store that is not a file.
    #[cfg_attr(unix, allow(dead_code))]
    Certificates(Vec<Vec<u8>>),
    Missing,
}
