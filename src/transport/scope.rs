//! Who may cancel which calls.

#[cfg(unix)]
use std::sync::atomic::{Ordering, fence};
use std::sync::{Arc, Mutex, PoisonError};

use super::event::Event;
#[cfg(unix)]
use crate::platform;

/// The calls made through one handle. Cancelling ends those running now; later ones are not touched.
#[derive(Default)]
pub struct Scope {
    current: Mutex<Option<Arc<Epoch>>>,
}

/// The calls between two cancels of a scope.
#[derive(Default)]
pub(super) struct Epoch {
    cancelled: Event,
    /// The connections on which calls wait for their answer.
    #[cfg(unix)]
    reading: Mutex<Vec<platform::Handle>>,
}

impl Scope {
    pub fn cancel(&self) {
        let epoch = self.current.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(epoch) = epoch {
            epoch.cancelled.happen();
            // Whoever joins the readers later looks at the flag after that.
            #[cfg(unix)]
            fence(Ordering::SeqCst);
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
    /// Happens when the calls are to end.
    pub fn cancelled(&self) -> &Event {
        &self.cancelled
    }

    /// From now on, until the result is dropped, a cancel ends a read of this connection. What came before is for
    /// `cancelled` to tell.
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
