//! A folder whose files are sent, each once: docs/parcels.md has the protocol.

mod book;
mod drawer;
mod record;
mod round;
mod search;

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use self::book::Book;
use self::round::Round;
use super::folder::{self, Opened};
use super::route::Route;
use crate::error::Error;
use crate::files::Folder;
use crate::platform::NoSignals;
use crate::session::Session;

/// As long as ECGrid may take until its outbox list shows an upload.
const SETTLES_WITHIN_MS: i64 = 600_000;

/// One folder, one route, and the only one in the world that has this folder.
pub struct Outbox {
    session: Session,
    folder: Folder,
    route: Route,
    settle_ms: AtomicI64,
    /// Held during a round: a second one waits.
    book: Mutex<Book>,
}

impl Outbox {
    /// Makes no request.
    pub fn open(session: &Session, path: &Path, route: &Route) -> Result<Self, Error> {
        let Opened { session, folder, notes, lines } = folder::open(session, path, "outbox")?;
        let book = Book::new(notes, &lines).ok_or_else(|| folder::not_understood(&folder, "outbox"))?;
        let settle_ms = AtomicI64::new(SETTLES_WITHIN_MS);
        Ok(Self { session, folder, route: *route, settle_ms, book: Mutex::new(book) })
    }

    pub fn set_settle_ms(&self, milliseconds: i64) -> Result<(), Error> {
        if milliseconds < 0 {
            return Err(Error::argument(format!("the settle time is {milliseconds} ms, but must be at least 0")));
        }
        self.settle_ms.store(milliseconds, Ordering::Relaxed);
        Ok(())
    }

    /// One round: every file that lies there now. `sent` counts those that are known to be sent.
    pub fn send(&self, sent: &mut i64) -> Result<(), Error> {
        self.session.run(&mut |call| {
            let _no_signals = NoSignals::new();
            let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
            // Another round may have been waited for.
            call.check().map_err(|failure| folder::not_begun("outbox", &failure))?;
            let settle_ms = self.settle_ms.load(Ordering::Relaxed);
            Round::new((&self.session, &self.folder, &self.route, settle_ms), call, &mut book, sent).run()
        })
    }

    pub fn cancel(&self) {
        self.session.cancel();
    }

    pub fn stop(&self) {
        self.session.stop();
    }
}
