//! What a session knows of its credential, and what follows from it. No I/O, no clock and no lock: times are given.
//! docs/sessions.md has the table of decisions.

use std::time::Duration;

/// On the steady clock.
pub type Time = Duration;

/// What could not be done is tried again after 1 s, 2 s, 4 s and so on.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A server may ask for a longer pause, but not for any.
const LONGEST_WISH: Duration = Duration::from_secs(3600);

/// A credential as it was granted.
#[derive(Clone, Debug)]
pub struct Grant<T> {
    pub credential: T,
    /// When it is to be refreshed, and when it is over. [`Time::MAX`] for never, or when nobody said.
    pub due: Time,
    pub ends: Time,
}

/// A credential to use now. Until `until` it may be used again without asking.
#[derive(Clone, Debug)]
pub struct Lease<T> {
    pub generation: u64,
    pub credential: T,
    pub until: Time,
}

/// One request towards a valid credential.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<T> {
    Refresh(T),
    /// Asks whether the credential is still good, as its refresh got lost.
    Probe(T),
    /// With the password that was kept.
    LogIn,
}

/// How a step went.
#[derive(Debug)]
pub enum Landing<T, E> {
    Granted(Grant<T>),
    /// The server knows the credential.
    Alive,
    /// It was not sent, or refused for the time being; perhaps the server said for how long.
    NotDone(E, Option<Duration>),
    /// The credential or the password is no good.
    Refused(E),
    /// Refused for another reason: nothing was done, and that will not change.
    Declined(E),
    /// It may have been done.
    Unknown(E),
}

/// What somebody who needs a credential is to do.
#[derive(Debug)]
pub enum Offer<T, E, W> {
    Take(Lease<T>),
    /// A flight is under way: wait for its end and ask again.
    Wait(W),
    /// Nobody else does: begin a flight with this step.
    Start(Step<T>, W),
    /// Nothing can be had before that time, because of that.
    Later(Time, E),
    /// There is nothing better than what was refused.
    Stands,
    /// The session is over for good.
    Over(E),
    LoggedOut,
}

/// How a credential was exchanged by a call that had it to itself.
pub enum Exchange<T> {
    Unchanged,
    Replaced(Grant<T>),
    LoggedOut,
}

pub struct Ledger<T, E> {
    generation: u64,
    phase: Phase<T, E>,
    flight: Option<Flight>,
    /// A call with the credential came back 401 during the flight: what that means is settled when the flight has ended.
    late_refusal: Option<Refusal<E>>,
    may_log_in: bool,
    /// Flights in a row that brought nothing.
    failures: u32,
    not_before: Time,
    /// Why the last flight brought nothing.
    trouble: Option<E>,
}

enum Phase<T, E> {
    Holding(Holding<T, E>),
    /// The credential is dead, but there is a password.
    Bereft(E),
    Over(E),
    LoggedOut,
}

