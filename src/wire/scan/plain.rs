//! How far the inside of a string goes on as it began: many bytes at a time.

#[cfg(target_arch = "x86_64")]
mod sse2;

const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// Where from `at` on the first quote, backslash or control character stands, or the end of `text`. Also the first byte
/// beyond ASCII, unless these are `KNOWN` to be UTF-8.
#[inline]
pub fn end<const KNOWN: bool>(text: &[u8], at: usize) -> usize {
    let mut rest = text.get(at..).unwrap_or_default();
    let mut words = 0;
    while let Some((_, after)) = rest.split_first_chunk::<8>() {
        let marks = marks::<KNOWN>(word(rest));
        if marks != 0 {
            return text.len() - rest.len() + marks.trailing_zeros() as usize / 8;
        }
        rest = after;
        words += 1;
        // Most strings are short. What is not is worth a look at many bytes at a time.
        if words == 4 {
            rest = skip_many::<KNOWN>(rest);
        }
    }
    let found = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..0x20) || (!KNOWN && byte >= 0x80));
    text.len() - rest.len() + found.unwrap_or(rest.len())
}

#[cfg(target_arch = "x86_64")]
use sse2::skip as skip_many;

#[cfg(not(target_arch = "x86_64"))]
fn skip_many<const KNOWN: bool>(mut rest: &[u8]) -> &[u8] {
    while let Some((four, after)) = rest.split_first_chunk::<32>() {
        if (0..4).fold(0, |all, number| all | marks::<KNOWN>(word(&four[number * 8..]))) != 0 {
            break;
        }
        rest = after;
    }
    rest
}

/// The same in a text that was checked: in a string of such a text only a quote and a backslash can be found.
#[inline(always)]
pub fn end_of_checked(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(rest) = text.get(at..).filter(|rest| rest.len() >= 8) {
        let word = word(rest);
        let marks = (is(word, b'"') | is(word, b'\\')) & HIGHS;
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 8;
        if at - from == 32 {
            return end::<true>(text, at);
        }
    }
    while text.get(at).is_some_and(|&byte| byte != b'"' && byte != b'\\') {
        at += 1;
    }
    at
}

#[inline(always)]
fn word(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight))
}

/// Zero if none of the eight bytes is looked for. Else the lowest bit that is set is the high one of the first such
/// byte; above it there may be false ones, as a subtraction borrows from the next byte.
#[inline(always)]
fn marks<const KNOWN: bool>(word: u64) -> u64 {
    let control = word.wrapping_sub(ONES * 0x20);
    let control = if KNOWN { control & !word } else { control | word };
    (is(word, b'"') | is(word, b'\\') | control) & HIGHS
}

#[inline(always)]
fn is(word: u64, byte: u8) -> u64 {
    let other = word ^ (ONES * u64::from(byte));
    other.wrapping_sub(ONES) & !other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stops_where_a_look_at_each_byte_would() {
        let mut text = [b'x'; 100];
        for length in 0..text.len() {
            for at in 0..length {
                for byte in [b'"', b'\\', 0, 0x1f, b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa0, 0xff] {
                    text[at] = byte;
                    let stops = matches!(byte, b'"' | b'\\' | 0..0x20);
                    if matches!(byte, b'"' | b'\\' | 0x20..) {
                        let end = if stops { at } else { length };
                        assert_eq!(end_of_checked(&text[..length], at / 3), end, "{byte} {at} {length}");
                    }
                    for from in [0, at / 2, at] {
                        let end = |stops| if stops { at } else { length };
                        assert_eq!(super::end::<true>(&text[..length], from), end(stops), "{byte} {at} {length}");
                        assert_eq!(super::end::<false>(&text[..length], from), end(stops || byte >= 0x80));
                    }
                    text[at] = b'x';
                }
            }
            assert_eq!(end::<false>(&text[..length], length), length);
        }
    }
}
