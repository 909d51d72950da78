//! The calls of the API, as messages and the retry rules know them.

const MEBIBYTE: u64 = 1 << 20;

/// One API call: what it is called in a message, and where it goes.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    /// Empty for a call of the user's own, which goes by its method and path.
    pub name: &'a str,
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// Whether a 401 is about a login and its password.
    pub takes_password: bool,
    /// Sending it twice does no harm.
    pub is_safe: bool,
    /// Not sent again, whatever happens: somebody else sees to that.
    pub once: bool,
    /// The largest answer that makes sense, so that a hostile one costs no time beyond the deadline.
    pub largest_answer: u64,
}

impl Operation<'static> {
    pub const LOGIN: Self = Self { takes_password: true, ..Self::auth("login", "POST", "/v2/auth/login") };
    pub const VERSION: Self = Self { is_safe: true, ..Self::auth("version check", "GET", "/v2/auth/version") };
    pub const REFRESH: Self = Self { once: true, ..Self::auth("refresh of the token", "POST", "/v2/auth/refresh") };
    /// Once, because the session tries again by a schedule of its own.
    pub const LOGIN_AGAIN: Self = Self { name: "login with the kept password", once: true, ..Self::LOGIN };
    /// It only tells.
    pub const SESSION: Self = Self { is_safe: true, ..Self::auth("session query", "POST", "/v2/auth/session") };
    pub const PROBE: Self = Self { once: true, ..Self::SESSION };
    /// What has ended cannot end again.
    pub const LOGOUT: Self = Self { is_safe: true, ..Self::auth("logout", "POST", "/v2/auth/logout") };
    pub const PASSWORD: Self = Self::auth("change of the password", "PUT", "/v2/auth/password");

    const fn auth(name: &'static str, method: &'static str, path: &'static str) -> Self {
        Self { name, method, path, takes_password: false, is_safe: false, once: false, largest_answer: MEBIBYTE }
    }
}

impl<'a> Operation<'a> {
    /// A call of the user's own.
    pub fn call(method: &'a str, path: &'a str) -> Self {
        let is_safe = method == "GET";
        Self { name: "", method, path, takes_password: false, is_safe, once: false, largest_answer: u64::MAX }
    }

    /// The path without its query, in which anything may stand.
    pub fn route(&self) -> &'a str {
        self.path.split('?').next().unwrap_or_default()
    }
}
