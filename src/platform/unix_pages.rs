//! Memory that the system keeps to itself.

use std::io;
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};
use std::slice;

/// Whole pages, zero at first: locked in RAM where the system allows, and, on Linux, left out of core dumps and empty in a forked child.
pub struct Pages {
    start: NonNull<u8>,
    length: usize,
}

// SAFETY: the memory belongs to this value alone.
unsafe impl Send for Pages {}
// SAFETY: a shared reference only reads.
unsafe impl Sync for Pages {}

impl Pages {
    pub fn new(length: usize) -> io::Result<Self> {
        let length = length.max(1);
        // SAFETY: a new anonymous mapping, which touches nobody's memory.
        let start = unsafe {
            libc::mmap(
                ptr::null_mut(),
                length,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANON,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // What the system does not allow, or does not know, is done without: RLIMIT_MEMLOCK is small in containers.
        // SAFETY: the mapping is ours, and `length` long.
        unsafe {
            libc::mlock(start, length);
            #[cfg(any(target_os = "linux", target_os = "android"))]
            {
                libc::madvise(start, length, libc::MADV_DONTDUMP);
                libc::madvise(start, length, libc::MADV_WIPEONFORK);
            }
            #[cfg(target_os = "freebsd")]
            libc::madvise(start, length, libc::MADV_NOCORE);
        }
        let start = NonNull::new(start.cast()).ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))?;
        Ok(Self { start, length })
    }
}

impl Deref for Pages {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: mapped until this is dropped, and all initialised: new pages are zero.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }
}

impl DerefMut for Pages {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, and borrowed by nobody else.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.length) }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: mapped by `new`, and used by nobody any more. Unmapping unlocks.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.length) };
    }
}
