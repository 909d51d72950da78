//! Sessions with servers that answer oddly.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use common::script::{IN_AN_HOUR, asked, denied, ok, serve, token, token_of};
use common::server::{Server, answer};
use ecgrid::ffi::*;

/// A server whose expiresAt is wrong (local time without a zone), but whose tokens live until they are refreshed.
fn always_expired() -> (Server, Arc<AtomicUsize>) {
    let current = Arc::new(AtomicUsize::new(1));
    let ours = current.clone();
    let server = serve(move |path, request, _| match path {
        "/v2/auth/login" => token(1, "2026-05-07T07:30:00"),
        "/v2/auth/refresh" => token(ours.fetch_add(1, SeqCst) + 1, "2026-05-07T07:30:00"),
        _ => {
            // An upload is longer under way than the rest.
            thread::sleep(Duration::from_millis(if path == "/v2/upload" { 60 } else { 3 }));
            if token_of(request) == ours.load(SeqCst) { ok() } else { denied() }
        }
    });
    (server, current)
}

fn loses_logins() -> Server {
    let logins = AtomicUsize::new(0);
    serve(move |path, _, _| match path {
        "/v2/auth/login" if logins.fetch_add(1, SeqCst) == 0 => token(1, IN_AN_HOUR),
        // Done, and its answer lost: a session is left open.
        "/v2/auth/login" => String::new(),
        _ => denied(),
    })
}

/// One endpoint that says 401 for want of rights, where 403 would be right.
fn with_a_forbidden_endpoint() -> Server {
    let current = AtomicUsize::new(1);
    let logins = AtomicUsize::new(0);
    serve(move |path, request, _| match path {
        "/v2/auth/login" if logins.fetch_add(1, SeqCst) == 0 => token(1, IN_AN_HOUR),
        "/v2/auth/login" => token(current.fetch_add(1, SeqCst) + 1, IN_AN_HOUR),
        "/v2/auth/refresh" => token(current.fetch_add(1, SeqCst) + 1, IN_AN_HOUR),
        "/v2/forbidden" => {
            thread::sleep(Duration::from_millis(3));
            denied()
        }
        _ => {
            // An upload is longer under way than the rest.
            thread::sleep(Duration::from_millis(if path == "/v2/upload" { 60 } else { 3 }));
            if token_of(request) == current.load(SeqCst) { ok() } else { denied() }
        }
    })
}

/// RFC 9110, 8.6, and http.sys and other servers: a POST without content has a Content-Length, or gets 411.
#[test]
fn the_question_whether_a_token_lives_has_a_content_length() {
    let server = serve(|path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        "/v2/auth/refresh" => String::new(),
        _ => ok(),
    });
    let session = server.config().client().session("a", "b").unwrap();
    let _ = session.refresh();
    let requests = server.requests();
    let probe = requests.iter().find(|request| request.contains("/v2/auth/session")).expect("a probe");
    assert!(probe.to_lowercase().contains("content-length: 0"), "{probe}");
}

/// The same, and what comes of it: a dead token is said to be alive.
#[test]
fn a_server_that_wants_a_length_is_not_misread_as_saying_that_the_token_lives() {
    let server = serve(|path, request, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        "/v2/auth/refresh" => String::new(),
        _ if !request.to_lowercase().contains("content-length") && request.starts_with("POST") => {
            answer("411 Length Required", "", "")
        }
        _ => denied(),
    });
    let session = server.config().client().session("a", "b").unwrap();
    let _ = session.refresh();
    // The refresh was done and its answer lost: t1 is dead.
    assert!(session.token().is_err(), "a dead token was handed out");
}

#[test]
fn tokens_that_are_granted_as_if_over_let_several_threads_work() {
    let (server, _) = always_expired();
    let session = server.config().client().session("a", "b").unwrap();
    let failed = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let _ = session.me();
                    if session.call("POST", "/v2/upload", Some("{}")).is_err() {
                        failed.fetch_add(1, SeqCst);
                    }
                }
            });
        }
    });
    assert_eq!(failed.load(SeqCst), 0, "of 160 uploads; {} refreshes", asked(&server, "/v2/auth/refresh"));
}

/// It may have left a session open, as a login whose answer is lost.
#[test]
fn a_gateways_503_to_a_login_of_its_own_is_followed_by_another_by_the_schedule() {
    let logins = AtomicUsize::new(0);
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" if logins.fetch_add(1, SeqCst) == 0 => token(1, IN_AN_HOUR),
        "/v2/auth/login" => answer("503 Service Unavailable", "", "upstream connect error"),
        _ => denied(),
    });
    let session = server.config().keep_password(1).max_attempts(1).client().session("a", "b").unwrap();
    let failure = session.refresh().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_SERVER_ERROR, ECGRID_OUTCOME_UNKNOWN, 503), "{failure:?}");
    let begun = Instant::now();
    for _ in 0..20 {
        let failure = session.refresh().unwrap_err();
        assert_eq!(failure.status, ECGRID_SERVER_ERROR, "{failure:?}");
    }
    // The first of its own comes at once, the next after 1 s, 2 s, 4 s.
    let allowed = 2 + (begun.elapsed().as_secs() + 1).ilog2();
    assert!(asked(&server, "/v2/auth/login") <= allowed as usize, "{failure:?}");
}

