//! How a call comes by a credential.

use std::sync::Arc;

use super::credential::Credential;
use super::flight::{Ending, Exchange, Grant, Lease, Offer, Time};
use super::inner::{Awaited, Core, Why};
use super::shard;
use crate::error::Error;
use crate::log::Hold;
use crate::platform;
use crate::request::service::tell_retry;
use crate::token::Token;
use crate::transport::{Call, Failure};

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
        let hold = self.service.log().hold();
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
        self.result = Exchange::Replaced(Grant::key(Arc::new(Token::key(key))));
    }
}

impl Drop for Exchanging<'_> {
    fn drop(&mut self) {
        let result = std::mem::replace(&mut self.result, Exchange::Unchanged);
        self.core.flights.end_exchange(result, platform::steady_clock());
        self.core.landed();
    }
}
