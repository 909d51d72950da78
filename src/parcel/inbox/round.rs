//! One round of an inbox.

use std::collections::HashSet;
use std::path::PathBuf;

use super::book::Book;
use super::record::{Record, State, word};
use crate::error::{Error, Outcome, Status};
use crate::files::{Folder, Trouble, names, shown};
use crate::log::{self, Level};
use crate::parcel::destination::InWorkFile;
use crate::parcel::folder::{Owner, trouble, unix_time};
use crate::parcel::rows::{Row, rows};
use crate::parcel::tally::{Round as Going, Tally, is_verdict};
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
    tally: Tally,
    /// What a list of this round had.
    seen: HashSet<i64>,
    /// What something was done about: once a round is enough.
    tried: HashSet<i64>,
}

/// The round ends before its time: why, the tally knows.
struct Over;

impl<'a> Round<'a> {
    pub fn new(
        (session, folder, mailbox_id): (&'a Session, &'a Folder, i64),
        call: &'a Call<'a>,
        book: &'a mut Book,
        received: &'a mut i64,
    ) -> Self {
        let (tally, seen, tried) = (Tally::default(), HashSet::new(), HashSet::new());
        Self { session, folder, mailbox_id, call, book, received, tally, seen, tried }
    }

    pub fn run(mut self, owner: &Owner) -> Result<(), Error> {
        self.belongs_to(owner)?;
        // Why it has ended the tally knows.
        let _ = self.steps();
        if let Err(why) = self.book.tidy(self.folder) {
            let _ = self.failed(0, trouble(why, Outcome::NotSent));
        }
        self.tally.result()
    }

    /// What is under way is nobody else's to finish: for another account the same ids are other parcels.
    fn belongs_to(&mut self, owner: &Owner) -> Result<(), Error> {
        let owner = owner.line();
        if self.book.owner() == owner {
            return Ok(());
        }
        if self.book.is_busy() {
            let folder = shown(self.folder.path());
            return Err(Error::new(
                Status::InvalidState,
                format!(
                    "inbox not received: parcels for {} are under way in {folder}, and this is {owner}; receive with that once \
                     more, or open another folder",
                    self.book.owner()
                ),
            ));
        }
        self.book.start_anew(self.folder, owner).map_err(|why| trouble(why, Outcome::NotSent))
    }

    fn steps(&mut self) -> Result<(), Over> {
        // What lies here whole needs nobody's help.
        for record in self.book.all(|state| state == State::Whole) {
            self.place_left_over(&record)?;
        }
        loop {
            let (steady, wall) = (platform::steady_clock(), unix_time());
            self.call.begin_request();
            let list = self.session.list_pending(self.call, self.mailbox_id);
            let list = match list.and_then(|list| rows(&list, self.session.service().place())) {
                Ok(list) => list,
                Err(error) => {
                    let _ = self.failed(0, error);
                    return Err(Over);
                }
            };
            self.book.forget_old(wall, steady);
            let (new, lagging) = self.take_in(list)?;
            for record in self.untried(State::Wanted) {
                self.deliver(record)?;
            }
            for record in self.untried(State::Whole).into_iter().chain(lagging) {
                self.confirm(&record)?;
            }
            if !new {
                return Ok(());
            }
        }
    }

    fn untried(&self, wanted: State) -> Vec<Record> {
        let mut records = self.book.all(|state| state == wanted);
        records.retain(|record| !self.tried.contains(&record.id));
        records
    }

    /// What a list tells, noted before anything is done about it: whether it had anything new, and what it has although
    /// that was confirmed.
    fn take_in(&mut self, list: Vec<Row>) -> Result<(bool, Vec<Record>), Over> {
        let (mut wanted, mut lagging, mut new) = (Vec::new(), Vec::new(), false);
        for row in list.into_iter().filter(|row| self.seen.insert(row.id)) {
            new = true;
            let modified = word(&row.modified);
            let record = || Record {
                id: row.id,
                state: State::Wanted,
                modified: modified.clone(),
                name: names::clean(&row.file_name),
            };
            match self.book.get(row.id).map(|entry| &entry.record) {
                None => wanted.push(record()),
                Some(known) => match known.state {
                    // It was put back.
                    State::Confirmed(_) if differs(&known.modified, &modified) => wanted.push(record()),
                    State::Confirmed(_) => lagging.push(known.clone()),
                    _ => self.book.listed(row.id, &modified),
                },
            }
        }
        if !wanted.is_empty() {
            self.note(&wanted, true)?;
        }
        Ok((new, lagging))
    }

