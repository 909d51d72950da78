//! Switches that make every session misbehave, and the counters to check a client by.

mod common;

use common::{Answer, Client, LOGIN, PATIENCE, bearer, call, connect, login, start, token};
use ecgrid_sandbox::Sandbox;
use serde_json::{Value, json};
use std::time::{Duration, Instant, SystemTime};

const ANYBODY: &str = "ok@example.com";

fn refresh(sandbox: &Sandbox, token: &str) -> Answer {
    call(sandbox, "POST /v2/auth/refresh", &[], &json!({ "token": token }).to_string())
}

fn me(sandbox: &Sandbox, token: &str) -> u16 {
    call(sandbox, "GET /v2/users/me", &[&bearer(token)], "").status
}

#[test]
fn counters_tell_what_a_client_did() {
    let sandbox = start();
    let old = token(&sandbox, ANYBODY);
    let new = refresh(&sandbox, &old).data()["token"].as_str().expect("a token").to_owned();
    refresh(&sandbox, &old);
    refresh(&sandbox, &old);
    me(&sandbox, &old);
    login(&sandbox, "nobody@example.com");
    call(&sandbox, "POST /v2/auth/logout", &[&bearer(&new)], "");
    call(&sandbox, "POST /v2/auth/logout", &[&bearer(&new)], "");
    assert_eq!((sandbox.logins(), sandbox.refreshes(), sandbox.refused_refreshes()), (1, 1, 2));
    assert_eq!((sandbox.logouts(), sandbox.unauthorized()), (1, 3));
}

#[test]
fn faults_count_like_real_refusals() {
    let sandbox = start();
    let token = token(&sandbox, "refresh-slow-1-fault-401@example.com");
    assert_eq!(refresh(&sandbox, &token).status, 401);
    login(&sandbox, "empty-401@example.com");
    assert_eq!((sandbox.refused_refreshes(), sandbox.unauthorized()), (1, 1));
}

#[test]
fn any_program_can_read_the_counters_and_revoke() {
    let sandbox = start();
    let tokens = [token(&sandbox, ANYBODY), token(&sandbox, ANYBODY)];
    let revoked = call(&sandbox, "POST /sandbox/revoke", &[], "");
    assert_eq!((revoked.status, revoked.data()), (200, json!(2)));
    assert!(tokens.iter().all(|token| me(&sandbox, token) == 401));
    let data = call(&sandbox, "GET /sandbox/counters", &[], "").data();
    let expected = json!({
        "logins": 2, "refreshes": 0, "refusedRefreshes": 0, "logouts": 0, "unauthorized": 2, "requests": 4,
        "uploads": 0, "downloads": 0, "confirmations": 0, "repeatedConfirmations": 0,
    });
    assert_eq!(data, expected);
    assert_eq!(call(&sandbox, "GET /sandbox/revoke", &[], "").status, 405);
}

#[test]
fn one_users_sessions_can_be_ended() {
    let sandbox = start();
    let jsmith = token(&sandbox, ANYBODY);
    let admin = r#"{"login":"admin@example.com","password":"Adm1n$ecret!"}"#;
    let admin = call(&sandbox, "POST /v2/auth/login", &[], admin).data();
    let admin = admin["token"].as_str().expect("a token");
    assert_eq!(sandbox.revoke_tokens_of(4821), 1);
    assert_eq!(sandbox.revoke_tokens_of(4821), 0);
    assert_eq!((me(&sandbox, &jsmith), me(&sandbox, admin)), (401, 200));
}

#[test]
fn a_delayed_refresh_has_happened_and_holds_nobody_up() {
    let sandbox = start();
    sandbox.refresh_delay(Duration::from_secs(3600));
    let token = token(&sandbox, ANYBODY);
    let mut waiting = Client::http(&sandbox);
    waiting.send_request("POST /v2/auth/refresh", &[], &json!({ "token": token }).to_string());
    assert!(sandbox.wait_for_requests(2, PATIENCE));
    assert_eq!(me(&sandbox, &token), 401, "the old token is dead already");
    assert_eq!((sandbox.refreshes(), sandbox.live_sessions()), (1, 1));
}

#[test]
fn a_delayed_refresh_is_answered_at_last() {
    let sandbox = start();
    let token = token(&sandbox, ANYBODY);
    let delay = Duration::from_millis(50);
    sandbox.refresh_delay(delay);
    let before = Instant::now();
    assert_eq!(refresh(&sandbox, &token).status, 200);
    assert!(before.elapsed() >= delay);
}

#[test]
fn a_refused_refresh_leaves_the_token_as_it_was() {
    let sandbox = Sandbox::builder().refuse_refresh(true).start().expect("started");
    let token = token(&sandbox, ANYBODY);
    let refused = refresh(&sandbox, &token);
    assert_eq!((refused.status, refused.error_code().as_str()), (401, "InvalidSession"));
    assert_eq!(me(&sandbox, &token), 200);
    sandbox.refuse_refresh(false);
    assert_eq!(refresh(&sandbox, &token).status, 200);
    assert_eq!((sandbox.refreshes(), sandbox.refused_refreshes()), (1, 1));
}

