//! Connections that wait for the next request.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// As many as there were callers at once, up to here.
const MOST: usize = 64;

/// Below what common servers and load balancers allow (60 s and more).
const LONGEST: Duration = Duration::from_secs(55);

/// The idle connections of one client. The last one put in is the first to be taken: the others may end their time.
pub struct Pool<T> {
    idle: Mutex<VecDeque<Idle<T>>>,
}

struct Idle<T> {
    connection: T,
    until: Instant,
}

impl<T> Pool<T> {
    pub fn new() -> Self {
        Self { idle: Mutex::default() }
    }

    /// A connection whose time is not over. The caller looks whether it is still open, without keeping others waiting.
    pub fn take(&self, now: Instant) -> Option<T> {
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
    pub fn put(&self, connection: T, now: Instant, keep: Duration) {
        let mut ended = Vec::new();
        let mut idle = self.lock();
        while idle.len() >= MOST || idle.front().is_some_and(|first| first.until <= now) {
            ended.extend(idle.pop_front());
        }
        let until = now + keep.min(LONGEST);
        if now < until {
            idle.push_back(Idle { connection, until });
        }
        drop_after(idle, ended);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Idle<T>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection says goodbye when it is dropped: nobody waits for that at the lock.
fn drop_after<T>(idle: std::sync::MutexGuard<'_, VecDeque<Idle<T>>>, ended: Vec<Idle<T>>) {
    drop(idle);
    drop(ended);
}
