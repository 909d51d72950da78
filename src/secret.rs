//! Memory that may hold a password, a key or a token, and is wiped when it is freed.

use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{Ordering, compiler_fence};

/// Overwrites memory, also where nobody will read it again. Wide stores: the zeroize crate's go byte by byte.
pub fn wipe(memory: &mut [MaybeUninit<u8>]) {
    memory.fill(MaybeUninit::new(0));
    // Without this the compiler drops a write to memory that nobody reads before it is freed.
    std::hint::black_box(memory.as_mut_ptr());
    compiler_fence(Ordering::SeqCst);
}

/// Bytes that are wiped when they are dropped. Growing leaves the old ones to the allocator, which wipes them too where
/// it is ours.
#[derive(Default)]
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }
}

impl Deref for SecretBytes {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for SecretBytes {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Drop for SecretBytes {
    fn drop(&mut self) {
        // Our own allocator wipes whatever it frees.
        if cfg!(not(feature = "standalone")) {
            self.0.clear();
            wipe(self.0.spare_capacity_mut());
        }
    }
}

/// NUL-terminated text that C borrows from us. It stays where it is as long as this lives, however this is moved.
pub struct SecretText(SecretBytes);

impl SecretText {
    /// Copies the parts, one after the other. None when a NUL among them would cut the text short.
    pub fn new(parts: &[&[u8]]) -> Option<Self> {
        let length = parts.iter().map(|part| part.len()).sum::<usize>() + 1;
        let mut text = SecretBytes::with_capacity(length);
        parts.iter().for_each(|part| text.extend_from_slice(part));
        Self::from_bytes(text)
    }

    /// Takes a text over as it is.
    pub fn from_bytes(mut text: SecretBytes) -> Option<Self> {
        if memchr::memchr(0, &text).is_some() {
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
        // SAFETY: `from_bytes` saw to it that there is one NUL, at the end. A check here would read the text each time.
        unsafe { CStr::from_bytes_with_nul_unchecked(text) }
    }
}
