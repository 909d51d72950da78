//! The notes of an inbox: which parcels are under way, on disk and in memory.

use std::collections::HashMap;
use std::time::Duration;

use super::record::{Record, State};
use crate::files::{Folder, Notes, Trouble};
use crate::parcel::notebook::Notebook;
use crate::platform;

/// So long a confirmed parcel is remembered, as a list may lag behind.
pub const REMEMBERED: i64 = 600;

/// One parcel under way.
pub struct Entry {
    pub record: Record,
    /// When it was confirmed, on the steady clock; None when that was before this process.
    confirmed: Option<Duration>,
    /// It failed in this process: the others go first.
    pub failed: bool,
}

pub struct Book {
    notebook: Notebook,
    /// In the order in which they were first noted.
    order: Vec<i64>,
    entries: HashMap<i64, Entry>,
}

impl Book {
    /// Reads what there is. None is said of lines that no version of this library writes.
    pub fn new(notes: Notes, lines: &[String]) -> Option<Self> {
        let (notebook, lines) = Notebook::new(notes, lines);
        let mut book = Self { notebook, order: Vec::new(), entries: HashMap::new() };
        for line in lines {
            book.put(Record::read(line)?, None);
        }
        Some(book)
    }

    pub fn owner(&self) -> &str {
        self.notebook.owner()
    }

    fn put(&mut self, record: Record, confirmed: Option<Duration>) {
        let id = record.id;
        if record.state == State::Gone {
            if self.entries.remove(&id).is_some() {
                self.order.retain(|other| *other != id);
            }
            return;
        }
        if !self.entries.contains_key(&id) {
            self.order.push(id);
        }
        let failed = self.entries.get(&id).is_some_and(|entry| entry.failed);
        self.entries.insert(id, Entry { record, confirmed, failed });
    }

    pub fn get(&self, id: i64) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// Those that are in such a state, the ones that failed before last.
    pub fn all(&self, is: impl Fn(State) -> bool) -> Vec<Record> {
        let entries = self.order.iter().filter_map(|id| self.entries.get(id));
        let (late, soon): (Vec<&Entry>, Vec<&Entry>) =
            entries.filter(|entry| is(entry.record.state)).partition(|entry| entry.failed);
        soon.into_iter().chain(late).map(|entry| entry.record.clone()).collect()
    }

    /// Whether something is under way, and not only remembered.
    pub fn is_busy(&self) -> bool {
        self.entries.values().any(|entry| !matches!(entry.record.state, State::Confirmed(_)))
    }

    pub fn mark_failed(&mut self, id: i64) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.failed = true;
        }
    }

    /// What a list says of it now is what a later one is compared with.
    pub fn listed(&mut self, id: i64, modified: &str) {
        if let Some(entry) = self.entries.get_mut(&id).filter(|entry| entry.record.state == State::Wanted) {
            modified.clone_into(&mut entry.record.modified);
        }
    }

    /// Notes the next step of some parcels: on the disk, before anything follows from it, if `synced`.
    pub fn note(&mut self, folder: &Folder, records: &[Record], synced: bool) -> Result<(), Trouble> {
        self.notebook.add(folder, records.iter().map(Record::line).collect(), synced)?;
        let now = platform::steady_clock();
        for record in records {
            self.put(record.clone(), matches!(record.state, State::Confirmed(_)).then_some(now));
        }
        Ok(())
    }

    /// Forgets what was confirmed so long before a list that this one does not lag behind: asked at `wall` (Unix seconds)
    /// and `steady`. A confirmation from the future was made before the clock was set back, and counts from now on.
    pub fn forget_old(&mut self, wall: i64, steady: Duration) {
        let is_old = |entry: &mut Entry| {
            let State::Confirmed(at) = &mut entry.record.state else { return false };
            *at = (*at).min(wall);
            match entry.confirmed {
                Some(confirmed) => steady.saturating_sub(confirmed).as_secs() as i64 >= REMEMBERED,
                None => wall - *at >= REMEMBERED,
            }
        };
        self.entries.retain(|_, entry| !is_old(entry));
        self.order.retain(|id| self.entries.contains_key(id));
    }

    /// For another account. What was remembered of the last one is of no use to it.
    pub fn start_anew(&mut self, folder: &Folder, owner: String) -> Result<(), Trouble> {
        self.entries.clear();
        self.order.clear();
        self.notebook.start_anew(folder, owner, Vec::new())
    }

    /// Lets go of notes that are of no use any more.
    pub fn tidy(&mut self, folder: &Folder) -> Result<(), Trouble> {
        self.notebook.tidy(folder, self.order.iter().map(|id| self.entries[id].record.line()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_796_000_000;

    fn confirmed(id: i64, at: i64) -> Record {
        Record { id, state: State::Confirmed(at), modified: String::new(), name: "a".into() }
    }

    /// The notes as the next process finds them.
    fn open(folder: &Folder) -> Book {
        let (notes, lines) = Notes::open(&folder.hidden().path().join("x.notes")).unwrap();
        Book::new(notes, &lines).unwrap()
    }

    #[test]
    fn what_was_confirmed_is_remembered_for_ten_minutes_by_every_clock() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).ok().unwrap();
        let mut book = open(&folder);
        book.start_anew(&folder, "somebody".into()).unwrap();
        book.note(&folder, &[confirmed(1, NOW)], false).unwrap();
        let begun = platform::steady_clock();
        // In this process the clock that nobody sets counts.
        book.forget_old(NOW + 100_000, begun + Duration::from_secs(599));
        assert!(book.get(1).is_some() && !book.is_busy());
        book.forget_old(NOW - 100_000, begun + Duration::from_secs(601));
        assert!(book.get(1).is_none());
        // In the next one only that of the wall. One that was set back does not make it longer than ten minutes more.
        for (now, later, is_known) in
            [(NOW, 599, true), (NOW, 600, false), (NOW - 9_999, 599, true), (NOW - 9_999, 600, false)]
        {
            let mut book = open(&folder);
            assert_eq!(book.owner(), "somebody");
            book.forget_old(now, begun);
            book.forget_old(now + later, begun);
            assert_eq!(book.get(1).is_some(), is_known, "{now} {later}");
        }
    }

    #[test]
    fn notes_that_are_of_no_use_any_more_go() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).ok().unwrap();
        let mut book = open(&folder);
        let path = folder.hidden().path().join("x.notes");
        for id in 1..=500 {
            for state in [State::Wanted, State::Whole, State::Gone] {
                book.note(&folder, &[Record { state, ..confirmed(id, 0) }], false).unwrap();
            }
            book.tidy(&folder).unwrap();
            assert!(!path.exists());
        }
        book.note(&folder, &[Record { state: State::Wanted, ..confirmed(1, 0) }], true).unwrap();
        for _ in 0..1000 {
            book.note(&folder, &[confirmed(2, NOW)], false).unwrap();
            book.tidy(&folder).unwrap();
        }
        assert!(std::fs::metadata(&path).unwrap().len() < 10_000);
        assert!(open(&folder).is_busy());
    }
}
