//! A folder whose files are sent, each once: docs/parcels.md has the protocol.

mod book;
mod drawer;
mod record;
mod round;
mod search;

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use self::book::Book;
use self::round::Round;
use super::folder::{self, Opened};
use super::route::Route;
use super::turns::Turns;
use crate::error::Error;
use crate::files::Folder;
use crate::platform::NoSignals;
use crate::session::Session;

/// As long as ECGrid may take until its outbox list shows an upload.
const SETTLES_WITHIN_MS: i64 = 600_000;

/// A handle on a folder: the scope of a cancel.
pub struct Outbox {
    session: Session,
    shared: Arc<Shared>,
}

/// One folder, one route, and the only one in the world that has this folder.
struct Shared {
    folder: Folder,
    route: Route,
    settle_ms: AtomicI64,
    turns: Turns,
    book: Mutex<Book>,
}

impl Outbox {
    /// Makes no request.
    pub fn open(session: &Session, path: &Path, route: &Route) -> Result<Self, Error> {
        let Opened { session, folder, notes, lines } = folder::open(session, path, "outbox")?;
        let book = Book::new(notes, &lines).ok_or_else(|| folder::not_understood(&folder, "outbox"))?;
        let settle_ms = AtomicI64::new(SETTLES_WITHIN_MS);
        let shared = Shared { folder, route: *route, settle_ms, turns: Turns::default(), book: Mutex::new(book) };
        Ok(Self { session, shared: Arc::new(shared) })
    }

    /// A clone: the same folder, and a child of this handle.
    pub fn another(&self) -> Result<Self, Error> {
        Ok(Self { session: self.session.another()?, shared: self.shared.clone() })
    }

    /// What its rounds go through, and its clones are children of.
    pub fn session(&self) -> &Session {
        &self.session
    }

    pub fn set_settle_ms(&self, milliseconds: i64) -> Result<(), Error> {
        if milliseconds < 0 {
            return Err(Error::argument(format!("the settle time is {milliseconds} ms, but must be at least 0")));
        }
        self.shared.settle_ms.store(milliseconds, Ordering::Relaxed);
        Ok(())
    }

    /// One round: every file that lies there now. `sent` counts those that are known to be sent.
    pub fn send(&self, sent: &mut i64) -> Result<(), Error> {
        let (session, Shared { folder, route, settle_ms, turns, book }) = (&self.session, &*self.shared);
        session.run(&mut |call| {
            let _no_signals = NoSignals::new();
            let _turn = turns.take(call, "outbox")?;
            let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
            let settle_ms = settle_ms.load(Ordering::Relaxed);
            Round::new((session, folder, route, settle_ms), call, &mut book, sent).run()
        })
    }
}
