//! Making a connection: every address of a name, IPv6 first, the next one 250 ms after the last (RFC 8305).

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Socket, TcpKeepalive, Type};
use ureq::unversioned::transport::{ConnectionDetails, Connector};

use super::call::Call;
use super::failure::{Failure, Fault};
use super::proxy::{Proxy, open_tunnel};
use super::resolve::{forget, resolve};
use super::socket::reason;
use super::stream::Stream;
use super::tls::TlsSettings;
use crate::platform::{self, Interest};

/// RFC 8305, section 5: "Connection Attempt Delay".
const STAGGER: Duration = Duration::from_millis(250);

/// Connections tried at the same time; one interest of a wait is the cancel's.
const MAX_ATTEMPTS: usize = platform::MAX_INTERESTS - 1;

/// Makes the connections of one client.
pub struct Network {
    proxy: Option<Proxy>,
    tls: TlsSettings,
}

impl Network {
    pub fn new(proxy: Option<Proxy>, tls: TlsSettings) -> Arc<Self> {
        Arc::new(Self { proxy, tls })
    }

    fn open(&self, host: &str, port: u16, secure: bool, call: &Call) -> Result<Stream, Failure> {
        call.begin_connect();
        let socket = match &self.proxy {
            None => self.reach(host, port, call)?,
            Some(proxy) => {
                let socket = self.reach(&proxy.host, proxy.port, call).map_err(|failure| match failure.fault {
                    Fault::Unreachable => {
                        let detail = format!("the proxy cannot be reached: {}", failure.detail);
                        Failure::new(Fault::Proxy { retry: true }, detail)
                    }
                    _ => failure,
                })?;
                open_tunnel(&socket, proxy, &authority(host, port), call)?;
                socket
            }
        };
        let tls = if secure { Some(self.tls.handshake(&socket, host, call)?) } else { None };
        call.connected();
        Stream::new(socket, tls)
            .map_err(|error| Failure::new(Fault::Lost, format!("the connection was lost at once: {}", reason(&error))))
    }

    fn reach(&self, host: &str, port: u16, call: &Call) -> Result<TcpStream, Failure> {
        let addresses = resolve(host, port, call)?;
        call.enter("while connecting");
        let result = race(&interleave(addresses), call);
        if result.is_err() {
            forget(host);
        }
        result.map_err(|mut failure| {
            if failure.fault == Fault::Unreachable {
                failure.detail = format!("{} does not accept a connection: {}", authority(host, port), failure.detail);
            }
            failure
        })
    }
}

fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// IPv6 and IPv4 in turn (RFC 8305, section 4), in the resolver's order otherwise.
fn interleave(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let (mut v6, mut v4): (VecDeque<_>, VecDeque<_>) = addresses.into_iter().partition(SocketAddr::is_ipv6);
    let mut result = Vec::with_capacity(v6.len() + v4.len());
    while !v6.is_empty() || !v4.is_empty() {
        result.extend(v6.pop_front());
        result.extend(v4.pop_front());
    }
    result
}

/// The first of the addresses to connect wins; the others are dropped.
fn race(addresses: &[SocketAddr], call: &Call) -> Result<TcpStream, Failure> {
    let mut waiting = addresses.iter();
    let mut attempts: Vec<(SocketAddr, Socket)> = Vec::new();
    let mut refusals: Vec<String> = Vec::new();
    let mut start_next = true;
    loop {
        call.check()?;
        if start_next && attempts.len() < MAX_ATTEMPTS {
            if let Some(&address) = waiting.next() {
                match begin(address) {
                    Ok(socket) => attempts.push((address, socket)),
                    Err(error) => {
                        refusals.push(format!("{} ({})", reason(&error), address.ip()));
                        continue;
                    }
                }
            }
        }
        if attempts.is_empty() {
            return Err(Failure::new(Fault::Unreachable, refusals.join(", ")));
        }
        let stagger = (waiting.len() > 0 && attempts.len() < MAX_ATTEMPTS).then(|| Instant::now() + STAGGER);
        let mut interests: Vec<Interest> =
            attempts.iter().map(|(_, socket)| Interest::write(platform::handle_of(socket))).collect();
        start_next = !call.wait_until(&mut interests, stagger)?;
        for index in (0..attempts.len()).rev().filter(|&index| interests[index].ready) {
            let (address, socket) = attempts.swap_remove(index);
            match socket.take_error() {
                Ok(None) => return finish(socket),
                Ok(Some(error)) | Err(error) => {
                    refusals.push(format!("{} ({})", reason(&error), address.ip()));
                    start_next = true;
                }
            }
        }
    }
}

fn begin(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    match socket.connect(&address.into()) {
        Ok(()) => Ok(socket),
        #[cfg(unix)]
        Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => Ok(socket),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(socket),
        Err(error) => Err(error),
    }
}

fn finish(socket: Socket) -> Result<TcpStream, Failure> {
    let keepalive = TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(15));
    socket
        .set_tcp_nodelay(true)
        .and_then(|()| socket.set_tcp_keepalive(&keepalive))
        .map_err(|error| Failure::new(Fault::Lost, format!("the connection was lost at once: {}", reason(&error))))?;
    Ok(socket.into())
}

/// What ureq calls when it has no kept connection.
pub struct Connect(pub Arc<Network>);

impl Connector for Connect {
    type Out = Stream;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Stream>, ureq::Error> {
        let uri = details.uri;
        let secure = details.needs_tls();
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        Call::with(|call| self.0.open(host, port, secure, call))
            .unwrap_or_else(|| Err(Failure::new(Fault::Internal, "a connection was made outside a call")))
            .map(Some)
            .map_err(Failure::into_ureq)
    }
}

impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connect")
    }
}
