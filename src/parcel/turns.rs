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
        let not_begun = |failure| folder::not_begun(what, &failure);
        while let Some(end) = self.begin() {
            match call.wait_for(&end, "while another round was running") {
                Err(failure) if failure.fault == Fault::Timeout => {}
                waited => waited.map_err(not_begun)?,
            }
            // The timeout is that of a request.
            call.begin_request();
        }
        let turn = Turn(self);
        call.check().map_err(not_begun)?;
        Ok(turn)
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

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::error::{Outcome, Status};
    use crate::log::Log;
    use crate::transport::Calls;

    fn call(calls: &Calls, timeout: Duration) -> Call<'_> {
        Call::new(calls, Instant::now(), timeout, Duration::MAX, &Log::OFF)
    }

    #[test]
    fn a_round_waits_for_its_turn_for_longer_than_its_timeout() {
        let (turns, calls, short) = (Turns::default(), Calls::default(), Duration::from_millis(10));
        let first = turns.take(&call(&calls, Duration::MAX), "inbox").unwrap();
        thread::scope(|scope| {
            let second = scope.spawn(|| turns.take(&call(&calls, short), "inbox").map(drop));
            call(&calls, Duration::MAX).pause(10 * short).unwrap();
            assert!(!second.is_finished());
            drop(first);
            second.join().unwrap().unwrap();
        });
    }

    #[test]
    fn a_round_that_waits_can_be_cancelled_alone() {
        let (turns, others, calls) = (Turns::default(), Calls::default(), Calls::default());
        let first_call = call(&others, Duration::MAX);
        let first = turns.take(&first_call, "inbox").unwrap();
        thread::scope(|scope| {
            let second = scope.spawn(|| turns.take(&call(&calls, Duration::MAX), "inbox").map(drop));
            calls.stop();
            let error = second.join().unwrap().unwrap_err();
            assert_eq!((error.status, error.outcome), (Status::Cancelled, Outcome::NotSent));
            let words = "round of the inbox not begun: cancelled while another round was running";
            assert_eq!(&*error.message, words);
        });
        assert!(first_call.check().is_ok());
        drop(first);
        turns.take(&first_call, "inbox").map(drop).unwrap();
    }

    /// Each thread counts with two steps that nobody else may come between.
    #[test]
    fn there_is_one_round_at_a_time_and_each_gets_its_turn() {
        let (turns, calls, count) = (Turns::default(), Calls::default(), Mutex::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let _turn = turns.take(&call(&calls, Duration::MAX), "inbox").unwrap();
                        let before = *count.lock().unwrap();
                        thread::yield_now();
                        *count.lock().unwrap() = before + 1;
                    }
                });
            }
        });
        assert_eq!(*count.lock().unwrap(), 2000);
    }
}
