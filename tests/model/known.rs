//! What a session knows at each moment, and what it must not do then.

use std::collections::BTreeSet;

use crate::flight::{Grant, Landing, Offer, Step, Time};
use crate::random_world::{Answer, Token};

pub struct Known {
    pub current: Grant<Token>,
    dead: BTreeSet<Token>,
    pub doubtful: bool,
    /// The current token may still be refreshed.
    refreshable: bool,
    pub declined: bool,
    by_itself: bool,
    pub well: bool,
    /// The current token came from a login by the session itself, and was not good for a single call.
    futile: bool,
    /// The current token is dead, and a login was begun.
    given_up: bool,
    pub keeps_password: bool,
    login_refused: bool,
    pub logged_out: bool,
    pub not_before: Time,
}

impl Known {
    pub fn new(current: Grant<Token>, keeps_password: bool) -> Self {
        Self {
            current,
            dead: BTreeSet::new(),
            doubtful: false,
            refreshable: true,
            declined: false,
            by_itself: false,
            well: false,
            futile: false,
            given_up: false,
            keeps_password,
            login_refused: false,
            logged_out: false,
            not_before: Time::ZERO,
        }
    }

    /// Whether the session has no use for its token any more.
    pub fn is_dead(&self, now: Time) -> bool {
        self.dead.contains(&self.current.credential) || (self.declined && now >= self.current.ends)
    }

    /// What holds for every offer, whoever gets it.
    pub fn check<L>(&self, offer: &Answer<L>, is_busy: bool, now: Time) {
        match offer {
            Offer::Take(lease) => {
                assert!(!is_busy, "nobody is handed a token while a flight is under way");
                assert!(!self.logged_out && !self.dead.contains(&lease.credential), "{lease:?} is known dead");
                assert_eq!(lease.credential, self.current.credential, "the newest token is lost");
            }
            Offer::Wait(_) => assert!(is_busy, "there is nothing to wait for"),
            Offer::Start(..) => {}
            Offer::Later(at, _) => {
                assert!(*at > now && *at <= now + Time::from_secs(90), "{at:?} at {now:?}");
                assert!(self.is_dead(now) || self.doubtful || now >= self.current.ends, "the token could be used");
            }
            Offer::Over(_) => assert!(self.is_dead(now)),
            Offer::LoggedOut => assert!(self.logged_out),
            Offer::Stands => unreachable!("there are no API keys here"),
        }
    }

    /// That it is over is only said of a session that has nothing left to try.
    pub fn check_end<L>(&self, offer: &Answer<L>) {
        assert!(!matches!(offer, Offer::Over(_)) || !self.can_log_in(), "the session could log in");
    }

    pub fn can_log_in(&self) -> bool {
        self.keeps_password && !self.login_refused && !self.futile
    }

    /// What holds for every step.
    pub fn begins(&mut self, step: &Step<Token>, is_busy: bool, now: Time) {
        assert!(!is_busy && !self.logged_out, "{step:?} while another flight is under way, or after the logout");
        match *step {
            Step::Refresh(token) => {
                assert!(token == self.current.credential && self.refreshable, "{token:?} is refreshed twice");
                self.refreshable = false;
            }
            Step::Probe(token) => assert!(self.doubtful && !self.dead.contains(&token), "what is there to ask?"),
            Step::LogIn => {
                assert!(self.keeps_password && self.is_dead(now) && !self.login_refused);
                self.given_up = true;
                assert!(!self.futile, "a login that was good for nothing is made again");
            }
        }
    }

    /// A call with that token came back 401.
    pub fn refused(&mut self, token: Token, is_busy: bool) {
        let is_current = token == self.current.credential;
        // Of a token that was given up before it is nothing new; during a flight the last one counts.
        let is_news = self.dead.insert(token) && !self.given_up;
        if is_current && is_news {
            self.not_before = Time::ZERO;
        }
        if is_current && (is_news || is_busy) {
            self.futile = self.by_itself && !self.well && !self.given_up;
        }
    }

    /// How a step of the flight went.
    pub fn learns(&mut self, step: &Step<Token>, landing: &Landing<Token, &'static str>, now: Time) {
        let second = now + Time::from_secs(1);
        match (landing, step) {
            _ if self.logged_out => {}
            (Landing::Granted(grant), _) => {
                assert!(grant.credential > self.current.credential);
                self.dead.insert(self.current.credential);
                self.current = grant.clone();
                (self.refreshable, self.doubtful, self.declined) = (true, false, false);
                (self.by_itself, self.well, self.futile) = (*step == Step::LogIn, false, false);
                self.given_up = false;
                self.not_before = Time::ZERO;
            }
            (Landing::Refused(_) | Landing::Declined(_), Step::LogIn) => self.login_refused = true,
            (Landing::Alive | Landing::Declined(_), Step::Probe(_)) => {
                (self.refreshable, self.doubtful, self.not_before) = (true, false, second);
            }
            (Landing::Refused(_), Step::Refresh(token) | Step::Probe(token)) => drop(self.dead.insert(*token)),
            (Landing::Declined(_), Step::Refresh(_)) => (self.declined, self.not_before) = (true, Time::ZERO),
            (Landing::NotDone(_, wish), _) => {
                self.refreshable |= matches!(step, Step::Refresh(_));
                self.not_before = second.max(now + wish.unwrap_or_default());
            }
            (Landing::Unknown(_), Step::Refresh(_)) => self.doubtful = true,
            (Landing::Unknown(_), _) => self.not_before = second,
            (Landing::Alive, _) => unreachable!(),
        }
        let pauses = matches!(landing, Landing::NotDone(..)) && !self.doubtful;
        if self.is_dead(now) && *step != Step::LogIn && !pauses {
            self.not_before = Time::ZERO;
        }
    }
}
