//! The bound on lookups that hang, which is the process's: no other test may run beside it.

mod common;
#[path = "common/names.rs"]
mod names;

use std::thread;
use std::time::{Duration, Instant};

use common::Config;
use ecgrid::ffi::*;
use names::{lookups, set};

#[test]
fn lookups_that_hang_are_bounded_and_the_rest_wait_for_their_turn() {
    let names: Vec<String> = (0..24).map(|number| format!("stuck-{number}.test")).collect();
    names.iter().for_each(|name| set(name, None));
    let try_all = |timeout| -> Vec<_> {
        thread::scope(|scope| {
            let call = |name| Config::new(&format!("https://{name}:1")).max_attempts(1).timeout(timeout).client();
            let calls: Vec<_> = names.iter().map(|name| scope.spawn(move || call(name).failure_as("any"))).collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        })
    };
    for failure in try_all(400) {
        assert_eq!(failure.kind(), (ECGRID_TIMEOUT, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    }
    let started: usize = names.iter().map(|name| lookups(name)).sum();
    assert_eq!(started, 16);

    // A forked child has none of them.
    set("good.test", Some(&["127.0.0.1"]));
    // SAFETY: the child only runs the library, as the child of a host does, and ends without going through this program.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let failure = Config::new("https://good.test:1").max_attempts(1).timeout(5000).client().failure_as("any");
        unsafe { libc::_exit(i32::from(!failure.message.contains("does not accept a connection"))) };
    }
    let mut status = -1;
    unsafe { libc::waitpid(child, &mut status, 0) };
    assert_eq!(status, 0, "the child could not look up a name");

    names.iter().for_each(|name| set(name, Some(&["127.0.0.1"])));
    names::answer_all();
    for failure in try_all(10_000) {
        assert_eq!(failure.status, ECGRID_UNREACHABLE, "{failure:?}");
    }
    // All clients are gone, and so is what the lookups waited with.
    let begun = Instant::now();
    while open_wake_ups() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(5), "{} are open", open_wake_ups());
        thread::yield_now();
    }
}

fn open_wake_ups() -> usize {
    let open = std::fs::read_dir("/proc/self/fd").expect("Linux");
    let names = open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    names.filter(|name| name.to_string_lossy().contains("eventfd")).count()
}
