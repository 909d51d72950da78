//! What a session does for its caller, seen from C and counted at the server.

mod common;

use std::time::Duration;

use common::{Config, LOGIN, both, sandbox};
use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;

#[test]
fn a_session_logs_in_once_and_calls_with_its_token() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config.api_key("key-for-logins-only")) {
        sandbox.take_requests();
        let session = client.usual_session();
        let token = session.token().unwrap();
        assert_eq!(token.user_id, 4821);
        for _ in 0..3 {
            let me = session.me().unwrap();
            assert_eq!((me.http_status, &me.json()["login"]), (200, &LOGIN.into()), "{kind}");
        }
        let requests = sandbox.requests();
        let paths: Vec<&str> = requests.iter().map(|request| &*request.path).collect();
        assert_eq!(paths, ["/v2/auth/login", "/v2/users/me", "/v2/users/me", "/v2/users/me"], "{kind}");
        for call in &requests[1..] {
            assert_eq!(call.header("Authorization"), Some(&*token.header[1]));
            assert_eq!(call.header("X-API-Key"), None);
        }
    }
}

#[test]
fn a_session_with_an_api_key_makes_no_request_and_sends_the_key_alone() {
    let sandbox = sandbox();
    let key = sandbox.users()[0].api_key.clone();
    let client = Config::secure(&sandbox).api_key("key-for-logins-only").client();
    let session = client.key_session(&key).unwrap();
    assert_eq!(sandbox.connection_count(), 0);
    let token = session.token().unwrap();
    assert_eq!((&token.header, &token.value), (&["X-API-Key".to_owned(), key.clone()], &key));
    assert_eq!((token.user_id, token.expires_at, token.expires_in), (0, -1, -1));
    let failure = session.refresh().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_INVALID_STATE, ECGRID_OUTCOME_NOT_SENT, 0));
    assert!(failure.message.contains("API key"), "{failure:?}");
    assert_eq!(sandbox.connection_count(), 0);

    assert_eq!(session.me().unwrap().json()["userId"], 4821);
    let request = &sandbox.requests()[0];
    assert_eq!((request.header("X-API-Key"), request.header("Authorization")), (Some(&*key), None));
}

#[test]
fn a_due_token_is_refreshed_before_it_is_used() {
    let sandbox = Sandbox::builder().token_lifetime(Duration::from_secs(2)).start().unwrap();
    let session = Config::secure(&sandbox).client().usual_session();
    let first = session.token().unwrap();
    while sandbox.refreshes() < 2 {
        session.me().unwrap();
        std::thread::yield_now();
    }
    let later = session.token().unwrap();
    assert_ne!(first.value, later.value);
    assert_eq!((later.user_id, sandbox.logins()), (4821, 1));
    let refused = sandbox.requests().iter().filter(|request| request.path == "/v2/auth/refresh").count() as u64;
    assert_eq!(refused, sandbox.refreshes());
}
