//! What went wrong in a round: errors on one parcel do not stop the others.

use crate::error::{Error, Facts, Outcome, Status};
use crate::log::{self, Level};
use crate::transport::Call;

/// After so many failures one after the other, which say nothing about their parcels, the rest waits for the next round.
const ENOUGH: u32 = 3;

pub struct Tally<'a> {
    call: &'a Call<'a>,
    first: Option<Error>,
    worst: Option<Outcome>,
    in_a_row: u32,
}

/// The round ends before its time: why, the tally knows.
#[derive(Debug, PartialEq)]
pub struct Over;

impl<'a> Tally<'a> {
    pub fn new(call: &'a Call<'a>) -> Self {
        Self { call, first: None, worst: None, in_a_row: 0 }
    }

    /// A parcel, or a file, went a step further.
    pub fn worked(&mut self, parcel: i64, step: &str, file: &str) {
        self.in_a_row = 0;
        self.tell(Level::Info, parcel, step, file, None);
    }

    /// Counts an error of one parcel, or file, or of none (0 and ""); and says whether it leaves others any hope.
    #[inline(never)]
    pub fn failed(&mut self, parcel: i64, file: &str, error: Error) -> Result<(), Over> {
        self.tell(Level::Warn, parcel, "failed", file, Some(&error.message));
        let ends = is_about_all(&error);
        self.worst = self.worst.max(Some(error.outcome));
        self.in_a_row = if error.outcome == Outcome::Unknown { self.in_a_row + 1 } else { 0 };
        self.first.get_or_insert(error);
        if ends || self.in_a_row >= ENOUGH { Err(Over) } else { Ok(()) }
    }

    #[inline(never)]
    pub fn tell(&self, level: Level, parcel: i64, step: &str, file: &str, error: Option<&str>) {
        let file = Some(file).filter(|file| !file.is_empty());
        self.call.log().tell(level, |call| log::Parcel { call, parcel, step, file, error }.line());
    }

    /// The first error, with the most careful outcome of all.
    pub fn result(self) -> Result<(), Error> {
        match self.first {
            None => Ok(()),
            Some(first) => {
                Err(Error::from(Facts { outcome: self.worst.unwrap_or(first.outcome), ..first.into_facts() }))
            }
        }
    }
}

/// An error that every other parcel would meet too.
fn is_about_all(error: &Error) -> bool {
    match error.status {
        Status::Cancelled | Status::Unauthenticated | Status::InvalidState | Status::RateLimited => true,
        Status::ServerError => error.outcome == Outcome::Refused,
        Status::InvalidArgument => false,
        _ => error.outcome == Outcome::NotSent,
    }
}

/// ECGrid's own word on one parcel.
pub fn is_verdict(error: &Error) -> bool {
    match error.http_status {
        400 | 404 => !error.code.is_empty(),
        status => (200..300).contains(&status) && error.status == Status::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::log::Log;
    use crate::transport::Calls;

    fn error(status: Status, outcome: Outcome) -> Error {
        Error::from(Facts { outcome, ..Facts::new(status, status.name()) })
    }

    fn with_tally(test: impl FnOnce(Tally)) {
        let calls = Calls::default();
        test(Tally::new(&Call::new(&calls, Instant::now(), Duration::MAX, Duration::MAX, &Log::OFF)));
    }

    #[test]
    fn the_first_error_is_told_with_the_most_careful_outcome_of_all() {
        with_tally(|mut tally| {
            for (status, outcome) in [
                (Status::NotFound, Outcome::Refused),
                (Status::Timeout, Outcome::Unknown),
                (Status::Rejected, Outcome::Refused),
            ] {
                assert_eq!(tally.failed(1, "", error(status, outcome)), Ok(()));
            }
            let error = tally.result().unwrap_err();
            assert_eq!((error.status, error.outcome), (Status::NotFound, Outcome::Unknown));
        });
        with_tally(|tally| assert!(tally.result().is_ok()));
    }

    #[test]
    fn a_round_ends_where_every_other_parcel_would_fare_the_same() {
        for (status, outcome) in [
            (Status::Cancelled, Outcome::Unknown),
            (Status::Unauthenticated, Outcome::Refused),
            (Status::RateLimited, Outcome::Refused),
            (Status::ServerError, Outcome::Refused),
            (Status::Unreachable, Outcome::NotSent),
            (Status::File, Outcome::NotSent),
        ] {
            with_tally(|mut tally| assert_eq!(tally.failed(0, "", error(status, outcome)), Err(Over), "{status:?}"));
        }
        with_tally(|mut tally| {
            for expected in [Ok(()), Ok(()), Err(Over)] {
                assert_eq!(tally.failed(1, "", error(Status::Timeout, Outcome::Unknown)), expected);
            }
            tally.worked(1, "received", "a.edi");
            assert_eq!(tally.failed(1, "", error(Status::ConnectionLost, Outcome::Unknown)), Ok(()));
        });
    }
}
