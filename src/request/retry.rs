//! Whether and when a call is sent again. Never what may have been done, unless doing it twice does no harm.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use crate::error::{Error, Outcome};
use crate::request::operation::Operation;
use crate::transport::{Failure, Fault};

/// The first pause is up to this long, each further one up to twice the last.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// The tries of one call.
pub struct Tries {
    allowed: u32,
    made: u32,
    /// The most careful outcome of the tries before this one.
    worst: Outcome,
    revived: bool,
}

/// When to try again.
#[derive(Debug, PartialEq)]
pub enum Again {
    Never,
    AtOnce,
    After(Duration),
}

impl Tries {
    pub fn new(allowed: u32) -> Self {
        Self { allowed, made: 0, worst: Outcome::NotSent, revived: false }
    }

    /// Counts a failed try and says whether another may follow. `failure` is there when no answer came.
    pub fn failed(&mut self, operation: &Operation<'_>, error: &Error, failure: Option<&Failure>) -> Again {
        self.made += 1;
        let again = self.what_next(operation, error, failure);
        if again != Again::Never {
            self.worst = self.worst.max(error.outcome);
        }
        again
    }

    /// Of the try that comes now.
    pub fn number(&self) -> u32 {
        self.made + 1
    }

    /// Whether a try before this one was sent.
    pub fn sent(&self) -> bool {
        self.worst != Outcome::NotSent
    }

    fn what_next(&mut self, operation: &Operation<'_>, error: &Error, failure: Option<&Failure>) -> Again {
        if self.made >= self.allowed {
            return Again::Never;
        }
        let backoff =
            Again::After(random_below(FIRST_PAUSE.saturating_mul(1 << (self.made - 1).min(16)).min(LONGEST_PAUSE)));
        let Some(failure) = failure else {
            return match (error.http_status, error.retry_after_ms) {
                (429 | 503, Some(wait @ 1..)) => {
                    let wait = Duration::from_millis(wait.unsigned_abs());
                    Again::After(wait.saturating_add(random_below(FIRST_PAUSE.min(wait / 4))))
                }
                (429 | 503, _) if error.outcome == Outcome::Refused => backoff,
                (500..600, _) if operation.is_safe => backoff,
                _ => Again::Never,
            };
        };
        match failure.fault {
            Fault::Cancelled | Fault::Timeout | Fault::Malformed | Fault::TooLarge => Again::Never,
            Fault::OutOfMemory | Fault::File => Again::Never,
            Fault::Tls { retry: false } | Fault::Proxy { retry: false } => Again::Never,
            // The server had closed a kept connection. A login is the one POST that may follow: at worst a session is
            // left over, and it happens once.
            Fault::Lost if failure.stale && !self.revived && (operation.takes_password || operation.is_safe) => {
                self.revived = true;
                Again::AtOnce
            }
            _ if !failure.sent || operation.is_safe => backoff,
            _ => Again::Never,
        }
    }

    /// The last error, with what the tries before it leave open.
    pub fn conclude(&self, operation: &Operation<'_>, mut error: Error) -> Error {
        // A verdict on the request itself holds for every try. Silence and "later" say nothing of the tries before, and
        // neither does what an earlier try may have caused: a conflict, or a login too many.
        let holds = match error.http_status {
            400 | 401 => true,
            403 | 404 => !operation.takes_password,
            _ => false,
        };
        if !holds {
            error.outcome = error.outcome.max(self.worst);
        }
        if self.made > 1 {
            error.message.push_str(&format!(" (after {} tries)", self.made));
        }
        error
    }
}

