//! A request, head and body in one piece, so that it leaves in one write. A long body of the caller's has no copy.

use std::collections::TryReserveError;

use crate::secret::SecretBytes;

/// As much as a TLS record can hold: what is no longer is composed in one piece.
const ONE_PIECE: usize = 16 * 1024;

pub struct Request<'a> {
    pub method: &'a str,
    /// Path and query, percent-encoded, in as many parts as they come in.
    pub target: &'a [&'a str],
    /// Header lines, each with its end, in as many parts as they come in. Their names are spelled as their
    /// specifications write them: old gateways in front of an API may take no other.
    pub lines: &'a [&'a str],
    /// What is long of it is sent from where it lies.
    pub content: Option<&'a [u8]>,
    /// How much more content follows what is composed.
    pub more: u64,
}

/// The content of a POST that has none.
pub const NOTHING: &[u8] = b"";

/// The bytes to send: head and body, and the rest of a body that is long and the caller's.
pub struct Composed<'a> {
    /// All of it, as a rule.
    pub beginning: SecretBytes,
    pub rest: &'a [u8],
}

impl Composed<'_> {
    pub fn length(&self) -> u64 {
        (self.beginning.len() + self.rest.len()) as u64
    }
}

impl<'a> Request<'a> {
    /// Into a buffer that never grows: a grown one leaves its old content behind.
    pub fn compose(&self) -> Result<Composed<'a>, TryReserveError> {
        const VERSION: &str = " HTTP/1.1\r\n";
        // As many digits as a length can have, and the ends of the lines.
        const LENGTH: &str = "Content-Length: 18446744073709551615\r\n\r\n";
        let length = |parts: &[&str]| parts.iter().map(|part| part.len()).sum::<usize>();
        let head = self.method.len() + 1 + length(self.target) + VERSION.len() + length(self.lines) + LENGTH.len();
        let content = self.content.unwrap_or_default();
        let (given, rest) = content.split_at(content.len().min(ONE_PIECE.saturating_sub(head)));
        let mut bytes = SecretBytes::default();
        bytes.try_reserve_exact(head + given.len())?;
        for parts in [&[self.method, " "], self.target, &[VERSION], self.lines] {
            parts.iter().for_each(|part| bytes.extend_from_slice(part.as_bytes()));
        }
        if self.content.is_some() {
            bytes.extend_from_slice(b"Content-Length: ");
            append_number(content.len() as u64 + self.more, &mut bytes);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        debug_assert!(bytes.len() <= head);
        bytes.extend_from_slice(given);
        Ok(Composed { beginning: bytes, rest })
    }
}

fn append_number(number: u64, to: &mut Vec<u8>) {
    let (mut digits, mut start, mut rest) = ([0; 20], 20, number);
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return to.extend_from_slice(&digits[start..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_body_are_one_piece() {
        let lines = ["Host: h\r\n", "Accept: */*\r\n"];
        for (body, length) in [("", "0"), ("{}", "2"), (&*"x".repeat(1_234_567), "1234567")] {
            let request = Request {
                method: "POST",
                target: &["/v2", "/x?y=1"],
                lines: &lines,
                content: Some(body.as_bytes()),
                more: 0,
            };
            let expected =
                format!("POST /v2/x?y=1 HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nContent-Length: {length}\r\n\r\n{body}");
            let composed = request.compose().unwrap();
            assert_eq!([&composed.beginning, composed.rest].concat(), expected.as_bytes());
            assert_eq!(composed.rest.is_empty(), body.len() < ONE_PIECE);
        }
        let request = Request { method: "GET", target: &["/"], lines: &lines[..1], content: None, more: 0 };
        assert_eq!(&request.compose().unwrap().beginning[..], b"GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    #[test]
    fn of_a_long_body_only_the_beginning_is_copied() {
        let body = vec![b'x'; 40 << 20];
        let request = Request { method: "PUT", target: &["/"], lines: &[], content: Some(&body), more: 0 };
        let composed = request.compose().unwrap();
        assert!(composed.beginning.capacity() <= ONE_PIECE);
        assert_eq!(composed.rest.as_ptr_range().end, body.as_ptr_range().end, "it is sent from where it lies");
    }
}
