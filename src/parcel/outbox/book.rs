//! The notes of an outbox: which files are under way, on disk and in memory.

use std::collections::BTreeMap;

use super::record::{Record, State};
use crate::files::{Folder, Notes, Trouble};
use crate::parcel::notebook::Notebook;

/// So long a parcel of ours is remembered, which an outbox list may show while another one is looked for.
const REMEMBERED: i64 = 600;

pub struct Book {
    notebook: Notebook,
    records: BTreeMap<u64, Record>,
    /// By how much ECGrid's clock is ahead of ours, as its last answer said.
    pub skew: Option<i64>,
}

impl Book {
    /// Reads what there is. None is said of lines that no version of this library writes.
    pub fn new(notes: Notes, lines: &[String]) -> Option<Self> {
        let (notebook, lines) = Notebook::new(notes, lines);
        let mut book = Self { notebook, records: BTreeMap::new(), skew: None };
        for line in lines {
            book.put(Record::read(line)?);
        }
        Some(book)
    }

    pub fn owner(&self) -> &str {
        self.notebook.owner()
    }

    fn put(&mut self, record: Record) {
        if record.state == State::Gone {
            self.records.remove(&record.number);
        } else {
            self.records.insert(record.number, record);
        }
    }

    /// In the order in which they were taken.
    pub fn all(&self, is: impl Fn(&State) -> bool) -> Vec<Record> {
        self.records.values().filter(|record| is(&record.state)).cloned().collect()
    }

    pub fn has(&self, is: impl Fn(&Record) -> bool) -> bool {
        self.records.values().any(is)
    }

    /// For the next file.
    pub fn next_number(&self) -> u64 {
        self.records.keys().next_back().map_or(1, |last| last + 1)
    }

    /// Notes the next step of a file: on the disk, before anything follows from it, if `synced`.
    pub fn note(&mut self, folder: &Folder, record: &Record, synced: bool) -> Result<(), Trouble> {
        self.notebook.add(folder, vec![record.line()], synced)?;
        self.put(record.clone());
        Ok(())
    }

    /// For another account, which takes over what is under way.
    pub fn start_anew(&mut self, folder: &Folder, owner: String) -> Result<(), Trouble> {
        let lines = self.records.values().map(Record::line).collect();
        self.notebook.start_anew(folder, owner, lines)
    }

    /// Forgets what no list can be asked about any more.
    pub fn forget_old(&mut self, now: i64) {
        let sending = self.records.values().filter(|record| record.state == State::Sending).map(|record| record.at);
        let first = sending.min().unwrap_or(now).min(now);
        self.records.retain(|_, record| {
            !matches!(record.state, State::Done(_)) || (first - record.at < REMEMBERED && record.at <= now)
        });
    }

    /// Lets go of notes that are of no use any more.
    pub fn tidy(&mut self, folder: &Folder) -> Result<(), Trouble> {
        self.notebook.tidy(folder, self.records.values().map(Record::line))
    }
}
