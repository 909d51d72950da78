//! The head of an answer: its status, how its body is framed, and the few fields that mean something here.

use std::mem::MaybeUninit;
use std::time::Duration;

use httparse::{EMPTY_HEADER, Header, ParserConfig};

use super::body::Body;
use super::date::{parse_http_date, parse_retry_after};

/// Fields that cost no memory of their own, and the most that are read at all.
const USUAL_FIELDS: usize = 32;
const MAX_FIELDS: usize = 4096;

#[derive(Debug)]
pub struct Head {
    pub status: u16,
    pub body: Body,
    /// How long the connection may be idle before it is used again, if it may: what the server says, or no end.
    pub keep: Option<Duration>,
    /// Unix seconds.
    pub date: Option<i64>,
    pub retry_after_ms: Option<i64>,
}

/// Where the head ends, after its blank line. `searched` is how far an earlier look at less of it came.
pub fn find_end(bytes: &[u8], searched: &mut usize) -> Option<usize> {
    let from = searched.saturating_sub(3);
    *searched = bytes.len();
    memchr::memchr_iter(b'\n', bytes.get(from..)?).map(|at| from + at + 1).find(|&end| {
        // A bare line feed ends a line too (RFC 9112, 2.2).
        bytes[..end].ends_with(b"\n\r\n") || bytes[..end].ends_with(b"\n\n")
    })
}

impl Head {
    /// `bytes` begin with the head and go to its end. An error says what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let mut usual = [const { MaybeUninit::uninit() }; USUAL_FIELDS];
        let mut response = httparse::Response::new(&mut []);
        let config = ParserConfig::default();
        match config.parse_response_with_uninit_headers(&mut response, bytes, &mut usual) {
            Err(httparse::Error::TooManyHeaders) => {
                let mut many = vec![EMPTY_HEADER; MAX_FIELDS];
                let mut response = httparse::Response::new(&mut many);
                let parsed = config.parse_response(&mut response, bytes);
                Self::read(parsed, &response)
            }
            parsed => Self::read(parsed, &response),
        }
    }

    /// Whether this is the answer itself and not what a server says in between (RFC 9110, 15.2). 101 is the end of
    /// HTTP.
    pub fn is_final(&self) -> bool {
        self.status >= 200 || self.status == 101
    }

    fn read(parsed: httparse::Result<usize>, response: &httparse::Response<'_, '_>) -> Result<Self, String> {
        let (Ok(httparse::Status::Complete(_)), Some(status), Some(version)) =
            (parsed, response.code, response.version)
        else {
            return Err(parsed.map_or_else(|error| error.to_string(), |_| "incomplete head".into()));
        };
        let mut fields = Fields { keep: (version == 1).then_some(Duration::MAX), ..Fields::default() };
        response.headers.iter().try_for_each(|field| fields.take(field))?;
        let date = fields.date.and_then(parse_http_date);
        // RFC 9112, 6.3. Where the end is not certain, nothing may follow on that connection.
        let (body, certain) = match (fields.codings, fields.length) {
            (codings, length) if status < 200 || status == 204 || status == 304 => {
                (Body::length(0), codings == 0 && length.unwrap_or(0) == 0)
            }
            (0, Some(length)) => (Body::length(length), true),
            (0, None) => (Body::until_close(), false),
            // With a length beside the chunks somebody on the way may have been tricked.
            (_, length) => (Body::chunked(), length.is_none()),
        };
        let keep = fields.keep.filter(|_| certain && status != 101);
        let retry_after_ms = fields.retry_after.and_then(|text| parse_retry_after(text, date));
        Ok(Self { status, body, keep, date, retry_after_ms })
    }
}

#[derive(Default)]
struct Fields<'a> {
    keep: Option<Duration>,
    length: Option<u64>,
    codings: usize,
    date: Option<&'a str>,
    retry_after: Option<&'a str>,
}

