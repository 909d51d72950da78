//! The notes of an outbox: which files are under way, on disk and in memory.

use super::record::{Record, State};
use crate::files::{Folder, Notes, Trouble};
use crate::parcel::ids::Ids;
use crate::parcel::notebook::Notebook;

/// So long a parcel of ours is remembered, which an outbox list may show while another one is looked for.
const REMEMBERED: i64 = 600;

pub struct Book {
    notebook: Notebook,
    /// In the order in which they were taken, which is that of their numbers.
    records: Vec<Record>,
    /// By how much ECGrid's clock is ahead of ours, as its last answer said.
    pub skew: Option<i64>,
}

impl Book {
    /// Reads what there is. None is said of lines that no version of this library writes.
    pub fn new(notes: Notes, lines: &[String]) -> Option<Self> {
        let (notebook, lines) = Notebook::new(notes, lines);
        let mut book = Self { notebook, records: Vec::new(), skew: None };
        for line in lines {
            book.put(Record::read(line)?);
        }
        Some(book)
    }

    pub fn owner(&self) -> &str {
        self.notebook.owner()
    }

    fn put(&mut self, record: Record) {
        let known = self.records.iter().rposition(|other| other.number == record.number);
        match known {
            Some(at) if record.state == State::Gone => drop(self.records.remove(at)),
            Some(at) => self.records[at] = record,
            None if record.state == State::Gone => {}
            None => self.records.push(record),
        }
    }

    pub fn all(&self, is: fn(&State) -> bool) -> Vec<Record> {
        self.records.iter().filter(|record| is(&record.state)).cloned().collect()
    }

    /// Whether something is under way, and not only remembered.
    pub fn is_busy(&self) -> bool {
        self.records.iter().any(|record| !matches!(record.state, State::Done(_)))
    }

    /// Whether one of that name and length may have been sent.
    pub fn has_twin(&self, name: &str, bytes: i64) -> bool {
        let is_twin = |record: &Record| record.state == State::Sending && record.name == name && record.bytes == bytes;
        self.records.iter().any(is_twin)
    }

    /// The parcels that are known for what they are.
    pub fn known(&self) -> Ids {
        let id = |record: &Record| match record.state {
            State::Sent(id) | State::Done(id) => Some(id),
            _ => None,
        };
        self.records.iter().filter_map(id).collect()
    }

    /// For the next file.
    pub fn next_number(&self) -> i64 {
        self.records.last().map_or(1, |last| last.number + 1)
    }

    /// Notes the next step of a file: on the disk, before anything follows from it, if `synced`.
    pub fn note(&mut self, folder: &Folder, record: &Record, synced: bool) -> Result<(), Trouble> {
        self.notebook.add(folder, vec![record.line()], synced)?;
        self.put(record.clone());
        Ok(())
    }

    /// For another account, which takes over what is under way.
    pub fn start_anew(&mut self, folder: &Folder, owner: String) -> Result<(), Trouble> {
        let lines = self.records.iter().map(Record::line).collect();
        self.notebook.start_anew(folder, owner, lines)
    }

    /// Forgets what no list can be asked about any more.
    pub fn forget_old(&mut self, now: i64) {
        let sending = self.records.iter().filter(|record| record.state == State::Sending).map(|record| record.at);
        let first = sending.min().unwrap_or(now).min(now);
        self.records.retain(|record| {
            !matches!(record.state, State::Done(_)) || (first - record.at < REMEMBERED && record.at <= now)
        });
    }

    /// Lets go of notes that are of no use any more.
    pub fn tidy(&mut self, folder: &Folder) -> Result<(), Trouble> {
        if self.notebook.is_worth_it(self.records.len()) {
            self.notebook.replace(folder, self.records.iter().map(Record::line).collect())?;
        }
        Ok(())
    }
}
