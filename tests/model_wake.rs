//! What a call waits for, under a model checker: in every order in which an event can happen, its wake-up be written to
//! by somebody who has taken its descriptor for his own, and those who wait look, wait and answer.

#[path = "../src/transport/event.rs"]
#[allow(dead_code)]
mod event;
#[allow(dead_code)]
#[path = "../src/transport/failure.rs"]
mod failure;

/// The model checker's own.
mod sync {
    pub use loom::sync::atomic::{AtomicBool, Ordering, fence};
}

/// No event is out of memory; a failure may be.
mod memory {
    pub struct OutOfMemory;
}

/// A descriptor that keeps what is written to it, as the kernel does.
mod platform {
    use std::io;

    use loom::sync::{Condvar, Mutex};

    pub struct Wake {
        count: Mutex<u64>,
        changed: Condvar,
    }

    impl Wake {
        pub fn new() -> io::Result<Self> {
            Ok(Self { count: Mutex::new(0), changed: Condvar::new() })
        }

        pub fn signal(&self) {
            *self.count.lock().unwrap() += 1;
            self.changed.notify_all();
        }

        pub fn drain(&self) {
            *self.count.lock().unwrap() = 0;
        }

        pub fn is_signalled(&self) -> bool {
            *self.count.lock().unwrap() > 0
        }

        /// Until it is readable.
        pub fn wait(&self) {
            let mut count = self.count.lock().unwrap();
            while *count == 0 {
                count = self.changed.wait(count).unwrap();
            }
        }
    }

    pub fn reason(error: &io::Error) -> String {
        error.to_string()
    }
}

use event::Event;
use loom::sync::Arc;
use loom::thread;

/// As a call waits, and how often it was woken.
fn wait(event: &Event) -> usize {
    let wake = event.wake().unwrap();
    let mut woken = 0;
    while !event.has_happened() {
        wake.wait();
        event.answer();
        woken += 1;
    }
    woken
}

/// Somebody who waits for ever is a deadlock, which the checker finds; one who spins is a path without end.
fn explore(waiters: usize, strays: usize) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        let event = Arc::new(Event::default());
        assert!(!event.wake().unwrap().is_signalled());
        let waiting: Vec<_> = (0..waiters)
            .map(|_| {
                let event = event.clone();
                thread::spawn(move || wait(&event))
            })
            .collect();
        let stray = event.clone();
        let writing = thread::spawn(move || (0..strays).for_each(|_| stray.wake().unwrap().signal()));
        event.happen();
        writing.join().unwrap();
        for waiter in waiting {
            // Once for each write, and once for the event.
            assert!(waiter.join().unwrap() <= strays + 1);
        }
        assert!(event.wake().unwrap().is_signalled(), "an event that has happened wakes those who come later too");
    });
}

#[test]
fn nobody_misses_an_event_for_a_stray_write_and_nobody_spins_for_one() {
    explore(1, 2);
    explore(2, 1);
}
