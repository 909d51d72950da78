//! Memory for secrets that are kept: straight from the system, and wiped before it goes back.

use std::io;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::slice;

use crate::secret::wipe;

/// Bytes on pages of their own, zeros at first. As far as the system can, they are never swapped out, are missing from
/// core dumps, and are zeros in a forked child.
pub struct LockedMemory {
    start: NonNull<u8>,
    length: usize,
}

// SAFETY: it owns its pages, and hands them out as a Vec does.
unsafe impl Send for LockedMemory {}
unsafe impl Sync for LockedMemory {}

impl LockedMemory {
    pub fn new(length: usize) -> io::Result<Self> {
        // No slice may be longer. Systems differ in what they do with such a length, and some round it up to nothing.
        if isize::try_from(length).is_err() {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        Ok(Self { start: super::take_pages(pages_for(length))?, length })
    }
}

/// The system gives no pages for a length of zero.
fn pages_for(length: usize) -> usize {
    length.max(1)
}

impl Deref for LockedMemory {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the pages are ours while this lives, were zeros at first, and have room for the length.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }
}

impl DerefMut for LockedMemory {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `deref`, and borrowed by nobody else.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.length) }
    }
}

impl Drop for LockedMemory {
    fn drop(&mut self) {
        // SAFETY: the pages came from `take_pages` with this length, and this was the last to know them.
        unsafe {
            wipe(slice::from_raw_parts_mut(self.start.as_ptr().cast(), self.length));
            super::give_back_pages(self.start, pages_for(self.length));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_zeros_at_first_and_keeps_what_is_written() {
        let mut memory = LockedMemory::new(100_000).unwrap();
        assert_eq!(memory.len(), 100_000);
        assert!(memory.iter().all(|byte| *byte == 0));
        memory.fill(7);
        assert!(memory.iter().all(|byte| *byte == 7));
    }

    #[test]
    fn no_bytes_are_fine_and_too_many_an_error() {
        assert!(LockedMemory::new(0).unwrap().is_empty());
        for length in [usize::MAX, usize::MAX - 1, isize::MAX as usize + 1, isize::MAX as usize] {
            assert!(LockedMemory::new(length).is_err(), "{length}");
        }
    }

    /// The pages of a file stand in for the system's: the file shows what was in them at the very end.
    #[cfg(unix)]
    #[test]
    fn it_is_wiped_before_the_system_has_it_back() {
        use std::fs;
        use std::io::Write;
        use std::os::fd::AsRawFd;

        const LENGTH: usize = 10_000;
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&[7; LENGTH]).unwrap();
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new mapping, as long as the file.
        let start = unsafe {
            libc::mmap(std::ptr::null_mut(), LENGTH, protection, libc::MAP_SHARED, file.as_file().as_raw_fd(), 0)
        };
        assert_ne!(start, libc::MAP_FAILED);
        let memory = LockedMemory { start: NonNull::new(start.cast()).unwrap(), length: LENGTH };
        assert_eq!(*memory, [7; LENGTH]);
        drop(memory);
        assert!(fs::read(file.path()).unwrap() == [0; LENGTH]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_system_knows_that_it_is_not_to_be_dumped_inherited_or_swapped_out() {
        let memory = LockedMemory::new(10).unwrap();
        let flags = flags_of(memory.start.as_ptr() as usize);
        let has = |flag: &str| flags.split_whitespace().any(|word| word == flag);
        assert!(has("dd") && has("wf"), "{flags}");
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: fills a local struct.
        assert_eq!(unsafe { libc::getrlimit(libc::RLIMIT_MEMLOCK, &mut limit) }, 0);
        assert!(has("lo") || limit.rlim_cur == 0, "{flags}");
    }

    /// What the kernel says of the mapping that this address lies in.
    #[cfg(target_os = "linux")]
    fn flags_of(address: usize) -> String {
        let mappings = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let range = |line: &str| {
            let (start, end) = line.split(' ').next()?.split_once('-')?;
            Some(usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?)
        };
        let mut lines = mappings.lines().skip_while(|line| !range(line).is_some_and(|range| range.contains(&address)));
        lines.find_map(|line| line.strip_prefix("VmFlags:")).unwrap().to_owned()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_forked_child_has_zeros_and_its_parent_keeps_what_it_had() {
        let mut memory = LockedMemory::new(10_000).unwrap();
        memory.fill(7);
        // SAFETY: the child reads memory, gives it back, and ends at once.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let zeros = memory.iter().all(|byte| *byte == 0);
            drop(memory);
            unsafe { libc::_exit(i32::from(!zeros)) };
        }
        let mut status = -1;
        unsafe { libc::waitpid(child, &mut status, 0) };
        assert_eq!(status, 0);
        assert!(memory.iter().all(|byte| *byte == 7));
    }
}
