//! One round of an inbox.

use std::path::PathBuf;

use super::book::Book;
use super::record::{Record, State, word};
use crate::error::{Error, Outcome, Status};
use crate::files::{Folder, Trouble, names, shown};
use crate::parcel::destination::InWorkFile;
use crate::parcel::folder::{trouble, unix_time};
use crate::parcel::ids::Ids;
use crate::parcel::rows::{Row, rows};
use crate::parcel::tally::{Over, Tally, is_verdict};
use crate::platform;
use crate::session::Session;
use crate::transport::Call;

pub struct Round<'a> {
    session: &'a Session,
    folder: &'a Folder,
    mailbox_id: i64,
    call: &'a Call<'a>,
    book: &'a mut Book,
    received: &'a mut i64,
    tally: Tally<'a>,
    /// What a list of this round had.
    seen: Ids,
    /// What something was done about: once a round is enough.
    tried: Ids,
}

impl<'a> Round<'a> {
    pub fn new(
        (session, folder, mailbox_id): (&'a Session, &'a Folder, i64),
        call: &'a Call<'a>,
        book: &'a mut Book,
        received: &'a mut i64,
    ) -> Self {
        let (tally, seen, tried) = (Tally::new(call), Ids::default(), Ids::default());
        Self { session, folder, mailbox_id, call, book, received, tally, seen, tried }
    }

    pub fn run(mut self, owner: String) -> Result<(), Error> {
        self.belongs_to(owner)?;
        // Why it has ended the tally knows.
        let _ = self.steps();
        if let Err(why) = self.book.tidy(self.folder) {
            let _ = self.tally.failed(0, "", trouble(why, Outcome::NotSent));
        }
        self.tally.result()
    }

    /// What is under way is nobody else's to finish: for another account the same ids are other parcels.
    fn belongs_to(&mut self, owner: String) -> Result<(), Error> {
        if self.book.owner() == owner {
            return Ok(());
        }
        if self.book.is_busy() {
            let (folder, before) = (shown(self.folder.path()), self.book.owner());
            let message = format!(
                "inbox not received: parcels for {before} are under way in {folder}, and this is {owner}; receive with that once \
                 more, or open another folder"
            );
            return Err(Error::new(Status::InvalidState, message));
        }
        self.book.start_anew(self.folder, owner).map_err(|why| trouble(why, Outcome::NotSent))
    }

    fn steps(&mut self) -> Result<(), Over> {
        // What lies here whole needs nobody's help.
        for id in self.book.all(State::Whole) {
            if self.work(id).symlink_metadata().is_ok() {
                self.place(id)?;
            } else if let Err(why) = self.folder.place().sync() {
                // It is in the folder, but perhaps not on the disk.
                let _ = self.tally.failed(id, "", trouble(why, Outcome::Unknown));
                return Err(Over);
            }
        }
        loop {
            let (steady, wall) = (platform::steady_clock(), unix_time());
            self.call.begin_request();
            let list = self.session.list_pending(self.call, self.mailbox_id);
            let list = match list.and_then(|list| rows(&list, self.session.service().place())) {
                Ok(list) => list,
                Err(error) => {
                    let _ = self.tally.failed(0, "", error);
                    return Err(Over);
                }
            };
            self.book.forget_old(wall, steady);
            let before = self.seen.len();
            let lagging = self.take_in(list)?;
            for id in self.book.all(State::Wanted) {
                self.deliver(id)?;
            }
            for id in self.book.all(State::Whole).into_iter().chain(lagging) {
                self.confirm(id)?;
            }
            if self.seen.len() == before {
                return Ok(());
            }
        }
    }

