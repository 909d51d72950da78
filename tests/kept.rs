//! When a connection may be used again, and when it must not.

mod common;

use std::sync::Mutex;
use std::sync::mpsc::channel;

use common::script::serve;
use common::server::{Connection, Server, answer, login_answer};
use common::{Failure, LOGIN, PASSWORD};
use ecgrid::ffi::*;

const BODY: &str = r#"{"success":true,"data":{"token":"a.b.c","userId":4821}}"#;

/// How many connections two logins take when each answer has these headers and its connection stays open.
fn connections_with(headers: &str) -> [usize; 2] {
    let servers = Server::both_answering(answer("200 OK", headers, BODY));
    servers.map(|server| {
        let client = server.config().max_attempts(1).client();
        (0..2).for_each(|_| assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821, "{headers:?}"));
        server.connections()
    })
}

#[test]
fn a_connection_that_the_server_will_close_is_not_used_again_however_it_says_so() {
    for headers in [
        "Connection: close\r\n",
        "Connection: Close\r\n",
        "connection:CLOSE\r\n",
        "Connection: foo, Close\r\n",
        "Connection: close ,foo\r\n",
        "Connection:\tkeep-alive,\tclose\r\n",
        "Connection: keep-alive\r\nConnection: close\r\n",
        "Connection: close\r\nConnection: keep-alive\r\n",
    ] {
        assert_eq!(connections_with(headers), [2, 2], "{headers:?}");
    }
}

#[test]
fn a_connection_is_used_again_when_nothing_says_otherwise() {
    for headers in [
        "",
        "Connection: keep-alive\r\n",
        "Connection: Keep-Alive, X-Closed\r\nX-Closed: no\r\n",
        "Connection: closed, not-close\r\n",
        "X-Connection: close\r\nProxy-Status: close\r\n",
        "Keep-Alive: timeout=60, max=100\r\n",
    ] {
        assert_eq!(connections_with(headers), [1, 1], "{headers:?}");
    }
}

#[test]
fn a_connection_is_not_used_again_after_the_idleness_that_the_server_allows() {
    // Only none at all needs no waiting for it.
    for headers in [
        "Keep-Alive: timeout=0\r\n",
        "Connection: keep-alive\r\nKeep-Alive: timeout=0, max=100\r\n",
        "keep-alive: max=100,TIMEOUT=0\r\n",
    ] {
        assert_eq!(connections_with(headers), [2, 2], "{headers:?}");
    }
}

/// Bytes that follow a good answer, and that no login may take for its own.
fn poisons() -> [String; 5] {
    [
        login_answer().replace("4821", "666"),
        // What some servers say to an idle connection before they close it.
        answer("408 Request Timeout", "Connection: close\r\n", ""),
        "H".into(),
        "\r\n".into(),
        "x".repeat(100_000),
    ]
}

#[test]
fn bytes_that_come_with_an_answer_never_reach_the_next_call() {
    let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n37\r\n{BODY}\r\n0\r\n\r\n");
    for first in [login_answer(), chunked] {
        for poison in poisons() {
            let servers = Server::both_answering(format!("{first}{poison}"));
            for server in servers {
                let client = server.config().max_attempts(1).client();
                for _ in 0..3 {
                    assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821, "{:?}", &poison[..1]);
                }
                assert_eq!((server.connections(), server.requests().len()), (3, 3), "{:?}", &poison[..1]);
            }
        }
    }
}

#[test]
fn bytes_that_come_between_two_calls_never_reach_the_next_one() {
    for poison in poisons() {
        let (returned, wait_for_return) = channel();
        let (sent, wait_for_poison) = channel();
        let wait_for_return = Mutex::new(wait_for_return);
        let bytes = poison.clone();
        let servers = Server::both(move |connection| {
            while connection.read_request().is_some() && connection.send(login_answer().as_bytes()) {
                if wait_for_return.lock().unwrap().recv().is_err() {
                    return;
                }
                connection.send(bytes.as_bytes());
                connection.wait_until_received();
                let _ = sent.send(());
            }
        });
        for server in servers {
            let client = server.config().max_attempts(1).client();
            for number in 1..=3 {
                assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821, "{:?}", &poison[..1]);
                assert_eq!(server.connections(), number, "{:?}", &poison[..1]);
                returned.send(()).unwrap();
                wait_for_poison.recv().unwrap();
            }
        }
    }
}

