//! What a session knows at each moment, and what it must not do then.

use std::collections::BTreeSet;

use crate::flight::{Ending, Grant, Landing, Lease, Offer, Replicate, Step, Time};

/// Newer tokens have higher numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token(pub u64);

impl Replicate for Token {
    fn replica(&self) -> Self {
        *self
    }
}

pub type Answer<L> = Offer<Token, &'static str, L>;
pub type Landed = Landing<Token, &'static str>;
pub type Told = Ending<&'static str>;

/// What took the place of a refused token is doubted for so long, and a login of its own is brief if its token lasts no longer.
const MINUTE: Time = Time::from_secs(60);

#[derive(Clone, Copy, PartialEq)]
enum Origin {
    Regular,
    Replacement,
    OwnLogin,
}

pub struct Known {
    pub current: Grant<Token>,
    origin: Origin,
    since: Time,
    dead: BTreeSet<Token>,
    /// The answer to the refresh of the current token got lost.
    doubtful: bool,
    /// The current token got a 401, as the one before did: the server must be asked.
    questioned: bool,
    /// The current token is of no use, and neither is its refresh.
    lost: bool,
    /// The current token may still be refreshed.
    refreshable: bool,
    is_busy: bool,
    /// The current token got a 401 during a flight.
    late: bool,
    /// The current token was good for a call.
    pub well: bool,
    /// How often the server said that a token is good.
    pub vouched: u64,
    keeps_password: bool,
    login_refused: bool,
    pub logged_out: bool,
    failures: u32,
    brief_logins: u32,
    not_before: Time,
    wished: Time,
    kept_alive: bool,
    /// When somebody last had need of the token, how long nobody had before that, and how long at most.
    used: Time,
    pause: Time,
    longest_pause: Time,
    /// What went wrong last in the flight that is under way, and how each ended before.
    trouble: Option<&'static str>,
    endings: Vec<Told>,
    /// What was told of flights before it was known here.
    told: Vec<(usize, Told)>,
}

impl Known {
    pub fn new(current: Grant<Token>, keeps_password: bool) -> Self {
        Self {
            current,
            origin: Origin::Regular,
            since: Time::ZERO,
            dead: BTreeSet::new(),
            doubtful: false,
            questioned: false,
            lost: false,
            refreshable: true,
            is_busy: false,
            late: false,
            well: false,
            vouched: 0,
            keeps_password,
            login_refused: false,
            logged_out: false,
            failures: 0,
            brief_logins: 0,
            not_before: Time::ZERO,
            wished: Time::ZERO,
            kept_alive: false,
            used: Time::ZERO,
            pause: Time::ZERO,
            longest_pause: Time::ZERO,
            trouble: None,
            endings: Vec::new(),
            told: Vec::new(),
        }
    }

    pub fn kept_alive(self) -> Self {
        Self { kept_alive: true, ..self }
    }

    /// Somebody has need of the token.
    pub fn used(&mut self, now: Time) {
        self.pause = now - self.used.max(self.current.granted).min(now);
        self.used = now;
        if self.pause >= self.lifetime() || self.kept_alive || self.lost {
            // Nothing helps a token over that; or nothing is needed; or there is no token.
            self.pause = Time::ZERO;
        }
        self.longest_pause = self.longest_pause.max(self.pause);
    }

    fn lifetime(&self) -> Time {
        self.current.ends - self.current.granted
    }

    /// When the token is to be refreshed, so that it lasts such a pause.
    fn due(&self, pause: Time) -> Time {
        let Grant { granted, due, ends, .. } = self.current;
        if ends == Time::MAX {
            return due;
        }
        due.min(ends.saturating_sub(pause * 5 / 3).max(granted + self.lifetime() / 4))
    }

