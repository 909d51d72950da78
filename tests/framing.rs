//! Where an answer ends: by chunks, by its length, or with the connection.

mod common;

use std::sync::Arc;

use common::server::Server;
use common::{LOGIN, PASSWORD};
use ecgrid::ffi::*;

/// An answer of 55 bytes, in two pieces whose lengths are 1b and 1c.
const FIRST: &str = r#"{"success":true,"data":{"to"#;
const SECOND: &str = r#"ken":"a.b.c","userId":4821}}"#;

/// Logs in twice where every request gets this answer on a connection that stays open, over HTTP and HTTPS.
/// `connections` is how many that may take.
fn is_read(answer: &str, connections: usize) {
    let servers = Server::both_answering(answer.to_owned());
    for server in servers {
        let client = server.config().max_attempts(1).client();
        for _ in 0..2 {
            let token = client.login(LOGIN, PASSWORD).unwrap_or_else(|failure| panic!("{answer:?}: {failure:?}"));
            assert_eq!(token.user_id, 4821, "{answer:?}");
        }
        assert_eq!(server.connections(), connections, "{answer:?} at {}", server.url());
    }
}

/// Gets this answer on a connection that stays open: a bad response, at once, and the next login meets nothing of it.
fn is_refused(answer: &str) {
    let bytes = answer.to_owned();
    let servers = Server::both(move |connection| {
        while connection.read_request().is_some() {
            let good = format!("HTTP/1.1 200 OK\r\nContent-Length: 55\r\n\r\n{FIRST}{SECOND}");
            connection.send(if connection.number == 1 { bytes.as_bytes() } else { good.as_bytes() });
        }
    });
    for server in servers {
        let client = server.config().client();
        let failure = client.failure_as("any");
        let kind = (failure.status, failure.outcome);
        assert_eq!(kind, (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN), "{answer:?} at {}: {failure:?}", server.url());
        assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821, "{answer:?}");
        assert_eq!((server.requests().len(), server.connections()), (2, 2), "{answer:?}");
    }
}

fn chunked(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}")
}

#[test]
fn chunks_are_read_however_their_lengths_are_written() {
    is_read(&chunked(&format!("1b\r\n{FIRST}\r\n1c\r\n{SECOND}\r\n0\r\n\r\n")), 1);
    is_read(&chunked(&format!("1B\r\n{FIRST}\r\n1C\r\n{SECOND}\r\n0\r\n\r\n")), 1);
    is_read(&chunked(&format!("0000001b\r\n{FIRST}\r\n01C\r\n{SECOND}\r\n000\r\n\r\n")), 1);
    let upper = format!("HTTP/1.1 200 OK\r\ntransfer-encoding:CHUNKED\r\n\r\n37\r\n{FIRST}{SECOND}\r\n0\r\n\r\n");
    is_read(&upper, 1);
}

#[test]
fn chunk_extensions_and_trailers_are_passed_over() {
    is_read(&chunked(&format!("1b;name=value\r\n{FIRST}\r\n1c;a;b=\"c;d\" ;e\r\n{SECOND}\r\n0;last\r\n\r\n")), 1);
    is_read(&chunked(&format!("37\r\n{FIRST}{SECOND}\r\n0\r\nExpires: 0\r\nX-Sum: 1b;1c\r\n\r\n")), 1);
    let announced = "HTTP/1.1 200 OK\r\nTrailer: Content-Length\r\nTransfer-Encoding: chunked\r\n\r\n";
    is_read(&format!("{announced}37\r\n{FIRST}{SECOND}\r\n0\r\nContent-Length: 9\r\n\r\n"), 1);
}

#[test]
fn chunks_may_be_as_small_as_can_be_and_as_many() {
    let body: String = format!("{FIRST}{SECOND}").chars().map(|letter| format!("1\r\n{letter}\r\n")).collect();
    is_read(&chunked(&format!("{body}0\r\n\r\n")), 1);
}

/// In chunks and in writes of every size, over a connection that is kept: long ones go straight to their place.
#[test]
fn a_long_answer_is_read_however_it_is_cut() {
    let numbers = Arc::new((0..60_000).map(|number| format!("{number:05}")).collect::<String>());
    let text = numbers.clone();
    let servers = Server::both(move |connection| {
        // A sequence that looks random and is the same each time.
        let mut state = 7_u32;
        let mut some = move |sizes: &[usize]| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let most = sizes[(state >> 24) as usize % sizes.len()];
            1 + (state >> 8) as usize % most
        };
        for round in 0..20 {
            if !connection.pass_request() {
                return;
            }
            let mut rest = &*format!(r#"{{"success":true,"data":"{text}"}}"#);
            let mut answer = String::from("HTTP/1.1 200 OK\r\n");
            if round % 3 == 0 {
                answer += &format!("Content-Length: {}\r\n\r\n{rest}", rest.len());
            } else {
                answer += "Transfer-Encoding: chunked\r\n\r\n";
                while !rest.is_empty() {
                    let (chunk, after) = rest.split_at(some(&[20, 20_000, 100_000]).min(rest.len()));
                    answer += &format!("{:x}\r\n{chunk}\r\n", chunk.len());
                    rest = after;
                }
                answer += "0\r\n\r\n";
            }
            let mut rest = answer.as_bytes();
            while !rest.is_empty() {
                let (now, after) = rest.split_at(some(&[10, 1000, 17_000, 150_000]).min(rest.len()));
                connection.send(now);
                rest = after;
            }
        }
    });
    for server in servers {
        let session = server.config().client().key_session("key").unwrap();
        for round in 0..20 {
            let response = session.call("GET", "/v2/x", None).unwrap();
            assert!(response.json() == **numbers, "{round} at {}", server.url());
        }
        assert_eq!(server.connections(), 1, "{}", server.url());
    }
}

