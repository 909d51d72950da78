//! A TCP server that does what a script says with each connection, and counts what it was sent.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A server whose every connection is handled by a closure on a thread of its own.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    stopped: AtomicBool,
    connections: AtomicUsize,
    requests: Mutex<Vec<String>>,
    arrived: Condvar,
    open: Mutex<Vec<TcpStream>>,
}

/// One accepted connection.
pub struct Connection {
    pub stream: TcpStream,
    reader: BufReader<TcpStream>,
    state: Arc<State>,
    /// Counted from 1.
    pub number: usize,
}

impl Server {
    pub fn start(serve: impl Fn(&mut Connection) + Send + Sync + 'static) -> Self {
        Self::start_on("127.0.0.1:0", serve)
    }

    pub fn start_on(address: &str, serve: impl Fn(&mut Connection) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State::default());
        let ours = state.clone();
        let serve = Arc::new(serve);
        let accepting = thread::spawn(move || {
            let mut workers = Vec::new();
            while let Ok((stream, _)) = listener.accept() {
                if ours.stopped.load(Ordering::SeqCst) {
                    break;
                }
                ours.open.lock().unwrap().push(stream.try_clone().expect("a handle"));
                let number = ours.connections.fetch_add(1, Ordering::SeqCst) + 1;
                ours.arrived.notify_all();
                let reader = BufReader::new(stream.try_clone().expect("a handle"));
                let mut connection = Connection { stream, reader, state: ours.clone(), number };
                let serve = serve.clone();
                workers.push(thread::spawn(move || {
                    serve(&mut connection);
                    let _ = connection.stream.shutdown(Shutdown::Both);
                }));
            }
            workers.into_iter().for_each(|worker| worker.join().expect("a server script does not panic"));
        });
        Self { address, state, accepting: Some(accepting) }
    }

    /// Answers every request of every connection with these bytes.
    pub fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |connection| while connection.read_request().is_some() && connection.send(&answer) {})
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
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
        for stream in self.state.open.lock().unwrap().iter() {
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
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).ok()?;
        let request = head + &String::from_utf8(body).expect("UTF-8");
        self.state.requests.lock().unwrap().push(request.clone());
        self.state.arrived.notify_all();
        Some(request)
    }

    /// False when the client is gone.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
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
    Server::start(|connection| {
        let Some(request) = connection.read_request() else { return };
        let target = request.split(' ').nth(1).expect("CONNECT host:port").to_owned();
        tunnel(connection, &target);
    })
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