    /// What holds for every offer, whoever gets it.
    pub fn check<L>(&self, offer: &Answer<L>, now: Time) {
        match offer {
            Offer::Take(lease) => {
                assert!(!self.is_busy, "{lease:?} is handed out while a flight is under way");
                assert!(!self.logged_out && !self.is_dead(lease.credential), "{lease:?} is known dead");
                assert_eq!(lease.credential, self.current.credential, "the newest token is lost");
            }
            Offer::Wait(_) => assert!(self.is_busy, "there is nothing to wait for"),
            Offer::Later(at, _) => assert!(*at > now && *at == self.not_before, "{at:?}, not {:?}", self.not_before),
            Offer::Over(_) => assert!(self.is_dead(self.current.credential)),
            Offer::LoggedOut => assert!(self.logged_out),
            Offer::Start(..) | Offer::Stands => {}
        }
    }

    /// What holds for one who asks for a token, perhaps for another than that of a generation, after so many were vouched for.
    pub fn check_caller<L>(&self, offer: &Answer<L>, rejected: Option<(u64, u64)>, now: Time) {
        self.check(offer, now);
        let is_unclear = self.doubtful || self.questioned;
        match offer {
            Offer::Take(lease) => {
                assert!(!is_unclear, "nobody knows whether {lease:?} is good");
                assert!(now < lease.until && now < self.current.ends, "{lease:?} has ended");
                assert!(rejected.is_none_or(|(old, _)| lease.generation > old), "{lease:?} was refused already");
                let is_due = rejected.is_none() && now == self.used && now >= self.due(self.pause);
                assert!(!is_due || now < self.not_before, "{lease:?} would not last another {:?}", self.pause);
            }
            Offer::Start(step, _) => {
                assert!(now >= self.not_before, "{step:?} before its time");
                let is_due = now >= self.due(self.longest_pause) || self.is_dead(self.current.credential);
                assert!(is_due || !matches!(step, Step::Refresh(_)), "{step:?} for nothing");
            }
            Offer::Later(..) => {
                let is_dead = self.is_dead(self.current.credential);
                assert!(is_dead || is_unclear || now >= self.current.ends, "the token could be used");
            }
            Offer::Over(_) => self.check_end(),
            Offer::Stands => {
                let since = rejected.map(|(_, vouched)| vouched);
                assert!(since.is_some_and(|since| since < self.vouched), "nobody said that the token is good");
                assert!(!is_unclear && !self.is_dead(self.current.credential));
            }
            Offer::Wait(_) | Offer::LoggedOut => {}
        }
    }

    /// What holds for one whose call was sent again before, and came back 401 again with that.
    pub fn check_newer<L>(&self, offer: &Answer<L>, refused: &Lease<Token>, now: Time) {
        match offer {
            Offer::Stands => {
                assert!(!self.is_busy && refused.credential == self.current.credential, "there is a newer")
            }
            _ => self.check_caller(offer, Some((refused.generation, 0)), now),
        }
    }

    /// What holds for a logout.
    pub fn check_logout<L>(&self, offer: &Answer<L>, now: Time) {
        match offer {
            // A call that got a 401 with it does not make it one that is dead for sure.
            Offer::Take(lease) => {
                assert!(!self.is_busy && !self.logged_out && !self.lost, "{lease:?} is known dead");
                assert_eq!(lease.credential, self.current.credential, "the newest token is lost");
            }
            Offer::Over(_) => assert!(self.lost, "there is a token to log out"),
            _ => self.check(offer, now),
        }
    }

    /// What holds for one who wants a new token, due or not. The number of the flight that it waits for or begins.
    pub fn check_forced<L>(&self, offer: &Answer<L>, now: Time) -> usize {
        self.check(offer, now);
        self.check_force(offer, now);
        self.endings.len()
    }

    /// Whoever waited for that flight is told how it ended, and not how another did.
    pub fn check_ending(&mut self, flight: usize, told: Told) {
        match self.endings.get(flight) {
            Some(ending) => assert_eq!(told, *ending),
            None => self.told.push((flight, told)),
        }
    }