#[test]
fn a_chunk_length_that_is_none_is_a_bad_response() {
    for length in ["", "x", "-1", "+1", "0x1b", "1b1b1b1b1b1b1b1b1b", "ffffffffffffffffff", ";a=b"] {
        is_refused(&chunked(&format!("{length}\r\n{FIRST}\r\n0\r\n\r\n")));
    }
}

#[test]
fn a_chunk_larger_than_any_answer_may_be_is_a_bad_response() {
    for length in ["7fffffffffffffff", "ffffffffffffffff", "fffffffffffffff0"] {
        // Enough that the limit of a login's answer is passed, for who counts only what came.
        is_refused(&chunked(&format!("{length}\r\n{}", "x".repeat(2 << 20))));
    }
}

#[test]
fn a_chunk_that_does_not_end_where_it_says_is_a_bad_response() {
    is_refused(&chunked(&format!("1b\r\n{FIRST}{SECOND}\r\n0\r\n\r\n")));
    is_refused(&chunked(&format!("1a\r\n{FIRST}\r\n1c\r\n{SECOND}\r\n0\r\n\r\n")));
    is_refused(&chunked(&format!("37\r\n{FIRST}{SECOND}0\r\n\r\n")));
}

fn with_length(headers: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{headers}\r\n{FIRST}{SECOND}")
}

#[test]
fn a_length_may_be_said_twice_if_it_is_the_same() {
    is_read(&with_length("Content-Length: 55\r\nContent-Length: 55\r\n"), 1);
    is_read(&with_length("Content-Length: 55, 55\r\n"), 1);
    is_read(&with_length("content-length:\t0055 \r\n"), 1);
}

#[test]
fn a_length_that_is_none_is_a_bad_response() {
    is_refused(&with_length("Content-Length: 55\r\nContent-Length: 54\r\n"));
    is_refused(&with_length("Content-Length: 54\r\nContent-Length: 55\r\n"));
    for length in
        ["55, 54", "-55", "+55", "", " ", "fifty-five", "0x37", "5 5", "55,", "55.0", "18446744073709551616", "1e2"]
    {
        is_refused(&with_length(&format!("Content-Length: {length}\r\n")));
    }
    // A number, but of bytes that nobody has.
    is_refused(&with_length("Content-Length: 18446744073709551615\r\n"));
}

#[test]
fn an_answer_that_is_chunked_and_has_a_length_is_chunked_and_its_connection_ends_there() {
    // RFC 9112, 6.3: somebody may be smuggling; what follows is not to be trusted.
    let body = format!("37\r\n{FIRST}{SECOND}\r\n0\r\n\r\n");
    for headers in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 66\r\n",
        "Content-Length: 99999\r\nTransfer-Encoding: chunked\r\n",
    ] {
        is_read(&format!("HTTP/1.1 200 OK\r\n{headers}\r\n{body}"), 2);
    }
}

/// Logs in twice where the answer ends with its connection. Each login takes a connection of its own.
fn ends_with_the_connection(answer: String) {
    let bytes = answer.clone();
    let servers = Server::both(move |connection| {
        connection.read_request();
        connection.send(bytes.as_bytes());
        connection.finish();
        connection.wait_for_end();
    });
    for server in servers {
        let client = server.config().max_attempts(1).client();
        for number in 1..=2 {
            let token = client.login(LOGIN, PASSWORD).unwrap_or_else(|failure| panic!("{answer:?}: {failure:?}"));
            assert_eq!((token.user_id, server.connections()), (4821, number), "{answer:?} at {}", server.url());
        }
    }
}

#[test]
fn an_answer_without_a_length_ends_with_its_connection() {
    ends_with_the_connection(format!("HTTP/1.1 200 OK\r\n\r\n{FIRST}{SECOND}"));
    ends_with_the_connection(format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{FIRST}{SECOND}"));
    ends_with_the_connection(format!("HTTP/1.0 200 OK\r\n\r\n{FIRST}{SECOND}"));
    ends_with_the_connection(format!("HTTP/1.0 200 OK\r\nServer: old\r\n\r\n{FIRST}{SECOND}"));
}

#[test]
fn an_answer_of_http_1_0_is_the_last_of_its_connection() {
    // The server would go on, but has not said so.
    is_read(&format!("HTTP/1.0 200 OK\r\nContent-Length: 55\r\n\r\n{FIRST}{SECOND}"), 2);
}

#[test]
fn over_tls_an_answer_without_a_length_that_is_cut_off_is_lost_though_it_looks_whole() {
    let server = Server::start_tls(common::server::LOOPBACK, |connection| {
        connection.read_request();
        connection.send(format!("HTTP/1.1 200 OK\r\n\r\n{FIRST}{SECOND}").as_bytes());
        // No close_notify: this end is anybody's.
        let _ = connection.stream.shutdown(std::net::Shutdown::Write);
        connection.wait_for_end();
    });
    let failure = server.config().client().failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 200), "{failure:?}");
    assert_eq!(server.requests().len(), 1);
}
