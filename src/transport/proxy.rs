//! A tunnel through an HTTP proxy (RFC 9110, 9.3.6).

use base64_simd::STANDARD;
use zeroize::Zeroizing;

use super::call::Call;
use super::failure::{Failure, Fault};
use super::socket::Socket;
use crate::http::{MAX_HEAD, Request, find_end};
use crate::memory::{Buffer, OutOfMemory};
use crate::secret::SecretBytes;

/// A proxy that connections go through.
#[derive(Clone)]
pub struct Proxy {
    /// For messages: where it is, and which setting says so.
    pub name: String,
    pub host: String,
    pub port: u16,
    /// User and password.
    pub credentials: Option<(String, Zeroizing<String>)>,
}

/// Asks the proxy at the other end of `socket` for a tunnel to `authority`.
pub fn open_tunnel(socket: &mut Socket, proxy: &Proxy, authority: &str, call: &Call) -> Result<(), Failure> {
    call.enter("while the proxy was asked for a tunnel");
    let name = &proxy.name;
    let failed = |what: String| Failure::new(Fault::Proxy { retry: true }, format!("{name} {what}"));
    let died = |failure: Failure| match failure.fault {
        Fault::Lost => failed(format!("broke off: {}", failure.detail)),
        _ => failure,
    };
    socket.send_all(&request(proxy, authority)?, call).map_err(died)?;

    let (mut head, mut searched) = (Buffer::default(), 0);
    let end = loop {
        let mut chunk = [0; 1024];
        let count = socket.receive(&mut chunk, call).map_err(died)?;
        if count == 0 {
            return Err(failed("closed the connection without opening a tunnel".into()));
        }
        head.append(&chunk[..count])?;
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
        Some(407) => foreign(&head[..end]).unwrap_or_else(|| {
            let own = match proxy.credentials {
                Some(_) => "refuses the user name and password given for it (HTTP 407)",
                None => "wants a user name and password (HTTP 407); give them as http://user:password@host:port",
            };
            own.into()
        }),
        Some(status) => format!("refuses a tunnel to {authority} (HTTP {status})"),
    };
    // Asked again it would refuse again, and a wrong password asked often may lock an account.
    Err(Failure::new(Fault::Proxy { retry: false }, format!("{name} {refusal}")))
}

fn request(proxy: &Proxy, authority: &str) -> Result<SecretBytes, Failure> {
    let own = format!("Host: {authority}\r\nUser-Agent: ecgrid/{}\r\n", env!("CARGO_PKG_VERSION"));
    let encoded = proxy.credentials.as_ref().map(|(user, password)| {
        let pair = Zeroizing::new(format!("{user}:{}", password.as_str()));
        Zeroizing::new(STANDARD.encode_to_string(pair.as_bytes()))
    });
    let lines: &[&str] = match &encoded {
        Some(encoded) => &[&own, "Proxy-Authorization: Basic ", encoded, "\r\n"],
        None => &[&own],
    };
    Request { method: "CONNECT", target: &[authority], lines, content: None, more: 0 }
        .compose()
        .map(|composed| composed.beginning)
        .map_err(|_| OutOfMemory.into())
}

/// Only this of it: what else a proxy says of an answer to CONNECT has no meaning (RFC 9110, 9.3.6).
fn status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head.split(|&byte| byte == b'\r' || byte == b'\n').next()?).ok()?;
    let rest = line.strip_prefix("HTTP/1.")?;
    rest.split(' ').nth(1)?.parse().ok()
}

/// What to say of a proxy that lets its users prove themselves only in ways that we do not speak. None when Basic is one
/// of them, or it names none.
fn foreign(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    let values: Vec<String> = head.lines().filter_map(authenticate).collect();
    let schemes: Vec<&str> = values.iter().flat_map(|value| schemes(value)).collect();
    let offers = |name: &&str| schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case(name));
    if schemes.is_empty() || offers(&"Basic") {
        return None;
    }
    let relayed: Vec<&str> = ["NTLM", "Negotiate"].into_iter().filter(offers).collect();
    let (wanted, advice) = match relayed.is_empty() {
        false => (relayed.join(" or "), "a local relay such as cntlm or px does"),
        // In our words: the proxy knows its password, and its own words may have that in them.
        true => {
            let known = ["Digest", "Bearer", "Kerberos"].into_iter().find(offers);
            (known.unwrap_or("a way to log in").to_owned(), "it speaks Basic")
        }
    };
    Some(format!("wants {wanted}, which libecgrid does not speak; {advice} (HTTP 407)"))
}

/// The value of a Proxy-Authenticate line, without what it quotes.
fn authenticate(line: &str) -> Option<String> {
    let (name, value) = line.split_once(':')?;
    name.trim().eq_ignore_ascii_case("Proxy-Authenticate").then(|| value.split('"').step_by(2).collect())
}

/// A comma parts challenges, and the parameters of each; a challenge begins with a word, a parameter with `name=`.
fn schemes(value: &str) -> impl Iterator<Item = &str> {
    let is_word =
        |text: &&str| text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    value.split(',').filter_map(|part| part.split_whitespace().next()).filter(is_word)
}
