//! Secrets in what a user sends by a call of his own: passwords for others, keys, tokens. Known by the names ECGrid
//! gives them, and looked for where they lie: what is sent may be long.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memchr3_iter};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::redact::MAX_REDACTED;
use super::unescape::unescape;

/// Each of them is looked for all over what a server says, so more would cost a call its deadline.
const MAX_SECRETS: usize = 64;

/// As many bytes may be looked at one by one; a body that needs more would cost a call its deadline. It takes some
/// hundredths of a second.
const MOST_WORK: usize = 16 << 20;

/// A byte that a fast search passes costs this part of one that is looked at.
const PASSED: usize = 16;

/// A long value is looked at in pieces, each of which begins this far before the end of the last: a secret that begins
/// in one is whole in it, or as much of it as a message could show. Copies of a piece are small.
const PIECE: usize = 32 * 1024;
const OVERLAP: usize = 6 * MOST_KEPT;

/// So much of a secret, and of the name before it. Escaped it may be six times as long.
const MOST_KEPT: usize = LONGEST_NAME + MAX_REDACTED;

/// No name is that long: what has one may be anything.
const LONGEST_NAME: usize = 256;

/// The values, in the query of a path and in a JSON text, that have a telling name or stand where a URL has a password.
/// Each once, and of a long one its beginning; None when there are too many to look for, or it takes too long to find
/// them. The text may end anywhere.
pub fn find_secrets(path: &str, json: &[u8]) -> Option<Vec<Zeroizing<String>>> {
    let mut found = Found::default();
    found.search(path, true)?;
    let mut at = 0;
    let mut depth = 0_usize;
    // Whether the next value has a telling name, and how deep the object or array lies that has one.
    let (mut telling, mut telling_from) = (false, None);
    while let Some(byte) = json.get(at) {
        found.work(1)?;
        match byte {
            b'"' => {
                let inside = found.inside(&json[at + 1..])?;
                at += inside.len() + 2;
                let rest = json.get(at..).unwrap_or_default();
                let space = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                found.work(space)?;
                at += space;
                if rest.get(space) == Some(&b':') {
                    telling = inside.len() > LONGEST_NAME || is_telling(&meant(text(inside)));
                    found.work(inside.len().min(LONGEST_NAME))?;
                } else {
                    found.value(inside, std::mem::take(&mut telling) || telling_from.is_some())?;
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
    Some(found.secrets)
}

#[derive(Default)]
struct Found {
    secrets: Vec<Zeroizing<String>>,
    work: usize,
}

impl Found {
    /// Counts bytes that were looked at. None when that is enough.
    fn work(&mut self, bytes: usize) -> Option<()> {
        self.work += bytes;
        #[cfg(test)]
        tests::worked(self.work);
        (self.work <= MOST_WORK).then_some(())
    }

    /// The inside of the string whose first quote is before this text.
    fn inside<'a>(&mut self, json: &'a [u8]) -> Option<&'a [u8]> {
        let mut at = 0;
        while let Some(found) = json.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            self.work(1 + found / PASSED)?;
            at += found;
            if json[at] == b'"' {
                return Some(&json[..at]);
            }
            at += 2;
        }
        Some(json)
    }

    /// The inside of a string that is a value.
    fn value(&mut self, inside: &[u8], is_secret: bool) -> Option<()> {
        if is_secret {
            let beginning = text(&inside[..cut(inside, 0, OVERLAP)]);
            self.work(beginning.len())?;
            self.add(meant(beginning))?;
            // As it was sent: a server may encode that once more.
            self.add(Cow::Borrowed(beginning))?;
        }
        let mut start = 0;
        loop {
            let next = cut(inside, start, PIECE);
            let end = cut(inside, next, OVERLAP);
            let piece = &inside[start..end];
            self.work(1 + piece.len() / PASSED)?;
            if self.may_tell(piece)? {
                self.search(&meant(text(piece)), true)?;
            }
            if end == inside.len() {
                return Some(());
            }
            start = next;
        }
    }

    /// Whether a piece of a value may have a URL or a `name=value` in it, escaped and percent-encoded perhaps.
    fn may_tell(&mut self, piece: &[u8]) -> Option<bool> {
        let follows = |at: usize, wanted: &[&[u8]]| {
            wanted
                .iter()
                .any(|wanted| piece.get(at..at + wanted.len()).is_some_and(|is| is.eq_ignore_ascii_case(wanted)))
        };
        for at in memchr3_iter(b'=', b':', b'\\', piece) {
            self.work(1)?;
            match piece[at] {
                b'=' => return Some(true),
                b':' if follows(at + 1, &[b"/", b"\\", b"%"]) => return Some(true),
                b'\\' if follows(at + 1, &[b"u0025", b"u003a", b"u003d"]) => return Some(true),
                _ => {}
            }
        }
        for at in memchr_iter(b'%', piece) {
            self.work(1)?;
            if follows(at + 1, &[b"3a", b"3d", b"\\"]) {
                return Some(true);
            }
        }
        Some(false)
    }

    fn add(&mut self, secret: Cow<'_, str>) -> Option<()> {
        let mut length = secret.len().min(MOST_KEPT);
        while !secret.is_char_boundary(length) {
            length -= 1;
        }
        let secret = &secret[..length];
        self.work(self.secrets.len())?;
        if secret.is_empty() || self.secrets.iter().any(|known| **known == secret) {
            return Some(());
        }
        if self.secrets.len() == MAX_SECRETS {
            return None;
        }
        self.secrets.push(Zeroizing::new(secret.to_owned()));
        Some(())
    }

    /// A part of a URL, which may be percent-encoded.
    fn add_encoded(&mut self, secret: &str) -> Option<()> {
        self.work(secret.len())?;
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
            self.work(after_scheme.len())?;
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
            self.work(2 * parameter.len())?;
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
            return self.search(&decoded(text), false);
        }
        Some(())
    }
}

