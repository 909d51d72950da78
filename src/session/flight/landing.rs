//! How a flight ends, and what follows from that.

use std::time::Duration;

use super::ledger::{Condition, Flight, Holding, Ledger, Phase, Refreshing};
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
        let refusal = self.late_refusal.take();
        match refusal {
            Some(refusal) if !matches!(landing, Landing::Granted(_)) => self.take_in(refusal),
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

    fn install(&mut self, grant: Grant<T>, by_itself: bool) {
        self.generation += 1;
        let refreshing = Refreshing::Possible;
        self.phase = Phase::Holding(Holding { grant, condition: Condition::Good, refreshing, by_itself });
        (self.failures, self.not_before, self.trouble) = (0, Time::ZERO, None);
    }

    /// The credential is dead.
    pub(super) fn lose(&mut self, why: E) {
        self.end(why.clone());
        if self.may_log_in {
            self.phase = Phase::Bereft(why);
        }
        (self.failures, self.not_before) = (0, Time::ZERO);
    }

    pub(super) fn end(&mut self, why: E) {
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
