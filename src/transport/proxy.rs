//! A tunnel through an HTTP proxy (RFC 9110, 9.3.6).

use std::net::TcpStream;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use super::call::Call;
use super::failure::{Failure, Fault};
use super::socket::{receive, send_all};
use crate::http::{MAX_HEAD, Request, find_end};
use crate::secret::SecretBytes;

/// A proxy that connections go through.
#[derive(Clone)]
pub struct Proxy {
    pub host: String,
    pub port: u16,
    /// User and password.
    pub credentials: Option<(String, Zeroizing<String>)>,
}

/// Asks the proxy at the other end of `socket` for a tunnel to `authority`.
pub fn open_tunnel(socket: &TcpStream, proxy: &Proxy, authority: &str, call: &Call) -> Result<(), Failure> {
    call.enter("while the proxy was asked for a tunnel");
    let name = format!("the proxy {}:{}", proxy.host, proxy.port);
    let failed = |what: String| Failure::new(Fault::Proxy { retry: true }, format!("{name} {what}"));
    let died = |failure: Failure| match failure.fault {
        Fault::Lost => failed(format!("broke off: {}", failure.detail)),
        _ => failure,
    };
    send_all(socket, &request(proxy, authority), call).map_err(died)?;

    let (mut head, mut searched) = (Vec::new(), 0);
    let end = loop {
        let mut chunk = [0; 1024];
        let count = receive(socket, &mut chunk, call).map_err(died)?;
        if count == 0 {
            return Err(failed("closed the connection without opening a tunnel".into()));
        }
        head.extend_from_slice(&chunk[..count]);
        if let Some(end) = find_end(&head, &mut searched) {
            break end;
        }
        if head.len() > MAX_HEAD {
            return Err(failed(format!("answers with a head of over {MAX_HEAD} bytes")));
        }
    };
    let refusal = match status(&head) {
        Some(200..=299) if end == head.len() => return Ok(()),
        // Nobody at the other end of a new tunnel speaks before we do.
        Some(200..=299) => return Err(failed("sent bytes of its own into the tunnel".into())),
        None => return Err(failed("does not answer like an HTTP proxy".into())),
        Some(status @ 500..) => return Err(failed(format!("cannot open a tunnel to {authority} (HTTP {status})"))),
        Some(407) if proxy.credentials.is_some() => {
            "refuses the user name and password given for it (HTTP 407)".to_string()
        }
        Some(407) => "wants a user name and password (HTTP 407); give them as http://user:password@host:port".into(),
        Some(status) => format!("refuses a tunnel to {authority} (HTTP {status})"),
    };
    // Asked again it would refuse again, and a wrong password asked often may lock an account.
    Err(Failure::new(Fault::Proxy { retry: false }, format!("{name} {refusal}")))
}

fn request(proxy: &Proxy, authority: &str) -> SecretBytes {
    let own = format!("Host: {authority}\r\nUser-Agent: ecgrid/{}\r\n", env!("CARGO_PKG_VERSION"));
    let encoded = proxy.credentials.as_ref().map(|(user, password)| {
        let pair = Zeroizing::new(format!("{user}:{}", password.as_str()));
        Zeroizing::new(BASE64_STANDARD.encode(pair.as_bytes()))
    });
    let [name, value, end] = match &encoded {
        Some(encoded) => ["Proxy-Authorization: Basic ", encoded, "\r\n"],
        None => [""; 3],
    };
    Request { method: "CONNECT", target: &[authority], lines: &[&own, name, value, end], content: None }.compose()
}

/// Only this of it: what else a proxy says of an answer to CONNECT has no meaning (RFC 9110, 9.3.6).
fn status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head.split(|&byte| byte == b'\r' || byte == b'\n').next()?).ok()?;
    let rest = line.strip_prefix("HTTP/1.")?;
    rest.split(' ').nth(1)?.parse().ok()
}
