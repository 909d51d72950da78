//! Callers, and a watch over what they are handed.

use std::sync::Mutex as Unseen;
use std::sync::MutexGuard as UnseenGuard;

use loom::sync::{Condvar, Mutex};

use crate::flight::{Ending, Exchange, Grant, Landing, Latch, Lease, Ledger, Offer, SingleFlight, Step, Time};
use crate::known::{Answer, Known, Landed, Token, Told, same};
use crate::server::{Server, grant};
use crate::sync::Arc;

#[derive(Default)]
pub struct Gate {
    ending: Mutex<Option<Told>>,
    opened: Condvar,
}

impl Gate {
    fn wait(&self) -> Told {
        let mut ending = self.ending.lock().unwrap();
        loop {
            match ending.take() {
                Some(told) => return ending.insert(told).clone(),
                None => ending = self.opened.wait(ending).unwrap(),
            }
        }
    }
}

impl Latch<&'static str> for Gate {
    fn open(&self, ending: Told) {
        *self.ending.lock().unwrap() = Some(ending);
        self.opened.notify_all();
    }
}

pub struct World {
    flights: SingleFlight<Token, &'static str, Gate>,
    pub server: Mutex<Server>,
    /// The checker does not see it: it adds no interleavings, and what is written here right after a lock was given back was written with that.
    known: Unseen<Known>,
}

/// Why a caller has no token.
#[derive(Debug, PartialEq)]
pub enum Without {
    Later,
    /// It was refused, and is good.
    Stands,
    Over,
    LoggedOut,
}

/// How a call is answered that has a good token.
#[derive(Clone, Copy, PartialEq)]
pub enum Endpoint {
    Good,
    /// By 401, as with any other.
    Refuses,
}

impl World {
    pub fn new(server: Server, with_password: bool) -> Self {
        Self::of(server, Ledger::with_token(grant(Token(1)), with_password), Known::new(grant(Token(1)), with_password))
    }

    /// A session whose first token is this.
    pub fn with(server: Server, first: Grant<Token>) -> Self {
        Self::of(server, Ledger::with_token(first.clone(), false), Known::new(first, false))
    }

    /// A session that is kept alive.
    pub fn kept_alive(server: Server) -> Self {
        let ledger = Ledger::with_token(grant(Token(1)), false).kept_alive();
        Self::of(server, ledger, Known::new(grant(Token(1)), false).kept_alive())
    }

    fn of(server: Server, ledger: Ledger<Token, &'static str>, known: Known) -> Self {
        Self { flights: SingleFlight::new(ledger), server: Mutex::new(server), known: Unseen::new(known) }
    }

    /// What keeps the session alive looks at it. Whether there is a token after that.
    pub fn attend(&self, now: Time) -> bool {
        for _ in 0..10 {
            let offer = self.flights.attend(now);
            self.known().check_caller(&offer, None, now);
            match offer {
                Offer::Take(_) => return true,
                Offer::Wait(gate) => drop(gate.wait()),
                Offer::Start(step, _) => self.fly(step, now),
                Offer::Later(..) | Offer::Over(_) | Offer::LoggedOut => return false,
                Offer::Stands => unreachable!("there are no API keys here"),
            }
        }
        panic!("it asks for ever");
    }

    /// A token by the thread's shard, else by asking.
    pub fn lease(&self, shard: usize, now: Time) -> Result<Lease<Token>, Without> {
        self.known().used(now);
        if let Some(lease) = self.flights.read(shard, now) {
            self.known().check_caller::<()>(&Offer::Take(lease.clone()), None, now);
            return Ok(lease);
        }
        self.settle(|world| world.checked(world.flights.ask(shard, now), None, now), now)
    }

    /// One call, sent again if it comes back 401, and after that with what took the place of the refused token
    /// meanwhile. Whether it was answered well in the end.
    pub fn call(&self, shard: usize, now: Time) -> Result<bool, Without> {
        let lease = self.lease(shard, now)?;
        self.call_with(&lease, Endpoint::Good, now)
    }

    pub fn call_with(&self, lease: &Lease<Token>, endpoint: Endpoint, now: Time) -> Result<bool, Without> {
        if self.arrives(lease, endpoint) {
            return Ok(true);
        }
        self.refused(lease, now);
        let refused = Some((lease.generation, self.known().vouched));
        let ask = |world: &Self| world.checked(world.flights.ask_for_other(lease.generation, now), refused, now);
        let newer = self.settle(ask, now)?;
        self.call_again(newer, endpoint, now)
    }

    fn call_again(&self, mut lease: Lease<Token>, endpoint: Endpoint, now: Time) -> Result<bool, Without> {
        while !self.arrives(&lease, endpoint) {
            self.refused(&lease, now);
            let newer = self.settle(
                |world| {
                    let offer = world.flights.ask_for_newer(lease.generation, now);
                    world.known().check_newer(&offer, &lease, now);
                    offer
                },
                now,
            );
            match newer {
                Ok(newer) => lease = newer,
                Err(Without::Stands) => return Ok(false),
                Err(without) => return Err(without),
            }
        }
        Ok(true)
    }

    fn arrives(&self, lease: &Lease<Token>, endpoint: Endpoint) -> bool {
        self.server.lock().unwrap().live == Some(lease.credential) && endpoint == Endpoint::Good
    }

    /// A call came back 401.
    pub fn refused(&self, lease: &Lease<Token>, now: Time) {
        self.flights.refused(lease.generation, "401", now);
        self.known().refused(lease.credential, now);
    }