#[test]
fn lost_answers_come_by_the_count_and_everything_is_done() {
    let sandbox = start();
    let token = bearer(&token(&sandbox, ANYBODY));
    sandbox.lose_answers(50);
    let answered: Vec<bool> = (0..4)
        .map(|_| Client::http(&sandbox).call("POST /v2/users/key-generate/4821", &[&token], "").is_ok())
        .collect();
    assert_eq!(answered, [true, false, true, false]);
    assert_eq!(login(&sandbox, ANYBODY).status, 200, "logins are not lost");
    sandbox.lose_answers(100);
    let before = sandbox.users()[0].api_key.clone();
    for mut client in [Client::http(&sandbox), Client::https(&sandbox)] {
        assert!(client.call("POST /v2/users/key-generate/4821", &[&token], "").is_err());
    }
    assert_ne!(sandbox.users()[0].api_key, before);
    assert_eq!(call(&sandbox, "GET /sandbox/counters", &[], "").status, 200, "counters are not lost");
}

#[test]
fn lost_refreshes_have_happened() {
    let sandbox = Sandbox::builder().lose_refreshes(100).lose_answers(0).start().expect("started");
    let token = token(&sandbox, ANYBODY);
    let body = json!({ "token": token }).to_string();
    assert!(Client::http(&sandbox).call("POST /v2/auth/refresh", &[], &body).is_err());
    assert_eq!(me(&sandbox, &token), 401);
    assert_eq!((sandbox.refreshes(), sandbox.live_sessions()), (1, 1));
}

/// How far the server's clock is ahead, in hours, by the Date of an answer.
fn hours_ahead(answer: &Answer) -> i64 {
    let date = httpdate::parse_http_date(answer.header("Date").expect("Date")).expect("a date");
    let seconds = |at: SystemTime| at.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs_f64();
    ((seconds(date) - seconds(SystemTime::now())) / 3600.0).round() as i64
}

fn expiry(token: &str) -> i64 {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("claims")).expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    claims["exp"].as_i64().expect("exp")
}

#[test]
fn a_wrong_clock_is_wrong_everywhere() {
    let sandbox = start();
    let right = expiry(&token(&sandbox, ANYBODY));
    sandbox.clock_skew(-5 * 3600);
    let answer = call(&sandbox, "POST /v2/auth/login", &[], LOGIN);
    let wrong = answer.data()["token"].as_str().expect("a token").to_owned();
    assert_eq!(hours_ahead(&answer), -5);
    assert!((right - expiry(&wrong) - 5 * 3600).abs() < 60);
    let session = call(&sandbox, "POST /v2/auth/session", &[&bearer(&wrong)], "");
    assert_eq!(session.data()["expiresAt"], answer.data()["expiresAt"]);
    let refreshed = refresh(&sandbox, &wrong);
    assert_eq!(hours_ahead(&refreshed), -5);
    let of = |name: &str| login(&sandbox, &format!("{name}@example.com"));
    for name in ["nobody", "fault-503", "chunked", "trailing", "until-close", "deep"] {
        assert_eq!(hours_ahead(&of(name)), -5, "{name}");
    }
    assert_eq!(hours_ahead(&of("clock-ahead")), -4, "both errors add up");
    let date = of("retry-date-0-503").header("Retry-After").map(str::to_owned).expect("Retry-After");
    assert!(httpdate::parse_http_date(&date).expect("a date") < SystemTime::now() - Duration::from_secs(4 * 3600));
    sandbox.clock_skew(0);
    assert_eq!(hours_ahead(&of("ok")), 0);
}

#[test]
fn echo_says_what_arrived() {
    let sandbox = Sandbox::builder().echo(true).start().expect("started");
    let token = bearer(&token(&sandbox, ANYBODY));
    let body = "{\"a\" : \"\u{e9}\"}\n";
    let answer = call(&sandbox, "PATCH /v2/any%20thing?q=%C3%A9&q", &[&token], body);
    let expected = json!({
        "method": "PATCH", "target": "/v2/any%20thing?q=%C3%A9&q", "body": body,
        "bodyBase64": "eyJhIiA6ICLDqSJ9Cg==", "authorization": "Bearer", "apiKey": false,
    });
    assert_eq!((answer.status, answer.data()), (200, expected));
    let key = format!("x-api-key: {}", sandbox.users()[0].api_key);
    let data = call(&sandbox, "GET /v2/users/me", &[&key], "").data();
    assert_eq!((&data["authorization"], &data["apiKey"]), (&Value::Null, &json!(true)));
}

#[test]
fn echo_takes_bodies_of_any_bytes() {
    let sandbox = Sandbox::builder().echo(true).start().expect("started");
    let key = &sandbox.users()[0].api_key;
    let mut client = Client::new(connect(sandbox.http_address()));
    let head = format!("POST /x HTTP/1.1\r\nHost: x\r\nX-API-Key: {key}\r\nContent-Length: 3\r\n\r\n");
    client.send(&[head.as_bytes(), b"\x00\xff\r"].concat());
    let data = client.answer().expect("an answer").data();
    assert_eq!((&data["body"], &data["bodyBase64"]), (&Value::Null, &json!("AP8N")));
}

#[test]
fn echo_spares_the_session_itself() {
    let sandbox = Sandbox::builder().echo(true).start().expect("started");
    let old = token(&sandbox, ANYBODY);
    let refreshed = refresh(&sandbox, &old).data();
    let new = refreshed["token"].as_str().expect("a token");
    assert_eq!(me(&sandbox, &old), 401);
    assert_eq!(call(&sandbox, "GET /v2/nothing", &[], "").status, 401);
    assert_eq!(call(&sandbox, "GET /v2/auth/version", &[], "").data(), json!({ "version": "2.6" }));
    let logout = call(&sandbox, "POST /v2/auth/logout", &[&bearer(new)], "");
    assert_eq!(logout.json()["message"], "Session terminated.");
    sandbox.echo(false);
    assert_eq!(call(&sandbox, "GET /v2/nothing", &[], "").status, 404);
}