/// docs/sessions.md: "by the schedule".
#[test]
fn forcing_a_refresh_logs_in_by_the_schedule_too() {
    let server = loses_logins();
    let session = server.config().keep_password(1).client().session("a", "b").unwrap();
    for _ in 0..20 {
        session.refresh().unwrap_err();
    }
    let own = asked(&server, "/v2/auth/login") - 1;
    assert!(own <= 3, "{own} logins of unknown outcome at once");
}

#[test]
fn an_endpoint_that_always_says_401_does_not_make_the_calls_of_others_fail() {
    let server = with_a_forbidden_endpoint();
    let session = server.config().client().session("a", "b").unwrap();
    let failed = AtomicUsize::new(0);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(SeqCst) {
                    let _ = session.call("GET", "/v2/forbidden", None);
                }
            });
        }
        for _ in 0..50 {
            if session.call("POST", "/v2/upload", Some("{}")).is_err() {
                failed.fetch_add(1, SeqCst);
            }
        }
        done.store(true, SeqCst);
    });
    assert_eq!(failed.load(SeqCst), 0, "of 50 uploads; {} refreshes", asked(&server, "/v2/auth/refresh"));
}

/// After a login of its own, whose token is good.
#[test]
fn an_endpoint_that_always_says_401_does_not_end_a_session_whose_token_lives() {
    let current = AtomicUsize::new(1);
    let server = serve(move |path, request, _| match path {
        "/v2/auth/login" => token(current.fetch_add(1, SeqCst), IN_AN_HOUR),
        "/v2/auth/refresh" => denied(),
        "/v2/forbidden" => denied(),
        _ if token_of(request) == 1 => denied(),
        _ => ok(),
    });
    let session = server.config().keep_password(1).client().session("a", "b").unwrap();
    session.call("GET", "/v2/forbidden", None).unwrap_err();
    session.call("GET", "/v2/forbidden", None).unwrap_err();
    // t2 is good.
    let me = session.me();
    assert!(me.is_ok(), "{me:?}");
}

/// 408 and 404 come from gateways that are being restarted; the token is good and could be refreshed a moment later.
#[test]
fn a_gateways_passing_refusal_of_a_refresh_is_not_the_end() {
    let one = |status: &'static str| {
        let refreshes = AtomicUsize::new(0);
        let server = serve(move |path, _, _| match path {
            "/v2/auth/login" => token(1, "2026-05-07T12:00:05Z"),
            "/v2/auth/refresh" => match refreshes.fetch_add(1, SeqCst) {
                0 => answer(status, "", ""),
                _ => token(2, IN_AN_HOUR),
            },
            _ => ok(),
        });
        let session = server.config().client().session("a", "b").unwrap();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(6) {
            let me = session.me();
            assert!(me.is_ok(), "{status}: {me:?}");
            thread::sleep(Duration::from_millis(50));
        }
    };
    thread::scope(|scope| {
        for status in ["408 Request Timeout", "404 Not Found", "425 Too Early"] {
            scope.spawn(move || one(status));
        }
    });
}

#[test]
fn the_time_of_the_next_try_is_told_to_a_call_that_got_401_too() {
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        "/v2/auth/refresh" => answer("503 Service Unavailable", "Retry-After: 60\r\n", ""),
        _ => denied(),
    });
    let session = server.config().client().session("a", "b").unwrap();
    let failure = session.me().unwrap_err();
    // Its own 401, and nothing of the other answer but that.
    assert_eq!((failure.status, failure.http_status), (ECGRID_UNAUTHENTICATED, 401), "{failure:?}");
    assert!(failure.retry_after_ms > 0, "{failure:?}");
}

/// A 401 that follows a refresh refused for now.
#[test]
fn a_401_does_not_make_the_session_forget_what_the_server_asked_for() {
    let revoked = Arc::new(AtomicBool::new(false));
    let ours = revoked.clone();
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        "/v2/auth/refresh" => answer("429 Too Many Requests", "Retry-After: 60\r\n", ""),
        _ if ours.load(SeqCst) => denied(),
        _ => ok(),
    });
    let session = server.config().client().session("a", "b").unwrap();
    session.refresh().unwrap_err();
    session.me().unwrap();
    revoked.store(true, SeqCst);
    session.me().unwrap_err();
    assert_eq!(asked(&server, "/v2/auth/refresh"), 1, "refreshes within the minute the server asked for");
}

