//! All mailboxes and the parcels in them.

use crate::answer::Answer;
use crate::mailbox::{self, Mailbox, PARTNER};
use crate::parcel::{Parcel, READY};
use crate::samples::sample;
use crate::user::User;
use std::time::{Duration, Instant, SystemTime};

/// The mailbox that has parcels from the start.
const BUSY: i64 = 101;
/// 2^53 + 1, which no double can hold, and neither many of the ids after it.
const BEYOND_DOUBLES: i64 = 9_007_199_254_740_993;

pub(crate) struct Depot {
    pub(crate) mailboxes: Vec<Mailbox>,
    /// In the order of arrival.
    pub(crate) parcels: Vec<Parcel>,
    next_id: i64,
    samples: u64,
    schedule: Option<Schedule>,
}

/// A parcel every so often.
struct Schedule {
    every: Duration,
    since: Instant,
    started: SystemTime,
    delivered: u32,
}

impl Depot {
    pub(crate) fn new(users: &[User], deliver_every: Option<Duration>) -> Self {
        let (since, started) = (Instant::now(), SystemTime::now());
        let mut depot = Self {
            mailboxes: Mailbox::all(users),
            parcels: Vec::new(),
            next_id: 70_001,
            samples: 0,
            schedule: deliver_every.map(|every| Schedule { every, since, started, delivered: 0 }),
        };
        depot.deliver_sample(started);
        depot.deliver_sample(started);
        depot.next_id = BEYOND_DOUBLES;
        depot.deliver_sample(started);
        depot
    }

    /// The mailbox of that id, or the caller's own, if the caller may act for it.
    pub(crate) fn mailbox(&self, caller: &User, id: Option<i64>) -> Result<&Mailbox, Answer> {
        let id = id.unwrap_or(caller.mailbox_id);
        if !caller.acts_for(id) {
            return Err(mailbox::denied());
        }
        let found = self.mailboxes.iter().find(|mailbox| mailbox.mailbox_id == id);
        found.ok_or_else(|| Answer::failure(404, "ObjectNotFound", "There is no mailbox with this id."))
    }

    /// Delivers what is due by now. Asked at each request, so that no clock has to run.
    pub(crate) fn deliver_due(&mut self) {
        while let Some(at) = self.schedule.as_mut().and_then(Schedule::next) {
            self.deliver_sample(at);
        }
    }

    fn deliver_sample(&mut self, at: SystemTime) {
        self.samples += 1;
        let to = self.mailboxes.iter().find(|mailbox| mailbox.mailbox_id == BUSY);
        let (file_name, content) = sample(self.samples, to.map_or("", |mailbox| &mailbox.unique_id));
        self.deliver(PARTNER, BUSY, &file_name, content, at);
    }

    /// Puts a new parcel into an outbox and an inbox, and answers its id.
    pub(crate) fn deliver(&mut self, from: i64, to: i64, file_name: &str, content: Vec<u8>, at: SystemTime) -> i64 {
        self.deliver_often(from, to, file_name, content, 1, at)
    }

    /// The same of a parcel that has the same content so many times.
    pub(crate) fn deliver_often(
        &mut self,
        from: i64,
        to: i64,
        file_name: &str,
        content: Vec<u8>,
        times: u64,
        at: SystemTime,
    ) -> i64 {
        let parcel_id = self.next_id;
        self.next_id += 1;
        self.parcels.push(Parcel {
            parcel_id,
            file_name: file_name.to_owned(),
            content,
            times,
            mailbox_from: from,
            mailbox_to: to,
            status: READY,
            mailbag_control_id: None,
            downloads: 0,
            confirmations: 0,
            resets: 0,
            created: at,
            modified: at,
        });
        parcel_id
    }
}

impl Schedule {
    /// When the next parcel came, if it has.
    fn next(&mut self) -> Option<SystemTime> {
        let after = self.every.checked_mul(self.delivered + 1)?;
        if self.since.elapsed() < after {
            return None;
        }
        self.delivered += 1;
        self.started.checked_add(after)
    }
}
