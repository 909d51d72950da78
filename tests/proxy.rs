//! Going through a proxy, and the many ways that ends.

mod common;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use common::server::{Connection, Server, open_proxy, serve_tunnel};
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
fn a_proxy_that_wants_what_is_not_spoken_here_is_told_from_one_that_refuses_a_password() {
    let relay = ", which libecgrid does not speak; a local relay such as cntlm or px does";
    for (lines, said) in [
        ("Proxy-Authenticate: NTLM", format!(" wants NTLM{relay}")),
        ("proxy-authenticate:\tnegotiate", format!(" wants Negotiate{relay}")),
        ("Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM", format!(" wants NTLM or Negotiate{relay}")),
        ("Proxy-Authenticate: Kerberos, Negotiate, NTLM TlRMTVNTUAAC=", format!(" wants NTLM or Negotiate{relay}")),
        (
            "Proxy-Authenticate: Digest realm=\"Basic, and NTLM\", qop=\"auth\", nonce=\"a\"",
            " wants Digest, which libecgrid does not speak; it speaks Basic".into(),
        ),
        ("Proxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm=\"x\"", " refuses the user name".into()),
        ("Proxy-Authenticate: Digest realm=\"x\", nonce=\"y\", basic realm=\"z\"", " refuses the user name".into()),
        ("Proxy-Authenticate: \"\", =", " refuses the user name".into()),
        ("Via: NTLM", " refuses the user name".into()),
    ] {
        let text = format!("HTTP/1.1 407 Proxy Authentication Required\r\n{lines}\r\n\r\n");
        let failure = fails(move |connection| {
            connection.read_request();
            connection.send(text.as_bytes());
        });
        assert!(failure.message.contains(&said) && failure.message.contains("(HTTP 407)"), "{lines}: {failure:?}");
    }
}

#[test]
fn this_machine_is_not_looked_for_by_another_machine_s_proxy() {
    for url in ["http://localhost:8080", "https://localhost", "https://127.0.0.1", "http://[::1]"] {
        let config = Config::new(url).proxy("http://user:canary@proxy.example:3128");
        let failure = config.try_client().err().expect(url);
        assert_eq!(failure.kind(), (ECGRID_INVALID_CONFIGURATION, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
        assert!(failure.message.starts_with("the proxy proxy.example:3128 is another machine"), "{failure:?}");
        assert!(!failure.message.contains("canary"), "{failure:?}");
    }
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

/// Makes a reset of the end that follows.
fn reset(connection: &Connection) {
    let _ = socket2::SockRef::from(&connection.stream).set_linger(Some(Duration::ZERO));
}

#[test]
fn a_proxy_that_dies_within_the_request_or_the_status_line_is_named() {
    fails(|connection| {
        let mut half = [0; 20];
        connection.stream.read_exact(&mut half).expect("a CONNECT");
        assert!(half.starts_with(b"CONNECT localhost:"));
    });
    fails(|connection| {
        connection.stream.read_exact(&mut [0; 20]).expect("a CONNECT");
        reset(connection);
    });
    for half in ["H", "HTTP/1.1", "HTTP/1.1 2", "HTTP/1.1 200 Connection est", "HTTP/1.1 200 OK\r\n"] {
        fails(answering(half.as_bytes()));
        fails(move |connection| {
            connection.read_request();
            connection.send(half.as_bytes());
            connection.wait_until_received();
            reset(connection);
        });
        // It says that no more will come, and stays.
        fails(move |connection| {
            connection.read_request();
            connection.send(half.as_bytes());
            connection.finish();
            connection.wait_for_end();
        });
    }
}

#[test]
fn a_proxy_that_answers_without_end_is_named() {
    for (start, filler) in [
        ("", "x"),
        ("HTTP/1.1 200 ", "OK "),
        ("HTTP/1.1 200 OK\r\nX-Filler: ", "0123456789"),
        ("HTTP/1.1 200 OK\r\n", "X-Filler: 1\r\n"),
        ("HTTP/1.1 407 Proxy Authentication Required\r\n", "Proxy-Authenticate: Basic realm=\"x\"\r\n"),
    ] {
        fails(move |connection| {
            connection.read_request();
            connection.send(start.as_bytes());
            while connection.send(filler.repeat(1000).as_bytes()) {}
        });
    }
}

#[test]
fn a_proxy_that_wants_a_password_and_closes_is_understood() {
    let page = "<html>Authenticate!</html>";
    let head = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"office\"";
    for rest in ["Content-Length: 26", "Content-Length: 9999", "Transfer-Encoding: chunked", "Connection: close"] {
        let text = format!("{head}\r\n{rest}\r\n\r\n{page}");
        let failure = fails(move |connection| {
            connection.read_request();
            connection.send(text.as_bytes());
            connection.wait_until_received();
            reset(connection);
        });
        assert!(failure.message.contains("(HTTP 407)"), "{failure:?}");
    }
}

#[test]
fn a_proxy_that_died_is_asked_again_as_nothing_was_sent() {
    let sandbox = sandbox();
    let proxy = Server::start(|connection| match connection.number {
        1 => {}
        2 => {
            connection.read_request();
            connection.send(b"HTTP/1.1 20");
        }
        _ => serve_tunnel(connection),
    });
    Config::secure(&sandbox).proxy(&proxy.url()).client().login(LOGIN, PASSWORD).unwrap();
    assert_eq!((proxy.connections(), sandbox.request_count()), (3, 1));
}

/// The proxy opens the tunnel, hands on this many bytes of the server's, and dies.
fn dying_after(bytes: u64) -> Server {
    Server::start(move |connection| {
        let Some(request) = connection.read_request() else { return };
        let mut upstream = TcpStream::connect(request.split(' ').nth(1).unwrap()).unwrap();
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n");
        let (mut from_client, mut to_server) = (connection.stream.try_clone().unwrap(), upstream.try_clone().unwrap());
        let forward = std::thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
        let mut part = vec![0; bytes as usize];
        upstream.read_exact(&mut part).expect("that much");
        connection.send(&part);
        connection.wait_until_received();
        let _ = connection.stream.shutdown(Shutdown::Both);
        let _ = upstream.shutdown(Shutdown::Both);
        let _ = forward.join();
    })
}

#[test]
fn a_tunnel_that_dies_anywhere_in_the_handshake_is_a_tls_failure() {
    let sandbox = sandbox();
    // Nothing; within the header of the first record; within the server's hello; after some of the rest.
    for bytes in [0, 3, 50, 300] {
        let proxy = dying_after(bytes);
        let failure = Config::secure(&sandbox).proxy(&proxy.url()).max_attempts(1).client().failure_as("any");
        assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_NOT_SENT, 0), "{bytes}: {failure:?}");
    }
    assert_eq!(sandbox.request_count(), 0);
}

#[test]
fn a_tunnel_that_dies_within_the_answer_leaves_the_login_unknown() {
    let sandbox = sandbox();
    let proxy = dying_after(30);
    let failure = Config::new(&sandbox.http_url()).proxy(&proxy.url()).client().failure_as("ok");
    assert_eq!((failure.status, failure.outcome), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN), "{failure:?}");
    assert_eq!((proxy.connections(), sandbox.request_count()), (1, 1));
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
