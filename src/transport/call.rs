//! One call in progress: its deadline, who may cancel it, and how far its request got.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::time::{Duration, Instant};

#[cfg(blocking_reads)]
use super::calls::Reading;
use super::calls::{Calls, Epoch};
use super::deadline::{Deadline, Passed};
use super::event::Event;
use super::failure::{Failure, Fault};
use super::sync::Arc;
use crate::log::{CallLog, Log};
use crate::platform::{self, Interest};
use crate::setting::Source;

/// What a call watches for itself when it waits: its cancel.
pub(super) const OWN_INTERESTS: usize = 1;

/// Everything that waits on behalf of a call waits through it.
pub struct Call<'a> {
    /// Of its handle.
    calls: &'a Calls,
    epoch: ManuallyDrop<Arc<Epoch>>,
    deadline: Cell<Deadline>,
    /// Each byte that moves puts the deadline off.
    patient: Cell<bool>,
    connect_timeout: Duration,
    /// Where the timeout came from, for messages.
    source: Source,
    phase: Cell<&'static str>,
    progress: Cell<Progress>,
    /// A kept connection of this call was dead: the others may be too.
    fresh: Cell<bool>,
    log: CallLog<'a>,
}

/// How far the current try got.
#[derive(Clone, Copy, Default)]
struct Progress {
    sent: bool,
    answered: bool,
    /// Bytes came from the server, be they of an answer or only of TLS.
    heard: bool,
    reused: bool,
}

impl<'a> Call<'a> {
    pub fn new(calls: &'a Calls, begun: Instant, timeout: Duration, connect_timeout: Duration, log: &'a Log) -> Self {
        Self {
            calls,
            epoch: ManuallyDrop::new(calls.begin()),
            deadline: Cell::new(Deadline::new(begun, timeout)),
            patient: Cell::new(false),
            connect_timeout,
            source: Source::Program,
            phase: Cell::new("before it began"),
            progress: Cell::default(),
            fresh: Cell::new(false),
            log: CallLog::new(log),
        }
    }

