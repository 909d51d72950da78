//! What the handles of one session share, and how a call comes by a credential.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use once_cell::sync::OnceCell;

use super::credential::Credential;
use super::flight::{Ending, Exchange, Grant, Latch, Lease, Ledger, Offer, SingleFlight, Step, Time};
use super::keep_alive::Place;
use super::{renewal, shard};
use crate::error::Error;
use crate::locked::LockedTexts;
use crate::log::{self, Hold, Level};
use crate::platform;
use crate::service::{Service, tell_retry};
use crate::token::Token;
use crate::transport::{Call, Event, Failure, Scope};

/// Why a flight failed, for all who wait for it.
pub type Why = Arc<Error>;

/// A flight, for those who wait for it.
#[derive(Default)]
pub struct Awaited {
    ended: Event,
    ending: OnceCell<Ending<Why>>,
}

impl Latch<Why> for Awaited {
    fn open(&self, ending: Ending<Why>) {
        let _ = self.ending.set(ending);
        self.ended.happen();
    }
}

pub struct Core {
    pub service: Arc<Service>,
    /// Of the client handle that the session was made from.
    pub client_scope: Arc<Scope>,
    pub flights: SingleFlight<Credential, Why, Awaited>,
    /// If it is kept alive.
    pub place: Option<Place>,
    /// Login and password, if they may be kept.
    kept: Mutex<Option<Arc<LockedTexts<2>>>>,
    /// The account behind an API key, once it was asked for.
    pub user_id: OnceCell<i64>,
    /// Of the flights themselves, which no caller cancels.
    pub flight_scope: Scope,
    abandoned: AtomicBool,
    /// The log was told that the session is over.
    told_over: AtomicBool,
}

/// Why a call has no credential.
pub enum Without {
    /// Its own end came first.
    Ended(Failure),
    /// Not now.
    Later(Time, Why),
    /// There is no better one than that which was refused.
    Refused,
    Over(Why),
    LoggedOut,
}

impl Core {
    pub fn with_token(
        service: Arc<Service>,
        client_scope: Arc<Scope>,
        token: Token,
        kept: Option<LockedTexts<2>>,
        place: Option<Place>,
    ) -> Self {
        let ledger = Ledger::with_token(renewal::grant(token), kept.is_some());
        let ledger = if place.is_some() { ledger.kept_alive() } else { ledger };
        Self::new(service, client_scope, ledger, kept, place)
    }

    pub fn with_key(service: Arc<Service>, client_scope: Arc<Scope>, key: &str) -> Self {
        Self::new(service, client_scope, Ledger::with_key(Credential::key(key)), None, None)
    }

    fn new(
        service: Arc<Service>,
        client_scope: Arc<Scope>,
        ledger: Ledger<Credential, Why>,
        kept: Option<LockedTexts<2>>,
        place: Option<Place>,
    ) -> Self {
        Self {
            service,
            client_scope,
            flights: SingleFlight::new(ledger),
            place,
            kept: Mutex::new(kept.map(Arc::new)),
            user_id: OnceCell::new(),
            flight_scope: Scope::default(),
            abandoned: AtomicBool::new(false),
            told_over: AtomicBool::new(false),
        }
    }

    /// A credential that is good now, waited for if need be.
    pub fn lease(self: &Arc<Self>, call: &Call) -> Result<Lease<Credential>, Without> {
        match self.flights.read(shard::mine(), platform::steady_clock()) {
            Some(lease) => Ok(lease),
            None => self.settle(|core| core.flights.ask(shard::mine(), platform::steady_clock()), call),
        }
    }

    /// A call with the credential of that generation came back 401.
    pub fn refused(&self, generation: u64, why: &Error) {
        self.flights.refused(generation, Arc::new(why.clone()), platform::steady_clock());
    }

    /// Another credential than that of this generation, which was refused.
    pub fn replacement(self: &Arc<Self>, generation: u64, call: &Call) -> Result<Lease<Credential>, Without> {
        self.settle(|core| core.flights.ask_for_other(generation, platform::steady_clock()), call)
    }

