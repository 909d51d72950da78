//! One connection: sends a request in one write if it is short, waits with poll, and knows when it may be used again.

use std::io;

use super::call::Call;
use super::failure::{Failure, Fault};
use super::farewell::Farewell;
use super::input::{Input, Sink};
use super::socket::{Socket, not_sent};
use super::streams::Upload;
use super::tls::TlsLayer;
use crate::http::{MAX_HEAD, find_end};
use crate::memory::wipe_bytes;
use crate::platform::{self, Interest, reason};

/// As much of a long request is encrypted for one write, three records: system calls are few, and the buffer is small.
const SEALED_AT_ONCE: usize = 48 * 1024;

/// How often a look at the socket may find bytes that are no answer.
const MAX_LOOKS: usize = 4;

pub struct Stream {
    socket: Socket,
    tls: Option<TlsLayer>,
    input: Input,
    /// The request could not be sent whole. An answer may have come all the same.
    broken_write: Option<String>,
    fork_generation: u32,
    farewell: Option<Box<Farewell>>,
}

impl Stream {
    pub(super) fn new(socket: Socket, tls: Option<TlsLayer>, farewell: Option<Box<Farewell>>) -> Self {
        let fork_generation = platform::fork_generation();
        Self { socket, tls, input: Input::default(), broken_write: None, fork_generation, farewell }
    }

    /// It goes with the end of its next use, because of that.
    pub fn ends(&mut self, reason: &'static str) {
        if let Some(farewell) = &mut self.farewell {
            farewell.reason = reason;
        }
    }

    /// What has come of the answer and is not used yet.
    pub fn input(&self) -> &[u8] {
        self.input.unread()
    }

    pub fn consume(&mut self, count: usize) {
        self.input.consume(count);
    }

    /// Whether nothing went over it that the next request may not meet.
    pub fn is_clean(&self) -> bool {
        self.input.is_empty() && self.broken_write.is_none() && self.tls.as_ref().is_none_or(TlsLayer::is_clean)
    }

    /// Until the next request it needs little.
    pub fn rest(&mut self) {
        self.input.shrink();
        if let Some(tls) = &mut self.tls {
            tls.shrink();
        }
    }

    /// Whether nothing has come since: neither the end of the connection nor bytes that nobody asked for. It is the
    /// cheapest look there is that sees both, one read that does not wait.
    pub fn is_open(&mut self) -> bool {
        self.arrived(|| ()) == Arrived::Nothing && self.is_clean()
    }

