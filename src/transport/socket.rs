//! Reading and writing a socket that does not block, on behalf of a call.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use super::call::Call;
use super::failure::{Failure, Fault};
use crate::platform::{self, Interest};

/// Waits for bytes and reads them. 0 at the end of the stream.
pub(super) fn receive(mut socket: &TcpStream, buffer: &mut [u8], call: &Call) -> Result<usize, Failure> {
    loop {
        call.wait(&mut [Interest::read(platform::handle_of(socket))])?;
        match socket.read(buffer) {
            Ok(count) => return Ok(count),
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
            Err(error) => {
                return Err(Failure::new(Fault::Lost, format!("the connection was lost: {}", reason(&error))));
            }
        }
    }
}

/// Sends a handshake message or a CONNECT: nothing that counts as the request.
pub(super) fn send_all(mut socket: &TcpStream, mut bytes: &[u8], call: &Call) -> Result<(), Failure> {
    while !bytes.is_empty() {
        match socket.write(bytes) {
            Ok(count) if count > 0 => bytes = &bytes[count..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                call.wait(&mut [Interest::write(platform::handle_of(socket))])?;
            }
            Ok(_) => return Err(Failure::new(Fault::Lost, "the connection takes no more bytes")),
            Err(error) => {
                return Err(Failure::new(Fault::Lost, format!("the connection was lost: {}", reason(&error))));
            }
        }
    }
    Ok(())
}

/// An I/O error without "(os error 104)", which tells a reader nothing, and without the full stop that Windows adds.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    text[..end].trim_end_matches('.').to_lowercase()
}