/// A random length, so that clients that failed together do not come back together.
pub fn random_below(limit: Duration) -> Duration {
    let random = RandomState::new().hash_one(0_u8);
    limit.mul_f64(random as f64 / u64::MAX as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Facts, Status};

    fn lost(sent: bool, stale: bool) -> Failure {
        let mut failure = Failure::new(Fault::Lost, "");
        (failure.sent, failure.stale) = (sent, stale);
        failure
    }

    fn answered(http_status: u16, retry_after_ms: Option<i64>, outcome: Outcome) -> Error {
        Error::from(Facts { http_status, retry_after_ms, outcome, ..Facts::new(Status::ServerError, "") })
    }

    fn may_retry(operation: &Operation<'_>, error: &Error, failure: Option<&Failure>) -> bool {
        Tries::new(3).failed(operation, error, failure) != Again::Never
    }

    #[test]
    fn what_may_have_been_done_is_only_sent_again_when_that_does_no_harm() {
        let unknown = Error::from(Facts { outcome: Outcome::Unknown, ..Facts::new(Status::ConnectionLost, "") });
        let unsent = Error::new(Status::Unreachable, "");
        let (login, version) = (&Operation::LOGIN, &Operation::VERSION);
        assert!(!may_retry(login, &unknown, Some(&lost(true, false))));
        assert!(may_retry(version, &unknown, Some(&lost(true, false))));
        assert!(may_retry(login, &unsent, Some(&lost(false, false))));
        assert!(may_retry(login, &unsent, Some(&Failure::new(Fault::Unreachable, ""))));
        assert!(may_retry(login, &unsent, Some(&Failure::new(Fault::ConnectTimeout, ""))));
        for fault in [
            Fault::Timeout,
            Fault::Cancelled,
            Fault::Tls { retry: false },
            Fault::Proxy { retry: false },
            Fault::Malformed,
        ] {
            assert!(!may_retry(version, &unsent, Some(&Failure::new(fault, ""))), "{fault:?}");
        }
        for status in [400, 401, 403, 404, 409, 500, 502, 504] {
            assert!(!may_retry(login, &answered(status, None, Outcome::Unknown), None), "{status}");
        }
        for status in [429, 503] {
            assert!(may_retry(login, &answered(status, None, Outcome::Refused), None), "{status}");
        }
        assert!(!may_retry(login, &answered(503, None, Outcome::Unknown), None), "by a gateway");
        assert!(may_retry(version, &answered(503, None, Outcome::Unknown), None));
        assert!(may_retry(version, &answered(500, None, Outcome::Unknown), None));
        assert!(!may_retry(version, &answered(404, None, Outcome::Refused), None));
    }

    #[test]
    fn a_kept_connection_that_died_is_replaced_once_and_stays_uncertain() {
        let mut tries = Tries::new(5);
        let unknown = Error::from(Facts { outcome: Outcome::Unknown, ..Facts::new(Status::ConnectionLost, "") });
        assert_eq!(tries.failed(&Operation::LOGIN, &unknown, Some(&lost(true, true))), Again::AtOnce);
        assert_eq!(tries.failed(&Operation::LOGIN, &unknown, Some(&lost(true, true))), Again::Never);

        let conclude = |error| tries.conclude(&Operation::LOGIN, error);
        let refused = conclude(Error::new(Status::Unreachable, "refused"));
        assert_eq!((refused.outcome, refused.message.as_str()), (Outcome::Unknown, "refused (after 2 tries)"));
        let refused = |http_status| {
            Error::from(Facts { outcome: Outcome::Refused, http_status, ..Facts::new(Status::Rejected, "") })
        };
        for http_status in [400, 401] {
            assert_eq!(conclude(refused(http_status)).outcome, Outcome::Refused, "{http_status}");
        }
        // That it is forbidden may be because the first one worked: an account may have so many sessions.
        for http_status in [403, 404, 409, 429, 503, 200] {
            assert_eq!(conclude(refused(http_status)).outcome, Outcome::Unknown, "{http_status}");
        }
        let logout = |error| tries.conclude(&Operation::LOGOUT, error);
        assert_eq!(logout(refused(403)).outcome, Outcome::Refused);

        let mut tries = Tries::new(5);
        tries.failed(&Operation::LOGIN, &answered(503, None, Outcome::Refused), None);
        assert_eq!(tries.conclude(&Operation::LOGIN, Error::new(Status::Unreachable, "")).outcome, Outcome::Refused);
    }

    #[test]
    fn pauses_grow_and_the_server_s_own_wish_is_honoured() {
        let error = answered(503, None, Outcome::Refused);
        for (made, limit) in [(0, 250), (1, 500), (2, 1000), (8, 8000)] {
            let mut tries = Tries { made, ..Tries::new(10) };
            for _ in 0..50 {
                tries.made = made;
                match tries.failed(&Operation::LOGIN, &error, None) {
                    Again::After(pause) => assert!(pause <= Duration::from_millis(limit), "{made} {pause:?}"),
                    other => panic!("{other:?}"),
                }
            }
        }
        let wish = answered(429, Some(2000), Outcome::Refused);
        match Tries::new(2).failed(&Operation::LOGIN, &wish, None) {
            Again::After(pause) => assert!((2000..=2250).contains(&pause.as_millis()), "{pause:?}"),
            other => panic!("{other:?}"),
        }
        let mut once = Tries::new(1);
        assert_eq!(once.failed(&Operation::LOGIN, &error, None), Again::Never);
    }
}
