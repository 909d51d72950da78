//! What several callers of a session do at the same time, with servers that are slow at the wrong moment.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use common::script::{IN_AN_HOUR, asked, denied, ok, serve, token, token_of};
use common::server::answer;
use common::{Config, sandbox};
use ecgrid::ffi::*;

/// A call is under way with t1; t2 comes and ends before its 401 does. t2 is known to be dead, and there is a password.
#[test]
fn a_call_that_got_401_is_not_sent_again_with_a_newer_token_that_is_over_too() {
    let logins = AtomicUsize::new(0);
    let server = serve(move |path, request, _| match path {
        "/v2/auth/login" => token(if logins.fetch_add(1, SeqCst) == 0 { 1 } else { 9 }, IN_AN_HOUR),
        // t2 lives a second.
        "/v2/auth/refresh" if token_of(request) == 1 => token(2, "2026-05-07T12:00:01Z"),
        "/v2/auth/refresh" => denied(),
        "/v2/slow" if token_of(request) == 1 => {
            thread::sleep(Duration::from_secs(2));
            denied()
        }
        _ if token_of(request) == 2 => denied(),
        _ => ok(),
    });
    let session = server.config().keep_password(1).client().session("a", "b").unwrap();
    thread::scope(|scope| {
        let slow = scope.spawn(|| session.call("POST", "/v2/slow", None));
        server.wait_for_requests(2);
        session.refresh().unwrap();
        let _ = slow.join().unwrap();
    });
    let dead = server.requests().iter().filter(|r| r.contains("/v2/slow") && token_of(r) == 2).count();
    assert_eq!(dead, 0, "sent with a token that is known to be over");
}

/// ECGrid has taken the new password, its answer is on its way; meanwhile the token turns out to be dead.
#[test]
fn a_login_during_a_change_of_the_password_does_not_end_the_session() {
    let changed = Arc::new(AtomicBool::new(false));
    let ours = changed.clone();
    let logins = AtomicUsize::new(0);
    let server = serve(move |path, request, _| match path {
        "/v2/auth/login" => match logins.fetch_add(1, SeqCst) {
            0 => token(1, IN_AN_HOUR),
            _ if request.contains("An0ther$ecret!") == ours.load(SeqCst) => token(2, IN_AN_HOUR),
            _ => denied(),
        },
        "/v2/auth/password" => {
            ours.store(true, SeqCst);
            thread::sleep(Duration::from_millis(700));
            ok()
        }
        "/v2/auth/refresh" => denied(),
        _ if token_of(request) == 1 => denied(),
        _ => ok(),
    });
    let session = server.config().keep_password(1).client().session("a", "Sup3r$ecret!").unwrap();
    thread::scope(|scope| {
        let change = scope.spawn(|| session.change_password("Sup3r$ecret!", "An0ther$ecret!"));
        server.wait_for_requests(2);
        while !changed.load(SeqCst) {
            thread::yield_now();
        }
        // Its 401 makes the session log in, with the password that was right a moment ago.
        let first = session.me();
        change.join().unwrap().unwrap();
        let then = session.me();
        assert!(then.is_ok(), "the session has the right password and is over: first {first:?}, then {then:?}");
    });
}

/// Whoever forces a refresh while a logout is under way, which fails.
#[test]
fn a_refresh_that_met_a_failed_logout_does_not_say_that_the_session_was_logged_out() {
    let server = serve(|path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        "/v2/auth/refresh" => token(2, IN_AN_HOUR),
        "/v2/auth/logout" => {
            thread::sleep(Duration::from_millis(500));
            answer("403 Forbidden", "", "")
        }
        _ => ok(),
    });
    let session = server.config().client().session("a", "b").unwrap();
    thread::scope(|scope| {
        let logout = scope.spawn(|| session.logout());
        server.wait_for_requests(2);
        let refresh = session.refresh();
        assert!(logout.join().unwrap().is_err());
        session.me().expect("the session lives");
        assert!(refresh.is_ok(), "{refresh:?}");
    });
}

/// One asks whose key it is, and gets no answer; the other gives up.
#[test]
fn a_cancel_ends_a_call_that_waits_for_another_to_learn_whose_key_it_is() {
    let server = serve(|path, _, connection| {
        if path == "/v2/auth/session" {
            connection.ignore();
            return String::new();
        }
        ok()
    });
    let session = server.config().timeout(4000).client().key_session("key").unwrap();
    let clone = session.another();
    thread::scope(|scope| {
        scope.spawn(|| session.generate_api_key(1));
        server.wait_for_requests(1);
        let second = scope.spawn(|| {
            let failure = clone.generate_api_key(1).unwrap_err();
            (failure, Instant::now())
        });
        server.wait_for_requests(2);
        let cancelled = Instant::now();
        clone.cancel();
        let (failure, ended) = second.join().unwrap();
        let late = ended - cancelled;
        assert!(failure.status == ECGRID_CANCELLED && late < Duration::from_millis(500), "{late:?} later: {failure:?}");
    });
}

