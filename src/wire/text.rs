//! Words of a server in our messages: one line, short, and never a secret.

use std::borrow::Cow;

/// As long as an excerpt gets, in characters.
const MAX_CHARS: usize = 200;

/// Text on one line: markup, control characters and runs of white space become single spaces.
pub fn one_line(text: &str) -> String {
    let mut line = String::new();
    let mut in_tag = false;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            // Only what looks like a tag: "a < b" is text.
            '<' if chars.peek().is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')) => {
                in_tag = true;
            }
            '>' if in_tag => {
                in_tag = false;
                push_space(&mut line);
            }
            _ if in_tag => {}
            space if space.is_whitespace() || space.is_control() || is_invisible(space) => push_space(&mut line),
            char => line.push(char),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

fn push_space(line: &mut String) {
    if !line.is_empty() && !line.ends_with(' ') {
        line.push(' ');
    }
}

/// Direction marks and the like, which can make a line read as something else.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The beginning of a line, cut between characters.
pub fn excerpt(line: &str) -> Cow<'_, str> {
    match line.char_indices().nth(MAX_CHARS) {
        None => Cow::Borrowed(line),
        Some(_) => {
            let cut = line.char_indices().nth(MAX_CHARS - 1).map_or(0, |(at, _)| at);
            Cow::Owned(format!("{}…", line[..cut].trim_end()))
        }
    }
}

/// As much of a secret as a text that we read can repeat of it.
const MAX_SECRET: usize = 64 * 1024;

/// Replaces every secret, as it is and as JSON, a URL, HTML or a header would spell it.
pub fn redact(text: &str, secrets: &[&str]) -> String {
    let mut clean = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty() && !text.is_empty()) {
        for spelling in spellings(start_of(secret, MAX_SECRET)) {
            clean = replace(&clean, &spelling);
        }
    }
    clean
}

/// At most that many bytes, cut between characters.
fn start_of(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn spellings(secret: &str) -> Vec<String> {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD_NO_PAD;
    let json = serde_json::to_string(secret).unwrap_or_default();
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut all = vec![
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC).to_string(),
        html,
        one_line(secret),
    ];
    if secret.len() >= 8 {
        all.push(BASE64_STANDARD_NO_PAD.encode(secret));
    }
    // The longest first: a shorter spelling may be part of a longer one.
    all.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    all.dedup();
    all.retain(|spelling| !spelling.is_empty());
    all
}

/// Replaces what begins like the secret for as long as it goes on like it: an echo may be cut short. A short secret is
/// only replaced as a word of its own: "a" for a password must not riddle every message with holes.
fn replace(text: &str, secret: &str) -> String {
    const SHORT: usize = 4;
    const TELLING: usize = 12;
    let key = start_of(secret, TELLING);
    let is_word = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(at) = rest.find(key) {
        let (head, found) = rest.split_at(at);
        let same = found.chars().zip(secret.chars()).take_while(|(one, other)| one == other);
        let (echo, tail) = found.split_at(same.map(|(char, _)| char.len_utf8()).sum());
        before = head.chars().next_back().or(before);
        let alone = !is_word(before) && !is_word(tail.chars().next());
        clean.push_str(head);
        clean.push_str(if secret.len() >= SHORT || alone { "***" } else { echo });
        before = echo.chars().next_back();
        rest = tail;
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_its_words() {
        let page =
            "<html>\r\n<head><title>502 Bad Gateway</title></head>\n<body>\t<h1>Bad\u{0}Gateway</h1></body></html>";
        assert_eq!(one_line(page), "502 Bad Gateway Bad Gateway");
        assert_eq!(one_line("a < b > c <br/>d"), "a < b > c d");
        assert_eq!(one_line("\u{202e}abc\u{200b}\r\nX: y"), "abc X: y");
        assert_eq!(one_line("<unclosed"), "");
    }

    #[test]
    fn an_excerpt_is_cut_between_characters() {
        assert_eq!(excerpt("short"), "short");
        let exact = "é".repeat(200);
        assert_eq!(excerpt(&exact), exact);
        let long = "😀".repeat(201);
        let cut = excerpt(&long);
        assert_eq!(cut.chars().count(), 200);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn secrets_are_replaced_however_they_are_spelled() {
        let secret = "p\"w d/é&<x>";
        for echo in [secret.to_owned(), serde_json::to_string(secret).unwrap(), "p%22w%20d%2F%C3%A9%26%3Cx%3E".into()] {
            let clean = redact(&format!("wrong: {echo}!"), &[secret, ""]);
            assert!(clean.contains("***") && !clean.contains("w d") && !clean.contains("w%20d"), "{clean}");
        }
        assert_eq!(redact("key cHctY2FuYXJ5 sent", &["pw-canary"]), "key *** sent");
        assert_eq!(redact("bad password ab, not abc", &["ab"]), "bad password ***, not abc");
        assert_eq!(redact("aa a aa", &["a"]), "aa *** aa");
    }

    #[test]
    fn an_echo_that_was_cut_short_is_replaced_too() {
        let secret = "canary-password-é-that-is-long";
        assert_eq!(redact("got canary-password-é-that", &[secret]), "got ***");
        assert_eq!(redact("got canary-passwort", &[secret]), "got ***t");
        let huge = "0123456789".repeat(1_000_000);
        assert_eq!(redact(&huge[..1000], &[&huge]), "***");
    }
}
