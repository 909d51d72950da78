//! What a session knows of its credential, and what follows from it. No I/O, no clock and no lock: times are given.
//! docs/sessions.md has the table of decisions.

use std::time::Duration;

use super::pauses::Pauses;
use super::terms::{Exchange, Grant, Lease, Offer, Step, Time};

/// A credential that is refused sooner than this after it took the place of a refused one, and before it is due, is
/// no reason for another.
const YOUNG: Duration = Duration::from_secs(60);

pub struct Ledger<T, E> {
    pub(super) generation: u64,
    pub(super) phase: Phase<T, E>,
    pub(super) flight: Option<Flight>,
    /// A call with the credential came back 401 during the flight: what that means is settled when the flight has
    /// ended.
    pub(super) late_refusal: Option<E>,
    pub(super) may_log_in: bool,
    /// Flights in a row that brought nothing.
    pub(super) failures: u32,
    /// Logins of its own in a row whose token did not last.
    pub(super) brief_logins: u32,
    pub(super) not_before: Time,
    /// As the server asked; part of `not_before`.
    pub(super) wished: Time,
    /// What went wrong in the last flight that brought nothing.
    pub(super) trouble: Option<E>,
    /// None where somebody asks without pause.
    pauses: Option<Pauses>,
}

pub(super) enum Phase<T, E> {
    Holding(Holding<T>),
    /// The credential is dead, but there is a password.
    Bereft(E),
    Over(E),
    LoggedOut,
}

