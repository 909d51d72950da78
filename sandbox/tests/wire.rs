//! Special logins that misuse the connection, over HTTP and HTTPS.

mod common;

use common::{Client, PATIENCE, body_of, start};
use ecgrid_sandbox::Sandbox;
use std::io::ErrorKind;

/// The login sent on a new connection of either kind, the answer not yet read.
fn sent(sandbox: &Sandbox, name: &str) -> [Client; 2] {
    [Client::http(sandbox), Client::https(sandbox)].map(|mut client| {
        let body = body_of(&format!("{name}@example.com"));
        client.send_request("POST /v2/auth/login", &[], &body);
        client
    })
}

#[test]
fn close_sends_no_byte() {
    let sandbox = start();
    for name in ["close", "lost"] {
        let [mut plain, mut secure] = sent(&sandbox, name);
        assert_eq!(plain.rest().expect("an orderly end"), b"");
        // No close_notify: TLS sees that something is missing.
        let cause = secure.rest().expect_err("no orderly end");
        assert_eq!(cause.kind(), ErrorKind::UnexpectedEof);
    }
    assert_eq!(sandbox.logins(), 2, "both lost ones have happened");
}

#[test]
fn reset_resets() {
    let sandbox = start();
    for name in ["reset", "reset-body"] {
        for mut client in sent(&sandbox, name) {
            let cause = client.rest().expect_err("a reset");
            assert_eq!(cause.kind(), ErrorKind::ConnectionReset, "{name}");
        }
    }
}

#[test]
fn cut_ends_in_the_middle() {
    let sandbox = start();
    for name in ["cut", "cut-head", "cut-chunk"] {
        for mut client in sent(&sandbox, name) {
            let cause = client.answer().expect_err("half an answer");
            assert_eq!(cause.kind(), ErrorKind::UnexpectedEof, "{name}");
        }
    }
}

#[test]
fn hang_says_nothing_and_keeps_the_connection() {
    let sandbox = start();
    let clients = sent(&sandbox, "hang");
    assert!(sandbox.wait_for_requests(2, PATIENCE));
    assert_eq!(sandbox.open_connections(), 2);
    drop(clients);
    assert!(sandbox.wait_for_open_connections(0, PATIENCE), "it sees the client go");
}

#[test]
fn drip_comes_byte_by_byte() {
    let sandbox = start();
    for mut client in sent(&sandbox, "drip") {
        while !client.line().expect("a head").is_empty() {}
        assert_eq!(client.exactly(1).expect("a byte"), b"{");
    }
    for mut client in sent(&sandbox, "drip-head") {
        assert_eq!(client.exactly(1).expect("a byte"), b"H");
    }
    assert!(sandbox.wait_for_open_connections(0, PATIENCE), "it sees the client go");
}

#[test]
fn endless_goes_on_and_on() {
    let sandbox = start();
    for name in ["endless-body", "endless-headers"] {
        for mut client in sent(&sandbox, name) {
            assert_eq!(client.line().expect("a line"), "HTTP/1.1 200 OK");
            client.exactly(4 * 1024 * 1024).expect("more and more");
        }
    }
    assert!(sandbox.wait_for_open_connections(0, PATIENCE), "it sees the client go");
}

#[test]
fn huge_is_as_long_as_it_says() {
    let sandbox = start();
    let [mut plain, mut secure] = sent(&sandbox, "huge");
    let answer = plain.answer().expect("an answer");
    assert_eq!(answer.body.len(), 64 * 1024 * 1024 + 1);
    assert_eq!(answer.json()["success"], true);
    let declares = std::iter::from_fn(|| secure.line().ok())
        .take_while(|line| !line.is_empty())
        .any(|line| line == "Content-Length: 67108865");
    assert!(declares);
}

#[test]
fn deep_is_deep() {
    let sandbox = start();
    for mut client in sent(&sandbox, "deep") {
        let text = client.answer().expect("an answer").text();
        assert_eq!(text.matches('[').count(), 100_000);
        assert_eq!(text.matches(']').count(), 100_000);
    }
}

#[test]
fn garbage_is_no_http() {
    let sandbox = start();
    for mut client in sent(&sandbox, "garbage") {
        assert!(client.line().expect("a line").starts_with("220 "));
    }
}

#[test]
fn dropping_the_sandbox_ends_every_connection() {
    let sandbox = start();
    let mut clients: Vec<Client> =
        ["hang", "drip", "endless-body", "slow-60000"].into_iter().flat_map(|name| sent(&sandbox, name)).collect();
    assert!(sandbox.wait_for_requests(clients.len(), PATIENCE));
    let ca = sandbox.ca_file().to_owned();
    drop(sandbox);
    assert!(!ca.exists());
    for client in &mut clients {
        // Ends at all, in whatever way.
        let _ = client.rest();
    }
}
