//! Who tells, and how much.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::file::LogFile;
use super::function::Function;
use super::hold::{self, Hold};
use super::level::Level;
use super::line::Line;
use super::sink::{Sink, To};

/// Where events go, and which.
#[derive(Clone)]
pub struct Log {
    level: Level,
    sink: Option<Arc<Sink>>,
}

impl Log {
    pub const OFF: Self = Self { level: Level::Off, sink: None };

    pub fn to_function(level: Level, function: Function) -> Self {
        Self { level, sink: Some(Arc::new(Sink::new(To::Function(function)))) }
    }

    /// Opened now, and made where there is none.
    pub fn to_file(level: Level, path: &Path) -> io::Result<Self> {
        Ok(Self { level, sink: Some(Arc::new(Sink::new(To::File(LogFile::open(path)?)))) })
    }

    pub fn level(&self) -> Level {
        self.level
    }

    #[inline]
    pub fn is_on(&self, level: Level) -> bool {
        self.level >= level
    }

    /// Tells what `make` says, which is asked only if anybody listens. Never with a lock held: the function may call the
    /// library. Where others wait for what this thread does, there is a [`Hold`].
    #[inline]
    pub fn tell(&self, level: Level, make: impl FnOnce() -> Line) {
        if self.is_on(level) {
            self.write(level, make());
        }
    }

    #[cold]
    #[inline(never)]
    fn write(&self, level: Level, line: Line) {
        let Some(sink) = &self.sink else { return };
        // A file gets its lines at once: nobody else's code runs for it.
        let line = if sink.is_function() { hold::passed(sink, level, line) } else { Some(line) };
        if let Some(line) = line {
            sink.write(level, line);
        }
    }

    /// From now on until the result is dropped a function gets no line of this thread.
    pub fn hold(&self) -> Hold {
        Hold::begin(self.sink.as_ref().is_some_and(|sink| sink.is_function()))
    }

    pub(super) fn next_call(&self) -> u64 {
        self.sink.as_ref().map_or(0, |sink| sink.next_call())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clients_that_write_to_one_file_have_no_two_calls_of_one_number() {
        let path = std::env::temp_dir().join(format!("ecgrid-log-{}", std::process::id()));
        let logs = [(); 2].map(|()| Log::to_file(Level::Info, &path).unwrap());
        std::fs::remove_file(&path).unwrap();
        let [first, second] = &logs;
        assert!(first.next_call() < second.next_call() && second.next_call() < first.next_call());
    }
}