    /// Token 1 is refused, and a step begins that goes like this, and the next like that.
    pub fn begin_with(&self, landings: impl IntoIterator<Item = Landed>, now: Time) {
        let lease = self.lease(0, now).unwrap();
        self.refused(&lease, now);
        let Offer::Start(step, _) = self.flights.ask_for_other(lease.generation, now) else { unreachable!() };
        self.known().begins(&step, now);
        let mut next = Some(step);
        for landing in landings {
            next = self.land(&next.unwrap(), landing, now);
        }
        assert_eq!(next, None);
    }

    /// A new token, forced. Whether there is one.
    pub fn force(&self, now: Time) -> bool {
        loop {
            let offer = self.flights.force(now);
            let flight = self.known().check_forced(&offer, now);
            let told = match offer {
                Offer::Start(step, gate) => {
                    self.fly(step, now);
                    gate.wait()
                }
                Offer::Wait(gate) => gate.wait(),
                _ => return false,
            };
            self.known().check_ending(flight, told.clone());
            match told {
                Ending::Renewed => return true,
                Ending::Failed(_) | Ending::Over(_) => return false,
                Ending::Unchanged => {}
            }
        }
    }

    pub fn log_out(&self, now: Time) {
        loop {
            match self.begin_logout(now) {
                Ok(lease) => {
                    let live = self.server.lock().unwrap().live.take();
                    assert!(live.is_none_or(|live| live == lease.credential), "not the newest");
                    self.flights.end_exchange(Exchange::LoggedOut, now);
                    let mut known = self.known();
                    known.logged_out = true;
                    return known.exchange_ends(None, now);
                }
                Err(Without::LoggedOut) => return,
                // Unless a login has begun meanwhile, which is waited for, and logged out.
                Err(_) if self.flights.log_out() => {
                    self.known().logged_out = true;
                    return;
                }
                Err(_) => {}
            }
        }
    }

    /// Exchanges the credential, as a new API key does: the old one is dead at once.
    pub fn replace(&self, now: Time) {
        let lease = self.begin_exchange(now).unwrap();
        let new = grant(self.server.lock().unwrap().refresh(lease.credential).unwrap());
        self.flights.end_exchange(Exchange::Replaced(new.clone()), now);
        self.known().exchange_ends(Some(new), now);
    }

    /// A call has the credential to itself, and changes nothing.
    pub fn exchange(&self, now: Time) {
        if self.begin_exchange(now).is_ok() {
            self.flights.end_exchange(Exchange::Unchanged, now);
            self.known().exchange_ends(None, now);
        }
    }

    fn begin_exchange(&self, now: Time) -> Result<Lease<Token>, Without> {
        self.settle(|world| world.exchanging(world.checked(world.flights.begin_exchange(now), None, now)), now)
    }

    fn begin_logout(&self, now: Time) -> Result<Lease<Token>, Without> {
        self.settle(
            |world| {
                let offer = world.flights.begin_logout();
                world.known().check_logout(&offer, now);
                world.exchanging(offer)
            },
            now,
        )
    }

    fn exchanging(&self, offer: Answer<Arc<Gate>>) -> Answer<Arc<Gate>> {
        if let Offer::Take(_) = offer {
            self.known().exchange_begins();
        }
        offer
    }

    pub fn forget_password(&self) {
        self.flights.forget_password();
        self.known().forget_password();
    }

    /// What the server has seen in the end.
    pub fn expect(&self, refreshes: &[Token], logins: u64, live: Option<Token>) {
        let server = self.server.lock().unwrap();
        assert_eq!((&*server.refreshes, server.logins, server.live), (refreshes, logins, live));
    }

    fn checked(&self, offer: Answer<Arc<Gate>>, rejected: Option<(u64, u64)>, now: Time) -> Answer<Arc<Gate>> {
        self.known().check_caller(&offer, rejected, now);
        offer
    }

    fn settle(&self, mut ask: impl FnMut(&Self) -> Answer<Arc<Gate>>, now: Time) -> Result<Lease<Token>, Without> {
        // More than any has need of here.
        for _ in 0..10 {
            match ask(self) {
                Offer::Take(lease) => return Ok(lease),
                Offer::Wait(gate) => drop(gate.wait()),
                Offer::Start(step, _) => self.fly(step, now),
                Offer::Later(..) => return Err(Without::Later),
                Offer::Over(_) => return Err(Without::Over),
                Offer::LoggedOut => return Err(Without::LoggedOut),
                Offer::Stands => return Err(Without::Stands),
            }
        }
        panic!("somebody asks for ever");
    }

    /// What the flight's own thread does.
    fn fly(&self, step: Step<Token>, now: Time) {
        self.known().begins(&step, now);
        let mut next = Some(step);
        while let Some(step) = next {
            let landing = self.server.lock().unwrap().take(&step);
            next = self.land(&step, landing, now);
        }
    }

    fn land(&self, step: &Step<Token>, landing: Landed, now: Time) -> Option<Step<Token>> {
        let told = same(&landing);
        let next = self.flights.landed(landing, now);
        let mut known = self.known();
        known.learns(step, &told, now);
        match &next {
            Some(next) => known.begins(next, now),
            None => known.flight_ends(&told),
        }
        next
    }

    fn known(&self) -> UnseenGuard<'_, Known> {
        self.known.lock().unwrap()
    }
}

/// That token 1 was replaced by token 2.
pub fn replaced() -> Landed {
    Landing::Granted(grant(Token(2)))
}
