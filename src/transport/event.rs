//! Something that happens once, and that calls can wait for.

use once_cell::sync::OnceCell;

use super::failure::{Failure, Fault};
use super::sync::{AtomicBool, Ordering, fence};
use crate::platform::{self, Wake};

#[derive(Default)]
pub struct Event {
    happened: AtomicBool,
    /// Made when a call first waits. Once the event has happened it stays signalled.
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

    /// Whether a call has waited for it, and so a descriptor is open.
    pub(super) fn is_watched(&self) -> bool {
        self.wake.get().is_some()
    }

    /// What a wait must watch; the flag is to be looked at after that, and `answer` called when it was ready.
    pub(super) fn wake(&self) -> Result<&Wake, Failure> {
        let wake = self.wake.get_or_try_init(Wake::new);
        fence(Ordering::SeqCst);
        wake.map_err(|error| {
            let why = platform::reason(&error);
            Failure::new(Fault::System, format!("cannot make a wake-up descriptor: {why}"))
        })
    }

    /// A wait found the wake-up signalled. Where the event has not happened, somebody else's write went to the wrong
    /// descriptor, and without this every wait from now on would end at once.
    pub(super) fn answer(&self) {
        let Some(wake) = self.wake.get().filter(|_| !self.has_happened()) else { return };
        wake.drain();
        fence(Ordering::SeqCst);
        // In between: the signal may be among those that were taken back.
        if self.has_happened() {
            wake.signal();
        }
    }
}
