//! Memory in pages.

use std::ffi::{CStr, c_void};
use std::io;
use std::mem;
use std::ptr::{self, NonNull};
use std::sync::OnceLock;

use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleW, GetProcAddress};
use windows_sys::Win32::System::Memory::{
    MEM_COMMIT, MEM_DECOMMIT, MEM_RELEASE, MEM_RESERVE, PAGE_READWRITE, VirtualAlloc, VirtualFree, VirtualLock,
    VirtualUnlock,
};
use windows_sys::core::{HRESULT, w};

/// Whole new pages of zeros, at least `length` bytes and at least one.
pub fn map_pages(length: usize) -> io::Result<NonNull<u8>> {
    // SAFETY: new pages wherever the system likes.
    let start = unsafe { VirtualAlloc(ptr::null(), length, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE) };
    NonNull::new(start.cast()).ok_or_else(io::Error::last_os_error)
}

/// The same pages in another number: here they can only become fewer. None where they must stay as they are.
///
/// # Safety
/// What [`map_pages`] gave for the length `from`, and nobody reads it meanwhile.
pub unsafe fn resize_pages(start: NonNull<u8>, from: usize, to: usize) -> Option<NonNull<u8>> {
    const PAGE: usize = 4096;
    if to > from {
        return None;
    }
    let end = to.next_multiple_of(PAGE);
    if end < from {
        // SAFETY: whole pages of the caller's, behind those that stay; their addresses go with the rest.
        unsafe { VirtualFree(start.as_ptr().add(end).cast(), from - end, MEM_DECOMMIT) };
    }
    Some(start)
}

/// Windows gives pages of megabytes only to those who have a right to them.
///
/// # Safety
/// None is needed here.
pub unsafe fn prefer_large_pages(_: NonNull<u8>, _: usize) {}

/// Pages that are not swapped out, and missing from what is reported of a crash, where the system allows.
pub fn take_pages(length: usize) -> io::Result<NonNull<u8>> {
    let pages = map_pages(length)?;
    // SAFETY: neither changes what is in them. Windows keeps a list of 512 blocks; what finds no room there is as before.
    unsafe {
        VirtualLock(pages.as_ptr().cast(), length);
        if let (Some(reports), Ok(length)) = (Reports::of_this_system(), u32::try_from(length)) {
            (reports.exclude)(pages.as_ptr().cast(), length);
        }
    }
    Ok(pages)
}

/// # Safety
/// What [`map_pages`] or [`take_pages`] gave for this length, and nobody uses any more.
pub unsafe fn give_back_pages(start: NonNull<u8>, length: usize) {
    // SAFETY: the caller's promise. Undoing what was never done to them is an error, and nothing
    // more.
    unsafe {
        if let Some(reports) = Reports::of_this_system() {
            (reports.include)(start.as_ptr().cast());
        }
        VirtualUnlock(start.as_ptr().cast(), length);
        VirtualFree(start.as_ptr().cast(), 0, MEM_RELEASE);
    }
}

/// What Windows Error Reporting sends of a process that crashed: since Windows 10 it can be told to leave memory out.
struct Reports {
    exclude: unsafe extern "system" fn(*const c_void, u32) -> HRESULT,
    include: unsafe extern "system" fn(*const c_void) -> HRESULT,
}

impl Reports {
    /// None on an older Windows, which is why they are looked up by name.
    fn of_this_system() -> Option<&'static Self> {
        static REPORTS: OnceLock<Option<Reports>> = OnceLock::new();
        let look_up = || {
            // SAFETY: texts that end with a zero. kernel32 is never unloaded, and these are its functions' types.
            unsafe {
                let kernel = GetModuleHandleW(w!("kernel32.dll"));
                let function = |name: &CStr| GetProcAddress(kernel, name.as_ptr().cast());
                Some(Self {
                    exclude: mem::transmute::<unsafe extern "system" fn() -> isize, _>(function(
                        c"WerRegisterExcludedMemoryBlock",
                    )?),
                    include: mem::transmute::<unsafe extern "system" fn() -> isize, _>(function(
                        c"WerUnregisterExcludedMemoryBlock",
                    )?),
                })
            }
        };
        REPORTS.get_or_init(look_up).as_ref()
    }
}
