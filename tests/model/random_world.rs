//! Callers, a flight and a logout, driven step by step.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::flight::{Ending, Exchange, Grant, Landing, Latch, Lease, Ledger, Offer, SingleFlight, Step, Time};
use crate::known::{Answer, Known, Token, Told, same};
use crate::random_server::Server;

pub const CALLERS: usize = 4;

/// Wakes nobody: those who wait ask again when the script says so.
#[derive(Default)]
pub struct Slip(OnceCell<Told>);

impl Latch<&'static str> for Slip {
    fn open(&self, ending: Told) {
        self.0.set(ending).expect("told once");
    }
}

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
    /// `rejected` is what the call came back 401 with, and how many tokens had been vouched for by then, if that was the
    /// first time.
    Waiting {
        post: u64,
        rejected: Option<(Lease<Token>, Option<u64>)>,
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
    flights: SingleFlight<Token, &'static str, Slip>,
    now: Time,
    callers: [Caller; CALLERS],
    posts: u64,
    airborne: Option<(Step<Token>, Option<Arrived>)>,
    /// Refreshes that the session thinks lost, and that the server may still get.
    late: Vec<Token>,
    leaving: Option<Leaving>,
    /// Those who force a refresh, each with the number of the flight.
    forcing: Vec<(usize, Arc<Slip>)>,
    known: Known,
    /// All that was begun.
    begun: Vec<Step<Token>>,
    pub good_calls: u64,
}

impl World {
    pub fn new(keeps_password: bool, kept_alive: bool) -> Self {
        let mut server = Server::default();
        let current = server.grant(100, Time::ZERO);
        let ledger = Ledger::with_token(current.clone(), keeps_password);
        let known = Known::new(current, keeps_password);
        let (ledger, known) = if kept_alive { (ledger.kept_alive(), known.kept_alive()) } else { (ledger, known) };
        Self {
            server,
            flights: SingleFlight::new(ledger),
            now: Time::ZERO,
            callers: [const { Caller::Idle }; CALLERS],
            posts: 0,
            airborne: None,
            late: Vec::new(),
            leaving: None,
            forcing: Vec::new(),
            known,
            begun: Vec::new(),
            good_calls: 0,
        }
    }

    /// A program tells of a 401 to a request of its own, with the newest token or an older one.
    pub fn told_of_a_401(&mut self, older: u64) {
        let token = Token(self.known.current.credential.0.saturating_sub(older));
        let generation = self.flights.generation_of(|current| *current == token);
        assert_eq!(generation.is_some(), self.known.is_held(token), "{token:?}");
        if let Some(generation) = generation {
            self.known.refused(token, self.now);
            self.flights.refused(generation, "401", self.now);
        }
    }

