//! The sessions that are kept alive, and when somebody is to look at each. No clock and no thread, so that a model
//! checker can go through it (tests/model.rs).

use std::sync::PoisonError;
use std::time::Duration;

use super::sync::{Condvar, Mutex, MutexGuard};

/// On the steady clock.
type Time = Duration;

/// A wait does not count the time that a machine sleeps, so the clock is looked at so often.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

pub struct Roster<S> {
    state: Mutex<State<S>>,
    changed: Condvar,
}

struct State<S> {
    places: Vec<Place<S>>,
    newest: u64,
    /// A thread is there that waits for what is due.
    is_watched: bool,
}

struct Place<S> {
    number: u64,
    /// None until it is open.
    session: Option<S>,
    at: Time,
}

impl<S> Default for Roster<S> {
    fn default() -> Self {
        let state = State { places: Vec::new(), newest: 0, is_watched: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }
}

impl<S: Clone> Roster<S> {
    /// A place for a session that is about to be opened. Where no thread watches, `start` starts one.
    pub fn enter<E>(&self, start: impl FnOnce() -> Result<(), E>) -> Result<u64, E> {
        let mut state = self.state();
        if !state.is_watched {
            start()?;
            state.is_watched = true;
        }
        state.newest += 1;
        let number = state.newest;
        state.places.push(Place { number, session: None, at: Time::MAX });
        Ok(number)
    }

    /// The session is open.
    pub fn seat(&self, number: u64, session: S) {
        self.change(number, |place| (place.session, place.at) = (Some(session), Time::ZERO));
    }

    /// Something has changed about the session.
    pub fn look_soon(&self, number: u64) {
        self.change(number, |place| place.at = Time::ZERO);
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut Place<S>)) {
        if let Some(place) = self.state().places.iter_mut().find(|place| place.number == number) {
            change(place);
            self.changed.notify_one();
        }
    }

    pub fn leave(&self, number: u64) {
        self.state().places.retain(|place| place.number != number);
        self.changed.notify_one();
    }

    /// What the thread is to look at now, waited for; None when it is to end, as there is no session left.
    pub fn wait(&self, clock: impl Fn() -> Time) -> Option<Vec<(u64, S)>> {
        let mut state = self.state();
        loop {
            if state.places.is_empty() {
                state.is_watched = false;
                return None;
            }
            let now = clock();
            let due = state.places.iter_mut().filter(|place| place.at <= now).filter_map(|place| {
                // Until it was looked at, unless something changes meanwhile.
                place.at = Time::MAX;
                place.session.clone().map(|session| (place.number, session))
            });
            let due: Vec<_> = due.collect();
            if !due.is_empty() {
                return Some(due);
            }
            let next = state.places.iter().map(|place| place.at).min().unwrap_or_default();
            state = self.changed.wait_timeout(state, wait_until(next, now)).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// It was looked at, and is to be again at that time, or not any more.
    pub fn looked(&self, number: u64, next: Option<Time>) {
        match next {
            // Nobody but the thread itself waits.
            Some(at) => {
                let mut state = self.state();
                if let Some(place) = state.places.iter_mut().find(|place| place.number == number) {
                    place.at = place.at.min(at);
                }
            }
            None => self.state().places.retain(|place| place.number != number),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait_until(next: Time, now: Time) -> Duration {
    next.saturating_sub(now).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_looked_at_twice_a_minute_since_a_machine_may_have_slept() {
        let s = Duration::from_secs;
        assert_eq!(wait_until(s(120), s(100)), s(20));
        for next in [s(131), Time::MAX] {
            assert_eq!(wait_until(next, s(100)), s(30));
        }
        assert_eq!(wait_until(s(99), s(100)), s(0), "what is due is not waited for");
    }
}
