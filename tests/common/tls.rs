//! A TLS server of our own, for what no sandbox does.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use ecgrid_sandbox::{Authority, Validity};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use rustls::{ConnectionTrafficSecrets, ServerConfig, ServerConnection};

use super::Config;
use super::server::Server;

pub struct TlsServer {
    server: Server,
    ca_file: tempfile::NamedTempFile,
}

impl TlsServer {
    /// `serve` gets each connection after its handshake, with its number from 1.
    pub fn start(serve: impl Fn(usize, &mut ServerConnection, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let authority = Authority::new().unwrap();
        let issued = authority.issue(&["localhost", "127.0.0.1"], Validity::Now).unwrap();
        let mut config: ServerConfig =
            issued.server_config(&[&rustls::version::TLS12, &rustls::version::TLS13]).unwrap();
        config.enable_secret_extraction = true;
        let config = Arc::new(config);
        let server = Server::start(move |connection| {
            let mut tls = ServerConnection::new(config.clone()).unwrap();
            let mut stream = connection.stream.try_clone().unwrap();
            while tls.is_handshaking() {
                if tls.complete_io(&mut stream).is_err() {
                    return;
                }
            }
            serve(connection.number, &mut tls, &mut stream);
        });
        let ca_file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(ca_file.path(), authority.pem()).unwrap();
        Self { server, ca_file }
    }

    /// For a client that trusts it.
    pub fn config(&self) -> Config {
        Config::new(&format!("https://{}", self.server.address())).ca_file(self.ca_file.path().to_str().unwrap())
    }

    pub fn connections(&self) -> usize {
        self.server.connections()
    }
}

/// Reads one login. False when the client has closed.
pub fn read_request(tls: &mut ServerConnection, stream: &mut TcpStream) -> bool {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.ends_with(b"}") {
        match rustls::Stream::new(tls, stream).read(&mut buffer) {
            Ok(0) | Err(_) => return false,
            Ok(count) => request.extend_from_slice(&buffer[..count]),
        }
    }
    true
}

/// False when the client is gone.
pub fn write_all(tls: &mut ServerConnection, stream: &mut TcpStream, bytes: &[u8]) -> bool {
    tls.writer().write_all(bytes).is_ok() && tls.complete_io(stream).is_ok()
}

/// Writes TLS 1.3 records that no library would.
pub struct Sealer {
    key: LessSafeKey,
    iv: [u8; 12],
    sequence: u64,
}

impl Sealer {
    /// Takes the connection's sending side over.
    pub fn of(tls: &mut ServerConnection) -> Self {
        let fresh = ServerConnection::new(Arc::new(
            Authority::new()
                .unwrap()
                .issue(&["x"], Validity::Now)
                .unwrap()
                .server_config(&[&rustls::version::TLS13])
                .unwrap(),
        ));
        let taken = std::mem::replace(tls, fresh.unwrap());
        let (sequence, secrets) = taken.dangerous_extract_secrets().unwrap().tx;
        let (algorithm, key, iv) = match &secrets {
            ConnectionTrafficSecrets::Aes128Gcm { key, iv } => (&ring::aead::AES_128_GCM, key, iv),
            ConnectionTrafficSecrets::Aes256Gcm { key, iv } => (&ring::aead::AES_256_GCM, key, iv),
            ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => (&CHACHA20_POLY1305, key, iv),
            _ => panic!("an unknown cipher"),
        };
        let key = LessSafeKey::new(UnboundKey::new(algorithm, key.as_ref()).unwrap());
        Self { key, iv: iv.as_ref().try_into().unwrap(), sequence }
    }

    /// A record of this content, whose last byte is its type (RFC 8446, 5.2).
    pub fn seal(&mut self, content: &[u8]) -> Vec<u8> {
        let mut nonce = self.iv;
        nonce[4..].iter_mut().zip(self.sequence.to_be_bytes()).for_each(|(byte, sequence)| *byte ^= sequence);
        self.sequence += 1;
        let mut body = content.to_vec();
        let length = u16::try_from(content.len() + CHACHA20_POLY1305.tag_len()).unwrap().to_be_bytes();
        let header = [23, 3, 3, length[0], length[1]];
        self.key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(header), &mut body).unwrap();
        [&header[..], &body].concat()
    }
}
