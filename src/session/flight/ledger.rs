//! What a session knows of its credential, and what follows from it. No I/O, no clock and no lock: times are given.
//! docs/sessions.md has the table of decisions.

use super::terms::{Exchange, Grant, Lease, Offer, Step, Time};

pub struct Ledger<T, E> {
    pub(super) generation: u64,
    pub(super) phase: Phase<T, E>,
    pub(super) flight: Option<Flight>,
    /// A call with the credential came back 401 during the flight: what that means is settled when the flight has ended.
    pub(super) late_refusal: Option<Refusal<E>>,
    pub(super) may_log_in: bool,
    /// Flights in a row that brought nothing.
    pub(super) failures: u32,
    pub(super) not_before: Time,
    /// Why the last flight brought nothing.
    pub(super) trouble: Option<E>,
}

pub(super) enum Phase<T, E> {
    Holding(Holding<T, E>),
    /// The credential is dead, but there is a password.
    Bereft(E),
    Over(E),
    LoggedOut,
}

pub(super) struct Holding<T, E> {
    pub(super) grant: Grant<T>,
    pub(super) condition: Condition,
    pub(super) refreshing: Refreshing<E>,
    /// Whether the session logged in for it by itself.
    pub(super) by_itself: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Condition {
    Good,
    /// A call with it came back 401.
    Rejected,
    /// The answer to its refresh got lost.
    Doubtful,
}

pub(super) enum Refreshing<E> {
    Possible,
    Declined(E),
    /// An API key.
    Never,
}

pub(super) struct Refusal<E> {
    pub(super) why: E,
    pub(super) proven: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Flight {
    Refresh,
    Probe,
    LogIn,
    /// A call that ends or replaces the credential.
    Exchange,
}

impl<T: Clone, E: Clone> Ledger<T, E> {
    pub fn with_token(grant: Grant<T>, may_log_in: bool) -> Self {
        Self::new(grant, Refreshing::Possible, may_log_in)
    }

    pub fn with_key(key: T) -> Self {
        Self::new(Grant { credential: key, due: Time::MAX, ends: Time::MAX }, Refreshing::Never, false)
    }

    fn new(grant: Grant<T>, refreshing: Refreshing<E>, may_log_in: bool) -> Self {
        let holding = Holding { grant, condition: Condition::Good, refreshing, by_itself: false };
        let phase = Phase::Holding(holding);
        Self {
            generation: 1,
            phase,
            flight: None,
            late_refusal: None,
            may_log_in,
            failures: 0,
            not_before: Time::ZERO,
            trouble: None,
        }
    }

    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Asks for a credential that is good now. `seen` is the generation that there was when the asking began: a newer one is taken however short
    /// it lives, or whoever waited for it would wait for ever.
    pub fn ask(&mut self, seen: u64, now: Time) -> Offer<T, E, ()> {
        let pausing = now < self.not_before;
        let step = match &mut self.phase {
            Phase::LoggedOut => return Offer::LoggedOut,
            Phase::Over(why) => return Offer::Over(why.clone()),
            _ if self.flight.is_some() => return Offer::Wait(()),
            Phase::Bereft(_) => Step::LogIn,
            Phase::Holding(holding) => {
                let Grant { credential, due, ends } = &holding.grant;
                let take =
                    |until| Offer::Take(Lease { generation: self.generation, credential: credential.clone(), until });
                match (holding.condition, &holding.refreshing) {
                    (Condition::Good, _) if now < *due => return take(*due),
                    (Condition::Good, _) if seen < self.generation => return take(now),
                    (Condition::Good, Refreshing::Possible) if pausing && now < *ends => {
                        return take(self.not_before.min(*ends));
                    }
                    (Condition::Good, Refreshing::Declined(_)) if now < *ends => return take(*ends),
                    (_, Refreshing::Declined(why)) => {
                        let why = why.clone();
                        self.lose(why);
                        return self.ask(seen, now);
                    }
                    (Condition::Doubtful, _) => Step::Probe(credential.clone()),
                    _ => Step::Refresh(credential.clone()),
                }
            }
        };
        match (&self.trouble, pausing) {
            (Some(why), true) => Offer::Later(self.not_before, why.clone()),
            _ => self.start(step),
        }
    }

