//! JSON read without building a tree: members in any case, numbers of any size, hostile nesting refused.

use std::borrow::Cow;
use std::ops::Range;

use super::number::whole_part;
use super::scan::{MAX_DEPTH, Scanner, Visit};
use super::unescape::unescape;

/// The members of that name, of a text that must be one sound JSON object, not nested too deep, with nothing after it.
/// An exact name wins over one in another case, a later one over an earlier.
pub fn object<'a, const N: usize>(body: &'a [u8], names: [&str; N]) -> Result<[Option<&'a str>; N], String> {
    visit_object(body, names, &mut ())
}

/// The same, for somebody who wants to know more.
pub fn visit_object<'a, const N: usize>(
    body: &'a [u8],
    names: [&str; N],
    visit: &mut impl Visit,
) -> Result<[Option<&'a str>; N], String> {
    if let Some(found) = pick(body, names, visit) {
        return Ok(found);
    }
    let mut scanner = scanner(body);
    let is_another = scanner.value(&mut ()).is_some() && scanner.is_at_end();
    Err(if is_another { "it is not a JSON object".into() } else { scanner.flaw() })
}

/// The same of a part of such a text; one that is no object has no members.
pub fn members<'a, const N: usize>(json: &'a str, names: [&str; N]) -> [Option<&'a str>; N] {
    pick(json.as_bytes(), names, &mut ()).unwrap_or([None; N])
}

fn scanner(json: &[u8]) -> Scanner<'_> {
    let mut scanner = Scanner::new(json, MAX_DEPTH);
    scanner.skip_mark();
    scanner
}

fn pick<'a, const N: usize>(json: &'a [u8], names: [&str; N], visit: &mut impl Visit) -> Option<[Option<&'a str>; N]> {
    let mut found = [None; N];
    let mut exact = [false; N];
    // SAFETY: the scanner tells of nothing that it has not found to be UTF-8.
    let text = |range: Range<usize>| unsafe { std::str::from_utf8_unchecked(&json[range]) };
    let mut scanner = scanner(json);
    scanner.object(visit, |name, value| {
        for (index, wanted) in names.iter().enumerate() {
            match sameness(text(name.clone()), wanted.as_bytes()) {
                Some(Sameness::Exact) => (found[index], exact[index]) = (Some(text(value.clone())), true),
                Some(Sameness::WithoutCase) if !exact[index] => found[index] = Some(text(value.clone())),
                _ => {}
            }
        }
    })?;
    scanner.is_at_end().then_some(found)
}

#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub enum Sameness {
    WithoutCase,
    Exact,
}

/// How a member's name, in its quotes, is the one wanted.
pub fn sameness(quoted: &str, wanted: &[u8]) -> Option<Sameness> {
    let inside = quoted.get(1..quoted.len().checked_sub(1)?)?;
    // No escape is shorter than what it stands for, and none is longer than six times that.
    if inside.len() < wanted.len() || inside.len() / 6 > wanted.len() {
        return None;
    }
    let (mut rest, mut exact) = (wanted, true);
    let same = unescape(inside, |piece| {
        let Some((part, after)) = rest.split_at_checked(piece.len()) else { return false };
        rest = after;
        exact &= part == piece.as_bytes();
        exact || part.eq_ignore_ascii_case(piece.as_bytes())
    });
    (same && rest.is_empty()).then_some(if exact { Sameness::Exact } else { Sameness::WithoutCase })
}

/// One value of an answer, read liberally.
#[derive(Clone, Copy)]
pub struct Scalar<'a>(pub &'a str);

