//! The same, 16 and 64 bytes at a time, with what every x86-64 processor has; where there are many, with what most have.

use std::arch::x86_64::{
    __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_max_epu8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128,
    _mm_set1_epi8,
};

use super::avx2;

/// For less it is not worth asking what the processor can.
const WIDE: usize = 256;

/// Where the first of the bytes stands that is looked for.
#[inline(always)]
pub fn find<const KNOWN: bool>(block: &[u8; 16]) -> Option<usize> {
    // SAFETY: SSE2 is a part of x86-64; reads the 16 bytes of the block, wherever they begin.
    let found = unsafe {
        let bytes = _mm_loadu_si128(block.as_ptr().cast());
        let is = |byte: u8| _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8));
        // What is no larger than the last control character is the smaller of the two.
        let control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
        let found = _mm_or_si128(_mm_or_si128(is(b'"'), is(b'\\')), control);
        _mm_movemask_epi8(if KNOWN { found } else { _mm_or_si128(found, bytes) })
    };
    (found != 0).then(|| found.trailing_zeros() as usize)
}

/// What is left from the first 64 bytes on of which one is looked for.
pub fn skip<const KNOWN: bool>(mut rest: &[u8]) -> &[u8] {
    if rest.len() >= WIDE && is_x86_feature_detected!("avx2") {
        // SAFETY: this processor can.
        rest = unsafe { avx2::skip::<KNOWN>(rest) };
    }
    while let Some((block, after)) = rest.split_first_chunk::<64>() {
        // SAFETY: SSE2 is a part of x86-64.
        if unsafe { has_marks::<KNOWN>(block) } {
            break;
        }
        rest = after;
    }
    rest
}

#[inline]
#[target_feature(enable = "sse2")]
unsafe fn has_marks<const KNOWN: bool>(block: &[u8; 64]) -> bool {
    // SAFETY: reads the 64 bytes of the block, wherever they begin.
    unsafe {
        let part = |number: usize| _mm_loadu_si128(block.as_ptr().add(16 * number).cast());
        let is = |part: __m128i, byte: u8| _mm_cmpeq_epi8(part, _mm_set1_epi8(byte as i8));
        let (a, b, c, d) = (part(0), part(1), part(2), part(3));
        // A byte below the space is the only one that is not the larger of the two.
        let least = _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, d));
        let space = _mm_set1_epi8(0x20);
        let sound = _mm_cmpeq_epi8(_mm_max_epu8(least, space), least);
        let marks = |part| _mm_or_si128(is(part, b'"'), is(part, b'\\'));
        let found = _mm_or_si128(_mm_or_si128(marks(a), marks(b)), _mm_or_si128(marks(c), marks(d)));
        let beyond = _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d));
        let found = if KNOWN { found } else { _mm_or_si128(found, beyond) };
        _mm_movemask_epi8(found) != 0 || _mm_movemask_epi8(sound) != 0xffff
    }
}
