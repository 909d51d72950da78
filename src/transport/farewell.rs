//! What the log tells of a connection that is closed, wherever that is.

use crate::log::{Close, Level, Log};

pub struct Farewell {
    log: Log,
    host: String,
    port: u16,
    /// As docs/log.md has them.
    pub reason: &'static str,
}

impl Farewell {
    pub fn new(log: Log, host: &str, port: u16) -> Box<Self> {
        Box::new(Self { log, host: host.into(), port, reason: "failure" })
    }
}

impl Drop for Farewell {
    fn drop(&mut self) {
        let Self { log, host, port, reason } = self;
        log.tell(Level::Debug, || Close { host, port: (*port).into(), reason }.line());
    }
}
