//! What [`event`](super::event), [`calls`](super::calls) and [`scope`](super::scope) are built on. A test puts a model
//! checker's in its place.

pub use std::sync::atomic::{AtomicBool, Ordering, fence};
pub use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
