//! Reading and writing a socket on behalf of a call.

use std::io;
use std::net::TcpStream;
#[cfg(unix)]
use std::time::Duration;

use super::call::Call;
use super::failure::{Failure, Fault};
use crate::platform::{self, Interest, reason};

/// Waits for bytes and reads them. 0 at the end of the stream.
pub(super) fn receive(socket: &TcpStream, buffer: &mut [u8], call: &Call) -> Result<usize, Failure> {
    loop {
        call.wait(&mut [Interest::read(platform::handle_of(socket))])?;
        match platform::receive_now(socket, buffer) {
            Err(error) if is_passing(&error) => {}
            result => return result.map_err(|error| lost(&error)),
        }
    }
}

/// The wait of a whole call is for its answer, so on Unix that is one system call: a read that blocks for as long as the
/// call has time, and that a cancel ends from outside. Windows has no such read; there it is a wait and a read.
#[derive(Default)]
pub(super) struct Reader {
    #[cfg(unix)]
    timeout: Duration,
}

#[cfg(windows)]
impl Reader {
    pub fn new(_: &TcpStream) -> io::Result<Self> {
        Ok(Self {})
    }

    pub fn receive(&mut self, socket: &TcpStream, buffer: &mut [u8], call: &Call) -> Result<usize, Failure> {
        receive(socket, buffer, call)
    }
}

#[cfg(unix)]
impl Reader {
    /// From now on the socket blocks where it is not asked not to.
    pub fn new(socket: &TcpStream) -> io::Result<Self> {
        socket.set_nonblocking(false)?;
        Ok(Self::default())
    }

    pub fn receive(&mut self, socket: &TcpStream, buffer: &mut [u8], call: &Call) -> Result<usize, Failure> {
        loop {
            let reading = call.begin_read(platform::handle_of(socket));
            let remaining = call.time_left()?;
            self.allow(socket, remaining).map_err(|error| lost(&error))?;
            let result = platform::receive_within(socket, buffer);
            drop(reading);
            match result {
                Ok(count) if count > 0 => return Ok(count),
                Err(error) if is_passing(&error) => {}
                // The end of the connection, unless a cancel made it.
                result => return call.check().and(result.map_err(|error| lost(&error))),
            }
        }
    }

    /// Sets the read timeout, unless the one that is set comes close enough: it wakes early, or late by less than
    /// anybody can tell.
    fn allow(&mut self, socket: &TcpStream, remaining: Duration) -> io::Result<()> {
        const LATE: Duration = Duration::from_millis(50);
        // Zero would be for ever, and more than a day is waited for again.
        let wanted = remaining.clamp(Duration::from_millis(1), Duration::from_secs(86_400));
        if self.timeout < wanted / 2 || self.timeout > wanted + LATE {
            socket.set_read_timeout(Some(wanted))?;
            self.timeout = wanted;
        }
        Ok(())
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock)
}

fn lost(error: &io::Error) -> Failure {
    Failure::new(Fault::Lost, format!("the connection was lost: {}", reason(error)))
}

/// Sends a handshake message or a CONNECT: nothing that counts as the request.
pub(super) fn send_all(socket: &TcpStream, mut bytes: &[u8], call: &Call) -> Result<(), Failure> {
    while !bytes.is_empty() {
        match platform::send_now(socket, bytes) {
            Ok(count) if count > 0 => bytes = &bytes[count..],
            Ok(_) => return Err(Failure::new(Fault::Lost, "the connection takes no more bytes")),
            Err(error) if is_passing(&error) => call.wait(&mut [Interest::write(platform::handle_of(socket))])?,
            Err(error) if platform::is_refused_here(&error) => return Err(not_sent(&error)),
            Err(error) => return Err(lost(&error)),
        }
    }
    Ok(())
}

/// A send that this machine refused. The connection stands, so there is no answer to wait for.
pub(super) fn not_sent(error: &io::Error) -> Failure {
    Failure::new(Fault::System, format!("this machine does not let it be sent: {}", reason(error)))
}
