//! Special logins that are no success, and the prefixes.

mod common;

use common::{Client, LOGIN, bearer, body_of, call, login, start, token};
use serde_json::json;
use std::time::{Duration, Instant, SystemTime};

#[test]
fn faults_answer_their_status_and_code() {
    let sandbox = start();
    for (status, code) in [
        (400, "InvalidParameter"),
        (401, "InvalidSession"),
        (403, "AccessDenied"),
        (404, "ObjectNotFound"),
        (409, "DuplicateObject"),
        (418, "InvalidParameter"),
        (429, "RateLimitExceeded"),
        (500, "InternalError"),
        (502, "InternalError"),
        (503, "InternalError"),
    ] {
        let answer = login(&sandbox, &format!("fault-{status}@example.com"));
        assert_eq!(answer.status, status);
        assert_eq!(answer.error_code(), code);
        assert_eq!(answer.json()["success"], false);
        assert_eq!(answer.header("Retry-After"), None);
        assert!(answer.header("Date").is_some());
    }
    assert_eq!(sandbox.logins(), 0);
}

#[test]
fn retry_after_comes_in_every_shape() {
    let sandbox = start();
    for (name, text) in [
        ("retry-after-7-429", "7"),
        ("retry-after-0-503", "0"),
        ("retry-long-429", "99999999999"),
        ("retry-overflow-503", "99999999999999999999999"),
        ("retry-negative-429", "-5"),
        ("retry-bad-503", "soon"),
    ] {
        let answer = login(&sandbox, &format!("{name}@example.com"));
        assert!(name.ends_with(&answer.status.to_string()), "{name}");
        assert_eq!(answer.header("Retry-After"), Some(text), "{name}");
    }
    let before = SystemTime::now();
    for (name, later) in [("retry-date-90-503", true), ("retry-past-503", false)] {
        let answer = login(&sandbox, &format!("{name}@example.com"));
        let date = answer.header("Retry-After").expect("Retry-After");
        let date = httpdate::parse_http_date(date).expect("a date");
        assert_eq!(date > before, later, "{name}");
    }
}

#[test]
fn refusals_that_are_no_ordinary_envelope() {
    let sandbox = start();
    let at = |name: &str| login(&sandbox, &format!("{name}@example.com"));

    let rejected = at("rejected");
    assert_eq!((rejected.status, rejected.error_code().as_str()), (200, "AccessDenied"));
    assert_eq!(rejected.json()["success"], false);

    let key = at("invalid-api-key");
    assert_eq!((key.status, key.error_code().as_str()), (401, "InvalidAPIKey"));

    let problem = at("problem-400");
    assert_eq!(problem.header("Content-Type"), Some("application/problem+json"));
    assert_eq!((problem.status, &problem.json()["status"]), (400, &json!(400)));
    for member in ["title", "detail", "traceId"] {
        assert!(problem.json()[member].is_string(), "{member}");
    }

    let html = at("html-502");
    assert_eq!((html.status, html.header("Content-Type")), (502, Some("text/html")));
    assert!(html.text().starts_with("<html>"));

    let empty = at("empty-500");
    assert_eq!((empty.status, empty.body.len()), (500, 0));
    assert_eq!(empty.header("Content-Type"), None);

    for (name, status) in [("redirect", 307), ("redirect-302", 302)] {
        let redirect = at(name);
        assert_eq!(redirect.status, status);
        let target = redirect.header("Location").expect("Location");
        assert!(target.starts_with("https://elsewhere.invalid/"), "{target}");
    }
}

#[test]
fn successes_that_say_nothing() {
    let sandbox = start();
    let at = |name: &str| login(&sandbox, &format!("{name}@example.com"));
    for name in ["not-json", "half-json", "not-utf8"] {
        let answer = at(name);
        assert_eq!(answer.status, 200);
        assert!(serde_json::from_slice::<serde_json::Value>(&answer.body).is_err(), "{name}");
    }
    assert!(String::from_utf8(at("not-utf8").body).is_err());
    for (name, body) in [
        ("json-array", json!([])),
        ("json-null", json!(null)),
        ("no-data", json!({ "success": true })),
        ("null-data", json!({ "success": true, "data": null, "errorCode": "", "message": "" })),
    ] {
        assert_eq!((at(name).status, at(name).json()), (200, body));
    }
    assert_eq!(sandbox.logins(), 0);
}

