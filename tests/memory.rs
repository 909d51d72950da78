//! Servers that want our memory. Alone in their program, and one after the other, as the peak is the process's.

mod common;

use std::io::Read;

use common::server::Server;
use common::{Config, LOGIN};
use ecgrid::ffi::*;

#[test]
fn no_answer_takes_memory_without_end() {
    a_line_that_does_not_end();
    an_interim_answer_that_does_not_end();
    interim_answers_that_do_not_end();
}

fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn a_line_that_does_not_end() {
    for start in ["", "0\r\nX-Trailer: "] {
        let server = Server::start(move |connection| {
            connection.read_request();
            connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            connection.send(start.as_bytes());
            let block = [b'A'; 1 << 16];
            while connection.send(&block) {}
        });
        let before = peak_kilobytes();
        let failure = Config::new(&server.url()).client().failure_as("any");
        assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 200), "{start:?}: {failure:?}");
        assert!(peak_kilobytes() - before < 16 * 1024, "{start:?}");
    }
}

fn an_interim_answer_that_does_not_end() {
    let server = Server::start(|connection| {
        let mut first = [0; 1000];
        connection.stream.read_exact(&mut first).unwrap();
        connection.send(b"HTTP/1.1 102 Processing\r\n");
        while connection.send(&[b'A'; 1 << 16]) {}
    });
    let password = "x".repeat(16 * 1024 * 1024);
    let client = Config::new(&server.url()).timeout(5000).client();
    let before = peak_kilobytes();
    let failure = client.login(LOGIN, &password).unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 0), "{failure:?}");
    // The request itself is 16 MiB.
    assert!(peak_kilobytes() - before < 64 * 1024);
}

fn interim_answers_that_do_not_end() {
    let server = Server::start(|connection| {
        connection.read_request();
        let batch = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n".repeat(1000);
        while connection.send(batch.as_bytes()) {}
    });
    let before = peak_kilobytes();
    // How it ends is the subject of interim.rs.
    Config::new(&server.url()).timeout(1000).client().failure_as("any");
    assert!(peak_kilobytes() - before < 16 * 1024);
}
