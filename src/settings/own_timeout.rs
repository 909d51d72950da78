//! The timeout that a handle was given for its own calls.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::error::Error;

/// In milliseconds; 0 when the configuration's holds.
#[derive(Default)]
pub struct OwnTimeout(AtomicI64);

impl OwnTimeout {
    pub fn set(&self, milliseconds: i64) -> Result<(), Error> {
        if milliseconds < 0 {
            let advice = "to use that of the configuration again, set 0";
            return Err(Error::argument(format!("the timeout is {milliseconds} ms, but is at least 1; {advice}")));
        }
        self.0.store(milliseconds, Ordering::Relaxed);
        Ok(())
    }

    pub fn get(&self) -> Option<Duration> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            milliseconds => u64::try_from(milliseconds).ok().map(Duration::from_millis),
        }
    }
}

/// A clone begins with the same, and goes its own way.
impl Clone for OwnTimeout {
    fn clone(&self) -> Self {
        Self(AtomicI64::new(self.0.load(Ordering::Relaxed)))
    }
}
