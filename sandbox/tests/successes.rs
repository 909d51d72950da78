//! Special logins that succeed, in odd ways.

mod common;

use common::{Answer, Client, bearer, body_of, call, login, start, token};
use ecgrid_sandbox::Sandbox;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

fn at(sandbox: &Sandbox, name: &str) -> Answer {
    let answer = login(sandbox, &format!("{name}@example.com"));
    assert_eq!(answer.status, 200, "{name}");
    answer
}

#[test]
fn odd_tokens() {
    let sandbox = start();
    let of = |name: &str| at(&sandbox, name).data().get("token").cloned();
    assert_eq!(of("no-token"), None);
    assert_eq!(of("empty-token"), Some(json!("")));
    assert_eq!(of("null-token"), Some(Value::Null));
    assert_eq!(of("token-number"), Some(json!(12345)));
    let text = |name: &str| of(name).and_then(|token| token.as_str().map(str::to_owned));
    assert!(text("token-crlf").is_some_and(|token| token.contains("\r\nX-Injected: ")));
    assert!(text("token-nul").is_some_and(|token| token.contains('\0')));
    assert!(at(&sandbox, "token-crlf").text().contains(r"\r\n"));
    let opaque = text("opaque-token").expect("a token");
    assert!(!opaque.contains('.'));
    let answer = call(&sandbox, "GET /v2/users/me", &[&bearer(&opaque)], "");
    assert_eq!(answer.status, 200);
}

#[test]
fn odd_user_ids() {
    let sandbox = start();
    let of = |name: &str| at(&sandbox, name).data().get("userId").cloned();
    assert_eq!(of("no-user-id"), None);
    assert_eq!(of("null-user-id"), Some(Value::Null));
    assert_eq!(of("user-id-string"), Some(json!("4821")));
    assert_eq!(of("user-id-big"), Some(json!(9_007_199_254_740_993_u64)));
    assert_eq!(of("user-id-huge"), Some(json!(9_223_372_036_854_775_808_u64)));
    assert_eq!(of("user-id-negative"), Some(json!(-1)));
}

#[test]
fn odd_expiries() {
    let sandbox = start();
    let of = |name: &str| at(&sandbox, name).data().get("expiresAt").cloned();
    assert_eq!(of("no-expiry"), None);
    assert_eq!(of("null-expiry"), Some(Value::Null));
    assert_eq!(of("bad-expiry"), Some(json!("soon")));
    let text = |name: &str| of(name).and_then(|at| at.as_str().map(str::to_owned));
    let offset = text("expiry-offset").expect("a time");
    assert!(offset.ends_with("+02:00") && offset.len() == 25, "{offset}");
    assert_eq!(text("expiry-naive").expect("a time").len(), 19);
    let fraction = text("expiry-fraction").expect("a time");
    assert!(fraction.ends_with(".1234567Z"), "{fraction}");
}

#[test]
fn an_expired_token_is_no_good() {
    let sandbox = start();
    let token = token(&sandbox, "expired@example.com");
    let answer = call(&sandbox, "GET /v2/users/me", &[&bearer(&token)], "");
    assert_eq!(answer.status, 401);
    assert_eq!(sandbox.live_sessions(), 0);
}

#[test]
fn wrong_clocks_are_wrong_all_session_long() {
    let sandbox = start();
    for (name, ahead) in [("clock-ahead", true), ("clock-behind", false)] {
        let answer = at(&sandbox, name);
        let wrong = |answer: &Answer| {
            let date = answer.header("Date").expect("Date");
            let date = httpdate::parse_http_date(date).expect("a date");
            let half = Duration::from_secs(1800);
            let now = SystemTime::now();
            if ahead { date > now + half } else { date < now - half }
        };
        assert!(wrong(&answer), "{name}");
        let expires = answer.data()["expiresAt"].clone();
        let token = bearer(answer.data()["token"].as_str().expect("a token"));
        let session = call(&sandbox, "POST /v2/auth/session", &[&token], "");
        assert!(session.status == 200 && wrong(&session), "{name}");
        assert_eq!(session.data()["expiresAt"], expires);
        let body = json!({ "token": answer.data()["token"] }).to_string();
        let refresh = call(&sandbox, "POST /v2/auth/refresh", &[], &body);
        assert!(refresh.status == 200 && wrong(&refresh), "{name}");
    }
    assert_eq!(at(&sandbox, "no-date").header("Date"), None);
}

#[test]
fn odd_envelopes() {
    let sandbox = start();
    let upper = at(&sandbox, "upper-case").json();
    assert_eq!((&upper["SUCCESS"], &upper["DATA"]["USERID"]), (&json!(true), &json!(4821)));
    let pascal = at(&sandbox, "pascal-case").json();
    assert_eq!((&pascal["Success"], &pascal["Data"]["UserId"]), (&json!(true), &json!(4821)));
    let extra = at(&sandbox, "extra-members").json();
    assert!(extra["warnings"].is_array() && extra["data"]["refreshToken"].is_string());
    assert!(extra["data"]["token"].is_string());
    let null = at(&sandbox, "null-error-code").json();
    assert_eq!(null.get("errorCode"), Some(&Value::Null));
    assert_eq!(null.get("message"), Some(&Value::Null));
    assert_eq!(at(&sandbox, "no-error-code").json().get("errorCode"), None);
}

#[test]
fn odd_bytes() {
    let sandbox = start();
    assert!(at(&sandbox, "trailing").text().ends_with("} }rubbish"));
    assert!(at(&sandbox, "bom").body.starts_with(b"\xef\xbb\xbf{"));
    assert_eq!(at(&sandbox, "no-content-type").header("Content-Type"), None);
}

#[test]
fn every_framing_over_both_wires() {
    let sandbox = start();
    for name in [
        "ok",
        "chunked",
        "until-close",
        "early-hints",
        "connection-close",
        "silent-close",
        "no-date",
        "drip-0",
        "drip-head-0",
    ] {
        for mut client in [Client::http(&sandbox), Client::https(&sandbox)] {
            let body = body_of(&format!("{name}@example.com"));
            let answer = client.call("POST /v2/auth/login", &[], &body);
            let answer = answer.expect(name);
            assert_eq!((answer.status, &answer.data()["userId"]), (200, &json!(4821)));
            let says_so = answer.header("Connection") == Some("close");
            assert_eq!(says_so, !matches!(name, "ok" | "silent-close"), "{name}");
            if name != "ok" {
                assert_eq!(client.rest().expect("an orderly end"), b"", "{name}");
            }
        }
    }
}

#[test]
fn a_stale_connection_gives_no_second_answer() {
    let sandbox = start();
    for mut client in [Client::http(&sandbox), Client::https(&sandbox)] {
        let body = body_of("stale@example.com");
        let first = client.call("POST /v2/auth/login", &[], &body);
        let first = first.expect("an answer");
        assert_eq!((first.status, first.header("Connection")), (200, None));
        let second = client.call("GET /v2/auth/version", &[], "");
        assert!(second.is_err(), "{second:?}");
    }
    assert_eq!(sandbox.request_count(), 4);
}
