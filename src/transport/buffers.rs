//! The send and receive buffers of one connection, wiped as soon as their content is used.

use ureq::unversioned::transport::Buffers;
use zeroize::{Zeroize, Zeroizing};

/// Holds a whole login, head and body, so that it leaves in one write.
const OUT: usize = 8 * 1024;
/// One TLS record at most; grows while a head does not fit.
const IN: usize = 16 * 1024;
/// Below this much room the output is sent before more is written.
const ROOM: usize = 4 * 1024;

pub struct StreamBuffers {
    out: Zeroizing<Vec<u8>>,
    queued: usize,
    input: Vec<u8>,
    start: usize,
    end: usize,
    progress: bool,
}

impl StreamBuffers {
    pub fn new() -> Self {
        Self { out: Zeroizing::new(vec![0; OUT]), queued: 0, input: vec![0; IN], start: 0, end: 0, progress: false }
    }

    /// Takes `amount` more bytes, already written to `output()`. True when they must be sent before there is room.
    pub fn queue(&mut self, amount: usize) -> bool {
        self.queued += amount;
        self.out.len() - self.queued < ROOM
    }

    pub fn queued(&self) -> &[u8] {
        &self.out[..self.queued]
    }

    pub fn sent(&mut self) {
        self.out[..self.queued].zeroize();
        self.queued = 0;
    }

    /// Hands out the queued bytes while they are written, so that reading can go on meanwhile.
    pub fn take_queued(&mut self) -> Zeroizing<Vec<u8>> {
        let mut out = std::mem::take(&mut self.out);
        out.truncate(self.queued);
        self.queued = 0;
        out
    }

    pub fn give_back(&mut self, mut out: Zeroizing<Vec<u8>>) {
        out.as_mut_slice().zeroize();
        out.resize(OUT, 0);
        self.out = out;
    }

    pub fn append(&mut self, bytes: &[u8]) {
        if self.input.len() - self.end < bytes.len() {
            self.compact();
        }
        if self.input.len() - self.end < bytes.len() {
            self.input.resize(self.end + bytes.len(), 0);
        }
        self.input[self.end..self.end + bytes.len()].copy_from_slice(bytes);
        self.input_appended(bytes.len());
    }

    /// Moves what is not used yet to the front.
    fn compact(&mut self) {
        self.input.copy_within(self.start..self.end, 0);
        let end = self.end - self.start;
        self.input[end..self.end].zeroize();
        (self.start, self.end) = (0, end);
    }
}

impl Drop for StreamBuffers {
    fn drop(&mut self) {
        self.input[..self.end].zeroize();
    }
}

impl Buffers for StreamBuffers {
    fn output(&mut self) -> &mut [u8] {
        &mut self.out[self.queued..]
    }

    fn input(&self) -> &[u8] {
        &self.input[self.start..self.end]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        if self.end == self.input.len() {
            self.compact();
        }
        if self.end == self.input.len() {
            self.input.resize(self.end * 2, 0);
        }
        &mut self.input[self.end..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.end += amount;
        self.progress = true;
    }

    fn input_consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        self.start += amount;
        if self.start == self.end {
            self.input[..self.end].zeroize();
            (self.start, self.end) = (0, 0);
            // An idle connection does not keep what one long head needed.
            self.input.truncate(IN);
            self.input.shrink_to(IN);
        }
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        (&mut self.input[self.end..], &mut self.out[self.queued..])
    }

    fn can_use_input(&self) -> bool {
        self.end > self.start && self.progress
    }
}