#[test]
fn a_gateway_passes_the_login_on_and_loses_its_answer() {
    let sandbox = start();
    let answer = login(&sandbox, "gateway-503@example.com");
    assert_eq!((answer.status, answer.header("Content-Type")), (503, Some("text/plain")));
    assert!(String::from_utf8(answer.body).unwrap().starts_with("upstream connect error"));
    assert_eq!(sandbox.logins(), 1);
}

#[test]
fn flaky_fails_so_often_and_then_logs_in() {
    let sandbox = start();
    let statuses = |name: &str| [0; 4].map(|_| login(&sandbox, name).status);
    assert_eq!(statuses("flaky-2-503@example.com"), [503, 503, 200, 200]);
    assert_eq!(statuses("flaky-1-503@example.com"), [503, 200, 200, 200]);
    assert_eq!(statuses("flaky-2-503@another.example"), [503, 503, 200, 200]);
    assert_eq!(statuses("flaky-1-retry-after-1-429@example.com"), [429, 200, 200, 200]);
    let answer = login(&sandbox, "flaky-2-503@example.com");
    assert_eq!(answer.data()["userId"], 4821);
}

#[test]
fn flaky_works_with_faults_of_the_connection() {
    let sandbox = start();
    let body = body_of("flaky-1-close@example.com");
    let mut client = Client::http(&sandbox);
    let first = client.call("POST /v2/auth/login", &[], &body);
    assert!(first.is_err(), "{first:?}");
    let second = call(&sandbox, "POST /v2/auth/login", &[], &body);
    assert_eq!(second.status, 200);
}

#[test]
fn slow_takes_its_time() {
    let sandbox = start();
    let begun = Instant::now();
    assert_eq!(login(&sandbox, "slow-150@example.com").status, 200);
    assert_eq!(login(&sandbox, "slow-50-fault-503@example.com").status, 503);
    assert!(begun.elapsed() >= Duration::from_millis(200));
}

#[test]
fn refreshes_of_a_session_can_fail() {
    let sandbox = start();
    let token = token(&sandbox, "refresh-flaky-1-503@example.com");
    let body = json!({ "token": token }).to_string();
    let session = |token: &str| call(&sandbox, "POST /v2/auth/session", &[&bearer(token)], "").status;
    assert_eq!(session(&token), 200);
    assert_eq!(call(&sandbox, "POST /v2/auth/refresh", &[], &body).status, 503);
    assert_eq!(session(&token), 200, "a refresh that failed changes nothing");
    let second = call(&sandbox, "POST /v2/auth/refresh", &[], &body);
    assert_eq!(second.status, 200);
    assert_eq!(session(&token), 401);
    assert_eq!(sandbox.refreshes(), 1);
}

#[test]
fn a_lost_refresh_has_happened() {
    let sandbox = start();
    let token = token(&sandbox, "refresh-lost@example.com");
    let body = json!({ "token": token }).to_string();
    let mut client = Client::http(&sandbox);
    assert!(client.call("POST /v2/auth/refresh", &[], &body).is_err());
    assert_eq!((sandbox.refreshes(), sandbox.live_sessions()), (1, 1));
    assert_eq!(call(&sandbox, "POST /v2/auth/refresh", &[], &body).status, 401);
}

#[test]
fn calls_of_a_session_can_fail() {
    let sandbox = start();
    let token = token(&sandbox, "call-fault-403@example.com");
    for request in ["GET /v2/users/me", "POST /v2/auth/logout", "GET /v2/nothing"] {
        let answer = call(&sandbox, request, &[&bearer(&token)], "");
        assert_eq!(answer.status, 403, "{request}");
    }
    let body = json!({ "token": token }).to_string();
    assert_eq!(call(&sandbox, "POST /v2/auth/refresh", &[], &body).status, 200);
}

#[test]
fn a_real_user_comes_before_a_special_login() {
    let sandbox = start();
    assert_eq!(login(&sandbox, "ok@example.com").data()["userId"], 4821);
    for unknown in ["fault-503", "fault-503@", "unknown@example.com", "@example.com"] {
        assert_eq!(login(&sandbox, unknown).status, 401, "{unknown}");
    }
    let builder = ecgrid_sandbox::Sandbox::builder();
    let taken = ecgrid_sandbox::User::new("fault-503@example.com", "pw", 9);
    let sandbox = builder.user(taken).start().expect("started");
    assert_eq!(login(&sandbox, "fault-503@example.com").status, 401);
    assert_eq!(call(&sandbox, "POST /v2/auth/login", &[], LOGIN).status, 200);
}