impl<'a> Fields<'a> {
    fn take(&mut self, field: &Header<'a>) -> Result<(), String> {
        let is = |name: &str| field.name.eq_ignore_ascii_case(name);
        let text = || std::str::from_utf8(field.value).ok();
        match field.name.len() {
            4 if is("Date") => self.date = text(),
            10 if is("Connection") && members(field.value).any(|option| option.eq_ignore_ascii_case(b"close")) => {
                self.keep = None;
            }
            10 if is("Keep-Alive") => self.keep_alive(field.value),
            11 if is("Retry-After") => self.retry_after = text(),
            14 if is("Content-Length") => {
                // The same one several times is one (RFC 9112, 6.3).
                for member in field.value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii) {
                    let length = number(member).ok_or("its Content-Length is no number")?;
                    if self.length.replace(length).is_some_and(|before| before != length) {
                        return Err("its Content-Length is given twice".into());
                    }
                }
            }
            17 if is("Transfer-Encoding") => {
                // "identity" is of an older HTTP and means nothing.
                for coding in members(field.value).filter(|coding| !coding.eq_ignore_ascii_case(b"identity")) {
                    self.codings += 1;
                    if self.codings > 1 || !coding.eq_ignore_ascii_case(b"chunked") {
                        return Err("it has a Transfer-Encoding that nobody asked for".into());
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// `timeout=5, max=100`: a moment less, as the server's clock began first.
    fn keep_alive(&mut self, value: &[u8]) {
        let seconds = members(value).find_map(|option| {
            let (name, value) = option.split_at_checked("timeout=".len())?;
            name.eq_ignore_ascii_case(b"timeout=").then(|| number(value))?
        });
        if let (Some(keep), Some(seconds)) = (&mut self.keep, seconds) {
            *keep = Duration::from_secs(seconds.saturating_sub(1)).min(*keep);
        }
    }
}

/// The members of a comma-separated list, without the space around them; empty ones mean nothing (RFC 9110, 5.6.1).
fn members(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii).filter(|member| !member.is_empty())
}

fn number(digits: &[u8]) -> Option<u64> {
    // from_str_radix would take a sign.
    let sound = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    sound.then(|| std::str::from_utf8(digits).ok()?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(fields: &str) -> Result<Head, String> {
        Head::parse(format!("HTTP/1.1 200 OK\r\n{fields}\r\n").as_bytes())
    }

    #[test]
    fn the_end_is_found_however_the_head_arrives() {
        for (text, end) in [("a\r\n\r\nb", 5), ("a\n\nb", 3), ("a\n\r\nb", 4)] {
            for cut in 0..text.len() {
                let mut searched = 0;
                let found = find_end(&text.as_bytes()[..cut], &mut searched);
                let found = found.or_else(|| find_end(text.as_bytes(), &mut searched));
                assert_eq!(found, Some(end), "{text:?} {cut}");
            }
        }
        assert_eq!(find_end(b"a\r\nb\r\n", &mut 0), None);
    }

    #[test]
    fn the_body_is_framed_as_rfc_9112_says() {
        for (fields, body) in [
            ("Content-Length: 5\r\n", Body::length(5)),
            ("content-length:5\r\nCONTENT-LENGTH: 5\r\n", Body::length(5)),
            ("Content-Length: 5, 5\r\n", Body::length(5)),
            ("Transfer-Encoding: Chunked\r\n", Body::chunked()),
            ("Transfer-Encoding: identity\r\nContent-Length: 5\r\n", Body::length(5)),
            ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", Body::chunked()),
            ("", Body::until_close()),
        ] {
            assert_eq!(head(fields).unwrap().body, body, "{fields}");
        }
        for wrong in [
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Content-Length: 5, 6\r\n",
            "Content-Length: -5\r\n",
            "Content-Length: +5\r\n",
            "Content-Length: \r\n",
            "Content-Length: 5,\r\n",
            "Content-Length: 5 5\r\n",
            "Content-Length: 0x5\r\n",
            "Content-Length: 18446744073709551616\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        ] {
            assert!(head(wrong).is_err(), "{wrong}");
        }
        for status in ["100 Continue", "103 Early Hints", "204 No Content", "304 Not Modified"] {
            let head = Head::parse(format!("HTTP/1.1 {status}\r\nContent-Length: 5\r\n\r\n").as_bytes()).unwrap();
            assert_eq!(head.body, Body::length(0), "{status}");
        }
    }

    #[test]
    fn a_connection_is_kept_as_long_as_both_sides_can() {
        let keep = |text: &str| Head::parse(text.as_bytes()).unwrap().keep;
        let sized = |fields: &str| head(&format!("{fields}Content-Length: 0\r\n")).unwrap().keep;
        assert_eq!(sized(""), Some(Duration::MAX));
        assert_eq!(sized("Connection: keep-alive\r\nKeep-Alive: max=9, Timeout=5\r\n"), Some(Duration::from_secs(4)));
        assert_eq!(sized("Keep-Alive: timeout=0\r\n"), Some(Duration::ZERO));
        assert_eq!(sized("Keep-Alive: timeout=x, soon\r\n"), Some(Duration::MAX));
        assert_eq!(sized("Connection: foo, CLOSE\r\n"), None);
        assert_eq!(sized("Connection: close\r\nKeep-Alive: timeout=5\r\n"), None);
        assert_eq!(sized("Transfer-Encoding: chunked\r\n"), None);
        assert_eq!(keep("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"), None);
        assert_eq!(keep("HTTP/1.1 200 OK\r\n\r\n"), None);
    }

    #[test]
    fn times_are_numbers_and_a_thousand_fields_are_read() {
        let padding = "X-Padding: x\r\n".repeat(1000);
        let head =
            head(&format!("{padding}Date: Thu, 07 May 2026 18:30:00 GMT\r\nRetry-After: 2\r\nContent-Length: 0\r\n"));
        let head = head.unwrap();
        assert_eq!((head.date, head.retry_after_ms), (Some(1_778_178_600), Some(2000)));
    }

    #[test]
    fn what_is_no_head_is_refused() {
        for wrong in [
            "SSH-2.0-x\r\n\r\n",
            "HTTP/2 200\r\n\r\n",
            "HTTP/1.1 2x0 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
            "\r\n\r\n",
        ] {
            assert!(Head::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(head("a b: c\r\n").is_err());
        assert!(head("a: \u{0}\r\n").is_err());
    }
}
