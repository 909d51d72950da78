//! The library's own Rust runtime, as a C program needs it: freed memory is wiped, and neither a caught panic nor the
//! end of all memory prints anything.

/// Every byte that this library frees is wiped first, also where a dependency copied a password or a token.
#[cfg(feature = "standalone")]
mod allocator {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::{process, ptr, slice};

    use crate::secret;

    struct Wiping;

    #[global_allocator]
    static ALLOCATOR: Wiping = Wiping;

    /// What is smaller has a size of its own and not of somebody's choosing, and nobody is ready to go on without it.
    /// Whoever asks for more asks in a way that may fail.
    const SMALL: usize = 64 * 1024;

    /// Without a small piece of memory the process ends here, quietly: Rust would end it too, with words on the host's
    /// standard error.
    fn there(memory: *mut u8, size: usize) -> *mut u8 {
        if memory.is_null() && size < SMALL {
            process::abort();
        }
        memory
    }

    // SAFETY: hands everything on to the system's allocator; memory is only written while it is still ours.
    unsafe impl GlobalAlloc for Wiping {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            there(unsafe { System.alloc(layout) }, layout.size())
        }

        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            there(unsafe { System.alloc_zeroed(layout) }, layout.size())
        }

        unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
            unsafe {
                secret::wipe(slice::from_raw_parts_mut(memory.cast(), layout.size()));
                System.dealloc(memory, layout);
            }
        }

        // Not the system's: it would leave the old content where it was.
        unsafe fn realloc(&self, memory: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
            unsafe {
                let Ok(new_layout) = Layout::from_size_align(new_size, layout.align()) else {
                    return ptr::null_mut();
                };
                let new = self.alloc(new_layout);
                if !new.is_null() {
                    ptr::copy_nonoverlapping(memory, new, layout.size().min(new_size));
                    self.dealloc(memory, layout);
                }
                new
            }
        }
    }

    /// Memory of any size for somebody who can go on without it: null when there is none.
    ///
    /// # Safety
    /// As [`GlobalAlloc::alloc_zeroed`].
    pub unsafe fn allocate_zeroed(layout: Layout) -> *mut u8 {
        unsafe { System.alloc_zeroed(layout) }
    }

    /// Gives it back as it is.
    ///
    /// # Safety
    /// As [`GlobalAlloc::dealloc`], for what `allocate_zeroed` gave.
    pub unsafe fn free(memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }
}

/// In a Rust program the host's own hook and allocator decide.
#[cfg(not(feature = "standalone"))]
mod allocator {
    pub use std::alloc::{alloc_zeroed as allocate_zeroed, dealloc as free};
}

#[cfg(feature = "standalone")]
mod panics {
    use std::cell::{Cell, RefCell};
    use std::panic;
    use std::sync::Once;

    thread_local! {
        static DEPTH: Cell<u32> = const { Cell::new(0) };
        static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
    }

    /// While it lives, a panic on this thread prints nothing, and where it happened is kept.
    pub struct Quiet(());

    pub fn quiet() -> Quiet {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                // Accessors do not count themselves in DEPTH: they are to cost nothing.
                let accessor = !cfg!(test) && info.location().is_some_and(|at| at.file().starts_with("src"));
                let ours = accessor || DEPTH.try_with(|depth| depth.get() > 0).unwrap_or(true);
                if !ours {
                    return before(info);
                }
                let place = info.location().map(|at| format!("{}:{}", short(at.file()), at.line()));
                let _ = PLACE.try_with(|kept| kept.replace(place));
            }));
        });
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() + 1));
        Quiet(())
    }

    /// The end of a path: where it lay on the machine that built it is nobody's business.
    fn short(path: &str) -> &str {
        let mut slashes = path.char_indices().rev().filter(|(_, char)| matches!(char, '/' | '\\'));
        slashes.nth(2).map_or(path, |(at, _)| &path[at + 1..])
    }

    impl Drop for Quiet {
        fn drop(&mut self) {
            let _ = DEPTH.try_with(|depth| depth.set(depth.get() - 1));
        }
    }

    pub fn take_panic_place() -> Option<String> {
        PLACE.try_with(|kept| kept.take()).ok().flatten()
    }
}

#[cfg(not(feature = "standalone"))]
mod panics {
    pub fn quiet() {}

    pub fn take_panic_place() -> Option<String> {
        None
    }
}

pub use allocator::{allocate_zeroed, free};
pub use panics::{quiet, take_panic_place};
