//! What becomes of a session when its refresh goes wrong. Each test is a row of the table in docs/sessions.md.

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::script::{IN_AN_HOUR, serve, token};
use common::server::answer;
use common::session::Session;
use common::{Client, Config, Failure, GRACE, sandbox};
use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;

const PATIENCE: Duration = Duration::from_secs(10);

fn forgetful(sandbox: &Sandbox) -> Client {
    Config::secure(sandbox).client()
}

fn keeping(sandbox: &Sandbox) -> Client {
    Config::secure(sandbox).keep_password(1).client()
}

/// The paths that the sandbox was asked for, in order.
fn asked(sandbox: &Sandbox) -> Vec<String> {
    sandbox.requests().iter().map(|request| request.path.trim_start_matches("/v2/").to_owned()).collect()
}

fn assert_over(failure: &Failure) {
    assert_eq!((failure.status, failure.outcome), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_NOT_SENT), "{failure:?}");
    assert!(failure.message.contains("log in again"), "{failure:?}");
}

/// Every way to ask for a credential says the same, and no request is made.
fn assert_stays_over(session: &Session, sandbox: &Sandbox) {
    let before = sandbox.request_count();
    for failure in [
        session.me().unwrap_err(),
        session.token().unwrap_err(),
        session.info().unwrap_err(),
        session.refresh().unwrap_err(),
    ] {
        assert_over(&failure);
    }
    assert_eq!(sandbox.request_count(), before);
}

#[test]
fn a_forced_refresh_brings_a_new_token_and_the_old_one_is_not_used_again() {
    let sandbox = sandbox();
    let session = forgetful(&sandbox).usual_session();
    let old = session.token().unwrap();
    session.refresh().unwrap();
    let new = session.token().unwrap();
    assert_ne!(old.value, new.value);
    session.me().unwrap();
    let last = sandbox.requests().pop().unwrap();
    assert_eq!(last.header("Authorization"), Some(&*new.header[1]));
    assert_eq!((sandbox.logins(), sandbox.refreshes(), sandbox.unauthorized()), (1, 1, 0));
}

#[test]
fn many_who_force_a_refresh_at_once_share_one() {
    let sandbox = Sandbox::builder().refresh_delay(Duration::from_millis(300)).start().unwrap();
    let session = forgetful(&sandbox).usual_session();
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| session.refresh().unwrap());
        }
    });
    // Whoever came after the answer began another; nobody refreshed a token twice.
    assert!((1..=2).contains(&sandbox.refreshes()), "{}", sandbox.refreshes());
    assert_eq!((sandbox.refused_refreshes(), sandbox.logins()), (0, 1));
}

#[test]
fn a_refused_refresh_without_a_password_is_the_end_and_asked_for_once() {
    let sandbox = Sandbox::builder().refuse_refresh(true).start().unwrap();
    let session = forgetful(&sandbox).usual_session();
    let failure = session.refresh().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401), "{failure:?}");
    assert!(failure.message.contains("log in again"), "{failure:?}");
    assert_stays_over(&session, &sandbox);
    assert_eq!((sandbox.refused_refreshes(), sandbox.logins()), (1, 1));
}

#[test]
fn a_session_that_is_over_tells_the_id_of_the_request_that_ended_it() {
    let server = serve(|path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        _ => answer("401 Unauthorized", "X-Request-Id: r-1\r\n", r#"{"success":false,"errorCode":"InvalidSession"}"#),
    });
    let session = server.config().client().session("a", "b").unwrap();
    for failure in [session.refresh().unwrap_err(), session.me().unwrap_err(), session.token().unwrap_err()] {
        assert_eq!((failure.status, &*failure.trace_id), (ECGRID_UNAUTHENTICATED, "r-1"), "{failure:?}");
    }
}