    /// What a list tells, noted before anything is done about it. Answers what it has although that was confirmed.
    fn take_in(&mut self, list: Vec<Row>) -> Result<Vec<i64>, Over> {
        let (mut wanted, mut lagging) = (Vec::new(), Vec::new());
        for row in list {
            if !self.seen.insert(row.id) {
                continue;
            }
            let (modified, name) = (word(&row.modified), names::clean(&row.file_name));
            let is_new = match self.book.get(row.id) {
                None => true,
                Some(known) if !matches!(known.state, State::Confirmed(_)) => false,
                // It was put back.
                Some(known) if differs(&known.modified, &modified) => true,
                Some(known) => {
                    lagging.push(known.id);
                    false
                }
            };
            if is_new {
                wanted.push(Record { id: row.id, state: State::Wanted, modified, name });
            } else {
                self.book.listed(row.id, &modified, &name);
            }
        }
        if !wanted.is_empty() {
            let noted = self.book.want(self.folder, wanted);
            self.noted(noted, Outcome::NotSent)?;
        }
        Ok(lagging)
    }

    fn deliver(&mut self, id: i64) -> Result<(), Over> {
        if !self.tried.insert(id) {
            return Ok(());
        }
        if let Err(error) = self.fetch(id) {
            // What ECGrid does not list, and does not know, is nobody's.
            if !self.seen.contains(id) && is_verdict(&error) {
                self.note(id, State::Gone, false)?;
            }
            self.book.mark_failed(id);
            return self.tally.failed(id, "", error);
        }
        self.note(id, State::Whole, true)?;
        self.place(id)?;
        self.send_confirmation(id)
    }

    /// To its work file, whole and on the disk.
    fn fetch(&mut self, id: i64) -> Result<(), Error> {
        let mut file = InWorkFile::create(self.folder, self.work(id)).map_err(|why| trouble(why, Outcome::NotSent))?;
        self.call.begin_request();
        let told = self.session.fetch(self.call, id, &mut file, true)?;
        self.book.listed(id, "", &names::clean(told.file_name.as_deref().unwrap_or_default()));
        file.keep().map_err(|why| trouble(why, Outcome::Unknown))
    }

    /// From its work file into the folder, in one step.
    fn place(&mut self, id: i64) -> Result<(), Over> {
        let name = self.book.get(id).map(|record| record.name.clone()).unwrap_or_default();
        match self.folder.place().take(&self.work(id), &mut names::numbered(&id.to_string(), &name)) {
            Ok(path) => {
                *self.received += 1;
                self.tally.worked(id, "received", path.file_name().and_then(|name| name.to_str()).unwrap_or_default());
                Ok(())
            }
            Err(why) => {
                let _ = self.tally.failed(id, "", trouble(why, Outcome::Unknown));
                // The folder takes none.
                Err(Over)
            }
        }
    }

    fn confirm(&mut self, id: i64) -> Result<(), Over> {
        if self.tried.insert(id) { self.send_confirmation(id) } else { Ok(()) }
    }

    /// Of one that is in the folder, or was.
    fn send_confirmation(&mut self, id: i64) -> Result<(), Over> {
        self.call.begin_request();
        let is_remembered = self.book.get(id).is_some_and(|record| matches!(record.state, State::Confirmed(_)));
        match self.session.confirm_parcel(self.call, id) {
            Ok(()) => {
                self.tally.worked(id, "confirmed", "");
                if is_remembered { Ok(()) } else { self.note(id, State::Confirmed(unix_time()), false) }
            }
            Err(error) => {
                if error.status == Status::NotFound && !self.seen.contains(id) {
                    self.note(id, State::Gone, false)?;
                }
                self.tally.failed(id, "", error)
            }
        }
    }

    fn work(&self, id: i64) -> PathBuf {
        self.folder.hidden().path().join(format!("{id}.part"))
    }

    fn note(&mut self, id: i64, state: State, synced: bool) -> Result<(), Over> {
        let noted = self.book.note(self.folder, id, state, synced);
        self.noted(noted, Outcome::Unknown)
    }

    /// What cannot be noted may not be done.
    fn noted(&mut self, noted: Result<(), Trouble>, outcome: Outcome) -> Result<(), Over> {
        noted.map_err(|why| {
            let _ = self.tally.failed(0, "", trouble(why, outcome));
            Over
        })
    }
}

/// Whether both are known, and not the same.
fn differs(noted: &str, listed: &str) -> bool {
    !noted.is_empty() && !listed.is_empty() && noted != listed
}
