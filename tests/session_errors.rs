//! What an error of a call says: never a secret that was in the call, and without taking longer than the call may.

mod common;

use common::server::{Server, answer};
use common::{Config, Failure};
use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;

/// A server that refuses every call and says why: its own words, or else what it was sent.
fn refusing(words: &'static str) -> Server {
    Server::start(move |connection| {
        while let Some(request) = connection.read_request() {
            let sent = request.split("\r\n\r\n").nth(1).unwrap();
            let message = if words.is_empty() { sent } else { words };
            let refusal = serde_json::json!({"success": false, "errorCode": "InvalidParameter", "message": message});
            connection.send(answer("400 Bad Request", "", &refusal.to_string()).as_bytes());
        }
    })
}

fn refused(server: &Server, path: &str, body: &str) -> Failure {
    let session = server.config().timeout(10_000).client().key_session("key").unwrap();
    let failure = session.call("POST", path, Some(body)).unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_REJECTED, ECGRID_OUTCOME_REFUSED, 400), "{failure:?}");
    assert_eq!(failure.code, "InvalidParameter", "{failure:?}");
    failure
}

/// POST /v2/callbacks/create has a `url`, and URLs have passwords.
#[test]
fn a_secret_anywhere_in_a_body_is_in_no_message() {
    let server = refusing("");
    for body in [
        r#"{"url":"https://user:canary-7391@partner.example/in"}"#,
        r#"{"url":"https:\/\/user:canary%2D7391@partner.example"}"#,
        r#"["https://canary-7391@partner.example"]"#,
        r#"{"url":"https://partner.example/in?page=1&token=canary-7391"}"#,
        r#"{"url":"https://partner.example/in?to=https%3A%2F%2Fu%3Acanary-7391%40h"}"#,
        r#"{"passwords":["first-one","canary-7391"]}"#,
        r#"{"password":17,"pin":"x","apiKeys":{"eu":"canary-7391"}}"#,
        r#"[[{"apiKeys":{"eu":[{"id":"x"},{"value":{"of":"canary-7391"}}]}}]]"#,
        r#"{"first":{"keys":[],"x":1},"then":[{"secret":"canary-7391"}]}"#,
    ] {
        let failure = refused(&server, "/v2/callbacks/create", body);
        assert!(!failure.message.contains("canary"), "{failure:?}");
        assert!(failure.message.contains("the server says: "), "{failure:?}");
    }
}

#[test]
fn a_secret_in_a_url_of_a_path_is_in_no_message() {
    let server = refusing("cannot use canary-7391");
    for path in ["/v2/x?url=https://u:canary-7391@h", "/v2/x?url=https%3A%2F%2Fu%3Acanary-7391%40h&y=1"] {
        let failure = refused(&server, path, "{}");
        assert!(failure.message.ends_with("the server says: cannot use ***"), "{failure:?}");
    }
}

fn rows(count: usize, kinds: usize) -> String {
    let rows: Vec<String> = (0..count).map(|row| format!(r#"{{"certType":"canary-{}"}}"#, row % kinds)).collect();
    format!("[{}]", rows.join(","))
}

/// How long it takes is counted where it is done; here an eternity would be noticed.
#[test]
fn a_long_body_and_a_long_refusal_do_not_keep_a_call_beyond_its_deadline() {
    let server = refusing(Box::leak("x canary-7 ".repeat(5_000).into_boxed_str()));
    let failure = refused(&server, "/v2/x", &rows(20_000, 20_000));
    assert!(!failure.message.contains("canary") && !failure.message.contains("the server says"), "{failure:?}");
    assert!(failure.message.contains("(HTTP 400, InvalidParameter)"), "{failure:?}");
}

#[test]
fn a_secret_that_is_sent_often_does_not_cost_the_servers_words() {
    let failure = refused(&refusing("no canary-7, sorry"), "/v2/x", &rows(20_000, 64));
    assert!(failure.message.ends_with("the server says: no ***, sorry"), "{failure:?}");
}

#[test]
fn a_path_that_leads_elsewhere_once_it_is_decoded_is_not_sent() {
    let server = refusing("sent");
    let session = server.config().client().key_session("key").unwrap();
    for path in [
        "/v2/users/..%2f..%2f..%2fadmin",
        "/v2/users/..%5C..%5Cadmin",
        "/v2/users/%2E%2e%2Fadmin",
        "/v2/x%2f..%2fy",
        "/v2/x%5c.",
    ] {
        let failure = session.call("GET", path, None).unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_INVALID_ARGUMENT, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    }
    assert!(server.requests().is_empty());
    // What stands for a slash in a name is no harm.
    session.call("GET", "/v2/users/a%2Fb%5C..c?x=..%2f..", None).unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_call_that_is_not_sent_shows_no_key_of_its_path_either() {
    let sandbox = Sandbox::builder().refuse_refresh(true).start().unwrap();
    let session = Config::secure(&sandbox).client().usual_session();
    let token = session.token().unwrap().value;
    let path = format!("/v2/users/{token}/x?password=canary-1");
    let broken = session.call("POST", &path, Some("{")).unwrap_err();
    session.refresh().unwrap_err();
    let over = session.call("GET", &path, None).unwrap_err();
    for (failure, method) in [(broken, "POST"), (over, "GET")] {
        assert!(failure.message.starts_with(&format!("{method} /v2/users/***/x not sent: ")), "{failure:?}");
        assert!(!failure.message.contains(&token) && !failure.message.contains("canary"), "{failure:?}");
    }
}
