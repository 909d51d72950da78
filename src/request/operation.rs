//! The calls of the API, as messages and the retry rules know them.

use std::borrow::Cow;

use crate::request::endpoints;

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
        let is_safe = endpoints::only_reads(method, path);
        Self { name: "", method, path, takes_password: false, is_safe, once: false, largest_answer: u64::MAX }
    }

    /// About a parcel: its answer may be as long as the user lets it be.
    pub fn parcels(name: &'a str, path: &'a str, is_safe: bool) -> Self {
        Self { name, is_safe, ..Self::call("POST", path) }
    }

    /// What the call is called, as far as anybody may read it: no query, in which anything may stand, and no segment
    /// longer than a name or an id of ECGrid's, which may be a token or a key. Of many segments the first.
    pub fn title(&self) -> Cow<'a, str> {
        const LONGEST: usize = 30;
        const ENOUGH: usize = 200;
        if !self.name.is_empty() {
            return Cow::Borrowed(self.name);
        }
        let mut title = format!("{} ", self.method);
        for segment in self.path.split('?').next().unwrap_or_default().split_inclusive('/') {
            if title.len() > ENOUGH {
                title.push('…');
                break;
            }
            let is_long = segment.trim_end_matches('/').len() > LONGEST;
            title.push_str(if is_long { "***" } else { segment.trim_end_matches('/') });
            title.push_str(if segment.ends_with('/') { "/" } else { "" });
        }
        Cow::Owned(title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_shows_what_was_called_and_nothing_that_may_be_a_key() {
        assert_eq!(Operation::LOGIN.title(), "login");
        for (path, shown) in [
            ("/v2/users/9223372036854775807?token=x", "GET /v2/users/9223372036854775807"),
            ("/v2/reports/mailbox-interchange-stats/", "GET /v2/reports/mailbox-interchange-stats/"),
            ("/v2/x/0f0c1a2b-0f0c-0f0c-0f0c-0f0c1a2b3c4d/y", "GET /v2/x/***/y"),
            ("/v2/", "GET /v2/"),
            (&format!("/v2/{}", "segment/".repeat(4000)), &format!("GET /v2/{}…", "segment/".repeat(25))),
        ] {
            assert_eq!(Operation::call("GET", path).title(), shown);
        }
    }
}
