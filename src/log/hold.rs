//! Lines that wait. A function that calls the library may join those who wait for what its thread is doing, and so would
//! wait for itself.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::Arc;

use super::level::Level;
use super::line::Line;
use super::sink::Sink;

type Held = Vec<(Arc<Sink>, Level, Line)>;

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// As long as it is there, functions get no line of this thread. Then they get them all.
pub struct Hold {
    is_outermost: bool,
    _of_this_thread: PhantomData<*const ()>,
}

impl Hold {
    /// Only where a function listens.
    pub(super) fn begin(is_needed: bool) -> Self {
        let begin = || {
            HELD.try_with(|held| {
                let mut held = held.borrow_mut();
                held.is_none() && held.insert(Vec::new()).is_empty()
            })
        };
        Self { is_outermost: is_needed && begin().unwrap_or(false), _of_this_thread: PhantomData }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if self.is_outermost {
            let held = HELD.try_with(|held| held.borrow_mut().take());
            held.ok().flatten().into_iter().flatten().for_each(|(sink, level, line)| sink.write(level, line));
        }
    }
}

/// The line again, if it need not wait.
pub(super) fn passed(sink: &Arc<Sink>, level: Level, line: Line) -> Option<Line> {
    let mut line = Some(line);
    let _ = HELD.try_with(|held| {
        if let Some(held) = held.borrow_mut().as_mut() {
            held.extend(line.take().map(|line| (sink.clone(), level, line)));
        }
    });
    line
}