/// Where a URL in a sentence is over.
fn ends_word(char: char) -> bool {
    char.is_whitespace() || matches!(char, '"' | '\'' | '<' | '>')
}

/// Of a long name its end counts: it may be the end of a sentence.
fn is_telling(name: &str) -> bool {
    const WORDS: [&[u8]; 6] = [b"password", b"token", b"key", b"secret", b"cert", b"credential"];
    let name = &name.as_bytes()[name.len().saturating_sub(LONGEST_NAME)..];
    let is_id = name.len() >= 2 && name[name.len() - 2..].eq_ignore_ascii_case(b"id");
    let begins = |rest: &[u8], word: &[u8]| rest.get(..word.len()).is_some_and(|is| is.eq_ignore_ascii_case(word));
    !is_id
        && (0..name.len()).any(|at| {
            matches!(name[at] | 0x20, b'p' | b't' | b'k' | b's' | b'c')
                && WORDS.iter().any(|word| begins(&name[at..], word))
        })
}

/// As much of it as is UTF-8.
fn text(bytes: &[u8]) -> &str {
    let sound = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    std::str::from_utf8(&bytes[..sound]).unwrap_or_default()
}

/// What the inside of a string stands for. Half a surrogate pair passes for JSON and is no text.
fn meant(inside: &str) -> Cow<'_, str> {
    if memchr(b'\\', inside.as_bytes()).is_none() {
        return Cow::Borrowed(inside);
    }
    // It is never longer than that.
    let mut meant = String::with_capacity(inside.len());
    let is_text = unescape(inside, |piece| {
        meant.push_str(piece);
        true
    });
    if is_text { Cow::Owned(meant) } else { Cow::Borrowed(inside) }
}

/// What a percent-encoded text says, as far as that is text. It is never longer.
fn decoded(text: &str) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    bytes.extend(percent_decode_str(text));
    let mut decoded = Zeroizing::new(String::with_capacity(bytes.len()));
    bytes.utf8_chunks().for_each(|chunk| decoded.push_str(chunk.valid()));
    decoded
}

