//! Bodies that do not lie in memory: sent and received piece by piece.

use super::failure::Failure;
use crate::memory::Buffer;

/// The rest of a request's body, which does not lie in memory as a whole.
pub trait Upload {
    fn length(&self) -> u64;
    /// From its first byte, for the first try or another.
    fn begin(&mut self) -> Result<(), Failure>;
    /// What comes next of it; nothing at its end.
    fn next(&mut self) -> Result<&[u8], Failure>;
}

/// Takes the body of an answer that is a success.
pub trait Download {
    /// From its first byte, for the first try or another.
    fn begin(&mut self) -> Result<(), Failure>;
    /// The next bytes. What it has no use for it leaves in `rest`, the body that the answer will have.
    fn take(&mut self, bytes: &[u8], rest: &mut Buffer) -> Result<(), Failure>;
}

/// What of an exchange does not lie in memory.
#[derive(Default)]
pub struct Streams<'a> {
    pub up: Option<&'a mut dyn Upload>,
    pub down: Option<&'a mut dyn Download>,
    /// The timeout is the longest time without a byte, and not that of the whole.
    pub patient: bool,
}
