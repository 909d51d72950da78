//! Why an exchange brought no answer.

use crate::memory::OutOfMemory;

/// What went wrong, by cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The name was not resolved, or no address accepted a connection.
    Unreachable,
    /// The proxy could not be reached, refused, or died before the tunnel stood. `retry` as below.
    Proxy {
        retry: bool,
    },
    /// A certificate or a handshake failed. `retry` says whether another try may go better.
    Tls {
        retry: bool,
    },
    /// No connection within the connect timeout.
    ConnectTimeout,
    /// The deadline of the whole call passed.
    Timeout,
    /// The peer closed or reset the connection.
    Lost,
    /// What came back is not HTTP.
    Malformed,
    /// The answer is larger than allowed.
    TooLarge,
    Cancelled,
    /// A file cannot be read or written.
    File,
    /// There is no memory for what a server or a caller sends.
    OutOfMemory,
    /// The machine refused something: no descriptors, no thread.
    System,
}

/// A failed exchange. `detail` is part of a sentence for a person and holds no secret.
#[derive(Clone, Debug)]
pub struct Failure {
    pub fault: Fault,
    pub detail: String,
    /// Whether any byte of the request may have left.
    pub sent: bool,
    /// A kept connection died before one byte came back: most likely the server had closed it already.
    pub stale: bool,
    /// The status of an answer that broke off, 0 when there was none.
    pub http_status: u16,
}

impl Failure {
    pub fn new(fault: Fault, detail: impl Into<String>) -> Self {
        Self { fault, detail: detail.into(), sent: false, stale: false, http_status: 0 }
    }
}

impl From<OutOfMemory> for Failure {
    fn from(_: OutOfMemory) -> Self {
        Self::new(Fault::OutOfMemory, "there is not enough memory")
    }
}
