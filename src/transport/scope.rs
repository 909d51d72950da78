//! Who may end which calls: each handle its own, and those of all that was made from it.

use std::mem;

use super::calls::Calls;
use super::sync::{Arc, Mutex, MutexGuard, PoisonError};
use super::tree::{Kind, Tree};
use crate::memory::OutOfMemory;
use crate::platform;

/// A handle, as a cancel and a stop see it.
pub struct Scope {
    calls: Arc<Calls>,
    kind: Kind,
    at: u32,
    family: Arc<Family>,
}

/// All handles that were made from one client, be it directly or not.
struct Family {
    tree: Mutex<Tree<Arc<Calls>>>,
    fork_generation: u32,
}

impl Scope {
    /// Of a client that was not made from another.
    pub fn new() -> Result<Self, OutOfMemory> {
        let (kind, calls) = (Kind::Client, Arc::new(Calls::default()));
        let (tree, at) = Tree::new(kind, calls.clone())?;
        let family = Family { tree: Mutex::new(tree), fork_generation: platform::fork_generation() };
        Ok(Self { calls, kind, at, family: Arc::new(family) })
    }

    /// Of a clone.
    pub fn another(&self) -> Result<Self, OutOfMemory> {
        self.child(self.kind)
    }

    /// Of a session that is made from this client.
    pub fn session(&self) -> Result<Self, OutOfMemory> {
        self.child(Kind::Session)
    }

    fn child(&self, kind: Kind) -> Result<Self, OutOfMemory> {
        let calls = Arc::new(Calls::default());
        let mut tree = self.family.lock();
        let at = tree.add(self.at, kind, calls.clone())?;
        // Whoever stops this handle holds the lock: the child is reached either here or there.
        if kind == self.kind && self.calls.are_stopped() {
            calls.stop();
        }
        drop(tree);
        Ok(Self { calls, kind, at, family: self.family.clone() })
    }

    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    /// Ends the calls that are running now, of this handle and of all that was made from it.
    pub fn cancel(&self) {
        if self.is_ours() {
            self.family.lock().each(self.at, None, |calls| calls.cancel());
        }
    }

    /// Ends the calls of this handle and of its clones, now and later, but not those of sessions made from a client.
    pub fn stop(&self) {
        if self.is_ours() {
            self.family.lock().each(self.at, Some(self.kind), |calls| calls.stop());
        }
    }

    /// As another thread may have it at the moment of a fork.
    #[cfg(all(test, unix))]
    pub fn locked<T>(&self, work: impl FnOnce() -> T) -> T {
        let _tree = self.family.lock();
        work()
    }

    /// Not in a forked child: there the lock may be held by a thread that is not there, and a wake-up is the parent's too.
    fn is_ours(&self) -> bool {
        self.family.fork_generation == platform::fork_generation()
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        if self.is_ours() {
            self.family.lock().remove(self.at);
        } else {
            // What a thread of the parent was about to change is left as it is.
            mem::forget(self.family.clone());
        }
    }
}

impl Family {
    fn lock(&self) -> MutexGuard<'_, Tree<Arc<Calls>>> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
