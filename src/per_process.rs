//! What exists once in a process, and anew in a forked child: there the parent's may be locked or half made, for ever.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::platform;

pub struct PerProcess<T: 'static> {
    current: AtomicPtr<Slot<T>>,
}

struct Slot<T> {
    fork_generation: u32,
    value: T,
    /// The parent's stays reachable, and untouched.
    _parent: *mut Slot<T>,
}

impl<T: Default + Send + Sync> PerProcess<T> {
    pub const fn new() -> Self {
        Self { current: AtomicPtr::new(ptr::null_mut()) }
    }

    pub fn get(&self) -> &'static T {
        let fork_generation = platform::fork_generation();
        loop {
            let current = self.current.load(Ordering::Acquire);
            // SAFETY: only pointers from the Box::into_raw below are stored, and those are never freed.
            if let Some(slot) = unsafe { current.as_ref() } {
                if slot.fork_generation == fork_generation {
                    return &slot.value;
                }
            }
            let fresh = Box::into_raw(Box::new(Slot { fork_generation, value: T::default(), _parent: current }));
            if self.current.compare_exchange(current, fresh, Ordering::AcqRel, Ordering::Acquire).is_err() {
                // SAFETY: another thread was faster; nobody has seen this one.
                drop(unsafe { Box::from_raw(fresh) });
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::{OnceLock, mpsc};
    use std::thread;

    use super::*;

    #[test]
    fn a_child_does_not_wait_for_what_a_thread_of_its_parent_was_making() {
        static VALUE: PerProcess<OnceLock<u32>> = PerProcess::new();
        let (begun, wait_for_begun) = mpsc::channel();
        let (finish, wait_to_finish) = mpsc::channel();
        let making = thread::spawn(move || {
            *VALUE.get().get_or_init(|| {
                begun.send(()).unwrap();
                wait_to_finish.recv().unwrap();
                1
            })
        });
        wait_for_begun.recv().unwrap();
        // SAFETY: the child makes a value of its own and ends at once.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let made = *VALUE.get().get_or_init(|| 2);
            unsafe { libc::_exit(i32::from(made != 2)) };
        }
        let mut status = -1;
        unsafe { libc::waitpid(child, &mut status, 0) };
        finish.send(()).unwrap();
        assert_eq!((status, making.join().unwrap()), (0, 1));
        assert_eq!(VALUE.get().get(), Some(&1));
    }
}
