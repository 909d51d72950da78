//! A folder that gets every parcel of a mailbox once: docs/parcels.md has the protocol.

mod book;
mod record;
mod round;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use self::book::Book;
use self::round::Round;
use super::folder::{self, Opened};
use super::route::check;
use super::turns::Turns;
use crate::error::Error;
use crate::files::Folder;
use crate::platform::NoSignals;
use crate::session::Session;

/// A handle on a folder: the scope of a cancel.
pub struct Inbox {
    session: Session,
    shared: Arc<Shared>,
}

/// One folder, one mailbox, and the only one in the world that has this folder.
struct Shared {
    folder: Folder,
    mailbox_id: i64,
    turns: Turns,
    book: Mutex<Book>,
}

impl Inbox {
    /// Makes no request.
    pub fn open(session: &Session, path: &Path, mailbox_id: i64) -> Result<Self, Error> {
        check("inbox not opened: mailbox_id", mailbox_id)?;
        let Opened { session, folder, notes, lines } = folder::open(session, path, "inbox")?;
        let book = Book::new(notes, &lines).ok_or_else(|| folder::not_understood(&folder, "inbox"))?;
        let shared = Shared { folder, mailbox_id, turns: Turns::default(), book: Mutex::new(book) };
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

    /// One round: everything that is pending now. `received` counts the files that have appeared.
    pub fn receive(&self, received: &mut i64) -> Result<(), Error> {
        let (session, Shared { folder, mailbox_id, turns, book }) = (&self.session, &*self.shared);
        session.run(&mut |call| {
            let _no_signals = NoSignals::new();
            let _turn = turns.take(call, "inbox")?;
            let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
            let user_id = session.account(call)?;
            let owner = folder::owner(session, user_id, &format!("mailbox {mailbox_id}"));
            Round::new((session, folder, *mailbox_id), call, &mut book, received).run(owner)
        })
    }
}