/// Answers the first request of each connection, says that nothing more will come, and reads on.
fn answers_once(connection: &mut Connection) {
    connection.read_request();
    connection.send(login_answer().as_bytes());
    connection.finish();
    while connection.read_request().is_some() {}
}

#[test]
fn a_connection_whose_server_ended_its_side_is_not_used_again_though_it_still_listens() {
    for server in Server::both(answers_once) {
        let client = server.config().client();
        for number in 1..=3 {
            assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821);
            assert_eq!(server.connections(), number, "{}", server.url());
        }
    }
}

#[test]
fn a_server_that_ends_its_side_before_the_answer_has_lost_the_login() {
    let servers = Server::both(|connection| {
        connection.read_request();
        connection.finish();
        connection.wait_for_end();
    });
    for server in servers {
        let failure = server.config().client().failure_as("any");
        assert_eq!(failure.kind(), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 0), "{failure:?}");
        assert_eq!((server.requests().len(), server.connections()), (1, 1), "{}", server.url());
    }
}

#[test]
fn a_server_that_ends_its_side_instead_of_a_second_answer_costs_nothing() {
    let servers = Server::both(|connection| {
        connection.read_request();
        connection.send(login_answer().as_bytes());
        connection.read_request();
        connection.finish();
        connection.wait_for_end();
    });
    for server in servers {
        let client = server.config().client();
        client.login(LOGIN, PASSWORD).unwrap();
        client.login(LOGIN, PASSWORD).unwrap();
        assert_eq!((server.requests().len(), server.connections()), (3, 2), "{}", server.url());
    }
}

#[test]
fn a_server_that_ends_its_side_within_an_answer_has_lost_it() {
    let servers = Server::both(|connection| {
        connection.read_request();
        let whole = login_answer();
        connection.send(&whole.as_bytes()[..whole.len() - 1]);
        connection.finish();
        connection.wait_for_end();
    });
    for server in servers {
        let failure = server.config().client().failure_as("any");
        assert_eq!(failure.kind(), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 200), "{failure:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_body_that_a_204_announces_never_meets_the_next_request() {
    for status in ["204 No Content", "304 Not Modified"] {
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", login_answer().len());
        let servers = Server::both(move |connection| {
            if connection.number > 1 {
                connection.read_request();
                connection.send(login_answer().as_bytes());
            } else if connection.read_request().is_some() {
                connection.send(head.as_bytes());
                connection.wait_for_end();
            }
        });
        for server in servers {
            let client = server.config().max_attempts(1).client();
            client.login(LOGIN, PASSWORD).unwrap_err();
            assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821, "{status}");
        }
    }
}

/// The kept connection ends when the login has arrived on it; the next login is answered like this.
fn login_after_a_lost_one(status: &'static str) -> Failure {
    let server = serve(move |path, _, connection| match (path, connection.number) {
        ("/v2/auth/version", 1) => answer("200 OK", "", r#"{"success":true,"data":{"version":"2.6"}}"#),
        ("/v2/auth/login", 1) => String::new(),
        _ => answer(status, "", ""),
    });
    let client = server.config().client();
    client.server_version().unwrap();
    let failure = client.login(LOGIN, PASSWORD).unwrap_err();
    assert_eq!((server.connections(), server.requests().len()), (2, 3), "{status}");
    failure
}

#[test]
fn a_login_that_was_lost_with_a_kept_connection_may_have_been_done_unless_its_password_is_wrong() {
    for (status, expected) in [
        ("400 Bad Request", (ECGRID_REJECTED, ECGRID_OUTCOME_REFUSED, 400)),
        ("401 Unauthorized", (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401)),
        // Perhaps too many sessions are open, and the last of them is of the first try.
        ("403 Forbidden", (ECGRID_FORBIDDEN, ECGRID_OUTCOME_UNKNOWN, 403)),
        ("404 Not Found", (ECGRID_NOT_FOUND, ECGRID_OUTCOME_UNKNOWN, 404)),
        ("409 Conflict", (ECGRID_REJECTED, ECGRID_OUTCOME_UNKNOWN, 409)),
    ] {
        let failure = login_after_a_lost_one(status);
        assert_eq!(failure.kind(), expected, "{failure:?}");
    }
}
