//! A client that does what it is told and shows what it gets.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use ecgrid_sandbox::{Sandbox, rustls};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// Long enough for any machine; it only ends tests that have failed anyway.
pub const PATIENCE: Duration = Duration::from_secs(30);
pub const LOGIN: &str = r#"{"login":"jsmith@example.com","password":"Sup3r$ecret!"}"#;

pub trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

/// One connection.
pub struct Client {
    stream: BufReader<Box<dyn Wire>>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

pub fn start() -> Sandbox {
    Sandbox::builder().start().expect("the sandbox starts")
}

pub fn body_of(login: &str) -> String {
    format!(r#"{{"login":"{login}","password":"any"}}"#)
}

/// One request on a connection of its own, over HTTP.
pub fn call(sandbox: &Sandbox, request: &str, headers: &[&str], body: &str) -> Answer {
    Client::http(sandbox).call(request, headers, body).expect("an answer")
}

/// A login over HTTP with any password.
pub fn login(sandbox: &Sandbox, login: &str) -> Answer {
    call(sandbox, "POST /v2/auth/login", &[], &body_of(login))
}

/// The token of a login that goes well.
pub fn token(sandbox: &Sandbox, login_name: &str) -> String {
    let answer = login(sandbox, login_name);
    answer.data()["token"].as_str().expect("a token").to_owned()
}

pub fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

/// A client that trusts the PEM and speaks these versions.
pub fn tls_config(ca_pem: &str, versions: &[&'static rustls::SupportedProtocolVersion]) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(ca_pem.as_bytes()).expect("a certificate");
    roots.add(root).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

impl Client {
    pub fn new(stream: impl Wire + 'static) -> Self {
        Self { stream: BufReader::new(Box::new(stream)) }
    }

    pub fn http(sandbox: &Sandbox) -> Self {
        Self::new(connect(sandbox.http_address()))
    }

    pub fn https(sandbox: &Sandbox) -> Self {
        let config = tls_config(sandbox.ca_pem(), rustls::ALL_VERSIONS);
        Self::tls(sandbox.https_address(), config, "localhost").expect("a handshake")
    }

    pub fn tls(address: SocketAddr, config: ClientConfig, host: &str) -> io::Result<Self> {
        let name = ServerName::try_from(host.to_owned()).expect("a name");
        let tls = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(tls, connect(address));
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(Self::new(stream))
    }

    pub fn send(&mut self, bytes: &[u8]) {
        let stream = self.stream.get_mut();
        stream.write_all(bytes).expect("sent");
        stream.flush().expect("flushed");
    }

    /// `request` is method and path.
    pub fn send_request(&mut self, request: &str, headers: &[&str], body: &str) {
        let mut text = format!("{request} HTTP/1.1\r\nHost: localhost\r\n");
        for header in headers {
            text.push_str(&format!("{header}\r\n"));
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        self.send(text.as_bytes());
    }

    pub fn call(&mut self, request: &str, headers: &[&str], body: &str) -> io::Result<Answer> {
        self.send_request(request, headers, body);
        self.answer()
    }

    /// The next answer; informational ones are passed over.
    pub fn answer(&mut self) -> io::Result<Answer> {
        loop {
            let answer = self.head().and_then(|head| self.body(head))?;
            if answer.status >= 200 {
                return Ok(answer);
            }
        }
    }

    fn head(&mut self) -> io::Result<Answer> {
        let status = self.line()?;
        let number = status.get(9..12).and_then(|digits| digits.parse().ok());
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(": ").ok_or_else(|| broken(&line))?;
            headers.push((name.to_owned(), value.to_owned()));
        }
        Ok(Answer { status: number.ok_or_else(|| broken(&status))?, headers, body: Vec::new() })
    }

    fn body(&mut self, mut answer: Answer) -> io::Result<Answer> {
        if answer.status < 200 {
            return Ok(answer);
        }
        if answer.header("Transfer-Encoding").is_some() {
            loop {
                let size = self.line()?;
                let size = usize::from_str_radix(&size, 16).map_err(|_| broken(&size))?;
                answer.body.extend(self.exactly(size)?);
                self.line()?;
                if size == 0 {
                    return Ok(answer);
                }
            }
        }
        match answer.header("Content-Length") {
            Some(length) => {
                let length = length.parse().map_err(|_| broken(length))?;
                answer.body = self.exactly(length)?;
            }
            None => {
                self.stream.read_to_end(&mut answer.body)?;
            }
        }
        Ok(answer)
    }

    pub fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Everything until the end of the connection, or the error instead of it.
    pub fn rest(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.stream.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    pub fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub fn data(&self) -> Value {
        self.json()["data"].clone()
    }

    pub fn error_code(&self) -> String {
        self.json()["errorCode"].as_str().unwrap_or("?").to_owned()
    }
}

/// Ends the sending half, so that the server sees the client go.
pub fn hang_up(stream: &TcpStream) {
    stream.shutdown(Shutdown::Both).expect("closed");
}