    /// No step follows.
    pub fn flight_ends(&mut self, landing: &Landed) {
        let ending = match (landing, self.trouble.take()) {
            (Landing::Granted(_), _) => Ending::Renewed,
            (_, Some(why)) if self.is_over() => Ending::Over(why),
            (_, Some(why)) => Ending::Failed(why),
            (_, None) => Ending::Unchanged,
        };
        self.ends(ending);
    }

    fn ends(&mut self, ending: Told) {
        let flight = self.endings.len();
        self.endings.push(ending);
        let told = self.told.iter().filter(|(number, _)| *number == flight);
        told.for_each(|(_, told)| assert_eq!(*told, self.endings[flight]));
    }

    fn check_force<L>(&self, offer: &Answer<L>, now: Time) {
        match offer {
            Offer::Start(step, _) => assert!(now >= self.wished, "{step:?}, though the server wished for a pause"),
            Offer::Later(..) => assert!(self.lost || now < self.wished, "nothing keeps it from a refresh"),
            Offer::Over(_) => self.check_end(),
            Offer::Take(_) | Offer::Stands => unreachable!("there are no API keys here"),
            Offer::Wait(_) | Offer::LoggedOut => {}
        }
    }

    /// That it is over is only said of a session that has nothing left to try.
    fn check_end(&self) {
        assert!(self.is_over(), "the session could refresh its token or log in");
    }

    pub fn is_over(&self) -> bool {
        self.lost && (self.login_refused || !self.keeps_password)
    }

    fn is_dead(&self, token: Token) -> bool {
        self.dead.contains(&token)
    }

    /// What holds for every step.
    pub fn begins(&mut self, step: &Step<Token>, now: Time) {
        assert!(!self.is_busy && !self.logged_out, "{step:?} while a flight is under way, or after the logout");
        let token = self.current.credential;
        match *step {
            Step::Refresh(old) => {
                assert!(old == token && self.refreshable && !self.lost, "{old:?} is refreshed twice");
                let is_replacement = self.origin != Origin::Regular && self.is_young(now);
                assert!(!is_replacement || !self.is_dead(token), "{old:?} is refreshed for the next 401");
                self.refreshable = false;
            }
            Step::Probe(old) => {
                let is_unclear = self.doubtful || self.questioned;
                assert!(old == token && is_unclear && !self.is_dead(token), "what is there to ask?");
            }
            Step::LogIn => {
                assert!(self.lost && self.keeps_password && !self.login_refused);
                assert!(now >= self.not_before, "a login before its time");
            }
        }
        self.is_busy = true;
    }

    /// A call has the token to itself.
    pub fn exchange_begins(&mut self) {
        self.is_busy = true;
    }

    pub fn exchange_ends(&mut self, new: Option<Grant<Token>>, now: Time) {
        self.is_busy = false;
        self.ends(Ending::Unchanged);
        let was_late = std::mem::take(&mut self.late);
        match new {
            Some(grant) => {
                self.dead.insert(self.current.credential);
                self.current = grant;
            }
            None if was_late => self.take_in(now),
            None => {}
        }
    }

    pub fn forget_password(&mut self) {
        self.keeps_password = false;
    }

    /// The session has that token, good or not.
    pub fn is_held(&self, token: Token) -> bool {
        token == self.current.credential && !self.lost && !self.logged_out
    }

    /// A call with that token came back 401.
    pub fn refused(&mut self, token: Token, now: Time) {
        if !self.is_held(token) {
            return;
        }
        match self.is_busy {
            true => self.late = true,
            false => self.take_in(now),
        }
    }

    fn take_in(&mut self, now: Time) {
        let is_news = !self.questioned && !self.is_dead(self.current.credential);
        match self.origin {
            _ if !is_news => return,
            _ if self.doubtful => return self.lose(now),
            Origin::Replacement | Origin::OwnLogin if self.is_young(now) => self.questioned = true,
            _ => drop(self.dead.insert(self.current.credential)),
        }
        (self.failures, self.not_before) = (0, self.wished);
    }

