//! A server that repeats what it was told, secrets and all, in every way that a careless server might.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ecgrid_sandbox::{Authority, Validity, rustls};
use serde_json::{Value, json};

/// What a good login gives, here.
const TOKEN: &str = "canary-token-0123456789";

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// Serves until the runner ends.
pub struct Echo {
    pub http: String,
    pub https: String,
    pub ca_pem: String,
}

impl Echo {
    pub fn start() -> Result<Self, String> {
        let authority = Authority::new().map_err(text)?;
        let issued = authority.issue(&["localhost", "127.0.0.1"], Validity::Now).map_err(text)?;
        let tls = Arc::new(issued.server_config(rustls::ALL_VERSIONS).map_err(text)?);
        let http = serve(|socket| Some(Box::new(socket)))?;
        let https = serve(move |socket| {
            let connection = rustls::ServerConnection::new(tls.clone()).ok()?;
            Some(Box::new(rustls::StreamOwned::new(connection, socket)))
        })?;
        Ok(Self {
            http: format!("http://127.0.0.1:{http}"),
            https: format!("https://localhost:{https}"),
            ca_pem: authority.pem().into(),
        })
    }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

/// A thread for each connection; answers the port.
fn serve(wrap: impl Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + Sync + 'static) -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(text)?;
    let port = listener.local_addr().map_err(text)?.port();
    let wrap = Arc::new(wrap);
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            // After a handshake an answer would wait for an acknowledgement that is itself delayed.
            let _ = socket.set_nodelay(true);
            let wrap = wrap.clone();
            thread::spawn(move || {
                if let Some(mut stream) = wrap(socket) {
                    while converse(&mut *stream).is_some_and(|goes_on| goes_on) {}
                }
            });
        }
    });
    Ok(port)
}

/// One request and its answer; whether another may follow.
fn converse(stream: &mut dyn Stream) -> Option<bool> {
    let (head, body) = read_request(stream)?;
    let (bytes, goes_on) = answer(&head, &body);
    stream.write_all(&bytes).ok()?;
    stream.flush().ok()?;
    Some(goes_on)
}

fn read_request(stream: &mut dyn Stream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
            let body = &bytes[end + 4..];
            if body.len() >= length.unwrap_or(0) {
                return Some((head, String::from_utf8_lossy(body).into_owned()));
            }
        }
        match stream.read(&mut chunk).ok()? {
            0 => return None,
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// What the request asks for, as `kind-status`, and who is to be told.
fn answer(head: &str, body: &str) -> (Vec<u8>, bool) {
    let request: Value = serde_json::from_str(body).unwrap_or_default();
    let said = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let (login, key) = (said("login"), header("X-API-Key: ").to_owned() + header("Authorization: Bearer "));
    let secret = ["password", "currentPassword", "token"].map(said).into_iter().find(|text| !text.is_empty());
    let password = secret.unwrap_or_default();
    let route = head.split([' ', '?']).nth(1).unwrap_or_default();
    let wish = wish(route, &login, if key.is_empty() { &password } else { &key });
    let (kind, status) = match wish.rsplit_once('-') {
        Some((kind, status)) if status.parse::<u16>().is_ok() => (kind, status),
        _ => (&*wish, "401"),
    };
    let all = format!("{head}\n\n{body} / login {login} / password {password}");
    let refusal = |message: &str| {
        json!({"success": false, "data": null, "errorCode": "InvalidSession", "message": message}).to_string()
    };
    let good = |token: &str| json!({"success": true, "data": {"token": token, "userId": 4821}}).to_string();
    // As headers can carry it.
    let visible: String = password.bytes().map(percent_encoded).collect();

    // Where a server gives ids to quote to its support.
    let ids = format!("X-Trace-Id: {visible}\r\nX-Request-Id: {key}\r\nRequest-Id: id-{visible}-{key}\r\n");
    let plain = |body: String| (http(status, &ids, &body), true);
    match kind {
        "json" => plain(refusal(&all)),
        "code" => plain(json!({"success": false, "errorCode": password, "message": key}).to_string()),
        "problem" => plain(json!({"title": password, "detail": all, "traceId": key}).to_string()),
        // Messages are cut short, so what was sent comes first.
        "body" => plain(refusal(&format!("{body} {head}"))),
        "encoded" => plain(refusal(&format!("{body} {head}").bytes().map(percent_encoded).collect::<String>())),
        "escaped" => plain(refusal(&Value::from(format!("{body} {head}")).to_string())),
        "html" => plain(format!("<html><body><p>{}</p></body></html>", all.replace('&', "&amp;").replace('<', "&lt;"))),
        "text" => plain(format!("Bad request: {all}")),
        "raw" => plain(body.to_owned()),
        "base64" => plain(refusal(&[&password, &key].map(|secret| BASE64_STANDARD.encode(secret)).join(" "))),
        "location" => (http(status, &format!("Location: https://{visible}.example/{key}?{visible}\r\n"), ""), true),
        "reason" => (http(&format!("{status} not {visible}, nor {key}"), "", ""), true),
        "retry" => (http(status, &format!("Retry-After: {visible} {key}\r\n"), &refusal("later")), true),
        "garbage" => (format!("{all}\r\n\r\n").into(), false),
        "close" => (Vec::new(), false),
        "half-token" => (http("200", "", &format!("{{\"success\":true,\"data\":{{\"token\":\"{TOKEN}")), true),
        "ok" if route.starts_with("/v2/users/key-generate/") => {
            (http("200", "", &json!({"success": true, "data": "canary-api-key.ok"}).to_string()), true)
        }
        // A refresh brings the same again, with what it asks for.
        "ok" => {
            let token = Some(said("token")).filter(|token| !token.is_empty()).unwrap_or_else(|| TOKEN.to_owned());
            let data = json!({"token": token, "userId": 4821, "all": all});
            (http("200", "", &json!({"success": true, "data": data}).to_string()), true)
        }
        "two-tokens" => (http("200", "", &format!("{} {TOKEN}", good(TOKEN))), true),
        "token" => (http("200", "", &good(TOKEN)), true),
        "long-token" => (http("200", "", &good(&TOKEN.repeat(1000))), true),
        "padded-token" => (chunked(&format!("{}{}", " ".repeat(200_000), good(TOKEN))), true),
        _ => match wish.strip_prefix("grant-") {
            Some(later) => (http("200", "", &good(&format!("{TOKEN}.{later}"))), true),
            None => plain(refusal(&all)),
        },
    }
}

/// The part of a login before the `@`; of later requests what stands after the dot of their token or key, `ok` if nothing.
/// `refresh-` and `call-` before it leave the other kind of request well.
fn wish(route: &str, login: &str, credential: &str) -> String {
    if !login.is_empty() {
        return login.split('@').next().unwrap_or_default().to_owned();
    }
    let wish = credential.split_once('.').map_or("ok", |(_, wish)| wish);
    let refreshes = route == "/v2/auth/refresh";
    let only = [("refresh-", true), ("call-", false)].map(|(prefix, about)| (wish.strip_prefix(prefix), about));
    match only.into_iter().find_map(|(wish, about)| Some((wish?, about))) {
        Some((wish, about)) if about == refreshes => wish.to_owned(),
        Some(_) => "ok".to_owned(),
        None => wish.to_owned(),
    }
}

fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || byte == b'-' { char::from(byte).into() } else { format!("%{byte:02X}") }
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} .\r\n{headers}Content-Length: {length}\r\n\r\n{body}").into()
}

fn chunked(body: &str) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in body.as_bytes().chunks(1000) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    bytes
}
