//! What the calls of a session send and read, beside the login.

use std::borrow::Cow;

use super::json::{Scalar, members};
use super::scan;

/// The account behind a credential: the `data` of POST /v2/auth/session.
pub fn user_id(data: &str) -> Option<i64> {
    let [id] = members(data, ["userId"]);
    id.and_then(|value| Scalar(value).integer())
}

/// The key that a generation of one brings.
pub fn api_key(data: &str) -> Option<Cow<'_, str>> {
    Scalar(data).word()
}

/// Whether a text is one sound JSON value; else what is wrong with it.
pub fn check_json(text: &[u8]) -> Result<(), String> {
    scan::check(text, scan::PASSED_ON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_text_of_some_length() {
        assert_eq!(api_key(r#""a\/b""#).as_deref(), Some("a/b"));
        assert_eq!((api_key("null"), api_key(r#"{"key":"a"}"#)), (None, None));
        assert_eq!(api_key(&format!(r#""{}""#, "\\/".repeat(300_000))), None);
    }

    #[test]
    fn only_json_is_json() {
        for text in [
            "{}",
            " [1, 2e9] ",
            "null",
            "\"a\\u00e9\"",
            &"[".repeat(100).chars().chain("]".repeat(100).chars()).collect::<String>(),
        ] {
            assert_eq!(check_json(text.as_bytes()), Ok(()), "{text}");
        }
        for text in ["", " ", "{", "{}{}", "{'a':1}", "nul", "\u{feff}{}", "[1,]", "\"\u{1}\""] {
            assert!(check_json(text.as_bytes()).unwrap_err().contains("JSON"), "{text}");
        }
        assert!(check_json(b"\"\xff\"").unwrap_err().contains("byte 1"));
        // A hostile depth costs no stack.
        assert!(check_json("[".repeat(1_000_000).as_bytes()).is_err());
    }
}
