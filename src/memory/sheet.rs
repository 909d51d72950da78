//! Texts that C borrows, each at a place of its own.

use std::ffi::c_char;
use std::ops::Range;

use super::{Memory, OutOfMemory, wipe_bytes};

/// What is written at a time, as far as wiping knows.
const PAGE: usize = 4096;

/// As large as all texts together may get. What nobody asks for is never written, and wiped only where it was.
pub struct Sheet {
    memory: Memory,
    /// A bit for each page that was written.
    written: Memory,
}

impl Sheet {
    pub fn new(size: usize) -> Result<Self, OutOfMemory> {
        Ok(Self { memory: Memory::zeroed(size)?, written: Memory::zeroed(size.div_ceil(PAGE).div_ceil(8))? })
    }

    /// The text that begins there, unless none does.
    pub fn get(&self, at: usize) -> Option<*const c_char> {
        let text = self.memory.get(at..).filter(|text| text.first().is_some_and(|&first| first != 0))?;
        Some(text.as_ptr().cast())
    }

    /// Writes a part of a text. Nobody has been given that text before.
    pub fn put(&mut self, at: usize, part: &[u8]) {
        self.memory.put(at, part);
        if let Some(last) = part.len().checked_sub(1) {
            for page in at / PAGE..=(at + last) / PAGE {
                self.written[page / 8] |= 1 << (page % 8);
            }
        }
    }

    /// Takes a text back that turned out to be none.
    pub fn erase(&mut self, range: Range<usize>) {
        range.for_each(|at| self.memory.put(at, &[0]));
    }
}

impl Drop for Sheet {
    fn drop(&mut self) {
        let is_written = |page: &usize| self.written[page / 8] & (1 << (page % 8)) != 0;
        let pages = self.memory.len().div_ceil(PAGE);
        let mut next = 0;
        while let Some(first) = (next..pages).find(is_written) {
            next = (first..pages).find(|page| !is_written(page)).unwrap_or(pages);
            let end = self.memory.len().min(next * PAGE);
            wipe_bytes(&mut self.memory[first * PAGE..end]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    #[test]
    fn texts_stay_where_they_are() {
        for size in [100_000, 1_000_000] {
            let mut sheet = Sheet::new(size).unwrap();
            assert_eq!((sheet.get(0), sheet.get(size), sheet.get(usize::MAX)), (None, None, None));
            sheet.put(size - 3, b"ab");
            sheet.put(PAGE - 2, b"over");
            sheet.put(PAGE + 2, b" the border");
            let texts = [size - 3, PAGE - 2].map(|at| sheet.get(at).unwrap());
            sheet.put(0, b"later");
            sheet.erase(0..5);
            assert_eq!(sheet.get(0), None);
            // SAFETY: both end with a NUL that was there before.
            assert_eq!(texts.map(|text| unsafe { CStr::from_ptr(text) }), [c"ab", c"over the border"]);
        }
        assert!(Sheet::new(usize::MAX).is_err());
    }
}
