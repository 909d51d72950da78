//! The head of an answer: as large as it may be, and as broken as it can be.

mod common;

use common::server::{Server, login_answer};
use common::{Failure, LOGIN, PASSWORD, Token};
use ecgrid::ffi::*;

const BODY: &str = r#"{"success":true,"data":{"token":"a.b.c","userId":4821}}"#;

/// What a head may have, its last empty line included.
const LIMIT: usize = 64 * 1024;

/// A login that gets these bytes from a server that says nothing more on this connection, over HTTP and HTTPS.
/// The login after it must get an answer of its own.
fn results(bytes: &[u8]) -> [Result<Token, Failure>; 2] {
    let bytes = bytes.to_owned();
    let servers = Server::both(move |connection| {
        if connection.number == 1 && connection.read_request().is_some() {
            connection.send(&bytes);
            connection.finish();
        }
        while connection.read_request().is_some() && connection.send(login_answer().as_bytes()) {}
    });
    servers.map(|server| {
        let client = server.config().client();
        let result = client.try_as("any");
        assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821, "{}", server.url());
        assert_eq!(server.connections(), 2, "{}", server.url());
        result
    })
}

/// An answer whose head has exactly this length.
fn with_head_of(length: usize) -> String {
    let start = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nX-Filler: ", BODY.len());
    format!("{start}{}\r\n\r\n{BODY}", "f".repeat(length - start.len() - 4))
}

#[test]
fn a_head_up_to_64_kib_is_read() {
    for length in [16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, LIMIT - 1024, LIMIT - 1] {
        for result in results(with_head_of(length).as_bytes()) {
            assert_eq!(result.unwrap().user_id, 4821, "{length}");
        }
    }
}

#[test]
fn a_head_over_64_kib_is_a_bad_response() {
    for length in [LIMIT + 1024, 2 * LIMIT, 16 * LIMIT] {
        for result in results(with_head_of(length).as_bytes()) {
            let failure = result.unwrap_err();
            assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 0), "{length}: {failure:?}");
            assert!(failure.message.contains("head"), "{failure:?}");
        }
    }
}

#[test]
fn a_thousand_headers_are_read() {
    let headers: String = (0..1000).map(|number| format!("X-Header-{number}: a value of {number}\r\n")).collect();
    let head = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", BODY.len());
    assert!(head.len() < LIMIT, "{}", head.len());
    for result in results(format!("{head}{BODY}").as_bytes()) {
        assert_eq!(result.unwrap().user_id, 4821);
    }
}

#[test]
fn headers_may_be_empty_long_spaced_and_of_any_byte_but_controls() {
    let length = format!("Content-Length: {}\r\n\r\n{BODY}", BODY.len());
    for line in ["X-Empty:", "X-Spaced: \t a  b \t ", "X-Tab:a\tb", "x!#$%&'*+-.^_`|~0: :;,=\"", "X-Latin: caf\u{e9}"] {
        // Latin-1, as old servers write it.
        let text = format!("HTTP/1.1 200 OK\r\n{line}\r\n{length}");
        let bytes: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
        for result in results(&bytes) {
            assert_eq!(result.unwrap().user_id, 4821, "{line:?}");
        }
    }
}

#[test]
fn a_status_needs_no_reason() {
    for status in ["HTTP/1.1 200 ", "HTTP/1.1 200", "HTTP/1.1 200 It's all: right", "HTTP/1.0 200 OK"] {
        for result in results(format!("{status}\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len()).as_bytes()) {
            assert_eq!(result.unwrap().user_id, 4821, "{status:?}");
        }
    }
}

#[test]
fn what_is_no_status_line_is_a_bad_response() {
    for status in [
        "HTTP/2 200 OK",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 0200 OK",
        "HTTP/1.1 +20 OK",
        "HTTP/1.1 OK",
        "ICY 200 OK",
        "SSH-2.0-OpenSSH_9.2",
        "{\"success\":true}",
    ] {
        for result in results(format!("{status}\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len()).as_bytes()) {
            let failure = result.expect_err(status);
            let kind = (failure.status, failure.outcome);
            assert_eq!(kind, (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN), "{status:?}: {failure:?}");
        }
    }
}

/// Heads that no server should send. Reading them or not is a matter of taste; time and the next login are not.
#[test]
fn a_broken_head_is_read_or_refused_and_does_no_harm() {
    let length = BODY.len();
    for head in [
        format!("HTTP/1.1 200 OK\nContent-Length: {length}\n\n"),
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\n"),
        format!("HTTP/1.1 200 OK\rContent-Length: {length}\r\r"),
        format!("HTTP/1.1 200 OK\r\nX Spaced: 1\r\nContent-Length: {length}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\nContent-Length : {length}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\nNo colon here\r\nContent-Length: {length}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\n: no name\r\nContent-Length: {length}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\nContent-Length: {length}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\nX\0Nul: a\r\nContent-Length: {length}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: {length}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\n Content-Length: {length}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\nX-Carriage: a\rContent-Length: 1\r\nContent-Length: {length}\r\n\r\n"),
        format!("\r\nHTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"),
        format!("HTTP/1.1  200  OK\r\nContent-Length: {length}\r\n\r\n"),
        format!("http/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"),
    ] {
        for result in results(format!("{head}{BODY}").as_bytes()) {
            match result {
                Ok(token) => assert_eq!(token.user_id, 4821, "{head:?}"),
                Err(failure) => {
                    let allowed = [ECGRID_BAD_RESPONSE, ECGRID_CONNECTION_LOST];
                    assert!(allowed.contains(&failure.status), "{head:?}: {failure:?}");
                    assert_eq!(failure.outcome, ECGRID_OUTCOME_UNKNOWN, "{head:?}: {failure:?}");
                }
            }
        }
    }
}

#[test]
fn a_head_that_comes_byte_by_byte_is_read() {
    let servers = Server::both(|connection| {
        while connection.read_request().is_some() {
            let interim = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
            format!("{interim}{}", login_answer()).bytes().all(|byte| connection.send(&[byte]));
        }
    });
    for server in servers {
        let client = server.config().client();
        (0..2).for_each(|_| assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821));
        assert_eq!(server.connections(), 1, "{}", server.url());
    }
}