    fn is_young(&self, now: Time) -> bool {
        now < self.current.due.min(self.since + MINUTE)
    }

    fn lose(&mut self, now: Time) {
        self.dead.insert(self.current.credential);
        (self.lost, self.doubtful, self.questioned) = (true, false, false);
        (self.failures, self.not_before) = (0, Time::ZERO);
        if self.origin == Origin::OwnLogin && self.is_young(now) {
            self.not_before = now + pause(self.brief_logins);
            self.brief_logins += 1;
        } else {
            self.brief_logins = 0;
        }
    }

    /// How a step of the flight went. Whether another is under way, is known by `begins`.
    pub fn learns(&mut self, step: &Step<Token>, landing: &Landed, now: Time) {
        self.is_busy = false;
        self.trouble = landing.why().copied().or(self.trouble);
        let was_late = std::mem::take(&mut self.late);
        if was_late && !matches!(landing, Landing::Granted(_)) {
            self.take_in(now);
        }
        if self.lost && *step != Step::LogIn {
            return;
        }
        let was_refused = self.questioned || self.is_dead(self.current.credential);
        let none = Time::ZERO;
        match (landing, step) {
            (Landing::Granted(grant), _) => {
                assert!(grant.credential > self.current.credential);
                (self.origin, self.since) = match step {
                    Step::LogIn => (Origin::OwnLogin, now),
                    _ if was_late || was_refused => (Origin::Replacement, now),
                    // A refresh in time changes nothing about where the session has it from.
                    _ => (self.origin, self.since),
                };
                self.dead.insert(self.current.credential);
                self.current = grant.clone();
                (self.refreshable, self.doubtful, self.questioned, self.lost) = (true, false, false, false);
                (self.failures, self.not_before, self.wished, self.well) = (0, none, none, false);
            }
            (Landing::Refused(_), Step::LogIn) => self.login_refused = true,
            (Landing::Refused(_), _) => self.lose(now),
            (Landing::Alive, _) => {
                if self.doubtful {
                    self.waits(none, now);
                }
                (self.refreshable, self.doubtful, self.questioned) = (true, false, false);
                self.vouched += 1;
            }
            (Landing::Declined(_), Step::Refresh(token))
                if self.is_dead(*token) || now >= self.current.ends && !self.questioned =>
            {
                self.lose(now);
            }
            (Landing::Declined(_), Step::Refresh(_)) => {
                self.refreshable = true;
                self.waits(none, now);
                self.not_before = self.not_before.min(self.current.ends);
            }
            (Landing::Unknown(_), Step::Refresh(token)) if self.is_dead(*token) => self.lose(now),
            (Landing::Unknown(_), Step::Refresh(_)) => (self.doubtful, self.questioned) = (true, false),
            (Landing::NotDone(_, wish), _) => {
                self.refreshable |= matches!(step, Step::Refresh(_));
                self.waits(wish.map_or(none, |wish| now + wish), now);
            }
            (Landing::Declined(_) | Landing::Unknown(_), _) => self.waits(none, now),
        }
    }

    fn waits(&mut self, wished: Time, now: Time) {
        self.wished = wished;
        self.not_before = wished.max(now + pause(self.failures));
        self.failures += 1;
    }
}

/// The schedule.
fn pause(times: u32) -> Time {
    Time::from_secs([1, 2, 4, 8, 16, 32].get(times as usize).copied().unwrap_or(60))
}

/// What the session is told, once more for what watches it.
pub fn same(landing: &Landed) -> Landed {
    match landing {
        Landing::Granted(grant) => Landing::Granted(grant.clone()),
        Landing::Alive => Landing::Alive,
        Landing::NotDone(why, wish) => Landing::NotDone(why, *wish),
        Landing::Refused(why) => Landing::Refused(why),
        Landing::Declined(why) => Landing::Declined(why),
        Landing::Unknown(why) => Landing::Unknown(why),
    }
}
