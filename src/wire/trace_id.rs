//! What a server gave to quote to its support.

use super::redact::redact;

/// Longer than any that is in use: a W3C traceparent has 55 characters.
const LONGEST: usize = 128;

/// An id as the server spelled it. "" for what is none, or may have a secret in it: of an id with a hole nobody has any
/// use. `secrets`: None when there are more than can be looked for.
pub fn trace_id(said: &str, secrets: Option<&[&str]>) -> String {
    let said = said.trim();
    let is_one = said.len() <= LONGEST && said.bytes().all(|byte| byte.is_ascii_graphic());
    let is_clean = is_one && secrets.is_some_and(|secrets| redact(said, secrets) == said);
    if is_clean { said.into() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_word_of_visible_characters_and_not_long() {
        let longest = "x".repeat(LONGEST);
        for id in ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", "|abc.1_", "{GUID}:7", "0", &longest] {
            assert_eq!(trace_id(&format!(" {id}\t"), Some(&[])), id);
        }
        for none in ["", " ", "two words", "é", "a\u{7f}", "a\r\nX: y", "\u{0}", &"x".repeat(LONGEST + 1)] {
            assert_eq!(trace_id(none, Some(&[])), "", "{none:?}");
        }
    }

    #[test]
    fn an_id_that_may_have_a_secret_in_it_is_not_repeated() {
        let secrets = Some(&["canary-password"][..]);
        assert_eq!(trace_id("id-7", secrets), "id-7");
        for echo in ["canary-password", "7-canary-password-7", "canary%2dpassword", "Y2FuYXJ5LXBhc3N3b3Jk"] {
            assert_eq!(trace_id(echo, secrets), "", "{echo}");
        }
        assert_eq!(trace_id("id-7", None), "");
    }
}
