//! `openssl s_server`, for what rustls does not do as a server.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ecgrid_sandbox::{Authority, Validity};

use super::Config;

pub struct OpensslServer {
    child: Child,
    input: ChildStdin,
    output: Receiver<Vec<u8>>,
    reading: Option<JoinHandle<()>>,
    said: String,
    port: u16,
    folder: tempfile::TempDir,
}

impl OpensslServer {
    pub fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let authority = Authority::new().unwrap();
        let issued = authority.issue(&["localhost"], Validity::Now).unwrap();
        file("ca.pem", authority.pem());
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0"])
            .args(arguments)
            .arg("-key")
            .arg(file("key.pem", &issued.key_pem))
            .arg("-cert")
            .arg(file("certificate.pem", &issued.chain_pem))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the openssl program (Debian package openssl)");
        let (sender, output) = channel();
        let mut from = child.stdout.take().unwrap();
        let reading = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                let _ = sender.send(buffer[..count].to_vec());
            }
        });
        let input = child.stdin.take().unwrap();
        let mut server = Self { child, input, output, reading: Some(reading), said: String::new(), port: 0, folder };
        server.wait_for("ACCEPT 127.0.0.1:");
        server.port = server.wait_for("\n").trim().parse().unwrap();
        server
    }

    /// For a client that trusts it.
    pub fn config(&self) -> Config {
        Config::new(&format!("https://localhost:{}", self.port))
            .ca_file(self.folder.path().join("ca.pem").to_str().unwrap())
    }

    /// Waits until it has said this, and takes everything up to there.
    pub fn wait_for(&mut self, text: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(start) = self.said.find(text) {
                let rest = self.said.split_off(start + text.len());
                return std::mem::replace(&mut self.said, rest);
            }
            let bytes = self.output.recv_timeout(deadline.saturating_duration_since(Instant::now()));
            let bytes = bytes.unwrap_or_else(|_| panic!("openssl did not say {text:?} but {:?}", self.said));
            self.said.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// Waits until bytes lie unread at a client of this machine.
    pub fn wait_until_received(&self) {
        let begun = Instant::now();
        let server = format!(":{:04X}", self.port);
        // Local and remote address, state, and the lengths of both queues.
        let unread = |line: &str| {
            let mut fields = line.split_whitespace().skip(2);
            let from_server = fields.next().is_some_and(|remote| remote.ends_with(&server));
            from_server && fields.nth(1).is_some_and(|queues| !queues.ends_with(":00000000"))
        };
        while !std::fs::read_to_string("/proc/net/tcp").expect("Linux").lines().any(unread) {
            assert!(begun.elapsed() < Duration::from_secs(10), "nothing has come");
            thread::yield_now();
        }
    }

    /// A key command, or text to be sent to the client.
    pub fn enter(&mut self, text: &str) {
        self.input.write_all(text.as_bytes()).expect("openssl reads");
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.reading.take().map(JoinHandle::join);
    }
}
