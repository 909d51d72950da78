//! A function of the host's, which gets the lines.

use std::cell::Cell;
use std::ffi::{c_char, c_void};

use super::level::Level;
use super::line::Line;

pub struct Function {
    pub call: Option<unsafe extern "C" fn(context: *mut c_void, level: i32, line: *const c_char)>,
    pub context: *mut c_void,
    pub release: Option<unsafe extern "C" fn(context: *mut c_void)>,
}

// SAFETY: the contract of ecgrid_config_set_log: any thread may call them, also several at once.
unsafe impl Send for Function {}
unsafe impl Sync for Function {}

thread_local! {
    static IS_TELLING: Cell<bool> = const { Cell::new(false) };
}

impl Function {
    /// Not what the function itself does with the library on this thread: it would tell of telling, without end.
    pub(super) fn tell(&self, level: Level, mut line: Line) {
        let Some(call) = self.call.filter(|_| !IS_TELLING.get()) else { return };
        line.0.push('\0');
        IS_TELLING.set(true);
        // SAFETY: the host's own function and context, until `release`; the line has no other NUL.
        unsafe { call(self.context, level as i32, line.0.as_ptr().cast()) };
        IS_TELLING.set(false);
    }

    pub(super) fn release(&self) {
        if let Some(release) = self.release {
            // SAFETY: as above, and the last call.
            unsafe { release(self.context) };
        }
    }
}
