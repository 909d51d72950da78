//! Why an exchange brought no answer.

use std::fmt;

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
    /// The machine refused something: no descriptors, no thread.
    System,
    /// A bug of this library.
    Internal,
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

    /// As ureq carries it from the transport back to the exchange.
    pub fn into_ureq(self) -> ureq::Error {
        ureq::Error::Other(Box::new(self))
    }

    /// The failure behind an error of ureq, whoever raised it.
    pub fn from_ureq(error: ureq::Error) -> Self {
        match error {
            ureq::Error::Other(inner) => match inner.downcast::<Self>() {
                Ok(failure) => *failure,
                Err(other) => Self::new(Fault::Internal, format!("unexpected transport error: {other}")),
            },
            ureq::Error::Io(error) => match error.downcast::<ureq::Error>() {
                Ok(inner) => Self::from_ureq(inner),
                // ureq's own word for an answer that ended too early.
                Err(_) => Self::new(Fault::Lost, "the connection was closed in the middle of the answer"),
            },
            ureq::Error::Protocol(error) => Self::new(Fault::Malformed, format!("not a valid HTTP answer ({error})")),
            ureq::Error::LargeResponseHeader(_, limit) => {
                Self::new(Fault::TooLarge, format!("the head of the answer is over {limit} bytes"))
            }
            ureq::Error::BodyStalled => Self::new(Fault::Lost, "the connection was closed in the middle of the answer"),
            other => Self::new(Fault::Internal, format!("unexpected HTTP error: {other}")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Failure {}
