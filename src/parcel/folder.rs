//! What an inbox and an outbox have in common: a folder that is theirs alone, and notes for one account.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::{Error, Outcome, Status};
use crate::files::{Folder, Notes, OpenTrouble, Trouble, shown};
use crate::request::verdict;
use crate::session::Session;
use crate::transport::Failure;

/// Opens a folder for an inbox or an outbox: `what`.
pub fn open(path: &Path, what: &'static str) -> Result<Folder, Error> {
    Folder::open(path).map_err(|why| match why {
        OpenTrouble::Trouble(why) => Error::new(Status::File, format!("{what} not opened: {}", why.what)),
        OpenTrouble::Taken { pid } => {
            let whose = pid.map_or("another process".into(), |pid| format!("process {pid}"));
            Error::new(
                Status::InvalidState,
                format!("{what} not opened: {} is open in {whose}; free that handle first", shown(path)),
            )
        }
    })
}

/// Reads the notes of a folder.
pub fn notes<T>(folder: &Folder, what: &str, read: impl FnOnce(Notes, &[String]) -> Option<T>) -> Result<T, Error> {
    let path = folder.hidden().path().join(format!("{what}.notes"));
    let wrong = |why: String| Error::new(Status::File, format!("{what} not opened: {why}"));
    let (notes, lines) = Notes::open(&path).map_err(|why| wrong(why.what))?;
    read(notes, &lines).ok_or_else(|| {
        let advice = "was it written by a later version of libecgrid?";
        wrong(format!("cannot understand {}; {advice}", shown(&path)))
    })
}

pub fn trouble(why: Trouble, outcome: Outcome) -> Error {
    Error { outcome, ..Error::new(Status::File, why.what) }
}

/// A round that was cancelled, or whose time was over, while it waited for another.
pub fn not_begun(what: &str, failure: &Failure) -> Error {
    Error::new(verdict::status_of(failure), format!("round of the {what} not begun: {}", failure.detail))
}

/// By the clock that people see, which may be set: what outlives a process knows no other.
pub fn unix_time() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_secs().try_into().unwrap_or(i64::MAX)
}

/// Whose parcels they are: `rest` is a mailbox, or a route.
pub fn owner(session: &Session, user_id: i64, rest: &str) -> String {
    format!("{} user {user_id} {rest}", session.service().place())
}
