//! A request, head and body in one piece, so that it leaves in one write.

use crate::secret::SecretBytes;

pub struct Request<'a> {
    pub method: &'a str,
    /// Path and query, percent-encoded, in as many parts as they come in.
    pub target: &'a [&'a str],
    /// Header lines, each with its end, in as many parts as they come in. Their names are spelled as their
    /// specifications write them: old gateways in front of an API may take no other.
    pub lines: &'a [&'a str],
    pub content: Option<&'a Content<'a>>,
}

/// A body of a known length, written to where the request is composed: it has no copy elsewhere.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    pub length: usize,
    pub write: &'a dyn Fn(&mut Vec<u8>),
}

impl Request<'_> {
    /// The bytes to send, in a buffer that never grows: a grown one leaves its old content behind.
    pub fn compose(&self) -> SecretBytes {
        const VERSION: &str = " HTTP/1.1\r\n";
        // As many digits as a length can have, and the ends of the lines.
        const LENGTH: &str = "Content-Length: 18446744073709551615\r\n\r\n";
        let length = |parts: &[&str]| parts.iter().map(|part| part.len()).sum::<usize>();
        let body = self.content.map_or(0, |content| content.length);
        let most =
            self.method.len() + 1 + length(self.target) + VERSION.len() + length(self.lines) + LENGTH.len() + body;
        let mut bytes = SecretBytes::with_capacity(most);
        for parts in [&[self.method, " "], self.target, &[VERSION], self.lines] {
            parts.iter().for_each(|part| bytes.extend_from_slice(part.as_bytes()));
        }
        if let Some(content) = self.content {
            bytes.extend_from_slice(b"Content-Length: ");
            append_number(content.length, &mut bytes);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        if let Some(content) = self.content {
            let start = bytes.len();
            (content.write)(&mut bytes);
            debug_assert_eq!(bytes.len() - start, content.length);
        }
        debug_assert!(bytes.len() <= most);
        bytes
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
            let content = Content { length: body.len(), write: &|out| out.extend_from_slice(body.as_bytes()) };
            let request =
                Request { method: "POST", target: &["/v2", "/x?y=1"], lines: &lines, content: Some(&content) };
            let expected =
                format!("POST /v2/x?y=1 HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nContent-Length: {length}\r\n\r\n{body}");
            assert_eq!(&request.compose()[..], expected.as_bytes());
        }
        let request = Request { method: "GET", target: &["/"], lines: &lines[..1], content: None };
        assert_eq!(&request.compose()[..], b"GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    }
}
