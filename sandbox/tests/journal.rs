//! What a test can see of the requests.

mod common;

use common::{Client, PATIENCE, start};
use std::time::Duration;

#[test]
fn headers_keep_their_spelling_and_order() {
    let sandbox = start();
    // One after the other: which of two at once is accepted first is open.
    for connect in [Client::http, Client::https] {
        let mut client = connect(&sandbox);
        let headers = ["X-API-Key: k", "x-lower: 1", "MiXeD: two words ", "X-API-Key: again"];
        client.call("GET /v2/auth/version?a=%20b&C", &headers, "").expect("an answer");
    }
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 2);
    for (request, (connection, tls)) in requests.iter().zip([(1, false), (2, true)]) {
        assert_eq!(request.method, "GET");
        assert_eq!(request.path, "/v2/auth/version?a=%20b&C");
        let headers: Vec<(&str, &str)> =
            request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let expected = [
            ("Host", "localhost"),
            ("X-API-Key", "k"),
            ("x-lower", "1"),
            ("MiXeD", "two words"),
            ("X-API-Key", "again"),
            ("Content-Length", "0"),
        ];
        assert_eq!(headers, expected);
        assert_eq!(request.header("x-api-key"), Some("k"));
        assert_eq!((request.connection, request.tls), (connection, tls));
    }
}

#[test]
fn requests_on_one_connection_are_told_apart() {
    let sandbox = start();
    let mut client = Client::http(&sandbox);
    let post =
        |n: usize| format!("POST /{n} HTTP/1.1\r\nHost: x\r\nN: {n}\r\nContent-Length: {n}\r\n\r\n{}", "b".repeat(n));
    // Pipelined: all three arrive before the first is answered.
    client.send((post(1) + &post(2) + &post(3)).as_bytes());
    for _ in 0..3 {
        assert_eq!(client.answer().expect("an answer").status, 404);
    }
    for (n, request) in (1..).zip(sandbox.requests()) {
        assert_eq!(request.path, format!("/{n}"));
        assert_eq!(request.header("N"), Some(n.to_string().as_str()));
        assert_eq!((request.body.len(), request.connection), (n, 1));
    }
    assert_eq!(sandbox.connection_count(), 1);
}

#[test]
fn chunked_bodies_are_put_together() {
    let sandbox = start();
    let mut client = Client::http(&sandbox);
    let head = "POST /v2/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for _ in 0..2 {
        client.send(format!("{head}3\r\n{{\"t\r\n4\r\n\":1}}\r\n0\r\n\r\n").as_bytes());
        assert_eq!(client.answer().expect("an answer").status, 400);
    }
    let bodies: Vec<String> = sandbox.requests().iter().map(|r| r.body_text()).collect();
    assert_eq!(bodies, [r#"{"t":1}"#; 2]);
    assert_eq!(sandbox.requests()[1].header("transfer-encoding"), Some("chunked"));
}

#[test]
fn a_client_may_ask_before_it_sends() {
    let sandbox = start();
    let mut client = Client::http(&sandbox);
    client.send(b"POST /v2/auth/login HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assert_eq!(client.line().expect("a line"), "HTTP/1.1 100 Continue");
    client.send(b"{}");
    assert_eq!(client.line().expect("a line"), "");
    assert_eq!(client.answer().expect("an answer").status, 400);
}

#[test]
fn a_body_may_have_any_length() {
    let sandbox = start();
    let mut client = Client::http(&sandbox);
    let length = 5 << 20;
    client.send(format!("POST /v2/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n").as_bytes());
    client.send(&vec![b' '; length]);
    assert_eq!(client.answer().expect("an answer").status, 400);
    let requests = sandbox.requests();
    assert_eq!((requests.len(), requests[0].body.len()), (1, length));
}

#[test]
fn what_is_no_http_is_refused() {
    let sandbox = start();
    let mut client = Client::http(&sandbox);
    client.send(b"nonsense\r\n\r\n");
    let answer = client.answer().expect("an answer");
    assert_eq!(answer.status, 400);
    assert!(answer.header("Date").is_some(), "{answer:?}");
    assert_eq!(sandbox.request_count(), 0);
}

#[test]
fn requests_can_be_waited_for_and_taken() {
    let sandbox = start();
    assert!(!sandbox.wait_for_requests(1, Duration::from_millis(1)));
    let mut client = Client::http(&sandbox);
    client.send_request("GET /v2/auth/version", &[], "");
    assert!(sandbox.wait_for_requests(1, PATIENCE));
    assert_eq!(sandbox.take_requests().len(), 1);
    assert_eq!(sandbox.request_count(), 0);
    client.answer().expect("an answer");
    drop(client);
    assert!(sandbox.wait_for_open_connections(0, PATIENCE));
    assert_eq!(sandbox.connection_count(), 1);
}
