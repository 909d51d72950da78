//! Memory whose size somebody else decides: a server, or the caller. Asking for it never ends the process.

use std::alloc::Layout;
use std::mem::MaybeUninit;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::slice;

use crate::secret::wipe;
use crate::{platform, standalone};

mod buffer;
pub(crate) mod locked;
mod sheet;
mod spare;

pub use buffer::Buffer;
pub use sheet::Sheet;

/// There is none of the size that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// From this size on memory comes straight from the system, as pages: what is never written costs nothing, and zeros
/// need not be written.
const PAGES_FROM: usize = 64 * 1024;

/// Some bytes, zeros at first. It does not know which were written, so whoever has it wipes them: when it is dropped all
/// are zeros again, and may serve somebody else.
pub struct Memory {
    start: NonNull<u8>,
    size: usize,
}

// SAFETY: it owns its bytes, and hands them out as a Vec does.
unsafe impl Send for Memory {}
unsafe impl Sync for Memory {}

impl Default for Memory {
    fn default() -> Self {
        // As aligned as all that is ever asked for.
        Self { start: NonNull::<u64>::dangling().cast(), size: 0 }
    }
}

impl Memory {
    pub fn zeroed(size: usize) -> Result<Self, OutOfMemory> {
        let start = match size {
            0 => return Ok(Self::default()),
            1..PAGES_FROM => {
                // SAFETY: a layout that is not empty.
                NonNull::new(unsafe { standalone::allocate_zeroed(Self::layout(size)?) })
            }
            // No slice may be longer. Systems differ in what they do with such a length.
            _ if isize::try_from(size).is_err() => None,
            _ => spare::take(size),
        };
        Ok(Self { start: start.ok_or(OutOfMemory)?, size })
    }

    fn layout(size: usize) -> Result<Layout, OutOfMemory> {
        // As much as anything in it needs.
        Layout::from_size_align(size, align_of::<u64>()).map_err(|_| OutOfMemory)
    }

    fn is_pages(&self) -> bool {
        self.size >= PAGES_FROM
    }

    /// Another size. The first `used` bytes stay, though perhaps elsewhere, and leave nothing behind; the rest must be
    /// zeros still.
    pub fn resize(&mut self, size: usize, used: usize) -> Result<(), OutOfMemory> {
        let kept = used.min(size);
        // Whoever has the same pages next would find it behind the end.
        wipe_bytes(&mut self[kept..used]);
        if self.resize_pages(size) {
            return Ok(());
        }
        let mut other = Self::zeroed(size)?;
        other[..kept].copy_from_slice(&self[..kept]);
        self.wipe(kept);
        *self = other;
        Ok(())
    }

    /// Another number of pages, where the system makes that of these without a copy.
    fn resize_pages(&mut self, size: usize) -> bool {
        if !self.is_pages() || size < PAGES_FROM || isize::try_from(size).is_err() {
            return false;
        }
        // SAFETY: pages of ours, of that size; nobody has borrowed them.
        let start = unsafe { platform::resize_pages(self.start, self.size, size) };
        if let Some(start) = start {
            (self.start, self.size) = (start, size);
        }
        start.is_some()
    }

    /// Says that all of it will be written, so that the system may give it in large pieces.
    pub fn will_be_filled(&self) {
        const LARGE: usize = 2 << 20;
        if self.size >= LARGE {
            // SAFETY: pages of ours, of that size.
            unsafe { platform::prefer_large_pages(self.start, self.size) };
        }
    }

    /// Writes bytes that nobody is reading. Others may be read meanwhile, also through a pointer from before.
    fn put(&mut self, at: usize, bytes: &[u8]) {
        assert!(at <= self.size && bytes.len() <= self.size - at);
        // SAFETY: the place was just checked. No reference to the rest is made: C reads in there.
        unsafe { self.start.as_ptr().add(at).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    }

    /// Overwrites the first bytes.
    pub fn wipe(&mut self, count: usize) {
        wipe_bytes(&mut self[..count]);
    }
}

/// Overwrites bytes, also where nobody will read them again.
pub fn wipe_bytes(bytes: &mut [u8]) {
    // SAFETY: the same bytes, only allowed to be less than they are; `wipe` leaves zeros.
    wipe(unsafe { &mut *(std::ptr::from_mut(bytes) as *mut [MaybeUninit<u8>]) });
}

impl Deref for Memory {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: so many bytes are ours while this lives, and were zeros at first.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.size) }
    }
}

impl DerefMut for Memory {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `deref`, and borrowed by nobody else.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.size) }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        if self.is_pages() {
            // A look at all of what is larger would touch what nobody did.
            debug_assert!(self.size > 1 << 20 || self.iter().all(|byte| *byte == 0), "not wiped");
            // SAFETY: pages of ours, of that size, all zeros, and this was the last to know them.
            unsafe { spare::keep(self.start, self.size) };
        } else if let (1.., Ok(layout)) = (self.size, Self::layout(self.size)) {
            // SAFETY: it was allocated with the same layout.
            unsafe { standalone::free(self.start.as_ptr(), layout) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_zeros_and_keeps_what_is_written_at_every_size() {
        let mut memory = Memory::default();
        let mut used = 0;
        for size in [0, 1, 100, PAGES_FROM - 1, PAGES_FROM, PAGES_FROM + 1, 5_000_000, 200_000, 10] {
            memory.resize(size, used).unwrap();
            assert_eq!(memory.len(), size);
            used = used.min(size);
            assert!(memory[..used].iter().all(|&byte| byte == 7), "{size}");
            assert!(memory[used..].iter().all(|&byte| byte == 0), "{size}");
            memory.fill(7);
            used = size;
        }
    }

    #[test]
    fn what_is_cut_off_leaves_nothing_behind_the_end() {
        let mut memory = Memory::zeroed(PAGES_FROM + 1000).unwrap();
        memory.fill(7);
        memory.resize(PAGES_FROM + 10, PAGES_FROM + 1000).unwrap();
        memory.resize(PAGES_FROM + 1000, PAGES_FROM + 10).unwrap();
        assert!(memory[PAGES_FROM + 10..].iter().all(|byte| *byte == 0));
        memory.wipe(PAGES_FROM + 10);
    }

    #[test]
    fn too_much_is_an_error() {
        for size in [isize::MAX as usize - 4096, isize::MAX as usize, isize::MAX as usize + 1, usize::MAX] {
            assert_eq!(Memory::zeroed(size).err(), Some(OutOfMemory), "{size}");
            let mut memory = Memory::zeroed(10).unwrap();
            assert_eq!((memory.resize(size, 10), memory.len()), (Err(OutOfMemory), 10));
            let mut memory = Memory::zeroed(PAGES_FROM).unwrap();
            assert_eq!((memory.resize(size, 10), memory.len()), (Err(OutOfMemory), PAGES_FROM));
        }
    }
}
