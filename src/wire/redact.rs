//! Secrets in words of a server: replaced, however they are spelled.

use base64_simd::STANDARD_NO_PAD;

use super::spelling::{is_cut, spelled};

/// As much of a text, in bytes, as secrets are looked for in: enough for an excerpt, markup included. The rest is left
/// out, or else a long answer would cost a call its deadline.
pub const MAX_REDACTED: usize = 4096;

/// The beginning of a text with every secret replaced, however a server may have spelled it. An echo that was cut short
/// is replaced too; a short secret only as a word of its own: "a" for a password must not riddle every message with holes.
pub fn redact(text: &str, secrets: &[&str]) -> String {
    let secrets: Vec<&str> =
        secrets.iter().map(|secret| beginning(secret)).filter(|secret| !secret.is_empty()).collect();
    // As Basic credentials and logs of headers have it.
    let encoded: Vec<String> = secrets
        .iter()
        .filter(|secret| secret.len() > 4)
        .map(|secret| STANDARD_NO_PAD.encode_to_string(secret.as_bytes()))
        .collect();
    let spellings: Vec<&str> = secrets.into_iter().chain(encoded.iter().map(String::as_str)).collect();

    let mut clean = String::with_capacity(text.len().min(MAX_REDACTED));
    let (mut reader, mut covered, mut before) = (Reader { text, steps: 0 }, 0, None);
    for (at, char) in text.char_indices() {
        // Only where an echo begins is limited: one that goes on beyond is still known for what it is.
        if at.max(covered) >= MAX_REDACTED.min(text.len()) {
            break;
        }
        // The longest echo of all, one secret may be the beginning of another; and an echo may begin in what only looked
        // like one.
        for secret in &spellings {
            let Some(end) = reader.echo(at, secret, before) else { continue };
            if at >= covered {
                clean.push_str("***");
            }
            covered = covered.max(end);
        }
        if at >= covered {
            clean.push(char);
        }
        before = Some(char);
    }
    clean
}

/// As much of a secret as can be seen of it: where an echo of that ends, nothing more is shown.
fn beginning(secret: &str) -> &str {
    match secret.char_indices().nth(MAX_REDACTED) {
        None => secret,
        Some((end, _)) => &secret[..end],
    }
}

/// As many characters of secrets are compared with a text. What needs more would cost a call its deadline, and counts as
/// an echo.
const MOST_STEPS: usize = 2 << 20;

/// Looks for secrets in a text.
struct Reader<'a> {
    text: &'a str,
    steps: usize,
}

impl Reader<'_> {
    fn step(&mut self) {
        self.steps += 1;
        #[cfg(test)]
        tests::count_step();
    }

    /// Where the longest echo of the secret ends that begins there: of all of it, or of enough to tell.
    fn echo(&mut self, start: usize, secret: &str, before: Option<char>) -> Option<usize> {
        const TELLING: usize = 12;
        const CUT_SHORT: usize = 4;
        let text = self.text;
        let mut begins = false;
        spelled(&text[start..], secret.chars().next()?, |_| begins = true);
        self.step();
        if !begins {
            return None;
        }
        let is_word = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
        // "&amp;" is an ampersand or five characters, whichever the secret goes on with: each way is followed.
        let (mut ways, mut next) = (Ways::default(), Ways::default());
        ways.add(start);
        let mut count = 0;
        for char in secret.chars() {
            next.clear();
            for &at in ways.all() {
                self.step();
                let rest = &text[at..];
                if self.steps > MOST_STEPS || count >= CUT_SHORT && is_cut(rest) {
                    return Some(text.len());
                }
                spelled(rest, char, |length| next.add(at + length));
            }
            if next.is_too_many() {
                return Some(text.len());
            }
            if next.all().is_empty() {
                return if count >= TELLING { ways.all().iter().max().copied() } else { None };
            }
            std::mem::swap(&mut ways, &mut next);
            count += 1;
        }
        let is_short = count < CUT_SHORT;
        let is_alone = |end: usize| !is_word(before) && !is_word(text[end..].chars().next());
        ways.all().iter().copied().filter(|end| !is_short || is_alone(*end)).max()
    }
}

/// Where in a text the readings of an echo have come to, each once.
#[derive(Default)]
struct Ways {
    places: [usize; Self::MOST],
    count: usize,
}

impl Ways {
    /// A text with more of them is not worth to be read.
    const MOST: usize = 32;

    fn all(&self) -> &[usize] {
        &self.places[..self.count.min(Self::MOST)]
    }

    fn add(&mut self, place: usize) {
        if !self.all().contains(&place) {
            if let Some(free) = self.places.get_mut(self.count) {
                *free = place;
            }
            self.count += 1;
        }
    }

    fn is_too_many(&self) -> bool {
        self.count > Self::MOST
    }

