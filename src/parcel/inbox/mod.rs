//! A folder that gets every parcel of a mailbox once: docs/parcels.md has the protocol.

mod book;
mod record;
mod round;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use self::book::Book;
use self::round::Round;
use super::folder::{self, Opened};
use super::route::check;
use crate::error::Error;
use crate::files::Folder;
use crate::platform::NoSignals;
use crate::session::Session;

/// One folder, one mailbox, and the only one in the world that has this folder.
pub struct Inbox {
    session: Session,
    folder: Folder,
    mailbox_id: i64,
    /// Held during a round: a second one waits.
    book: Mutex<Book>,
}

impl Inbox {
    /// Makes no request.
    pub fn open(session: &Session, path: &Path, mailbox_id: i64) -> Result<Self, Error> {
        check("inbox not opened: mailbox_id", mailbox_id)?;
        let Opened { session, folder, notes, lines } = folder::open(session, path, "inbox")?;
        let book = Book::new(notes, &lines).ok_or_else(|| folder::not_understood(&folder, "inbox"))?;
        Ok(Self { session, folder, mailbox_id, book: Mutex::new(book) })
    }

    /// One round: everything that is pending now. `received` counts the files that have appeared.
    pub fn receive(&self, received: &mut i64) -> Result<(), Error> {
        self.session.run(&mut |call| {
            let _no_signals = NoSignals::new();
            let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
            // Another round may have been waited for.
            call.check().map_err(|failure| folder::not_begun("inbox", &failure))?;
            call.begin_request();
            let user_id = self.session.account(call)?;
            let owner = folder::owner(&self.session, user_id, &format!("mailbox {}", self.mailbox_id));
            Round::new((&self.session, &self.folder, self.mailbox_id), call, &mut book, received).run(owner)
        })
    }

    pub fn cancel(&self) {
        self.session.cancel();
    }

    pub fn stop(&self) {
        self.session.stop();
    }
}
