//! How a flight ends, and what follows from that.

use std::time::Duration;

use super::ledger::{Condition, Flight, Holding, Ledger, Origin, Phase};
use super::terms::{Grant, Landing, Step, Time};

/// What could not be done is tried again after 1 s, 2 s, 4 s and so on.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A server may ask for a longer pause, but not for any.
const LONGEST_WISH: Duration = Duration::from_secs(3600);

impl<T: Clone, E: Clone> Ledger<T, E> {
    /// Takes in how the flight's step went; the next one, if it is not over with that.
    pub fn landed(&mut self, landing: Landing<T, E>, now: Time) -> Option<Step<T>> {
        let flight = self.flight.take()?;
        if let Some(why) = landing.why() {
            self.trouble = Some(why.clone());
        }
        let refusal = self.late_refusal.take();
        let was_refused = refusal.is_some();
        match refusal {
            Some(why) if !matches!(landing, Landing::Granted(_)) => self.take_in(why, now),
            _ => {}
        }
        if flight != Flight::LogIn && self.holding().is_none() {
            // Whoever could not send this gets no further step to send.
            return if let Landing::NotDone(..) = landing { None } else { self.log_in(now) };
        }
        let condition = self.holding().map(|holding| holding.condition);
        let lives = self.holding().is_some_and(|it| it.condition == Condition::Good && now < it.grant.ends);
        match (landing, flight) {
            (Landing::Granted(grant), Flight::LogIn) => self.install(grant, Origin::OwnLogin, now),
            (Landing::Granted(grant), _) => {
                // A refresh in time changes nothing about where the session has its credential from.
                let before = self.holding().filter(|it| it.condition == Condition::Good && !was_refused);
                let (origin, since) = before.map_or((Origin::Replacement, now), |it| (it.origin, it.since));
                self.install(grant, origin, since);
            }
            (Landing::Alive, _) => {
                if let Some(holding) = self.holding() {
                    holding.condition = Condition::Good;
                }
                if condition == Some(Condition::Doubtful) {
                    self.pause(None, now);
                }
            }
            (Landing::NotDone(_, wish), _) => self.back_off(wish, now),
            (Landing::Refused(why), Flight::LogIn) => self.phase = Phase::Over(why),
            (Landing::Refused(why), _) => {
                self.lose(why, now);
                return self.log_in(now);
            }
            (Landing::Declined(why), Flight::Refresh) if !lives && condition != Some(Condition::Questioned) => {
                self.lose(why, now);
                return self.log_in(now);
            }
            (Landing::Declined(_), _) => {
                self.back_off(None, now);
                // Whether that is for ever matters when the token ends.
                let ends = self.holding().map_or(Time::MAX, |holding| holding.grant.ends);
                self.not_before = self.not_before.min(ends);
            }
            (Landing::Unknown(why), Flight::Refresh) if condition == Some(Condition::Rejected) => {
                self.lose(why, now);
                return self.log_in(now);
            }
            (Landing::Unknown(_), Flight::Refresh) => {
                let holding = self.holding()?;
                holding.condition = Condition::Doubtful;
                let credential = holding.grant.credential.clone();
                self.flight = Some(Flight::Probe);
                return Some(Step::Probe(credential));
            }
            (Landing::Unknown(_), _) => self.back_off(None, now),
        }
        None
    }

    fn install(&mut self, grant: Grant<T>, origin: Origin, since: Time) {
        self.generation += 1;
        self.phase = Phase::Holding(Holding { grant, condition: Condition::Good, origin, since });
        (self.failures, self.not_before, self.wished, self.trouble) = (0, Time::ZERO, Time::ZERO, None);
    }

    /// The credential is dead.
    pub(super) fn lose(&mut self, why: E, now: Time) {
        let is_brief = self.holding().is_some_and(|it| it.origin == Origin::OwnLogin && it.is_young(now));
        (self.failures, self.not_before) = (0, Time::ZERO);
        self.brief_logins = if is_brief { self.brief_logins.saturating_add(1) } else { 0 };
        self.phase = if self.may_log_in { Phase::Bereft(why) } else { Phase::Over(why) };
        if self.may_log_in {
            // Two who may have but one session between them would log each other out for ever.
            if let Some(times) = self.brief_logins.checked_sub(1) {
                self.not_before = now.saturating_add(pause_after(times));
            }
        }
    }

    fn log_in(&mut self, now: Time) -> Option<Step<T>> {
        (matches!(self.phase, Phase::Bereft(_)) && now >= self.not_before).then(|| {
            self.flight = Some(Flight::LogIn);
            Step::LogIn
        })
    }

    fn back_off(&mut self, wish: Option<Duration>, now: Time) {
        self.pause(wish, now);
        self.give_up_without_password();
    }

    fn pause(&mut self, wish: Option<Duration>, now: Time) {
        self.wished = wish.map_or(Time::ZERO, |wish| now.saturating_add(wish.min(LONGEST_WISH)));
        self.not_before = now.saturating_add(pause_after(self.failures)).max(self.wished);
        self.failures = self.failures.saturating_add(1);
    }
}

/// The pause after so many others.
fn pause_after(times: u32) -> Duration {
    (FIRST_PAUSE * (1 << times.min(6))).min(LONGEST_PAUSE)
}
