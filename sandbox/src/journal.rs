//! What arrived, in order, for tests to look at.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One request as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// Path and query, exactly as on the request line.
    pub path: String,
    /// In order, names spelled as they were sent.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Counts from 1, over HTTP and HTTPS together.
    pub connection: u64,
    pub tls: bool,
}

impl Request {
    /// The first header of that name, in whatever spelling.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The path without its query.
    pub(crate) fn route(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }
}

#[derive(Default)]
struct Entries {
    requests: Vec<Request>,
    accepted: u64,
    open: u64,
}

/// The list of requests, and the counts of connections.
#[derive(Default)]
pub(crate) struct Journal {
    entries: Mutex<Entries>,
    changed: Condvar,
}

impl Journal {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, request: Request) {
        self.lock().requests.push(request);
        self.changed.notify_all();
    }

    /// Counts a connection in and answers its number.
    pub(crate) fn connected(&self) -> u64 {
        let mut entries = self.lock();
        entries.accepted += 1;
        entries.open += 1;
        self.changed.notify_all();
        entries.accepted
    }

    pub(crate) fn disconnected(&self) {
        self.lock().open -= 1;
        self.changed.notify_all();
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    pub(crate) fn take(&self) -> Vec<Request> {
        std::mem::take(&mut self.lock().requests)
    }

    pub(crate) fn request_count(&self) -> usize {
        self.lock().requests.len()
    }

    pub(crate) fn connection_count(&self) -> u64 {
        self.lock().accepted
    }

    pub(crate) fn open_connections(&self) -> u64 {
        self.lock().open
    }

    pub(crate) fn wait_for_requests(&self, count: usize, timeout: Duration) -> bool {
        self.wait(timeout, |entries| entries.requests.len() >= count)
    }

    pub(crate) fn wait_for_open(&self, count: u64, timeout: Duration) -> bool {
        self.wait(timeout, |entries| entries.open == count)
    }

    fn wait(&self, timeout: Duration, done: impl Fn(&Entries) -> bool) -> bool {
        let waited = self.changed.wait_timeout_while(self.lock(), timeout, |entries| !done(entries));
        let (_entries, result) = waited.unwrap_or_else(PoisonError::into_inner);
        !result.timed_out()
    }
}