struct Holding<T, E> {
    grant: Grant<T>,
    condition: Condition,
    refreshing: Refreshing<E>,
    /// Whether the session logged in for it by itself.
    by_itself: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Condition {
    Good,
    /// A call with it came back 401.
    Rejected,
    /// The answer to its refresh got lost.
    Doubtful,
}

enum Refreshing<E> {
    Possible,
    Declined(E),
    /// An API key.
    Never,
}

struct Refusal<E> {
    why: E,
    proven: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Flight {
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

    /// A call with the credential of that generation came back 401, because of `why`. `proven`: others went well.
    pub fn rejected(&mut self, generation: u64, proven: bool, why: E, now: Time) -> Offer<T, E, ()> {
        if let (Phase::Holding(holding), true) = (&self.phase, generation == self.generation) {
            let refusal = Refusal { why, proven };
            match holding.refreshing {
                _ if self.flight.is_some() => self.late_refusal = Some(refusal),
                Refreshing::Never => return Offer::Stands,
                _ => self.take_in(refusal),
            }
        }
        self.ask(generation, now)
    }

    /// What the 401 of a call means, now that no flight may bring something newer.
    fn take_in(&mut self, Refusal { why, proven }: Refusal<E>) {
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

    /// Takes in how the flight's step went; the next one, if it is not over with that.
    pub fn landed(&mut self, landing: Landing<T, E>, now: Time) -> Option<Step<T>> {
        let flight = self.flight.take()?;
        let refusal = self.late_refusal.take();
        match (&self.phase, refusal) {
            (Phase::LoggedOut, _) => return None,
            (Phase::Holding(_), Some(refusal)) if !matches!(landing, Landing::Granted(_)) => self.take_in(refusal),
            _ => {}
        }
        if flight != Flight::LogIn && self.holding().is_none() {
            // Whoever could not send this gets no further step to send.
            return if let Landing::NotDone(..) = landing { None } else { self.log_in() };
        }
        match landing {
            Landing::Granted(grant) => self.install(grant, flight == Flight::LogIn),
            Landing::NotDone(why, wish) => self.back_off(why, wish, now),
            // Whoever knows the credential well enough to decline the question knows it.
            Landing::Alive | Landing::Declined(_) if flight == Flight::Probe => {
                if let Some(holding) = self.holding() {
                    holding.condition = Condition::Good;
                }
                self.pause(None, now);
            }
            Landing::Alive => {}
            Landing::Refused(why) | Landing::Declined(why) if flight == Flight::LogIn => self.end(why),
            Landing::Refused(why) => {
                self.lose(why);
                return self.log_in();
            }
            Landing::Declined(why) => {
                self.trouble = Some(why.clone());
                match self.holding() {
                    Some(holding) if holding.condition == Condition::Good && now < holding.grant.ends => {
                        holding.refreshing = Refreshing::Declined(why);
                    }
                    _ => {
                        self.lose(why);
                        return self.log_in();
                    }
                }
            }
            Landing::Unknown(why) => match (flight, self.holding()) {
                (Flight::Refresh, Some(holding)) if holding.condition == Condition::Rejected => {
                    self.lose(why);
                    return self.log_in();
                }
                (Flight::Refresh, Some(holding)) => {
                    holding.condition = Condition::Doubtful;
                    let credential = holding.grant.credential.clone();
                    self.trouble = Some(why);
                    self.flight = Some(Flight::Probe);
                    return Some(Step::Probe(credential));
                }
                _ => self.back_off(why, None, now),
            },
        }
        None
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

    /// A session that is over may still be logged out, once and for all.
    pub fn log_out(&mut self) {
        self.phase = Phase::LoggedOut;
    }

    /// From now on a dead credential is the end.
    pub fn forget_password(&mut self) {
        self.may_log_in = false;
        self.give_up_without_password();
    }

    /// Without a password nothing is left to try, once the login under way has landed.
    fn give_up_without_password(&mut self) {
        if let (Phase::Bereft(why), None, false) = (&self.phase, self.flight, self.may_log_in) {
            self.phase = Phase::Over(why.clone());
        }
    }

    fn holding(&mut self) -> Option<&mut Holding<T, E>> {
        match &mut self.phase {
            Phase::Holding(holding) => Some(holding),
            _ => None,
        }
    }

    fn install(&mut self, grant: Grant<T>, by_itself: bool) {
        self.generation += 1;
        let refreshing = Refreshing::Possible;
        self.phase = Phase::Holding(Holding { grant, condition: Condition::Good, refreshing, by_itself });
        (self.failures, self.not_before, self.trouble) = (0, Time::ZERO, None);
    }

    /// The credential is dead.
    fn lose(&mut self, why: E) {
        self.end(why.clone());
        if self.may_log_in {
            self.phase = Phase::Bereft(why);
        }
        (self.failures, self.not_before) = (0, Time::ZERO);
    }

    fn end(&mut self, why: E) {
        self.trouble = Some(why.clone());
        self.phase = Phase::Over(why);
    }

    fn log_in(&mut self) -> Option<Step<T>> {
        matches!(self.phase, Phase::Bereft(_)).then(|| {
            self.flight = Some(Flight::LogIn);
            Step::LogIn
        })
    }

    fn back_off(&mut self, why: E, wish: Option<Duration>, now: Time) {
        self.trouble = Some(why);
        self.pause(wish, now);
        self.give_up_without_password();
    }

    fn pause(&mut self, wish: Option<Duration>, now: Time) {
        let pause = (FIRST_PAUSE * (1 << self.failures.min(6))).min(LONGEST_PAUSE);
        self.failures += 1;
        self.not_before = now.saturating_add(pause.max(wish.unwrap_or_default().min(LONGEST_WISH)));
    }
}
