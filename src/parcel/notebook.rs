//! Notes of what is under way in a folder, for one account: lines that are added, and now and then written anew.

use crate::files::{Folder, Notes, Trouble};

pub struct Notebook {
    notes: Notes,
    owner: String,
    /// How many the file has.
    lines: usize,
}

/// What stands before the account.
const FOR: &str = "for ";

impl Notebook {
    /// From what a file holds: and the lines that are no account.
    pub fn new(notes: Notes, lines: &[String]) -> (Self, impl Iterator<Item = &str>) {
        let owner = lines.iter().rev().find_map(|line| line.strip_prefix(FOR)).unwrap_or_default().to_owned();
        let others = lines.iter().map(String::as_str).filter(|line| !line.starts_with(FOR));
        (Self { notes, owner, lines: lines.len() }, others)
    }

    /// Whose notes they are; "" before the first.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Adds lines: on the disk, before anything follows from them, if `synced`.
    pub fn add(&mut self, folder: &Folder, mut lines: Vec<String>, synced: bool) -> Result<(), Trouble> {
        if self.lines == 0 {
            lines.insert(0, format!("{FOR}{}", self.owner));
        }
        self.notes.append(folder, &lines, synced)?;
        self.lines += lines.len();
        Ok(())
    }

    /// For another account, with what it takes over.
    pub fn start_anew(&mut self, folder: &Folder, owner: String, lines: Vec<String>) -> Result<(), Trouble> {
        self.owner = owner;
        if self.lines == 0 && lines.is_empty() { Ok(()) } else { self.replace(folder, lines) }
    }

    /// Whether most of the notes are of no use any more, or all: so many are of use.
    pub fn is_worth_it(&self, live: usize) -> bool {
        const FEW: usize = 100;
        self.lines > 0 && (live == 0 || self.lines >= 4 * live + FEW)
    }

    /// Writes the notes anew. Without any, the file goes.
    pub fn replace(&mut self, folder: &Folder, mut lines: Vec<String>) -> Result<(), Trouble> {
        if !lines.is_empty() {
            lines.insert(0, format!("{FOR}{}", self.owner));
        }
        self.notes.replace(folder, &lines)?;
        self.lines = lines.len();
        Ok(())
    }
}

/// A number in a line.
#[inline(never)]
pub fn number(word: Option<&str>) -> Option<i64> {
    word?.parse().ok()
}