    /// Where it tells its steps.
    pub fn log(&self) -> &CallLog<'a> {
        &self.log
    }

    /// Says in messages which setting its timeout is.
    pub fn with_timeout_from(mut self, source: Source) -> Self {
        self.source = source;
        self
    }

    /// Leaves the kept connections alone: one that dies under a request leaves open whether it was done.
    pub fn on_a_fresh_connection(self) -> Self {
        self.fresh.set(true);
        self
    }

    pub fn remaining(&self) -> Duration {
        self.deadline.get().remaining(Instant::now())
    }

    /// Another request begins, with a timeout of its own.
    pub fn begin_request(&self) {
        self.deadline.set(self.deadline.get().renewed(Instant::now()));
    }

    /// Does something during which, if so asked, the timeout is the longest time without a byte. After it the rest has the
    /// whole timeout.
    pub(super) fn while_bytes_move<T>(&self, patient: bool, work: impl FnOnce() -> T) -> T {
        self.patient.set(patient);
        self.moved();
        let result = work();
        self.moved();
        self.patient.set(false);
        result
    }

    /// Bytes were sent or came.
    pub(super) fn moved(&self) {
        if self.patient.get() {
            self.begin_request();
        }
    }

    pub(super) fn begin_try(&self) {
        self.progress.set(Progress::default());
        self.connected();
    }

    /// From now on a connection must stand within the connect timeout.
    pub(super) fn begin_connect(&self) {
        self.deadline.set(self.deadline.get().with_connect(Instant::now(), self.connect_timeout));
    }

    pub(super) fn connected(&self) {
        self.deadline.set(self.deadline.get().without_connect());
    }

    pub(super) fn enter(&self, phase: &'static str) {
        self.phase.set(phase);
    }

    fn note(&self, change: impl FnOnce(&mut Progress)) {
        let mut progress = self.progress.get();
        change(&mut progress);
        self.progress.set(progress);
    }

    /// Whether a kept connection will not do.
    pub(super) fn wants_fresh(&self) -> bool {
        self.fresh.get()
    }

    pub(super) fn reusing(&self) {
        self.note(|progress| progress.reused = true);
    }

    pub(super) fn heard(&self) {
        self.moved();
        self.note(|progress| progress.heard = true);
    }

    /// What came is known for what it is, and no part of an answer unless one began.
    pub(super) fn heard_nothing_else(&self) {
        self.note(|progress| progress.heard = progress.answered);
    }

    pub(super) fn request_sent(&self) {
        self.moved();
        self.note(|progress| progress.sent = true);
    }

    /// The server ended the connection before it read any request.
    pub(super) fn request_not_read(&self) {
        self.note(|progress| progress.sent = false);
    }

    pub(super) fn answer_began(&self) {
        self.note(|progress| progress.answered = true);
    }

    pub(super) fn has_answer(&self) -> bool {
        self.progress.get().answered
    }

    /// Adds to a failure what the call knows of its request.
    pub(super) fn complete(&self, mut failure: Failure) -> Failure {
        let Progress { sent, reused, heard, .. } = self.progress.get();
        failure.sent = sent;
        failure.stale = reused && !heard && failure.fault == Fault::Lost;
        // What the machine refuses a request that is on its way costs its connection.
        if sent && failure.fault == Fault::System {
            failure.fault = Fault::Lost;
        }
        self.fresh.set(self.fresh.get() || failure.stale);
        failure
    }

    /// Waits for a socket or another wake-up, until the deadline or a cancel.
    pub(super) fn wait(&self, interests: &mut [Interest]) -> Result<(), Failure> {
        self.wait_until(interests, None).map(drop)
    }

    /// As `wait`, but also ends, with false, when `until` comes first.
    pub(super) fn wait_until(&self, interests: &mut [Interest], until: Option<Instant>) -> Result<bool, Failure> {
        let cancelled = self.epoch.cancelled();
        let mut all = [Interest::default(); platform::MAX_INTERESTS];
        all[0] = Interest::read(cancelled.wake()?.handle());
        let end = OWN_INTERESTS + interests.len();
        all[OWN_INTERESTS..end].copy_from_slice(interests);
        let all = &mut all[..end];
        loop {
            let now = self.check()?;
            let Some(longest) = self.deadline.get().wait(now, until) else { return Ok(false) };
            platform::wait(all, longest).map_err(|error| {
                let why = platform::reason(&error);
                Failure::new(Fault::System, format!("cannot wait for the network: {why}"))
            })?;
            if all[0].ready {
                cancelled.answer();
            }
            if all[OWN_INTERESTS..].iter().any(|interest| interest.ready) {
                interests.copy_from_slice(&all[OWN_INTERESTS..]);
                return Ok(true);
            }
        }
    }

    /// As [`Epoch::begin_read`]; `check` finds what came before.
    #[cfg(blocking_reads)]
    pub(super) fn begin_read(&self, handle: platform::Handle) -> Reading<'_> {
        self.epoch.begin_read(handle)
    }

    /// Fails when the call is cancelled or its time is over; says what time it is.
    pub fn check(&self) -> Result<Instant, Failure> {
        let phase = self.phase.get();
        if self.epoch.cancelled().has_happened() {
            return Err(Failure::new(Fault::Cancelled, format!("cancelled {phase}")));
        }
        let now = Instant::now();
        match self.deadline.get().passed(now) {
            None => Ok(now),
            Some(Passed::Call(timeout)) => {
                let detail = format!("the timeout{} of {} ms passed {phase}", self.source, milliseconds(timeout));
                Err(Failure::new(Fault::Timeout, detail))
            }
            Some(Passed::Connect(timeout)) => {
                let detail = format!("the connect timeout of {} ms passed {phase}", milliseconds(timeout));
                Err(Failure::new(Fault::ConnectTimeout, detail))
            }
        }
    }

    /// As `check`; says how much time there is, for connecting or for all.
    #[cfg(any(blocking_reads, windows))]
    pub(super) fn time_left(&self) -> Result<Duration, Failure> {
        self.check().map(|now| self.deadline.get().wait(now, None).unwrap_or_default())
    }

    /// Waits for what somebody else is doing.
    pub fn wait_for(&self, event: &Event, phase: &'static str) -> Result<(), Failure> {
        self.enter(phase);
        self.connected();
        self.wait_for_any(&[event])
    }

    /// Waits until one of the events has happened.
    pub(super) fn wait_for_any(&self, events: &[&Event]) -> Result<(), Failure> {
        let watch = |event: &&Event| event.wake().map(|wake| Interest::read(wake.handle()));
        let mut interests = events.iter().map(watch).collect::<Result<Vec<_>, _>>()?;
        while !events.iter().any(|event| event.has_happened()) {
            self.wait(&mut interests)?;
            for (event, interest) in events.iter().zip(&interests) {
                if interest.ready {
                    event.answer();
                }
            }
        }
        Ok(())
    }

    /// Sleeps before another try, unless cancelled.
    pub fn pause(&self, length: Duration) -> Result<(), Failure> {
        self.enter("while waiting to try again");
        self.connected();
        let until = Instant::now().checked_add(length);
        self.wait_until(&mut [], until).map(drop)
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        // SAFETY: taken once, and nobody looks at it any more.
        self.calls.end(unsafe { ManuallyDrop::take(&mut self.epoch) });
    }
}

/// Without the 128 bits that nobody needs here, and that cost a kilobyte to print.
pub fn milliseconds(time: Duration) -> u64 {
    time.as_secs().saturating_mul(1000).saturating_add(time.subsec_millis().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same failure of a try that got so far.
    fn judged(fault: Fault, sent: bool, reused: bool) -> Failure {
        let calls = Calls::default();
        let call = Call::new(&calls, Instant::now(), Duration::MAX, Duration::MAX, &Log::OFF);
        call.begin_try();
        if reused {
            call.reusing();
        }
        if sent {
            call.request_sent();
        }
        call.complete(Failure::new(fault, "no buffers"))
    }

    #[test]
    fn what_the_machine_refuses_costs_a_request_on_its_way_its_connection_and_is_no_sign_of_a_dead_one() {
        for reused in [false, true] {
            let failure = judged(Fault::System, false, reused);
            assert_eq!((failure.fault, failure.sent, failure.stale), (Fault::System, false, false));
            let failure = judged(Fault::System, true, reused);
            assert_eq!((failure.fault, failure.sent, failure.stale), (Fault::Lost, true, false));
        }
        assert!(judged(Fault::Lost, true, true).stale);
    }
}
