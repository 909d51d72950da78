//! Who may cancel which calls.

use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, Mutex, PoisonError};

use once_cell::sync::OnceCell;

use super::failure::{Failure, Fault};
#[cfg(unix)]
use crate::platform;
use crate::platform::Wake;

/// The calls made through one handle. Cancelling ends those running now; later ones are not touched.
#[derive(Default)]
pub struct Scope {
    current: Mutex<Option<Arc<Epoch>>>,
}

/// The calls between two cancels of a scope.
#[derive(Default)]
pub(super) struct Epoch {
    cancelled: AtomicBool,
    /// Made when a call first waits for more than its answer. It stays signalled, so nobody has to drain it.
    wake: OnceCell<Wake>,
    /// The connections on which calls wait for their answer.
    #[cfg(unix)]
    reading: Mutex<Vec<platform::Handle>>,
}

impl Scope {
    pub fn cancel(&self) {
        let epoch = self.current.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(epoch) = epoch {
            epoch.cancelled.store(true, Ordering::SeqCst);
            // Whoever makes the wake-up later, or joins the readers, looks at the flag after that.
            fence(Ordering::SeqCst);
            if let Some(wake) = epoch.wake.get() {
                wake.signal();
            }
            #[cfg(unix)]
            for &handle in epoch.reading.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                platform::interrupt(handle);
            }
        }
    }

    pub(super) fn epoch(&self) -> Arc<Epoch> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default().clone()
    }
}

impl Epoch {
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// What a wait must watch too.
    pub fn wake(&self) -> Result<&Wake, Failure> {
        let wake = self.wake.get_or_try_init(Wake::new);
        fence(Ordering::SeqCst);
        wake.map_err(|error| Failure::new(Fault::System, format!("cannot make a wake-up descriptor: {error}")))
    }

    /// From now on, until the result is dropped, a cancel ends a read of this connection. What came before is for
    /// `is_cancelled` to find.
    #[cfg(unix)]
    pub fn begin_read(&self, handle: platform::Handle) -> Reading<'_> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        Reading { epoch: self, handle }
    }
}

/// A connection on the list of those that a cancel interrupts.
#[cfg(unix)]
pub(super) struct Reading<'a> {
    epoch: &'a Epoch,
    handle: platform::Handle,
}

#[cfg(unix)]
impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let mut reading = self.epoch.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = reading.iter().position(|&handle| handle == self.handle) {
            reading.swap_remove(at);
        }
    }
}
