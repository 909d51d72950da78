//! Secrets in what a user sends by a call of his own: passwords for others, keys, tokens. Known by the names ECGrid
//! gives them.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::json::Scalar;

/// Each of them is looked for all over what a server says, so more would cost a call its deadline.
const MAX_SECRETS: usize = 64;

/// The values, in the query of a path and in a JSON text, that have a telling name or stand where a URL has a password.
/// Each once; None when there are too many to look for.
pub fn find_secrets(path: &str, json: &[u8]) -> Option<Vec<Zeroizing<String>>> {
    let mut found = Found::default();
    found.search(path, true)?;
    let json = std::str::from_utf8(json).unwrap_or_default();
    let bytes = json.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    // Whether the next value has a telling name, and how deep the object or array lies that has one.
    let (mut telling, mut telling_from) = (false, None);
    while let Some(byte) = bytes.get(at) {
        #[cfg(test)]
        tests::count(1);
        match byte {
            b'"' => {
                let Some(length) = string_length(&bytes[at..]) else { break };
                let string = &json[at..at + length];
                at += length;
                // Half a surrogate pair passes for JSON and is no text.
                let text = Scalar(string).string().unwrap_or(Cow::Borrowed(&string[1..length - 1]));
                if json[at..].trim_start().starts_with(':') {
                    telling = is_telling(&text);
                } else {
                    found.search(&text, true)?;
                    if std::mem::take(&mut telling) || telling_from.is_some() {
                        found.add(text)?;
                        // As it was sent: a server may encode that once more.
                        found.add(Cow::Borrowed(&string[1..length - 1]))?;
                    }
                }
                continue;
            }
            b'{' | b'[' => {
                if std::mem::take(&mut telling) && telling_from.is_none() {
                    telling_from = Some(depth);
                }
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                telling_from = telling_from.filter(|from| *from < depth);
            }
            // A number, true or null had the telling name.
            b',' => telling = false,
            _ => {}
        }
        at += 1;
    }
    Some(found.0)
}

#[derive(Default)]
struct Found(Vec<Zeroizing<String>>);

impl Found {
    fn add(&mut self, secret: Cow<'_, str>) -> Option<()> {
        if secret.is_empty() || self.0.iter().any(|known| **known == secret) {
            return Some(());
        }
        if self.0.len() == MAX_SECRETS {
            return None;
        }
        self.0.push(Zeroizing::new(secret.into_owned()));
        Some(())
    }

    /// A part of a URL, which may be percent-encoded.
    fn add_encoded(&mut self, secret: &str) -> Option<()> {
        // A form may mean a space.
        if secret.contains('+') {
            self.add_encoded(&Zeroizing::new(secret.replace('+', " ")))?;
        }
        self.add(percent_decode_str(secret).decode_utf8().unwrap_or(Cow::Borrowed(secret)))?;
        self.add(Cow::Borrowed(secret))
    }

    /// Looks for URLs with passwords and for `name=value` in a text, and `again` in what it says when it is decoded:
    /// a URL may be a parameter of another.
    fn search(&mut self, text: &str, again: bool) -> Option<()> {
        for after_scheme in text.split("://").skip(1) {
            #[cfg(test)]
            tests::count(after_scheme.len());
            let url = after_scheme.split(ends_word).next().unwrap_or_default();
            let authority = url.split(['/', '?', '#']).next().unwrap_or_default();
            // A password with a slash that should have been encoded reaches beyond what is an authority by the rules.
            for part in [authority, url] {
                let Some((user, _)) = part.rsplit_once('@') else { continue };
                match user.split_once(':') {
                    Some((_, password)) => self.add_encoded(password)?,
                    None if part.len() == authority.len() => self.add_encoded(user)?,
                    None => {}
                }
            }
        }
        for parameter in text.split(['?', '&', '#']) {
            #[cfg(test)]
            tests::count(parameter.len());
            let mut is_first = true;
            // As connection strings have them, and sentences; but the value may also go on.
            for pair in parameter.split(|char| char == ';' || ends_word(char)) {
                let Some((_, value)) = pair.split_once('=').filter(|(name, _)| is_telling(name)) else { continue };
                self.add_encoded(value)?;
                if std::mem::take(&mut is_first) {
                    self.add_encoded(&parameter[value.as_ptr().addr() - parameter.as_ptr().addr()..])?;
                }
            }
        }
        if again && text.contains('%') {
            let decoded = Zeroizing::new(percent_decode_str(text).decode_utf8_lossy().into_owned());
            return self.search(&decoded, false);
        }
        Some(())
    }
}

/// Where a URL in a sentence is over.
fn ends_word(char: char) -> bool {
    char.is_whitespace() || matches!(char, '"' | '\'' | '<' | '>')
}

