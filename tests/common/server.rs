//! A TCP server that does what a script says with each connection, and counts what it was sent.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
#[cfg(unix)]
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ecgrid_sandbox::{Authority, Validity};
use rustls::ServerConfig;

use super::Config;
use super::wire::Wire;

/// With a port that is free.
pub const LOOPBACK: &str = "127.0.0.1:0";

/// What each connection of a TLS server shows, by its number.
type Certificates = Box<dyn Fn(usize) -> Arc<ServerConfig> + Send + Sync>;

/// A server whose every connection is handled by a closure on a thread of its own.
pub struct Server {
    address: SocketAddr,
    /// For a TLS server.
    ca_file: Option<tempfile::NamedTempFile>,
    state: Arc<State>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    stopped: AtomicBool,
    connections: AtomicUsize,
    requests: Mutex<Vec<String>>,
    arrived: Condvar,
    open: Mutex<HashMap<usize, TcpStream>>,
}

/// One accepted connection.
pub struct Connection {
    pub stream: TcpStream,
    reader: BufReader<Wire>,
    state: Arc<State>,
    /// Counted from 1.
    pub number: usize,
}

impl Server {
    pub fn start(serve: impl Fn(&mut Connection) + Send + Sync + 'static) -> Self {
        Self::start_on(LOOPBACK, serve)
    }

    pub fn start_on(address: &str, serve: impl Fn(&mut Connection) + Send + Sync + 'static) -> Self {
        Self::listen(address, None, serve)
    }

    /// A TLS server with a certificate for loopback, from an authority that `config` trusts.
    pub fn start_tls(address: &str, serve: impl Fn(&mut Connection) + Send + Sync + 'static) -> Self {
        let authority = Authority::new().unwrap();
        let issued = authority.issue(&["localhost", "127.0.0.1", "::1"], Validity::Now).unwrap();
        let config = Arc::new(issued.server_config(&[&rustls::version::TLS12, &rustls::version::TLS13]).unwrap());
        Self::start_as(&authority, address, move |_| config.clone(), serve)
    }

    /// A TLS server that chooses what to show for each connection; `config` trusts the authority.
    pub fn start_as(
        authority: &Authority,
        address: &str,
        show: impl Fn(usize) -> Arc<ServerConfig> + Send + Sync + 'static,
        serve: impl Fn(&mut Connection) + Send + Sync + 'static,
    ) -> Self {
        let ca_file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(ca_file.path(), authority.pem()).unwrap();
        let mut server = Self::listen(address, Some(Box::new(show)), serve);
        server.ca_file = Some(ca_file);
        server
    }

    /// The same script over HTTP and over HTTPS, for what must hold on both.
    pub fn both(serve: impl Fn(&mut Connection) + Send + Sync + 'static) -> [Self; 2] {
        let serve = Arc::new(serve);
        let again = serve.clone();
        [
            Self::start(move |connection| serve(connection)),
            Self::start_tls(LOOPBACK, move |connection| again(connection)),
        ]
    }

