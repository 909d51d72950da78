//! The notes of an inbox: which parcels are under way, on disk and in memory.

use std::time::Duration;

use super::record::{Record, State};
use crate::files::{Folder, Notes, Trouble};
use crate::parcel::notebook::Notebook;
use crate::platform;

/// So long a confirmed parcel is remembered, as a list may lag behind.
pub const REMEMBERED: i64 = 600;

/// One parcel under way.
struct Entry {
    record: Record,
    /// When it was confirmed, on the steady clock; None when that was before this process.
    confirmed: Option<Duration>,
    /// It failed in this process: the others go first.
    failed: bool,
}

pub struct Book {
    notebook: Notebook,
    /// By their ids.
    entries: Vec<Entry>,
}

impl Book {
    /// Reads what there is. None is said of lines that no version of this library writes.
    pub fn new(notes: Notes, lines: &[String]) -> Option<Self> {
        let (notebook, lines) = Notebook::new(notes, lines);
        let mut book = Self { notebook, entries: Vec::new() };
        for line in lines {
            book.put(Record::read(line)?, None);
        }
        Some(book)
    }

    pub fn owner(&self) -> &str {
        self.notebook.owner()
    }

    fn place(&self, id: i64) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&id, |entry| entry.record.id)
    }

    fn put(&mut self, record: Record, confirmed: Option<Duration>) {
        match self.place(record.id) {
            Ok(at) if record.state == State::Gone => drop(self.entries.remove(at)),
            Ok(at) => (self.entries[at].record, self.entries[at].confirmed) = (record, confirmed),
            Err(_) if record.state == State::Gone => {}
            Err(at) => self.entries.insert(at, Entry { record, confirmed, failed: false }),
        }
    }

    pub fn get(&self, id: i64) -> Option<&Record> {
        self.place(id).ok().map(|at| &self.entries[at].record)
    }

    /// Those that are in such a state, the ones that failed before last.
    pub fn all(&self, wanted: State) -> Vec<i64> {
        let mut ids = Vec::new();
        for failed in [false, true] {
            let some = self.entries.iter().filter(|entry| entry.failed == failed && entry.record.state == wanted);
            ids.extend(some.map(|entry| entry.record.id));
        }
        ids
    }

    /// Whether something is under way, and not only remembered.
    pub fn is_busy(&self) -> bool {
        self.entries.iter().any(|entry| !matches!(entry.record.state, State::Confirmed(_)))
    }

    pub fn mark_failed(&mut self, id: i64) {
        if let Ok(at) = self.place(id) {
            self.entries[at].failed = true;
        }
    }

    /// What a list says of one that is wanted is what a later list is compared with; so is its name, where it had none.
    pub fn listed(&mut self, id: i64, modified: &str, name: &str) {
        let Ok(at) = self.place(id) else { return };
        let record = &mut self.entries[at].record;
        if record.state == State::Wanted {
            if !modified.is_empty() {
                modified.clone_into(&mut record.modified);
            }
            if record.name.is_empty() {
                name.clone_into(&mut record.name);
            }
        }
    }

    /// Notes parcels that are wanted, on the disk.
    pub fn want(&mut self, folder: &Folder, records: Vec<Record>) -> Result<(), Trouble> {
        self.notebook.add(folder, records.iter().map(Record::line).collect(), true)?;
        records.into_iter().for_each(|record| self.put(record, None));
        Ok(())
    }

    /// Notes the next step of a parcel: on the disk, before anything follows from it, if `synced`.
    pub fn note(&mut self, folder: &Folder, id: i64, state: State, synced: bool) -> Result<(), Trouble> {
        let Some(record) = self.get(id) else { return Ok(()) };
        let record = Record { state, ..record.clone() };
        self.notebook.add(folder, vec![record.line()], synced)?;
        let confirmed = matches!(state, State::Confirmed(_)).then(platform::steady_clock);
        self.put(record, confirmed);
        Ok(())
    }

    /// Forgets what was confirmed so long before a list that this one does not lag behind: asked at `wall` (Unix seconds)
    /// and `steady`. A confirmation from the future was made before the clock was set back, and counts from now on.
    pub fn forget_old(&mut self, wall: i64, steady: Duration) {
        self.entries.retain_mut(|entry| {
            let State::Confirmed(at) = &mut entry.record.state else { return true };
            *at = (*at).min(wall);
            let since = entry.confirmed.map(|confirmed| steady.saturating_sub(confirmed).as_secs() as i64);
            since.unwrap_or(wall - *at) < REMEMBERED
        });
    }

    /// For another account. What was remembered of the last one is of no use to it.
    pub fn start_anew(&mut self, folder: &Folder, owner: String) -> Result<(), Trouble> {
        self.entries.clear();
        self.notebook.start_anew(folder, owner, Vec::new())
    }

    /// Lets go of notes that are of no use any more.
    pub fn tidy(&mut self, folder: &Folder) -> Result<(), Trouble> {
        if self.notebook.is_worth_it(self.entries.len()) {
            self.notebook.replace(folder, self.entries.iter().map(|entry| entry.record.line()).collect())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_796_000_000;

    /// As it was wanted and then confirmed.
    fn confirm(book: &mut Book, folder: &Folder, id: i64) {
        let record = Record { id, state: State::Wanted, modified: String::new(), name: "a".into() };
        book.want(folder, vec![record]).unwrap();
        book.note(folder, id, State::Confirmed(NOW), false).unwrap();
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
        confirm(&mut book, &folder, 1);
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
            confirm(&mut book, &folder, id);
            book.note(&folder, id, State::Gone, false).unwrap();
            book.tidy(&folder).unwrap();
            assert!(!path.exists());
        }
        for _ in 0..1000 {
            confirm(&mut book, &folder, 2);
            book.tidy(&folder).unwrap();
        }
        assert!(std::fs::metadata(&path).unwrap().len() < 10_000);
        assert!(open(&folder).get(2).is_some());
    }

    #[test]
    fn those_that_failed_come_last() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).ok().unwrap();
        let mut book = open(&folder);
        let record = |id| Record { id, state: State::Wanted, modified: String::new(), name: String::new() };
        book.want(&folder, [3, 1, 2].map(record).into()).unwrap();
        book.mark_failed(1);
        assert_eq!((book.all(State::Wanted), book.all(State::Whole)), (vec![2, 3, 1], vec![]));
    }
}
