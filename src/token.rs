//! What a request shows ECGrid to be let in: the token of a login, whose it is and how long it lasts; or an API key.

use std::borrow::Cow;
use std::ffi::CStr;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zeroize::Zeroize;

use crate::platform;
use crate::secret::SecretText;
use crate::wire::LoginData;

/// A credential. Immutable; wiped when dropped.
pub struct Token {
    kind: Kind,
    /// What its header says, of which the value is the end: the same bytes.
    header: SecretText,
    user_id: i64,
    expires_at: Option<i64>,
    /// When it ends, on the steady clock.
    ends: Option<Duration>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Jwt,
    /// It does not end, and tells nothing of its account.
    Key,
}

impl Kind {
    /// What stands before the value.
    fn scheme(self) -> &'static str {
        match self {
            Self::Jwt => "Bearer ",
            Self::Key => "",
        }
    }
}

impl Token {
    /// An API key, which was checked to be visible ASCII.
    pub(crate) fn key(text: &str) -> Self {
        Self::of(Kind::Key, text, 0, None, None)
    }

    fn of(kind: Kind, value: &str, user_id: i64, expires_at: Option<i64>, ends: Option<Duration>) -> Self {
        let header = SecretText::new(&[kind.scheme().as_bytes(), value.as_bytes()]);
        Self { kind, header: header.expect("visible ASCII"), user_id, expires_at, ends }
    }

    /// `date` is the answer's own, in Unix seconds: this machine's clock may be wrong, so it counts only without one.
    /// `asked` is when the request was sent, on the steady clock: the token is not older, and the answer may have
    /// been long under way.
    pub(crate) fn new(data: LoginData<'_>, date: Option<i64>, asked: Duration) -> Self {
        let ends = data.expires_at.map(|at| {
            let lifetime = at.saturating_sub(date.unwrap_or_else(wall_clock));
            asked.saturating_add(Duration::from_secs(u64::try_from(lifetime).unwrap_or(0)))
        });
        let token = Self::of(Kind::Jwt, &data.token, data.user_id, data.expires_at, ends);
        if let Cow::Owned(mut copy) = data.token {
            copy.zeroize();
        }
        token
    }

    /// The same, in memory of its own.
    pub(crate) fn replica(&self) -> Self {
        let header = SecretText::new(&[self.header.as_bytes()]).expect("it holds no NUL");
        Self { header, ..*self }
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

    /// The same credential, wherever it was copied to.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.kind == other.kind && self.header.as_bytes() == other.header.as_bytes()
    }

    /// The parts of its header line: what stands before the secret, and that.
    pub(crate) fn header(&self) -> [&str; 2] {
        let before = match self.kind {
            Kind::Jwt => "Authorization: Bearer ",
            Kind::Key => "X-API-Key: ",
        };
        [before, self.secret()]
    }

    /// What no message may show.
    pub(crate) fn secret(&self) -> &str {
        // It was checked when it came.
        self.value().to_str().unwrap_or_default()
    }

    /// Of the header that shows it.
    pub fn header_name(&self) -> &'static CStr {
        match self.kind {
            Kind::Jwt => c"Authorization",
            Kind::Key => c"X-API-Key",
        }
    }

    /// Ready to send.
    pub fn header_value(&self) -> &CStr {
        self.header.as_c_str()
    }

    /// The JWT, or the key.
    pub fn value(&self) -> &CStr {
        self.header.tail(self.kind.scheme().len())
    }

    pub fn is_key(&self) -> bool {
        self.kind == Kind::Key
    }

    /// 0 when nobody said.
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
    fn the_value_is_the_end_of_the_header_and_debug_shows_neither() {
        let token = token(None, None);
        assert_eq!((token.header_name(), token.header_value()), (c"Authorization", c"Bearer canary.jwt"));
        assert_eq!((token.value(), token.header()), (c"canary.jwt", ["Authorization: Bearer ", "canary.jwt"]));
        assert!(!format!("{token:?}").contains("canary"));
    }

    #[test]
    fn a_key_is_its_own_header_and_never_ends() {
        let key = Token::key("canary-key");
        assert_eq!((key.header_name(), key.header_value(), key.value()), (c"X-API-Key", c"canary-key", c"canary-key"));
        assert_eq!((key.user_id(), key.expires_at(), key.expires_in()), (0, None, None));
        assert_eq!(key.header(), ["X-API-Key: ", "canary-key"]);
        assert!(!format!("{key:?}").contains("canary"));
    }

    #[test]
    fn the_same_credential_is_known_wherever_it_was_copied_to_and_a_key_is_no_token() {
        let jwt = token(None, None);
        assert!(jwt.is(&jwt.replica()) && jwt.is(&token(Some(7), Some(1))));
        assert!(!jwt.is(&Token::key("canary.jwt")) && !jwt.is(&Token::key("Bearer canary.jwt")));
        assert!(!Token::key("canary-key").is(&Token::key("canary-kez")));
    }
}