    /// Sends a request from where its two parts lie: in one write, if TLS does not have to make many records of it.
    pub fn send(&mut self, request: [&[u8]; 2], call: &Call) -> Result<(), Failure> {
        call.enter("while sending the request");
        if self.tls.is_none() {
            self.broken_write = self.write(request, call)?;
            return Ok(());
        }
        for piece in request.into_iter().flat_map(|part| part.chunks(SEALED_AT_ONCE)) {
            let Some(tls) = &mut self.tls else { break };
            let sealed = tls.encrypt(piece)?;
            self.broken_write = self.write([sealed.pending(), &[]], call)?;
            if let Some(tls) = &mut self.tls {
                tls.give_back(sealed);
            }
            if self.broken_write.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// Sends a request of which only the beginning lies in memory.
    pub fn send_on(&mut self, mut beginning: &[u8], content: &mut dyn Upload, call: &Call) -> Result<(), Failure> {
        loop {
            let piece = content.next()?;
            if piece.is_empty() && beginning.is_empty() {
                return Ok(());
            }
            self.send([beginning, piece], call)?;
            beginning = &[];
            if self.broken_write.is_some() {
                return Ok(());
            }
        }
    }

    /// Writes everything. A peer that stopped reading is no error yet, but the text of one: its answer may be waiting.
    fn write(&mut self, mut parts: [&[u8]; 2], call: &Call) -> Result<Option<String>, Failure> {
        while !parts.iter().all(|part| part.is_empty()) {
            // A peer that reads as fast as we write is never waited for.
            call.check()?;
            match platform::send_both_now(&self.socket, parts) {
                Ok(0) => return Ok(Some("the connection takes no more bytes".into())),
                Ok(count) => {
                    call.request_sent();
                    let first = count.min(parts[0].len());
                    parts = [&parts[0][first..], &parts[1][count - first..]];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let mut interest = Interest::write(platform::handle_of(&*self.socket));
                    interest.read = true;
                    call.wait(std::slice::from_mut(&mut interest))?;
                    match self.arrived(|| call.heard()) {
                        Arrived::Nothing => {}
                        Arrived::Answer if self.has_interim_answer() && self.input().len() <= MAX_HEAD => {}
                        Arrived::Answer => {
                            call.answer_began();
                            return Ok(Some("the server answered before it had read the whole request".into()));
                        }
                        Arrived::End => return Ok(Some("the connection was closed while sending".into())),
                    }
                }
                Err(error) if platform::is_refused_here(&error) => return Err(not_sent(&error)),
                Err(error) => return Ok(Some(format!("the connection was lost while sending: {}", reason(&error)))),
            }
        }
        Ok(None)
    }

    /// Reads until there is at least one more byte of answer, and says how many of them lie in `place`; the others are in
    /// the input. None at the end of the stream.
    pub fn fill(&mut self, place: &mut [u8], call: &Call) -> Result<Option<usize>, Failure> {
        call.enter("while waiting for the answer");
        loop {
            let received = match &mut self.tls {
                None => {
                    let room = if place.is_empty() { self.input.room()? } else { &mut *place };
                    self.socket.receive(room, call)
                }
                Some(tls) => {
                    let mut sink = Sink::new(place, &mut self.input);
                    let taken = tls.take_plaintext(&mut sink);
                    let placed = sink.placed;
                    if taken.is_err() {
                        // Nobody will know of it.
                        wipe_bytes(&mut place[..placed]);
                    }
                    // An alert: the server may be waiting for it.
                    let told = tls.send_pending(&self.socket, call);
                    if tls.was_refused() {
                        call.request_not_read();
                    }
                    if taken? {
                        call.answer_began();
                        return Ok(Some(placed));
                    }
                    if tls.peer_closed() {
                        // All that came was read, and it was a goodbye.
                        call.heard_nothing_else();
                        return ended(call);
                    }
                    told?;
                    self.socket.receive(tls.room()?, call)
                }
            };
            let count = match (received, &self.broken_write) {
                (Err(failure), Some(reason)) if failure.fault == Fault::Lost => {
                    return Err(Failure::new(Fault::Lost, reason.clone()));
                }
                (received, _) => received?,
            };
            if count > 0 {
                call.heard();
            }
            match &mut self.tls {
                None if count == 0 => return ended(call),
                None => {
                    call.answer_began();
                    if place.is_empty() {
                        self.input.received(count);
                        return Ok(Some(0));
                    }
                    return Ok(Some(count));
                }
                // Without a close_notify this may be somebody cutting the answer short.
                Some(_) if count == 0 => {
                    return ended(call).and(Err(cut_off()));
                }
                Some(tls) => tls.received(count),
            }
        }
    }

    /// Reads what is there without waiting. TLS tickets count as nothing, unless they do not end.
    fn arrived(&mut self, heard: impl Fn()) -> Arrived {
        for _ in 0..MAX_LOOKS {
            let buffer = match &mut self.tls {
                None => self.input.little_room(),
                Some(tls) => tls.little_room(),
            };
            let Ok(buffer) = buffer else { return Arrived::End };
            let count = match platform::receive_now(&self.socket, buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Arrived::Nothing,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(0) | Err(_) => return Arrived::End,
                Ok(count) => count,
            };
            heard();
            match &mut self.tls {
                None => {
                    self.input.received(count);
                    return Arrived::Answer;
                }
                Some(tls) => {
                    tls.received(count);
                    match tls.take_plaintext(&mut Sink::new(&mut [], &mut self.input)) {
                        Ok(true) => return Arrived::Answer,
                        Ok(false) if !tls.peer_closed() => {}
                        _ => return Arrived::End,
                    }
                }
            }
        }
        Arrived::End
    }

    /// Whether what has been read begins like a 1xx, after which the server goes on reading (RFC 9110, 15.2).
    fn has_interim_answer(&self) -> bool {
        let mut input = self.input();
        while input.iter().zip(b"HTTP/1.? 1").all(|(&is, &wanted)| is == wanted || wanted == b'?') {
            match find_end(input, &mut 0) {
                Some(end) => input = &input[end..],
                None => return true,
            }
        }
        false
    }
}

/// The orderly end of the stream: the end of an answer perhaps, but not the whole of one.
fn ended(call: &Call) -> Result<Option<usize>, Failure> {
    if call.has_answer() {
        return Ok(None);
    }
    Err(Failure::new(Fault::Lost, "the server closed the connection without an answer"))
}

pub(super) fn cut_off() -> Failure {
    Failure::new(Fault::Lost, "the connection was closed in the middle of the answer")
}

/// What a look at the socket found.
#[derive(PartialEq)]
enum Arrived {
    Nothing,
    Answer,
    End,
}

impl Drop for Stream {
    fn drop(&mut self) {
        // In a forked child the connection is the parent's: a goodbye from here would end it there.
        if let (Some(tls), true) = (&mut self.tls, self.fork_generation == platform::fork_generation()) {
            let _ = platform::send_now(&self.socket, tls.close_notify().pending());
        }
    }
}
