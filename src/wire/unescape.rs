//! What the inside of a JSON string stands for.

/// Hands it on piece by piece, in order, and needs no memory for that. False when it stands for no text, as half a
/// surrogate pair does not, or when `take` wants no more.
pub fn unescape(inside: &str, mut take: impl FnMut(&str) -> bool) -> bool {
    let mut rest = inside;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let (plain, escaped) = rest.split_at(at);
        let Some((char, length)) = escape(escaped.as_bytes()) else { return false };
        if !(plain.is_empty() || take(plain)) || !take(char.encode_utf8(&mut [0; 4])) {
            return false;
        }
        rest = &escaped[length..];
    }
    rest.is_empty() || take(rest)
}

/// The character that an escape stands for, and how long the escape is.
fn escape(text: &[u8]) -> Option<(char, usize)> {
    let char = match text.get(1)? {
        mark @ (b'"' | b'\\' | b'/') => char::from(*mark),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let high = unit(text)?;
            if !(0xd800..0xdc00).contains(&high) {
                return Some((char::from_u32(high)?, 6));
            }
            let low = unit(&text[6..]).filter(|low| (0xdc00..0xe000).contains(low))?;
            return Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, 12));
        }
        _ => return None,
    };
    Some((char, 2))
}

/// The number of `\uXXXX`.
fn unit(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(inside: &str) -> Option<String> {
        let mut text = String::new();
        let sound = unescape(inside, |piece| {
            text.push_str(piece);
            true
        });
        sound.then_some(text)
    }

    proptest! {
        #[test]
        fn it_says_what_serde_json_says(
            inside in "([a-zé€😀 ]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4}|\\\\ud[89ab][0-9a-f]{2}\\\\uD[c-fC-F][0-9a-f]{2}){0,20}",
        ) {
            prop_assert_eq!(whole(&inside), serde_json::from_str(&format!("\"{inside}\"")).ok());
        }

        #[test]
        fn nothing_makes_it_fall(inside in "([a-zé€😀u]|\\\\|[0-9a-f]){0,20}") {
            let _ = whole(&inside);
        }
    }

    #[test]
    fn it_stops_when_told() {
        let mut pieces = Vec::new();
        assert!(!unescape("ab\\ncd\\td", |piece| {
            pieces.push(piece.to_owned());
            pieces.len() < 3
        }));
        assert_eq!(pieces, ["ab", "\n", "cd"]);
    }
}
