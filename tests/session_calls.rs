//! Calls of a user's own: what is sent, what is refused unsent, and what is sent again.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use common::script::{IN_AN_HOUR, asked, denied, ok, serve, token, token_of};
use common::server::{Server, answer};
use common::session::{Response, Session};
use common::{Client, Config, Failure, assert_few_wake_ups, both, sandbox};
use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;

const PATIENCE: Duration = Duration::from_secs(10);

fn session_as(sandbox: &Sandbox, name: &str) -> Session {
    Config::secure(sandbox).client().session_as(name)
}

/// How often a path was asked for.
fn count(sandbox: &Sandbox, path: &str) -> usize {
    sandbox.requests().iter().filter(|request| request.path == path).count()
}

#[test]
fn method_path_query_and_body_arrive_byte_for_byte() {
    let sandbox = Sandbox::builder().echo(true).start().unwrap();
    for (kind, client) in both(&sandbox, |config| config) {
        let session = client.usual_session();
        for (method, path, body) in [
            ("GET", "/v2/callbacks/get-queue-by-id?callbackId=17&x=%C3%A9&empty=&y", None),
            (
                "POST",
                "/v2/parcels/upload",
                Some("{ \"fileName\" : \"é\\u0000\\n.edi\",\t\"big\":18446744073709551616 }\n"),
            ),
            ("PUT", "/v2/ids/0", Some("[]")),
            ("PATCH", "/v2/any/thing//twice/", Some("null")),
            ("DELETE", "/v2/keys", Some("{\"keyId\":1e400}")),
            ("DELETE", "/v2/ids/9007199254740993", None),
            ("POST", "/v2/interchanges/resend/1", None),
            ("POST", "/v2/x", Some(&*format!("\"{}\"", "x".repeat(300_000)))),
        ] {
            sandbox.take_requests();
            let echo = session.call(method, path, body).unwrap().json();
            assert_eq!((&echo["method"], &echo["target"]), (&method.into(), &path.into()), "{kind}");
            assert_eq!(echo["body"], body.unwrap_or_default(), "{kind}");
            let request = &sandbox.requests()[0];
            let length = body.map(|body| body.len().to_string());
            let expected =
                if matches!(method, "POST" | "PUT" | "PATCH") { Some(length.unwrap_or("0".into())) } else { length };
            assert_eq!(request.header("Content-Length").map(str::to_owned), expected, "{method} {path}");
            assert_eq!(request.header("Content-Type"), body.map(|_| "application/json"), "{method} {path}");
        }
    }
}

#[test]
fn every_endpoint_of_the_reference_can_be_called() {
    let endpoints: serde_json::Value = serde_json::from_str(include_str!("data/endpoints.json")).unwrap();
    let endpoints = endpoints["endpoints"].as_array().unwrap();
    assert_eq!(endpoints.len(), 119);
    let sandbox = Sandbox::builder().echo(true).start().unwrap();
    let client = Config::secure(&sandbox).client();
    let (token, key) = (client.usual_session(), client.key_session(&sandbox.users()[0].api_key).unwrap());
    for endpoint in endpoints {
        let method = endpoint["method"].as_str().unwrap();
        // What stands in braces is the caller's to fill in.
        let path: String = endpoint["path"]
            .as_str()
            .unwrap()
            .split_inclusive('}')
            .map(|part| {
                part.split('{').next().unwrap().to_owned() + if part.ends_with('}') { "9007199254740993" } else { "" }
            })
            .collect();
        let fields = endpoint["body"].as_array();
        let body = fields.map(|fields| {
            let members: serde_json::Map<_, _> = fields
                .iter()
                .map(|field| (field["field"].as_str().unwrap().to_owned(), format!("é\"\\ of {path}").into()))
                .collect();
            serde_json::to_string(&members).unwrap()
        });
        // Those are carried out even by a sandbox that echoes; what arrived is in its journal.
        if ["/v2/auth/login", "/v2/auth/refresh", "/v2/auth/logout"].contains(&&*path) {
            let session = client.usual_session();
            sandbox.take_requests();
            let _ = session.call(method, &path, body.as_deref());
            let request = sandbox.take_requests().swap_remove(0);
            assert_eq!(
                (&*request.method, &request.path, &request.body_text()),
                (method, &path, &body.unwrap_or_default())
            );
            continue;
        }
        for session in [&token, &key] {
            let echo = session.call(method, &path, body.as_deref()).unwrap().json();
            assert_eq!((&echo["method"], &echo["target"]), (&method.into(), &(&*path).into()));
            assert_eq!(echo["body"], body.as_deref().unwrap_or_default(), "{method} {path}");
        }
    }
}

