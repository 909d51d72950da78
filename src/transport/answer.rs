//! Reads an answer off a connection.

use std::time::Duration;

use super::call::Call;
use super::failure::{Failure, Fault};
use super::stream::{Stream, cut_off};
use super::streams::{Download, Streams};
use crate::http::{self, Flaw, Head, MAX_HEAD};
use crate::memory::{Buffer, OutOfMemory};

/// What is received at once of a body that is passed on: system calls are few, and the buffer is small.
const PIECE: usize = 64 * 1024;

/// What came back, whatever its status.
pub struct Answer {
    pub status: u16,
    /// When the request was sent, on the steady clock: nothing that the answer tells of is older.
    pub asked: Duration,
    /// The server's own time, in Unix seconds.
    pub date: Option<i64>,
    pub retry_after_ms: Option<i64>,
    /// As it came: what in it means something here is above.
    pub head: Buffer,
    pub body: Buffer,
}

/// The answer, and how long the connection may be kept for another, if it may.
pub fn read_answer(
    stream: &mut Stream,
    asked: Duration,
    streams: &mut Streams<'_>,
    limit: u64,
    call: &Call,
) -> Result<(Answer, Option<Duration>), Failure> {
    let (mut head, text) = read_head(stream, call)?;
    let mut body = Buffer::default();
    let read = match &mut streams.down {
        Some(down) if (200..300).contains(&head.status) => call.while_bytes_move(streams.patient, || {
            down.begin()?;
            pass_on(stream, &mut head.body, &mut **down, &mut body, limit, call)
        }),
        _ => read_body(stream, &mut head.body, &mut body, limit, call),
    };
    let keep = match read {
        // What follows the answer is nobody's: the connection is not used again.
        Ok(()) => head.keep.filter(|_| stream.is_clean()),
        // A refusal is one also when its words are cut short.
        Err(failure) if head.status < 300 || failure.fault == Fault::Cancelled => {
            return Err(Failure { http_status: head.status, ..failure });
        }
        Err(_) => None,
    };
    let Head { status, date, retry_after_ms, .. } = head;
    Ok((Answer { status, asked, date, retry_after_ms, head: text, body }, keep))
}

/// The head of the answer itself, after whatever the server says in between, and its text.
fn read_head(stream: &mut Stream, call: &Call) -> Result<(Head, Buffer), Failure> {
    const BEGINNING: &[u8] = b"HTTP/1.";
    let (mut before, mut searched) = (0, 0);
    loop {
        let input = stream.input();
        let end = http::find_end(input, &mut searched);
        let common = input.len().min(BEGINNING.len());
        if input[..common] != BEGINNING[..common] {
            return Err(malformed("it does not begin like one"));
        }
        if before + end.unwrap_or(input.len()) > MAX_HEAD {
            return Err(Failure::new(Fault::TooLarge, format!("the head of the answer is over {MAX_HEAD} bytes")));
        }
        let Some(end) = end else {
            stream.fill(&mut [], call)?.ok_or_else(cut_off)?;
            continue;
        };
        let head = Head::parse(&input[..end]).map_err(|why| malformed(&why))?;
        if head.is_final() {
            let text = match copy(&input[..end]) {
                // A refusal is one also without the head around it.
                Err(error) if head.status < 300 => {
                    return Err(Failure { http_status: head.status, ..error.into() });
                }
                text => text.unwrap_or_default(),
            };
            stream.consume(end);
            return Ok((head, text));
        }
        stream.consume(end);
        (before, searched) = (before + end, 0);
    }
}

fn copy(text: &[u8]) -> Result<Buffer, OutOfMemory> {
    let mut copy = Buffer::with_room(text.len())?;
    copy.append(text)?;
    Ok(copy)
}

fn read_body(
    stream: &mut Stream,
    body: &mut http::Body,
    out: &mut Buffer,
    limit: u64,
    call: &Call,
) -> Result<(), Failure> {
    match body.announced() {
        None | Some(0) => {}
        Some(length) if length > limit => return Err(too_large(limit)),
        Some(length) => *out = Buffer::with_room(length.try_into().map_err(|_| OutOfMemory)?)?,
    }
    loop {
        let used = take(body, stream.input(), out)?;
        stream.consume(used);
        if out.len() as u64 > limit {
            return Err(too_large(limit));
        }
        if body.is_complete() {
            out.trim();
            return Ok(());
        }
        // One byte over the limit is enough to know.
        let straight = body.straight().min(limit - out.len() as u64 + 1);
        let place = match usize::try_from(straight).unwrap_or(usize::MAX) {
            0 => &mut [],
            most => out.room(most)?,
        };
        match stream.fill(place, call)? {
            Some(count) => {
                out.advance(count);
                body.advance(count);
            }
            None if body.ends_with_connection() => {
                out.trim();
                return Ok(());
            }
            None => return Err(cut_off()),
        }
    }
}

/// Reads a body that does not have to lie in memory. `rest` is what remains of it, and may be as long as `limit`.
fn pass_on(
    stream: &mut Stream,
    body: &mut http::Body,
    down: &mut dyn Download,
    rest: &mut Buffer,
    limit: u64,
    call: &Call,
) -> Result<(), Failure> {
    let mut piece = Buffer::with_room(PIECE)?;
    loop {
        let used = take(body, stream.input(), &mut piece)?;
        stream.consume(used);
        down.take(&piece, rest)?;
        piece.clear();
        if rest.len() as u64 > limit {
            return Err(too_large(limit));
        }
        if body.is_complete() {
            return Ok(());
        }
        let most = usize::try_from(body.straight()).unwrap_or(usize::MAX).min(PIECE);
        let place = if most == 0 { &mut [] } else { piece.room(most)? };
        match stream.fill(place, call)? {
            Some(count) => {
                piece.advance(count);
                body.advance(count);
            }
            None if body.ends_with_connection() => return Ok(()),
            None => return Err(cut_off()),
        }
    }
}

fn take(body: &mut http::Body, input: &[u8], out: &mut Buffer) -> Result<usize, Failure> {
    body.take(input, out).map_err(|flaw| match flaw {
        Flaw::Wrong(why) => malformed(why),
        Flaw::OutOfMemory => OutOfMemory.into(),
    })
}

fn too_large(limit: u64) -> Failure {
    Failure::new(Fault::TooLarge, format!("the answer is over {limit} bytes"))
}

fn malformed(why: &str) -> Failure {
    Failure::new(Fault::Malformed, format!("not a valid HTTP answer ({why})"))
}
