//! Lists of parcels.

use std::ffi::CStr;

use crate::error::{Error, Facts, Outcome, Status};
use crate::response::Response;
use crate::wire::Kind;

/// One parcel of a list. Texts that are not told are "".
pub struct Row {
    pub id: i64,
    pub file_name: String,
    pub bytes: Option<i64>,
    pub created: String,
    pub modified: String,
}

/// The rows of a list, in each of the shapes that it may have.
pub fn rows(list: &Response, place: &str) -> Result<Vec<Row>, Error> {
    let wrong = |why: String| {
        Error::from(Facts {
            outcome: Outcome::Unknown,
            http_status: list.http_status(),
            message: format!("list of parcels answered by {place} with something that is not ECGrid's: {why}"),
            ..Facts::new(Status::BadResponse, "")
        })
    };
    let count = match list.count("") {
        Some(count) => count,
        None if matches!(list.kind(""), Kind::Null | Kind::Missing) => 0,
        None => return Err(wrong("it has no list".into())),
    };
    let text = |row: usize, member: &str| {
        // SAFETY: a text that lives as long as the list.
        let text = unsafe { CStr::from_ptr(list.string(format!("/{row}/{member}"))) };
        text.to_str().unwrap_or_default().to_owned()
    };
    let row = |row: usize| {
        let integer = |member: &str| list.integer(format!("/{row}/{member}"));
        let id = integer("parcelId").filter(|id| *id > 0).ok_or_else(|| wrong(format!("row {row} has no parcelId")))?;
        Ok(Row {
            id,
            file_name: text(row, "fileName"),
            bytes: integer("bytes").or_else(|| integer("size")),
            created: text(row, "created"),
            modified: text(row, "modified"),
        })
    };
    let rows = (0..count).map(row).collect::<Result<Vec<_>, Error>>()?;
    if list.status() == Status::OutOfMemory {
        return Err(Error::no_memory("a list of parcels"));
    }
    Ok(rows)
}
