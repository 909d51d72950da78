//! The timeout of a call holds whatever the server does.

mod common;

use std::time::{Duration, Instant};

use common::server::Server;
use common::{Config, Failure, GRACE, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;

const TIMEOUT: i64 = 400;

/// Runs a login that must end at the deadline, not before and hardly after.
fn ends_in_time(name: &str, login: impl FnOnce() -> Failure) -> Failure {
    let begun = Instant::now();
    let failure = login();
    let took = begun.elapsed();
    assert_eq!(failure.status, ECGRID_TIMEOUT, "{name}: {failure:?}");
    let limit = Duration::from_millis(TIMEOUT as u64);
    assert!(took >= limit && took < limit + GRACE, "{name} took {took:?}");
    failure
}

#[test]
fn a_server_that_is_slow_in_any_way_does_not_outlast_the_deadline() {
    let sandbox = sandbox();
    for name in ["hang", "slow-60000", "drip", "drip-head", "drip-head-50", "drip-20"] {
        for (kind, client) in common::both(&sandbox, |config| config.timeout(TIMEOUT)) {
            let failure = ends_in_time(name, || client.failure_as(name));
            assert_eq!(failure.outcome, ECGRID_OUTCOME_UNKNOWN, "{kind} {name}: {failure:?}");
        }
    }
}

#[test]
fn an_endless_answer_does_not_outlast_the_deadline() {
    // Slowly enough that no size limit ends it first.
    let chunk = format!("1;{}\r\n \r\n", "x".repeat(1000));
    let server = Server::start(move |connection| {
        connection.read_request();
        connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while connection.send(chunk.as_bytes()) {}
    });
    let client = Config::new(&server.url()).timeout(TIMEOUT).client();
    let failure = ends_in_time("endless body", || client.failure_as("any"));
    assert_eq!(failure.kind(), (ECGRID_TIMEOUT, ECGRID_OUTCOME_UNKNOWN, 200));
}

#[test]
fn a_server_that_accepts_and_stays_silent_does_not_outlast_the_deadline() {
    let server = Server::start(|connection| connection.wait_for_end());
    for (scheme, outcome) in [("http", ECGRID_OUTCOME_UNKNOWN), ("https", ECGRID_OUTCOME_NOT_SENT)] {
        let url = format!("{scheme}://{}", server.address());
        let client = Config::new(&url).timeout(TIMEOUT).client();
        let failure = ends_in_time(scheme, || client.failure_as("any"));
        assert_eq!(failure.outcome, outcome, "{failure:?}");
        assert_eq!(failure.message.contains("TLS handshake"), scheme == "https", "{failure:?}");
    }
}

#[test]
fn a_server_that_does_not_read_does_not_outlast_the_deadline() {
    let server = Server::start(|connection| connection.ignore());
    let client = Config::new(&server.url()).timeout(TIMEOUT).client();
    let password = "x".repeat(16 * 1024 * 1024);
    let failure = ends_in_time("full socket", || client.login(LOGIN, &password).unwrap_err());
    assert_eq!(failure.outcome, ECGRID_OUTCOME_UNKNOWN);
}

#[test]
fn a_long_body_costs_no_time_after_the_deadline() {
    let server = Server::start(|connection| connection.ignore());
    let session = Config::new(&server.url()).timeout(TIMEOUT).client().key_session("key").unwrap();
    // Where the machine is slow, the check of so many rows takes the time that there is.
    let rows = "{\"password\":\"x\"},".repeat((16 << 20) / 17);
    for body in [format!("[{rows}0]"), format!("{{\"content\":\"{}\"}}", "x".repeat(100 << 20))] {
        ends_in_time("long body", || session.call("POST", "/v2/x", Some(&body)).unwrap_err());
    }
}

#[test]
fn a_body_that_takes_longer_to_check_than_there_is_time_is_not_checked_to_its_end() {
    let session = Config::new("http://127.0.0.1:1").timeout(TIMEOUT).client().key_session("key").unwrap();
    let body = format!("[{}0]", "[],".repeat((200 << 20) / 3));
    let failure = ends_in_time("long check", || session.call("POST", "/v2/x", Some(&body)).unwrap_err());
    assert_eq!(failure.kind(), (ECGRID_TIMEOUT, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
}

#[test]
fn the_pauses_between_tries_count() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).timeout(TIMEOUT).max_attempts(10).client();
    let begun = Instant::now();
    let failure = client.failure_as("fault-503");
    assert!(begun.elapsed() < Duration::from_millis(TIMEOUT as u64) + GRACE);
    assert_eq!(failure.status, ECGRID_SERVER_ERROR, "{failure:?}");
}

#[test]
fn a_connection_that_does_not_come_about_has_a_shorter_deadline_of_its_own() {
    let server = Server::start(|connection| connection.wait_for_end());
    let url = format!("https://{}", server.address());
    let client = Config::new(&url).timeout(20_000).connect_timeout(200).max_attempts(2).client();
    let begun = Instant::now();
    let failure = client.failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_TIMEOUT, ECGRID_OUTCOME_NOT_SENT, 0));
    assert!(failure.message.contains("the connect timeout of 200 ms passed in the TLS handshake"), "{failure:?}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(server.connections(), 2, "what was not sent is tried again");
}

