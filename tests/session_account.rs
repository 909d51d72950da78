//! The account's own calls: who am I, another password, another key, and the end of the session.

mod common;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::script::{IN_AN_HOUR, asked, denied, ok, serve, token};
use common::server::Connection;
use common::session::Session;
use common::{Config, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;

const BETTER: &str = "An0ther$ecret!";
const PATIENCE: Duration = Duration::from_secs(10);

fn paths(sandbox: &Sandbox) -> Vec<String> {
    sandbox.take_requests().iter().map(|request| request.path.trim_start_matches("/v2/").to_owned()).collect()
}

#[test]
fn info_tells_whose_session_it_is() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    let info = client.usual_session().info().unwrap().json();
    assert_eq!(
        (&info["userId"], &info["login"], &info["authLevel"]),
        (&4821.into(), &LOGIN.into(), &"MailboxAdmin".into())
    );
    let info = client.key_session(&sandbox.users()[0].api_key).unwrap().info().unwrap().json();
    assert_eq!(info["expiresAt"], serde_json::Value::Null);
}

#[test]
fn a_new_password_against_the_policy_is_refused_unsent_with_the_rule() {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).client().usual_session();
    paths(&sandbox);
    for (password, rule) in [
        ("", "lower-case"),
        ("ABC1!", "lower-case"),
        ("abc1!", "upper-case"),
        ("Abcd!", "digit"),
        ("Abcd1", "neither letter nor digit"),
    ] {
        let failure = session.change_password(PASSWORD, password).unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_INVALID_ARGUMENT, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
        assert!(failure.message.contains(rule), "{failure:?}");
    }
    assert!(session.change_password("", BETTER).unwrap_err().message.contains("current password is empty"));
    assert_eq!(paths(&sandbox), [""; 0]);
}

#[test]
fn a_changed_password_is_the_one_that_is_kept() {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).keep_password(1).client().usual_session();
    assert_eq!(
        session.change_password("wr0ng-Password!", BETTER).unwrap_err().kind(),
        (ECGRID_REJECTED, ECGRID_OUTCOME_REFUSED, 400)
    );
    session.change_password(PASSWORD, BETTER).unwrap();
    // The token lives on.
    session.me().unwrap();
    assert_eq!(sandbox.logins(), 1);
    sandbox.revoke_all_tokens();
    session.me().unwrap();
    assert_eq!(sandbox.logins(), 2);
}

#[test]
fn a_password_whose_change_got_lost_is_not_kept_since_trying_might_lock_the_account() {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).keep_password(1).client().session_as("call-flaky-1-lost");
    let failure = session.change_password(PASSWORD, BETTER).unwrap_err();
    assert_eq!(failure.outcome, ECGRID_OUTCOME_UNKNOWN, "{failure:?}");
    sandbox.revoke_all_tokens();
    assert_eq!(session.me().unwrap_err().status, ECGRID_UNAUTHENTICATED);
    assert_eq!(sandbox.logins(), 1);
}

#[test]
fn a_wrong_current_password_is_sent_once() {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).client().session_as("call-fault-401");
    paths(&sandbox);
    let failure = session.change_password(PASSWORD, BETTER).unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401), "{failure:?}");
    assert_eq!(paths(&sandbox), ["auth/password"]);
}

#[test]
fn a_session_whose_own_key_is_replaced_changes_over() {
    let sandbox = sandbox();
    let old = sandbox.users()[0].api_key.clone();
    let session = Config::secure(&sandbox).client().key_session(&old).unwrap();
    let clone = session.another();
    let new = session.generate_api_key(4821).unwrap();
    assert_ne!(old, new);
    for handle in [&session, &clone] {
        handle.me().unwrap();
        assert_eq!(sandbox.requests().pop().unwrap().header("X-API-Key"), Some(&*new));
    }
    // Whose key it is was asked once.
    let newer = session.generate_api_key(4821).unwrap();
    assert_eq!(sandbox.users()[0].api_key, newer);
    assert_eq!(
        paths(&sandbox),
        ["auth/session", "users/key-generate/4821", "users/me", "users/me", "users/key-generate/4821"]
    );
    assert_eq!(sandbox.unauthorized(), 0);
}

#[test]
fn another_accounts_new_key_leaves_the_session_as_it_is() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    let admin = client.key_session(&sandbox.users()[1].api_key).unwrap();
    let key = admin.generate_api_key(4821).unwrap();
    assert_eq!(sandbox.users()[0].api_key, key);
    admin.me().unwrap();
    assert_eq!(sandbox.requests().pop().unwrap().header("X-API-Key"), Some(&*sandbox.users()[1].api_key));
    // A token is not touched by a new key.
    let session = client.usual_session();
    session.generate_api_key(4821).unwrap();
    session.me().unwrap();
    assert_eq!(session.generate_api_key(4800).unwrap_err().status, ECGRID_FORBIDDEN);
    for id in [0, -1, i64::MIN] {
        assert_eq!(session.generate_api_key(id).unwrap_err().status, ECGRID_INVALID_ARGUMENT);
    }
}

#[test]
fn calls_go_well_while_the_sessions_key_is_replaced() {
    const CALLERS: usize = 16;
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).client().key_session(&sandbox.users()[0].api_key).unwrap();
    let rounds = [const { AtomicUsize::new(0) }; CALLERS];
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for round in &rounds {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    session.me().unwrap();
                    round.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let begun = Instant::now();
        for _ in 0..10 {
            session.generate_api_key(4821).unwrap();
            // A call survives one new key, not two: each caller ends what it had begun before the next.
            let before = rounds.each_ref().map(|round| round.load(Ordering::Relaxed));
            while rounds.iter().zip(before).any(|(round, before)| round.load(Ordering::Relaxed) < before + 2) {
                assert!(begun.elapsed() < PATIENCE);
                thread::yield_now();
            }
        }
        over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn an_unknown_key_is_told_by_each_call_and_ends_nothing() {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).client().key_session("canary-key-that-nobody-knows").unwrap();
    for _ in 0..2 {
        let failure = session.me().unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401), "{failure:?}");
        assert!(failure.message.contains("API key") && !failure.message.contains("canary"), "{failure:?}");
    }
    assert_eq!(sandbox.request_count(), 2);
}