/// A kept password is forgotten while the session is without a token: the session is over, and not "unreachable" for
/// ever.
#[test]
fn a_session_without_a_token_whose_password_is_forgotten_is_over() {
    let logins = AtomicUsize::new(0);
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" => match logins.fetch_add(1, SeqCst) {
            0 => token(1, IN_AN_HOUR),
            _ => answer("503 Service Unavailable", "", ""),
        },
        "/v2/auth/password" => {
            thread::sleep(Duration::from_millis(800));
            String::new()
        }
        _ => denied(),
    });
    let session = server.config().keep_password(1).max_attempts(1).client().session("a", "b").unwrap();
    thread::scope(|scope| {
        let change = scope.spawn(|| session.change_password("b", "An0ther$ecret!"));
        server.wait_for_requests(2);
        session.me().unwrap_err();
        assert_eq!(change.join().unwrap().unwrap_err().outcome, ECGRID_OUTCOME_UNKNOWN);
    });
    let begun = Instant::now();
    while session.me().unwrap_err().status != ECGRID_UNAUTHENTICATED {
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
    assert!(session.me().unwrap_err().message.contains("log in again"));
}

/// A key session is not refreshed, whatever else is under way.
#[test]
fn a_key_session_says_that_it_is_not_refreshed_also_while_its_key_is_replaced() {
    let server = serve(|path, _, _| match path {
        "/v2/auth/session" => answer("200 OK", "", r#"{"success":true,"data":{"userId":1}}"#),
        "/v2/users/key-generate/1" => {
            thread::sleep(Duration::from_millis(500));
            answer("200 OK", "", r#"{"success":true,"data":"new-key"}"#)
        }
        _ => ok(),
    });
    let session = server.config().client().key_session("key").unwrap();
    thread::scope(|scope| {
        let generate = scope.spawn(|| session.generate_api_key(1));
        server.wait_for_requests(2);
        let refresh = session.refresh();
        generate.join().unwrap().unwrap();
        let failure = refresh.unwrap_err();
        assert_eq!(failure.status, ECGRID_INVALID_STATE);
        assert!(!failure.message.contains("ecgrid_"), "other languages have other names: {failure:?}");
    });
}

/// Two programs, one account that may have one session: each login ends the other's session.
#[test]
fn two_sessions_of_an_account_that_may_have_one_do_not_log_in_for_every_call() {
    let current = AtomicUsize::new(0);
    let server = serve(move |path, request, _| match path {
        "/v2/auth/login" => token(current.fetch_add(1, SeqCst) + 1, IN_AN_HOUR),
        _ if token_of(request) == current.load(SeqCst) => ok(),
        _ => denied(),
    });
    let sessions = [(); 2].map(|()| server.config().keep_password(1).client().session("a", "b").unwrap());
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(2) {
        for session in &sessions {
            let _ = session.me();
        }
    }
    let logins = asked(&server, "/v2/auth/login") - 2;
    assert!(logins <= 10, "{logins} logins in two seconds");
}

/// On a busy machine a token is often replaced between the moment a call takes it and the moment its request arrives,
/// and so is the next one.
#[test]
fn no_call_of_many_threads_fails_while_refreshes_are_forced() {
    const THREADS: usize = 1000;
    const CALLS: usize = 8;
    let sandbox = sandbox();
    let session = Config::new(&sandbox.http_url()).max_attempts(10).client().usual_session();
    let over = AtomicBool::new(false);
    let failures: Vec<_> = thread::scope(|scope| {
        let calls = || (0..CALLS).filter_map(|_| session.info().err()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(calls)).collect();
        for _ in 0..8 {
            scope.spawn(|| {
                while !over.load(SeqCst) {
                    session.refresh().unwrap();
                    sandbox.take_requests();
                }
            });
        }
        let failures = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        over.store(true, SeqCst);
        failures
    });
    println!("{} refreshes, {} times 401", sandbox.refreshes(), sandbox.unauthorized());
    assert!(failures.is_empty(), "{} of {} calls failed: {:?}", failures.len(), CALLS * THREADS, failures[0]);
}