#[test]
fn what_cannot_be_called_is_an_invalid_argument_and_nothing_is_sent() {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).client().usual_session();
    let before = sandbox.request_count();
    let calls: [(&str, &str, Option<&[u8]>, &str); 12] = [
        ("HEAD", "/v2/users/me", None, "method"),
        ("get", "/v2/users/me", None, "method"),
        ("GET", "/v1/users/me", None, "/v2/"),
        ("GET", "https://elsewhere.invalid/v2/users/me", None, "/v2/"),
        ("GET", "/v2/users/../auth/version", None, ".."),
        ("GET", "/v2/users/%2E%2e/x", None, ".."),
        ("GET", "/v2/users/me#top", None, "#"),
        ("GET", "/v2/users/a b", None, "space"),
        ("GET", "/v2/users/me\r\nX-Injected: yes", None, "control"),
        ("POST", "/v2/x", Some(b""), "write {}, or pass none at all"),
        ("POST", "/v2/x", Some(b"{\"a\":1}x"), "JSON"),
        ("POST", "/v2/x", Some(b"\"\xff\""), "UTF-8"),
    ];
    for (method, path, body, word) in calls {
        let failure = session.call_bytes(method, path, body).unwrap_err();
        assert_eq!(
            failure.kind(),
            (ECGRID_INVALID_ARGUMENT, ECGRID_OUTCOME_NOT_SENT, 0),
            "{method} {path}: {failure:?}"
        );
        assert!(failure.message.contains(word), "{failure:?}");
    }
    assert_eq!(sandbox.request_count(), before);
}

#[test]
fn a_get_is_sent_again_after_whatever_may_pass() {
    for name in [
        "call-flaky-2-503",
        "call-flaky-2-500",
        "call-flaky-2-429",
        "call-flaky-2-close",
        "call-flaky-2-reset",
        "call-flaky-2-lost",
        "call-flaky-2-cut",
        "call-flaky-2-gateway-503",
    ] {
        let sandbox = sandbox();
        session_as(&sandbox, name).me().expect(name);
        assert_eq!(count(&sandbox, "/v2/users/me"), 3, "{name}");
    }
}

/// A list by POST is asked for like anything that only reads.
#[test]
fn a_post_that_only_reads_is_sent_again_like_a_get() {
    for name in [
        "call-flaky-2-503",
        "call-flaky-2-500",
        "call-flaky-2-429",
        "call-flaky-2-close",
        "call-flaky-2-reset",
        "call-flaky-2-lost",
        "call-flaky-2-cut",
        "call-flaky-2-gateway-503",
    ] {
        for path in ["/v2/parcels/pending-inbox-list", "/v2/auth/session"] {
            let sandbox = sandbox();
            session_as(&sandbox, name).call("POST", path, Some("{}")).expect(name);
            assert_eq!(count(&sandbox, path), 3, "{name} {path}");
        }
    }
}

