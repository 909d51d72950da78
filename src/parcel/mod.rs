//! The rules of parcels: one at a time, and whole folders of them.

mod destination;
mod folder;
mod ids;
mod inbox;
mod incoming;
mod notebook;
mod outbox;
mod outgoing;
mod route;
mod rows;
mod single;
mod source;
mod tally;
mod turns;

use std::ffi::{CStr, CString};

use crate::memory::Buffer;

pub use inbox::Inbox;
pub use outbox::Outbox;
pub use route::Route;

/// A parcel that was downloaded into memory; wiped when dropped.
pub struct Parcel {
    id: i64,
    file_name: CString,
    content: Buffer,
}

impl Parcel {
    pub fn id(&self) -> i64 {
        self.id
    }

    /// As ECGrid says it, so nothing to make a path of; "" when it said none that a C string can hold.
    pub fn file_name(&self) -> &CStr {
        &self.file_name
    }

    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// The same, followed by a NUL.
    pub(crate) fn content_start(&self) -> *const u8 {
        if self.content.is_empty() { c"".as_ptr().cast() } else { self.content.as_ptr() }
    }
}
