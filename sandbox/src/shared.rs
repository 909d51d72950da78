//! What the connections and the handle have in common.

use crate::journal::Journal;
use crate::state::State;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    pub(crate) journal: Journal,
}

impl Shared {
    /// A handler that panicked left nothing half done that another request could trip over.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
