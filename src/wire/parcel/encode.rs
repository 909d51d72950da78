//! Base64 (RFC 4648, 4) of what is sent, piece by piece.

use std::mem::MaybeUninit;

use base64_simd::{Out, STANDARD};

/// How long the base64 of so many bytes is.
pub fn encoded_length(bytes: u64) -> u64 {
    bytes.div_ceil(3) * 4
}

/// A buffer that holds the base64 of one piece after the other.
pub struct Encoder(Box<[u8]>);

impl Encoder {
    /// For pieces of up to so many bytes, with room for so much behind each.
    pub fn new(piece: usize, behind: usize) -> Self {
        Self(vec![0; piece.div_ceil(3) * 4 + behind].into_boxed_slice())
    }

    /// The base64 of a piece, which only the last may end within a group of three, and what follows it.
    pub fn encode(&mut self, piece: &[u8], behind: &[u8]) -> &[u8] {
        let length = piece.len().div_ceil(3) * 4;
        // SAFETY: as in the decoder.
        let room = unsafe { &mut *(std::ptr::from_mut(&mut self.0[..length]) as *mut [MaybeUninit<u8>]) };
        let _ = STANDARD.encode(piece, Out::from_uninit_slice(room));
        self.0[length..length + behind.len()].copy_from_slice(behind);
        &self.0[..length + behind.len()]
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        crate::memory::wipe_bytes(&mut self.0);
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    #[test]
    fn pieces_become_the_base64_of_the_whole() {
        let content: Vec<u8> = (0..100_000_u32).map(|number| (number * 13 % 257) as u8).collect();
        for length in [0, 1, 2, 3, 4, 767, 768, 769, 100_000] {
            let (mut encoder, mut text) = (Encoder::new(768, 2), Vec::new());
            content[..length].chunks(768).for_each(|piece| text.extend_from_slice(encoder.encode(piece, b"")));
            text.extend_from_slice(encoder.encode(b"", b"\"}"));
            assert_eq!(text, format!("{}\"}}", BASE64_STANDARD.encode(&content[..length])).into_bytes());
            assert_eq!(encoded_length(length as u64) as usize, text.len() - 2);
        }
    }
}