#[test]
fn of_what_is_lost_a_list_is_asked_for_again_and_what_moves_a_parcel_is_not() {
    let upload = r#"{"fileName":"x.edi","content":"SVNB"}"#;
    for (path, body, is_safe) in [
        ("/v2/parcels/pending-inbox-list", "{}", true),
        ("/v2/parcels/inbox-list", "{}", true),
        ("/v2/mailboxes/list", "{}", true),
        ("/v2/parcels/pending-inbox-list?x=1", "{}", false),
        ("/v2/parcels/pending-inbox-list/", "{}", false),
        ("/v2/parcels/upload", upload, false),
        ("/v2/parcels/download", r#"{"parcelId":1}"#, false),
        ("/v2/parcels/confirm", r#"{"parcelId":1}"#, false),
    ] {
        let sandbox = Sandbox::builder().echo(true).start().unwrap();
        let result = session_as(&sandbox, "call-flaky-1-lost").call("POST", path, Some(body));
        let sent = sandbox
            .requests()
            .iter()
            .filter(|request| request.path.starts_with("/v2/parcels") || request.path.starts_with("/v2/mailboxes"))
            .count();
        match is_safe {
            true => assert_eq!((result.map(|answer| answer.http_status).unwrap(), sent), (200, 2), "{path}"),
            false => assert_eq!((result.unwrap_err().outcome, sent), (ECGRID_OUTCOME_UNKNOWN, 1), "{path}"),
        }
    }
}

#[test]
fn what_changes_something_is_sent_again_only_when_it_was_surely_not_done() {
    let post = |session: &Session| session.call("POST", "/v2/users/reset/4800", None);
    for name in ["call-flaky-1-503", "call-flaky-1-429", "call-flaky-1-html-429", "call-flaky-1-retry-after-1-503"] {
        let sandbox = sandbox();
        // jsmith may not: a 403 is the last word.
        let failure = post(&session_as(&sandbox, name)).unwrap_err();
        assert_eq!((failure.status, count(&sandbox, "/v2/users/reset/4800")), (ECGRID_FORBIDDEN, 2), "{name}");
    }
    for (name, outcome) in [
        ("call-close", ECGRID_OUTCOME_UNKNOWN),
        ("call-lost", ECGRID_OUTCOME_UNKNOWN),
        ("call-fault-500", ECGRID_OUTCOME_UNKNOWN),
        ("call-fault-502", ECGRID_OUTCOME_UNKNOWN),
        ("call-gateway-503", ECGRID_OUTCOME_UNKNOWN),
        ("call-problem-503", ECGRID_OUTCOME_UNKNOWN),
        ("call-cut", ECGRID_OUTCOME_UNKNOWN),
        ("call-fault-403", ECGRID_OUTCOME_REFUSED),
        ("call-fault-404", ECGRID_OUTCOME_REFUSED),
        ("call-fault-409", ECGRID_OUTCOME_REFUSED),
        ("call-rejected", ECGRID_OUTCOME_REFUSED),
    ] {
        let sandbox = Sandbox::builder().echo(true).start().unwrap();
        let session = session_as(&sandbox, name);
        // Also on a connection that was kept, where a login would be sent once more.
        for (times, method) in [(1, "POST"), (2, "PUT"), (3, "DELETE"), (4, "PATCH")] {
            let failure = session.call(method, "/v2/auth/version", None).unwrap_err();
            assert_eq!(failure.outcome, outcome, "{name}: {failure:?}");
            assert_eq!(count(&sandbox, "/v2/auth/version"), times, "{name} {method}");
        }
    }
}

#[test]
fn a_post_that_got_401_was_not_done_and_is_sent_again_once() {
    let sandbox = Sandbox::builder().echo(true).start().unwrap();
    let session = Config::secure(&sandbox).keep_password(1).client().usual_session();
    sandbox.revoke_all_tokens();
    session.call("POST", "/v2/parcels/confirm", Some("{\"parcelId\":1}")).unwrap();
    assert_eq!((count(&sandbox, "/v2/parcels/confirm"), sandbox.logins()), (2, 2));
}

#[test]
fn a_redirect_is_never_followed() {
    for (status, name) in
        [(301, "call-redirect-301"), (302, "call-redirect-302"), (307, "call-redirect"), (308, "call-redirect-308")]
    {
        let sandbox = sandbox();
        let failure = session_as(&sandbox, name).me().unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, status), "{failure:?}");
        assert!(failure.message.contains("elsewhere.invalid"), "{failure:?}");
        assert_eq!(count(&sandbox, "/v2/users/me"), 1);
    }
}

#[test]
fn an_error_names_the_call_but_nothing_secret_of_it() {
    let sandbox = sandbox();
    let session = session_as(&sandbox, "call-fault-404");
    let token = session.token().unwrap().value;
    let failure = session.call("GET", &format!("/v2/users/{token}?password=canary-1&page=2"), None).unwrap_err();
    assert!(failure.message.starts_with("GET /v2/users/*** refused by https://"), "{failure:?}");
    assert!(!failure.message.contains("canary") && !failure.message.contains(&token), "{failure:?}");
}

/// Starts a call that hangs, waits until it does, does `end`, and returns how the call ended.
fn hanging(sandbox: &Sandbox, session: &Session, end: impl FnOnce()) -> Result<(), Failure> {
    let before = sandbox.request_count();
    thread::scope(|scope| {
        let call = scope.spawn(|| session.me().map(drop));
        assert!(sandbox.wait_for_requests(before + 1, PATIENCE));
        end();
        call.join().unwrap()
    })
}

#[test]
fn a_cancel_ends_the_calls_of_its_handle_and_not_those_of_its_parent() {
    let sandbox = sandbox();
    let client: Client = Config::secure(&sandbox).client();
    let session = client.session_as("call-slow-1000");
    let clone = session.another();
    thread::scope(|scope| {
        let other = scope.spawn(|| session.me());
        assert!(sandbox.wait_for_requests(2, PATIENCE));
        let failure = hanging(&sandbox, &clone, || clone.cancel()).unwrap_err();
        assert_eq!((failure.status, failure.outcome), (ECGRID_CANCELLED, ECGRID_OUTCOME_UNKNOWN), "{failure:?}");
        other.join().unwrap().unwrap();
    });
    clone.me().unwrap();

    // The client's handle is the wider scope; a clone of it is a narrower one beside the session.
    hanging(&sandbox, &session, || client.another().cancel()).unwrap();
    for handle in [&session, &clone] {
        let failure = hanging(&sandbox, handle, || client.cancel()).unwrap_err();
        assert_eq!(failure.status, ECGRID_CANCELLED, "{failure:?}");
    }
}

