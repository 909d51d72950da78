//! The body of an answer, out of its framing (RFC 9112, 6 and 7).

use super::MAX_HEAD;
use crate::memory::{Buffer, OutOfMemory};

/// A chunk's size and its extensions may be this long.
const MAX_LINE: usize = 16 * 1024;

/// Chunks from this size on are worth a read of their own.
const LONG_CHUNK: u64 = 16 * 1024;

/// Why a body cannot be read.
#[derive(Debug, PartialEq)]
pub enum Flaw {
    Wrong(&'static str),
    OutOfMemory,
}

impl From<&'static str> for Flaw {
    fn from(why: &'static str) -> Self {
        Self::Wrong(why)
    }
}

impl From<OutOfMemory> for Flaw {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

/// What is still to come of a body.
#[derive(Debug, PartialEq)]
pub struct Body(Part);

#[derive(Debug, PartialEq)]
enum Part {
    /// So many bytes.
    Length(u64),
    /// The line with a chunk's size.
    Size,
    /// So many bytes of a chunk.
    Chunk(u64),
    ChunkEnd,
    /// Fields after the last chunk, so many bytes at most.
    Trailers(usize),
    UntilClose,
}

impl Body {
    pub fn length(length: u64) -> Self {
        Self(Part::Length(length))
    }

    pub fn chunked() -> Self {
        Self(Part::Size)
    }

    pub fn until_close() -> Self {
        Self(Part::UntilClose)
    }

    /// How long it is, if the head said so.
    pub fn announced(&self) -> Option<u64> {
        match self.0 {
            Part::Length(length) => Some(length),
            _ => None,
        }
    }

    /// Whether the end of the connection is the end of the body.
    pub fn ends_with_connection(&self) -> bool {
        self.0 == Part::UntilClose
    }

    pub fn is_complete(&self) -> bool {
        self.0 == Part::Length(0)
    }

    /// How many of the next bytes are content and nothing else, where it pays to read them straight to their place.
    pub fn straight(&self) -> u64 {
        match self.0 {
            Part::Length(left) => left,
            Part::Chunk(left) if left >= LONG_CHUNK => left,
            Part::UntilClose => u64::MAX,
            _ => 0,
        }
    }

    /// So many of them were read.
    pub fn advance(&mut self, count: usize) {
        if let Part::Length(left) | Part::Chunk(left) = &mut self.0 {
            *left -= count as u64;
        }
        if self.0 == Part::Chunk(0) {
            self.0 = Part::ChunkEnd;
        }
    }

