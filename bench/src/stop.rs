//! Being told to stop: the run ends as one that failed does, so that nginx and the temporary folder go.

use std::sync::atomic::{AtomicBool, Ordering};

static TOLD: AtomicBool = AtomicBool::new(false);

extern "C" fn note(_signal: libc::c_int) {
    TOLD.store(true, Ordering::Relaxed);
}

/// From now on Ctrl-C and kill are noted. What we start has its own handling back when it begins.
pub fn listen() {
    let handler: extern "C" fn(libc::c_int) = note;
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        // SAFETY: the handler stores to an atomic, which it may at any moment.
        unsafe { libc::signal(signal, handler as libc::sighandler_t) };
    }
}

pub fn check() -> Result<(), String> {
    if TOLD.load(Ordering::Relaxed) { Err("stopped".into()) } else { Ok(()) }
}
