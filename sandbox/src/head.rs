//! The request head as it was sent.

use crate::stream::Tape;

/// hyper refuses more than 100 headers before we ever look.
const MAX_HEADERS: usize = 128;

pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    length: usize,
}

/// Reads the head at the start of the tape; None if it is not one.
pub(crate) fn read(tape: &Tape) -> Option<Head> {
    tape.with(|bytes| {
        let mut slots = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut slots);
        let httparse::Status::Complete(length) = parsed.parse(bytes).ok()? else {
            return None;
        };
        Some(Head {
            method: parsed.method?.to_owned(),
            path: parsed.path?.to_owned(),
            headers: parsed
                .headers
                .iter()
                .map(|header| {
                    let value = String::from_utf8_lossy(header.value).into_owned();
                    (header.name.to_owned(), value)
                })
                .collect(),
            length,
        })
    })
}

impl Head {
    pub(crate) fn new(method: &str, path: &str, headers: Vec<(String, String)>) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), headers, length: usize::MAX }
    }

    /// Takes this request off the tape, so that the next one is at its start.
    pub(crate) fn forget(&self, tape: &Tape, body: usize) {
        let chunked = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("transfer-encoding"));
        tape.with(|bytes| {
            // How long chunks were on the wire is not known here; nobody pipelines behind them.
            let used = if chunked { bytes.len() } else { bytes.len().min(self.length.saturating_add(body)) };
            bytes.drain(..used);
        });
    }
}
