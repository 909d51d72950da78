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

    /// The same time once more, from now on.
    pub fn renewed(self, now: Instant) -> Self {
        Self { begun: now, end: later(now, self.end.saturating_duration_since(self.begun)), ..self }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn durations() -> impl Strategy<Value = Duration> {
        prop_oneof![
            (0..100_000_u64).prop_map(Duration::from_millis),
            any::<u64>().prop_map(Duration::from_nanos),
            Just(Duration::MAX),
            Just(Duration::ZERO),
        ]
    }

    proptest! {
        /// One wait after the other, each as long as it may be, comes to an end exactly at the first limit.
        #[test]
        fn waiting_ends_at_the_first_limit_and_not_before(
            timeout in durations(), connect in proptest::option::of(durations()),
            until in proptest::option::of(durations()), began_connecting in durations(),
            woken_after in proptest::collection::vec(0.0..1.0_f64, 0..20),
        ) {
            let begun = Instant::now();
            let first = later(begun, began_connecting);
            let mut deadline = Deadline::new(begun, timeout);
            if let Some(connect) = connect {
                deadline = deadline.with_connect(first, connect);
            }
            let until = until.map(|until| later(begun, until));
            let own = later(begun, timeout).min(connect.map_or(later(begun, timeout), |limit| later(first, limit)));
            let limit = until.map_or(own, |until| until.min(own));
            let mut now = begun;
            let mut wakes = woken_after.into_iter();
            loop {
                let passed = deadline.passed(now);
                prop_assert_eq!(passed.is_some(), now >= own);
                if passed.is_some() {
                    // The whole call's is told when both are over.
                    let call_over = now >= later(begun, timeout);
                    prop_assert_eq!(matches!(passed, Some(Passed::Call(_))), call_over);
                    break;
                }
                let Some(longest) = deadline.wait(now, until) else {
                    prop_assert!(until.is_some_and(|until| now >= until));
                    break;
                };
                prop_assert!(longest > Duration::ZERO && now + longest == limit);
                prop_assert!(longest <= deadline.remaining(now));
                now += wakes.next().map_or(longest, |part| longest.mul_f64(part).min(longest));
            }
            prop_assert!(now >= limit);
        }

        #[test]
        fn what_is_left_only_ever_gets_less(timeout in durations(), steps in proptest::collection::vec(durations(), 1..9)) {
            let begun = Instant::now();
            let deadline = Deadline::new(begun, timeout);
            let (mut now, mut left) = (begun, deadline.remaining(begun));
            prop_assert_eq!(left, later(begun, timeout) - begun);
            for step in steps {
                now = later(now, step.min(Duration::from_secs(1 << 30)));
                prop_assert!(deadline.remaining(now) <= left);
                left = deadline.remaining(now);
                prop_assert_eq!(left.is_zero(), deadline.passed(now).is_some());
            }
        }
    }
}
