//! The program: what it says, and when it stops.
#![cfg(unix)]

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_ecgrid-sandbox"))
}

/// A program that has said that it is ready. Stopped at the latest when the test ends.
struct Running {
    child: Child,
    ready: Value,
}

impl Running {
    fn start(args: &[&str], stdin: impl Into<Stdio>) -> Self {
        let mut child =
            program().arg("--json").args(args).stdin(stdin).stdout(Stdio::piped()).spawn().expect("started");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let ready = serde_json::from_str(&line).expect("JSON");
        Self { child, ready }
    }

    fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().expect("a string")
    }

    fn ca_exists(&self) -> bool {
        Path::new(self.text("ca_file")).exists()
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("a signal");
    }

    /// Waits for its end, which has to be a clean one.
    fn ends_well(mut self) {
        let status = self.child.wait().expect("an end");
        assert_eq!(status.code(), Some(0));
        assert!(!self.ca_exists(), "temporary files are deleted");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Not killed: it has files to delete.
        if let Ok(None) = self.child.try_wait() {
            self.signal(Signal::TERM);
            let _ = self.child.wait();
        }
    }
}

fn run(args: &[&str]) -> Output {
    program().args(args).stdin(Stdio::null()).output().expect("run")
}

fn status_of(url: &str) -> String {
    get(url, "/v2/auth/version").lines().next().unwrap_or_default().to_owned()
}

fn get(url: &str, path: &str) -> String {
    use std::io::Write;
    let address = url.strip_prefix("http://").expect("a URL");
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    text
}

#[test]
fn says_where_it_is_in_one_line() {
    let running = Running::start(&["--user", "a@b.c:p:q:77"], Stdio::piped());
    assert!(running.text("http").starts_with("http://127.0.0.1:"));
    assert!(running.text("https").starts_with("https://localhost:"));
    let ca = std::fs::read_to_string(running.text("ca_file")).expect("the CA");
    assert!(ca.starts_with("-----BEGIN CERTIFICATE-----"));
    let users = running.ready["users"].as_array().expect("users");
    assert_eq!(users[0]["login"], "jsmith@example.com");
    assert_eq!(users[0]["password"], "Sup3r$ecret!");
    assert_eq!(users[0]["userId"], 4821);
    assert!(users.iter().all(|user| user["apiKey"].is_string()));
    assert_eq!((&users[2]["password"], &users[2]["userId"]), (&"p:q".into(), &77.into()));
    assert!(status_of(running.text("http")).contains("200"));
}

#[test]
fn stops_when_its_input_closes() {
    let mut running = Running::start(&[], Stdio::piped());
    drop(running.child.stdin.take());
    running.ends_well();

    let (ours, theirs) = UnixStream::pair().expect("sockets");
    let running = Running::start(&[], std::os::fd::OwnedFd::from(theirs));
    drop(ours);
    running.ends_well();
}

#[test]
fn stops_on_signals_and_not_on_dev_null() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let running = Running::start(&[], Stdio::null());
        assert!(status_of(running.text("http")).contains("200"));
        running.signal(signal);
        running.ends_well();
    }
}

#[test]
fn speaks_to_people_too() {
    let mut child = program().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("started");
    drop(child.stdin.take());
    let output = child.wait_with_output().expect("an end");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    for part in ["http://127.0.0.1:", "https://localhost:", "ca.pem", "Sup3r$ecret!", "API key"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn leaves_the_ca_where_it_was_told_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("root.pem");
    let name = file.to_str().expect("a name");
    let running = Running::start(&["--ca-out", name], Stdio::null());
    assert_eq!(running.text("ca_file"), name);
    running.signal(Signal::TERM);
    let mut child = running;
    assert!(child.child.wait().expect("an end").success());
    assert!(file.exists());
}

#[test]
fn takes_the_ports_it_is_given() {
    let first = Running::start(&["--http", "127.0.0.1:0", "--https", "127.0.0.1:0"], Stdio::piped());
    let address = first.text("http").trim_start_matches("http://").to_owned();
    let second = run(&["--http", &address]);
    assert_eq!(second.status.code(), Some(1));
    let complaint = String::from_utf8(second.stderr).expect("UTF-8");
    assert!(complaint.contains(&address), "{complaint}");
}

#[test]
fn takes_every_option() {
    for kind in ["valid", "expired", "not-yet-valid", "other-host", "other-authority", "self-signed"] {
        let args = ["--certificate", kind, "--tls", "1.2", "--token-lifetime", "60", "--deliver-every", "0.5"];
        let mut running = Running::start(&args, Stdio::piped());
        drop(running.child.stdin.take());
        running.ends_well();
    }
}

#[test]
fn switches_are_options() {
    let switches = ["--refresh-delay", "10", "--lose-answers", "5", "--lose-refreshes", "100", "--clock-skew", "-3600"];
    let args =
        [&switches[..], &["--token-lifetime", "2.5", "--max-sessions", "3", "--refuse-refresh", "--echo"]].concat();
    let running = Running::start(&args, Stdio::piped());
    let counters = get(running.text("http"), "/sandbox/counters");
    assert!(counters.contains(r#""refusedRefreshes":0"#), "{counters}");
    let unknown = get(running.text("http"), "/v2/nothing");
    assert!(unknown.contains(" 401 "), "it echoes, for who has a credential: {unknown}");
}

#[test]
fn refuses_bad_arguments_in_one_line() {
    for args in [
        &["--http", "0.0.0.0:0"][..],
        &["--https", "nonsense"],
        &["--http"],
        &["--user", "a@b.c"],
        &["--user", "a@b.c:p:x"],
        &["--user", "a@b.c:p:4821"],
        &["--token-lifetime", "0"],
        &["--token-lifetime", "-2.5"],
        &["--token-lifetime", "inf"],
        &["--max-sessions", "-1"],
        &["--deliver-every", "0"],
        &["--refresh-delay", "soon"],
        &["--lose-answers", "101"],
        &["--lose-refreshes", "-1"],
        &["--clock-skew", "1.5"],
        &["--echo=yes"],
        &["--certificate", "fine"],
        &["--tls", "1.1"],
        &["--ca-out", "/nonexistent/ca.pem"],
        &["--nothing"],
        &["-x"],
        &["stray"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        let complaint = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(complaint.starts_with("ecgrid-sandbox: "), "{complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
}

#[test]
fn helps() {
    let help = String::from_utf8(run(&["--help"]).stdout).expect("UTF-8");
    assert!(help.contains("--token-lifetime SECONDS"), "{help}");
    let version = String::from_utf8(run(&["--version"]).stdout).expect("UTF-8");
    assert_eq!(version, concat!("ecgrid-sandbox ", env!("CARGO_PKG_VERSION"), "\n"));
}
