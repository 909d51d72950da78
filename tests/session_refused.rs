//! Tokens for requests that the program sends itself: what becomes of the session when one of them comes back 401.

mod common;

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use common::session::Session;
use common::{Client, Config, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;

fn client(sandbox: &Sandbox) -> Client {
    Config::secure(sandbox).client()
}

/// The paths that the sandbox was asked for, in order.
fn asked(sandbox: &Sandbox) -> Vec<String> {
    sandbox.requests().iter().map(|request| request.path.trim_start_matches("/v2/").to_owned()).collect()
}

#[test]
fn a_refused_token_is_replaced_by_whoever_next_needs_one() {
    let next_needs: [fn(&Session); 3] = [
        |session| drop(session.token().unwrap()),
        |session| drop(session.me().unwrap()),
        |session| drop(session.info().unwrap()),
    ];
    for next_need in next_needs {
        let sandbox = sandbox();
        let session = client(&sandbox).usual_session();
        let token = session.hold().unwrap();
        session.another().refused(&token).unwrap();
        assert_eq!(sandbox.request_count(), 1, "nobody needs one yet");
        next_need(&session);
        assert_ne!(session.token().unwrap().value, token.value());
        assert_eq!((sandbox.logins(), sandbox.refreshes(), sandbox.unauthorized()), (1, 1, 0));
    }
}

#[test]
fn where_no_better_one_can_be_had_the_next_token_says_why() {
    let sandbox = sandbox();
    let session = client(&sandbox).usual_session();
    let token = session.hold().unwrap();
    sandbox.revoke_all_tokens();
    session.refused(&token).unwrap();
    for _ in 0..2 {
        let failure = session.token().unwrap_err();
        assert_eq!((failure.status, failure.outcome), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_NOT_SENT), "{failure:?}");
        assert!(failure.message.contains("log in again"), "{failure:?}");
        // Of a session that is over no token is the current one.
        session.refused(&token).unwrap();
    }
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh"]);

    let sandbox = common::sandbox();
    let session = Config::secure(&sandbox).keep_password(1).client().usual_session();
    let token = session.hold().unwrap();
    sandbox.revoke_all_tokens();
    session.refused(&token).unwrap();
    assert_ne!(session.token().unwrap().value, token.value());
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/login"]);
}

#[test]
fn a_token_that_is_not_the_current_one_changes_nothing() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let session = client.usual_session();
    let old = session.hold().unwrap();
    session.refresh().unwrap();
    let current = session.token().unwrap();
    let others = [
        old,
        client.usual_session().hold().unwrap(),
        client.hold(LOGIN, PASSWORD).unwrap(),
        client.key_session(&sandbox.users()[0].api_key).unwrap().hold().unwrap(),
    ];
    let before = sandbox.request_count();
    for other in others {
        session.refused(&other).unwrap();
        assert_eq!(session.token().unwrap().value, current.value);
    }
    assert_eq!(sandbox.request_count(), before);
    // Nor does the current one of a session that has ended.
    let last = session.hold().unwrap();
    session.logout().unwrap();
    session.refused(&last).unwrap();
    assert_eq!(session.token().unwrap_err().status, ECGRID_INVALID_STATE);
}

#[test]
fn an_api_key_that_is_refused_stays_the_sessions() {
    let sandbox = sandbox();
    let session = client(&sandbox).key_session(&sandbox.users()[0].api_key).unwrap();
    let key = session.hold().unwrap();
    session.refused(&key).unwrap();
    assert_eq!(session.token().unwrap().value, key.value());
    session.me().unwrap();
    assert_eq!(asked(&sandbox), ["users/me"]);
}

#[test]
fn a_replacement_that_is_refused_too_is_asked_about_and_handed_out_again_if_it_is_good() {
    let sandbox = sandbox();
    let session = client(&sandbox).usual_session();
    session.refused(&session.hold().unwrap()).unwrap();
    let replacement = session.hold().unwrap();
    session.refused(&replacement).unwrap();
    assert_eq!(session.token().unwrap().value, replacement.value());
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/session"]);
}

#[test]
fn many_who_tell_of_one_token_cost_one_refresh() {
    let sandbox = sandbox();
    let session = client(&sandbox).usual_session();
    let (token, barrier) = (session.hold().unwrap(), Barrier::new(16));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                barrier.wait();
                let own = session.another();
                own.refused(&token).unwrap();
                assert_ne!(own.token().unwrap().value, token.value());
            });
        }
    });
    assert_eq!((sandbox.logins(), sandbox.refreshes(), sandbox.unauthorized()), (1, 1, 0));
}

#[test]
fn a_token_that_is_refused_during_its_refresh_does_no_harm_to_the_new_one() {
    let sandbox = Sandbox::builder().refresh_delay(Duration::from_millis(300)).start().unwrap();
    let session = client(&sandbox).usual_session();
    let token = session.hold().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| session.refresh().unwrap());
        assert!(sandbox.wait_for_requests(2, Duration::from_secs(10)));
        session.refused(&token).unwrap();
        assert_ne!(session.token().unwrap().value, token.value());
    });
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh"]);
}

#[test]
fn a_handle_that_was_stopped_may_still_tell() {
    let sandbox = sandbox();
    let session = client(&sandbox).usual_session();
    let (stopped, token) = (session.another(), session.hold().unwrap());
    stopped.stop();
    stopped.refused(&token).unwrap();
    assert_ne!(session.token().unwrap().value, token.value());
}
