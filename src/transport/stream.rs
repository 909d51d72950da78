//! One connection: sends a request in one write, waits with poll, and knows when it may be used again.

use std::fmt;
use std::io;
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::buffers::StreamBuffers;
use super::call::Call;
use super::failure::{Failure, Fault};
use super::socket::{Reader, reason};
use super::tls::TlsLayer;
use crate::platform::{self, Interest};

/// More than the longest head that is read, and whatever came with it.
const MAX_UNREAD: usize = 80 * 1024;

/// How often a look at the socket may find bytes that are no answer.
const MAX_LOOKS: usize = 4;

/// Where a connection stands between two requests.
#[derive(PartialEq)]
enum State {
    Busy,
    Idle,
    /// Something went over it that no next request may meet.
    Spoiled,
}

pub struct Stream {
    socket: TcpStream,
    reader: Reader,
    tls: Option<TlsLayer>,
    buffers: StreamBuffers,
    state: State,
    /// The next bytes to send begin a request.
    before_head: bool,
    /// The request could not be sent whole. An answer may have come all the same.
    broken_write: Option<String>,
    fork_generation: u32,
}

impl Stream {
    pub fn new(socket: TcpStream, tls: Option<TlsLayer>) -> io::Result<Self> {
        Ok(Self {
            reader: Reader::new(&socket)?,
            socket,
            tls,
            buffers: StreamBuffers::new(),
            state: State::Busy,
            before_head: true,
            broken_write: None,
            fork_generation: platform::fork_generation(),
        })
    }

    /// Sends what is queued, head and body together.
    fn flush(&mut self, call: &Call) -> Result<(), Failure> {
        if self.buffers.queued().is_empty() {
            return Ok(());
        }
        call.enter("while sending the request");
        let bytes = match &mut self.tls {
            None => self.buffers.take_queued(),
            Some(tls) => {
                let bytes = tls.encrypt(self.buffers.queued())?;
                self.buffers.sent();
                bytes
            }
        };
        if self.broken_write.is_none() {
            self.broken_write = self.send(&bytes, call)?;
        }
        match &mut self.tls {
            None => self.buffers.give_back(bytes),
            Some(tls) => tls.give_back(bytes),
        }
        Ok(())
    }