    /// Takes of `input` what it can use, appends the content to `out`, and says how many bytes it used.
    pub fn take(&mut self, input: &[u8], out: &mut Buffer) -> Result<usize, Flaw> {
        let mut used = 0;
        while !self.is_complete() {
            let rest = &input[used..];
            let step = match &mut self.0 {
                Part::Length(left) | Part::Chunk(left) => {
                    let count = usize::try_from(*left).map_or(rest.len(), |left| left.min(rest.len()));
                    out.append(&rest[..count])?;
                    self.advance(count);
                    count
                }
                Part::UntilClose => {
                    out.append(rest)?;
                    rest.len()
                }
                Part::ChunkEnd => match rest {
                    [b'\r', b'\n', ..] => {
                        self.0 = Part::Size;
                        2
                    }
                    [] | [b'\r'] => 0,
                    _ => return Err("a chunk does not end where it should".into()),
                },
                Part::Size => match chunk_size(rest)? {
                    None => 0,
                    Some((length, size)) => {
                        self.0 = if size == 0 { Part::Trailers(MAX_HEAD) } else { Part::Chunk(size) };
                        length
                    }
                },
                Part::Trailers(room) => match memchr::memchr(b'\n', rest) {
                    None if rest.len() > *room => return Err("what follows its body does not end".into()),
                    None => 0,
                    Some(end) => {
                        *room = room.checked_sub(end).ok_or("what follows its body does not end")?;
                        if matches!(&rest[..end], b"" | b"\r") {
                            self.0 = Part::Length(0);
                        }
                        end + 1
                    }
                },
            };
            if step == 0 {
                break;
            }
            used += step;
        }
        Ok(used)
    }
}

/// The length of the line and the size it tells, once it is all there.
fn chunk_size(input: &[u8]) -> Result<Option<(usize, u64)>, &'static str> {
    const WRONG: &str = "the size of a chunk is no number";
    match (input.first(), httparse::parse_chunk_size(input)) {
        (None, _) => Ok(None),
        // httparse would take an empty line for a zero.
        (Some(first), _) if !first.is_ascii_hexdigit() => Err(WRONG),
        (_, Err(_)) => Err(WRONG),
        (_, Ok(httparse::Status::Complete((length, size)))) if length <= MAX_LINE => Ok(Some((length, size))),
        (_, Ok(httparse::Status::Partial)) if input.len() <= MAX_LINE => Ok(None),
        (_, Ok(_)) => Err("a line of the answer does not end"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds the text in pieces, as a connection may, and gives the content and what was left over.
    fn read(mut body: Body, text: &[u8], piece: usize) -> Result<(Vec<u8>, Vec<u8>), Flaw> {
        let (mut out, mut unread) = (Buffer::default(), Vec::new());
        for mut piece in text.chunks(piece) {
            // As much as goes straight to its place.
            if unread.is_empty() && !piece.is_empty() {
                let count = piece.len().min(body.straight().try_into().unwrap());
                out.append(&piece[..count]).unwrap();
                body.advance(count);
                piece = &piece[count..];
            }
            unread.extend_from_slice(piece);
            let used = body.take(&unread, &mut out)?;
            unread.drain(..used);
        }
        if body.is_complete() { Ok((out.to_vec(), unread)) } else { Err("incomplete".into()) }
    }

    #[test]
    fn a_long_chunk_goes_straight_to_its_place() {
        let long = "x".repeat(100_000);
        let text = format!("3\r\nabc\r\n186a0\r\n{long}\r\n3\r\ndef\r\n0\r\n\r\n");
        for piece in [1, 17, 20_000, 50_000, text.len()] {
            assert_eq!(read(Body::chunked(), text.as_bytes(), piece).unwrap().0, format!("abc{long}def").into_bytes());
        }
    }

    #[test]
    fn chunks_become_one_text_however_they_arrive() {
        let text = b"5;a=\"b\"\r\nhello\r\n00001 \r\n,\r\nA\r\n big world\r\n0;last\r\nX-Trailer: 1\r\n\r\nHTTP/1.1";
        for piece in 1..text.len() {
            let (out, rest) = read(Body::chunked(), text, piece).unwrap();
            assert_eq!((&out[..], &rest[..]), (&b"hello, big world"[..], &b"HTTP/1.1"[..]), "{piece}");
        }
    }

    #[test]
    fn a_length_is_taken_and_no_byte_more() {
        for piece in 1..8 {
            assert_eq!(read(Body::length(5), b"helloX", piece).unwrap(), (b"hello".to_vec(), b"X".to_vec()));
        }
        assert_eq!(read(Body::length(0), b"X", 1).unwrap(), (vec![], b"X".to_vec()));
        assert!(read(Body::length(u64::MAX), b"hello", 2).is_err());
    }

    #[test]
    fn without_framing_it_ends_with_the_connection() {
        let (mut body, mut out) = (Body::until_close(), Buffer::default());
        assert_eq!(body.take(b"hello", &mut out), Ok(5));
        assert!(!body.is_complete() && body.ends_with_connection() && *out == *b"hello");
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        for wrong in [
            &b"\r\n\r\n"[..],
            b";x\r\n\r\n",
            b"x\r\n",
            b"-1\r\n",
            b" 5\r\nhello\r\n0\r\n\r\n",
            b"ffffffffffffffffff\r\n",
            b"5\r\nhelloX\r\n0\r\n\r\n",
            b"5\nhello\r\n0\r\n\r\n",
            b"5\r\nhello\r\n",
            b"5\r\nhello\r\n0\r\n",
        ] {
            assert!(read(Body::chunked(), wrong, 100).is_err(), "{}", wrong.escape_ascii());
        }
        let long_line = [b"1;", &[b'x'; 20_000][..], b"\r\n.\r\n0\r\n\r\n"].concat();
        assert!(read(Body::chunked(), &long_line, 1000).is_err());
        assert!(read(Body::chunked(), &long_line, long_line.len()).is_err());
        let trailers = [&b"0\r\n"[..], &b"a: b\r\n".repeat(20_000)].concat();
        assert!(read(Body::chunked(), &trailers, 1000).is_err());
        assert!(read(Body::chunked(), &[&b"0\r\n"[..], &[b'x'; 100_000]].concat(), 1000).is_err());
    }
}
