//! What an inbox and an outbox have in common: a folder that is theirs alone, and notes for one account.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::{Error, Facts, Outcome, Status};
use crate::files::{Folder, Notes, OpenTrouble, Trouble, shown};
use crate::request::verdict;
use crate::session::Session;
use crate::transport::Failure;

/// What an inbox and an outbox begin with.
pub struct Opened {
    pub session: Session,
    pub folder: Folder,
    pub notes: Notes,
    /// What the notes say.
    pub lines: Vec<String>,
}

/// Opens a folder for an inbox or an outbox: `what`.
#[inline(never)]
pub fn open(session: &Session, path: &Path, what: &str) -> Result<Opened, Error> {
    let session = session.another()?;
    let wrong = |why: Trouble| Error::new(Status::File, format!("{what} not opened: {}", why.what));
    let folder = Folder::open(path).map_err(|why| match why {
        OpenTrouble::Trouble(why) => wrong(why),
        OpenTrouble::Taken { pid } => {
            let whose = pid.map_or("another process".into(), |pid| format!("process {pid}"));
            let message = format!("{what} not opened: {} is open in {whose}; free that handle first", shown(path));
            Error::new(Status::InvalidState, message)
        }
    })?;
    let (notes, lines) = Notes::open(&notes_of(&folder, what)).map_err(wrong)?;
    if !lines.is_empty() {
        // Their names, as their contents.
        folder.hidden().sync().map_err(wrong)?;
    }
    Ok(Opened { session, folder, notes, lines })
}

fn notes_of(folder: &Folder, what: &str) -> PathBuf {
    folder.hidden().path().join(format!("{what}.notes"))
}

/// Notes that nobody understands.
pub fn not_understood(folder: &Folder, what: &str) -> Error {
    let notes = shown(&notes_of(folder, what));
    let advice = "was it written by a later version of libecgrid?";
    Error::new(Status::File, format!("{what} not opened: cannot understand {notes}; {advice}"))
}

#[inline(never)]
pub fn trouble(why: Trouble, outcome: Outcome) -> Error {
    Error::from(Facts { outcome, ..Facts::new(Status::File, why.what) })
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
