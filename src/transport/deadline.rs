//! When a call, and the connecting within it, must be over.

use std::time::{Duration, Instant};

/// Times are given, never asked for, so that this is arithmetic only.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    begun: Instant,
    end: Instant,
    /// While a connection is being made: when it must stand, and the timeout that says so.
    connect: Option<(Instant, Duration)>,
}

/// Whose time is over.
#[derive(Debug, PartialEq)]
pub enum Passed {
    Call(Duration),
    Connect(Duration),
}

impl Deadline {
    pub fn new(begun: Instant, timeout: Duration) -> Self {
        Self { begun, end: later(begun, timeout), connect: None }
    }

    pub fn with_connect(self, now: Instant, timeout: Duration) -> Self {
        Self { connect: Some((later(now, timeout), timeout)), ..self }
    }

    pub fn without_connect(self) -> Self {
        Self { connect: None, ..self }
    }

    /// What is left of the whole call.
    pub fn remaining(&self, now: Instant) -> Duration {
        self.end.saturating_duration_since(now)
    }

    pub fn passed(&self, now: Instant) -> Option<Passed> {
        match self.connect {
            _ if now >= self.end => Some(Passed::Call(self.end.saturating_duration_since(self.begun))),
            Some((end, timeout)) if now >= end => Some(Passed::Connect(timeout)),
            _ => None,
        }
    }

    /// How long a wait may last that somebody else wants to end at `until`; None when that has come, and only that.
    pub fn wait(&self, now: Instant, until: Option<Instant>) -> Option<Duration> {
        let own = self.connect.map_or(self.end, |(end, _)| end.min(self.end));
        let limit = until.map_or(own, |until| until.min(own));
        (now < limit || limit == own).then(|| limit.saturating_duration_since(now))
    }
}

/// A hundred years will do for a number too large to add.
fn later(from: Instant, by: Duration) -> Instant {
    const LONGEST: Duration = Duration::from_secs(3_155_760_000);
    from + by.min(LONGEST)
}
