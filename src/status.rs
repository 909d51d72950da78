//! Why a call failed, and whether it may be sent again: the numbers of the C header.

use std::ffi::CStr;

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
    File = 18,
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

/// The names of the C header, by number.
const NAMES: [&CStr; 19] = [
    c"ECGRID_OK",
    c"ECGRID_INVALID_ARGUMENT",
    c"ECGRID_INVALID_CONFIGURATION",
    c"ECGRID_UNAUTHENTICATED",
    c"ECGRID_FORBIDDEN",
    c"ECGRID_NOT_FOUND",
    c"ECGRID_REJECTED",
    c"ECGRID_RATE_LIMITED",
    c"ECGRID_SERVER_ERROR",
    c"ECGRID_UNREACHABLE",
    c"ECGRID_TLS",
    c"ECGRID_TIMEOUT",
    c"ECGRID_CONNECTION_LOST",
    c"ECGRID_BAD_RESPONSE",
    c"ECGRID_CANCELLED",
    c"ECGRID_INVALID_STATE",
    c"ECGRID_INTERNAL",
    c"ECGRID_OUT_OF_MEMORY",
    c"ECGRID_FILE",
];

/// What the status of that number is called.
pub fn name(number: i32) -> &'static CStr {
    usize::try_from(number).ok().and_then(|number| NAMES.get(number).copied()).unwrap_or(c"ECGRID_UNKNOWN")
}

impl Status {
    pub fn name(self) -> &'static str {
        name(self as i32).to_str().unwrap_or_default()
    }
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::NotSent => "not-sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}