pub(super) struct Holding<T> {
    pub(super) grant: Grant<T>,
    pub(super) condition: Condition,
    pub(super) origin: Origin,
    pub(super) since: Time,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Condition {
    Good,
    /// A call with it came back 401.
    Rejected,
    /// The answer to its refresh got lost.
    Doubtful,
    /// A call with it came back 401, as one did with that which it replaced: perhaps that is about the calls.
    Questioned,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Origin {
    /// It cannot be renewed.
    Key,
    /// Granted to the user, or when the one before was due.
    Regular,
    /// Refreshed because the one before was refused.
    Replacement,
    OwnLogin,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Flight {
    Refresh,
    Probe,
    LogIn,
    /// A call that ends or replaces the credential.
    Exchange,
}

impl<T> Holding<T> {
    pub(super) fn is_young(&self, now: Time) -> bool {
        now < self.since.saturating_add(YOUNG).min(self.grant.due)
    }
}

impl<T: Clone> Holding<T> {
    fn lease(&self, generation: u64, until: Time) -> Lease<T> {
        let Grant { credential, .. } = &self.grant;
        Lease { generation, credential: credential.clone(), until, short_pause: self.grant.short_pause() }
    }
}

impl<T: Clone, E: Clone> Ledger<T, E> {
    pub fn with_token(grant: Grant<T>, may_log_in: bool) -> Self {
        Self::new(grant, Origin::Regular, may_log_in)
    }

    pub fn with_key(key: T) -> Self {
        Self::new(Grant::key(key), Origin::Key, false)
    }

    fn new(grant: Grant<T>, origin: Origin, may_log_in: bool) -> Self {
        let holding = Holding { grant, condition: Condition::Good, origin, since: Time::ZERO };
        Self {
            generation: 1,
            phase: Phase::Holding(holding),
            flight: None,
            late_refusal: None,
            may_log_in,
            failures: 0,
            brief_logins: 0,
            not_before: Time::ZERO,
            wished: Time::ZERO,
            trouble: None,
            pauses: Some(Pauses::default()),
        }
    }

    /// Somebody asks whenever the token is due, so pauses between calls do not matter.
    pub fn kept_alive(self) -> Self {
        Self { pauses: None, ..self }
    }

    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Why the session is over, if it is.
    pub fn over(&self) -> Option<&E> {
        match &self.phase {
            Phase::Over(why) => Some(why),
            _ => None,
        }
    }

    /// That of the credential there is, if it is the one.
    pub fn generation_of(&self, is_it: impl FnOnce(&T) -> bool) -> Option<u64> {
        match &self.phase {
            Phase::Holding(holding) if is_it(&holding.grant.credential) => Some(self.generation),
            _ => None,
        }
    }

    /// Somebody has need of the credential, as nobody had since `before`.
    pub fn used(&mut self, before: Time, now: Time) {
        if let (Phase::Holding(Holding { grant, .. }), Some(pauses)) = (&self.phase, &mut self.pauses) {
            pauses.end(now.saturating_sub(before.max(grant.granted)), grant, now);
        }
    }

    /// Asks for a credential that is good now.
    pub fn ask(&mut self, now: Time) -> Offer<T, E, ()> {
        let pausing = now < self.not_before;
        let step = match &self.phase {
            Phase::LoggedOut => return Offer::LoggedOut,
            Phase::Over(why) => return Offer::Over(why.clone()),
            _ if self.flight.is_some() => return Offer::Wait(()),
            Phase::Bereft(_) => Step::LogIn,
            Phase::Holding(holding) => {
                let Grant { credential, due, ends, .. } = &holding.grant;
                let due = self.pauses.as_ref().map_or(*due, |pauses| pauses.due(&holding.grant));
                let until = if pausing { (*ends).min(self.not_before.max(due)) } else { due };
                match holding.condition {
                    Condition::Good if now < until => {
                        return Offer::Take(holding.lease(self.generation, until));
                    }
                    Condition::Good | Condition::Rejected => Step::Refresh(credential.clone()),
                    Condition::Doubtful | Condition::Questioned => Step::Probe(credential.clone()),
                }
            }
        };
        self.start_or_pause(step, pausing)
    }

    /// A call with the credential of that generation came back 401, because of `why`.
    pub fn refused(&mut self, generation: u64, why: E, now: Time) {
        let is_current = generation == self.generation;
        if is_current && self.flight.is_some() {
            self.late_refusal = Some(why);
        } else if is_current {
            self.take_in(why, now);
        }
    }

    /// Another credential than that of this generation, after `refused`. If it turned out to be good, the 401 was about
    /// the call.
    pub fn ask_for_other(&mut self, generation: u64, now: Time) -> Offer<T, E, ()> {
        match &self.phase {
            Phase::Holding(Holding { condition: Condition::Good, .. })
                if generation == self.generation && self.flight.is_none() =>
            {
                Offer::Stands
            }
            _ => self.ask(now),
        }
    }

    /// Another credential than that of this generation, which a call got a 401 with that had been sent again before:
    /// only what took its place meanwhile, or does so in the flight that is under way.
    pub fn ask_for_newer(&mut self, generation: u64, now: Time) -> Offer<T, E, ()> {
        if generation == self.generation && self.flight.is_none() { Offer::Stands } else { self.ask(now) }
    }

    /// What the 401 of a call means, now that no flight may bring something newer.
    pub(super) fn take_in(&mut self, why: E, now: Time) {
        let Phase::Holding(holding) = &mut self.phase else { return };
        let is_young = holding.is_young(now);
        holding.condition = match (holding.condition, holding.origin) {
            (_, Origin::Key) | (Condition::Rejected | Condition::Questioned, _) => return,
            (Condition::Doubtful, _) => return self.lose(why, now),
            (Condition::Good, Origin::Replacement | Origin::OwnLogin) if is_young => Condition::Questioned,
            (Condition::Good, _) => Condition::Rejected,
        };
        // The server can be reached.
        (self.failures, self.not_before) = (0, self.wished);
    }

    /// Asks for a new credential, due or not.
    pub fn force(&mut self, now: Time) -> Offer<T, E, ()> {
        let (step, not_before) = match &self.phase {
            Phase::Holding(Holding { origin: Origin::Key, .. }) => return Offer::Stands,
            Phase::LoggedOut => return Offer::LoggedOut,
            Phase::Over(why) => return Offer::Over(why.clone()),
            _ if self.flight.is_some() => return Offer::Wait(()),
            // Each login may leave a session open, so they keep to the schedule.
            Phase::Bereft(_) => (Step::LogIn, self.not_before),
            Phase::Holding(holding) => {
                let credential = holding.grant.credential.clone();
                let step = match holding.condition {
                    Condition::Good | Condition::Rejected => Step::Refresh(credential),
                    Condition::Doubtful | Condition::Questioned => Step::Probe(credential),
                };
                (step, self.wished)
            }
        };
        self.start_or_pause(step, now < not_before)
    }

    fn start_or_pause(&mut self, step: Step<T>, pausing: bool) -> Offer<T, E, ()> {
        if let (Some(why), true) = (&self.trouble, pausing) {
            return Offer::Later(self.not_before, why.clone());
        }
        self.flight = Some(match step {
            Step::Refresh(_) => Flight::Refresh,
            Step::Probe(_) => Flight::Probe,
            Step::LogIn => Flight::LogIn,
        });
        Offer::Start(step, ())
    }

    /// Gives a credential that is good now to one call that will replace it, or must not meet a flight; nobody else
    /// gets it meanwhile.
    pub fn begin_exchange(&mut self, now: Time) -> Offer<T, E, ()> {
        let offer = self.ask(now);
        if let Offer::Take(_) = offer {
            self.flight = Some(Flight::Exchange);
        }
        offer
    }

    /// Gives the credential to one call that will end it, good or not: a 401 may have been about the call that got it.
    pub fn begin_logout(&mut self) -> Offer<T, E, ()> {
        match &self.phase {
            Phase::LoggedOut => Offer::LoggedOut,
            _ if self.flight.is_some() => Offer::Wait(()),
            Phase::Bereft(why) | Phase::Over(why) => Offer::Over(why.clone()),
            Phase::Holding(holding) => {
                self.flight = Some(Flight::Exchange);
                Offer::Take(holding.lease(self.generation, Time::ZERO))
            }
        }
    }

    pub fn end_exchange(&mut self, exchange: Exchange<T>, now: Time) {
        self.flight = None;
        let refusal = self.late_refusal.take();
        match exchange {
            Exchange::Unchanged => {
                if let Some(why) = refusal {
                    self.take_in(why, now);
                }
            }
            Exchange::LoggedOut => self.phase = Phase::LoggedOut,
            Exchange::Replaced(grant) => {
                self.generation += 1;
                if let Some(holding) = self.holding() {
                    holding.grant = grant;
                }
            }
        }
    }

    /// A session that is over may still be logged out, once and for all. False when a flight is under way, which has
    /// to be waited for: what it brings must be logged out too.
    pub fn log_out(&mut self) -> bool {
        let done = self.flight.is_none();
        if done {
            self.phase = Phase::LoggedOut;
        }
        done
    }

    /// From now on a dead credential is the end.
    pub fn forget_password(&mut self) {
        self.may_log_in = false;
        self.give_up_without_password();
    }

    /// Without a password nothing is left to try, once the login under way has landed.
    pub(super) fn give_up_without_password(&mut self) {
        if let (Phase::Bereft(why), None, false) = (&self.phase, self.flight, self.may_log_in) {
            self.phase = Phase::Over(why.clone());
        }
    }

    pub(super) fn holding(&mut self) -> Option<&mut Holding<T>> {
        match &mut self.phase {
            Phase::Holding(holding) => Some(holding),
            _ => None,
        }
    }
}
