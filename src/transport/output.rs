//! What a connection is about to send, in a buffer that is filled again and again.

/// More than this an idle connection does not keep.
const MOST: usize = 24 * 1024;

/// Nothing in it is secret: it is what anybody on the way can read.
#[derive(Default)]
pub struct Output {
    /// As long as it ever had to be: bytes that are written over need not be zeros first.
    bytes: Vec<u8>,
    end: usize,
}

impl Output {
    pub fn pending(&self) -> &[u8] {
        &self.bytes[..self.end]
    }

    pub fn is_empty(&self) -> bool {
        self.end == 0
    }

    /// Where so many bytes, or more, can be added.
    pub fn room(&mut self, count: usize) -> &mut [u8] {
        if self.bytes.len() - self.end < count {
            self.bytes.reserve_exact(self.end + count - self.bytes.len());
            self.bytes.resize(self.end + count, 0);
        }
        &mut self.bytes[self.end..]
    }

    pub fn added(&mut self, count: usize) {
        self.end += count;
    }

    pub fn clear(&mut self) {
        self.end = 0;
    }

    /// Lets go of what one long request needed.
    pub fn shrink(&mut self) {
        if self.bytes.len() > MOST && self.is_empty() {
            self.bytes = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_filled_again_where_it_was() {
        let mut output = Output::default();
        output.room(3)[..3].copy_from_slice(b"abc");
        output.added(2);
        output.room(1)[0] = b'd';
        output.added(1);
        assert_eq!(output.pending(), b"abd");
        output.room(100_000);
        let place = output.bytes.as_ptr();
        output.clear();
        assert!(output.is_empty() && output.room(100_000).as_ptr() == place);
        output.shrink();
        assert!(output.bytes.is_empty());
    }
}
