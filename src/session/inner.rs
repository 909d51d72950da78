//! What the handles of one session share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use once_cell::sync::OnceCell;

use super::credential::Credential;
use super::flight::{Ending, Grant, Latch, Ledger, SingleFlight};
use super::keep_alive::Place;
use crate::error::Error;
use crate::log::{self, Level};
use crate::memory::locked::LockedTexts;
use crate::request::operation::Operation;
use crate::request::service::{Outgoing, Service};
use crate::token::Token;
use crate::transport::{Call, Calls, Event};

/// Why a flight failed, for all who wait for it.
pub type Why = Arc<Error>;

/// A flight, for those who wait for it.
#[derive(Default)]
pub struct Awaited {
    pub ended: Event,
    pub ending: OnceCell<Ending<Why>>,
}

impl Latch<Why> for Awaited {
    fn open(&self, ending: Ending<Why>) {
        let _ = self.ending.set(ending);
        self.ended.happen();
    }
}

pub struct Core {
    pub service: Arc<Service>,
    pub flights: SingleFlight<Credential, Why, Awaited>,
    /// If it is kept alive.
    pub place: Option<Place>,
    /// Login and password, if they may be kept.
    kept: Mutex<Option<Arc<LockedTexts<2>>>>,
    /// The account behind an API key, once it was asked for.
    pub user_id: OnceCell<i64>,
    /// The flights themselves, which no caller cancels.
    pub flying: Calls,
    abandoned: AtomicBool,
    /// The log was told that the session is over.
    told_over: AtomicBool,
}

impl Core {
    pub fn with_token(
        service: Arc<Service>,
        grant: Grant<Credential>,
        kept: Option<LockedTexts<2>>,
        place: Option<Place>,
    ) -> Self {
        let ledger = Ledger::with_token(grant, kept.is_some());
        let ledger = if place.is_some() { ledger.kept_alive() } else { ledger };
        Self::new(service, ledger, kept, place)
    }

    pub fn with_key(service: Arc<Service>, key: &str) -> Self {
        Self::new(service, Ledger::with_key(Arc::new(Token::key(key))), None, None)
    }

    fn new(
        service: Arc<Service>,
        ledger: Ledger<Credential, Why>,
        kept: Option<LockedTexts<2>>,
        place: Option<Place>,
    ) -> Self {
        Self {
            service,
            flights: SingleFlight::new(ledger),
            place,
            kept: Mutex::new(kept.map(Arc::new)),
            user_id: OnceCell::new(),
            flying: Calls::default(),
            abandoned: AtomicBool::new(false),
            told_over: AtomicBool::new(false),
        }
    }

    pub fn kept(&self) -> Option<Arc<LockedTexts<2>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the kept password, where one is kept; without another one it is forgotten.
    pub fn keep(&self, password: Option<&str>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(old) = kept.take() else { return };
        let [login, _] = old.get();
        *kept = password.and_then(|password| LockedTexts::new([login, password]).ok()).map(Arc::new);
        if kept.is_none() {
            self.flights.forget_password();
            self.landed();
        }
    }

    /// A flight has ended, or the session with its password.
    pub fn landed(&self) {
        if let Some(place) = &self.place {
            place.look_soon();
        }
    }

    /// Tells the log that the session is over, if it is: once, by whoever sees it first.
    pub fn tell_over(&self, call: &Call) {
        if !call.log().is_on(Level::Error) {
            return;
        }
        if let Some(why) = self.flights.over().filter(|_| !self.told_over.swap(true, Ordering::Relaxed)) {
            call.log().tell(Level::Error, |number| log::SessionOver { call: number, error: &why.message }.line());
        }
    }

    /// Nobody will ask again: what is under way may end.
    pub fn abandon(&self) {
        if let Some(place) = &self.place {
            place.leave();
        }
        self.abandoned.store(true, Ordering::SeqCst);
        self.flying.cancel();
    }

    pub fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::SeqCst)
    }

    pub fn outgoing<'a>(
        &self,
        operation: &'a Operation<'a>,
        credential: &'a Credential,
        content: Option<&'a [u8]>,
    ) -> Outgoing<'a> {
        Outgoing { operation, credential: Some(credential.header()), content, secrets: &[] }
    }
}
