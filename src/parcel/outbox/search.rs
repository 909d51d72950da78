//! Was it sent? What ECGrid's outbox list says of a file whose upload was not answered.

use std::ffi::CStr;
use std::time::Duration;

use super::record::Record;
use crate::error::Error;
use crate::http::parse_http_date;
use crate::log::timestamp;
use crate::parcel::folder::unix_time;
use crate::parcel::ids::Ids;
use crate::parcel::rows::{Row, rows};
use crate::request::operation::Operation;
use crate::response::Response;
use crate::session::Session;
use crate::transport::Call;
use crate::wire::parse_date_time;

/// Times are told by the second, and rounded twice.
const ROUNDED: i64 = 2;
/// ECGrid's clocks may differ from each other by this, in seconds.
const SLACK: i64 = 120;
/// A time may be told in the hours of anywhere: the list is asked for a day more, and looked through here.
const DAY: i64 = 86_400;
/// A list that does not end by itself ends here.
const MOST_PAGES: usize = 1000;

/// What the outbox list had, and when.
pub struct Found {
    rows: Vec<Row>,
    /// By our clock.
    now: i64,
    /// By how much ECGrid's was ahead.
    pub skew: i64,
}

/// What it says of one file.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    Sent(i64),
    /// It is not there, and ECGrid has had time to show it.
    NotSent,
    /// It is not there yet.
    TooSoon,
    /// It may be there, or not.
    Unclear(&'static str),
}

/// By how much the clock that wrote an answer is ahead of ours.
pub fn skew_of(response: &Response) -> Option<i64> {
    // SAFETY: a text that lives as long as the response.
    let date = unsafe { CStr::from_ptr(response.header(b"Date")) };
    Some(parse_http_date(date.to_str().ok()?)? - unix_time())
}

/// Asks for everything that was sent since about the first of those.
pub fn ask(session: &Session, call: &Call, mailbox_id: i64, records: &[Record]) -> Result<Found, Error> {
    let operation = Operation::parcels("list of sent parcels", "/v2/parcels/outbox-list", true);
    let mailbox = if mailbox_id == 0 { String::new() } else { format!("\"mailboxId\":{mailbox_id},") };
    let (mut found, mut ids, mut skew) = (Vec::new(), Ids::default(), None);
    for page in 1..=MOST_PAGES {
        let first = records.iter().map(|record| record.at + record.skew.or(skew).unwrap_or(0)).min().unwrap_or(0);
        let begin = timestamp(Duration::from_secs((first - DAY - SLACK).max(0).unsigned_abs()));
        let body = format!("{{{mailbox}\"beginDate\":\"{begin}\",\"pageNo\":{page},\"recordsPerPage\":100}}");
        call.begin_request();
        let list = session.authorized(call, &operation, Some(body.as_bytes()))?;
        skew = skew.or_else(|| skew_of(&list));
        let before = ids.len();
        let rows = rows(&list, session.service().place())?;
        found.extend(rows.into_iter().filter(|row| ids.insert(row.id)));
        // A server that does not know of pages answers the same each time.
        if ids.len() == before {
            break;
        }
    }
    Ok(Found { rows: found, now: unix_time(), skew: skew.unwrap_or(0) })
}

