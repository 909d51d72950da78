//! The process-wide client behind `ecgrid_login`, made from the environment at first use.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use once_cell::sync::OnceCell;

use crate::client::Client;
use crate::config::Config;
use crate::error::Error;
use crate::platform;

/// The client of one process. A forked child gets a slot of its own: its parent's may be half made, for ever.
struct Slot {
    fork_generation: u32,
    client: OnceCell<Client>,
    /// Kept reachable; what the parent's threads were doing with it nobody in the child can know.
    _parent: *mut Slot,
}

static CURRENT: AtomicPtr<Slot> = AtomicPtr::new(ptr::null_mut());

/// The client, made now if it is not there. One that could not be made is tried again.
pub fn get() -> Result<&'static Client, Error> {
    slot().client.get_or_try_init(|| Client::new(&Config::from_env()?))
}

fn slot() -> &'static Slot {
    let fork_generation = platform::fork_generation();
    loop {
        let current = CURRENT.load(Ordering::Acquire);
        // SAFETY: only pointers from the Box::into_raw below are stored, and those are never freed.
        if let Some(slot) = unsafe { current.as_ref() } {
            if slot.fork_generation == fork_generation {
                return slot;
            }
        }
        let fresh = Box::into_raw(Box::new(Slot { fork_generation, client: OnceCell::new(), _parent: current }));
        if CURRENT.compare_exchange(current, fresh, Ordering::AcqRel, Ordering::Acquire).is_err() {
            // SAFETY: another thread was faster; nobody has seen this one.
            drop(unsafe { Box::from_raw(fresh) });
        }
    }
}