#[test]
fn a_refused_refresh_with_a_password_costs_one_login() {
    let sandbox = Sandbox::builder().refuse_refresh(true).start().unwrap();
    let session = keeping(&sandbox).usual_session();
    session.refresh().unwrap();
    session.me().unwrap();
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/login", "users/me"]);
}

#[test]
fn a_lost_refresh_without_a_password_is_the_end_when_the_old_token_is_dead() {
    let sandbox = Sandbox::builder().lose_refreshes(100).start().unwrap();
    let session = forgetful(&sandbox).usual_session();
    let failure = session.refresh().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_UNKNOWN, 401), "{failure:?}");
    assert!(failure.message.contains("refresh of the token sent but not answered"), "{failure:?}");
    assert_stays_over(&session, &sandbox);
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/session"]);
}

#[test]
fn a_lost_refresh_with_a_password_costs_one_login_when_the_old_token_is_dead() {
    let sandbox = Sandbox::builder().lose_refreshes(100).start().unwrap();
    let session = keeping(&sandbox).usual_session();
    session.refresh().unwrap();
    session.me().unwrap();
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/session", "auth/login", "users/me"]);
}

#[test]
fn a_refresh_that_failed_inside_the_server_leaves_the_old_token_in_use_if_it_lives() {
    for name in [
        "refresh-fault-500",
        "refresh-fault-502",
        "refresh-close",
        "refresh-reset",
        "refresh-not-json",
        "refresh-redirect",
    ] {
        let sandbox = sandbox();
        let session = forgetful(&sandbox).session_as(name);
        let old = session.token().unwrap();
        let failure = session.refresh().unwrap_err();
        assert_eq!(failure.outcome, ECGRID_OUTCOME_UNKNOWN, "{name}: {failure:?}");
        assert_eq!(session.token().unwrap().value, old.value, "{name}");
        session.me().unwrap();
        assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/session", "users/me"], "{name}");
    }
}

#[test]
fn a_gateways_503_to_a_refresh_leaves_open_whether_it_was_done() {
    // The gateway lost the answer, and the old token is dead.
    let sandbox = sandbox();
    let session = forgetful(&sandbox).session_as("refresh-gateway-503");
    let failure = session.refresh().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_UNKNOWN, 401), "{failure:?}");
    assert_stays_over(&session, &sandbox);
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/session"]);

    // The refresh never reached ECGrid.
    let sandbox = common::sandbox();
    let session = forgetful(&sandbox).session_as("refresh-html-503");
    let old = session.token().unwrap();
    let failure = session.refresh().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_SERVER_ERROR, ECGRID_OUTCOME_UNKNOWN, 503), "{failure:?}");
    assert_eq!(session.token().unwrap().value, old.value);
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/session"]);
}

#[test]
fn a_gateways_503_to_a_refresh_costs_a_login_when_the_old_token_is_dead() {
    let sandbox = sandbox();
    let session = keeping(&sandbox).session_as("refresh-gateway-503");
    session.refresh().unwrap();
    session.me().unwrap();
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/session", "auth/login", "users/me"]);
}

#[test]
fn a_refresh_that_was_refused_for_now_is_tried_again_while_the_token_lives() {
    let one = |name: &str| {
        let sandbox = Sandbox::builder().token_lifetime(Duration::from_secs(8)).start().unwrap();
        let session = forgetful(&sandbox).session_as(name);
        let (begun, old) = (Instant::now(), session.token().unwrap().value);
        while session.token().unwrap().value == old {
            assert!(begun.elapsed() < PATIENCE, "{name}");
            thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/refresh"], "{name}");
    };
    thread::scope(|scope| {
        for name in ["refresh-flaky-1-503", "refresh-flaky-1-429", "refresh-flaky-1-retry-after-1-429"] {
            scope.spawn(move || one(name));
        }
    });
}

#[test]
fn a_refresh_that_cannot_be_sent_leaves_the_token_in_use_until_it_ends() {
    let sandbox = Sandbox::builder().token_lifetime(Duration::from_secs(3)).start().unwrap();
    let session = Config::secure(&sandbox).max_attempts(1).client().usual_session();
    let old = session.token().unwrap();
    drop(sandbox);
    assert_eq!(session.refresh().unwrap_err().kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0));
    let ended = Instant::now() + Duration::from_secs(3);
    loop {
        match session.token() {
            Ok(token) => assert_eq!(token.value, old.value),
            Err(failure) => {
                assert_eq!(failure.status, ECGRID_UNREACHABLE, "{failure:?}");
                assert!(failure.retry_after_ms > 0 && failure.message.contains("tries again in"), "{failure:?}");
                break;
            }
        }
        assert!(Instant::now() < ended + GRACE);
    }
}

