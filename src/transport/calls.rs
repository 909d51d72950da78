//! The calls made through one handle.

use super::event::Event;
use super::sync::{Arc, Mutex, MutexGuard, PoisonError};
#[cfg(blocking_reads)]
use super::sync::{Ordering, fence};
#[cfg(blocking_reads)]
use crate::platform;

/// Cancelling ends those that are running now; stopping ends the later ones too.
#[derive(Default)]
pub struct Calls {
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    epoch: Option<Arc<Epoch>>,
    /// The epoch is the last, and over.
    stopped: bool,
}

/// The calls between two cancels.
#[derive(Default)]
pub(super) struct Epoch {
    cancelled: Event,
    /// The connections on which calls wait for their answer.
    #[cfg(blocking_reads)]
    reading: Mutex<Vec<platform::Handle>>,
}

impl Calls {
    pub fn cancel(&self) {
        let mut current = self.lock();
        let epoch = if current.stopped { None } else { current.epoch.take() };
        drop(current);
        if let Some(epoch) = epoch {
            epoch.end();
        }
    }

    pub fn stop(&self) {
        let mut current = self.lock();
        current.stopped = true;
        let epoch = current.epoch.get_or_insert_default().clone();
        drop(current);
        epoch.end();
    }

    pub fn are_stopped(&self) -> bool {
        self.lock().stopped
    }

    pub(super) fn begin(&self) -> Arc<Epoch> {
        self.lock().epoch.get_or_insert_default().clone()
    }

    /// A call is over. The last one gives back the descriptor that calls waited with: else each handle that a call ever
    /// waited through would keep one.
    pub(super) fn end(&self, epoch: Arc<Epoch>) {
        if epoch.cancelled().is_watched() {
            drop(epoch);
            let mut current = self.lock();
            if !current.stopped && current.epoch.as_ref().is_some_and(|epoch| Arc::strong_count(epoch) == 1) {
                current.epoch = None;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Epoch {
    fn end(&self) {
        self.cancelled.happen();
        // Whoever joins the readers later looks at the flag after that.
        #[cfg(blocking_reads)]
        fence(Ordering::SeqCst);
        #[cfg(blocking_reads)]
        for &handle in self.reading.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            platform::interrupt(handle);
        }
    }

    /// Happens when the calls are to end.
    pub fn cancelled(&self) -> &Event {
        &self.cancelled
    }

    /// From now on, until the result is dropped, a cancel ends a read of this connection. What came before is for
    /// `cancelled` to tell.
    #[cfg(blocking_reads)]
    pub fn begin_read(&self, handle: platform::Handle) -> Reading<'_> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        Reading { epoch: self, handle }
    }
}

/// A connection on the list of those that a cancel interrupts.
#[cfg(blocking_reads)]
pub(super) struct Reading<'a> {
    epoch: &'a Epoch,
    handle: platform::Handle,
}

#[cfg(blocking_reads)]
impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let mut reading = self.epoch.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = reading.iter().position(|&handle| handle == self.handle) {
            reading.swap_remove(at);
        }
    }
}
