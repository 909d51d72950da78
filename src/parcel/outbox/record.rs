//! What an outbox notes of one file: a line for each step, of which the last one holds.

use crate::parcel::notebook::number;

/// How far a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It may have been sent. Without its work file it was not even taken.
    Sending,
    /// It was not sent, and could not be put back.
    Kept,
    /// It was sent as that parcel, and is to be moved.
    Sent(i64),
    /// ECGrid will not have it; it is to be moved. With the reason.
    Refused(String),
    /// Nobody knows whether it was sent; it is to be moved. With the reason.
    Unclear(String),
    /// It was sent as that parcel, and moved: what the outbox list has of it is nobody else's.
    Done(i64),
    /// Nothing is left to do or to remember.
    Gone,
}

impl State {
    /// The word for what ECGrid did not take for sure, and why.
    pub fn reason(&self) -> Option<(&'static str, &str)> {
        match self {
            State::Refused(why) => Some(("refused", why)),
            State::Unclear(why) => Some(("unclear", why)),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its work file is `NUMBER.out`.
    pub number: i64,
    pub state: State,
    /// When sending began, in Unix seconds.
    pub at: i64,
    /// By how much ECGrid's clock was ahead then, as far as known.
    pub skew: Option<i64>,
    /// When it was over for sure, however it went; 0 while nobody knows.
    pub over: i64,
    pub bytes: i64,
    pub name: String,
}

impl Record {
    pub fn work_name(&self) -> String {
        format!("{}.out", self.number)
    }

    /// The name comes last but for the reason, behind a tab: it may have spaces, and has no control characters.
    pub fn line(&self) -> String {
        let (word, parcel, why) = match &self.state {
            State::Sending => ("sending", 0, ""),
            State::Kept => ("kept", 0, ""),
            State::Sent(parcel) => ("sent", *parcel, ""),
            State::Refused(why) => ("refused", 0, &**why),
            State::Unclear(why) => ("unclear", 0, &**why),
            State::Done(parcel) => ("done", *parcel, ""),
            State::Gone => ("gone", 0, ""),
        };
        let Self { number, at, over, bytes, name, .. } = self;
        let skew = self.skew.map_or("-".to_owned(), |skew| skew.to_string());
        format!("{word} {number} {parcel} {at} {skew} {over} {bytes} {name}\t{why}")
    }

    #[inline(never)]
    pub fn read(line: &str) -> Option<Self> {
        let (line, why) = line.split_once('\t')?;
        let mut words = line.splitn(8, ' ');
        let (word, which, parcel) = (words.next()?, number(words.next())?, number(words.next())?);
        let state = match word {
            "sending" => State::Sending,
            "kept" => State::Kept,
            "sent" => State::Sent(parcel),
            "refused" => State::Refused(why.into()),
            "unclear" => State::Unclear(why.into()),
            "done" => State::Done(parcel),
            "gone" => State::Gone,
            _ => return None,
        };
        let (at, skew) = (number(words.next())?, words.next()?);
        let (over, bytes) = (number(words.next())?, number(words.next())?);
        let skew = if skew == "-" { None } else { Some(number(Some(skew))?) };
        Some(Self { number: which, state, at, skew, over, bytes, name: words.next()?.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read_again() {
        let why = || "upload refused (HTTP 400): no".to_owned();
        for state in [
            State::Sending,
            State::Kept,
            State::Sent(7),
            State::Refused(why()),
            State::Unclear(why()),
            State::Done(9_007_199_254_740_993),
            State::Gone,
        ] {
            for skew in [None, Some(-3600)] {
                let name = "two  words é.edi".into();
                let record = Record {
                    number: 12,
                    state: state.clone(),
                    at: 1_796_000_000,
                    skew,
                    over: 1_796_000_900,
                    bytes: 3,
                    name,
                };
                assert_eq!(Record::read(&record.line()), Some(record));
            }
        }
        for line in ["", "sending", "sending 1 0 0 - 0 0 name", "lost 1 0 0 - 0 0 name\t"] {
            assert_eq!(Record::read(line), None, "{line}");
        }
    }
}
