//! Connections that wait for the next request.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// As many as there were callers at once, up to here.
const MOST: usize = 64;

/// Below what common servers and load balancers allow (60 s and more).
const LONGEST: Duration = Duration::from_secs(55);

/// The idle connections of one client. Times are the steady clock's: a machine that slept has no connection left that
/// its servers still know. The last one put in is the first to be taken: the others may end their time.
pub struct Pool<T> {
    idle: Mutex<VecDeque<Idle<T>>>,
}

struct Idle<T> {
    connection: T,
    until: Duration,
}

impl<T> Pool<T> {
    pub fn new() -> Self {
        Self { idle: Mutex::default() }
    }

    /// A connection whose time is not over. The caller looks whether it is still open, without keeping others waiting.
    pub fn take(&self, now: Duration) -> Option<T> {
        let mut ended = Vec::new();
        let mut idle = self.lock();
        let found = loop {
            match idle.pop_back() {
                None => break None,
                Some(last) if now < last.until => break Some(last.connection),
                Some(last) => ended.push(last),
            }
        };
        drop_after(idle, ended);
        found
    }

    /// Keeps a connection that its server keeps for so long.
    pub fn put(&self, connection: T, now: Duration, keep: Duration) {
        if keep.is_zero() {
            return;
        }
        let mut ended = Vec::new();
        let mut idle = self.lock();
        while idle.len() >= MOST || idle.front().is_some_and(|first| first.until <= now) {
            ended.extend(idle.pop_front());
        }
        idle.push_back(Idle { connection, until: now + keep.min(LONGEST) });
        drop_after(idle, ended);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Idle<T>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection says goodbye when it is dropped: nobody waits for that at the lock.
fn drop_after<T>(idle: MutexGuard<'_, VecDeque<Idle<T>>>, ended: Vec<Idle<T>>) {
    drop(idle);
    drop(ended);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        /// A call begins: with a kept connection, or one of its own.
        Begin,
        /// The n-th of the calls under way ends, and its server keeps the connection for so long.
        End(usize, Duration),
        Pass(Duration),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let times =
            prop_oneof![Just(Duration::ZERO), Just(Duration::MAX), (0..120_000_u64).prop_map(Duration::from_millis)];
        let step = prop_oneof![
            3 => Just(Step::Begin),
            3 => (any::<usize>(), times).prop_map(|(which, keep)| Step::End(which, keep)),
            1 => (0..90_000_u64).prop_map(|milliseconds| Step::Pass(Duration::from_millis(milliseconds))),
        ];
        proptest::collection::vec(step, 1..300)
    }

    proptest! {
        /// Against a plain list of what was put in: a connection is in one place only, is taken while its time lasts
        /// and never after, the last one first, and no more are kept than may be.
        #[test]
        fn a_connection_is_used_by_one_call_at_a_time_and_only_in_its_time(steps in steps()) {
            let (pool, mut now, mut made) = (Pool::new(), Duration::ZERO, 0);
            let mut busy: Vec<usize> = Vec::new();
            let mut model: Vec<(usize, Duration)> = Vec::new();
            for step in steps {
                match step {
                    Step::Pass(time) => now += time,
                    Step::Begin => {
                        while model.last().is_some_and(|&(_, until)| until <= now) {
                            model.pop();
                        }
                        let taken = pool.take(now);
                        prop_assert_eq!(taken, model.pop().map(|(connection, _)| connection));
                        busy.push(taken.unwrap_or_else(|| {
                            made += 1;
                            made
                        }));
                    }
                    Step::End(which, keep) if !busy.is_empty() => {
                        let connection = busy.swap_remove(which % busy.len());
                        pool.put(connection, now, keep);
                        if keep.is_zero() {
                            continue;
                        }
                        while model.len() >= MOST || model.first().is_some_and(|&(_, until)| until <= now) {
                            model.remove(0);
                        }
                        model.push((connection, now + keep.min(LONGEST)));
                    }
                    Step::End(..) => {}
                }
                prop_assert!(pool.lock().len() <= MOST);
                prop_assert!(pool.lock().iter().all(|idle| !busy.contains(&idle.connection)));
            }
        }
    }

    #[test]
    fn no_more_connections_are_made_than_there_are_callers() {
        let (pool, now, mut made) = (Pool::new(), Duration::ZERO, 0);
        for round in 0..1000 {
            let callers: Vec<usize> = (0..round % MOST + 1)
                .map(|_| {
                    pool.take(now).unwrap_or_else(|| {
                        made += 1;
                        made
                    })
                })
                .collect();
            callers.into_iter().for_each(|connection| pool.put(connection, now, Duration::MAX));
        }
        assert_eq!((made, pool.lock().len()), (MOST, MOST));
    }
}