    /// Writes everything. A peer that stopped reading is no error yet, but the text of one: its answer may be waiting.
    fn send(&mut self, mut bytes: &[u8], call: &Call) -> Result<Option<String>, Failure> {
        while !bytes.is_empty() {
            match platform::send_now(&self.socket, bytes) {
                Ok(0) => return Ok(Some("the connection takes no more bytes".into())),
                Ok(count) => {
                    call.request_sent();
                    bytes = &bytes[count..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let mut interest = Interest::write(platform::handle_of(&self.socket));
                    interest.read = true;
                    call.wait(std::slice::from_mut(&mut interest))?;
                    match self.arrived() {
                        Arrived::Nothing => {}
                        Arrived::Answer if self.has_interim_answer() && self.buffers.input().len() <= MAX_UNREAD => {
                            call.heard();
                        }
                        Arrived::Answer => {
                            call.heard();
                            call.answer_began();
                            return Ok(Some("the server answered before it had read the whole request".into()));
                        }
                        Arrived::End => return Ok(Some("the connection was closed while sending".into())),
                    }
                }
                Err(error) => return Ok(Some(format!("the connection was lost while sending: {}", reason(&error)))),
            }
        }
        Ok(None)
    }

    /// Reads until there is at least one more byte of answer. False at the end of the stream.
    fn fill(&mut self, call: &Call) -> Result<bool, Failure> {
        call.enter("while waiting for the answer");
        loop {
            // What ureq leaves unread is a head, or the line before a chunk: neither may grow without end.
            if self.buffers.input().len() > MAX_UNREAD {
                return Err(Failure::new(Fault::TooLarge, "a line of the answer does not end"));
            }
            let received = match &mut self.tls {
                None => self.reader.receive(&self.socket, self.buffers.input_append_buf(), call),
                Some(tls) => {
                    let taken = tls.take_plaintext(&mut self.buffers);
                    // An alert, or a key update to be confirmed: the server may be waiting for it.
                    let told = tls.send_pending(&self.socket, call);
                    if taken? {
                        call.answer_began();
                        return Ok(true);
                    }
                    if tls.peer_closed() {
                        // All that came was read, and it was a goodbye.
                        call.heard_nothing_else();
                        return ended(call);
                    }
                    told?;
                    self.reader.receive(&self.socket, tls.read_buffer(), call)
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
                    self.buffers.input_appended(count);
                    call.answer_began();
                    return Ok(true);
                }
                // Without a close_notify this may be somebody cutting the answer short.
                Some(_) if count == 0 => {
                    return ended(call)
                        .and(Err(Failure::new(Fault::Lost, "the connection was closed in the middle of the answer")));
                }
                Some(tls) => tls.received(count),
            }
        }
    }

    /// Reads what is there without waiting. TLS tickets count as nothing, unless they do not end.
    fn arrived(&mut self) -> Arrived {
        for _ in 0..MAX_LOOKS {
            let buffer = match &mut self.tls {
                None => self.buffers.input_append_buf(),
                Some(tls) => tls.read_buffer(),
            };
            let count = match platform::receive_now(&self.socket, buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Arrived::Nothing,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(0) | Err(_) => return Arrived::End,
                Ok(count) => count,
            };
            match &mut self.tls {
                None => {
                    self.buffers.input_appended(count);
                    return Arrived::Answer;
                }
                Some(tls) => {
                    tls.received(count);
                    match tls.take_plaintext(&mut self.buffers) {
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
        let mut input = self.buffers.input();
        while let [b'H', b'T', b'T', b'P', b'/', b'1', b'.', _, b' ', b'1', ..] = input {
            match input.windows(4).position(|end| end == b"\r\n\r\n") {
                Some(end) if end + 4 < input.len() => input = &input[end + 4..],
                _ => return true,
            }
        }
        false
    }
}

/// The orderly end of the stream: the end of an answer perhaps, but not the whole of one.
fn ended(call: &Call) -> Result<bool, Failure> {
    if call.has_answer() {
        return Ok(false);
    }
    Err(Failure::new(Fault::Lost, "the server closed the connection without an answer"))
}

/// Header names as their specifications write them: the http crate writes all in lower case, which old gateways in front
/// of an API may not take for an API key.
const NAMES: [&str; 7] =
    ["Host", "Content-Length", "Content-Type", "Accept", "User-Agent", "Authorization", "X-API-Key"];

fn spell_names(head: &mut [u8]) {
    for line in head.split_mut(|&byte| byte == b'\n') {
        let length = line.iter().position(|&byte| byte == b':').unwrap_or(0);
        if let Some(name) = NAMES.iter().find(|name| name.as_bytes().eq_ignore_ascii_case(&line[..length])) {
            line[..length].copy_from_slice(name.as_bytes());
        }
    }
}

/// What a look at the socket found.
#[derive(PartialEq)]
enum Arrived {
    Nothing,
    Answer,
    End,
}

impl Transport for Stream {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    /// Only queues: head and body leave together when ureq begins to wait for the answer.
    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        if std::mem::take(&mut self.before_head) {
            spell_names(&mut self.buffers.output()[..amount]);
        }
        if self.buffers.queue(amount) { on_call(|call| self.flush(call)) } else { Ok(()) }
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        on_call(|call| {
            self.flush(call)?;
            // The answer may have come while the request was being sent.
            if self.buffers.can_use_input() { Ok(true) } else { self.fill(call) }
        })
    }

    /// ureq asks twice: when it puts the connection back, and before it uses it again. Only the second is worth
    /// a system call: what comes in between would go unseen by the first.
    fn is_open(&mut self) -> bool {
        if self.state == State::Busy {
            self.state = if self.broken_write.is_some() { State::Spoiled } else { State::Idle };
            return self.state == State::Idle;
        }
        // ureq holds the pool's lock here: a panic would poison it, and with it every later call.
        let open = self.state == State::Idle
            && !Call::with(Call::wants_fresh).unwrap_or(false)
            && !self.tls.as_ref().is_some_and(TlsLayer::is_over)
            && catch_unwind(AssertUnwindSafe(|| self.arrived())).is_ok_and(|arrived| arrived == Arrived::Nothing);
        self.state = if open { State::Busy } else { State::Spoiled };
        self.before_head = open;
        if open {
            Call::with(Call::reusing);
        }
        open
    }

    fn is_tls(&self) -> bool {
        self.tls.is_some()
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // In a forked child the connection is the parent's: a goodbye from here would end it there.
        if let (Some(tls), true) = (&mut self.tls, self.fork_generation == platform::fork_generation()) {
            let _ = platform::send_now(&self.socket, &tls.close_notify());
        }
    }
}

fn on_call<T>(work: impl FnOnce(&Call) -> Result<T, Failure>) -> Result<T, ureq::Error> {
    Call::with(work)
        .unwrap_or_else(|| Err(Failure::new(Fault::Internal, "a connection was used outside a call")))
        .map_err(Failure::into_ureq)
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}
