//! The bytes of a connection of a test server, in TLS or not, so that one script serves both.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub enum Wire {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Wire {
    /// Makes the handshake where there is one to make. None when it fails.
    pub fn open(stream: TcpStream, tls: Option<Arc<ServerConfig>>) -> Option<Self> {
        let Some(config) = tls else { return Some(Self::Plain(stream)) };
        let mut owned = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
        while owned.conn.is_handshaking() {
            owned.conn.complete_io(&mut owned.sock).ok()?;
        }
        Some(Self::Tls(Box::new(owned)))
    }

    /// Says that nothing more will come, in TLS and in TCP.
    pub fn finish(&mut self) {
        let stream = match self {
            Self::Plain(stream) => stream,
            Self::Tls(owned) => {
                owned.conn.send_close_notify();
                let _ = owned.conn.complete_io(&mut owned.sock);
                &mut owned.sock
            }
        };
        let _ = stream.shutdown(Shutdown::Write);
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(owned) => owned.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(owned) => owned.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(owned) => owned.flush(),
        }
    }
}
