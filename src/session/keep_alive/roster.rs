//! The sessions that are kept alive, and when somebody is to look at each. No clock and no thread, so that a model
//! checker can go through it (tests/model.rs).

use std::sync::PoisonError;
use std::time::Duration;

use super::sync::{Condvar, Mutex, MutexGuard};

/// On the steady clock.
type Time = Duration;

/// A wait does not count the time that a machine sleeps, so the clock is looked at so often.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// After a machine has slept all sessions are due at once. Each flight takes a thread, a descriptor and a part of the
/// server's time, and all three are somebody else's.
pub const MOST_AT_ONCE: usize = 64;

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
    /// It is being looked at, or a flight is under way that began with that.
    busy: bool,
}

/// When a session is to be looked at again.
pub enum Next {
    At(Time),
    /// When the flight has ended that has begun now.
    AfterFlight,
    Never,
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
        state.places.push(Place { number, session: None, at: Time::MAX, busy: false });
        Ok(number)
    }

    /// The session is open.
    pub fn seat(&self, number: u64, session: S) {
        self.change(number, |place| (place.session, place.at) = (Some(session), Time::ZERO));
    }

    /// A flight has ended, or something else has changed about the session.
    pub fn look_soon(&self, number: u64) {
        self.change(number, |place| (place.at, place.busy) = (Time::ZERO, false));
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

    /// What the thread is to look at now, waited for; None when it is to end, as there is no session left. No more than
    /// may have a flight.
    pub fn wait(&self, clock: impl Fn() -> Time) -> Option<Vec<(u64, S)>> {
        let mut state = self.state();
        loop {
            if state.places.is_empty() {
                state.is_watched = false;
                return None;
            }
            let now = clock();
            let due = state.take_due(now);
            if !due.is_empty() {
                return Some(due);
            }
            let next = match state.room() {
                // Until a flight has ended.
                0 => Time::MAX,
                _ => state.places.iter().map(|place| place.at).min().unwrap_or_default(),
            };
            state = self.changed.wait_timeout(state, wait_until(next, now)).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// It was looked at.
    pub fn looked(&self, number: u64, next: Next) {
        let mut state = self.state();
        match next {
            // Nobody but the thread itself waits.
            Next::At(at) => {
                if let Some(place) = state.places.iter_mut().find(|place| place.number == number) {
                    (place.at, place.busy) = (place.at.min(at), false);
                }
            }
            // Perhaps it has ended already, and that was told.
            Next::AfterFlight => {}
            Next::Never => state.places.retain(|place| place.number != number),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Clone> State<S> {
    /// How many more may be busy.
    fn room(&self) -> usize {
        MOST_AT_ONCE.saturating_sub(self.places.iter().filter(|place| place.busy).count())
    }

    /// Those that are due, as far as there is room: first who has been so for longest.
    fn take_due(&mut self, now: Time) -> Vec<(u64, S)> {
        let room = self.room();
        let mut longest_due = || {
            let place = self.places.iter_mut().filter(|place| place.at <= now).min_by_key(|place| place.at)?;
            // Until it was looked at, unless something changes meanwhile.
            (place.at, place.busy) = (Time::MAX, true);
            Some((place.number, place.session.clone()))
        };
        // One by one: a sort would be 7 KB of library for what is seldom more than one.
        let taken = (0..room).map_while(|_| longest_due());
        taken.filter_map(|(number, session)| session.map(|session| (number, session))).collect()
    }
}

pub fn wait_until(next: Time, now: Time) -> Duration {
    next.saturating_sub(now).min(LONGEST_WAIT)
}