fn is_telling(name: &str) -> bool {
    const WORDS: [&str; 6] = ["password", "token", "key", "secret", "cert", "credential"];
    #[cfg(test)]
    tests::count(name.len());
    let name = name.as_bytes();
    let is_id = name.len() >= 2 && name[name.len() - 2..].eq_ignore_ascii_case(b"id");
    !is_id && WORDS.iter().any(|word| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}

/// The length of the string that the JSON text begins with, quotes included.
fn string_length(json: &[u8]) -> Option<usize> {
    let mut escaped = false;
    let end = json.iter().skip(1).position(|byte| {
        #[cfg(test)]
        tests::count(1);
        let is_end = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        is_end
    })?;
    Some(end + 2)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub fn count(steps: usize) {
        STEPS.set(STEPS.get() + steps);
    }

    fn found(path: &str, json: &str) -> Vec<String> {
        find_secrets(path, json.as_bytes()).unwrap().iter().map(|secret| secret.to_string()).collect()
    }

    #[test]
    fn what_has_a_telling_name_is_a_secret() {
        let body = r#"{"userId":1,"newPassword" : "a\"b\\","list":[{"apiKey":"k1"},{"note":"password"}],"keyId":"7","name":"x"}"#;
        assert_eq!(found("/v2/x?a=1&Token=t%2Bu&page=2", body), ["t+u", "t%2Bu", "t u", r#"a"b\"#, r#"a\"b\\"#, "k1"]);
        assert_eq!(found("/v2/x?token=a+b", ""), ["a b", "a+b"]);
        assert_eq!(found("/v2/x?token=%ff", r#"{"key":"\ud800"}"#), ["%ff", "\u{fffd}", r"\ud800"]);
        assert!(found("/v2/x", r#"[{"password":17},"a",{"keys":[]},"b",{"token":null,"x":"c"}]"#).is_empty());
    }

    #[test]
    fn all_that_lies_under_a_telling_name_is_secret() {
        assert_eq!(found("", r#"{"passwords":["a","b",["c"]],"x":"y"}"#), ["a", "b", "c"]);
        let nested = r#"[{"apiKeys":{"eu":"a","us":{"id":"b","tokens":["c"],"x":[{"y":"d"}]},"z":"e"},"x":"y"},"z"]"#;
        assert_eq!(found("", nested), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn a_url_may_hold_secrets_wherever_it_stands() {
        for (text, expected) in [
            ("https://user:pa%40ss@partner.example/in", &["pa@ss", "pa%40ss"][..]),
            ("ftp:\\/\\/u:p@s@h", &["p@s"]),
            ("sftp://u:a/b@h/in", &["a/b"]),
            ("see https://ghp_1@h/x or http://u:p@h2, or a@b.example", &["ghp_1", "p"]),
            ("https://h:80/x?y=1", &[]),
            ("https://h/in?page=1&access_token=a%2Fb#key=c", &["a/b", "a%2Fb", "c"]),
            ("https://h/in?token=a;b&x=1", &["a", "a;b"]),
            ("Server=h;Password=a;Timeout=5", &["a", "a;Timeout=5"]),
            ("https://h/in?back=https%3A%2F%2Fu%3Ap%40h%2F%3Ftoken%3Dq", &["p", "q"]),
        ] {
            assert_eq!(found("", &format!(r#"{{"a":[{{"url":"{text}"}}]}}"#)), expected, "{text}");
        }
        assert_eq!(found("/v2/x?url=https%3A%2F%2Fu%3Ap%40h", ""), ["p"]);
    }

    #[test]
    fn too_many_are_not_looked_for_and_the_same_counts_once() {
        let body = |rows: usize, kinds: usize| {
            let rows: Vec<_> = (0..rows).map(|row| format!(r#"{{"certType":"x{}"}}"#, row % kinds)).collect();
            format!("[{}]", rows.join(","))
        };
        assert_eq!(found("", &body(20_000, MAX_SECRETS)).len(), MAX_SECRETS);
        assert!(find_secrets("", body(20_000, MAX_SECRETS + 1).as_bytes()).is_none());
    }

    #[test]
    fn the_search_takes_as_many_steps_as_the_text_is_long() {
        for part in [
            r#"{"certType":"x"},"#,
            r#""password":"#,
            r#""","#,
            "\"\\\"",
            "\"a\"     ",
            "\"://",
            "://a:b@",
            "key=a;",
            "key=a;&",
            "%25",
            "%",
            "[[{",
        ] {
            for text in [part.repeat(20_000), format!("{{\"key\":[\"{}\"]}}", part.replace('"', "").repeat(20_000))] {
                STEPS.set(0);
                let _ = find_secrets("", text.as_bytes());
                assert!(STEPS.get() <= 8 * text.len(), "{part}: {} for {}", STEPS.get(), text.len());
            }
        }
    }

    #[test]
    fn what_is_no_json_does_no_harm() {
        for odd in [
            "",
            "\"",
            "\"password\":",
            "\"password\":\"",
            "\"password\":\"\\",
            "]}{\"password\":{\"a\":\"b\"}}",
            "\\\"\"",
        ] {
            found("/v2/x?&=&password", odd);
        }
        assert!(find_secrets("/v2/x", b"\xff\"password\":\"x\"").unwrap().is_empty());
    }
}