#[test]
fn absurd_but_legal_timeouts_work() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).timeout(i64::MAX).connect_timeout(i64::MAX).client();
    client.login(LOGIN, PASSWORD).unwrap();
    let failure = Config::secure(&sandbox).timeout(1).client().failure_as("hang");
    assert_eq!(failure.status, ECGRID_TIMEOUT);
}

#[test]
fn a_handle_has_a_timeout_of_its_own_until_it_gets_that_of_the_configuration_again() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).timeout(60_000).client();
    let quick = client.another();
    quick.set_timeout(TIMEOUT).unwrap();
    // A clone begins with what its parent has then, and goes its own way.
    let clone = quick.another();
    clone.set_timeout(TIMEOUT / 2).unwrap();
    for handle in [&quick, &quick.another()] {
        let failure = ends_in_time("a handle's own", || handle.failure_as("hang"));
        assert!(failure.message.contains("the timeout of 400 ms"), "{failure:?}");
    }
    assert!(clone.failure_as("hang").message.contains("the timeout of 200 ms"));
    client.try_as("slow-600").unwrap();

    quick.set_timeout(0).unwrap();
    quick.try_as("slow-600").unwrap();
    assert!(clone.failure_as("hang").message.contains("the timeout of 200 ms"));
}

#[test]
fn a_session_has_the_configuration_s_timeout_whatever_the_handle_has_that_it_was_made_through() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).timeout(60_000).client();
    // Time enough for a login, and not for the call that follows.
    client.set_timeout(5_000).unwrap();
    let session = client.session_as("call-slow-6000");
    session.me().unwrap();
    let quick = session.another();
    quick.set_timeout(TIMEOUT).unwrap();
    let failure = ends_in_time("a session's own", || quick.me().unwrap_err());
    assert_eq!(failure.outcome, ECGRID_OUTCOME_UNKNOWN, "{failure:?}");
}

#[test]
fn a_timeout_below_zero_is_refused_and_one_of_ages_is_none() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).client();
    client.set_timeout(TIMEOUT).unwrap();
    for wrong in [-1, i64::MIN] {
        let failure = client.set_timeout(wrong).unwrap_err();
        assert_eq!(failure.status, ECGRID_INVALID_ARGUMENT);
        assert!(failure.message.contains(&format!("the timeout is {wrong} ms")), "{failure:?}");
    }
    ends_in_time("what it had", || client.failure_as("hang"));
    client.set_timeout(i64::MAX).unwrap();
    client.login(LOGIN, PASSWORD).unwrap();
}
