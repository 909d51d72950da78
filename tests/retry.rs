//! What is sent again and what is not, counted at the server.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use common::script::serve;
use common::server::{Server, answer, login_answer};
use common::{Config, Failure, LOGIN, PASSWORD, both, sandbox};
use ecgrid::ffi::*;

#[test]
fn a_busy_server_is_asked_again() {
    let sandbox = sandbox();
    for name in
        ["flaky-2-503", "flaky-2-429", "flaky-1-html-429", "flaky-1-retry-after-1-429", "flaky-1-retry-date-1-503"]
    {
        for (kind, client) in both(&sandbox, |config| config) {
            sandbox.take_requests();
            let failures: usize = name[6..7].parse().unwrap();
            client
                .login(&format!("{name}@{kind}.example"), PASSWORD)
                .unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
            assert_eq!(sandbox.request_count(), failures + 1, "{kind} {name}");
        }
    }
}

#[test]
fn the_wait_the_server_asks_for_is_kept() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).client();
    let begun = Instant::now();
    client.try_as("flaky-1-retry-after-1-503").unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[test]
fn attempts_are_counted_and_the_message_says_how_many() {
    let sandbox = sandbox();
    for attempts in [1, 2, 3, 5] {
        sandbox.take_requests();
        let client = Config::new(&sandbox.http_url()).max_attempts(attempts).client();
        let failure = client.failure_as("fault-503");
        assert_eq!(sandbox.request_count(), attempts as usize);
        assert_eq!(failure.message.contains(&format!("after {attempts} tries")), attempts > 1, "{failure:?}");
    }
}

#[test]
fn what_may_have_been_done_is_sent_exactly_once() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config.max_attempts(10).timeout(5000)) {
        for name in [
            "fault-400",
            "fault-401",
            "fault-403",
            "fault-404",
            "fault-409",
            "fault-500",
            "fault-502",
            "fault-504",
            "gateway-503",
            "html-503",
            "empty-503",
            "problem-503",
            "html-502",
            "empty-500",
            "rejected",
            "redirect",
            "not-json",
            "no-token",
            "garbage",
            "cut-head",
            "cut",
            "reset-body",
            "endless-headers",
            "retry-long-429",
        ] {
            // A connection of its own, so that none of these meets one that was kept.
            let fresh = Config::secure(&sandbox).max_attempts(10).client();
            let client = if kind == "HTTPS" { &fresh } else { &client };
            sandbox.take_requests();
            client.failure_as(name);
            assert_eq!(sandbox.request_count(), 1, "{kind} {name}");
        }
    }
}

