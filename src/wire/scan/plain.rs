//! How far the inside of a string goes on as it began: many bytes at a time.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod sse2;
#[cfg(any(not(target_arch = "x86_64"), test))]
mod words;

#[cfg(target_arch = "x86_64")]
use sse2::{find, skip};
#[cfg(not(target_arch = "x86_64"))]
use words::{find, skip};

/// Where from `at` on the first quote, backslash or control character stands, or the end of `text`. Also the first byte
/// beyond ASCII, unless these are `KNOWN` to be UTF-8.
#[inline]
pub fn end<const KNOWN: bool>(text: &[u8], at: usize) -> usize {
    near_end::<KNOWN>(text, at).unwrap_or_else(|| far_end::<KNOWN>(text, at))
}

/// The same, if it is near, as it is in most strings, and not at the end of `text`.
#[inline(always)]
pub fn near_end<const KNOWN: bool>(text: &[u8], mut at: usize) -> Option<usize> {
    for _ in 0..2 {
        let block = text.get(at..)?.first_chunk()?;
        if let Some(found) = find::<KNOWN>(block) {
            return Some(at + found);
        }
        at += block.len();
    }
    None
}

/// The same, wherever it is: what is not near is worth a look at many bytes at a time.
#[inline(never)]
fn far_end<const KNOWN: bool>(text: &[u8], at: usize) -> usize {
    let mut rest = skip::<KNOWN>(text.get(at..).unwrap_or_default());
    while let Some((block, after)) = rest.split_first_chunk() {
        if let Some(found) = find::<KNOWN>(block) {
            return text.len() - rest.len() + found;
        }
        rest = after;
    }
    let found = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..0x20) || (!KNOWN && byte >= 0x80));
    text.len() - rest.len() + found.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each processor's way finds the same.
    #[cfg(target_arch = "x86_64")]
    #[test]
    fn words_and_vectors_agree() {
        for at in 0..64 {
            for byte in 0..=255 {
                let mut block = [b'x'; 64];
                block[at] = byte;
                block[63] = byte;
                let short: &[u8; 16] = block[at / 16 * 16..].first_chunk().unwrap();
                assert_eq!(sse2::find::<true>(short), words::find::<true>(short), "{byte} {at}");
                assert_eq!(sse2::find::<false>(short), words::find::<false>(short), "{byte} {at}");
                let left = |rest: &[u8]| rest.len().div_ceil(64);
                assert_eq!(left(sse2::skip::<true>(&block)), left(words::skip::<true>(&block)), "{byte} {at}");
                assert_eq!(left(sse2::skip::<false>(&block)), left(words::skip::<false>(&block)), "{byte} {at}");
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn the_widest_vectors_agree_where_there_are_any() {
        for (at, byte) in (0..128).flat_map(|at| (0..=255).map(move |byte| (at, byte))) {
            let mut block = [b'x'; 128];
            block[at] = byte;
            if is_x86_feature_detected!("avx2") {
                // SAFETY: this processor can.
                let left = unsafe { [avx2::skip::<true>(&block).len(), avx2::skip::<false>(&block).len()] };
                let left = left.map(|left| left > 0);
                assert_eq!(
                    left,
                    [sse2::skip::<true>(&block), sse2::skip::<false>(&block)].map(|rest| !rest.is_empty())
                );
            }
        }
    }

    #[test]
    fn it_stops_where_a_look_at_each_byte_would() {
        let mut text = [b'x'; 300];
        for length in (0..100).chain([127, 128, 129, text.len()]) {
            for at in 0..length {
                for byte in [b'"', b'\\', 0, 0x1f, b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa0, 0xff] {
                    text[at] = byte;
                    let stops = matches!(byte, b'"' | b'\\' | 0..0x20);
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