impl<'a> Scalar<'a> {
    /// What stands between the quotes of a string; None for anything else.
    pub fn inside(self) -> Option<&'a str> {
        self.0.strip_prefix('"')?.strip_suffix('"')
    }

    /// The text of a scalar, as `text` has it, piece by piece. False when it has none, or `take` wants no more.
    pub fn pieces(self, mut take: impl FnMut(&str) -> bool) -> bool {
        match (self.inside(), self.0.as_bytes().first()) {
            (Some(inside), _) => unescape(inside, take),
            (None, None | Some(b'{' | b'[' | b'n')) => false,
            (None, Some(_)) => take(self.0),
        }
    }

    /// The content of a string; None for anything else. For texts whose size is bounded.
    pub fn string(self) -> Option<Cow<'a, str>> {
        let inside = self.inside()?;
        if !inside.contains('\\') {
            return Some(Cow::Borrowed(inside));
        }
        let mut text = String::with_capacity(inside.len());
        let add = |piece: &str| {
            text.push_str(piece);
            true
        };
        unescape(inside, add).then_some(Cow::Owned(text))
    }

    /// A string's content, a number or a boolean as written; None for null, objects and arrays.
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self.0.as_bytes().first()? {
            b'"' => self.string(),
            b'{' | b'[' | b'n' => None,
            _ => Some(Cow::Borrowed(self.0)),
        }
    }

    /// The text, if it may be a word or a number: what is long is neither.
    pub fn word(self) -> Option<Cow<'a, str>> {
        const LONGEST: usize = 4000;
        if self.0.len() > LONGEST { None } else { self.text() }
    }

    /// A whole number up to 64 bits, also in a string or written as 4821.0.
    pub fn integer(self) -> Option<i64> {
        let digits = |number: i64, byte: u8| {
            let digit = byte.wrapping_sub(b'0');
            (digit < 10).then(|| number * 10 + i64::from(digit))
        };
        // As most are.
        if (1..=18).contains(&self.0.len()) {
            if let Some(number) = self.0.bytes().try_fold(0, digits) {
                return Some(number);
            }
        }
        whole_part(self.word()?.trim()).filter(|(_, exact)| *exact).map(|(number, _)| number)
    }

    /// True or false, also in a string.
    pub fn boolean(self) -> Option<bool> {
        let text = self.word()?;
        let yes = text.eq_ignore_ascii_case("true");
        (yes || text.eq_ignore_ascii_case("false")).then_some(yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_exactly_before_they_match_without_case() {
        assert_eq!(
            members(r#"{"Case":1,"case":2}"#, ["case", "Case", "CASE", "ca"]),
            [Some("2"), Some("1"), Some("2"), None]
        );
        assert_eq!(members(r#"{"ID":1,"id":2,"Id":3}"#, ["id"]), [Some("2")]);
        assert_eq!(members(r#"{"ID":1,"Id":3}"#, ["id"]), [Some("3")]);
        assert_eq!(members(r#"{"\u0069d":1}"#, ["id"]), [Some("1")]);
    }

    #[test]
    fn a_member_may_have_any_name_and_length() {
        let long = "x".repeat(1_000_000);
        let text = format!(r#"{{"{long}":1,"\\ud800":2,"{}":3,"id":4}}"#, "\\u0041".repeat(100_000));
        assert_eq!(members(&text, ["id", &long, "aaaa"]), [Some("4"), Some("1"), None]);
        assert_eq!(members(&text, [&"a".repeat(100_000)]), [Some("3")]);
    }

    #[test]
    fn only_scalars_are_text() {
        let text = |json| Scalar(json).text().map(Cow::into_owned);
        assert_eq!(text(r#""a\u0062\n""#).as_deref(), Some("ab\n"));
        assert_eq!(text("9007199254740993").as_deref(), Some("9007199254740993"));
        assert_eq!((text("true").as_deref(), text("-0.50").as_deref()), (Some("true"), Some("-0.50")));
        assert_eq!((text("null"), text("[7]"), text("{}"), text(r#""\ud800""#)), (None, None, None, None));
    }

    #[test]
    fn whole_numbers_are_read_in_every_dress() {
        let integer = |text| Scalar(text).integer();
        assert_eq!(integer("7"), Some(7));
        assert_eq!(integer("9223372036854775807"), Some(i64::MAX));
        assert_eq!(integer(r#""4821""#), Some(4821));
        assert_eq!(integer("4821.0"), Some(4821));
        assert_eq!(integer("9223372036854775808"), None);
        assert_eq!(integer("4821.5"), None);
        assert_eq!(integer(r#""x""#), None);
        assert_eq!(integer("null"), None);
    }

    #[test]
    fn only_one_sound_object_passes() {
        let check = |text: &[u8]| object(text, []).map(|_: [Option<&str>; 0]| ());
        assert!(check(br#"{"a":[1,"]]]]{{{{",{"b":null}]}"#).is_ok());
        assert!(check("\u{feff} {\"a\":1e999} ".as_bytes()).is_ok());
        for wrong in [
            "",
            "{",
            "{}x",
            "{} {}",
            "<html>",
            "{'a':1}",
            "[1]",
            "null",
            r#"{"a":[1,]}"#,
            "{\"a\":\"\u{1}\"}",
            r#"{"a":"\q"}"#,
            r#"{"a":01}"#,
        ] {
            assert!(check(wrong.as_bytes()).is_err(), "{wrong}");
        }
        for another in ["[1]", "null", " \"a\""] {
            assert_eq!(check(another.as_bytes()), Err("it is not a JSON object".into()), "{another}");
        }
        assert!(check(b"{\"\xff\":1}").is_err());
        assert!(check("[".repeat(1_000_000).as_bytes()).unwrap_err().contains("nested"));
        let nested =
            |depth| format!("{{\"a\":{}{},\"b\":\"{}\"}}", "[".repeat(depth), "]".repeat(depth), "[".repeat(99));
        assert!(check(nested(MAX_DEPTH - 1).as_bytes()).is_ok());
        assert!(check(nested(MAX_DEPTH).as_bytes()).unwrap_err().contains("nested"));
    }
}
