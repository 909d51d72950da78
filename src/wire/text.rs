//! Words of a server in our messages: one line, short, and never a secret.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;

/// As long as an excerpt gets, in characters.
const MAX_CHARS: usize = 200;

/// As much of a text, in bytes, as secrets are looked for in: enough for an excerpt, markup included. The rest is left
/// out, or else a long answer would cost a call its deadline.
pub const MAX_REDACTED: usize = 4096;

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

/// The beginning of a text with every secret replaced, however a server may have spelled it. An echo that was cut short
/// is replaced too; a short secret only as a word of its own: "a" for a password must not riddle every message with holes.
pub fn redact(text: &str, secrets: &[&str]) -> String {
    let secrets: Vec<&str> = secrets.iter().copied().filter(|secret| !secret.is_empty()).collect();
    // As Basic credentials and logs of headers have it.
    let encoded: Vec<String> = secrets
        .iter()
        .filter(|secret| secret.len() > 4)
        // The text can hold no more of it.
        .map(|secret| BASE64_STANDARD_NO_PAD.encode(&secret.as_bytes()[..secret.len().min(3 * text.len())]))
        .collect();
    let spellings: Vec<&str> = secrets.into_iter().chain(encoded.iter().map(String::as_str)).collect();

    let is_word = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
    let mut clean = String::with_capacity(text.len().min(MAX_REDACTED));
    let mut before = None;
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        // Only where an echo begins is limited: one that goes on beyond is still known for what it is.
        if text.len() - rest.len() >= MAX_REDACTED {
            break;
        }
        // The longest echo of all: one secret may be the beginning of another.
        let echo = spellings
            .iter()
            .flat_map(|secret| [(secret, Reading::Plain), (secret, Reading::Encoded)])
            .filter_map(|(secret, reading)| {
                let length = echo_length(rest, secret, reading)?;
                let is_short = secret.chars().nth(3).is_none();
                (!is_short || !is_word(before) && !is_word(rest[length..].chars().next())).then_some(length)
            })
            .max();
        let length = echo.unwrap_or(char.len_utf8());
        clean.push_str(if echo.is_some() { "***" } else { &rest[..length] });
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    clean
}

/// Whether "&amp;" is taken for what it stands for, or for what it is, where the secret has an ampersand.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    Plain,
    Encoded,
}

/// How much of the text spells the secret, or enough of its beginning to tell.
fn echo_length(text: &str, secret: &str, reading: Reading) -> Option<usize> {
    const TELLING: usize = 12;
    const CUT_SHORT: usize = 4;
    let mut length = 0;
    for (count, char) in secret.chars().enumerate() {
        #[cfg(test)]
        tests::count_step();
        match spelled(&text[length..], char, reading) {
            Some(more) => length += more,
            None if count >= TELLING => break,
            // The text ends here, so more of the secret may have stood there.
            None if count >= CUT_SHORT && is_cut(&text[length..]) => return Some(text.len()),
            None => return None,
        }
    }
    Some(length)
}

/// Whether nothing is left but perhaps the beginning of an escape.
fn is_cut(rest: &str) -> bool {
    rest.is_empty() || rest.len() < 12 && rest.starts_with(['%', '\\', '&'])
}

/// How many bytes at the start of the text spell a character: as it is, or as a URL, JSON or HTML writes it.
fn spelled(text: &str, char: char, reading: Reading) -> Option<usize> {
    let first = text.chars().next()?;
    let plain = (first == char).then_some(first.len_utf8());
    if plain.is_some() && reading == Reading::Plain {
        return plain;
    }
    let encoded = match first {
        '%' => in_percent(text, char),
        '+' if char == ' ' => Some(1),
        '\\' => in_json(text, char),
        '&' => in_html(text, char),
        _ => None,
    };
    encoded.or(plain)
}

fn in_percent(text: &str, char: char) -> Option<usize> {
    let mut bytes = [0; 4];
    for (index, byte) in char.encode_utf8(&mut bytes).bytes().enumerate() {
        let hex = text.get(3 * index..3 * index + 3)?.strip_prefix('%')?;
        if u8::from_str_radix(hex, 16) != Ok(byte) {
            return None;
        }
    }
    Some(3 * char.len_utf8())
}

