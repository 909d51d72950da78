//! Reading and writing a socket on behalf of a call.

use std::io;
use std::net::TcpStream;
use std::ops::Deref;
#[cfg(blocking_reads)]
use std::time::Duration;

use super::call::Call;
use super::failure::{Failure, Fault};
use crate::platform::{self, Interest, reason};

/// The wait of a whole call is for its answer, so where sockets may block that is one system call: a read that blocks for as
/// long as the call has time, and that a cancel ends from outside. Elsewhere it is a wait and a read.
pub(super) struct Socket {
    socket: TcpStream,
    /// As long as a read may block.
    #[cfg(blocking_reads)]
    timeout: Duration,
}

impl Socket {
    /// From now on the socket blocks where it is not asked not to.
    #[cfg(blocking_reads)]
    pub fn new(socket: TcpStream) -> io::Result<Self> {
        socket.set_nonblocking(false)?;
        Ok(Self { socket, timeout: Duration::ZERO })
    }

    #[cfg(not(blocking_reads))]
    pub fn new(socket: TcpStream) -> io::Result<Self> {
        Ok(Self { socket })
    }

    /// Waits for bytes and reads them. 0 at the end of the stream.
    pub fn receive(&mut self, buffer: &mut [u8], call: &Call) -> Result<usize, Failure> {
        loop {
            match self.receive_once(buffer, call)? {
                Err(error) if is_passing(&error) => {}
                result => return result.map_err(|error| lost(&error)),
            }
        }
    }

    #[cfg(blocking_reads)]
    fn receive_once(&mut self, buffer: &mut [u8], call: &Call) -> Result<io::Result<usize>, Failure> {
        let reading = call.begin_read(platform::handle_of(&self.socket));
        let left = call.time_left()?;
        self.allow(left).map_err(|error| lost(&error))?;
        let result = platform::receive_within(&self.socket, buffer);
        drop(reading);
        // Where nothing came, a cancel may have made the end.
        if !matches!(result, Ok(1..)) {
            call.check()?;
        }
        Ok(result)
    }

    #[cfg(not(blocking_reads))]
    fn receive_once(&mut self, buffer: &mut [u8], call: &Call) -> Result<io::Result<usize>, Failure> {
        call.wait(&mut [Interest::read(platform::handle_of(&self.socket))])?;
        Ok(platform::receive_now(&self.socket, buffer))
    }

    /// Sets the read timeout, unless the one that is set comes close enough: it wakes early, or late by less than
    /// anybody can tell.
    #[cfg(blocking_reads)]
    fn allow(&mut self, left: Duration) -> io::Result<()> {
        const LATE: Duration = Duration::from_millis(50);
        // Zero would be for ever, and more than a day is waited for again.
        let wanted = left.clamp(Duration::from_millis(1), Duration::from_secs(86_400));
        if self.timeout < wanted / 2 || self.timeout > wanted + LATE {
            self.socket.set_read_timeout(Some(wanted))?;
            self.timeout = wanted;
        }
        Ok(())
    }

    /// Sends a handshake message or a CONNECT: nothing that counts as the request.
    pub fn send_all(&self, mut bytes: &[u8], call: &Call) -> Result<(), Failure> {
        while !bytes.is_empty() {
            match platform::send_now(&self.socket, bytes) {
                Ok(count) if count > 0 => bytes = &bytes[count..],
                Ok(_) => return Err(Failure::new(Fault::Lost, "the connection takes no more bytes")),
                Err(error) if is_passing(&error) => {
                    call.wait(&mut [Interest::write(platform::handle_of(&self.socket))])?;
                }
                Err(error) if platform::is_refused_here(&error) => return Err(not_sent(&error)),
                Err(error) => return Err(lost(&error)),
            }
        }
        Ok(())
    }
}

impl Deref for Socket {
    type Target = TcpStream;

    fn deref(&self) -> &TcpStream {
        &self.socket
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock)
}

fn lost(error: &io::Error) -> Failure {
    Failure::new(Fault::Lost, format!("the connection was lost: {}", reason(error)))
}

/// A send that this machine refused. The connection stands, so there is no answer to wait for.
pub(super) fn not_sent(error: &io::Error) -> Failure {
    Failure::new(Fault::System, format!("this machine does not let it be sent: {}", reason(error)))
}
