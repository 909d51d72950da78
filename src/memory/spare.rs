//! Pages of answers that were freed, for the next ones: what those need is there then, and the system need not be
//! interrupted for every page.
//!
//! They are zeros. At most 8 MiB are kept, and given up when there is no other memory. MADV_FREE, so that the system may
//! take them before, would cost a list of 2.5 MB half a millisecond of 13.

use std::mem;
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, TryLockError};

use crate::platform;

const MOST_BYTES: usize = 8 << 20;
/// As many as two answers have.
const MOST: usize = 6;

/// Which the system gave for that size, and nobody else knows.
struct Pages {
    start: NonNull<u8>,
    size: usize,
}

// SAFETY: they belong to whoever has this.
unsafe impl Send for Pages {}

impl Pages {
    /// The same in another size, if the system can do that.
    fn resize(self, size: usize) -> Option<NonNull<u8>> {
        let start = match self.size == size {
            true => Some(self.start),
            // SAFETY: pages of ours, of that size, which nobody reads.
            false => unsafe { platform::resize_pages(self.start, self.size, size) },
        };
        if start.is_some() {
            mem::forget(self);
        }
        start
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: pages of ours, of that size.
        unsafe { platform::give_back_pages(self.start, self.size) };
    }
}

/// What was freed last comes first.
#[derive(Default)]
struct Spare([Option<Pages>; MOST]);

static SPARE: Mutex<Spare> = Mutex::new(Spare([const { None }; MOST]));

impl Spare {
    /// The smallest that is large enough, or else the largest.
    fn take(&mut self, size: usize) -> Option<Pages> {
        let distance = |pages: &Pages| match pages.size.checked_sub(size) {
            Some(more) => (false, more),
            None => (true, size - pages.size),
        };
        let kept = self.0.iter_mut().filter(|place| place.is_some());
        kept.min_by_key(|place| place.as_ref().map(distance))?.take()
    }

    /// Keeps these, and returns those that there is no more room for.
    fn keep(&mut self, pages: Pages) -> Self {
        let mut over = Self::default();
        let (mut next, mut bytes) = (Some(pages), 0);
        for (place, over) in self.0.iter_mut().zip(&mut over.0) {
            // The others move on by one place, up to the first that is free.
            if let Some(moved) = next.take() {
                next = place.replace(moved);
            }
            bytes += place.as_ref().map_or(0, |pages| pages.size);
            if bytes > MOST_BYTES {
                *over = place.take();
            }
        }
        if next.is_some() {
            over.0[MOST - 1] = next;
        }
        over
    }
}

/// Nobody waits here, least of all a forked child for a thread that it does not have.
fn spare() -> Option<MutexGuard<'static, Spare>> {
    match SPARE.try_lock() {
        Ok(spare) => Some(spare),
        Err(TryLockError::Poisoned(spare)) => Some(spare.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Pages of zeros, of that size exactly.
pub fn take(size: usize) -> Option<NonNull<u8>> {
    let kept = spare().and_then(|mut spare| spare.take(size));
    kept.and_then(|pages| pages.resize(size)).or_else(|| platform::map_pages(size).ok()).or_else(|| {
        // Those that are kept may be what is missing.
        drop(mem::take(&mut *spare()?));
        platform::map_pages(size).ok()
    })
}

/// # Safety
/// What [`take`] gave for that size, or `resize_pages` made of it. All are zeros, and nobody uses them any more.
pub unsafe fn keep(start: NonNull<u8>, size: usize) {
    let pages = Pages { start, size };
    if size <= MOST_BYTES {
        // Given back after the lock is.
        let _over = spare().map(|mut spare| spare.keep(pages));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEBIBYTE: usize = 1 << 20;

    fn pages(size: usize) -> Pages {
        Pages { start: platform::map_pages(size).unwrap(), size }
    }

    fn sizes(spare: &Spare) -> Vec<usize> {
        spare.0.iter().flatten().map(|pages| pages.size / MEBIBYTE).collect()
    }

    fn filled(all: &[usize]) -> Spare {
        let mut spare = Spare::default();
        all.iter().for_each(|size| drop(spare.keep(pages(size * MEBIBYTE))));
        spare
    }

    #[test]
    fn the_last_are_kept_as_far_as_there_is_room() {
        assert_eq!(sizes(&filled(&[1, 2, 3])), [3, 2, 1]);
        assert_eq!(sizes(&filled(&[1, 2, 3, 4])), [4, 3]);
        assert_eq!(sizes(&filled(&[1, 1, 8])), [8]);
        assert_eq!(sizes(&filled(&[2, 1, 1, 1, 1, 1, 1])), [1; MOST]);
        let mut spare = filled(&[1; MOST]);
        drop(spare.take(MEBIBYTE));
        assert!(sizes(&spare.keep(pages(2 * MEBIBYTE))).is_empty());
        assert_eq!(sizes(&spare), [2, 1, 1, 1, 1, 1]);
        let mut spare = filled(&[1, 2, 3]);
        assert_eq!(sizes(&spare.keep(pages(4 * MEBIBYTE))), [2, 1]);
    }

    #[test]
    fn the_nearest_are_taken_and_get_the_size_that_is_wanted() {
        for (wanted, taken) in [(1, 1), (2, 2), (3, 4), (4, 4), (9, 4)] {
            let mut spare = filled(&[1, 4, 2]);
            let pages = spare.take(wanted * MEBIBYTE).unwrap();
            assert_eq!((pages.size, sizes(&spare).len()), (taken * MEBIBYTE, 2));
            let resized = pages.resize(wanted * MEBIBYTE);
            assert!(resized.is_some() || cfg!(not(target_os = "linux")));
            let Some(start) = resized else { continue };
            let size = wanted * MEBIBYTE;
            // SAFETY: so large are they now.
            let bytes = unsafe { std::slice::from_raw_parts(start.as_ptr(), size) };
            assert!(bytes.iter().all(|byte| *byte == 0));
            drop(Pages { start, size });
        }
        assert!(Spare::default().take(1).is_none());
    }
}
