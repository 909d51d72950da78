//! Text that C borrows from us and that is wiped when it is freed.

use std::ffi::CStr;

use zeroize::Zeroizing;

/// NUL-terminated text on the heap. It stays where it is as long as this lives, however this is moved.
pub struct SecretText(Zeroizing<Vec<u8>>);

impl SecretText {
    /// Copies the parts, one after the other. None when a NUL among them would cut the text short.
    pub fn new(parts: &[&[u8]]) -> Option<Self> {
        let length = parts.iter().map(|part| part.len()).sum::<usize>() + 1;
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        parts.iter().for_each(|part| text.extend_from_slice(part));
        Self::from_vec(text)
    }

    /// Takes a text over as it is.
    pub fn from_vec(mut text: Zeroizing<Vec<u8>>) -> Option<Self> {
        if text.contains(&0) {
            return None;
        }
        text.reserve_exact(1);
        text.push(0);
        Some(Self(text))
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0[..self.0.len() - 1]
    }

    pub fn as_c_str(&self) -> &CStr {
        self.tail(0)
    }

    /// The text from there on.
    pub fn tail(&self, from: usize) -> &CStr {
        let text = &self.0[from..];
        debug_assert_eq!(CStr::from_bytes_with_nul(text).map(CStr::count_bytes), Ok(text.len() - 1));
        // SAFETY: `from_vec` saw to it that there is one NUL, at the end. A check here would read the text each time.
        unsafe { CStr::from_bytes_with_nul_unchecked(text) }
    }
}
