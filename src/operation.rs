//! The calls that this library makes by itself, as its messages and its retry rules know them.

use ureq::http::Method;

const MEBIBYTE: u64 = 1 << 20;

/// One API call: what it is called in a message, and where it goes.
pub struct Operation {
    pub name: &'static str,
    pub method: Method,
    pub path: &'static str,
    /// Whether a 401 is about a login and its password.
    pub takes_password: bool,
    /// The largest answer that makes sense, so that a hostile one costs no time beyond the deadline.
    pub largest_answer: u64,
}

impl Operation {
    pub const LOGIN: Self = Self {
        name: "login",
        method: Method::POST,
        path: "/v2/auth/login",
        takes_password: true,
        largest_answer: MEBIBYTE,
    };
    pub const VERSION: Self = Self {
        name: "version check",
        method: Method::GET,
        path: "/v2/auth/version",
        takes_password: false,
        largest_answer: MEBIBYTE,
    };

    /// A call that changes nothing may be sent again even when it may have been done.
    pub fn is_safe(&self) -> bool {
        self.method == Method::GET
    }
}
