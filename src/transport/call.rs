//! One call in progress: its deadline, who may cancel it, and how far its request got.

use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use once_cell::sync::OnceCell;

use super::failure::{Failure, Fault};
use crate::platform::{self, Interest, Wake};

/// The calls made through one handle. Cancelling ends those running now; later ones are not touched.
#[derive(Default)]
pub struct Scope {
    current: Mutex<Option<Arc<Epoch>>>,
}

/// The calls between two cancels of a scope.
#[derive(Default)]
struct Epoch {
    cancelled: AtomicBool,
    /// Made when a call first waits for more than its answer. It stays signalled, so nobody has to drain it.
    wake: OnceCell<Wake>,
    /// The connections on which calls wait for their answer.
    #[cfg(unix)]
    reading: Mutex<Vec<platform::Handle>>,
}

impl Scope {
    pub fn cancel(&self) {
        let epoch = self.current.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(epoch) = epoch {
            epoch.cancelled.store(true, Ordering::SeqCst);
            // Whoever makes the wake-up later, or joins the readers, looks at the flag after that.
            fence(Ordering::SeqCst);
            if let Some(wake) = epoch.wake.get() {
                wake.signal();
            }
            #[cfg(unix)]
            for &handle in epoch.reading.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                platform::interrupt(handle);
            }
        }
    }

    fn epoch(&self) -> Arc<Epoch> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default().clone()
    }
}

/// One call. Everything that waits on its behalf waits through it.
pub struct Call {
    epoch: Arc<Epoch>,
    begun: Instant,
    deadline: Instant,
    connect_timeout: Duration,
    connect_deadline: Cell<Option<Instant>>,
    phase: Cell<&'static str>,
    sent: Cell<bool>,
    answered: Cell<bool>,
    heard: Cell<bool>,
    reused: Cell<bool>,
    /// A kept connection of this call was dead: the others may be too.
    fresh: Cell<bool>,
}

thread_local! {
    // ureq hands nothing of a request to a pooled connection, so the connection finds its call here.
    static CURRENT: Cell<*const Call> = const { Cell::new(ptr::null()) };
}

impl Call {
    pub fn new(scope: &Scope, begun: Instant, timeout: Duration, connect_timeout: Duration) -> Self {
        // A thousand years will do for a number too large to add.
        let deadline = begun.checked_add(timeout).unwrap_or(begun + Duration::from_secs(31_557_600_000));
        Self {
            epoch: scope.epoch(),
            begun,
            deadline,
            connect_timeout,
            connect_deadline: Cell::new(None),
            phase: Cell::new("before it began"),
            sent: Cell::new(false),
            answered: Cell::new(false),
            heard: Cell::new(false),
            reused: Cell::new(false),
            fresh: Cell::new(false),
        }
    }