    /// A call with the credential of that generation came back 401, because of `why`. `proven`: others went well. True when there is nothing
    /// better than what was refused.
    pub fn refused(&mut self, generation: u64, proven: bool, why: E) -> bool {
        if let (Phase::Holding(holding), true) = (&self.phase, generation == self.generation) {
            let refusal = Refusal { why, proven };
            match holding.refreshing {
                _ if self.flight.is_some() => self.late_refusal = Some(refusal),
                Refreshing::Never => return true,
                _ => self.take_in(refusal),
            }
        }
        false
    }

    /// The same, by one who needs another credential for it.
    pub fn rejected(&mut self, generation: u64, proven: bool, why: E, now: Time) -> Offer<T, E, ()> {
        if self.refused(generation, proven, why) { Offer::Stands } else { self.ask(generation, now) }
    }

    /// What the 401 of a call means, now that no flight may bring something newer.
    pub(super) fn take_in(&mut self, Refusal { why, proven }: Refusal<E>) {
        let Phase::Holding(holding) = &mut self.phase else { return };
        match (&holding.refreshing, holding.condition) {
            (Refreshing::Never, _) | (_, Condition::Rejected) => {}
            // To log in again for each call would leave a session open for each.
            _ if holding.by_itself && !proven => self.end(why),
            (Refreshing::Declined(_), _) | (_, Condition::Doubtful) => self.lose(why),
            (Refreshing::Possible, Condition::Good) => {
                holding.condition = Condition::Rejected;
                // The server can be reached.
                (self.failures, self.not_before, self.trouble) = (0, Time::ZERO, Some(why));
            }
        }
    }

    /// Asks for a new credential, due or not.
    pub fn force(&mut self) -> Offer<T, E, ()> {
        let step = match &self.phase {
            Phase::LoggedOut => return Offer::LoggedOut,
            Phase::Over(why) => return Offer::Over(why.clone()),
            _ if self.flight.is_some() => return Offer::Wait(()),
            Phase::Bereft(_) => Step::LogIn,
            Phase::Holding(holding) => match (&holding.refreshing, holding.condition) {
                (Refreshing::Never, _) => return Offer::Stands,
                (Refreshing::Declined(why), _) => return Offer::Later(holding.grant.ends, why.clone()),
                (_, Condition::Doubtful) => Step::Probe(holding.grant.credential.clone()),
                _ => Step::Refresh(holding.grant.credential.clone()),
            },
        };
        self.start(step)
    }

    /// Whether there is a newer credential than that; else why not.
    pub fn renewed(&self, generation: u64) -> Result<(), Option<E>> {
        if self.generation > generation { Ok(()) } else { Err(self.trouble.clone()) }
    }

    fn start(&mut self, step: Step<T>) -> Offer<T, E, ()> {
        self.flight = Some(match step {
            Step::Refresh(_) => Flight::Refresh,
            Step::Probe(_) => Flight::Probe,
            Step::LogIn => Flight::LogIn,
        });
        Offer::Start(step, ())
    }

    /// Gives the credential to one call that will end or replace it; nobody else gets it meanwhile.
    pub fn begin_exchange(&mut self) -> Offer<T, E, ()> {
        match &self.phase {
            Phase::LoggedOut => Offer::LoggedOut,
            _ if self.flight.is_some() => Offer::Wait(()),
            Phase::Bereft(why) | Phase::Over(why) => Offer::Over(why.clone()),
            Phase::Holding(holding) => match (holding.condition, &self.trouble) {
                (Condition::Rejected, Some(why)) => Offer::Over(why.clone()),
                _ => {
                    self.flight = Some(Flight::Exchange);
                    let credential = holding.grant.credential.clone();
                    Offer::Take(Lease { generation: self.generation, credential, until: Time::ZERO })
                }
            },
        }
    }

    pub fn end_exchange(&mut self, exchange: Exchange<T>) {
        self.flight = None;
        let refusal = self.late_refusal.take();
        match exchange {
            Exchange::Unchanged => {
                if let Some(refusal) = refusal {
                    self.take_in(refusal);
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

    /// A session that is over may still be logged out, once and for all. False when a login is under way, which has to be waited for: what it
    /// brings must be logged out too.
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

    pub(super) fn holding(&mut self) -> Option<&mut Holding<T, E>> {
        match &mut self.phase {
            Phase::Holding(holding) => Some(holding),
            _ => None,
        }
    }
}
