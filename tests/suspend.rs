//! A machine that sleeps. Alone in its program, as it replaces the process's clock.
#![cfg(target_os = "linux")]

mod common;

use std::sync::atomic::{AtomicI64, Ordering};

use common::{LOGIN, PASSWORD, both, sandbox};

/// How long the machine has slept, in seconds.
static SLEPT: AtomicI64 = AtomicI64::new(0);

/// The system's, as it is after a suspend: the time asleep counts on this one clock of the steady ones alone.
///
/// # Safety
/// As the system's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_gettime(clock: libc::clockid_t, time: *mut libc::timespec) -> libc::c_int {
    let result = unsafe { libc::syscall(libc::SYS_clock_gettime, clock, time) };
    if result == 0 && clock == libc::CLOCK_BOOTTIME {
        unsafe { (*time).tv_sec += SLEPT.load(Ordering::SeqCst) };
    }
    result as libc::c_int
}

#[test]
fn after_ten_minutes_of_sleep_nothing_is_sent_over_a_connection_that_was_idle_for_them() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config) {
        let before = sandbox.connection_count();
        for slept in [0, 0, 600, 0] {
            SLEPT.fetch_add(slept, Ordering::SeqCst);
            client.login(LOGIN, PASSWORD).expect(kind);
        }
        assert_eq!(sandbox.connection_count() - before, 2, "{kind}: one before the sleep and one after");
    }
}
