//! Where the content of a parcel goes.

use crate::memory::Buffer;
use crate::transport::{Failure, Fault};

pub trait Destination {
    /// What was written before is gone.
    fn begin(&mut self) -> Result<(), Failure>;
    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure>;
}

/// Memory, up to so many bytes.
pub struct InMemory {
    pub content: Buffer,
    most: u64,
}

impl InMemory {
    pub fn new(most: u64) -> Self {
        Self { content: Buffer::default(), most }
    }
}

impl Destination for InMemory {
    fn begin(&mut self) -> Result<(), Failure> {
        self.content.clear();
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if (self.content.len() + bytes.len()) as u64 > self.most {
            return Err(Failure::new(Fault::TooLarge, format!("the parcel is over {} bytes", self.most)));
        }
        Ok(self.content.append(bytes)?)
    }
}
