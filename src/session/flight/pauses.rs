//! For how long a session is not used at times, as far as that matters for its token.

use std::time::Duration;

use super::terms::{Grant, Time};

/// A pause is remembered for this many lifetimes of a token at least, and for twice as many at most.
const MEMORY: u32 = 4;
/// A token has to last the longest pause and two thirds more: pauses that vary by a quarter either way.
const MARGIN: (u32, u32) = (5, 3);
/// Shorter ones, in parts of the lifetime, end before the token does in any case: it is due with a fifth of it left.
const SHORT: u32 = 10;
/// A token is not replaced for the sake of a pause in the first quarter of its lifetime: it would not gain much.
const FRESH: u32 = 4;

#[derive(Default)]
pub(super) struct Pauses {
    /// The longest one since `since`, and the longest one of the time before that.
    recent: Duration,
    former: Duration,
    since: Time,
}

impl Pauses {
    /// A pause has ended, in which there was this token.
    pub(super) fn end<T>(&mut self, pause: Duration, token: &Grant<T>, now: Time) {
        let Some(lifetime) = token.lifetime() else { return };
        let memory = lifetime.saturating_mul(MEMORY);
        let age = now.saturating_sub(self.since);
        if age >= memory {
            self.former = if age < memory.saturating_mul(2) { self.recent } else { Duration::ZERO };
            (self.recent, self.since) = (Duration::ZERO, now);
        }
        // Nothing that is done before it helps a token over a longer one.
        if pause < lifetime {
            self.recent = self.recent.max(pause);
        }
    }

    /// When the token is to be refreshed, so that it lasts the next pause.
    pub(super) fn due<T>(&self, token: &Grant<T>) -> Time {
        let longest = self.recent.max(self.former);
        match token.lifetime() {
            Some(lifetime) if longest < lifetime => {
                let reserve = (longest * MARGIN.0 / MARGIN.1).min(lifetime - lifetime / FRESH);
                token.due.min(token.ends - reserve)
            }
            _ => token.due,
        }
    }
}

impl<T> Grant<T> {
    /// How long it lasts, if somebody said.
    fn lifetime(&self) -> Option<Duration> {
        (self.ends < Time::MAX).then(|| self.ends.saturating_sub(self.granted))
    }

    /// The longest pause that tells nothing.
    pub(super) fn short_pause(&self) -> Duration {
        self.lifetime().map_or(Duration::MAX, |lifetime| lifetime / SHORT)
    }
}
