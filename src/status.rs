//! Why a call failed, and whether it may be sent again: the numbers of the C header.

/// Why a call failed. The numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    Ok = 0,
    InvalidArgument = 1,
    InvalidConfiguration = 2,
    Unauthenticated = 3,
    Forbidden = 4,
    NotFound = 5,
    Rejected = 6,
    RateLimited = 7,
    ServerError = 8,
    Unreachable = 9,
    Tls = 10,
    Timeout = 11,
    ConnectionLost = 12,
    BadResponse = 13,
    Cancelled = 14,
    InvalidState = 15,
    Internal = 16,
    OutOfMemory = 17,
}

/// May the caller send it again? In order of care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Outcome {
    /// The request never left.
    NotSent = 0,
    /// ECGrid said no, nothing was done.
    Refused = 1,
    /// It was sent and may have been done.
    Unknown = 2,
}