    /// Runs one exchange with this call as the current one of the thread.
    pub(super) fn run<T>(&self, exchange: impl FnOnce() -> T) -> T {
        struct Restore(*const Call);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.with(|current| current.set(self.0));
            }
        }
        self.sent.set(false);
        self.answered.set(false);
        self.heard.set(false);
        self.reused.set(false);
        self.connect_deadline.set(None);
        let _restore = Restore(CURRENT.with(|current| current.replace(self)));
        exchange()
    }

    /// The call this thread is making.
    pub(super) fn with<T>(work: impl FnOnce(&Call) -> T) -> Option<T> {
        let current = CURRENT.with(Cell::get);
        // SAFETY: set only by `run`, which outlives every use below it on this thread and puts the old value back.
        unsafe { current.as_ref() }.map(work)
    }

    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// From now on a connection must stand within the connect timeout.
    pub(super) fn begin_connect(&self) {
        // ureq may have looked at a kept connection and thrown it away.
        self.reused.set(false);
        self.connect_deadline.set(Instant::now().checked_add(self.connect_timeout));
    }

    pub(super) fn connected(&self) {
        self.connect_deadline.set(None);
    }

    pub(super) fn enter(&self, phase: &'static str) {
        self.phase.set(phase);
    }

    /// Whether a kept connection will not do.
    pub(super) fn wants_fresh(&self) -> bool {
        self.fresh.get()
    }

    pub(super) fn reusing(&self) {
        self.reused.set(true);
    }

    /// Bytes came from the server, be they of an answer or only of TLS.
    pub(super) fn heard(&self) {
        self.heard.set(true);
    }

    /// What came is known for what it is, and no part of an answer unless one began.
    pub(super) fn heard_nothing_else(&self) {
        self.heard.set(self.answered.get());
    }

    pub(super) fn request_sent(&self) {
        self.sent.set(true);
    }

    pub(super) fn answer_began(&self) {
        self.answered.set(true);
    }

    pub(super) fn has_answer(&self) -> bool {
        self.answered.get()
    }

    /// Adds to a failure what the call knows of its request.
    pub(super) fn judge(&self, mut failure: Failure) -> Failure {
        failure.sent = self.sent.get();
        failure.stale = self.reused.get() && !self.heard.get() && failure.fault == Fault::Lost;
        self.fresh.set(self.fresh.get() || failure.stale);
        failure
    }

    /// Waits for a socket or another wake-up, until the deadline or a cancel.
    pub(super) fn wait(&self, interests: &mut [Interest]) -> Result<(), Failure> {
        self.wait_until(interests, None).map(drop)
    }

    /// As `wait`, but also ends, with false, when `until` comes first.
    pub(super) fn wait_until(&self, interests: &mut [Interest], until: Option<Instant>) -> Result<bool, Failure> {
        let wake = self
            .epoch
            .wake
            .get_or_try_init(Wake::new)
            .map_err(|error| Failure::new(Fault::System, format!("cannot make a wake-up descriptor: {error}")))?;
        fence(Ordering::SeqCst);
        let count = interests.len();
        let mut all = [Interest::read(wake.handle()); platform::MAX_INTERESTS];
        all[1..=count].copy_from_slice(interests);
        let all = &mut all[..=count];
        loop {
            self.check()?;
            let now = Instant::now();
            let own = self.connect_deadline.get().map_or(self.deadline, |limit| limit.min(self.deadline));
            let limit = until.map_or(own, |until| until.min(own));
            if now >= limit && limit != own {
                return Ok(false);
            }
            platform::wait(all, limit.saturating_duration_since(now))
                .map_err(|error| Failure::new(Fault::System, format!("cannot wait for the network: {error}")))?;
            if all[1..].iter().any(|interest| interest.ready) {
                interests.copy_from_slice(&all[1..]);
                return Ok(true);
            }
        }
    }

    /// From now on, until the result is dropped, a cancel ends a read of this connection. What came before is for
    /// `check` to find.
    #[cfg(unix)]
    pub(super) fn begin_read(&self, handle: platform::Handle) -> Reading<'_> {
        self.epoch.reading.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        Reading { epoch: &self.epoch, handle }
    }

    /// Fails when the call is cancelled or its time is over.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.epoch.cancelled.load(Ordering::SeqCst) {
            return Err(Failure::new(Fault::Cancelled, format!("cancelled {}", self.phase.get())));
        }
        let now = Instant::now();
        if now >= self.deadline {
            let limit = self.deadline.saturating_duration_since(self.begun).as_millis();
            let detail = format!("the timeout of {limit} ms passed {}", self.phase.get());
            return Err(Failure::new(Fault::Timeout, detail));
        }
        if self.connect_deadline.get().is_some_and(|limit| now >= limit) {
            let limit = self.connect_timeout.as_millis();
            return Err(Failure::new(
                Fault::ConnectTimeout,
                format!("no connection within {limit} ms (it ended {})", self.phase.get()),
            ));
        }
        Ok(())
    }

    /// Sleeps before another try, unless cancelled.
    pub fn pause(&self, length: Duration) -> Result<(), Failure> {
        self.enter("while waiting to try again");
        self.connect_deadline.set(None);
        let until = Instant::now().checked_add(length);
        self.wait_until(&mut [], until).map(drop)
    }
}

/// A connection on the list of those that a cancel interrupts.
#[cfg(unix)]
pub(super) struct Reading<'a> {
    epoch: &'a Epoch,
    handle: platform::Handle,
}

#[cfg(unix)]
impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let mut reading = self.epoch.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = reading.iter().position(|&handle| handle == self.handle) {
            reading.swap_remove(at);
        }
    }
}
