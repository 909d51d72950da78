//! Callers and a tiny server, and a watch over what the callers are handed.

use loom::sync::{Condvar, Mutex, MutexGuard};

use crate::flight::{Exchange, Grant, Landing, Latch, Lease, Ledger, Offer, Replicate, SingleFlight, Step, Time};
use crate::sync::Arc;

/// Newer tokens have higher numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token(pub u64);

impl Replicate for Token {
    fn replica(&self) -> Self {
        *self
    }
}

#[derive(Default)]
pub struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn wait(&self) {
        let mut is_open = self.is_open.lock().unwrap();
        while !*is_open {
            is_open = self.opened.wait(is_open).unwrap();
        }
    }
}

impl Latch for Gate {
    fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

/// What becomes of refreshes and logins.
#[derive(Clone, Copy, PartialEq)]
pub enum Line {
    Good,
    Refuses,
    Declines,
    NotSent,
    /// Takes a dead token for a refresh.
    Revives,
    /// Refreshes are done, and their answers get lost.
    LosesAnswers,
    /// Refreshes get stuck: whoever sent one is told nothing, and it may arrive later.
    LosesRequests,
}

pub struct Server {
    pub live: Option<Token>,
    pub line: Line,
    pub logins: u64,
    /// The tokens with which refreshes were asked for.
    pub refreshes: Vec<Token>,
    newest: u64,
}

impl Server {
    pub fn new(line: Line) -> Self {
        Self { live: Some(Token(1)), line, logins: 0, refreshes: Vec::new(), newest: 1 }
    }

    fn grant(&mut self) -> Token {
        self.newest += 1;
        *self.live.insert(Token(self.newest))
    }

    /// Grants a new token and kills the old one.
    pub fn refresh(&mut self, token: Token) -> Option<Token> {
        (self.live == Some(token)).then(|| self.grant())
    }

    fn take(&mut self, step: &Step<Token>) -> Landing<Token, &'static str> {
        match *step {
            _ if self.line == Line::NotSent => Landing::NotDone("not sent", None),
            Step::Probe(token) if self.live == Some(token) => Landing::Alive,
            Step::Probe(_) => Landing::Refused("dead"),
            Step::LogIn => {
                self.logins += 1;
                Landing::Granted(grant(self.grant()))
            }
            Step::Refresh(token) => {
                self.refreshes.push(token);
                match self.line {
                    Line::Declines => return Landing::Declined("declined"),
                    Line::Refuses => return Landing::Refused("refused"),
                    Line::LosesRequests => return Landing::Unknown("lost"),
                    _ => {}
                }
                if self.line == Line::Revives && self.live.is_none() {
                    self.live = Some(token);
                }
                match (self.refresh(token), self.line) {
                    (Some(_), Line::LosesAnswers) => Landing::Unknown("lost"),
                    (Some(new), _) => Landing::Granted(grant(new)),
                    (None, _) => Landing::Refused("dead"),
                }
            }
        }
    }
}

/// When token 1 is due. Those that come later are due later.
pub const DUE: Time = Time::from_secs(80);

pub fn grant(token: Token) -> Grant<Token> {
    Grant { credential: token, due: DUE * token.0 as u32, ends: DUE * 100 }
}

/// What the session must know. The checker does not see it, so it adds no interleavings.
#[derive(Clone, Default)]
struct Known {
    dead: Vec<Token>,
    newest: Option<Token>,
    flights: u64,
    flying: Option<(u64, Option<Token>)>,
    logged_out: bool,
}

pub struct World {
    pub flights: SingleFlight<Token, &'static str, Gate>,
    pub server: Mutex<Server>,
    known: Mutex<Known>,
}

/// Why a caller has no token.
#[derive(Debug, PartialEq)]
pub enum Without {
    Later,
    Over,
    LoggedOut,
}

impl World {
    pub fn new(server: Server, with_password: bool) -> Self {
        let flights = SingleFlight::new(Ledger::with_token(grant(Token(1)), with_password));
        Self { flights, server: Mutex::new(server), known: Mutex::default() }
    }

    /// A token by the thread's shard, else by asking.
    pub fn lease(&self, shard: usize, now: Time) -> Result<Lease<Token>, Without> {
        let before = self.known().clone();
        if let Some(lease) = self.flights.read(shard, now) {
            self.check(&before, &lease);
            return Ok(lease);
        }
        let seen = self.flights.generation();
        self.settle(|world| world.flights.ask(shard, seen, now), now)
    }

    /// One call, sent again if it comes back 401. Whether it was answered well in the end.
    pub fn call(&self, shard: usize, now: Time) -> Result<bool, Without> {
        let lease = self.lease(shard, now)?;
        self.call_with(&lease, shard, now)
    }

