//! The envelope of every answer: `{"success", "data", "errorCode", "message"}`.

use std::borrow::Cow;

use super::json::{Scalar, object};

/// An answer's envelope, borrowed from its text. What is missing is empty.
#[derive(Default)]
pub struct Envelope<'a> {
    pub success: Option<bool>,
    /// The JSON text of `data`.
    pub data: Option<&'a str>,
    pub code: Cow<'a, str>,
    pub message: Cow<'a, str>,
}

/// Reads the envelope; an error says what is wrong with the JSON.
pub fn parse_envelope(body: &[u8]) -> Result<Envelope<'_>, String> {
    let [success, data, code, message] = object(body, ["success", "data", "errorCode", "message"])?;
    Ok(Envelope {
        success: success.and_then(|value| Scalar(value).boolean()),
        data,
        code: code.and_then(|value| Scalar(value).text()).unwrap_or_default(),
        message: message.and_then(|value| Scalar(value).string()).unwrap_or_default(),
    })
}
