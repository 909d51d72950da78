//! Bytes that come one after the other.

use std::ffi::CStr;
use std::ops::{Deref, Range};

use super::{Memory, OutOfMemory};

/// Grows as bytes come, is followed by a NUL, and is wiped when it is dropped.
#[derive(Default)]
pub struct Buffer {
    memory: Memory,
    length: usize,
}

impl Buffer {
    pub fn with_room(room: usize) -> Result<Self, OutOfMemory> {
        let mut buffer = Self::default();
        buffer.reserve_exact(room)?;
        Ok(buffer)
    }

    fn reserve_exact(&mut self, room: usize) -> Result<(), OutOfMemory> {
        // One more, for the NUL.
        let size = self.length.checked_add(room).and_then(|size| size.checked_add(1)).ok_or(OutOfMemory)?;
        if size > self.memory.len() {
            self.memory.resize(size, self.length)?;
            self.memory.will_be_filled();
        }
        Ok(())
    }

    /// Where up to `most` bytes more can be put, and at least one of them. It grows twofold, however few they are.
    pub fn room(&mut self, most: usize) -> Result<&mut [u8], OutOfMemory> {
        const LEAST: usize = 4096;
        if self.memory.len() - self.length < 2 {
            self.reserve_exact(self.length.max(LEAST))?;
        }
        let end = self.memory.len() - 1;
        let room = &mut self.memory[self.length..end];
        let count = room.len().min(most);
        Ok(&mut room[..count])
    }

    /// So many bytes were put there.
    pub fn advance(&mut self, count: usize) {
        self.length += count;
        debug_assert!(count == 0 || self.length < self.memory.len());
    }

    pub fn append(&mut self, mut bytes: &[u8]) -> Result<(), OutOfMemory> {
        while !bytes.is_empty() {
            let room = self.room(bytes.len())?;
            let (now, later) = bytes.split_at(room.len());
            room.copy_from_slice(now);
            self.advance(now.len());
            bytes = later;
        }
        Ok(())
    }

    /// Lets the next bytes take the place of these.
    pub fn clear(&mut self) {
        self.memory.wipe(self.length);
        self.length = 0;
    }

    /// Gives back the room that was not needed, as far as that costs nothing.
    pub fn trim(&mut self) {
        let size = self.length + 1;
        if self.memory.len().saturating_sub(size) >= super::PAGES_FROM {
            self.memory.resize_pages(size);
        }
    }

    /// Puts another byte in the place of one that nobody is reading.
    pub fn replace(&mut self, at: usize, byte: u8) -> u8 {
        let before = self[at];
        self.memory.put(at, &[byte]);
        before
    }

    /// The bytes of a range that holds no NUL and is followed by one.
    pub fn text(&self, range: Range<usize>) -> &CStr {
        let Some(text) = self.memory.get(range.start..=range.end) else { return c"" };
        debug_assert_eq!(CStr::from_bytes_with_nul(text).map(CStr::count_bytes), Ok(range.len()));
        // SAFETY: so the caller says. A check here would read the text each time.
        unsafe { CStr::from_bytes_with_nul_unchecked(text) }
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[..self.length]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.memory.wipe(self.length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_appended_or_put_in_place_and_a_nul_follows() {
        let mut buffer = Buffer::default();
        let mut expected = Vec::new();
        for round in 1..400 {
            let bytes = vec![b'a' + (round % 26) as u8; round];
            if round % 2 == 0 {
                buffer.append(&bytes).unwrap();
            } else {
                let room = buffer.room(round).unwrap();
                let count = room.len();
                room.copy_from_slice(&bytes[..count]);
                buffer.advance(count);
                buffer.append(&bytes[count..]).unwrap();
            }
            expected.extend_from_slice(&bytes);
            assert_eq!(buffer.text(0..expected.len()).to_bytes(), expected);
        }
        buffer.trim();
        assert_eq!(buffer.text(0..expected.len()).to_bytes(), expected);
        assert!(buffer.memory.len() < 2 * expected.len());
    }

    #[test]
    fn what_is_announced_has_room_and_no_more() {
        let buffer = Buffer::with_room(1000).unwrap();
        assert_eq!(buffer.memory.len(), 1001);
        assert_eq!(Buffer::default().text(0..0), c"");
        assert!(Buffer::with_room(usize::MAX).is_err());
    }

    /// As chunks come, each with a little.
    #[test]
    fn it_grows_seldom_however_little_comes_at_a_time() {
        let (mut buffer, mut sizes) = (Buffer::default(), std::collections::BTreeSet::new());
        for _ in 0..300_000 {
            buffer.append(b"x").unwrap();
            sizes.insert(buffer.memory.len());
        }
        assert!(sizes.len() < 10, "{} sizes", sizes.len());
    }

    #[test]
    fn a_long_one_gives_back_what_it_did_not_need() {
        let mut buffer = Buffer::with_room(8_000_000).unwrap();
        buffer.append(&vec![b'x'; 1_000_000]).unwrap();
        buffer.trim();
        assert_eq!((buffer.len(), buffer.text(999_999..1_000_000)), (1_000_000, c"x"));
        assert_eq!(buffer.memory.len(), 1_000_001);
        // And grows again.
        buffer.append(&vec![b'y'; 1_000_000]).unwrap();
        assert_eq!((&buffer[999_999..1_000_001], buffer.text(1_999_999..2_000_000)), (&b"xy"[..], c"y"));
    }
}
