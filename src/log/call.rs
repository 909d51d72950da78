//! The lines of one call.

use std::cell::Cell;

use super::level::Level;
use super::line::Line;
use super::teller::Log;

/// What a call tells, under a number of its own.
pub struct CallLog<'a> {
    log: &'a Log,
    /// 0 until it tells something.
    number: Cell<u64>,
}

impl<'a> CallLog<'a> {
    pub fn new(log: &'a Log) -> Self {
        Self { log, number: Cell::new(0) }
    }

    /// As [`Log::tell`]; `make` is given the number of the call.
    #[inline]
    pub fn tell(&self, level: Level, make: impl FnOnce(u64) -> Line) {
        self.log.tell(level, || make(self.number()));
    }

    #[inline]
    pub fn is_on(&self, level: Level) -> bool {
        self.log.is_on(level)
    }

    fn number(&self) -> u64 {
        if self.number.get() == 0 {
            self.number.set(self.log.next_call());
        }
        self.number.get()
    }
}
