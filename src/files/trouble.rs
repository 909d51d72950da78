//! Why something on disk failed, for a person.

use std::io;
use std::path::Path;

use crate::platform;

#[derive(Clone, Debug)]
pub struct Trouble {
    /// What was tried, where, and what the system says: part of a line.
    pub what: String,
    pub kind: TroubleKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// Something has that name.
    Exists,
    Other,
}

impl Trouble {
    /// `tried` is what could not be done: "cannot `tried` `path`".
    #[inline(never)]
    pub fn of(tried: &str, path: &Path, error: &io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::AlreadyExists => TroubleKind::Exists,
            _ => TroubleKind::Other,
        };
        let why = platform::reason(error);
        Self { what: format!("cannot {tried} {}: {why}", shown(path)), kind }
    }

    pub fn exists(path: &Path) -> Self {
        let what = format!("{} is there already, and nothing is overwritten; give another path", shown(path));
        Self { what, kind: TroubleKind::Exists }
    }

    pub fn other(what: String) -> Self {
        Self { what, kind: TroubleKind::Other }
    }
}

/// A path on one line: what is no character to be seen is shown as a question mark.
pub fn shown(path: &Path) -> String {
    platform::plain(&path.to_string_lossy()).chars().map(|char| if char.is_control() { '?' } else { char }).collect()
}
