//! What a login reads: liberally where ECGrid's pages disagree, strictly where others would suffer.

mod common;

use common::server::{Server, answer};
use common::{Client, Config, Token, both, sandbox};
use ecgrid::ffi::*;

#[test]
fn a_login_brings_token_user_and_expiry() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config) {
        let token = client.try_as("ok").unwrap();
        assert_eq!(token.user_id, 4821, "{kind}");
        assert_eq!(token.header, ["Authorization".to_owned(), format!("Bearer {}", token.value)]);
        assert_eq!(token.value.split('.').count(), 3);
        assert!((3590..=3600).contains(&token.expires_in), "{token:?}");
        assert!(token.expires_at > 1_700_000_000);
    }
}

#[test]
fn answers_that_differ_from_page_to_page_are_all_understood() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    let usual = [
        "upper-case",
        "pascal-case",
        "extra-members",
        "null-error-code",
        "no-error-code",
        "bom",
        "no-content-type",
        "user-id-string",
        "expiry-offset",
        "expiry-naive",
        "expiry-fraction",
        "no-expiry",
        "null-expiry",
        "bad-expiry",
        "clock-ahead",
        "clock-behind",
        "chunked",
        "until-close",
        "early-hints",
        "connection-close",
    ];
    for name in usual {
        let token = client.try_as(name).unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
        assert_eq!(token.user_id, 4821, "{name}");
        assert!((3580..=3600).contains(&token.expires_in), "{name}: {token:?}");
    }
    for (name, user_id) in [
        ("no-user-id", 0),
        ("null-user-id", 0),
        ("user-id-big", 9_007_199_254_740_993),
        ("user-id-huge", 0),
        ("user-id-negative", -1),
    ] {
        assert_eq!(client.try_as(name).unwrap().user_id, user_id, "{name}");
    }
    let opaque = client.try_as("opaque-token").unwrap();
    assert!(opaque.expires_at > 0);
    assert_eq!(client.try_as("expired").unwrap().expires_in, 0);
}

fn served(body: &str, headers: &str) -> (Server, Client) {
    let server = Server::answering(answer("200 OK", headers, body));
    let client = Config::new(&server.url()).client();
    (server, client)
}

#[test]
fn an_expiry_that_nobody_tells_is_unknown() {
    let (_server, client) = served(r#"{"success":true,"data":{"token":"opaque"}}"#, "");
    let token = client.try_as("any").unwrap();
    assert_eq!((token.expires_at, token.expires_in), (-1, -1));
}

#[test]
fn the_lifetime_counts_by_the_servers_clock() {
    let body = r#"{"success":true,"data":{"token":"opaque","expiresAt":"2001-01-01T01:00:00Z"}}"#;
    let (_server, client) = served(body, "Date: Mon, 01 Jan 2001 00:50:00 GMT\r\n");
    let token = client.try_as("any").unwrap();
    assert_eq!(token.expires_at, 978_310_800);
    assert!((595..=600).contains(&token.expires_in), "{token:?}");
}

fn is_bad_response(result: Result<Token, common::Failure>, name: &str) -> String {
    let failure = result.expect_err(name);
    assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 200), "{name}: {failure:?}");
    failure.message
}

#[test]
fn an_answer_that_is_not_ecgrids_is_no_login() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config) {
        for name in [
            "not-json",
            "half-json",
            "not-utf8",
            "json-array",
            "json-null",
            "no-data",
            "null-data",
            "deep",
            "no-token",
            "empty-token",
            "null-token",
            "token-number",
            "token-crlf",
            "token-nul",
            "trailing",
            "html-200",
            "empty-200",
        ] {
            let message = is_bad_response(client.try_as(name), name);
            assert!(message.contains(if kind == "HTTP" { "http://" } else { "https://" }), "{name}: {message}");
        }
    }
}

#[test]
fn the_text_of_a_broken_answer_is_not_shown_as_it_may_hold_the_token() {
    let (_server, client) = served(r#"{"success":true,"data":{"token":"canary-token""#, "");
    let message = is_bad_response(client.try_as("any"), "half");
    assert!(!message.contains("canary"), "{message}");
}

#[test]
fn an_answer_over_the_limit_is_refused_before_it_is_stored() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config.max_response_bytes(100_000)) {
        for name in ["huge", "endless-body"] {
            let message = is_bad_response(client.try_as(name), name);
            assert!(message.contains("over 100000 bytes"), "{kind} {name}: {message}");
        }
    }
    // The default is 64 MiB, and `huge` is one byte more.
    is_bad_response(Config::new(&sandbox.http_url()).client().try_as("huge"), "huge");
}

#[test]
fn a_head_that_does_not_end_is_refused() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config) {
        let failure = client.failure_as("endless-headers");
        assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 0), "{kind}: {failure:?}");
        assert!(failure.message.contains("head"), "{failure:?}");
    }
}