#[test]
fn a_refresh_that_ecgrid_declines_leaves_the_token_in_use_until_it_ends() {
    let sandbox = Sandbox::builder().token_lifetime(Duration::from_secs(3)).start().unwrap();
    let session = forgetful(&sandbox).session_as("refresh-fault-404");
    let old = session.token().unwrap();
    assert_eq!(session.refresh().unwrap_err().status, ECGRID_NOT_FOUND);
    assert_eq!(session.refresh().unwrap_err().status, ECGRID_NOT_FOUND);
    let begun = Instant::now();
    let failure = loop {
        match session.token() {
            Ok(token) => assert_eq!(token.value, old.value),
            Err(failure) => break failure,
        }
        assert!(begun.elapsed() < PATIENCE);
    };
    assert_over(&failure);
    assert_stays_over(&session, &sandbox);
    assert_eq!((sandbox.logins(), sandbox.unauthorized()), (1, 0));
}

#[test]
fn a_token_that_ended_while_nobody_called_is_tried_to_be_refreshed_once() {
    let unused = |client: Client| {
        let session = client.usual_session();
        let end = Instant::now() + Duration::from_millis(1200);
        thread::sleep(end.saturating_duration_since(Instant::now()));
        session
    };
    let sandbox = Sandbox::builder().token_lifetime(Duration::from_secs(1)).start().unwrap();
    unused(keeping(&sandbox)).me().unwrap();
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "auth/login", "users/me"]);
    sandbox.take_requests();
    let session = unused(forgetful(&sandbox));
    assert_over(&session.me().unwrap_err());
    assert_stays_over(&session, &sandbox);
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh"]);
}

#[test]
fn a_revoked_token_is_replaced_and_the_call_sent_once_more() {
    let sandbox = sandbox();
    let session = keeping(&sandbox).usual_session();
    sandbox.revoke_all_tokens();
    assert_eq!(session.me().unwrap().json()["userId"], 4821);
    assert_eq!(asked(&sandbox), ["auth/login", "users/me", "auth/refresh", "auth/login", "users/me"]);
}

#[test]
fn a_revoked_token_without_a_password_fails_the_call_as_refused() {
    let sandbox = sandbox();
    let session = forgetful(&sandbox).usual_session();
    sandbox.revoke_all_tokens();
    let failure = session.me().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401), "{failure:?}");
    assert!(failure.message.contains("log in again"), "{failure:?}");
    assert_stays_over(&session, &sandbox);
    assert_eq!((sandbox.refused_refreshes(), sandbox.logins()), (1, 1));
}

#[test]
fn logins_of_its_own_whose_tokens_do_not_last_follow_the_schedule() {
    let sandbox = sandbox();
    // As when two who may have but one session between them log each other out.
    let session = Config::secure(&sandbox).keep_password(1).max_attempts(1).client().usual_session();
    let begun = Instant::now();
    for _ in 0..50 {
        sandbox.revoke_all_tokens();
        let result = session.me();
        assert!(result.is_ok() || result.unwrap_err().status == ECGRID_UNAUTHENTICATED);
    }
    // The first of its own comes at once, the next after 1 s, 2 s, 4 s.
    let allowed = 2 + (begun.elapsed().as_secs() + 1).ilog2();
    assert!(sandbox.logins() <= u64::from(allowed), "{} logins", sandbox.logins());
}