/// What `ecgrid_session_refresh` tells is how its own flight went.
#[test]
fn a_forced_refresh_does_not_tell_of_a_call_that_got_401() {
    let current = AtomicUsize::new(1);
    let server = serve(move |path, request, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        "/v2/auth/refresh" => token(current.fetch_add(1, SeqCst) + 1, IN_AN_HOUR),
        "/v2/forbidden" => denied(),
        _ if token_of(request) == current.load(SeqCst) => ok(),
        _ => denied(),
    });
    let session = server.config().client().session("a", "b").unwrap();
    // Refreshed for nothing; the second 401 leaves open what it is about.
    session.call("GET", "/v2/forbidden", None).unwrap_err();
    session.refresh().unwrap();
    assert_eq!((asked(&server, "/v2/auth/session"), asked(&server, "/v2/auth/refresh")), (1, 2));
    assert_eq!(session.token().unwrap().value, "t3");
}

#[test]
fn a_forced_refresh_that_has_to_wait_tells_of_the_last_flight_and_not_of_a_call_since() {
    let revoked = Arc::new(AtomicBool::new(false));
    let ours = revoked.clone();
    let server = serve(move |path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        "/v2/auth/refresh" => answer("429 Too Many Requests", "Retry-After: 60\r\n", ""),
        _ if ours.load(SeqCst) => denied(),
        _ => ok(),
    });
    let session = server.config().client().session("a", "b").unwrap();
    let failure = session.refresh().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_RATE_LIMITED, ECGRID_OUTCOME_REFUSED, 429), "{failure:?}");
    revoked.store(true, SeqCst);
    session.me().unwrap_err();
    let failure = session.refresh().unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_RATE_LIMITED, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert!((1..=60_000).contains(&failure.retry_after_ms), "{failure:?}");
    // Whether the old token is good is another question.
    assert!(failure.message.starts_with("no new token: the session cannot renew its token now ("), "{failure:?}");
    assert_eq!(asked(&server, "/v2/auth/refresh"), 1);
}

/// A server whose first refresh fails, and which takes its time for changes of a password and logouts.
fn with_a_trouble_that_passes() -> Server {
    let refreshes = AtomicUsize::new(0);
    serve(move |path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        "/v2/auth/refresh" if refreshes.fetch_add(1, SeqCst) == 0 => answer("404 Not Found", "", ""),
        "/v2/auth/refresh" => token(2, IN_AN_HOUR),
        "/v2/auth/password" | "/v2/auth/logout" => {
            thread::sleep(Duration::from_millis(400));
            ok()
        }
        _ => ok(),
    })
}

#[test]
fn a_forced_refresh_during_a_change_of_the_password_follows_it_and_does_not_tell_of_an_earlier_one() {
    let server = with_a_trouble_that_passes();
    let session = server.config().keep_password(1).client().session("a", "b").unwrap();
    assert_eq!(session.refresh().unwrap_err().status, ECGRID_NOT_FOUND);
    thread::scope(|scope| {
        scope.spawn(|| session.change_password("b", "An0ther$ecret!").unwrap());
        server.wait_for_requests(3);
        session.refresh().unwrap();
    });
    assert_eq!(session.token().unwrap().value, "t2");
}

#[test]
fn a_forced_refresh_during_a_logout_says_that_the_session_was_logged_out() {
    let server = with_a_trouble_that_passes();
    let session = server.config().client().session("a", "b").unwrap();
    assert_eq!(session.refresh().unwrap_err().status, ECGRID_NOT_FOUND);
    thread::scope(|scope| {
        scope.spawn(|| session.logout().unwrap());
        server.wait_for_requests(3);
        let failure = session.refresh().unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_INVALID_STATE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    });
}

#[test]
fn odd_answers_are_no_bug_of_ours() {
    for odd in [
        "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n\0\0\0",
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\0\r\n0\r\n\r\n",
        "HTTP/1.1 205 Reset Content\r\nContent-Length: 1\r\n\r\n\0",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 33\r\n\r\n{\"success\":true,\"data\":\"\\ud800\"}  ",
    ] {
        let server = serve(move |_, _, _| odd.to_owned());
        let session = server.config().timeout(3000).client().key_session("key").unwrap();
        for result in [session.me(), session.info()] {
            if let Err(failure) = result {
                assert!(failure.status != ECGRID_INTERNAL, "{odd:?}: {failure:?}");
            }
        }
        if let Err(failure) = session.generate_api_key(1) {
            assert!(failure.status != ECGRID_INTERNAL, "{odd:?}: {failure:?}");
        }
    }
}

/// Lifetimes of every kind: whatever the server says of a good token, calls go well.
#[test]
fn lifetimes_of_every_kind_do_no_harm() {
    for expires in [
        "0001-01-01T00:00:00",
        "1970-01-01T00:00:00Z",
        "2026-05-07T12:00:00Z",
        "2026-05-07T12:00:01Z",
        "9999-12-31T23:59:59.9999999Z",
        "99999-01-01",
        "",
        "soon",
    ] {
        let number = AtomicUsize::new(1);
        let server = serve(move |path, _, _| match path {
            "/v2/auth/login" | "/v2/auth/refresh" => token(number.fetch_add(1, SeqCst), expires),
            _ => ok(),
        });
        let session = server.config().client().session("a", "b").unwrap();
        for _ in 0..5 {
            session.token().unwrap();
            session.me().unwrap();
        }
    }
}
