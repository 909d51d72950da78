//! Pages of lists.

use crate::answer::Answer;
use crate::body::{Body, invalid};

/// ECGrid's own limits, and its default.
const MOST: i64 = 500;
const USUAL: i64 = 25;

pub(crate) struct Page {
    number: i64,
    size: i64,
}

impl Page {
    pub(crate) fn of(body: &Body) -> Result<Self, Answer> {
        let number = body.optional_number("pageNo")?.unwrap_or(1);
        let size = body.optional_number("recordsPerPage")?.unwrap_or(USUAL);
        if number < 1 || !(1..=MOST).contains(&size) {
            return Err(invalid("pageNo starts at 1, and recordsPerPage is from 1 to 500."));
        }
        Ok(Self { number, size })
    }

    /// The array of what is on this page.
    pub(crate) fn cut(&self, all: &[String]) -> String {
        let before = (self.number - 1).saturating_mul(self.size);
        let skipped = all.iter().skip(usize::try_from(before).unwrap_or(usize::MAX));
        let here: Vec<&str> = skipped.take(self.size as usize).map(String::as_str).collect();
        array(&here)
    }

    pub(crate) fn totals(&self, all: &[String]) -> [(&'static str, String); 3] {
        [
            ("totalRecords", all.len().to_string()),
            ("pageNo", self.number.to_string()),
            ("recordsPerPage", self.size.to_string()),
        ]
    }
}

/// Values that are JSON text already.
pub(crate) fn array<T: AsRef<str>>(values: &[T]) -> String {
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    format!("[{}]", values.join(","))
}
