//! Making a connection: every address of a name, IPv6 first, the next one 250 ms after the last (RFC 8305).

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, TcpKeepalive, Type};

use super::call::{Call, OWN_INTERESTS, milliseconds};
use super::failure::{Failure, Fault};
use super::farewell::Farewell;
use super::proxy::{Proxy, open_tunnel};
use super::resolve::{forget, resolve};
use super::socket::Socket;
use super::stream::Stream;
use super::tls::{TlsLayer, TlsSettings};
use crate::log::{self, Level, Log};
use crate::platform::{self, Interest, reason};

/// RFC 8305, section 5: "Connection Attempt Delay".
const STAGGER: Duration = Duration::from_millis(250);

/// Connections tried at the same time; one interest of a wait is the cancel's.
const MAX_ATTEMPTS: usize = platform::MAX_INTERESTS - OWN_INTERESTS;

/// Where a client's connections go, and how.
pub struct Network {
    pub host: String,
    pub port: u16,
    pub proxy: Option<Proxy>,
    pub tls: Option<TlsSettings>,
    /// Who is told when a connection is closed; all else its call tells.
    pub log: Log,
}

impl Network {
    pub fn open(&self, call: &Call) -> Result<Stream, Failure> {
        let Self { host, port, proxy, tls, log } = self;
        call.begin_connect();
        let mut socket = match proxy {
            None => connect(host, *port, call)?,
            Some(proxy) => {
                let mut socket = connect(&proxy.host, proxy.port, call).map_err(|failure| match failure.fault {
                    Fault::Unreachable => {
                        let detail = format!("{} cannot be reached: {}", proxy.name, failure.detail);
                        Failure::new(Fault::Proxy { retry: true }, detail)
                    }
                    _ => failure,
                })?;
                let (begun, target) = (Instant::now(), authority(host, *port));
                let result = open_tunnel(&mut socket, proxy, &target, call);
                call.log().tell(Level::Debug, |number| {
                    let (proxy, error) = (authority(&proxy.host, proxy.port), error_of(&result));
                    log::Proxy { call: number, proxy: &proxy, target: &target, ms: since(begun), error }.line()
                });
                result?;
                socket
            }
        };
        let tls = tls.as_ref().map(|tls| secure(tls, &mut socket, host, call)).transpose()?;
        call.connected();
        let farewell = log.is_on(Level::Debug).then(|| Farewell::new(log.clone(), host, *port));
        Ok(Stream::new(socket, tls, farewell))
    }
}

fn connect(host: &str, port: u16, call: &Call) -> Result<Socket, Failure> {
    let begun = Instant::now();
    let result = reach(host, port, call);
    call.log().tell(Level::Debug, |number| {
        let address = result.as_ref().ok().and_then(|socket| socket.peer_addr().ok());
        let address = address.map(|address| address.ip().to_string());
        let (port, address, error) = (port.into(), address.as_deref(), error_of(&result));
        log::Connect { call: number, host, port, address, ms: since(begun), error }.line()
    });
    result
}

fn secure(tls: &TlsSettings, socket: &mut Socket, host: &str, call: &Call) -> Result<TlsLayer, Failure> {
    let begun = Instant::now();
    let result = tls.handshake(socket, host, call);
    call.log().tell(Level::Debug, |number| {
        let layer = result.as_ref().ok();
        let (version, cipher) = (layer.and_then(TlsLayer::version), layer.and_then(TlsLayer::cipher));
        let (resumed, error) = (layer.map(TlsLayer::is_resumed), error_of(&result));
        log::Tls { call: number, host, version, cipher, resumed, ms: since(begun), error }.line()
    });
    result
}

fn error_of<T>(result: &Result<T, Failure>) -> Option<&str> {
    result.as_ref().err().map(|failure| &*failure.detail)
}

fn since(begun: Instant) -> u64 {
    milliseconds(begun.elapsed())
}

fn reach(host: &str, port: u16, call: &Call) -> Result<Socket, Failure> {
    let addresses = resolve(host, port, call)?;
    call.enter("while connecting");
    let result = race(&interleave(addresses), call);
    if result.is_err() {
        forget(host);
    }
    result.map_err(|mut failure| {
        let what = match failure.fault {
            Fault::Unreachable => "does not accept a connection",
            Fault::System => "cannot be connected to",
            _ => return failure,
        };
        failure.detail = format!("{} {what}: {}", authority(host, port), failure.detail);
        failure
    })
}

/// Host and port as they are written.
pub fn authority(host: &str, port: u16) -> String {
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
fn race(addresses: &[SocketAddr], call: &Call) -> Result<Socket, Failure> {
    let mut waiting = addresses.iter();
    let mut attempts: Vec<(SocketAddr, socket2::Socket)> = Vec::new();
    let mut refusals: Vec<String> = Vec::new();
    let mut start_next = true;
    loop {
        call.check()?;
        if start_next && attempts.len() < MAX_ATTEMPTS {
            if let Some(&address) = waiting.next() {
                match begin(address) {
                    Ok(socket) => attempts.push((address, socket)),
                    // Not the address's fault, and no other address would help.
                    Err(error) if attempts.is_empty() && platform::out_of_files(&error).is_some() => {
                        return Err(Failure::new(Fault::System, reason(&error)));
                    }
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
                Ok(None) => return finish(socket).map_err(|error| lost_at_once(&error)),
                Ok(Some(error)) | Err(error) => {
                    refusals.push(format!("{} ({})", reason(&error), address.ip()));
                    start_next = true;
                }
            }
        }
    }
}

fn begin(address: SocketAddr) -> io::Result<socket2::Socket> {
    let socket = socket2::Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    let socket = platform::off_standard_streams(socket)?;
    socket.set_nonblocking(true)?;
    match socket.connect(&address.into()) {
        Ok(()) => Ok(socket),
        #[cfg(unix)]
        Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => Ok(socket),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(socket),
        Err(error) => Err(error),
    }
}

/// Makes it quick, and lively; where a sandbox refuses one of that, the connection is as good as any other.
fn finish(socket: socket2::Socket) -> io::Result<Socket> {
    let keepalive = TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(15));
    let _ = socket.set_tcp_nodelay(true);
    let _ = socket.set_tcp_keepalive(&keepalive);
    Socket::new(socket.into())
}

fn lost_at_once(error: &io::Error) -> Failure {
    Failure::new(Fault::Lost, format!("the connection was lost at once: {}", reason(error)))
}
