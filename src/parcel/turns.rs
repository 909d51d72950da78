//! The rounds of one folder, one after the other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::folder;
use crate::error::Error;
use crate::transport::{Call, Event, Fault};

/// The end of the round that runs now. A mutex alone would do, but a call that waits for one cannot be cancelled.
#[derive(Default)]
pub struct Turns(Mutex<Option<Arc<Event>>>);

impl Turns {
    /// Waits for its turn, however long the others take. `what` has the folder.
    #[inline(never)]
    pub fn take(&self, call: &Call, what: &str) -> Result<Turn<'_>, Error> {
        while let Some(end) = self.begin() {
            match call.wait_for(&end, "while another round was running") {
                // The timeout is that of a request.
                Err(failure) if failure.fault == Fault::Timeout => call.begin_request(),
                waited => waited.map_err(|failure| folder::not_begun(what, &failure))?,
            }
        }
        Ok(Turn(self))
    }

    /// None when the turn is taken; else the end of the round that has it.
    fn begin(&self) -> Option<Arc<Event>> {
        let mut end = self.locked();
        if end.is_none() {
            *end = Some(Arc::default());
            return None;
        }
        end.clone()
    }

    fn locked(&self) -> MutexGuard<'_, Option<Arc<Event>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Until it is dropped no other round begins.
pub struct Turn<'a>(&'a Turns);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(end) = self.0.locked().take() {
            end.happen();
        }
    }
}
