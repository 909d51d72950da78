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
    let secrets: Vec<&str> =
        secrets.iter().map(|secret| beginning(secret)).filter(|secret| !secret.is_empty()).collect();
    // As Basic credentials and logs of headers have it.
    let encoded: Vec<String> = secrets
        .iter()
        .filter(|secret| secret.len() > 4)
        .map(|secret| BASE64_STANDARD_NO_PAD.encode(secret.as_bytes()))
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

/// Whether nothing is left but perhaps the beginning of an escape.
fn is_cut(rest: &str) -> bool {
    let all_hex = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(first) = rest.bytes().next() else { return true };
    if rest.len() >= 12 {
        return false;
    }
    match first {
        b'%' => rest.split('%').skip(1).all(|hex| hex.len() <= 2 && all_hex(hex)),
        b'\\' => rest.split('\\').skip(1).all(|escape| all_hex(escape.strip_prefix('u').unwrap_or(escape))),
        b'&' => match rest[1..].strip_prefix('#') {
            Some(number) => all_hex(number.strip_prefix(['x', 'X']).unwrap_or(number)),
            None => rest[1..].bytes().all(|byte| byte.is_ascii_alphanumeric()) && is_name_begun(&rest[1..]),
        },
        _ => false,
    }
}

/// Tells how many bytes at the start of the text may spell a character: as it is, or as a URL, JSON or HTML writes it.
fn spelled(text: &str, char: char, mut tell: impl FnMut(usize)) {
    let Some(first) = text.chars().next() else { return };
    if first == char {
        tell(first.len_utf8());
    }
    let encoded = match first {
        '%' => in_percent(text, char),
        '+' if char == ' ' => Some(1),
        '\\' => in_json(text, char),
        '&' => in_html(text, char),
        _ => None,
    };
    encoded.into_iter().for_each(tell);
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

/// The names that HTML encoders use, of the characters of XML and then of Latin-1 in their order.
const NAMES: [(char, &str); 6] = [
    ('&', "amp"),
    ('<', "lt"),
    ('>', "gt"),
    ('"', "quot"),
    ('\'', "apos"),
    (
        '\u{a0}',
        "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
         micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig \
         Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times \
         Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave \
         eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave \
         uacute ucirc uuml yacute thorn yuml",
    ),
];

fn named() -> impl Iterator<Item = (char, &'static str)> {
    NAMES.into_iter().flat_map(|(first, names)| (first..).zip(names.split(' ')))
}

fn is_name_begun(name: &str) -> bool {
    named().any(|(_, known)| known.starts_with(name))
}

fn in_html(text: &str, char: char) -> Option<usize> {
    // The longest is &#1114111; with zeros before it perhaps; and a text of ampersands must not be searched to its end
    // for each.
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let is_meant = match name.strip_prefix('#') {
        Some(number) => {
            let hex = number.strip_prefix(['x', 'X']);
            hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16)).ok() == Some(u32::from(char))
        }
        None => named().any(|known| known == (char, name)),
    };
    is_meant.then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

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
