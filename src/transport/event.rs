//! Something that happens once, and that calls can wait for.

use std::sync::atomic::{AtomicBool, Ordering, fence};

use once_cell::sync::OnceCell;

use super::failure::{Failure, Fault};
use crate::platform::Wake;

#[derive(Default)]
pub struct Event {
    happened: AtomicBool,
    /// Made when a call first waits. It stays signalled, so nobody has to drain it.
    wake: OnceCell<Wake>,
}

impl Event {
    pub fn happen(&self) {
        self.happened.store(true, Ordering::SeqCst);
        // Whoever makes the wake-up later looks at the flag after that.
        fence(Ordering::SeqCst);
        if let Some(wake) = self.wake.get() {
            wake.signal();
        }
    }

    pub fn has_happened(&self) -> bool {
        self.happened.load(Ordering::SeqCst)
    }

    /// What a wait must watch; the flag is to be looked at after that.
    pub(super) fn wake(&self) -> Result<&Wake, Failure> {
        let wake = self.wake.get_or_try_init(Wake::new);
        fence(Ordering::SeqCst);
        wake.map_err(|error| Failure::new(Fault::System, format!("cannot make a wake-up descriptor: {error}")))
    }
}