    /// The same for a call that was sent again before: what took the place of the refused one meanwhile.
    pub fn newer(self: &Arc<Self>, generation: u64, call: &Call) -> Result<Lease<Credential>, Without> {
        self.settle(|core| core.flights.ask_for_newer(generation, platform::steady_clock()), call)
    }

    /// A credential that is good now, for a call that will replace it; nobody else gets it until the result is dropped.
    pub fn exchange(self: &Arc<Self>, call: &Call) -> Result<Exchanging<'_>, Without> {
        self.exchanging(|core| core.flights.begin_exchange(platform::steady_clock()), call)
    }

    /// The same for the logout, be the credential good or not.
    pub fn last_exchange(self: &Arc<Self>, call: &Call) -> Result<Exchanging<'_>, Without> {
        self.exchanging(|core| core.flights.begin_logout(), call)
    }

    fn exchanging(
        self: &Arc<Self>,
        begin: impl Fn(&Self) -> Offer<Credential, Why, Arc<Awaited>>,
        call: &Call,
    ) -> Result<Exchanging<'_>, Without> {
        let lease = self.settle(begin, call)?;
        // The others wait for the end of it.
        let hold = Hold::begin(self.service.log());
        Ok(Exchanging { core: self, lease, result: Exchange::Unchanged, _hold: hold })
    }

    /// Does what each offer says, until one brings a credential.
    fn settle(
        self: &Arc<Self>,
        mut ask: impl FnMut(&Self) -> Offer<Credential, Why, Arc<Awaited>>,
        call: &Call,
    ) -> Result<Lease<Credential>, Without> {
        let mut tries = 0;
        loop {
            // Asking may begin a flight, and one for a call that is over already would cost the others their token.
            call.check().map_err(Without::Ended)?;
            match ask(self) {
                Offer::Take(lease) => return Ok(lease),
                Offer::Wait(flight) => drop(self.wait(&flight, call)?),
                Offer::Start(step, flight) => {
                    self.launch(step);
                    self.wait(&flight, call)?;
                }
                Offer::Later(at, why) => {
                    tries += 1;
                    let pause = at.saturating_sub(platform::steady_clock());
                    if tries >= self.service.max_attempts() || pause >= call.remaining() {
                        return Err(Without::Later(at, why));
                    }
                    tell_retry(call, &why, pause);
                    call.pause(pause).map_err(Without::Ended)?;
                }
                Offer::Stands => return Err(Without::Refused),
                Offer::Over(why) => {
                    self.tell_over(call);
                    return Err(Without::Over(why));
                }
                Offer::LoggedOut => return Err(Without::LoggedOut),
            }
        }
    }

    pub fn wait(&self, flight: &Awaited, call: &Call) -> Result<Ending<Why>, Without> {
        call.wait_for(&flight.ended, "while waiting for a new token").map_err(Without::Ended)?;
        Ok(flight.ending.get().cloned().unwrap_or(Ending::Unchanged))
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

    /// Begins a flight. It belongs to the session: whoever waits for it may go away.
    pub fn launch(self: &Arc<Self>, step: Step<Credential>) {
        let core = self.clone();
        if let Err(error) = platform::spawn("ecgrid-session", Box::new(move || renewal::fly(&core, step))) {
            self.not_launched(&error);
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

    /// Nobody will ask again: what is under way may end.
    pub fn abandon(&self) {
        if let Some(place) = &self.place {
            place.leave();
        }
        self.abandoned.store(true, Ordering::SeqCst);
        self.flight_scope.cancel();
    }

    pub fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::SeqCst)
    }
}

/// A credential in the hands of one call.
pub struct Exchanging<'a> {
    core: &'a Core,
    pub lease: Lease<Credential>,
    pub result: Exchange<Credential>,
    _hold: Hold,
}

impl Exchanging<'_> {
    pub fn replace(&mut self, key: &str) {
        self.result = Exchange::Replaced(Grant::key(Credential::key(key)));
    }
}

impl Drop for Exchanging<'_> {
    fn drop(&mut self) {
        let result = std::mem::replace(&mut self.result, Exchange::Unchanged);
        self.core.flights.end_exchange(result, platform::steady_clock());
        self.core.landed();
    }
}
