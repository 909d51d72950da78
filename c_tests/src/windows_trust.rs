//! Servers for a test of trust on Windows: certificates that name addresses, and who listens there.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::{fs, thread};

use ecgrid_sandbox::{Addresses, Authority, Sandbox, TlsVersions, Validity};

use crate::report::Report;
use crate::servers;
use crate::tunnel::{self, Manner};

const HERE: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// All the servers of one run.
pub struct Servers {
    pub variables: Vec<(String, OsString)>,
    sandboxes: Vec<Sandbox>,
    addresses: Vec<(&'static str, Address)>,
}

/// What somebody listens at whom a certificate names.
struct Address {
    url: String,
    asked: Arc<Asked>,
}

#[derive(Default)]
struct Asked {
    times: Mutex<u32>,
    more: Condvar,
}

impl Servers {
    /// Their authorities' files go into `folder`.
    pub fn start(folder: &Path) -> Result<Self, String> {
        let mut servers = Self { variables: Vec::new(), sandboxes: Vec::new(), addresses: Vec::new() };
        servers.add("SANDBOX", servers::sandbox()?);
        servers.add("TLS12", started(Sandbox::builder().tls_versions(TlsVersions::Only12))?);
        for (name, sandbox) in servers::untrustworthy()? {
            servers.add(name, sandbox);
        }
        let failed = |error: io::Error| error.to_string();
        let root = Authority::new().map_err(failed)?;
        let file = folder.join("root.pem");
        fs::write(&file, root.pem()).map_err(failed)?;
        servers.set("ROOT_CA", file.into_os_string());

        // Signed by somebody whom the server does not send along: that certificate is to be had at an address.
        let missing = |servers: &mut Self, name, address: Address, between: &Authority| {
            let addresses = Addresses { issuer: Some(&address.url), revoked: None };
            let issued = between.issue_with(&HERE, Validity::Now, addresses).map_err(failed)?;
            servers.add(name, started(Sandbox::builder().issued_certificate(issued))?);
            servers.addresses.push((name, address));
            Ok::<_, String>(())
        };
        let between = root.intermediate().map_err(failed)?;
        let address = listen(Some(between.certificate().to_vec())).map_err(failed)?;
        missing(&mut servers, "FETCHED", address, &between)?;
        for name in ["HANGING", "CANCELLED", "PROXIED"] {
            // One of its own, or Windows may remember it.
            missing(&mut servers, name, listen(None).map_err(failed)?, &root.intermediate().map_err(failed)?)?;
        }

        let address = listen(None).map_err(failed)?;
        let addresses = Addresses { issuer: None, revoked: Some(&address.url) };
        let issued = root.issue_with(&HERE, Validity::Now, addresses).map_err(failed)?;
        servers.add("REVOCABLE", started(Sandbox::builder().issued_certificate(issued))?);
        servers.addresses.push(("REVOCABLE", address));

        let asked = servers.address("CANCELLED").asked.clone();
        servers.set("WATCH_PORT", tell(asked).map_err(failed)?.to_string().into());
        servers.set("PROXY", format!("http://{}", tunnel::start(Manner::Open)?).into());
        Ok(servers)
    }

    /// Whether the addresses were asked, or were not, after the program has run.
    pub fn judge(&self, report: &mut Report) {
        for (name, wanted) in [("FETCHED", true), ("HANGING", true), ("PROXIED", false), ("REVOCABLE", false)] {
            let times = *lock(&self.address(name).asked.times);
            report.check((times > 0) == wanted, format!("the address of {name} was asked {times} times"));
        }
    }

    fn address(&self, name: &str) -> &Address {
        self.addresses.iter().find(|(known, _)| *known == name).map(|(_, address)| address).expect("made above")
    }

    fn set(&mut self, name: &str, value: OsString) {
        self.variables.push((name.into(), value));
    }

    fn add(&mut self, name: &str, sandbox: Sandbox) {
        self.set(name, sandbox.https_url().into());
        self.set(&format!("{name}_CA"), sandbox.ca_file().into());
        self.sandboxes.push(sandbox);
    }
}

fn started(builder: ecgrid_sandbox::Builder) -> Result<Sandbox, String> {
    builder.start().map_err(|error| format!("no sandbox: {error}"))
}

/// Answers each request with these bytes; without any, never.
fn listen(content: Option<Vec<u8>>) -> io::Result<Address> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let url = format!("http://{}/it", listener.local_addr()?);
    let asked = Arc::<Asked>::default();
    let ours = asked.clone();
    thread::spawn(move || {
        let mut open = Vec::new();
        for socket in listener.incoming().flatten() {
            *lock(&ours.times) += 1;
            ours.more.notify_all();
            match &content {
                Some(content) => drop(answer(socket, content)),
                None => open.push(socket),
            }
        }
    });
    Ok(Address { url, asked })
}

fn answer(mut socket: TcpStream, content: &[u8]) -> io::Result<()> {
    let mut byte = [0];
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        socket.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let length = content.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/pkix-cert\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    socket.write_all(head.as_bytes())?;
    socket.write_all(content)
}

/// A port where whoever connects gets a byte when somebody has been asked.
fn tell(asked: Arc<Asked>) -> io::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let times = asked.more.wait_while(lock(&asked.times), |times| *times == 0);
            drop(times);
            let _ = socket.write_all(b"!");
        }
    });
    Ok(port)
}

fn lock(times: &Mutex<u32>) -> std::sync::MutexGuard<'_, u32> {
    times.lock().unwrap_or_else(PoisonError::into_inner)
}