    fn listen(
        address: &str,
        tls: Option<Certificates>,
        serve: impl Fn(&mut Connection) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State::default());
        let ours = state.clone();
        let serve = Arc::new(serve);
        let accepting = thread::spawn(move || {
            let mut workers: Vec<JoinHandle<()>> = Vec::new();
            let join = |worker: JoinHandle<()>| worker.join().expect("a server script does not panic");
            while let Ok((stream, _)) = listener.accept() {
                if ours.stopped.load(Ordering::SeqCst) {
                    break;
                }
                let number = ours.connections.fetch_add(1, Ordering::SeqCst) + 1;
                ours.open.lock().unwrap().insert(number, stream.try_clone().expect("a handle"));
                ours.arrived.notify_all();
                let (serve, state) = (serve.clone(), ours.clone());
                let tls = tls.as_ref().map(|show| show(number));
                // Those that are done hold a stack each until they are joined.
                let (done, busy) = workers.into_iter().partition(|worker| worker.is_finished());
                workers = busy;
                Vec::into_iter(done).for_each(join);
                workers.push(thread::spawn(move || {
                    if let Some(wire) = Wire::open(stream.try_clone().expect("a handle"), tls) {
                        let reader = BufReader::new(wire);
                        let connection = &mut Connection { stream, reader, state: state.clone(), number };
                        serve(connection);
                        let _ = connection.stream.shutdown(Shutdown::Both);
                    }
                    state.open.lock().unwrap().remove(&number);
                }));
            }
            workers.into_iter().for_each(join);
        });
        Self { address, ca_file: None, state, accepting: Some(accepting) }
    }

    /// Answers every request of every connection with these bytes.
    pub fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |connection| while connection.read_request().is_some() && connection.send(&answer) {})
    }

    /// The same, over HTTP and HTTPS.
    pub fn both_answering(answer: impl Into<Vec<u8>>) -> [Self; 2] {
        let answer = answer.into();
        Self::both(move |connection| while connection.read_request().is_some() && connection.send(&answer) {})
    }

    pub fn url(&self) -> String {
        let scheme = if self.ca_file.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// For a client that trusts it.
    pub fn config(&self) -> Config {
        let config = Config::new(&self.url());
        match &self.ca_file {
            Some(file) => config.ca_file(file.path().to_str().expect("UTF-8")),
            None => config,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Every request read so far, as text.
    pub fn requests(&self) -> Vec<String> {
        self.state.requests.lock().unwrap().clone()
    }

    /// Waits until that many requests were read.
    pub fn wait_for_requests(&self, count: usize) {
        self.wait_until(|requests| requests >= count);
    }

    /// Waits until that many connections were accepted.
    pub fn wait_for_connections(&self, count: usize) {
        self.wait_until(|_| self.connections() >= count);
    }

    fn wait_until(&self, enough: impl Fn(usize) -> bool) {
        let requests = self.state.requests.lock().unwrap();
        let waiting = |requests: &mut Vec<String>| !enough(requests.len());
        let (_requests, timeout) =
            self.state.arrived.wait_timeout_while(requests, Duration::from_secs(10), waiting).unwrap();
        assert!(!timeout.timed_out(), "it did not come");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        drop(self.state.requests.lock());
        self.state.arrived.notify_all();
        for stream in self.state.open.lock().unwrap().values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let result = accepting.join();
            if !thread::panicking() {
                result.expect("the server does not panic");
            }
        }
    }
}

impl Connection {
    /// Reads one request, head and body. None when the client has closed.
    pub fn read_request(&mut self) -> Option<String> {
        let (head, length) = self.read_head()?;
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).ok()?;
        let request = head + &String::from_utf8(body).expect("UTF-8");
        self.state.requests.lock().unwrap().push(request.clone());
        self.state.arrived.notify_all();
        Some(request)
    }

    /// Reads one request and keeps nothing of it. False when the client has closed before its end.
    pub fn pass_request(&mut self) -> bool {
        let Some((_, length)) = self.read_head() else { return false };
        let passed = io::copy(&mut (&mut self.reader).take(length as u64), &mut io::sink());
        passed.is_ok_and(|passed| passed == length as u64)
    }

    /// The head of a request, and how long its body is.
    fn read_head(&mut self) -> Option<(String, usize)> {
        let mut head = String::new();
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            head.push_str(&line);
            if line == "\r\n" {
                break;
            }
        }
        let length = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length:").map(|n| n.trim().parse().unwrap())
            })
            .unwrap_or(0);
        Some((head, length))
    }

    /// False when the client is gone.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.reader.get_mut().write_all(bytes).is_ok()
    }

    /// Says that nothing more will come. What the client sends can still be read.
    pub fn finish(&mut self) {
        self.reader.get_mut().finish();
    }

    /// Waits until all that was sent has arrived at the client's machine.
    #[cfg(unix)]
    pub fn wait_until_received(&self) {
        let mut left: libc::c_int = 1;
        while left > 0 {
            thread::yield_now();
            // SAFETY: TIOCOUTQ writes one int: the bytes not acknowledged yet.
            assert_eq!(unsafe { libc::ioctl(self.stream.as_raw_fd(), libc::TIOCOUTQ, &mut left) }, 0);
        }
    }

    /// Keeps the connection open, reading nothing, until the test ends.
    pub fn ignore(&self) {
        let requests = self.state.requests.lock().unwrap();
        let ended = self.state.arrived.wait_while(requests, |_| !self.state.stopped.load(Ordering::SeqCst));
        drop(ended);
    }

    /// Blocks until the client closes, or the test ends.
    pub fn wait_for_end(&mut self) {
        let _ = self.reader.read_to_end(&mut Vec::new());
    }
}

/// A proxy that opens every tunnel.
pub fn open_proxy() -> Server {
    Server::start(serve_tunnel)
}

/// A proxy whose every tunnel ends there, whatever it is asked for: it alone knows where the name is.
pub fn proxy_to(target: SocketAddr) -> Server {
    Server::start(move |connection| {
        if connection.read_request().is_some() {
            tunnel(connection, &target.to_string());
        }
    })
}

/// One connection of such a proxy.
pub fn serve_tunnel(connection: &mut Connection) {
    let Some(request) = connection.read_request() else { return };
    let target = request.split(' ').nth(1).expect("CONNECT host:port").to_owned();
    tunnel(connection, &target);
}

fn tunnel(connection: &mut Connection, target: &str) {
    let upstream = TcpStream::connect(target).expect("the sandbox");
    connection.send(b"HTTP/1.1 200 Connection established\r\nProxy-Agent: test\r\n\r\n");
    let (mut down, mut up) = (connection.stream.try_clone().unwrap(), upstream.try_clone().unwrap());
    let (mut from_client, mut from_server) = (connection.stream.try_clone().unwrap(), upstream);
    let back = thread::spawn(move || {
        let _ = io::copy(&mut from_server, &mut down);
        let _ = down.shutdown(Shutdown::Both);
    });
    let _ = io::copy(&mut from_client, &mut up);
    let _ = up.shutdown(Shutdown::Both);
    back.join().unwrap();
}

/// An HTTP answer with a body of JSON.
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

/// The answer of a login that works.
pub fn login_answer() -> String {
    answer("200 OK", "", r#"{"success":true,"data":{"token":"a.b.c","userId":4821},"errorCode":"","message":""}"#)
}
