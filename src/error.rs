//! A failed call, as its caller sees it.

use std::fmt;
use std::ops::{Deref, DerefMut};

pub use crate::status::{Outcome, Status};

/// Why a call failed. A pointer's size: whoever passes it on, and that is nearly everybody, copies no more.
#[derive(Clone, Debug)]
pub struct Error(Box<Facts>);

/// What there is to say of it. The message is one line for a person and never holds a secret.
#[derive(Clone, Debug)]
pub struct Facts {
    pub status: Status,
    pub outcome: Outcome,
    /// 0 when there was no HTTP answer.
    pub http_status: u16,
    pub message: String,
    /// ECGrid's errorCode, "" if none.
    pub code: String,
    /// What ECGrid's support finds the request by, "" if the server gave nothing.
    pub trace_id: String,
    pub retry_after_ms: Option<i64>,
}

impl Facts {
    /// A failure before anything was sent.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            outcome: Outcome::NotSent,
            http_status: 0,
            message: message.into(),
            code: String::new(),
            trace_id: String::new(),
            retry_after_ms: None,
        }
    }
}

impl Error {
    /// A failure before anything was sent.
    #[inline(never)]
    fn of(status: Status, message: String) -> Self {
        Facts::new(status, message).into()
    }

    /// A failure before anything was sent.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self::of(status, message.into())
    }

    pub fn argument(message: impl Into<String>) -> Self {
        Self::new(Status::InvalidArgument, message)
    }

    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(Status::InvalidConfiguration, message)
    }

    /// `what` was not made.
    pub fn no_memory(what: &str) -> Self {
        Self::new(Status::OutOfMemory, format!("there is no memory for {what}"))
    }

    pub fn into_facts(self) -> Facts {
        *self.0
    }
}

impl From<Facts> for Error {
    fn from(facts: Facts) -> Self {
        Self(Box::new(facts))
    }
}

impl Deref for Error {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
