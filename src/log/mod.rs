//! What the library tells of its work: one event a line, to a function of the host's or to a file. docs/log.md has the
//! grammar and every event. It is off by default, and then costs a load and a branch.

mod call;
mod event;
mod file;
mod function;
mod hold;
mod line;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use self::file::LogFile;
use crate::platform;

pub use call::CallLog;
pub use event::*;
pub use function::Function;
pub use hold::Hold;
pub use line::Line;

/// How much is told. Each level tells what those before it do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    Off,
    Error,
    Warn,
    Info,
    Debug,
}

impl Level {
    const ALL: [Self; 5] = [Self::Off, Self::Error, Self::Warn, Self::Info, Self::Debug];

    /// By its number in the C header.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }

    /// By its name in ECGRID_LOG.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(name))
    }

    pub fn name(self) -> &'static str {
        ["off", "error", "warn", "info", "debug"][self as usize]
    }
}

/// Where events go, and which. Shared by a configuration and everything that is made from it.
#[derive(Clone)]
pub struct Log {
    level: Level,
    sink: Option<Arc<Sink>>,
}

struct Sink {
    to: To,
    /// How many calls have told something: each has a number, by which its lines are known.
    calls: AtomicU64,
    /// In a forked child it tells nothing: the function's context and the file's lines are the parent's.
    fork_generation: u32,
}

enum To {
    Function(Function),
    File(LogFile),
}

impl Log {
    pub const OFF: Self = Self { level: Level::Off, sink: None };

    pub fn to_function(level: Level, function: Function) -> Self {
        Self::to(level, To::Function(function))
    }

    /// Opened now, and made where there is none.
    pub fn to_file(level: Level, path: &Path) -> io::Result<Self> {
        Ok(Self::to(level, To::File(LogFile::open(path)?)))
    }

    fn to(level: Level, to: To) -> Self {
        let sink = Sink { to, calls: AtomicU64::new(0), fork_generation: platform::fork_generation() };
        Self { level, sink: Some(Arc::new(sink)) }
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
        match self.sink.as_ref().filter(|sink| sink.fork_generation == platform::fork_generation()).map(|sink| &sink.to)
        {
            Some(To::Function(function)) => {
                if let Some(line) = hold::passed(self, level, line) {
                    function.tell(level, line);
                }
            }
            Some(To::File(file)) => file.write(level, &line),
            None => {}
        }
    }

    fn next_call(&self) -> u64 {
        self.sink.as_ref().map_or(0, |sink| sink.calls.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Whether somebody else's code runs for each line.
    fn is_function(&self) -> bool {
        self.sink.as_ref().is_some_and(|sink| matches!(sink.to, To::Function(_)))
    }
}

/// The last one is gone: nothing will call the function again.
impl Drop for Sink {
    fn drop(&mut self) {
        if let (To::Function(function), true) = (&self.to, self.fork_generation == platform::fork_generation()) {
            function.release();
        }
    }
}