#[test]
fn a_stop_ends_the_calls_of_its_handle_for_good_and_not_those_of_its_parent() {
    let sandbox = sandbox();
    let client: Client = Config::secure(&sandbox).client();
    let session = client.session_as("call-slow-1000");
    let clone = session.another();
    let failure = hanging(&sandbox, &clone, || clone.stop()).unwrap_err();
    assert_eq!((failure.status, failure.outcome), (ECGRID_CANCELLED, ECGRID_OUTCOME_UNKNOWN), "{failure:?}");
    let (before, failure) = (sandbox.request_count(), clone.me().unwrap_err());
    assert_eq!((failure.status, failure.outcome), (ECGRID_CANCELLED, ECGRID_OUTCOME_NOT_SENT), "{failure:?}");
    assert_eq!(sandbox.request_count(), before);

    assert_eq!(clone.another().me().unwrap_err().status, ECGRID_CANCELLED);
    client.stop();
    session.me().unwrap();
}

#[test]
fn a_session_outlives_the_handle_of_its_client_and_shares_its_connection() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    let session = client.usual_session();
    drop(client);
    session.me().unwrap();
    session.another().me().unwrap();
    assert_eq!(sandbox.connection_count(), 1);
}

/// A server whose call is answered 401 until so many tokens were replaced, each while the call is under way with it.
struct Overtaken {
    server: Server,
    arrived: Receiver<usize>,
}

impl Overtaken {
    fn by(times: usize) -> Self {
        let (current, (arrives, arrived)) = (AtomicUsize::new(1), channel());
        let server = serve(move |path, request, _| match path {
            "/v2/auth/login" => token(1, IN_AN_HOUR),
            "/v2/auth/refresh" => token(current.fetch_add(1, SeqCst) + 1, IN_AN_HOUR),
            _ if token_of(request) > times => ok(),
            _ => {
                arrives.send(token_of(request)).unwrap();
                let begun = Instant::now();
                while current.load(SeqCst) == token_of(request) && begun.elapsed() < PATIENCE {
                    thread::yield_now();
                }
                denied()
            }
        });
        Self { server, arrived }
    }

    /// What comes of a call, and how often it was sent.
    fn call(&self, attempts: i32) -> (Result<Response, Failure>, usize) {
        let session = self.server.config().max_attempts(attempts).client().session("a", "b").unwrap();
        let result = thread::scope(|scope| {
            let call = scope.spawn(|| session.call("POST", "/v2/x", Some("{}")));
            while !call.is_finished() {
                if self.arrived.recv_timeout(Duration::from_millis(10)).is_ok() {
                    session.refresh().unwrap();
                }
            }
            call.join().unwrap()
        });
        (result, asked(&self.server, "/v2/x"))
    }
}

#[test]
fn a_call_whose_newer_token_is_replaced_under_way_too_is_sent_again() {
    for (attempts, times) in [(1, 1), (1, 2), (3, 2), (3, 4)] {
        let (result, sent) = Overtaken::by(times).call(attempts);
        assert!(result.is_ok(), "{attempts} {times}: {result:?}");
        assert_eq!(sent, times + 1, "{attempts} {times}");
    }
}

#[test]
fn a_call_whose_tokens_are_replaced_for_ever_is_sent_so_often_and_no_oftener() {
    for attempts in [1, 3] {
        let (result, sent) = Overtaken::by(100).call(attempts);
        let failure = result.unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401), "{failure:?}");
        // At first, once more whatever the attempts, and then one for each.
        assert_eq!(sent, 2 + attempts as usize);
    }
}

#[test]
fn an_answer_that_is_longer_than_was_set_is_not_blamed_on_the_base_url() {
    let server = serve(|path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        _ => answer("200 OK", "", &format!(r#"{{"success":true,"data":"{}"}}"#, "x".repeat(3000))),
    });
    let session = server.config().max_response_bytes(1000).client().session("a", "b").unwrap();
    let failure = session.call("GET", "/v2/parcels/1", None).unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 200), "{failure:?}");
    assert!(failure.message.starts_with("GET /v2/parcels/1 answered, but the answer cannot be kept ("), "{failure:?}");
    let why = "the answer is over 1000 bytes; that is the largest answer that is accepted here";
    assert!(failure.message.ends_with(why), "{failure:?}");
}

#[test]
fn a_session_keeps_no_descriptor_after_its_calls() {
    const SESSIONS: usize = 100;
    // Each call makes a connection, and waits for that.
    let server = serve(|path, _, _| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        _ => answer("200 OK", "Connection: close\r\n", r#"{"success":true,"data":true}"#),
    });
    let client = server.config().client();
    let sessions: Vec<_> = (0..SESSIONS).map(|_| client.session("a", "b").unwrap()).collect();
    for session in &sessions {
        (0..2).for_each(|_| drop(session.me().unwrap()));
    }
    assert_few_wake_ups(SESSIONS / 2);
}
