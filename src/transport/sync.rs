//! What [`event`](super::event) is built on. A test puts a model checker's in its place.

pub use std::sync::atomic::{AtomicBool, Ordering, fence};
