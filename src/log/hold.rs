//! Lines that wait. A function that calls the library may join those who wait for what its thread is doing, and so would
//! wait for itself.

use std::cell::RefCell;
use std::marker::PhantomData;

use super::{Level, Line, Log};

thread_local! {
    static HELD: RefCell<Option<Vec<(Log, Level, Line)>>> = const { RefCell::new(None) };
}

/// As long as it is there, functions get no line of this thread. Then they get them all.
pub struct Hold {
    is_outermost: bool,
    _of_this_thread: PhantomData<*const ()>,
}

impl Hold {
    /// Only where the log is a function.
    pub fn begin(log: &Log) -> Self {
        let is_outermost = log.is_function()
            && HELD
                .try_with(|held| {
                    let mut held = held.borrow_mut();
                    held.is_none() && held.insert(Vec::new()).is_empty()
                })
                .unwrap_or(false);
        Self { is_outermost, _of_this_thread: PhantomData }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if self.is_outermost {
            let held = HELD.try_with(|held| held.borrow_mut().take());
            held.ok().flatten().into_iter().flatten().for_each(|(log, level, line)| log.write(level, line));
        }
    }
}

/// The line again, if it need not wait.
pub(super) fn passed(log: &Log, level: Level, line: Line) -> Option<Line> {
    let mut line = Some(line);
    let _ = HELD.try_with(|held| {
        if let Some(held) = held.borrow_mut().as_mut() {
            held.extend(line.take().map(|line| (log.clone(), level, line)));
        }
    });
    line
}
