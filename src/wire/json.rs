//! JSON read without building a tree: members in any case, numbers of any size, hostile nesting refused.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::number::whole_part;

/// Deeper than any answer of ECGrid's, and no danger to a small stack.
const MAX_DEPTH: usize = 64;

/// The members of that name, of a text that must be one sound JSON object, not nested too deep, with nothing after it.
/// An exact name wins over one in another case, a later one over an earlier.
pub fn object<'a, const N: usize>(body: &'a [u8], names: [&str; N]) -> Result<[Option<&'a str>; N], String> {
    let text = std::str::from_utf8(body).map_err(|_| "it is not UTF-8".to_string())?;
    // RFC 8259, 8.1 lets a parser ignore a byte order mark, and some .NET servers write one.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if is_too_deep(text) {
        return Err(format!("it is nested deeper than {MAX_DEPTH} levels"));
    }
    pick(text, names).map_err(|error| match error.is_data() {
        true => "it is not a JSON object".to_string(),
        false => format!("it is not valid JSON ({error})"),
    })
}

/// The same of a part of such a text; one that is no object has no members.
pub fn members<'a, const N: usize>(json: &'a str, names: [&str; N]) -> [Option<&'a str>; N] {
    pick(json, names).unwrap_or([None; N])
}

fn is_too_deep(text: &str) -> bool {
    // Few brackets cannot be deep.
    if memchr::memchr2_iter(b'{', b'[', text.as_bytes()).nth(MAX_DEPTH).is_none() {
        return false;
    }
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest > MAX_DEPTH
}

fn pick<'a, const N: usize>(json: &'a str, names: [&str; N]) -> serde_json::Result<[Option<&'a str>; N]> {
    struct Pick<'n, const N: usize>([&'n str; N]);

    impl<'de, const N: usize> Visitor<'de> for Pick<'_, N> {
        type Value = [Option<&'de str>; N];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = [None; N];
            let mut exact = [false; N];
            while let Some(Text(key)) = map.next_key()? {
                let value: &'de RawValue = map.next_value()?;
                for (index, name) in self.0.iter().enumerate() {
                    let same = key == *name;
                    if same || (!exact[index] && key.eq_ignore_ascii_case(name)) {
                        (found[index], exact[index]) = (Some(value.get()), same);
                    }
                }
            }
            Ok(found)
        }
    }

    let mut deserializer = serde_json::Deserializer::from_str(json);
    let found = deserializer.deserialize_map(Pick(names))?;
    deserializer.end()?;
    Ok(found)
}

/// A string, borrowed unless it has escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;

        impl<'de> Visitor<'de> for Visit {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Visit)
    }
}

/// One value of an answer, read liberally.
#[derive(Clone, Copy)]
pub struct Scalar<'a>(pub &'a str);

impl<'a> Scalar<'a> {
    /// The content of a string; None for anything else.
    pub fn string(self) -> Option<Cow<'a, str>> {
        serde_json::from_str::<Text>(self.0).ok().map(|text| text.0)
    }

    /// A string's content, a number or a boolean as written; None for null, objects and arrays.
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self.0.as_bytes().first()? {
            b'"' => self.string(),
            b'{' | b'[' | b'n' => None,
            _ => Some(Cow::Borrowed(self.0)),
        }
    }

    /// A whole number up to 64 bits, also in a string or written as 4821.0.
    pub fn integer(self) -> Option<i64> {
        whole_part(self.text()?.trim()).filter(|(_, exact)| *exact).map(|(number, _)| number)
    }

    /// True or false, also in a string.
    pub fn boolean(self) -> Option<bool> {
        let text = self.text()?;
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
        assert!(check(b"{\"\xff\":1}").is_err());
        assert!(check("[".repeat(1_000_000).as_bytes()).unwrap_err().contains("nested"));
        let nested =
            |depth| format!("{{\"a\":{}{},\"b\":\"{}\"}}", "[".repeat(depth), "]".repeat(depth), "[".repeat(99));
        assert!(check(nested(MAX_DEPTH - 1).as_bytes()).is_ok());
        assert!(check(nested(MAX_DEPTH).as_bytes()).unwrap_err().contains("nested"));
    }
}