impl Found {
    /// `known` are parcels that are something else for sure.
    pub fn judge(&self, record: &Record, known: &Ids, settle_ms: i64) -> Verdict {
        let began = record.at + record.skew.unwrap_or(self.skew);
        let created = |row: &&Row| parse_date_time(&row.created);
        let is_like_it = |row: &&Row| {
            let bytes = row.bytes.is_none_or(|bytes| bytes == record.bytes);
            let time = created(row).is_none_or(|created| created >= began - SLACK);
            row.file_name.eq_ignore_ascii_case(&record.name) && bytes && time && !known.contains(row.id)
        };
        let (later, doubtful): (Vec<&Row>, Vec<&Row>) = self
            .rows
            .iter()
            .filter(is_like_it)
            .partition(|row| created(row).is_some_and(|created| created >= began - ROUNDED));
        // The shorter of the two: either clock may have been set.
        let over = record.over + began - record.at;
        let waited = (self.now - record.over).min(self.now + self.skew - over).saturating_mul(1000);
        match (&later[..], &doubtful[..]) {
            ([row], _) => Verdict::Sent(row.id),
            ([_, _, ..], _) => Verdict::Unclear("the outbox has more than one like it"),
            _ if waited < settle_ms => Verdict::TooSoon,
            ([], []) => Verdict::NotSent,
            ([], [_, ..]) => Verdict::Unclear(
                "the outbox has one like it, which seems to be from before, or does not say since when",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::State;
    use super::*;

    const BEGAN: i64 = 1_796_000_000;

    fn row(id: i64, name: &str, bytes: i64, since: i64) -> Row {
        let created = timestamp(Duration::from_secs((BEGAN + since).unsigned_abs()));
        Row { id, file_name: name.into(), bytes: Some(bytes), created, modified: String::new() }
    }

    fn judge(rows: Vec<Row>, after: i64, skew: i64) -> Verdict {
        let found = Found { rows, now: BEGAN - skew + after, skew };
        let name = "order.edi".into();
        let (at, skew) = (BEGAN - skew, Some(skew));
        let record = Record { number: 1, state: State::Sending, at, skew, over: at, bytes: 3, name };
        found.judge(&record, &[99].into_iter().collect(), 600_000)
    }

    #[test]
    fn what_the_outbox_shows_was_sent_and_what_it_does_not_show_in_time_was_not() {
        for skew in [0, -90_000, 90_000] {
            assert_eq!(judge(vec![row(7, "order.edi", 3, 1)], 2, skew), Verdict::Sent(7));
            assert_eq!(judge(vec![row(7, "ORDER.EDI", 3, -2)], 2, skew), Verdict::Sent(7));
            assert_eq!(judge(vec![Row { bytes: None, ..row(7, "order.edi", 3, 1) }], 2, skew), Verdict::Sent(7));
            // Another one, another length, a parcel of ours, and one from before.
            let others = || {
                vec![
                    row(1, "other.edi", 3, 1),
                    row(2, "order.edi", 4, 1),
                    row(99, "order.edi", 3, 1),
                    row(3, "order.edi", 3, -121),
                ]
            };
            assert_eq!(judge(others(), 599, skew), Verdict::TooSoon);
            assert_eq!(judge(others(), 600, skew), Verdict::NotSent);
        }
    }

    #[test]
    fn where_two_could_be_meant_it_is_unclear() {
        let unclear = |rows: Vec<Row>| matches!(judge(rows, 600, 0), Verdict::Unclear(_));
        assert!(unclear(vec![row(1, "order.edi", 3, 1), row(2, "order.edi", 3, 2)]));
        assert!(unclear(vec![row(1, "order.edi", 3, -60)]));
        assert!(unclear(vec![Row { created: String::new(), ..row(1, "order.edi", 3, 1) }]));
        // One that is late for sure is the one, whatever was before.
        assert_eq!(judge(vec![row(1, "order.edi", 3, -60), row(2, "order.edi", 3, 1)], 2, 0), Verdict::Sent(2));
    }

    /// An upload may take longer than ECGrid takes to show it.
    #[test]
    fn the_settle_time_begins_when_the_upload_is_over() {
        let found = |now| Found { rows: Vec::new(), now, skew: 0 };
        let record = Record {
            number: 1,
            state: State::Sending,
            at: BEGAN,
            skew: Some(0),
            over: BEGAN + 5000,
            bytes: 3,
            name: "a".into(),
        };
        let judge = |now| found(now).judge(&record, &Ids::default(), 600_000);
        assert_eq!((judge(BEGAN + 5599), judge(BEGAN + 5600)), (Verdict::TooSoon, Verdict::NotSent));
    }

    #[test]
    fn a_clock_that_was_set_makes_nothing_sent_sooner() {
        let mut found = Found { rows: Vec::new(), now: BEGAN + 100_000, skew: -100_000 };
        let record = Record {
            number: 1,
            state: State::Sending,
            at: BEGAN,
            skew: Some(0),
            over: BEGAN,
            bytes: 3,
            name: "a".into(),
        };
        assert_eq!(found.judge(&record, &Ids::default(), 600_000), Verdict::TooSoon);
        (found.now, found.skew) = (BEGAN - 100_000, 100_601);
        assert_eq!(found.judge(&record, &Ids::default(), 600_000), Verdict::TooSoon);
    }
}