fn in_json(text: &str, char: char) -> Option<usize> {
    let letter = text.chars().nth(1)?;
    let meant = match letter {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => {
            let mut units = [0; 2];
            for (index, unit) in char.encode_utf16(&mut units).iter().enumerate() {
                let hex = text.get(6 * index..6 * index + 6)?.strip_prefix("\\u")?;
                if u16::from_str_radix(hex, 16) != Ok(*unit) {
                    return None;
                }
            }
            return Some(6 * char.len_utf16());
        }
        plain => plain,
    };
    (meant == char).then_some(1 + letter.len_utf8())
}

fn in_html(text: &str, char: char) -> Option<usize> {
    // The longest is &#1114111; and a text of ampersands must not be searched to its end for each.
    let end = text.bytes().take(10).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let meant = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        name => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            char::from_u32(hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16)).ok()?)?
        }
    };
    (meant == char).then_some(name.len() + 2)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub fn count_step() {
        STEPS.set(STEPS.get() + 1);
    }

    fn steps_of(text: &str, secrets: &[&str]) -> usize {
        STEPS.set(0);
        redact(text, secrets);
        STEPS.get()
    }

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
        for echo in [
            secret,
            r#"p\"w d\/é&<x>"#,
            r"p\u0022w d/\u00E9&\u003cx>",
            "p%22w%20d%2F%C3%A9%26%3Cx%3E",
            "p%22w+d/%c3%a9%26%3cx%3e",
            "p&quot;w d/&#233;&amp;&lt;x&gt;",
            "p&#34;w d/&#xe9;&amp;<x>",
        ] {
            assert_eq!(redact(&format!("wrong: {echo}!"), &[secret, ""]), "wrong: ***!", "{echo}");
        }
        assert_eq!(redact(r"\ud83d\ude00-\tsecret %F0%9F%98%80-%09secret", &["😀-\tsecret"]), "*** ***");
        let mixed = redact("it&#39;s-a-Canary+Secret&amp;more", &["it's-a-Canary+Secret&more"]);
        assert_eq!(mixed, "***");
        assert_eq!(redact("key cHctY2FuYXJ5 sent", &["pw-canary"]), "key *** sent");
        assert_eq!(redact("to canary-%22quoted%5Cpassword.example", &["canary-\"quoted\\password"]), "to ***.example");
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

    #[test]
    fn a_long_text_takes_no_more_steps_than_its_beginning() {
        let secrets: Vec<String> = (0..64).map(|number| format!("xxxxxxxxxx{number:02}")).collect();
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        for part in ["x", "xxxxxxxxxx", "xxxxxxxxxx17", "%78", "&#120;", "\\u0078", "eHh4eHh4eHh4", "&", "😀"] {
            let (short, long) = (part.repeat(2 * MAX_REDACTED), part.repeat(20 * MAX_REDACTED));
            let (few, many) = (steps_of(&short, &secrets), steps_of(&long, &secrets));
            assert!(few == many && many <= 12 * 4 * secrets.len() * MAX_REDACTED, "{part}: {few}, then {many}");
        }
        // Echoes of many long secrets at once, each of which is read as far as it goes.
        let long = "0123456789".repeat(6_000);
        let secrets: Vec<String> = (0..64).map(|number| format!("{long}{number}")).collect();
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let steps = steps_of(&long.repeat(2), &secrets);
        assert!(steps <= 4 * secrets.len() * (long.len() + 12 * MAX_REDACTED), "{steps}");
    }

    #[test]
    fn nothing_of_a_secret_across_the_border_is_left() {
        let secret = "canary-password";
        for before in MAX_REDACTED - secret.len() - 1..=MAX_REDACTED {
            let clean = redact(&format!("{}{secret} and more", " ".repeat(before)), &[secret]);
            assert!(!clean.contains('c'), "{clean}");
        }
    }
}
