//! A sandbox server that runs as long as this value lives.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::command::{Outcome, not_started, shown};

const READY_WITHIN: Duration = Duration::from_secs(20);
const STOPPED_WITHIN: Duration = Duration::from_secs(5);
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

pub struct Sandbox {
    child: Child,
    /// The sandbox stops when this closes, so also when we are killed.
    stdin: Option<ChildStdin>,
    pub ready: Ready,
}

/// What it says of itself once it listens.
#[derive(Debug, PartialEq, Eq)]
pub struct Ready {
    pub http: String,
    pub https: String,
    pub ca_file: String,
    pub login: String,
    pub password: String,
}

/// What it has counted.
#[derive(Debug, PartialEq, Eq)]
pub struct Counters {
    pub logins: u64,
    pub refreshes: u64,
    pub refused_refreshes: u64,
    pub confirmations: u64,
    pub uploads: u64,
}

impl Sandbox {
    pub fn start(program: &Path, root: &Path, options: &[&str]) -> Outcome<Self> {
        let mut command = Command::new(program);
        command.arg("--json").args(options).current_dir(root);
        println!("$ {}", shown(&command));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let spawned = command.spawn();
        let mut child = spawned.map_err(|error| not_started(&command, &error))?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        // From here on every way out stops it.
        let mut sandbox = Self { child, stdin, ready: Ready::default() };
        let (sender, receiver) = mpsc::channel();
        let lines = BufReader::new(stdout.expect("stdout is piped")).lines();
        // Reads on to the end, so that the sandbox never blocks on a full pipe.
        std::thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| {
                let _ = sender.send(line);
            })
        });
        let line = receiver.recv_timeout(READY_WITHIN).map_err(|error| match error {
            mpsc::RecvTimeoutError::Timeout => {
                format!("the sandbox did not get ready within {} s", READY_WITHIN.as_secs())
            }
            mpsc::RecvTimeoutError::Disconnected => {
                "the sandbox ended before it was ready: see its message above".to_owned()
            }
        })?;
        sandbox.ready = Ready::parse(&line)?;
        Ok(sandbox)
    }

    pub fn counters(&self) -> Outcome<Counters> {
        let answer = get(&self.ready.http, "/sandbox/counters");
        Counters::parse(&answer.map_err(|error| format!("cannot ask the sandbox for its counters: {error}"))?)
    }
}

/// The whole answer. It is not worth a client: the sandbox is on this machine, and closes the connection when asked to.
fn get(url: &str, path: &str) -> std::io::Result<String> {
    let place = url.trim_start_matches("http://");
    let mut connection = TcpStream::connect(place)?;
    connection.set_read_timeout(Some(ANSWERED_WITHIN))?;
    connection.write_all(format!("GET {path} HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let deadline = Instant::now() + STOPPED_WITHIN;
        while Instant::now() < deadline {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(20)),
                Ok(Some(_)) | Err(_) => return,
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Default for Ready {
    fn default() -> Self {
        let empty = String::new;
        Self { http: empty(), https: empty(), ca_file: empty(), login: empty(), password: empty() }
    }
}

impl Ready {
    fn parse(line: &str) -> Outcome<Self> {
        let json: Value =
            serde_json::from_str(line).map_err(|_| format!("the sandbox's first line is not JSON: {line}"))?;
        let text = |pointer: &str| {
            let value = json.pointer(pointer).and_then(Value::as_str);
            let found = value.filter(|value| !value.is_empty()).map(str::to_owned);
            found.ok_or_else(|| format!("the sandbox's first line has no {pointer}: {line}"))
        };
        Ok(Self {
            http: text("/http")?,
            https: text("/https")?,
            ca_file: text("/ca_file")?,
            login: text("/users/0/login")?,
            password: text("/users/0/password")?,
        })
    }
}

impl Counters {
    fn parse(answer: &str) -> Outcome<Self> {
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let json: Value =
            serde_json::from_str(body).map_err(|_| format!("the sandbox's counters are not JSON: {answer}"))?;
        let number = |name: &str| {
            let found = json["data"][name].as_u64();
            found.ok_or_else(|| format!("the sandbox's counters have no {name}: {body}"))
        };
        Ok(Self {
            logins: number("logins")?,
            refreshes: number("refreshes")?,
            refused_refreshes: number("refusedRefreshes")?,
            confirmations: number("confirmations")?,
            uploads: number("uploads")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"http":"http://127.0.0.1:1234","https":"https://localhost:1235",
        "ca_file":"/tmp/x/ca.pem","users":[{"login":"a@example.com","password":"p$\"w",
        "userId":4821,"apiKey":"k"}],"more":null}"#;

    #[test]
    fn the_ready_line() {
        let ready = Ready::parse(LINE).unwrap();
        assert_eq!(ready.http, "http://127.0.0.1:1234");
        assert_eq!(ready.https, "https://localhost:1235");
        assert_eq!(ready.ca_file, "/tmp/x/ca.pem");
        assert_eq!(ready.login, "a@example.com");
        assert_eq!(ready.password, "p$\"w");
    }

    #[test]
    fn what_a_bad_ready_line_lacks_is_named() {
        let error = Ready::parse(&LINE.replace("ca_file", "other")).unwrap_err();
        assert!(error.contains("no /ca_file"), "{error}");
        let error = Ready::parse("listening on 1234").unwrap_err();
        assert!(error.contains("not JSON: listening"), "{error}");
    }

    #[test]
    fn counters_are_read_by_name() {
        let answer = "HTTP/1.1 200 OK\r\nDate: now\r\n\r\n{\"success\":true,\"data\":{\"logins\":1,\"refreshes\":2,\
            \"refusedRefreshes\":3,\"confirmations\":4,\"uploads\":5}}";
        let counters = Counters::parse(answer).unwrap();
        let expected = Counters { logins: 1, refreshes: 2, refused_refreshes: 3, confirmations: 4, uploads: 5 };
        assert_eq!(counters, expected);
        let error = Counters::parse(&answer.replace("logins", "other")).unwrap_err();
        assert!(error.contains("no logins"), "{error}");
        assert!(Counters::parse("HTTP/1.1 500 Oops\r\n\r\n").unwrap_err().contains("not JSON"));
    }

    #[test]
    fn a_program_that_says_nothing_useful_is_stopped() {
        let error = Sandbox::start(Path::new("true"), Path::new("/"), &[]).err().unwrap();
        assert!(error.contains("ended before it was ready"), "{error}");
        let error = Sandbox::start(Path::new("echo"), Path::new("/"), &[]).err().unwrap();
        assert!(error.contains("not JSON: --json"), "{error}");
    }
}
