//! One credential, many threads: whoever needs it gets it, and one at a time renews it. Waiting, and the renewing
//! itself, are the callers' business, so that a model checker can go through what is here.

use std::sync::PoisonError;

use super::ledger::Ledger;
use super::sync::{Arc, Mutex, MutexGuard, SHARDS};
use super::terms::{Ending, Exchange, Landing, Lease, Offer, Step, Time};

/// What those wait for who find a flight under way.
pub trait Latch<E>: Default {
    fn open(&self, ending: Ending<E>);
}

/// A credential of which many threads want a reference at once: counting them all in one place would make them wait
/// for each other.
pub trait Replicate {
    /// The same, somewhere else.
    fn replica(&self) -> Self;
}

pub struct SingleFlight<T, E, L> {
    book: Mutex<Book<T, E, L>>,
    /// What may be handed out without asking. Emptied, under the book's lock, before it is renewed.
    shards: [Shard<T>; SHARDS],
}

struct Book<T, E, L> {
    ledger: Ledger<T, E>,
    latch: Option<Arc<L>>,
    /// What went wrong last in the flight that is under way.
    trouble: Option<E>,
}

/// On cache lines of its own.
#[repr(align(128))]
struct Shard<T>(Mutex<Desk<T>>);

struct Desk<T> {
    lease: Option<Lease<T>>,
    /// When a thread of this shard last had need of it.
    used: Time,
}

impl<T: Clone + Replicate, E: Clone, L: Latch<E>> SingleFlight<T, E, L> {
    pub fn new(ledger: Ledger<T, E>) -> Self {
        Self {
            book: Mutex::new(Book { ledger, latch: None, trouble: None }),
            shards: [(); SHARDS].map(|()| Shard(Mutex::new(Desk { lease: None, used: Time::ZERO }))),
        }
    }

    /// What thread number `shard` may use at once, if it needs not ask.
    pub fn read(&self, shard: usize, now: Time) -> Option<Lease<T>> {
        let desk = &mut *self.shard(shard);
        let lease = desk.lease.as_ref()?;
        if now >= lease.until || now.saturating_sub(desk.used) > lease.short_pause {
            return None;
        }
        desk.used = now;
        Some(lease.clone())
    }

    /// As [`Ledger::ask`].
    pub fn ask(&self, shard: usize, now: Time) -> Offer<T, E, Arc<L>> {
        let mut book = self.book();
        book.ledger.used(self.use_at(shard, now), now);
        let offer = book.ledger.ask(now);
        let offer = self.answer(&mut book, offer);
        if let Offer::Take(lease) = &offer {
            if now < lease.until {
                self.shard(shard).lease = Some(Lease { credential: lease.credential.replica(), ..*lease });
            }
        }
        offer
    }

    /// As [`Ledger::ask`], by one who makes no call.
    pub fn attend(&self, now: Time) -> Offer<T, E, Arc<L>> {
        let mut book = self.book();
        let offer = book.ledger.ask(now);
        self.answer(&mut book, offer)
    }

    /// As [`Ledger::generation_of`].
    pub fn generation_of(&self, is_it: impl FnOnce(&T) -> bool) -> Option<u64> {
        self.book().ledger.generation_of(is_it)
    }

    /// As [`Ledger::refused`].
    pub fn refused(&self, generation: u64, why: E, now: Time) {
        let mut book = self.book();
        if generation == book.ledger.generation() {
            self.withdraw();
        }
        book.ledger.refused(generation, why, now);
    }

    /// As [`Ledger::ask_for_other`].
    pub fn ask_for_other(&self, generation: u64, now: Time) -> Offer<T, E, Arc<L>> {
        let mut book = self.book();
        let offer = book.ledger.ask_for_other(generation, now);
        self.answer(&mut book, offer)
    }

    /// As [`Ledger::ask_for_newer`].
    pub fn ask_for_newer(&self, generation: u64, now: Time) -> Offer<T, E, Arc<L>> {
        let mut book = self.book();
        let offer = book.ledger.ask_for_newer(generation, now);
        self.answer(&mut book, offer)
    }

