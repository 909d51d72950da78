//! The envelope of every answer: `{"success", "data", "errorCode", "message"}`.

use super::index::{Growing, Index};
use super::json::{Scalar, object, visit_object};
use crate::memory::OutOfMemory;

/// An answer's envelope, borrowed from its text.
#[derive(Default)]
pub struct Envelope<'a> {
    pub success: Option<bool>,
    /// The JSON text of `data`.
    pub data: Option<&'a str>,
    pub code: Option<Scalar<'a>>,
    pub message: Option<Scalar<'a>>,
    /// What it takes to look something up in the answer.
    pub index: Index,
}

const NAMES: [&str; 4] = ["success", "data", "errorCode", "message"];

impl<'a> Envelope<'a> {
    fn new([success, data, code, message]: [Option<&'a str>; 4], index: Index) -> Self {
        let success = success.and_then(|value| Scalar(value).boolean());
        Self { success, data, code: code.map(Scalar), message: message.map(Scalar), index }
    }
}

/// Why an answer cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// What is wrong with the JSON.
    Wrong(String),
    OutOfMemory,
}

impl From<OutOfMemory> for Unreadable {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

/// Reads the envelope, without an index; an error says what is wrong with the JSON.
pub fn parse_envelope(body: &[u8]) -> Result<Envelope<'_>, String> {
    object(body, NAMES).map(|found| Envelope::new(found, Index::default()))
}

/// Reads the whole answer.
pub fn parse_answer(body: &[u8]) -> Result<Envelope<'_>, Unreadable> {
    if !Index::is_worth_it(body) {
        return parse_envelope(body).map_err(Unreadable::Wrong);
    }
    let mut growing = Growing::new(body.len())?;
    loop {
        let found = visit_object(body, NAMES, &mut growing).map_err(Unreadable::Wrong)?;
        if !growing.must_start_again() {
            return Ok(Envelope::new(found, growing.finish()));
        }
    }
}
