//! Going through a proxy, and the many ways that ends.

mod common;

use std::io::Write;

use common::server::{Connection, Server, open_proxy};
use common::{Config, Failure, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;

#[test]
fn a_login_goes_through_the_proxy_that_was_set() {
    let sandbox = sandbox();
    let proxy = open_proxy();
    let port = sandbox.https_address().port();
    for (config, target) in [
        (Config::secure(&sandbox), format!("localhost:{port}")),
        (Config::new(&sandbox.http_url()), sandbox.http_address().to_string()),
    ] {
        let client = config.proxy(&proxy.url()).client();
        client.login(LOGIN, PASSWORD).unwrap();
        client.login(LOGIN, PASSWORD).unwrap();
        let request = proxy.requests().pop().unwrap();
        assert!(request.starts_with(&format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n")), "{request}");
        assert!(!request.contains("Authorization"), "{request}");
    }
    assert_eq!(proxy.connections(), 2, "the tunnel is kept");
}

#[test]
fn the_proxy_gets_its_user_and_password_and_the_server_does_not() {
    let sandbox = sandbox();
    let proxy = open_proxy();
    let url = proxy.url().replace("http://", "http://us%40er:p%3Aw@");
    Config::new(&sandbox.http_url()).proxy(&url).client().login(LOGIN, PASSWORD).unwrap();
    // "us@er:p:w"
    assert!(proxy.requests()[0].contains("\r\nProxy-Authorization: Basic dXNAZXI6cDp3\r\n"));
    assert!(sandbox.requests()[0].headers.iter().all(|(name, _)| !name.to_lowercase().contains("auth")));
}

#[test]
fn an_empty_proxy_is_no_proxy() {
    let sandbox = sandbox();
    Config::new(&sandbox.http_url()).proxy("http://127.0.0.1:1").proxy("").client().login(LOGIN, PASSWORD).unwrap();
}

/// A login through a proxy that fails: unreachable, not sent, named without its password, the server untouched.
fn fails(serve: impl Fn(&mut Connection) + Send + Sync + 'static) -> Failure {
    let sandbox = sandbox();
    let proxy = Server::start(serve);
    let url = proxy.url().replace("http://", "http://user:canary@");
    let failure = Config::secure(&sandbox).proxy(&url).max_attempts(1).client().failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert!(failure.message.contains(&format!("the proxy {}", proxy.address())), "{failure:?}");
    assert!(!failure.message.contains("canary"), "{failure:?}");
    assert_eq!(sandbox.connection_count(), 0, "never a direct connection instead");
    failure
}

fn answering(answer: &'static [u8]) -> impl Fn(&mut Connection) + Send + Sync + 'static {
    move |connection| {
        connection.read_request();
        connection.send(answer);
    }
}

#[test]
fn a_proxy_that_refuses_is_named() {
    let failure = fails(answering(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
    assert!(failure.message.contains("(HTTP 403)"), "{failure:?}");
    let failure = fails(answering(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
    assert!(failure.message.contains("user name and password"), "{failure:?}");
    let failure = fails(answering(b"HTTP/1.0 502 Bad Gateway\r\n\r\n"));
    assert!(failure.message.contains("(HTTP 502)"), "{failure:?}");
}

#[test]
fn a_refused_proxy_password_is_not_tried_again_as_that_may_lock_an_account() {
    let proxy = Server::start(answering(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
    let url = proxy.url().replace("http://", "http://user:wrong@");
    Config::new("https://localhost").proxy(&url).client().failure_as("any");
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn a_proxy_that_dies_or_talks_nonsense_is_named() {
    fails(|_| {});
    fails(answering(b""));
    fails(answering(b"HTTP/1.1 200 OK\r\nProxy-Ag"));
    fails(answering(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"));
    fails(answering(b"HTTP/1.1 200 OK\r\n\r\nand then some"));
    fails(|connection| {
        connection.read_request();
        connection.send(b"HTTP/1.1 200 OK\r\n");
        while connection.send(b"X-Filler: 0123456789012345678901234567890123456789\r\n") {}
    });
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let proxy = format!("http://user:canary@127.0.0.1:{port}");
    let failure = Config::new("https://localhost").proxy(&proxy).max_attempts(1).client().failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert!(failure.message.contains(&format!("127.0.0.1:{port}")), "{failure:?}");
    assert!(failure.message.contains("proxy") && !failure.message.contains("canary"), "{failure:?}");
}

#[test]
fn a_silent_proxy_does_not_outlast_the_deadline() {
    let proxy = Server::start(|connection| connection.wait_for_end());
    let client = Config::new("https://localhost").proxy(&proxy.url()).timeout(300).client();
    let failure = client.failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_TIMEOUT, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert!(failure.message.contains("proxy"), "{failure:?}");
}

#[test]
fn a_tunnel_that_breaks_in_the_handshake_is_a_tls_failure() {
    let proxy = Server::start(|connection| {
        connection.read_request();
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n");
        let _ = connection.stream.flush();
    });
    let failure = Config::new("https://localhost").proxy(&proxy.url()).max_attempts(1).client().failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
}