    pub fn call_with(&self, lease: &Lease<Token>, shard: usize, now: Time) -> Result<bool, Without> {
        if self.arrives(lease) {
            return Ok(true);
        }
        let mut first = true;
        let newer = self.settle(
            |world| {
                if !std::mem::take(&mut first) {
                    return world.flights.ask(shard, lease.generation, now);
                }
                let offer = world.flights.rejected(lease.generation, "401", now);
                world.known().dead.push(lease.credential);
                offer
            },
            now,
        )?;
        assert!(newer.generation > lease.generation, "{newer:?} after {lease:?}");
        Ok(self.arrives(&newer))
    }

    fn arrives(&self, lease: &Lease<Token>) -> bool {
        let is_good = self.server.lock().unwrap().live == Some(lease.credential);
        if is_good {
            self.flights.went_well(lease.generation);
        }
        is_good
    }

    /// A new token, forced. Whether there is one.
    pub fn force(&self, now: Time) -> bool {
        let generation = self.flights.generation();
        match self.flights.force() {
            Offer::Start(step, _) => self.fly(step, now),
            Offer::Wait(gate) => gate.wait(),
            _ => return false,
        }
        self.flights.renewed(generation).is_ok()
    }

    pub fn log_out(&self, now: Time) {
        loop {
            match self.settle(|world| world.flights.begin_exchange(), now) {
                Ok(lease) => {
                    let mut server = self.server.lock().unwrap();
                    assert_eq!(server.live, Some(lease.credential), "not the newest");
                    server.live = None;
                    drop(server);
                    self.flights.end_exchange(Exchange::LoggedOut);
                    break;
                }
                Err(Without::LoggedOut) => break,
                Err(_) if self.flights.log_out() => break,
                // A login has begun meanwhile: it is waited for, and logged out.
                Err(_) => {}
            }
        }
        self.known().logged_out = true;
    }

    /// Exchanges the credential, as a new API key does: the old one is dead at once.
    pub fn replace(&self, now: Time) {
        let lease = self.settle(|world| world.flights.begin_exchange(), now).unwrap();
        let new = self.server.lock().unwrap().refresh(lease.credential).unwrap();
        self.flights.end_exchange(Exchange::Replaced(grant(new)));
        let mut known = self.known();
        known.newest = known.newest.max(Some(new));
        known.dead.push(lease.credential);
    }

    /// What the server has seen in the end.
    pub fn expect(&self, refreshes: &[Token], logins: u64, live: Option<Token>) {
        let server = self.server.lock().unwrap();
        assert_eq!((&*server.refreshes, server.logins, server.live), (refreshes, logins, live));
    }

    fn settle(
        &self,
        mut ask: impl FnMut(&Self) -> Offer<Token, &'static str, Arc<Gate>>,
        now: Time,
    ) -> Result<Lease<Token>, Without> {
        loop {
            let before = self.known().clone();
            match ask(self) {
                Offer::Take(lease) => {
                    self.check(&before, &lease);
                    return Ok(lease);
                }
                Offer::Wait(gate) => gate.wait(),
                Offer::Start(step, _) => self.fly(step, now),
                Offer::Later(..) => return Err(Without::Later),
                Offer::Over(_) => return Err(Without::Over),
                Offer::LoggedOut => return Err(Without::LoggedOut),
                Offer::Stands => unreachable!("there are no API keys here"),
            }
        }
    }

    /// What the flight's own thread does.
    fn fly(&self, step: Step<Token>, now: Time) {
        let mut next = Some(step);
        while let Some(step) = next {
            let mut known = self.known();
            assert_eq!(known.flying, None, "two flights at once");
            known.flights += 1;
            let old = match step {
                Step::Refresh(token) | Step::Probe(token) => Some(token),
                Step::LogIn => None,
            };
            known.flying = Some((known.flights, old));
            drop(known);

            let landing = self.server.lock().unwrap().take(&step);
            let known_dead = {
                let mut known = self.known();
                known.flying = None;
                old.is_some_and(|old| known.dead.contains(&old))
            };
            let granted = match &landing {
                Landing::Granted(grant) => Some(grant.credential),
                _ => None,
            };
            let is_dead = granted.is_some() || matches!(landing, Landing::Refused(_));
            next = self.flights.landed(landing, now);
            assert!(!known_dead || !matches!(next, Some(Step::Probe(_))), "nobody need ask about {old:?}");
            let mut known = self.known();
            known.newest = known.newest.max(granted);
            known.dead.extend(old.filter(|_| is_dead));
        }
    }

    /// Nobody is handed what the session knew better than to hand out when they asked.
    fn check(&self, before: &Known, lease: &Lease<Token>) {
        let token = lease.credential;
        assert!(!before.dead.contains(&token), "{token:?} was known dead");
        assert!(before.newest.is_none_or(|newest| newest <= token), "{token:?} after {:?}", before.newest);
        assert!(!before.logged_out, "{token:?} after the logout");
        if let Some((_, old)) = before.flying {
            assert!(before.flying != self.known().flying || old != Some(token), "{token:?} during its refresh");
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }
}
