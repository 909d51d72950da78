//! A parcel that goes: from where it lies, as base64, into its request.

use super::source::Source;
use crate::memory::Memory;
use crate::transport::{Failure, Upload};
use crate::wire::parcel::{Encoder, encoded_length};

/// Read at once: three TLS records of base64.
const PIECE: usize = 36 * 1024;
/// What closes the content, and the JSON around it.
const END: &[u8] = b"\"}";

pub struct Outgoing<'a> {
    source: &'a mut dyn Source,
    read: Memory,
    encoder: Encoder,
    is_over: bool,
}

impl<'a> Outgoing<'a> {
    pub fn new(source: &'a mut dyn Source) -> Result<Self, Failure> {
        Ok(Self { source, read: Memory::zeroed(PIECE)?, encoder: Encoder::new(PIECE, END.len()), is_over: false })
    }
}

impl Upload for Outgoing<'_> {
    fn length(&self) -> u64 {
        encoded_length(self.source.length()) + END.len() as u64
    }

    fn begin(&mut self) -> Result<(), Failure> {
        self.is_over = false;
        self.source.begin()
    }

    fn next(&mut self) -> Result<&[u8], Failure> {
        if self.is_over {
            return Ok(&[]);
        }
        let count = self.source.read(&mut self.read)?;
        // One that fills the last piece ends with the next, which is empty.
        self.is_over = count < PIECE;
        Ok(self.encoder.encode(&self.read[..count], if self.is_over { END } else { &[] }))
    }
}

impl Drop for Outgoing<'_> {
    fn drop(&mut self) {
        self.read.wipe(PIECE);
    }
}