/// Everything but `_free` and a second logout.
fn assert_logged_out(session: &Session) {
    for failure in [
        session.token().unwrap_err(),
        session.refresh().unwrap_err(),
        session.info().unwrap_err(),
        session.me().unwrap_err(),
        session.change_password(PASSWORD, BETTER).unwrap_err(),
        session.generate_api_key(4821).unwrap_err(),
    ] {
        assert_eq!(failure.kind(), (ECGRID_INVALID_STATE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
        assert!(failure.message.contains("logged out"), "{failure:?}");
    }
}

#[test]
fn a_logout_ends_the_session_for_all_its_handles_and_may_be_repeated() {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).keep_password(1).client().usual_session();
    let clone = session.another();
    session.logout().unwrap();
    assert_eq!((sandbox.live_sessions(), sandbox.logouts()), (0, 1));
    paths(&sandbox);
    assert_logged_out(&session);
    assert_logged_out(&clone);
    clone.logout().unwrap();
    session.logout().unwrap();
    assert_eq!(paths(&sandbox), [""; 0]);
}

#[test]
fn a_key_outlives_its_session() {
    let sandbox = sandbox();
    let key = sandbox.users()[0].api_key.clone();
    let client = Config::secure(&sandbox).client();
    let session = client.key_session(&key).unwrap();
    session.logout().unwrap();
    let failure = session.me().unwrap_err();
    assert_eq!(failure.status, ECGRID_INVALID_STATE);
    assert_eq!(session.token().unwrap_err().status, ECGRID_INVALID_STATE);
    client.key_session(&key).unwrap().me().unwrap();
}

#[test]
fn a_session_that_is_over_can_be_logged_out() {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).client().usual_session();
    sandbox.revoke_all_tokens();
    // ECGrid knows nothing of it any more, which is what was wanted.
    session.logout().unwrap();
    assert_logged_out(&session);

    let session = Config::secure(&sandbox).client().usual_session();
    sandbox.revoke_all_tokens();
    session.me().unwrap_err();
    session.logout().unwrap();
    assert_logged_out(&session);
}

#[test]
fn a_session_whose_last_401_was_about_one_call_is_logged_out_at_ecgrid_too() {
    // ECGrid says 401 for a wrong current password, too, as its page on that may be read.
    let script = |path: &str, _: &str, _: &mut Connection| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        "/v2/auth/password" => denied(),
        _ => ok(),
    };
    for keep in [0, 1] {
        let server = serve(script);
        let session = server.config().keep_password(keep).client().session("a", "b").unwrap();
        let failure = session.change_password("wrong", BETTER).unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401), "{failure:?}");
        session.logout().unwrap();
        assert_eq!(asked(&server, "/v2/auth/logout"), 1, "keeps the password: {keep}");
        assert_logged_out(&session);
    }
}

#[test]
fn a_session_whose_newer_token_got_a_401_is_logged_out_at_ecgrid_too() {
    // A scheduled refresh brings t2 while the call with t1 is under way; the 401 is about the call.
    let current = AtomicUsize::new(1);
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        "/v2/auth/refresh" => token(current.fetch_add(1, Ordering::SeqCst) + 1, IN_AN_HOUR),
        "/v2/forbidden" => {
            let begun = Instant::now();
            while current.load(Ordering::SeqCst) < 2 && begun.elapsed() < PATIENCE {
                thread::yield_now();
            }
            denied()
        }
        _ => ok(),
    });
    let session = server.config().client().session("a", "b").unwrap();
    thread::scope(|scope| {
        let call = scope.spawn(|| session.call("GET", "/v2/forbidden", None).unwrap_err());
        server.wait_for_requests(2);
        session.refresh().unwrap();
        assert_eq!(call.join().unwrap().http_status, 401);
    });
    session.logout().unwrap();
    assert_eq!(asked(&server, "/v2/auth/logout"), 1);
}

#[test]
fn a_key_whose_owner_could_not_be_asked_for_was_not_replaced() {
    // The question is lost, and with it nothing: it only asks.
    let server = serve(|_, _, _| String::new());
    let session = server.config().max_attempts(2).client().key_session("key").unwrap();
    let failure = session.generate_api_key(4821).unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert!(failure.message.contains("API key not generated"), "{failure:?}");
    assert_eq!(asked(&server, "/v2/auth/session"), 2);
    assert_eq!(asked(&server, "/v2/users/key-generate/4821"), 0);
}

#[test]
fn a_logout_that_failed_may_be_tried_again() {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).max_attempts(1).client().session_as("call-flaky-1-503");
    assert_eq!(session.logout().unwrap_err().kind(), (ECGRID_SERVER_ERROR, ECGRID_OUTCOME_REFUSED, 503));
    session.me().unwrap();
    session.logout().unwrap();
    assert_eq!(sandbox.logouts(), 1);
}

#[test]
fn a_logout_lets_the_calls_of_others_end() {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).client().session_as("call-slow-300");
    thread::scope(|scope| {
        let call = scope.spawn(|| session.me());
        assert!(sandbox.wait_for_requests(2, PATIENCE));
        session.logout().unwrap();
        assert_eq!(call.join().unwrap().unwrap().json()["userId"], 4821);
    });
    assert_logged_out(&session);
}
