//! One round of an outbox.

use std::ffi::OsString;
use std::iter;
use std::path::{Path, PathBuf};

use super::book::Book;
use super::drawer;
use super::record::{Record, State};
use super::search::{self, Verdict};
use crate::error::{Error, Outcome, Status};
use crate::files::{Folder, Trouble, shown};
use crate::log::Level;
use crate::parcel::folder::{owner, trouble, unix_time};
use crate::parcel::route::Route;
use crate::parcel::source::InFile;
use crate::parcel::tally::{Over, Tally, is_verdict};
use crate::session::Session;
use crate::transport::Call;

pub struct Round<'a> {
    session: &'a Session,
    folder: &'a Folder,
    route: &'a Route,
    settle_ms: i64,
    call: &'a Call<'a>,
    book: &'a mut Book,
    sent: &'a mut i64,
    tally: Tally<'a>,
}

impl<'a> Round<'a> {
    pub fn new(
        (session, folder, route, settle_ms): (&'a Session, &'a Folder, &'a Route, i64),
        call: &'a Call<'a>,
        book: &'a mut Book,
        sent: &'a mut i64,
    ) -> Self {
        Self { session, folder, route, settle_ms, call, book, sent, tally: Tally::new(call) }
    }

    pub fn run(mut self) -> Result<(), Error> {
        let files = drawer::ready(self.folder).map_err(|why| trouble(why, Outcome::NotSent))?;
        // Of a folder with nothing in it nobody is asked.
        if !files.is_empty() || self.book.is_busy() {
            let owner = self.owner()?;
            // Why it has ended the tally knows.
            let _ = self.steps(owner, files);
        }
        self.book.forget_old(unix_time());
        if let Err(why) = self.book.tidy(self.folder) {
            let _ = self.tally.failed(0, "", trouble(why, Outcome::NotSent));
        }
        self.tally.result()
    }

    /// Whose files they are. ECGrid is asked once, and its answer tells what time it is there.
    fn owner(&mut self) -> Result<String, Error> {
        self.call.begin_request();
        let user_id = if self.book.skew.is_some() {
            self.session.account(self.call)?
        } else {
            let told = self.session.ask_whose(self.call)?;
            self.book.skew = search::skew_of(&told.response);
            told.user_id
        };
        let Route { from, to, mailbox } = self.route;
        Ok(owner(self.session, user_id, &format!("route {from} {to} {mailbox}")))
    }

    fn steps(&mut self, owner: String, files: Vec<OsString>) -> Result<(), Over> {
        if self.book.owner() != owner {
            // Another account's outbox says nothing about what may have been sent as that one.
            for record in self.book.all(|state| *state == State::Sending) {
                let why =
                    format!("it may have been sent for {}, and now the outbox is open for {owner}", self.book.owner());
                self.conclude(record, State::Unclear(unclear(&why)))?;
            }
            self.book.start_anew(self.folder, owner).map_err(|why| self.no_note(why))?;
        }
        for record in self.book.all(|state| !matches!(state, State::Done(_))) {
            self.take_up(record)?;
        }
        self.look_for_lost()?;
        for record in self.book.all(|state| *state == State::Kept) {
            self.upload(record)?;
        }
        for name in files {
            self.take(&self.folder.path().join(name))?;
        }
        Ok(())
    }

    /// What a process that died has left of a file.
    fn take_up(&mut self, record: Record) -> Result<(), Over> {
        let is_here = self.work(&record).symlink_metadata().is_ok();
        match record.state {
            State::Sent(_) | State::Refused(_) | State::Unclear(_) => self.put_away(record),
            // It was not taken, or was put back.
            State::Sending | State::Kept if !is_here => self.note(&Record { state: State::Gone, ..record }, false),
            _ => Ok(()),
        }
    }

    /// Asks the outbox list for those that may have been sent.
    fn look_for_lost(&mut self) -> Result<(), Over> {
        let lost = self.book.all(|state| *state == State::Sending);
        if lost.is_empty() {
            return Ok(());
        }
        let found = match search::ask(self.session, self.call, self.route.mailbox, &lost) {
            Ok(found) => found,
            Err(error) => return self.tally.failed(0, "", error),
        };
        let mut known = self.book.known();
        for mut record in lost {
            if record.over == 0 {
                // Whoever sent it has died; by now it is over.
                record.over = unix_time();
                self.note(&record, false)?;
            }
            match found.judge(&record, &known, self.settle_ms) {
                Verdict::Sent(id) => {
                    known.insert(id);
                    self.was_sent(record, id)?;
                }
                Verdict::NotSent => self.upload(record)?,
                Verdict::TooSoon => self.tally.tell(Level::Warn, 0, "waiting", &record.name, None),
                Verdict::Unclear(why) => self.conclude(record, State::Unclear(unclear(why)))?,
            }
        }
        Ok(())
    }

    /// A file that lies in the folder.
    fn take(&mut self, path: &Path) -> Result<(), Over> {
        let (name, bytes) = match facts(path) {
            Ok(facts) => facts,
            Err(error) => return self.tally.failed(0, "", error),
        };
        // Which of the two ECGrid has, nobody could tell.
        if self.book.has_twin(&name, bytes) {
            self.tally.tell(Level::Warn, 0, "waiting", &name, None);
            return Ok(());
        }
        let number = self.book.next_number();
        let mut record =
            Record { number, state: State::Sending, at: unix_time(), skew: self.book.skew, over: 0, bytes, name };
        self.note(&record, true)?;
        let taken = self.folder.hidden().take(path, &mut iter::once(record.work_name()));
        if let Err(why) = taken {
            // It may have been moved all the same, and not be on the disk.
            let is_moved = self.work(&record).symlink_metadata().is_ok();
            record.state = if is_moved { State::Kept } else { State::Gone };
            self.note(&record, false)?;
            return self.tally.failed(0, &record.name, trouble(why, Outcome::NotSent));
        }
        self.send(record)
    }

    /// A file that was taken before, and was not sent.
    fn upload(&mut self, record: Record) -> Result<(), Over> {
        let record = Record { state: State::Sending, at: unix_time(), skew: self.book.skew, over: 0, ..record };
        self.note(&record, true)?;
        self.send(record)
    }

    /// Sends what is noted as being sent.
    fn send(&mut self, mut record: Record) -> Result<(), Over> {
        self.call.begin_request();
        let work = self.work(&record);
        let result = InFile::open(&work)
            .map_err(|why| Error::new(Status::File, format!("upload of {} not sent: {why}", record.name)))
            .and_then(|mut file| self.session.send_parcel(self.call, &mut file, &record.name, self.route, true));
        match result {
            Ok(id) => self.was_sent(record, id),
            Err(error) if is_verdict(&error) => {
                let name = record.name.clone();
                self.conclude(record, State::Refused(error.message.clone()))?;
                self.tally.failed(0, &name, error)
            }
            Err(error) if error.outcome == Outcome::Unknown => {
                let ends = error.status == Status::ServerError;
                record.over = unix_time();
                self.note(&record, false)?;
                self.tally.failed(0, &record.name, error)?;
                if ends { Err(Over) } else { Ok(()) }
            }
            Err(error) => {
                let ends = error.status == Status::Forbidden;
                self.put_back(&mut record)?;
                self.tally.failed(0, &record.name, error)?;
                if ends { Err(Over) } else { Ok(()) }
            }
        }
    }

    /// Back to where it was, unless another file has its name by now.
    fn put_back(&mut self, record: &mut Record) -> Result<(), Over> {
        record.state = State::Kept;
        self.note(record, false)?;
        match self.folder.place().take(&self.work(record), &mut iter::once(record.name.clone())) {
            Ok(_) => {
                record.state = State::Gone;
                self.note(record, false)
            }
            Err(_) => Ok(()),
        }
    }

    fn was_sent(&mut self, record: Record, id: i64) -> Result<(), Over> {
        *self.sent += 1;
        self.tally.worked(id, "sent", &record.name);
        self.conclude(record, State::Sent(id))
    }

    /// Notes what has become of a file, and puts it where such files go.
    fn conclude(&mut self, record: Record, state: State) -> Result<(), Over> {
        let record = Record { state, ..record };
        if let Some((what, _)) = record.state.reason() {
            self.tally.tell(Level::Warn, 0, what, &record.name, None);
        }
        self.note(&record, true)?;
        self.put_away(record)
    }

    fn put_away(&mut self, record: Record) -> Result<(), Over> {
        if let Err(why) = drawer::put(self.folder, &record) {
            return self.tally.failed(0, &record.name, trouble(why, Outcome::Unknown));
        }
        let state = if let State::Sent(id) = record.state { State::Done(id) } else { State::Gone };
        self.note(&Record { state, ..record }, false)
    }

    fn work(&self, record: &Record) -> PathBuf {
        self.folder.hidden().path().join(record.work_name())
    }

    /// What cannot be noted may not be done.
    fn note(&mut self, record: &Record, synced: bool) -> Result<(), Over> {
        self.book.note(self.folder, record, synced).map_err(|why| self.no_note(why))
    }

    fn no_note(&mut self, why: Trouble) -> Over {
        let _ = self.tally.failed(0, "", trouble(why, Outcome::NotSent));
        Over
    }
}

/// The name that the addressee will see, and the length.
fn facts(path: &Path) -> Result<(String, i64), Error> {
    let name = path.file_name().and_then(|name| name.to_str()).filter(|name| !name.chars().any(char::is_control));
    let name = name.ok_or_else(|| {
        Error::argument(format!(
            "{} not sent: its name is not UTF-8, or has a control character in it; rename it",
            shown(path)
        ))
    })?;
    let facts =
        path.symlink_metadata().map_err(|error| trouble(Trouble::of("look at", path, &error), Outcome::NotSent))?;
    Ok((name.to_owned(), facts.len().try_into().unwrap_or(i64::MAX)))
}

fn unclear(why: &str) -> String {
    format!(
        "it is not known whether this file was sent: {why}; look into the outbox at ECGrid, and if it is not there, drop the file in once more"
    )
}
