//! What handles share, under a model checker: in every order in which one is cloned, stopped, cancelled and freed while
//! calls begin and end.

#[path = "../src/transport/calls.rs"]
#[allow(dead_code)]
mod calls;
#[path = "../src/transport/event.rs"]
#[allow(dead_code)]
mod event;
#[allow(dead_code)]
#[path = "../src/transport/failure.rs"]
mod failure;
#[allow(dead_code)]
#[path = "../src/transport/scope.rs"]
mod scope;
#[allow(dead_code)]
#[path = "../src/transport/tree.rs"]
mod tree;

/// The model checker's own.
mod sync {
    pub use std::sync::PoisonError;

    pub use loom::sync::atomic::{AtomicBool, Ordering, fence};
    pub use loom::sync::{Arc, Mutex, MutexGuard};
}

mod memory {
    #[derive(Debug)]
    pub struct OutOfMemory;
}

/// Calls here look, and never wait: how one waits is the subject of another model.
mod platform {
    use std::io;

    pub type Handle = i32;

    pub struct Wake;

    impl Wake {
        pub fn new() -> io::Result<Self> {
            Ok(Self)
        }

        pub fn signal(&self) {}

        pub fn drain(&self) {}
    }

    pub fn interrupt(_handle: Handle) {}

    pub fn fork_generation() -> u32 {
        0
    }

    pub fn reason(error: &io::Error) -> String {
        error.to_string()
    }
}

use loom::sync::Arc;
use loom::thread;
use scope::Scope;

fn explore(script: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(script);
}

/// Whether a call of this handle that begins now is ended at once.
fn is_stopped(scope: &Scope) -> bool {
    let epoch = scope.calls().begin();
    let has_ended = epoch.cancelled().has_happened();
    scope.calls().end(epoch);
    has_ended
}

#[test]
fn a_clone_made_while_its_parent_is_stopped_is_stopped_too() {
    explore(|| {
        let parent = Arc::new(Scope::new().unwrap());
        let ours = parent.clone();
        let cloning = thread::spawn(move || {
            let clone = ours.another().unwrap();
            let session = ours.session().unwrap();
            (clone, session)
        });
        parent.stop();
        let (clone, session) = cloning.join().unwrap();
        assert!(is_stopped(&clone) && is_stopped(&parent));
        assert!(!is_stopped(&session), "a stop reaches no session");
    });
}

#[test]
fn a_cancel_reaches_a_call_that_runs_already_while_the_handles_between_are_freed() {
    explore(|| {
        let client = Scope::new().unwrap();
        let between = client.another().unwrap();
        let session = between.session().unwrap();
        let sibling = between.another().unwrap();
        let epoch = session.calls().begin();
        let freeing = thread::spawn(move || drop(between));
        let freeing_too = thread::spawn(move || drop(sibling));
        client.cancel();
        assert!(epoch.cancelled().has_happened());
        session.calls().end(epoch);
        freeing.join().unwrap();
        freeing_too.join().unwrap();
        // What comes later is reached too, and a cancel is over once it has been.
        let later = session.calls().begin();
        assert!(!later.cancelled().has_happened());
        client.cancel();
        assert!(later.cancelled().has_happened());
        session.calls().end(later);
    });
}

#[test]
fn handles_that_are_cloned_and_freed_at_once_keep_their_places_apart() {
    explore(|| {
        let client = Arc::new(Scope::new().unwrap());
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let client = client.clone();
                thread::spawn(move || {
                    let parent = client.another().unwrap();
                    let child = parent.another().unwrap();
                    drop(parent);
                    child
                })
            })
            .collect();
        let children: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        children[0].stop();
        assert!(is_stopped(&children[0]) && !is_stopped(&children[1]));
        client.stop();
        assert!(is_stopped(&children[1]));
    });
}
