//! Successes with odd token data.

use crate::clock::{Style, iso};
use crate::json::{object, string};
use std::time::SystemTime;

const HOUR: i64 = 3600;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Variant {
    #[default]
    Plain,
    NoToken,
    EmptyToken,
    NullToken,
    TokenNumber,
    TokenCrLf,
    TokenNul,
    OpaqueToken,
    NoUserId,
    NullUserId,
    UserIdString,
    UserIdBig,
    UserIdHuge,
    UserIdNegative,
    NoExpiry,
    NullExpiry,
    BadExpiry,
    Expiry(Style),
    Expired,
    ClockAhead,
    ClockBehind,
}

/// What a login or a refresh hands out.
pub(crate) struct Grant {
    pub(crate) token: String,
    /// As the client is told: by the wrong clock, if the clock is wrong.
    pub(crate) expires: SystemTime,
    pub(crate) user_id: i64,
    pub(crate) skew: i64,
}

impl Variant {
    /// Seconds that the clock is wrong, if this sets it.
    pub(crate) fn skew(self) -> Option<i64> {
        match self {
            Self::ClockAhead => Some(HOUR),
            Self::ClockBehind => Some(-HOUR),
            _ => None,
        }
    }

    pub(crate) fn is_expired(self) -> bool {
        self == Self::Expired
    }

    pub(crate) fn is_opaque(self) -> bool {
        self == Self::OpaqueToken
    }

    /// The `data` of a login or refresh.
    pub(crate) fn data(self, grant: &Grant) -> String {
        let token = match self {
            Self::NoToken => None,
            Self::EmptyToken => Some(string("")),
            Self::NullToken => Some("null".to_owned()),
            Self::TokenNumber => Some("12345".to_owned()),
            Self::TokenCrLf => Some(string(&format!("{}\r\nX-Injected: yes", grant.token))),
            Self::TokenNul => Some(string(&format!("{}\0tail", grant.token))),
            _ => Some(string(&grant.token)),
        };
        let expires = match self {
            Self::NoExpiry => None,
            Self::NullExpiry => Some("null".to_owned()),
            Self::BadExpiry => Some(string("soon")),
            Self::Expiry(style) => Some(string(&iso(grant.expires, style))),
            _ => Some(string(&iso(grant.expires, Style::Utc))),
        };
        let user_id = match self {
            Self::NoUserId => None,
            Self::NullUserId => Some("null".to_owned()),
            Self::UserIdString => Some(string(&grant.user_id.to_string())),
            Self::UserIdBig => Some("9007199254740993".to_owned()),
            Self::UserIdHuge => Some("9223372036854775808".to_owned()),
            Self::UserIdNegative => Some("-1".to_owned()),
            _ => Some(grant.user_id.to_string()),
        };
        let members = [("token", token), ("expiresAt", expires), ("userId", user_id)];
        let present: Vec<(&str, String)> =
            members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        object(&present)
    }
}
