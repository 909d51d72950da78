//! A file that several processes add lines to.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::marker::PhantomData;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::ptr;

use super::off_standard_streams;

/// Opens it, and makes it, for its owner alone, where there is none. A pipe that nobody reads is an error, not a wait.
pub fn open_log(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.append(true).create(true).mode(0o600).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    off_standard_streams(how.open(path)?)
}

/// The signals of a write that fails: nobody reads the pipe, or the file may not grow. Both end a process that does not
/// expect them.
const SIGNALS: [libc::c_int; 2] = [libc::SIGPIPE, libc::SIGXFSZ];

/// While it lives, a write of this thread that fails is an error, never a signal.
pub struct NoSignals {
    /// What the thread had blocked before.
    mask: libc::sigset_t,
    _of_this_thread: PhantomData<*const ()>,
}

impl NoSignals {
    pub fn new() -> Self {
        // SAFETY: signal calls on local sets.
        unsafe {
            let mut ours: libc::sigset_t = std::mem::zeroed();
            let mut mask = std::mem::zeroed();
            libc::sigemptyset(&mut ours);
            for signal in SIGNALS {
                libc::sigaddset(&mut ours, signal);
            }
            libc::pthread_sigmask(libc::SIG_BLOCK, &ours, &mut mask);
            Self { mask, _of_this_thread: PhantomData }
        }
    }
}

impl Drop for NoSignals {
    fn drop(&mut self) {
        // SAFETY: signal calls on local sets; a thread's own signal is taken by that thread, and its mask is put back.
        unsafe {
            let mut pending = std::mem::zeroed();
            libc::sigpending(&mut pending);
            for signal in SIGNALS {
                // What the host has blocked itself may be of its own making, and does it no harm.
                if libc::sigismember(&pending, signal) == 1 && libc::sigismember(&self.mask, signal) == 0 {
                    let mut one: libc::sigset_t = std::mem::zeroed();
                    libc::sigemptyset(&mut one);
                    libc::sigaddset(&mut one, signal);
                    libc::sigwait(&one, &mut 0);
                }
            }
            libc::pthread_sigmask(libc::SIG_SETMASK, &self.mask, ptr::null_mut());
        }
    }
}

/// Adds bytes to the end, as many as there is room for: an error, never a signal.
pub fn append(mut file: &File, bytes: &[u8]) -> io::Result<usize> {
    let _no_signals = NoSignals::new();
    file.write(bytes)
}
