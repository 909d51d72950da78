//! What an inbox notes of one parcel: a line for each step, of which the last one holds.

use crate::parcel::notebook::number;

/// How far a parcel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was listed, and will be asked for until it is here.
    Wanted,
    /// Its work file is whole and on the disk. Once that file is gone, the parcel is in the folder, or was.
    Whole,
    /// It was confirmed at that time (Unix seconds), and is remembered for a while.
    Confirmed(i64),
    /// Nothing is left to do or to remember.
    Gone,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: i64,
    pub state: State,
    /// `modified` as a list had it; "" without one.
    pub modified: String,
    /// What of its file name may be in a name here.
    pub name: String,
}

impl Record {
    pub fn line(&self) -> String {
        let (word, at) = match self.state {
            State::Wanted => ("wanted", 0),
            State::Whole => ("whole", 0),
            State::Confirmed(at) => ("confirmed", at),
            State::Gone => ("gone", 0),
        };
        let Self { id, modified, name, .. } = self;
        format!("{word} {id} {at} {} {}", dashed(modified), dashed(name))
    }

    #[inline(never)]
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let (word, id, at) = (words.next()?, number(words.next())?, number(words.next())?);
        let state = match word {
            "wanted" => State::Wanted,
            "whole" => State::Whole,
            "confirmed" => State::Confirmed(at),
            "gone" => State::Gone,
            _ => return None,
        };
        let (modified, name) = (words.next()?, words.next()?);
        words.next().is_none().then(|| Self { id, state, modified: plain(modified), name: plain(name) })
    }
}

fn dashed(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn plain(word: &str) -> String {
    if word == "-" { String::new() } else { word.to_owned() }
}

/// A server's text as one word that is not too long: only whether it changes is of interest.
pub fn word(text: &str) -> String {
    const LONGEST: usize = 40;
    text.chars().filter(|char| char.is_ascii_graphic()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read_again() {
        for state in [State::Wanted, State::Whole, State::Confirmed(1_796_000_000), State::Gone] {
            for (modified, name) in [("", ""), ("2026-12-01T09:30:00Z", "order.edi")] {
                let record = Record { id: 9_007_199_254_740_993, state, modified: modified.into(), name: name.into() };
                assert_eq!(Record::read(&record.line()), Some(record));
            }
        }
        for line in ["", "wanted", "wanted x 0 - -", "lost 1 0 - -", "wanted 1 0 - - -"] {
            assert_eq!(Record::read(line), None, "{line}");
        }
        assert_eq!(word(" 2026-12-01 09:30\n\u{e9}"), "2026-12-0109:30");
    }
}
