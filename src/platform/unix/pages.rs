//! Memory straight from the system.

use std::io;
use std::ptr::{self, NonNull};

/// Whole new pages of zeros, at least `length` bytes and at least one.
pub fn map_pages(length: usize) -> io::Result<NonNull<u8>> {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: a new mapping wherever the system likes.
    let start = unsafe { libc::mmap(ptr::null_mut(), length, protection, libc::MAP_PRIVATE | libc::MAP_ANON, -1, 0) };
    if start == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    NonNull::new(start.cast()).ok_or_else(|| io::ErrorKind::OutOfMemory.into())
}

/// The same pages in another number, perhaps elsewhere; new ones are zeros. None where they must stay as they are.
///
/// # Safety
/// What [`map_pages`] gave for the length `from`, and nobody reads it meanwhile.
pub unsafe fn resize_pages(start: NonNull<u8>, from: usize, to: usize) -> Option<NonNull<u8>> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // SAFETY: the caller's promise.
        let start = unsafe { libc::mremap(start.as_ptr().cast(), from, to, libc::MREMAP_MAYMOVE) };
        if start == libc::MAP_FAILED { None } else { NonNull::new(start.cast()) }
    }
    // Elsewhere they can only become fewer.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        if to > from {
            return None;
        }
        // SAFETY: asks for a number, and gives back whole pages behind those that stay.
        unsafe {
            let end = to.next_multiple_of(libc::sysconf(libc::_SC_PAGESIZE) as usize);
            if end < from {
                libc::munmap(start.as_ptr().add(end).cast(), from - end);
            }
        }
        Some(start)
    }
}

/// Asks for pages of megabytes where the system has them: each one less is one interruption less when they are written.
///
/// # Safety
/// What [`map_pages`] gave for this length.
pub unsafe fn prefer_large_pages(start: NonNull<u8>, length: usize) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    // SAFETY: the caller's promise; what is in the pages does not change.
    unsafe {
        libc::madvise(start.as_ptr().cast(), length, libc::MADV_HUGEPAGE);
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = (start, length);
}

/// Pages that are not in core dumps, not in a forked child and not swapped out. Where the system refuses one of these,
/// and containers often lock nothing, they are pages all the same.
pub fn take_pages(length: usize) -> io::Result<NonNull<u8>> {
    let pages = map_pages(length)?;
    let start = pages.as_ptr().cast();
    // SAFETY: calls that change what becomes of the pages, not what is in them.
    unsafe {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        {
            libc::madvise(start, length, libc::MADV_DONTDUMP);
            libc::madvise(start, length, libc::MADV_WIPEONFORK);
        }
        #[cfg(target_os = "freebsd")]
        {
            libc::madvise(start, length, libc::MADV_NOCORE);
            libc::minherit(start, length, libc::INHERIT_ZERO);
        }
        libc::mlock(start, length);
    }
    Ok(pages)
}

/// # Safety
/// What [`map_pages`] or [`take_pages`] gave for this length, and nobody uses any more.
pub unsafe fn give_back_pages(start: NonNull<u8>, length: usize) {
    // SAFETY: the caller's promise. This unlocks them too.
    unsafe { libc::munmap(start.as_ptr().cast(), length) };
}