    /// What keeps the session alive looks at it.
    pub fn attend(&mut self) {
        let offer = self.flights.attend(self.now);
        self.known.check_caller(&offer, None, self.now);
        if let Offer::Start(step, _) = offer {
            self.begin(step);
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
                self.callers[caller] = Caller::Waiting { post: self.posts, rejected: None };
                self.known.used(self.now);
                match self.flights.read(caller, self.now) {
                    Some(lease) => self.answered::<()>(caller, Offer::Take(lease)),
                    None => self.step(caller),
                }
            }
            Caller::Waiting { rejected: None, .. } => {
                self.known.used(self.now);
                let offer = self.flights.ask(caller, self.now);
                self.answered(caller, offer);
            }
            Caller::Waiting { rejected: Some((ref lease, first)), .. } => {
                let offer = match first {
                    Some(_) => self.flights.ask_for_other(lease.generation, self.now),
                    None => self.flights.ask_for_newer(lease.generation, self.now),
                };
                self.answered(caller, offer);
            }
        }
    }

    fn answered<L>(&mut self, caller: usize, offer: Answer<L>) {
        let Caller::Waiting { post, ref rejected } = self.callers[caller] else { unreachable!() };
        match rejected {
            Some((lease, None)) => self.known.check_newer(&offer, lease, self.now),
            Some((lease, Some(vouched))) => {
                self.known.check_caller(&offer, Some((lease.generation, *vouched)), self.now);
            }
            None => self.known.check_caller(&offer, None, self.now),
        }
        match offer {
            Offer::Take(lease) => {
                self.callers[caller] = Caller::Sent { post, lease, again: rejected.is_some(), arrived: None };
            }
            Offer::Wait(_) => {}
            Offer::Start(step, _) => self.begin(step),
            _ => self.callers[caller] = Caller::Idle,
        }
    }

    pub fn call_arrives(&mut self, caller: usize) {
        if let Caller::Sent { post, lease, arrived, .. } = &mut self.callers[caller] {
            arrived.get_or_insert_with(|| self.server.post(*post, lease.credential, self.now));
        }
    }

    /// Whatever its token, the call is one that is answered by 401.
    pub fn call_is_refused(&mut self, caller: usize) {
        if let Caller::Sent { arrived, .. } = &mut self.callers[caller] {
            arrived.get_or_insert(false);
        }
        self.call_answered(caller);
    }

    pub fn call_answered(&mut self, caller: usize) {
        self.call_arrives(caller);
        let Caller::Sent { post, ref lease, again, arrived } = self.callers[caller] else { return };
        let lease = lease.clone();
        self.callers[caller] = Caller::Idle;
        if arrived == Some(true) {
            self.good_calls += 1;
            self.known.well |= lease.credential == self.known.current.credential;
            return;
        }
        self.known.refused(lease.credential, self.now);
        self.flights.refused(lease.generation, "401", self.now);
        let first = (!again).then_some(self.known.vouched);
        self.callers[caller] = Caller::Waiting { post, rejected: Some((lease, first)) };
        self.step(caller);
    }

    pub fn is_idle(&self, caller: usize) -> bool {
        matches!(self.callers[caller], Caller::Idle)
    }

    /// Whoever made the call does not know whether it was done, and does not make it again.
    pub fn call_lost(&mut self, caller: usize) {
        if let Caller::Sent { .. } = self.callers[caller] {
            self.callers[caller] = Caller::Idle;
        }
    }

    pub fn force(&mut self) {
        let offer = self.flights.force(self.now);
        let flight = self.known.check_forced(&offer, self.now);
        match offer {
            Offer::Start(step, slip) => {
                self.forcing.push((flight, slip));
                self.begin(step);
            }
            Offer::Wait(slip) => self.forcing.push((flight, slip)),
            _ => {}
        }
    }

    /// Those whose flight has ended are told of that one, and go on to another if it was none for them.
    fn tell(&mut self) {
        for (flight, slip) in std::mem::take(&mut self.forcing) {
            match slip.0.get() {
                None => self.forcing.push((flight, slip)),
                Some(told) => {
                    self.known.check_ending(flight, told.clone());
                    if *told == Ending::Unchanged {
                        self.force();
                    }
                }
            }
        }
    }

    pub fn forget_password(&mut self) {
        self.flights.forget_password();
        self.known.forget_password();
    }

    pub fn logout_begins(&mut self) {
        if self.leaving.is_some() {
            return;
        }
        let offer = self.flights.begin_logout();
        self.known.check_logout(&offer, self.now);
        self.leaving = match offer {
            Offer::Take(lease) => {
                self.known.exchange_begins();
                Some(Leaving::With { token: lease.credential, arrived: false })
            }
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
            Some(Leaving::With { .. }) if !answered => {
                self.flights.end_exchange(Exchange::Unchanged, self.now);
                self.known.exchange_ends(None, self.now);
            }
            Some(Leaving::With { .. }) => {
                self.flights.end_exchange(Exchange::LoggedOut, self.now);
                self.known.logged_out = true;
                self.known.exchange_ends(None, self.now);
            }
            Some(Leaving::Without) => {
                let done = self.flights.log_out();
                assert_eq!(done, self.airborne.is_none(), "what is under way must be waited for");
                self.known.logged_out |= done;
            }
            None => {}
        }
        self.tell();
    }

    pub fn count(&self, which: impl Fn(&Step<Token>) -> bool) -> usize {
        self.begun.iter().filter(|step| which(step)).count()
    }

    fn begin(&mut self, step: Step<Token>) {
        self.known.begins(&step, self.now);
        self.begun.push(step.clone());
        self.airborne = Some((step, None));
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
            // Of a question that was not answered for another reason than the token nothing follows.
            (Fate::NotSent(_) | Fate::Declined, None) if matches!(step, Step::Probe(_)) => {
                Landing::NotDone("no answer", None)
            }
            (Fate::NotSent(wish), None) => Landing::NotDone("not sent", Some(Time::from_secs(wish))),
            (Fate::Declined, None) => Landing::Declined("declined"),
            (Fate::Refused, None) | (_, Some(Arrived::Dead)) => Landing::Refused("refused"),
            (Fate::Lost | Fate::Answered(_), None) => {
                self.late.extend(if let Step::Refresh(token) = step { Some(token) } else { None });
                Landing::Unknown("lost")
            }
        };
        let told = same(&landing);
        let next = self.flights.landed(landing, self.now);
        self.known.learns(&step, &told, self.now);
        match next {
            Some(next) => self.begin(next),
            None => self.known.flight_ends(&told),
        }
        self.tell();
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
        let is_idle = self.callers.iter().all(|caller| matches!(caller, Caller::Idle));
        assert!(is_idle && self.forcing.is_empty(), "somebody waits for ever");
        for _ in 0..20 {
            self.step(0);
            self.flight_lands(Fate::Answered(1_000_000));
            self.call_answered(0);
            self.pass(10);
        }
        assert!(self.known.well || self.known.logged_out || self.known.is_over(), "the session is of no use");
    }
}
