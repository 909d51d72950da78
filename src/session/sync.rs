//! What [`flight`](super::flight) and [`keep_alive`](super::keep_alive) are built on. A test puts a model checker's in its place.

pub use std::sync::{Arc, Condvar, Mutex, MutexGuard};

/// As many threads read without getting into each other's way.
pub const SHARDS: usize = 16;
