//! What a connection has received and nobody has used yet, wiped once all of it is.

use crate::memory::{Memory, OutOfMemory, wipe_bytes};

/// Room for a usual answer in one go.
const LEAST: usize = 4 * 1024;
/// Room while a long answer comes.
const LONG: usize = 64 * 1024;
/// More than this an idle connection does not keep.
const MOST: usize = 16 * 1024;

#[derive(Default)]
pub struct Input {
    bytes: Memory,
    start: usize,
    end: usize,
    /// How much room has been too little.
    filled: usize,
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

    /// Where more can be received, the more the longer an answer is.
    pub fn room(&mut self) -> Result<&mut [u8], OutOfMemory> {
        self.room_of((2 * self.filled).clamp(LEAST, LONG))
    }

    /// Where a little can be received that may be no answer.
    pub fn little_room(&mut self) -> Result<&mut [u8], OutOfMemory> {
        self.room_of(LEAST)
    }

    fn room_of(&mut self, least: usize) -> Result<&mut [u8], OutOfMemory> {
        self.make_room(least)?;
        Ok(&mut self.bytes[self.end..])
    }

    pub fn received(&mut self, count: usize) {
        self.end += count;
        if self.end == self.bytes.len() {
            self.filled = self.filled.max(count);
        }
    }

    pub fn append(&mut self, bytes: &[u8]) -> Result<(), OutOfMemory> {
        self.make_room(bytes.len())?;
        self.bytes[self.end..self.end + bytes.len()].copy_from_slice(bytes);
        self.end += bytes.len();
        Ok(())
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
            self.bytes = Memory::default();
        }
        self.filled = 0;
    }

    fn make_room(&mut self, count: usize) -> Result<(), OutOfMemory> {
        if self.bytes.len() - self.end >= count {
            return Ok(());
        }
        let length = self.end - self.start;
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            wipe_bytes(&mut self.bytes[length..self.end]);
            (self.start, self.end) = (0, length);
        }
        if self.bytes.len() - length < count {
            let size = (length + count).max(2 * self.bytes.len()).max(2 * LEAST);
            self.bytes.resize(size, length)?;
        }
        Ok(())
    }

    fn wipe(&mut self) {
        self.bytes.wipe(self.end);
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// Where an answer's bytes go: straight to their place, and what has none there to the input.
pub struct Sink<'a> {
    place: &'a mut [u8],
    pub placed: usize,
    input: &'a mut Input,
    before: usize,
    pub out_of_memory: bool,
}

impl<'a> Sink<'a> {
    /// There is a place only for what follows all that lies in the input.
    pub fn new(place: &'a mut [u8], input: &'a mut Input) -> Self {
        debug_assert!(place.is_empty() || input.is_empty());
        Self { before: input.unread().len(), place, placed: 0, input, out_of_memory: false }
    }

    pub fn append(&mut self, bytes: &[u8]) {
        let (now, later) = bytes.split_at(bytes.len().min(self.place.len() - self.placed));
        self.place[self.placed..self.placed + now.len()].copy_from_slice(now);
        self.placed += now.len();
        if !later.is_empty() {
            self.out_of_memory |= self.input.append(later).is_err();
        }
    }

    pub fn is_empty(&self) -> bool {
        self.placed == 0 && self.input.unread().len() == self.before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_is_gone_and_what_is_not_stays() {
        let mut input = Input::default();
        input.append(&[b'a'; 6_000]).unwrap();
        input.consume(5_990);
        let room = input.room().unwrap();
        room[..3].copy_from_slice(b"bcd");
        input.received(3);
        assert_eq!(input.unread(), b"aaaaaaaaaabcd");
        assert!(input.bytes[input.end..].iter().all(|&byte| byte == 0));
        input.append(&[b'e'; 100_000]).unwrap();
        assert_eq!(input.unread().len(), 100_013);
        input.consume(100_013);
        assert!(input.is_empty() && input.bytes.iter().all(|&byte| byte == 0));
        input.shrink();
        assert!(input.bytes.is_empty());
    }

    #[test]
    fn the_room_grows_while_it_is_filled() {
        let mut input = Input::default();
        let mut rooms = Vec::new();
        for _ in 0..8 {
            let room = input.room().unwrap().len();
            rooms.push(room);
            input.received(room);
            input.consume(room);
        }
        assert!(rooms[0] <= 2 * LEAST && rooms.is_sorted() && rooms[7] >= LONG && rooms[7] <= 2 * LONG, "{rooms:?}");
        input.shrink();
        assert!(input.room().unwrap().len() <= 2 * LEAST);
    }

    #[test]
    fn bytes_go_to_their_place_and_then_to_the_input() {
        let (mut input, mut place) = (Input::default(), [0; 5]);
        let mut sink = Sink::new(&mut place, &mut input);
        assert!(sink.is_empty());
        sink.append(b"abc");
        sink.append(b"defg");
        sink.append(b"h");
        assert_eq!((sink.placed, sink.is_empty()), (5, false));
        assert_eq!((&place, input.unread()), (b"abcde", &b"fgh"[..]));
    }
}
