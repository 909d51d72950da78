//! Callers, a flight and a logout, driven step by step.

use crate::flight::{Exchange, Grant, Landing, Latch, Lease, Ledger, Offer, Replicate, SingleFlight, Step, Time};
use crate::known::Known;
use crate::random_server::Server;

pub const CALLERS: usize = 4;

/// Newer tokens have higher numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token(pub u64);

impl Replicate for Token {
    fn replica(&self) -> Self {
        *self
    }
}

/// Wakes nobody: those who wait ask again when the script says so.
#[derive(Default)]
pub struct NoLatch;

impl Latch for NoLatch {
    fn open(&self) {}
}

pub type Answer<L> = Offer<Token, &'static str, L>;

/// How a step of the flight goes. Seconds are the new token's lifetime, or the pause that the server asks for.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
    Answered(u64),
    Lost,
    NotSent(u64),
    Refused,
    Declined,
}

enum Caller {
    Idle,
    /// `rejected` is the generation with which the call came back 401.
    Waiting {
        post: u64,
        seen: u64,
        rejected: Option<u64>,
    },
    Sent {
        post: u64,
        lease: Lease<Token>,
        again: bool,
        arrived: Option<bool>,
    },
}

#[derive(Clone)]
enum Arrived {
    Granted(Grant<Token>),
    Alive,
    Dead,
}

/// A logout under way.
enum Leaving {
    With {
        token: Token,
        arrived: bool,
    },
    /// There was no token to log out.
    Without,
}

pub struct World {
    pub server: Server,
    flights: SingleFlight<Token, &'static str, NoLatch>,
    now: Time,
    callers: [Caller; CALLERS],
    posts: u64,
    airborne: Option<(Step<Token>, Option<Arrived>)>,
    /// Refreshes that the session thinks lost, and that the server may still get.
    late: Vec<Token>,
    leaving: Option<Leaving>,
    known: Known,
}

impl World {
    pub fn new(keeps_password: bool) -> Self {
        let mut server = Server::default();
        let current = server.grant(100, Time::ZERO);
        Self {
            server,
            flights: SingleFlight::new(Ledger::with_token(current.clone(), keeps_password)),
            now: Time::ZERO,
            callers: [const { Caller::Idle }; CALLERS],
            posts: 0,
            airborne: None,
            late: Vec::new(),
            leaving: None,
            known: Known::new(current, keeps_password),
        }
    }

    pub fn pass(&mut self, seconds: u64) {
        self.now += Time::from_secs(seconds);
    }

    pub fn step(&mut self, caller: usize) {
        match self.callers[caller] {
            Caller::Sent { .. } => {}
            Caller::Idle => {
                self.posts += 1;
                let seen = self.flights.generation();
                self.callers[caller] = Caller::Waiting { post: self.posts, seen, rejected: None };
                match self.flights.read(caller, self.now) {
                    Some(lease) => self.answered::<()>(caller, Offer::Take(lease)),
                    None => self.step(caller),
                }
            }
            Caller::Waiting { seen, .. } => {
                let offer = self.flights.ask(caller, seen, self.now);
                self.answered(caller, offer);
            }
        }
    }

    fn answered<L>(&mut self, caller: usize, offer: Answer<L>) {
        let Caller::Waiting { post, seen, rejected } = self.callers[caller] else { unreachable!() };
        match self.checked(offer) {
            Offer::Take(lease) => {
                assert!(!self.known.doubtful, "nobody knows whether {lease:?} is good");
                let is_new = seen < lease.generation;
                assert!(
                    is_new || self.now < self.known.current.ends,
                    "{lease:?} has ended, and is none that was waited for"
                );
                assert!(rejected.is_none_or(|old| lease.generation > old), "{lease:?} was refused already");
                self.callers[caller] = Caller::Sent { post, lease, again: rejected.is_some(), arrived: None };
            }
            Offer::Wait(_) => {}
            Offer::Start(step, _) => {
                assert!(self.now >= self.known.not_before, "{step:?} before its time");
                self.begin(step);
            }
            offer => {
                self.known.check_end(&offer);
                self.callers[caller] = Caller::Idle;
            }
        }
    }

    pub fn call_arrives(&mut self, caller: usize) {
        if let Caller::Sent { post, lease, arrived, .. } = &mut self.callers[caller] {
            arrived.get_or_insert_with(|| self.server.post(*post, lease.credential, self.now));
        }
    }

    pub fn call_answered(&mut self, caller: usize) {
        self.call_arrives(caller);
        let Caller::Sent { post, ref lease, again, arrived } = self.callers[caller] else { return };
        let (generation, token) = (lease.generation, lease.credential);
        self.callers[caller] = Caller::Idle;
        if arrived == Some(true) {
            self.flights.went_well(generation);
            self.known.well |= token == self.known.current.credential;
            return;
        }
        let is_busy = self.is_busy();
        self.known.refused(token, is_busy);
        let offer = self.flights.rejected(generation, "401", self.now);
        self.callers[caller] = Caller::Waiting { post, seen: generation, rejected: Some(generation) };
        if again {
            // Told, but not sent a third time.
            if let Offer::Start(step, _) = offer {
                self.begin(step);
            }
            self.callers[caller] = Caller::Idle;
        } else {
            self.answered(caller, offer);
        }
    }

