//! Sessions that are kept alive while nobody calls.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use common::assert_few_wake_ups;
use common::script::{IN_AN_HOUR, asked, denied, ok, serve, token, token_of};
use common::server::{Server, answer};
use common::session::Session;
use ecgrid::ffi::*;

/// Tokens that live for a second, as far as the session is told; the server takes them for longer, so that nothing here
/// depends on how busy the machine is.
const IN_A_SECOND: &str = "2026-05-07T12:00:01Z";
const REFRESH: &str = "/v2/auth/refresh";

/// Grants token after token, each for a second.
fn granting() -> Server {
    let tokens = AtomicUsize::new(0);
    serve(move |path, _, _| match path {
        "/v2/auth/login" | REFRESH => token(tokens.fetch_add(1, SeqCst) + 1, IN_A_SECOND),
        _ => ok(),
    })
}

fn kept_alive(server: &Server) -> Session {
    server.config().keep_alive(1).client().session("a", "b").unwrap()
}

/// A second session, at a server of its own, was refreshed that often meanwhile.
fn while_another_is_refreshed(times: usize) {
    let server = granting();
    let _session = kept_alive(&server);
    server.wait_for_requests(1 + times);
}

#[test]
fn a_session_that_nobody_calls_has_its_token_refreshed_again_and_again() {
    let tokens = AtomicUsize::new(0);
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" | REFRESH => match tokens.fetch_add(1, SeqCst) + 1 {
            last @ 6 => token(last, IN_AN_HOUR),
            number => token(number, IN_A_SECOND),
        },
        _ => ok(),
    });
    let session = kept_alive(&server);
    server.wait_for_requests(6);
    session.me().unwrap();
    let requests = server.requests();
    assert_eq!((requests.len(), asked(&server, REFRESH), token_of(&requests[6])), (7, 5, 6));
}

#[test]
fn without_keep_alive_nothing_happens_while_nobody_calls() {
    let server = granting();
    let session = server.config().keep_alive(0).client().session("a", "b").unwrap();
    while_another_is_refreshed(4);
    assert_eq!(server.requests().len(), 1);
    session.me().unwrap();
    assert_eq!(asked(&server, REFRESH), 1);
}

#[test]
fn a_refresh_of_its_own_that_was_refused_for_now_is_tried_again() {
    let refreshes = AtomicUsize::new(0);
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" => token(1, IN_A_SECOND),
        REFRESH => match refreshes.fetch_add(1, SeqCst) {
            0 => answer("429 Too Many Requests", "Retry-After: 1\r\n", "{}"),
            1 => answer("503 Service Unavailable", "Retry-After: 1\r\n", "{}"),
            _ => token(2, IN_AN_HOUR),
        },
        _ => ok(),
    });
    let session = kept_alive(&server);
    server.wait_for_requests(4);
    session.me().unwrap();
    assert_eq!((asked(&server, REFRESH), token_of(&server.requests()[4])), (3, 2));
}

#[test]
fn a_refresh_of_its_own_that_is_refused_is_the_end_and_asked_for_once() {
    let server = serve(|path, _, _| match path {
        "/v2/auth/login" => token(1, IN_A_SECOND),
        _ => denied(),
    });
    let session = kept_alive(&server);
    server.wait_for_requests(2);
    while_another_is_refreshed(3);
    let failure = session.me().unwrap_err();
    assert_eq!((failure.status, failure.outcome), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_NOT_SENT), "{failure:?}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_kept_password_is_used_while_nobody_calls_too() {
    let logins = AtomicUsize::new(0);
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" if logins.fetch_add(1, SeqCst) == 0 => token(1, IN_A_SECOND),
        "/v2/auth/login" => token(2, IN_AN_HOUR),
        REFRESH => denied(),
        _ => ok(),
    });
    let session = server.config().keep_alive(1).keep_password(1).client().session("a", "b").unwrap();
    server.wait_for_requests(3);
    session.me().unwrap();
    assert_eq!((server.requests().len(), token_of(&server.requests()[3])), (4, 2));
}

#[test]
fn a_token_that_a_forced_refresh_brings_is_watched_too() {
    let refreshes = AtomicUsize::new(0);
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        REFRESH => token(refreshes.fetch_add(1, SeqCst) + 2, IN_A_SECOND),
        _ => ok(),
    });
    let session = kept_alive(&server);
    session.refresh().unwrap();
    server.wait_for_requests(5);
}

#[test]
fn a_session_that_was_logged_out_or_freed_is_refreshed_no_more() {
    let servers = [granting(), granting()];
    let [logged_out, freed] = servers.each_ref().map(|server| {
        let session = kept_alive(server);
        server.wait_for_requests(2);
        session
    });
    logged_out.logout().unwrap();
    drop(freed);
    // What was under way has arrived by then.
    while_another_is_refreshed(1);
    let before = servers.each_ref().map(|server| server.requests().len());
    while_another_is_refreshed(3);
    assert_eq!(servers.each_ref().map(|server| server.requests().len()), before);
}

#[test]
fn one_session_that_waits_for_its_server_does_not_keep_the_others() {
    let hangs = serve(|path, _, connection| match path {
        "/v2/auth/login" => token(1, IN_A_SECOND),
        _ => {
            connection.wait_for_end();
            String::new()
        }
    });
    let _session = kept_alive(&hangs);
    hangs.wait_for_requests(2);
    while_another_is_refreshed(3);
}

#[test]
fn a_refused_login_leaves_nothing_to_keep_alive() {
    let refuses = AtomicBool::new(true);
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" if refuses.swap(false, SeqCst) => denied(),
        "/v2/auth/login" | REFRESH => token(1, IN_A_SECOND),
        _ => ok(),
    });
    let client = server.config().keep_alive(1).client();
    assert_eq!(client.session("a", "b").err().unwrap().status, ECGRID_UNAUTHENTICATED);
    let _session = client.session("a", "b").unwrap();
    server.wait_for_requests(3);
}

/// After a machine has slept, say. The threads and descriptors are the host's, and the server has others to serve.
#[test]
fn of_many_sessions_that_are_due_at_once_only_so_many_are_refreshed_at_once() {
    const SESSIONS: usize = 100;
    const MOST: usize = 64;
    let (refreshing, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" => token(1, IN_A_SECOND),
        REFRESH => {
            seen.fetch_max(refreshing.fetch_add(1, SeqCst) + 1, SeqCst);
            // More of them may come, for a while.
            let begun = Instant::now();
            while refreshing.load(SeqCst) <= MOST && begun.elapsed() < Duration::from_millis(300) {
                thread::sleep(Duration::from_millis(5));
            }
            refreshing.fetch_sub(1, SeqCst);
            token(2, IN_AN_HOUR)
        }
        _ => ok(),
    });
    let client = server.config().keep_alive(1).client();
    let sessions: Vec<_> = (0..SESSIONS).map(|_| client.session("a", "b").unwrap()).collect();
    server.wait_for_requests(2 * SESSIONS);
    assert!(most.load(SeqCst) <= MOST, "{} at once", most.load(SeqCst));
    sessions[0].me().unwrap();
    assert_eq!(asked(&server, REFRESH), SESSIONS);
    assert_few_wake_ups(SESSIONS / 2);
}
