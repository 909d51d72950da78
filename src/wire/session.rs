//! What the calls of a session send and read, beside the login.

use std::borrow::Cow;

use super::json::{Scalar, members};
use super::scan::{self, Unsound};

/// The account behind a credential: the `data` of POST /v2/auth/session.
pub fn user_id(data: &str) -> Option<i64> {
    let [id] = members(data, ["userId"]);
    id.and_then(|value| Scalar(value).integer())
}

/// The key that a generation of one brings.
pub fn api_key(data: &str) -> Option<Cow<'_, str>> {
    Scalar(data).word()
}

/// Whether a text is one sound JSON value, as long as `go_on` lets it be read.
pub fn check_json<E>(text: &[u8], go_on: impl FnMut() -> Result<(), E>) -> Result<(), Unsound<E>> {
    scan::check(text, scan::PASSED_ON, go_on)
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

    /// What is wrong with a text, and nothing if it is JSON.
    fn flaw(text: &[u8]) -> Option<String> {
        match check_json(text, || Ok::<_, ()>(())) {
            Ok(()) => None,
            Err(Unsound::Wrong(why)) => Some(why),
            Err(Unsound::GivenUp(())) => unreachable!("nobody gave up"),
        }
    }

    #[test]
    fn a_long_text_is_read_only_while_somebody_wants_to_know() {
        const LENGTH: usize = 4 << 20;
        let rows = ["0,", "{\"a\":0},", "[],", "\"\",", "\"\\n\",", "\"\\u0000\\\"\","];
        let lists = rows.map(|row| format!("[{}0]", row.repeat(LENGTH / row.len())));
        for text in lists.into_iter().chain([format!("\"{}\"", "\\n".repeat(LENGTH / 2))]) {
            let mut asked = 0;
            let ended = check_json(text.as_bytes(), || {
                asked += 1;
                if asked < 3 { Ok(()) } else { Err("enough") }
            });
            assert_eq!((ended, asked), (Err(Unsound::GivenUp("enough")), 3), "{}", &text[..20]);
            asked = 0;
            let read = check_json(text.as_bytes(), || {
                asked += 1;
                Ok::<_, ()>(())
            });
            assert!(read == Ok(()) && (50..=64).contains(&asked), "{}: {asked}", &text[..20]);
        }
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
            assert_eq!(flaw(text.as_bytes()), None, "{text}");
        }
        for text in ["", " ", "{", "{}{}", "{'a':1}", "nul", "\u{feff}{}", "[1,]", "\"\u{1}\""] {
            assert!(flaw(text.as_bytes()).unwrap().contains("JSON"), "{text}");
        }
        assert!(flaw(b"\"\xff\"").unwrap().contains("byte 1"));
        // A hostile depth costs no stack.
        assert!(flaw("[".repeat(1_000_000).as_bytes()).is_some());
    }
}
