//! HTTP/1.1 as bytes (RFC 9112): composes a request, reads an answer's head, takes its body out of its framing. Moves
//! nothing.

#[cfg(test)]
mod against_ureq;
mod body;
mod date;
mod field;
mod head;
mod request;

pub use body::{Body, Flaw};
pub use date::parse_http_date;
pub use field::find_field;
pub use head::{Head, find_end};
pub use request::{NOTHING, Request};

/// Heads beyond this are not from a server that means well. Of the field names and values after a chunked body too.
pub const MAX_HEAD: usize = 64 * 1024;
