//! What a login brings: a token, whose it is, and how long it lasts.

use std::borrow::Cow;
use std::ffi::CStr;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zeroize::Zeroize;

use crate::platform;
use crate::secret::SecretText;
use crate::wire::LoginData;

const SCHEME: &str = "Bearer ";

/// One login's result. Immutable; wiped when dropped.
pub struct Token {
    /// "Bearer <JWT>": value and header are the same bytes.
    authorization: SecretText,
    user_id: i64,
    expires_at: Option<i64>,
    /// When it ends, on the steady clock.
    ends: Option<Duration>,
}

impl Token {
    /// `date` is the answer's own, in Unix seconds: this machine's clock may be wrong, so it counts only without one.
    /// `asked` is when the request was sent, on the steady clock: the token is not older, and the answer may have
    /// been long under way.
    pub(crate) fn new(data: LoginData<'_>, date: Option<i64>, asked: Duration) -> Self {
        let authorization = SecretText::new(&[SCHEME.as_bytes(), data.token.as_bytes()]);
        if let Cow::Owned(mut copy) = data.token {
            copy.zeroize();
        }
        let ends = data.expires_at.map(|at| {
            let lifetime = at.saturating_sub(date.unwrap_or_else(wall_clock));
            asked.saturating_add(Duration::from_secs(u64::try_from(lifetime).unwrap_or(0)))
        });
        Self {
            authorization: authorization.expect("a token is visible ASCII"),
            user_id: data.user_id,
            expires_at: data.expires_at,
            ends,
        }
    }

    /// The same, in memory of its own.
    pub(crate) fn replica(&self) -> Self {
        let authorization = SecretText::new(&[self.authorization.as_bytes()]).expect("a token holds no NUL");
        Self { authorization, ..*self }
    }

    /// As a refresh need not say again whose token it is.
    pub(crate) fn with_user_of(self, old: &Self) -> Self {
        let user_id = if self.user_id == 0 { old.user_id } else { self.user_id };
        Self { user_id, ..self }
    }

    /// When it ends on the steady clock, if the server said.
    pub(crate) fn ends(&self) -> Option<Duration> {
        self.ends
    }

    /// "Bearer <JWT>", ready to send.
    pub fn authorization(&self) -> &CStr {
        self.authorization.as_c_str()
    }

    /// The JWT.
    pub fn value(&self) -> &CStr {
        self.authorization.tail(SCHEME.len())
    }

    /// 0 when the server did not say.
    pub fn user_id(&self) -> i64 {
        self.user_id
    }

    /// Unix seconds, if the server said.
    pub fn expires_at(&self) -> Option<i64> {
        self.expires_at
    }

    /// Whole seconds left, 0 once expired. Never grows, whatever is done to the clock.
    pub fn expires_in(&self) -> Option<i64> {
        let left = self.ends?.saturating_sub(platform::steady_clock()).as_secs();
        Some(i64::try_from(left).unwrap_or(i64::MAX))
    }
}

fn wall_clock() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("user_id", &self.user_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(expires_at: Option<i64>, date: Option<i64>) -> Token {
        let data = LoginData { token: "canary.jwt".into(), user_id: 4821, expires_at };
        Token::new(data, date, platform::steady_clock())
    }

    #[test]
    fn the_lifetime_is_the_servers_own_whatever_this_clock_says() {
        for date in [0, 1_000_000_000, 4_000_000_000] {
            let left = token(Some(date + 600), Some(date)).expires_in().unwrap();
            assert!((595..=600).contains(&left), "{left}");
        }
        let left = token(Some(wall_clock() + 600), None).expires_in().unwrap();
        assert!((595..=600).contains(&left), "{left}");
    }

    #[test]
    fn odd_expiries_do_no_harm() {
        assert_eq!(token(Some(5), Some(10)).expires_in(), Some(0));
        assert_eq!(token(Some(i64::MIN), Some(i64::MAX)).expires_in(), Some(0));
        assert!(token(Some(i64::MAX), Some(0)).expires_in() > Some(1 << 60));
        assert_eq!(token(None, Some(0)).expires_in(), None);
    }

    #[test]
    fn the_value_is_the_tail_of_the_header_and_debug_shows_neither() {
        let token = token(None, None);
        assert_eq!(token.authorization(), c"Bearer canary.jwt");
        assert_eq!(token.value(), c"canary.jwt");
        assert!(!format!("{token:?}").contains("canary"));
    }
}