/// Where a piece that begins there may end: so much further on, but within no character and no escape.
fn cut(inside: &[u8], start: usize, length: usize) -> usize {
    let Some(mut end) = start.checked_add(length).filter(|end| *end < inside.len()) else { return inside.len() };
    let mut at = start;
    while let Some(found) = inside.get(at..end).and_then(|rest| memchr(b'\\', rest)) {
        at += found;
        at += match inside[at..] {
            // The first half of a pair.
            [_, b'u', b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B', ..] => 12,
            [_, b'u', ..] => 6,
            _ => 2,
        };
    }
    end = end.max(at).min(inside.len());
    while inside.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub fn worked(steps: usize) {
        STEPS.set(steps);
    }

    fn found(path: &str, json: &str) -> Vec<String> {
        find_secrets(path, json.as_bytes()).unwrap().iter().map(|secret| secret.to_string()).collect()
    }

    #[test]
    fn what_has_a_telling_name_is_a_secret() {
        let body = r#"{"userId":1,"newPassword" : "a\"b\\","list":[{"apiKey":"k1"},{"note":"password"}],"keyId":"7","name":"x"}"#;
        assert_eq!(found("/v2/x?a=1&Token=t%2Bu&page=2", body), ["t+u", "t%2Bu", "t u", r#"a"b\"#, r#"a\"b\\"#, "k1"]);
        assert_eq!(found("/v2/x?token=a+b", ""), ["a b", "a+b"]);
        assert_eq!(found("/v2/x?token=%ff", r#"{"key":"\ud800"}"#), ["%ff", r"\ud800"]);
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
        let odd = b"\xff\"password\":\"x\xff\"";
        assert_eq!(find_secrets("/v2/x", odd).unwrap().iter().map(|secret| &***secret).collect::<Vec<_>>(), ["x"]);
    }

    /// A parcel as it is uploaded, of that many bytes.
    fn parcel(part: &str, length: usize) -> String {
        format!(r#"{{"fileName":"a.edi","content":"{}=="}}"#, part.repeat(length / part.len()))
    }

    #[test]
    fn a_parcel_is_passed_over_without_looking_at_each_of_its_bytes() {
        for part in [
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0",
            // As .NET and PHP write base64 into JSON, and as mail does.
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\\u002B",
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\\/",
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\\r\\n",
            "ISA*00*          *ZZ*SENDER         *ZZ*RECEIVER       *260101*1200*U*00401*000000001*0*P*>~",
        ] {
            let body = parcel(part, 8_000_000);
            assert!(found("/v2/parcels/upload", &body).is_empty());
            assert!(STEPS.get() <= body.len() / 3, "{part}: {}", STEPS.get());
        }
    }

    #[test]
    fn a_secret_deep_in_a_long_value_is_found_wherever_the_pieces_end() {
        for (before, secret, expected) in [
            (" ", " token=canary ", "canary"),
            ("ab\\n", " https:\\/\\/u:canary@h ", "canary"),
            ("\\ud83d\\ude00", " \\u0074oken\\u003dcanary ", "canary"),
            ("é", " token%3Dcanary ", "canary"),
        ] {
            for place in PIECE - 40..PIECE + 60 {
                let fill = before.repeat(place.div_ceil(before.len()));
                let body = format!(r#"["{fill}{secret}{}"]"#, before.repeat(PIECE / before.len()));
                assert!(found("", &body).iter().any(|found| found == expected), "{before} {place}");
            }
        }
    }

    /// Or what is left of its echo would be shown.
    #[test]
    fn of_a_long_secret_in_a_long_value_as_much_is_kept_however_it_is_escaped() {
        let all = |text: &str| text.bytes().map(|byte| format!("\\u{byte:04x}")).collect::<String>();
        let secret = (0..400).map(|number| format!("{number:05}")).collect::<String>();
        for place in (PIECE - 60..PIECE + 10).step_by(7) {
            let body = format!(r#"["{}{} {}"]"#, " ".repeat(place), all(&format!("token={secret}")), " ".repeat(PIECE));
            let found = find_secrets("", body.as_bytes()).unwrap();
            let secrets: Vec<&str> = found.iter().map(|found| found.as_str()).collect();
            assert_eq!(crate::wire::redact(&secret, &secrets), "***", "{place}");
        }
    }

    #[test]
    fn of_a_long_secret_as_much_is_kept_as_a_message_could_show() {
        for part in ["x", "\\u0078", "\\n"] {
            for secret in found("", &format!(r#"{{"certificate":"{}"}}"#, part.repeat(1_000_000))) {
                assert!((MAX_REDACTED..=MOST_KEPT).contains(&secret.len()), "{part}: {}", secret.len());
            }
        }
        let name = "x".repeat(LONGEST_NAME);
        assert_eq!(found("", &format!(r#"{{"{name}x":"a","{name}":"b"}}"#)), ["a"]);
    }

    #[test]
    fn what_takes_too_long_to_search_is_given_up() {
        for part in [r#"{"a":"b"},"#, r#""a=b&","#, "\"a=b&", "[", r#"{"key":"a"},"#] {
            assert!(find_secrets("", part.repeat(20_000_000 / part.len()).as_bytes()).is_none(), "{part}");
            assert!(STEPS.get() <= MOST_WORK + 2 * (PIECE + OVERLAP), "{part}: {}", STEPS.get());
        }
    }
}