    /// Whoever made the call does not know whether it was done, and does not make it again.
    pub fn call_lost(&mut self, caller: usize) {
        if let Caller::Sent { .. } = self.callers[caller] {
            self.callers[caller] = Caller::Idle;
        }
    }

    pub fn force(&mut self) {
        let offer = self.flights.force();
        match offer {
            Offer::Later(_, why) => assert_eq!((why, self.known.declined), ("declined", true)),
            offer => match self.checked(offer) {
                Offer::Start(step, _) => self.begin(step),
                offer => self.known.check_end(&offer),
            },
        }
    }

    pub fn forget_password(&mut self) {
        self.flights.forget_password();
        self.known.keeps_password = false;
    }

    pub fn logout_begins(&mut self) {
        if self.leaving.is_some() {
            return;
        }
        let offer = self.flights.begin_exchange();
        self.leaving = match self.checked(offer) {
            Offer::Take(lease) => Some(Leaving::With { token: lease.credential, arrived: false }),
            Offer::Over(_) => Some(Leaving::Without),
            _ => None,
        };
    }

    pub fn logout_arrives(&mut self) {
        if let Some(Leaving::With { token, arrived }) = &mut self.leaving {
            *arrived = true;
            self.server.end(*token);
        }
    }

    pub fn logout_ends(&mut self, answered: bool) {
        if answered {
            self.logout_arrives();
        }
        match self.leaving.take() {
            Some(Leaving::With { .. }) if !answered => self.flights.end_exchange(Exchange::Unchanged),
            Some(Leaving::With { .. }) => {
                self.flights.end_exchange(Exchange::LoggedOut);
                self.known.logged_out = true;
            }
            // A login that has begun meanwhile would have to be waited for.
            Some(Leaving::Without) => self.known.logged_out |= self.flights.log_out(),
            None => {}
        }
    }

    fn is_busy(&self) -> bool {
        self.airborne.is_some() || matches!(self.leaving, Some(Leaving::With { .. }))
    }

    fn begin(&mut self, step: Step<Token>) {
        self.known.begins(&step, self.is_busy(), self.now);
        self.airborne = Some((step, None));
    }

    fn checked<L>(&self, offer: Answer<L>) -> Answer<L> {
        self.known.check(&offer, self.is_busy(), self.now);
        offer
    }

    pub fn flight_arrives(&mut self) {
        self.arrive(100);
    }

    fn arrive(&mut self, lifetime: u64) {
        let Some((step, arrived)) = &mut self.airborne else { return };
        arrived.get_or_insert_with(|| match *step {
            Step::LogIn => Arrived::Granted(self.server.grant(lifetime, self.now)),
            Step::Probe(token) if self.server.knows(token, self.now) => Arrived::Alive,
            Step::Probe(_) => Arrived::Dead,
            Step::Refresh(token) => {
                self.server.refresh(token, lifetime, self.now).map_or(Arrived::Dead, Arrived::Granted)
            }
        });
    }

    pub fn late_arrival(&mut self) {
        if let Some(token) = self.late.pop() {
            self.server.refresh(token, 100, self.now);
        }
    }

    pub fn flight_lands(&mut self, fate: Fate) {
        if let Fate::Answered(lifetime) = fate {
            self.arrive(lifetime);
        }
        let Some((step, arrived)) = self.airborne.take() else { return };
        let landing = match (fate, arrived) {
            (Fate::Lost | Fate::NotSent(_), Some(_)) => Landing::Unknown("lost"),
            (_, Some(Arrived::Granted(grant))) => Landing::Granted(grant),
            (_, Some(Arrived::Alive)) => Landing::Alive,
            (Fate::NotSent(wish), None) => Landing::NotDone("not sent", Some(Time::from_secs(wish))),
            (Fate::Declined, None) => Landing::Declined("declined"),
            (Fate::Refused, None) | (_, Some(Arrived::Dead)) => Landing::Refused("refused"),
            (Fate::Lost | Fate::Answered(_), None) => {
                self.late.extend(if let Step::Refresh(token) = step { Some(token) } else { None });
                Landing::Unknown("lost")
            }
        };
        self.known.learns(&step, &landing, self.now);
        if let Some(next) = self.flights.landed(landing, self.now) {
            self.begin(next);
        }
    }

    /// The server is well again, everything under way comes to its end, and the session is of use or says why not.
    pub fn comes_to_rest(mut self) {
        self.logout_ends(false);
        for _ in 0..20 {
            self.flight_lands(Fate::Answered(1_000_000));
            for caller in 0..CALLERS {
                self.call_answered(caller);
                if let Caller::Waiting { .. } = self.callers[caller] {
                    self.step(caller);
                }
            }
            self.pass(10);
        }
        assert!(self.callers.iter().all(|caller| matches!(caller, Caller::Idle)), "somebody waits for ever");
        for _ in 0..20 {
            self.step(0);
            self.flight_lands(Fate::Answered(1_000_000));
            self.call_answered(0);
            self.pass(10);
        }
        assert!(
            self.known.well || self.known.logged_out || (self.known.is_dead(self.now) && !self.known.can_log_in()),
            "the session is of no use"
        );
    }
}
