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
    pub content: Option<&'a Content<'a>>,
}

/// A body, of which no copy is made but the one that is sent.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    /// The caller's. What is long of it is sent from where it lies.
    Given(&'a [u8]),
    /// Ours, of a known length: written to where the request is composed.
    Made { length: usize, write: &'a dyn Fn(&mut Vec<u8>) },
}

impl Content<'_> {
    pub fn length(&self) -> usize {
        match self {
            Self::Given(body) => body.len(),
            Self::Made { length, .. } => *length,
        }
    }
}

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
        let (given, rest) = match self.content {
            Some(Content::Given(body)) => body.split_at(body.len().min(ONE_PIECE.saturating_sub(head))),
            _ => Default::default(),
        };
        let made = match self.content {
            Some(Content::Made { length, .. }) => *length,
            _ => given.len(),
        };
        let mut bytes = SecretBytes::default();
        bytes.try_reserve_exact(head.saturating_add(made))?;
        for parts in [&[self.method, " "], self.target, &[VERSION], self.lines] {
            parts.iter().for_each(|part| bytes.extend_from_slice(part.as_bytes()));
        }
        if let Some(content) = self.content {
            bytes.extend_from_slice(b"Content-Length: ");
            append_number(content.length(), &mut bytes);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        let start = bytes.len();
        match self.content {
            Some(Content::Made { write, .. }) => write(&mut bytes),
            _ => bytes.extend_from_slice(given),
        }
        debug_assert_eq!(bytes.len() - start, made);
        debug_assert!(start <= head);
        Ok(Composed { beginning: bytes, rest })
    }
}

fn append_number(number: usize, to: &mut Vec<u8>) {
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
            let write = |out: &mut Vec<u8>| out.extend_from_slice(body.as_bytes());
            let made = Content::Made { length: body.len(), write: &write };
            for (content, is_given) in [(made, false), (Content::Given(body.as_bytes()), true)] {
                let request =
                    Request { method: "POST", target: &["/v2", "/x?y=1"], lines: &lines, content: Some(&content) };
                let expected = format!(
                    "POST /v2/x?y=1 HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nContent-Length: {length}\r\n\r\n{body}"
                );
                let composed = request.compose().unwrap();
                assert_eq!([&composed.beginning, composed.rest].concat(), expected.as_bytes());
                assert_eq!(composed.rest.is_empty(), !is_given || body.len() < ONE_PIECE);
            }
        }
        let request = Request { method: "GET", target: &["/"], lines: &lines[..1], content: None };
        assert_eq!(&request.compose().unwrap().beginning[..], b"GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    #[test]
    fn of_a_long_body_only_the_beginning_is_copied() {
        let body = vec![b'x'; 40 << 20];
        let content = Content::Given(&body);
        let request = Request { method: "PUT", target: &["/"], lines: &[], content: Some(&content) };
        let composed = request.compose().unwrap();
        assert!(composed.beginning.capacity() <= ONE_PIECE);
        assert_eq!(composed.rest.as_ptr_range().end, body.as_ptr_range().end, "it is sent from where it lies");
    }

    #[test]
    fn a_body_for_which_there_is_no_memory_is_an_error() {
        let content = Content::Made { length: usize::MAX / 4, write: &|_| unreachable!() };
        let request = Request { method: "PUT", target: &["/"], lines: &[], content: Some(&content) };
        assert!(request.compose().is_err());
    }
}
