//! What comes before the answer, or before the request is through.

mod common;

use common::server::{Server, answer, login_answer};
use common::{LOGIN, PASSWORD};
use ecgrid::ffi::*;

#[test]
fn interim_answers_are_passed_over_whatever_they_say() {
    const LINK: &str = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\nLink: </a.js>\r\n\r\n";
    for interim in [
        "HTTP/1.1 100 Continue\r\n\r\n".to_owned(),
        LINK.to_owned(),
        format!("HTTP/1.1 100 Continue\r\n\r\n{LINK}HTTP/1.1 102 Processing\r\nX-Step: 1\r\n\r\n"),
        // A length or a close of theirs is not the answer's.
        "HTTP/1.1 103 Early Hints\r\nContent-Length: 7\r\nConnection: close\r\n\r\n".to_owned(),
        "HTTP/1.1 199 \r\n\r\n".to_owned(),
        "HTTP/1.1 102 Processing\r\n\r\n".repeat(20),
    ] {
        let servers = Server::both_answering(format!("{interim}{}", login_answer()));
        for server in servers {
            let client = server.config().max_attempts(1).client();
            for _ in 0..2 {
                let token = client.login(LOGIN, PASSWORD).unwrap_or_else(|failure| panic!("{interim:?}: {failure:?}"));
                assert_eq!(token.user_id, 4821, "{interim:?}");
            }
            assert_eq!(server.requests().len(), 2, "{interim:?}");
        }
    }
}

#[test]
fn an_interim_answer_leaves_the_connection_as_good_as_it_was() {
    let servers = Server::both(|connection| {
        while connection.read_request().is_some() {
            // As a server sends them: by themselves, and the answer when it is ready.
            connection.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n");
            connection.wait_until_received();
            connection.send(login_answer().as_bytes());
        }
    });
    for server in servers {
        let client = server.config().max_attempts(1).client();
        (0..3).for_each(|_| assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821));
        assert_eq!(server.connections(), 1, "{}", server.url());
    }
}

#[test]
fn an_answer_that_breaks_off_after_an_interim_one_is_lost_and_not_asked_for_again() {
    let servers = Server::both(|connection| {
        // Also on a connection that was kept: the server has had the request.
        if connection.number == 1 && connection.read_request().is_some() {
            connection.send(login_answer().as_bytes());
        }
        connection.read_request();
        connection.send(b"HTTP/1.1 102 Processing\r\n\r\n");
        connection.finish();
        connection.wait_for_end();
    });
    for server in servers {
        let client = server.config().client();
        client.login(LOGIN, PASSWORD).unwrap();
        let failure = client.login(LOGIN, PASSWORD).unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 0), "{failure:?}");
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn interim_answers_without_end_are_a_bad_response_before_the_time_is_up() {
    let servers = Server::both(|connection| {
        connection.read_request();
        let batch = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n".repeat(1000);
        while connection.send(batch.as_bytes()) {}
    });
    for server in servers {
        let failure = server.config().timeout(5_000).client().failure_as("any");
        assert_eq!((failure.status, failure.outcome), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN), "{failure:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_change_of_protocol_that_nobody_asked_for_is_a_bad_response() {
    let servers = Server::both(|connection| {
        connection.read_request();
        connection.send(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
        connection.send(&[0, 0, 0, 4, 0, 0, 0, 0, 0]);
        connection.wait_for_end();
    });
    for server in servers {
        let failure = server.config().timeout(20_000).client().failure_as("any");
        assert_eq!((failure.status, failure.outcome), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN), "{failure:?}");
    }
}

/// A few megabytes: more than the sockets of both sides hold.
fn long_password() -> String {
    "x".repeat(16 << 20)
}

#[test]
fn a_refusal_that_comes_before_the_request_was_read_is_used() {
    let refusals = [
        ("413 Too Large", (ECGRID_REJECTED, ECGRID_OUTCOME_REFUSED, 413)),
        ("401 Unauthorized", (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401)),
    ];
    for (status, expected) in refusals {
        for stays in [true, false] {
            let servers = Server::both(move |connection| {
                if connection.number > 1 {
                    connection.read_request();
                    connection.send(login_answer().as_bytes());
                    return;
                }
                // Refuses when it has seen the beginning, and reads no more.
                let _ = connection.stream.peek(&mut [0]);
                connection.send(answer(status, "", r#"{"success":false}"#).as_bytes());
                connection.wait_until_received();
                if stays {
                    connection.ignore();
                }
            });
            for server in servers {
                let client = server.config().timeout(20_000).client();
                let failure = client.login(LOGIN, &long_password()).unwrap_err();
                assert_eq!(failure.kind(), expected, "{} stays {stays}: {failure:?}", server.url());
                client.login(LOGIN, PASSWORD).unwrap();
                assert_eq!(server.connections(), 2, "half a request is on the first");
            }
        }
    }
}

#[test]
fn a_long_request_goes_on_after_an_interim_answer() {
    let servers = Server::both(|connection| {
        let _ = connection.stream.peek(&mut [0]);
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n");
        connection.wait_until_received();
        while connection.read_request().is_some() && connection.send(login_answer().as_bytes()) {}
    });
    for server in servers {
        let client = server.config().timeout(20_000).client();
        client.login(LOGIN, &long_password()).unwrap();
        client.login(LOGIN, PASSWORD).unwrap();
        assert_eq!(server.connections(), 1, "{}", server.url());
    }
}

#[test]
fn a_refusal_after_an_interim_answer_is_used_however_their_lines_end_and_arrive() {
    for (begin, end) in [
        ("HTTP/1.1 100 Continue\n\n", "HTTP/1.1 413 Too Large\nContent-Length: 0\n\n"),
        ("HTTP", "/1.1 100 Continue\r\n\r\nHTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"),
    ] {
        let servers = Server::both(move |connection| {
            let _ = connection.stream.peek(&mut [0]);
            connection.send(begin.as_bytes());
            connection.wait_until_received();
            connection.send(end.as_bytes());
            connection.ignore();
        });
        for server in servers {
            let failure = server.config().timeout(20_000).client().login(LOGIN, &long_password()).unwrap_err();
            assert_eq!(failure.kind(), (ECGRID_REJECTED, ECGRID_OUTCOME_REFUSED, 413), "{begin:?} {failure:?}");
        }
    }
}
