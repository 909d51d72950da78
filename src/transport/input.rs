//! What a connection has received and nobody has used yet, wiped once all of it is.

use std::mem::MaybeUninit;

use crate::secret::wipe;

/// Room for a usual answer in one go.
const LEAST: usize = 4 * 1024;
/// More than this an idle connection does not keep.
const MOST: usize = 16 * 1024;

#[derive(Default)]
pub struct Input {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Input {
    pub fn unread(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// For whoever changes what lies here, as decrypting in place does.
    pub fn unread_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..self.end]
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Where more can be received.
    pub fn room(&mut self) -> &mut [u8] {
        self.make_room(LEAST);
        &mut self.bytes[self.end..]
    }

    pub fn received(&mut self, count: usize) {
        self.end += count;
    }

    pub fn append(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        self.bytes[self.end..self.end + bytes.len()].copy_from_slice(bytes);
        self.end += bytes.len();
    }

    pub fn consume(&mut self, count: usize) {
        self.start += count;
        if self.is_empty() {
            self.wipe();
            (self.start, self.end) = (0, 0);
        }
    }

    /// Lets go of what one long answer needed.
    pub fn shrink(&mut self) {
        if self.bytes.len() > MOST && self.is_empty() {
            self.bytes = Vec::new();
        }
    }

    fn make_room(&mut self, count: usize) {
        if self.bytes.len() - self.end >= count {
            return;
        }
        let length = self.end - self.start;
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            wipe_bytes(&mut self.bytes[length..self.end]);
            (self.start, self.end) = (0, length);
        }
        if self.bytes.len() - length < count {
            let mut larger = vec![0; (length + count).max(2 * self.bytes.len()).max(2 * LEAST)];
            larger[..length].copy_from_slice(self.unread());
            self.wipe();
            self.bytes = larger;
        }
    }

    fn wipe(&mut self) {
        wipe_bytes(&mut self.bytes[..self.end]);
    }
}

fn wipe_bytes(bytes: &mut [u8]) {
    // SAFETY: the same bytes, only allowed to be less than they are; `wipe` leaves zeros.
    wipe(unsafe { &mut *(std::ptr::from_mut(bytes) as *mut [MaybeUninit<u8>]) });
}

impl Drop for Input {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_gone_and_what_is_not_stays() {
        let mut input = Input::default();
        input.append(&[b'a'; 6_000]);
        input.consume(5_990);
        let room = input.room();
        room[..3].copy_from_slice(b"bcd");
        input.received(3);
        assert_eq!(input.unread(), b"aaaaaaaaaabcd");
        assert!(input.bytes[input.end..].iter().all(|&byte| byte == 0));
        input.append(&[b'e'; 100_000]);
        assert_eq!(input.unread().len(), 100_013);
        input.consume(100_013);
        assert!(input.is_empty() && input.bytes.iter().all(|&byte| byte == 0));
        input.shrink();
        assert!(input.bytes.is_empty());
    }
}
