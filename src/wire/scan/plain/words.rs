//! The same with what every processor has, eight bytes at a time.

const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// Where the first of the bytes stands that is looked for.
pub fn find<const KNOWN: bool>(block: &[u8; 16]) -> Option<usize> {
    let (first, second) = (marks::<KNOWN>(word(block)), marks::<KNOWN>(word(&block[8..])));
    match (first, second) {
        (0, 0) => None,
        (0, second) => Some(8 + second.trailing_zeros() as usize / 8),
        (first, _) => Some(first.trailing_zeros() as usize / 8),
    }
}

/// What is left from the first 32 bytes on of which one is looked for.
pub fn skip<const KNOWN: bool>(mut rest: &[u8]) -> &[u8] {
    while let Some((four, after)) = rest.split_first_chunk::<32>() {
        if (0..4).fold(0, |all, number| all | marks::<KNOWN>(word(&four[number * 8..]))) != 0 {
            break;
        }
        rest = after;
    }
    rest
}

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
