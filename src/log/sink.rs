//! Where lines go.

use std::sync::atomic::{AtomicU64, Ordering};

use super::file::LogFile;
use super::function::Function;
use super::level::Level;
use super::line::Line;
use crate::platform;

/// Shared by a configuration and everything that is made from it.
pub struct Sink {
    to: To,
    /// How many calls have told something: each has a number, by which its lines are known.
    calls: AtomicU64,
    /// In a forked child it tells nothing: the function's context and the file's lines are the parent's.
    fork_generation: u32,
}

pub enum To {
    Function(Function),
    File(LogFile),
}

impl Sink {
    pub fn new(to: To) -> Self {
        Self { to, calls: AtomicU64::new(0), fork_generation: platform::fork_generation() }
    }

    pub fn write(&self, level: Level, line: Line) {
        match &self.to {
            _ if !self.is_ours() => {}
            To::Function(function) => function.tell(level, line),
            To::File(file) => file.write(level, &line),
        }
    }

    pub fn next_call(&self) -> u64 {
        // Each client opens the file for itself, and its lines stand between those of the others.
        static OF_FILES: AtomicU64 = AtomicU64::new(0);
        let calls = if self.is_function() { &self.calls } else { &OF_FILES };
        calls.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Whether somebody else's code runs for each line.
    pub fn is_function(&self) -> bool {
        matches!(self.to, To::Function(_))
    }

    fn is_ours(&self) -> bool {
        self.fork_generation == platform::fork_generation()
    }
}

/// The last one is gone: nothing will call the function again.
impl Drop for Sink {
    fn drop(&mut self) {
        if let (To::Function(function), true) = (&self.to, self.is_ours()) {
            function.release();
        }
    }
}
