//! The thread that refreshes the tokens of sessions that nobody calls. There is one in a process, while a session is
//! open that is kept alive.

mod place;
mod roster;
#[cfg(test)]
mod roster_tests;

use super::sync;

pub use place::{Attended, Place};
pub use roster::Next;
