//! Logging in: `POST /v2/auth/login`.

use std::borrow::Cow;

use super::date::parse_date_time;
use super::json::{Scalar, members};
use super::jwt;
use super::unescape::unescape;

/// What a login's `data` says.
pub struct LoginData<'a> {
    pub token: Cow<'a, str>,
    /// 0 when the server did not say.
    pub user_id: i64,
    /// Unix seconds; from expiresAt, else from the token's own exp.
    pub expires_at: Option<i64>,
}

/// Reads a login's `data`. Strict about the token, which others will send; liberal about the rest.
pub fn parse_login(data: &str) -> Result<LoginData<'_>, &'static str> {
    let [token, user_id, expires_at] = members(data, ["token", "userId", "expiresAt"]);
    let token = token_text(token.ok_or("it has no data.token")?)?;
    let expires_at = expires_at
        .and_then(|value| Scalar(value).word())
        .and_then(|text| parse_date_time(&text))
        // .NET writes a date that was never set as the year 1.
        .filter(|&at| at >= 0)
        .or_else(|| jwt::expiry(&token));
    Ok(LoginData { user_id: user_id.and_then(|value| Scalar(value).integer()).unwrap_or(0), expires_at, token })
}

/// No server takes a header that long; and what is made of a token is small, so that it needs no memory of a size that
/// a server chose.
const LONGEST_TOKEN: usize = 32 * 1024;

/// A token goes into a header and a C string: anything but visible ASCII is not one.
fn token_text(json: &str) -> Result<Cow<'_, str>, &'static str> {
    const NOT_VISIBLE: &str = "its data.token has characters that no token has";
    let inner =
        json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or("its data.token is not a string")?;
    if inner.is_empty() {
        return Err("its data.token is empty");
    }
    if inner.len() > LONGEST_TOKEN {
        return Err("its data.token is longer than any header may be");
    }
    // JSON allows no control characters but this one; the rest is found many bytes at a time.
    if inner.is_ascii() && memchr::memchr3(b'\\', b' ', 0x7f, inner.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(inner));
    }
    let mut token = String::with_capacity(inner.len());
    let is_visible = unescape(inner, |piece| {
        token.push_str(piece);
        piece.bytes().all(|byte| byte.is_ascii_graphic())
    });
    if is_visible { Ok(Cow::Owned(token)) } else { Err(NOT_VISIBLE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_data_is_read_liberally() {
        let data = parse_login(r#"{"TOKEN":"a.b.c","UserID":"9007199254740993","expiresat":"2026-05-07T18:30:00"}"#);
        let data = data.ok().unwrap();
        assert_eq!(&*data.token, "a.b.c");
        assert_eq!(data.user_id, 9_007_199_254_740_993);
        assert_eq!(data.expires_at, Some(1_778_178_600));

        let bare = parse_login(r#"{"token":"opaque","expiresAt":"soon","userId":null}"#).ok().unwrap();
        assert_eq!((bare.user_id, bare.expires_at), (0, None));
        let never = parse_login(r#"{"token":"e30.eyJleHAiOjQxMDI0NDQ4MDB9.x","expiresAt":"0001-01-01T00:00:00"}"#);
        assert_eq!(never.ok().unwrap().expires_at, Some(4_102_444_800));
        assert_eq!(&*parse_login(r#"{"token":"a\/b\u002Bc"}"#).ok().unwrap().token, "a/b+c");
    }

    #[test]
    fn a_token_is_visible_ascii_or_no_token() {
        for token in [
            "\"\"",
            "7",
            "null",
            "[\"a\"]",
            "\"a b\"",
            "\"a\\r\\nX: y\"",
            "\"a\\u0000\"",
            "\"é\"",
            "\"\\u00e9\"",
            "\"\\ud83d\\ude00\"",
            "\"a\u{7f}\"",
        ] {
            assert!(parse_login(&format!("{{\"token\":{token}}}")).is_err(), "{token}");
        }
        let date = format!(r#"{{"token":"t","expiresAt":"2026-05-07T18:30:00Z{}"}}"#, "\\t".repeat(300_000));
        assert_eq!(parse_login(&date).ok().unwrap().expires_at, None, "no memory of that size for a date");
        for (length, is_token) in [(LONGEST_TOKEN, true), (LONGEST_TOKEN + 1, false)] {
            assert_eq!(parse_login(&format!(r#"{{"token":"{}"}}"#, "x".repeat(length))).is_ok(), is_token, "{length}");
        }
        assert!(parse_login("{}").is_err());
        assert!(parse_login("[]").is_err());
        assert!(parse_login("null").is_err());
    }
}
