//! Base64 (RFC 4648, 4), decoded as it comes.

use std::mem::MaybeUninit;

use base64_simd::{Out, STANDARD};

/// So many characters are decoded at once: a buffer that is small, and calls that are few.
const AT_ONCE: usize = 32 * 1024;

/// Base64 in pieces of any size. Line breaks and spaces mean nothing, as in mail; all else that is no base64 is an error, padding
/// that is missing too.
pub struct Decoder {
    /// The beginning of a group of four.
    begun: [u8; 4],
    count: usize,
    /// There was padding, so this was the end.
    ended: bool,
    decoded: Box<[u8]>,
}

/// What is wrong with it.
pub const BROKEN: &str = "its content is not base64";

impl Decoder {
    pub fn new() -> Self {
        Self { begun: [0; 4], count: 0, ended: false, decoded: vec![0; AT_ONCE / 4 * 3].into_boxed_slice() }
    }

    /// Decodes more of it. What it comes to is told in pieces, in order.
    pub fn take<E>(
        &mut self,
        mut text: &[u8],
        mut tell: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), DecodeError<E>> {
        while !text.is_empty() {
            if self.count > 0 || text.len() < 4 {
                self.one(text[0], &mut tell)?;
                text = &text[1..];
                continue;
            }
            let (now, later) = text.split_at(text.len().min(AT_ONCE) & !3);
            if self.whole(now, &mut tell)? {
                text = later;
            } else {
                // With breaks in it, or wrong.
                now.iter().try_for_each(|&byte| self.one(byte, &mut tell))?;
                text = later;
            }
        }
        Ok(())
    }

    /// Whether that was all.
    pub fn is_complete(&self) -> bool {
        self.count == 0
    }

    fn one<E>(&mut self, byte: u8, tell: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), DecodeError<E>> {
        if matches!(byte, b'\r' | b'\n' | b'\t' | b' ') {
            return Ok(());
        }
        self.begun[self.count] = byte;
        self.count += 1;
        if self.count < 4 {
            return Ok(());
        }
        self.count = 0;
        let group = self.begun;
        if self.whole(&group, tell)? { Ok(()) } else { Err(DecodeError::Broken) }
    }

    /// Decodes whole groups. False when they are none.
    fn whole<E>(
        &mut self,
        groups: &[u8],
        tell: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<bool, DecodeError<E>> {
        if self.ended {
            return Ok(groups.is_empty());
        }
        // SAFETY: bytes that are set may be taken for ones that are not: nothing but bytes is ever written to them.
        let room = unsafe { &mut *(std::ptr::from_mut(&mut *self.decoded) as *mut [MaybeUninit<u8>]) };
        let Ok(decoded) = STANDARD.decode(groups, Out::from_uninit_slice(room)) else { return Ok(false) };
        self.ended = groups.last() == Some(&b'=');
        tell(decoded).map_err(DecodeError::Refused)?;
        Ok(true)
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        crate::memory::wipe_bytes(&mut self.decoded);
    }
}

/// Why it went no further.
#[derive(Debug, PartialEq)]
pub enum DecodeError<E> {
    Broken,
    /// What became of what was decoded.
    Refused(E),
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use proptest::prelude::*;

    use super::*;

    fn decode(text: &[u8], piece: usize) -> Option<Vec<u8>> {
        let (mut decoder, mut out) = (Decoder::new(), Vec::new());
        for piece in text.chunks(piece) {
            let taken = decoder.take(piece, |bytes| {
                out.extend_from_slice(bytes);
                Ok::<_, ()>(())
            });
            taken.ok()?;
        }
        decoder.is_complete().then_some(out)
    }

    #[test]
    fn what_is_broken_is_refused_however_it_comes() {
        for wrong in [
            "A", "AA", "AAA", "AA=", "A===", "====", "AA==AA==", "AAAA=", "AA=A", "AB==", "AAB=", "AA.A", "A\u{e9}A",
            "AA==B", "-_AA",
        ] {
            for piece in 1..=wrong.len() {
                assert_eq!(decode(wrong.as_bytes(), piece), None, "{wrong} {piece}");
            }
            // Behind what is sound, too.
            let long = format!("{}{wrong}", "QUJD".repeat(20_000));
            assert_eq!(decode(long.as_bytes(), 7777), None, "{wrong}");
        }
    }

    #[test]
    fn breaks_mean_nothing_wherever_they_stand() {
        let content: Vec<u8> = (0..200_000_u32).map(|number| (number * 7 % 251) as u8).collect();
        let text = BASE64_STANDARD.encode(&content);
        for line in [1, 3, 4, 76, 50_000] {
            let broken: Vec<u8> = text.as_bytes().chunks(line).flat_map(|line| [line, b"\r\n"].concat()).collect();
            assert_eq!(decode(&broken, 4096).as_deref(), Some(&*content), "{line}");
        }
        assert_eq!(decode(b" \t\r\n", 1), Some(vec![]));
    }

    proptest! {
        /// Against the base64 crate, on sound and on broken texts.
        #[test]
        fn it_says_what_another_decoder_says(
            mut content in proptest::collection::vec(any::<u8>(), 0..300), times in 1..400_usize, piece in 1..100_000_usize,
            broken in proptest::option::of((any::<usize>(), any::<u8>())),
        ) {
            content = content.repeat(times);
            let mut text = BASE64_STANDARD.encode(&content).into_bytes();
            if let (Some((at, byte)), true) = (broken, !text.is_empty()) {
                let at = at % text.len();
                text[at] = byte;
            }
            let mut plain = text.clone();
            plain.retain(|byte| !matches!(byte, b'\r' | b'\n' | b'\t' | b' '));
            prop_assert_eq!(decode(&text, piece), BASE64_STANDARD.decode(&plain).ok());
        }
    }
}