#[test]
fn an_endpoint_that_always_says_401_costs_one_refresh_and_nobody_elses_calls() {
    // What the sandbox forbids by a 401 is not for it to say; here it is a wrong key, of another login.
    let sandbox = sandbox();
    let session = forgetful(&sandbox).usual_session();
    thread::scope(|scope| {
        let other = scope.spawn(|| (0..200).for_each(|_| drop(session.me().unwrap())));
        for _ in 0..20 {
            let body = Some(r#"{"login":"jsmith@example.com","password":"wrong"}"#);
            let failure = session.call("POST", "/v2/auth/login", body).unwrap_err();
            assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401), "{failure:?}");
        }
        other.join().unwrap();
    });
    assert_eq!((sandbox.refreshes(), sandbox.refused_refreshes(), sandbox.logins()), (1, 0, 1));
    session.me().unwrap();
}

#[test]
fn a_token_that_comes_as_if_over_is_used_until_a_401_tells() {
    let sandbox = Sandbox::builder().clock_skew(0).start().unwrap();
    let session = forgetful(&sandbox).session_as("expired");
    session.token().unwrap();
    let failure = session.me().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401), "{failure:?}");
    assert_eq!(asked(&sandbox), ["auth/login", "users/me", "auth/refresh"]);
}

#[test]
fn a_refresh_has_half_a_minute_also_where_calls_have_less() {
    let sandbox = Sandbox::builder().refresh_delay(Duration::from_millis(900)).start().unwrap();
    let session = Config::secure(&sandbox).timeout(300).client().usual_session();
    let old = session.token().unwrap().value;
    assert_eq!(session.refresh().unwrap_err().status, ECGRID_TIMEOUT);
    let begun = Instant::now();
    let new = loop {
        match session.token() {
            Ok(token) => break token.value,
            Err(failure) => assert_eq!(failure.status, ECGRID_TIMEOUT, "{failure:?}"),
        }
        assert!(begun.elapsed() < PATIENCE);
    };
    assert_ne!(new, old);
    assert_eq!(sandbox.logins(), 1);
}

#[test]
fn a_password_that_is_no_longer_right_is_tried_once() {
    let sandbox = sandbox();
    let session = keeping(&sandbox).usual_session();
    sandbox.set_user_password(common::LOGIN, "An0ther$ecret!");
    sandbox.revoke_all_tokens();
    let failure = session.me().unwrap_err();
    assert_eq!(failure.status, ECGRID_UNAUTHENTICATED);
    let whose = "login with the kept password of jsmith@example.com refused by https://";
    assert!(failure.message.contains(whose), "{failure:?}");
    assert!(failure.message.contains("user name or password is wrong"), "{failure:?}");
    assert_stays_over(&session, &sandbox);
    assert_eq!(asked(&sandbox), ["auth/login", "users/me", "auth/refresh", "auth/login"]);
}

#[test]
fn whoever_gives_up_waiting_does_not_end_the_refresh() {
    let sandbox = Sandbox::builder().refresh_delay(Duration::from_millis(800)).start().unwrap();
    let session = forgetful(&sandbox).usual_session();
    let old = session.token().unwrap().value;
    let impatient = session.another();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| impatient.refresh().unwrap_err());
        assert!(sandbox.wait_for_requests(2, PATIENCE));
        impatient.cancel();
        let failure = waiting.join().unwrap();
        assert_eq!((failure.status, failure.outcome), (ECGRID_CANCELLED, ECGRID_OUTCOME_UNKNOWN), "{failure:?}");
    });
    // Nobody is handed the old one, and the new one is everybody's.
    assert_ne!(impatient.token().unwrap().value, old);
    session.me().unwrap();
    assert_eq!(asked(&sandbox), ["auth/login", "auth/refresh", "users/me"]);
}