    fn deliver(&mut self, mut record: Record) -> Result<(), Over> {
        self.tried.insert(record.id);
        if let Err(error) = self.fetch(&mut record) {
            // What ECGrid does not list, and does not know, is nobody's.
            let is_gone = !self.seen.contains(&record.id) && is_verdict(&error);
            if is_gone {
                self.note(&[Record { state: State::Gone, ..record.clone() }], false)?;
            }
            self.book.mark_failed(record.id);
            return self.failed(record.id, error);
        }
        record.state = State::Whole;
        self.note(&[record.clone()], true)?;
        self.place(&record)?;
        self.confirm(&record)
    }

    /// To its work file, whole and on the disk.
    fn fetch(&mut self, record: &mut Record) -> Result<(), Error> {
        let mut file =
            InWorkFile::create(self.folder, self.work(record)).map_err(|why| trouble(why, Outcome::NotSent))?;
        self.call.begin_request();
        let told = self.session.fetch(self.call, record.id, &mut file, true)?;
        if record.name.is_empty() {
            record.name = names::clean(&told.file_name.unwrap_or_default());
        }
        file.keep().map_err(|why| trouble(why, Outcome::Unknown))
    }

    /// A parcel whose work file was whole when a process died: it may be in the folder already.
    fn place_left_over(&mut self, record: &Record) -> Result<(), Over> {
        if self.work(record).symlink_metadata().is_ok() { self.place(record) } else { Ok(()) }
    }

    /// From its work file into the folder, in one step.
    fn place(&mut self, record: &Record) -> Result<(), Over> {
        match self.folder.place().take(&self.work(record), names::numbered(&record.id.to_string(), &record.name)) {
            Ok(path) => {
                *self.received += 1;
                self.tally.worked();
                self.tell(record.id, "received", path.file_name().and_then(|name| name.to_str()));
                Ok(())
            }
            Err(why) => {
                let _ = self.failed(record.id, trouble(why, Outcome::Unknown));
                // The folder takes none.
                Err(Over)
            }
        }
    }

    /// One that is in the folder, or was.
    fn confirm(&mut self, record: &Record) -> Result<(), Over> {
        self.tried.insert(record.id);
        self.call.begin_request();
        match self.session.confirm_parcel(self.call, record.id) {
            Ok(()) => {
                self.tally.worked();
                self.tell(record.id, "confirmed", None);
                match record.state {
                    State::Confirmed(_) => Ok(()),
                    _ => self.note(&[Record { state: State::Confirmed(unix_time()), ..record.clone() }], false),
                }
            }
            Err(error) => {
                let is_gone = error.status == Status::NotFound && !self.seen.contains(&record.id);
                if is_gone {
                    self.note(&[Record { state: State::Gone, ..record.clone() }], false)?;
                }
                self.failed(record.id, error)
            }
        }
    }

    fn work(&self, record: &Record) -> PathBuf {
        self.folder.hidden().path().join(format!("{}.part", record.id))
    }

    /// What cannot be noted may not be done.
    fn note(&mut self, records: &[Record], synced: bool) -> Result<(), Over> {
        self.book.note(self.folder, records, synced).map_err(|why: Trouble| {
            let _ = self.failed(0, trouble(why, Outcome::Unknown));
            Over
        })
    }

    fn tell(&self, parcel: i64, step: &str, file: Option<&str>) {
        self.call.log().tell(Level::Info, |call| log::Parcel { call, parcel, step, file, error: None }.line());
    }

    /// Counts an error: of one parcel, or 0.
    fn failed(&mut self, parcel: i64, error: Error) -> Result<(), Over> {
        self.call.log().tell(Level::Warn, |call| {
            log::Parcel { call, parcel, step: "failed", file: None, error: Some(&error.message) }.line()
        });
        match self.tally.failed(error) {
            Going::GoesOn => Ok(()),
            Going::Ends => Err(Over),
        }
    }
}

/// Whether both are known, and not the same.
fn differs(noted: &str, listed: &str) -> bool {
    !noted.is_empty() && !listed.is_empty() && noted != listed
}
