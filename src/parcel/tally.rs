//! What went wrong in a round: errors on one parcel do not stop the others.

use crate::error::{Error, Outcome, Status};

/// After so many failures one after the other, which say nothing about their parcels, the rest waits for the next round.
const ENOUGH: u32 = 3;

#[derive(Default)]
pub struct Tally {
    first: Option<Error>,
    worst: Option<Outcome>,
    in_a_row: u32,
}

/// Whether the round goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Round {
    GoesOn,
    Ends,
}

impl Tally {
    pub fn worked(&mut self) {
        self.in_a_row = 0;
    }

    /// Counts an error, and says whether it leaves others any hope.
    pub fn failed(&mut self, error: Error) -> Round {
        let ends = is_about_all(&error);
        self.worst = self.worst.max(Some(error.outcome));
        self.in_a_row = if error.outcome == Outcome::Unknown { self.in_a_row + 1 } else { 0 };
        self.first.get_or_insert(error);
        if ends || self.in_a_row >= ENOUGH { Round::Ends } else { Round::GoesOn }
    }

    /// The first error, with the most careful outcome of all.
    pub fn result(self) -> Result<(), Error> {
        match self.first {
            None => Ok(()),
            Some(first) => Err(Error { outcome: self.worst.unwrap_or(first.outcome), ..first }),
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
    use super::*;

    fn error(status: Status, outcome: Outcome) -> Error {
        Error { outcome, ..Error::new(status, status.name()) }
    }

    #[test]
    fn the_first_error_is_told_with_the_most_careful_outcome_of_all() {
        let mut tally = Tally::default();
        assert_eq!(tally.failed(error(Status::NotFound, Outcome::Refused)), Round::GoesOn);
        assert_eq!(tally.failed(error(Status::Timeout, Outcome::Unknown)), Round::GoesOn);
        assert_eq!(tally.failed(error(Status::Rejected, Outcome::Refused)), Round::GoesOn);
        let error = tally.result().unwrap_err();
        assert_eq!((error.status, error.outcome), (Status::NotFound, Outcome::Unknown));
        assert!(Tally::default().result().is_ok());
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
            assert_eq!(Tally::default().failed(error(status, outcome)), Round::Ends, "{status:?}");
        }
        let mut tally = Tally::default();
        for expected in [Round::GoesOn, Round::GoesOn, Round::Ends] {
            assert_eq!(tally.failed(error(Status::Timeout, Outcome::Unknown)), expected);
        }
        tally.worked();
        assert_eq!(tally.failed(error(Status::ConnectionLost, Outcome::Unknown)), Round::GoesOn);
    }
}