#[test]
fn a_stopped_handle_begins_no_refresh() {
    let sandbox = sandbox();
    let session = forgetful(&sandbox).usual_session();
    let (old, stopped) = (session.token().unwrap().value, session.another());
    stopped.stop();
    let failure = stopped.refresh().unwrap_err();
    assert_eq!((failure.status, failure.outcome), (ECGRID_CANCELLED, ECGRID_OUTCOME_NOT_SENT), "{failure:?}");
    assert_eq!(session.token().unwrap().value, old);
    assert_eq!(asked(&sandbox), ["auth/login"]);

    // Nor does a call of its own that would need one.
    let sandbox = Sandbox::builder().token_lifetime(Duration::from_secs(4)).start().unwrap();
    let session = forgetful(&sandbox).usual_session();
    let stopped = session.another();
    stopped.stop();
    thread::sleep(Duration::from_millis(3300));
    let failure = stopped.me().unwrap_err();
    assert_eq!((failure.status, failure.outcome), (ECGRID_CANCELLED, ECGRID_OUTCOME_NOT_SENT), "{failure:?}");
    assert_eq!(stopped.token().unwrap_err().status, ECGRID_CANCELLED);
    assert_eq!(asked(&sandbox), ["auth/login"]);
}

#[test]
fn a_refresh_may_take_longer_than_those_who_wait_for_it_have() {
    let sandbox = Sandbox::builder().refresh_delay(Duration::from_millis(700)).start().unwrap();
    let session = Config::secure(&sandbox).timeout(1000).client().usual_session();
    let old = session.token().unwrap().value;
    thread::scope(|scope| {
        scope.spawn(|| session.refresh().unwrap());
        assert!(sandbox.wait_for_requests(2, PATIENCE));
        sandbox.refresh_delay(Duration::from_secs(60));
        // Its own deadline is that of one call; until then all wait.
        assert_ne!(session.token().unwrap().value, old);
    });
    let failure = session.refresh().unwrap_err();
    assert_eq!((failure.status, failure.outcome), (ECGRID_TIMEOUT, ECGRID_OUTCOME_UNKNOWN), "{failure:?}");
}

#[test]
fn a_session_freed_during_a_refresh_leaves_nothing_behind() {
    let sandbox = Sandbox::builder().refresh_delay(Duration::from_secs(60)).start().unwrap();
    let session = forgetful(&sandbox).usual_session();
    let another = session.another();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| session.refresh().unwrap_err());
        assert!(sandbox.wait_for_requests(2, PATIENCE));
        session.cancel();
        assert_eq!(waiting.join().unwrap().status, ECGRID_CANCELLED);
    });
    drop(another);
    drop(session);
    assert!(sandbox.wait_for_open_connections(0, PATIENCE), "the refresh goes on for nobody");
    let deadline = Instant::now() + PATIENCE;
    while threads_named("ecgrid-session") > 0 {
        assert!(Instant::now() < deadline);
        thread::yield_now();
    }
}

fn threads_named(name: &str) -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux");
    tasks
        .flatten()
        .filter(|task| std::fs::read_to_string(task.path().join("comm")).is_ok_and(|comm| comm.trim() == name))
        .count()
}

#[test]
fn calls_whose_token_dies_under_way_are_sent_again_with_the_new_one() {
    let sandbox = Sandbox::builder().refresh_delay(Duration::from_millis(500)).start().unwrap();
    let session = forgetful(&sandbox).session_as("call-slow-200");
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    session.me().unwrap();
                }
            });
        }
        for _ in 0..3 {
            session.refresh().unwrap();
        }
        over.store(true, Ordering::Relaxed);
    });
    assert_eq!((sandbox.logins(), sandbox.refreshes(), sandbox.refused_refreshes()), (1, 3, 0));
}