/// What logins and version checks come to whose first answer is this 503, and how often each was sent.
fn after_503(headers: &'static str, body: &'static str) -> [(Result<(), Failure>, usize); 2] {
    [true, false].map(|is_login| {
        let requests = AtomicUsize::new(0);
        let server = serve(move |path, _, _| match (requests.fetch_add(1, SeqCst), path) {
            (0, _) => answer("503 Service Unavailable", headers, body),
            (_, "/v2/auth/login") => login_answer(),
            _ => answer("200 OK", "", r#"{"success":true,"data":{"version":"2.6"}}"#),
        });
        let client = server.config().client();
        let result = if is_login { client.login(LOGIN, PASSWORD).map(drop) } else { client.server_version().map(drop) };
        (result, server.requests().len())
    })
}

#[test]
fn a_503_is_taken_for_a_refusal_when_ecgrid_says_it_or_it_names_a_time() {
    for (headers, body) in [
        ("", r#"{"success":false,"errorCode":"InternalError","message":"busy","data":null}"#),
        ("", r#"{"Success":false}"#),
        ("", r#"{"errorCode":"RateLimitExceeded"}"#),
        ("Retry-After: 0\r\n", ""),
        ("Retry-After: 1\r\nContent-Type: text/plain\r\n", "no healthy upstream"),
    ] {
        for (result, sent) in after_503(headers, body) {
            assert_eq!((result.is_ok(), sent), (true, 2), "{headers:?} {body}: {result:?}");
        }
    }
}

#[test]
fn any_other_503_leaves_open_whether_a_login_was_done_and_only_what_does_no_harm_is_sent_again() {
    for body in [
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
        r#"{"type":"about:blank","title":"Service Unavailable","status":503}"#,
        r#"{"errorCode":"Unavailable","message":"no"}"#,
        r#"{"code":503,"message":"no healthy upstream"}"#,
        r#"{"success":true,"data":null}"#,
        "{}",
        "",
    ] {
        let [(login, logins), (version, checks)] = after_503("Content-Type: application/json\r\n", body);
        let failure = login.unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_SERVER_ERROR, ECGRID_OUTCOME_UNKNOWN, 503), "{body}: {failure:?}");
        assert!(failure.message.contains("may have been done"), "{failure:?}");
        assert_eq!((logins, version.is_ok(), checks), (1, true, 2), "{body}");
    }
}

#[test]
fn an_answer_lost_on_a_new_connection_is_not_asked_for_again() {
    let sandbox = sandbox();
    for name in ["close", "reset", "lost"] {
        for (kind, client) in both(&sandbox, |config| config.max_attempts(10)) {
            sandbox.take_requests();
            client.failure_as(name);
            assert_eq!(sandbox.request_count(), 1, "{kind} {name}");
        }
    }
}

#[test]
fn a_wait_beyond_the_deadline_fails_at_once() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).timeout(3000).client();
    let begun = Instant::now();
    let failure = client.failure_as("retry-after-60-503");
    assert!(begun.elapsed() < Duration::from_secs(3));
    assert_eq!(failure.kind(), (ECGRID_SERVER_ERROR, ECGRID_OUTCOME_REFUSED, 503));
    assert_eq!(failure.retry_after_ms, 60_000);
    assert_eq!(sandbox.request_count(), 1);
}

#[test]
fn a_kept_connection_that_turns_out_dead_is_replaced_once() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config) {
        client.try_as("stale").unwrap();
        sandbox.take_requests();
        client.login(LOGIN, PASSWORD).unwrap_or_else(|failure| panic!("{kind}: {failure:?}"));
        // The first went down with the connection, unanswered.
        assert_eq!(sandbox.request_count(), 2, "{kind}");
    }
}

#[test]
fn with_one_attempt_a_dead_connection_is_reported_as_unknown() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config.max_attempts(1)) {
        client.try_as("stale").unwrap();
        let failure = client.login(LOGIN, PASSWORD).unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 0), "{kind} {failure:?}");
    }
}

#[test]
fn a_connection_the_server_closed_between_two_calls_is_noticed_before_sending() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config.max_attempts(1)) {
        client.try_as("silent-close").unwrap();
        assert!(sandbox.wait_for_open_connections(0, Duration::from_secs(5)));
        client.login(LOGIN, PASSWORD).unwrap_or_else(|failure| panic!("{kind}: {failure:?}"));
    }
}

#[test]
fn a_connection_that_is_refused_is_tried_again() {
    let server = Server::start(|_| {});
    let url = server.url();
    drop(server);
    let failure = Config::new(&url).max_attempts(3).client().failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0));
    assert!(failure.message.contains("after 3 tries") && !failure.message.contains("again"), "{failure:?}");
}

#[test]
fn a_get_is_sent_again_when_its_answer_was_lost() {
    let server = Server::start(|connection| {
        connection.read_request();
        if connection.number == 3 {
            connection
                .send(common::server::answer("200 OK", "", r#"{"success":true,"data":{"version":"2.6"}}"#).as_bytes());
        }
    });
    let client = Config::new(&server.url()).client();
    assert_eq!(client.server_version().unwrap(), "2.6");
    assert_eq!(server.requests().len(), 3);
}