    /// As [`Ledger::force`].
    pub fn force(&self, now: Time) -> Offer<T, E, Arc<L>> {
        let mut book = self.book();
        let offer = book.ledger.force(now);
        self.answer(&mut book, offer)
    }

    /// Why the session is over, if it is.
    pub fn over(&self) -> Option<E> {
        self.book().ledger.over().cloned()
    }

    /// As [`Ledger::landed`]. Only for the one who was told to start, once for each step.
    pub fn landed(&self, landing: Landing<T, E>, now: Time) -> Option<Step<T>> {
        let mut book = self.book();
        book.trouble = landing.why().cloned().or(book.trouble.take());
        let is_granted = matches!(landing, Landing::Granted(_));
        let next = book.ledger.landed(landing, now);
        if next.is_none() {
            let ending = match book.trouble.take() {
                _ if is_granted => Ending::Renewed,
                Some(why) if book.ledger.over().is_some() => Ending::Over(why),
                Some(why) => Ending::Failed(why),
                None => Ending::Unchanged,
            };
            open(&mut book, ending);
        }
        next
    }

    /// As [`Ledger::begin_exchange`].
    pub fn begin_exchange(&self, now: Time) -> Offer<T, E, Arc<L>> {
        let mut book = self.book();
        let offer = book.ledger.begin_exchange(now);
        self.answer_exchange(&mut book, offer)
    }

    /// As [`Ledger::begin_logout`].
    pub fn begin_logout(&self) -> Offer<T, E, Arc<L>> {
        let mut book = self.book();
        let offer = book.ledger.begin_logout();
        self.answer_exchange(&mut book, offer)
    }

    /// As [`Ledger::end_exchange`]. Only for the one who began it.
    pub fn end_exchange(&self, exchange: Exchange<T>, now: Time) {
        let mut book = self.book();
        book.ledger.end_exchange(exchange, now);
        open(&mut book, Ending::Unchanged);
    }

    /// As [`Ledger::log_out`].
    pub fn log_out(&self) -> bool {
        let mut book = self.book();
        self.withdraw();
        book.ledger.log_out()
    }

    /// As [`Ledger::forget_password`].
    pub fn forget_password(&self) {
        self.book().ledger.forget_password();
    }

    fn answer_exchange(&self, book: &mut Book<T, E, L>, offer: Offer<T, E, ()>) -> Offer<T, E, Arc<L>> {
        if matches!(offer, Offer::Take(_)) {
            self.withdraw();
            book.latch = Some(Arc::default());
        }
        self.answer(book, offer)
    }

    /// Adds what there is to wait for. From the start of a flight on nobody is handed what it renews.
    fn answer(&self, book: &mut Book<T, E, L>, offer: Offer<T, E, ()>) -> Offer<T, E, Arc<L>> {
        match offer {
            Offer::Start(step, ()) => {
                self.withdraw();
                Offer::Start(step, book.latch.insert(Arc::default()).clone())
            }
            Offer::Wait(()) => Offer::Wait(book.latch.get_or_insert_default().clone()),
            Offer::Take(lease) => Offer::Take(lease),
            Offer::Later(at, why) => Offer::Later(at, why),
            Offer::Stands => Offer::Stands,
            Offer::Over(why) => Offer::Over(why),
            Offer::LoggedOut => Offer::LoggedOut,
        }
    }

    fn withdraw(&self) {
        (0..SHARDS).for_each(|shard| self.shard(shard).lease = None);
    }

    /// Notes that the shard's thread has need of the credential; when one last had.
    fn use_at(&self, shard: usize, now: Time) -> Time {
        let latest = (0..SHARDS).map(|shard| self.shard(shard).used).max();
        self.shard(shard).used = now;
        latest.unwrap_or_default()
    }

    fn shard(&self, shard: usize) -> MutexGuard<'_, Desk<T>> {
        self.shards[shard % SHARDS].0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn book(&self) -> MutexGuard<'_, Book<T, E, L>> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes all who wait for the flight that has ended.
fn open<T, E, L: Latch<E>>(book: &mut Book<T, E, L>, ending: Ending<E>) {
    if let Some(latch) = book.latch.take() {
        latch.open(ending);
    }
}