    fn clear(&mut self) {
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;
    use crate::wire::spelling::named;

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
    fn an_echo_is_read_in_every_way_at_once() {
        for (secret, echo) in [
            ("50%25&abcdef", "50%25&amp;abcdef"),
            ("50%25&abcdef", "50%2525&abcdef"),
            ("&amp;x&amp;y", "&amp;amp;x&amp;y"),
            ("a\\\\\\\\b", "a\\\\\\\\\\\\\\\\b"),
            ("tom&jerry+%2B", "tom&amp;jerry+%2B"),
            ("Straße 5", "Stra&szlig;e&nbsp;5".replace("&nbsp;", "+").leak()),
        ] {
            assert_eq!(redact(&format!("no {echo}, sorry"), &[secret]), "no ***, sorry", "{echo}");
        }
    }

    #[test]
    fn an_echo_that_begins_in_what_only_looked_like_one_is_replaced_too() {
        assert_eq!(redact("no ababababababababab-hunter2.", &["abababababababab-hunter2"]), "no ***.");
        assert_eq!(redact("no first-second-third.", &["first-second", "second-third"]), "no ***.");
    }

    /// One of the ways to write a character, each of which some server has.
    fn spell(char: char, way: usize) -> String {
        let percent = || char.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let json = || char.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
        let short = |letter| format!("\\{letter}");
        match way {
            0 => percent(),
            1 => percent().to_lowercase(),
            2 => json(),
            3 => json().to_uppercase().replace('U', "u"),
            4 => format!("&#{};", u32::from(char)),
            5 => format!("&#x{:X};", u32::from(char)),
            6 => named().find(|(meant, _)| *meant == char).map_or(char.into(), |(_, name)| format!("&{name};")),
            7 => match char {
                ' ' => "+".into(),
                '\n' => short('n'),
                '\t' => short('t'),
                '"' | '\\' | '/' => short(char),
                _ => char.into(),
            },
            _ => char.into(),
        }
    }

    /// Characters that make spellings ambiguous.
    fn secret() -> impl Strategy<Value = Vec<(char, usize)>> {
        let chars: Vec<char> = "&amp;lt%25+2B\\\\nu0#x3;\"/ \n\té😀b".chars().collect();
        proptest::collection::vec((proptest::sample::select(chars), 0..12_usize), 4..40)
    }

    proptest! {
        #[test]
        fn whatever_the_secret_and_its_spelling_an_echo_is_replaced_whole(
            secret in secret(), before in "[.:(—]{0,9}", after in "[.:)—]{0,9}",
        ) {
            let plain: String = secret.iter().map(|(char, _)| char).collect();
            let echo: String = secret.iter().map(|(char, way)| spell(*char, *way)).collect();
            prop_assert_eq!(redact(&format!("{before}{echo}{after}"), &[&plain]), format!("{before}***{after}"));
        }

        #[test]
        fn and_so_is_one_that_is_cut_short(secret in secret(), before in "[.:(—]{0,9}", cut in any::<prop::sample::Index>()) {
            let plain: String = secret.iter().map(|(char, _)| char).collect();
            let echo: String = secret.iter().map(|(char, way)| spell(*char, *way)).collect();
            let least = secret.iter().take(4).map(|(char, way)| spell(*char, *way).len()).sum::<usize>();
            let mut end = least + cut.index(echo.len() - least + 1);
            while !echo.is_char_boundary(end) {
                end += 1;
            }
            prop_assert_eq!(redact(&format!("{before}{}", &echo[..end]), &[&plain]), format!("{before}***"));
        }

        /// Of a text that is made of the same characters all else may look like a part of the echo.
        #[test]
        fn no_more_is_shown_than_stands_around_it(secret in secret(), around in secret(), at in any::<prop::sample::Index>()) {
            let plain: String = secret.iter().map(|(char, _)| char).collect();
            let echo: String = secret.iter().map(|(char, way)| spell(*char, *way)).collect();
            let around: Vec<String> = around.iter().map(|(char, way)| spell(*char, *way)).collect();
            let (before, after) = around.split_at(at.index(around.len()));
            let clean = redact(&format!("{}{echo}{}", before.concat(), after.concat()), &[&plain]);
            prop_assert!(clean.contains("***") && clean.replace("***", "").len() <= around.concat().len(), "{}", clean);
        }
    }

    #[test]
    fn a_long_text_takes_no_more_steps_than_its_beginning() {
        let secrets: Vec<String> = (0..64).map(|number| format!("xxxxxxxxxx{number:02}")).collect();
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        for part in ["x", "xxxxxxxxxx", "xxxxxxxxxx17", "%78", "&#120;", "\\u0078", "eHh4eHh4eHh4", "&", "😀"] {
            let (short, long) = (part.repeat(2 * MAX_REDACTED), part.repeat(20 * MAX_REDACTED));
            let (few, many) = (steps_of(&short, &secrets), steps_of(&long, &secrets));
            assert!(few == many && many <= MOST_STEPS + 2 * secrets.len(), "{part}: {few}, then {many}");
        }
        // Echoes of many long secrets at once, and such as can be read in many ways.
        for part in ["0123456789", "\\", "&amp;"] {
            let long = part.repeat(60_000 / part.len());
            let secrets: Vec<String> = (0..64).map(|number| format!("{long}{number}")).collect();
            let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
            let steps = steps_of(&long.repeat(2), &secrets);
            assert!(steps <= MOST_STEPS + 2 * secrets.len(), "{part}: {steps}");
        }
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
