//! What a login sends: exactly this, byte for byte.

mod common;

use common::server::{Server, login_answer};
use common::{Config, LOGIN, PASSWORD, sandbox};

#[test]
fn a_login_is_one_post_with_the_documented_headers_and_body() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    client.login(LOGIN, PASSWORD).unwrap();

    let requests = sandbox.requests();
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v2/auth/login"));
    assert_eq!(request.body_text(), r#"{"login":"jsmith@example.com","password":"Sup3r$ecret!"}"#);
    assert_eq!(request.header("Content-Type"), Some("application/json"));
    assert_eq!(request.header("Accept"), Some("application/json"));
    assert_eq!(request.header("User-Agent"), Some(concat!("ecgrid/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(request.header("Content-Length"), Some("56"));
    let mut names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort();
    assert_eq!(names, ["Accept", "Content-Length", "Content-Type", "Host", "User-Agent"]);
}

#[test]
fn the_api_key_goes_with_a_login_spelled_as_documented() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).api_key("key-1234").user_agent("acme-edi/4.2 (AS400)").client();
    client.login(LOGIN, PASSWORD).unwrap();

    let request = &sandbox.requests()[0];
    let key = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-api-key"));
    assert_eq!(key, Some(&("X-API-Key".into(), "key-1234".into())));
    let agent = concat!("acme-edi/4.2 (AS400) ecgrid/", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("User-Agent"), Some(agent));
    assert_eq!(request.header("Authorization"), None);
    assert_eq!(request.header("Expect"), None);
}

#[test]
fn credentials_arrive_as_they_were_given_whatever_is_in_them() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    for password in [
        "\"quotes\" and \\backslashes\\",
        "tab\t newline\n return\r bell\u{7} escape\u{1b} delete\u{7f}",
        "ümläut ñ 漢字 \u{1f600} \u{10ffff} \u{feff}\u{2028}",
        "</script>&amp;%00%22'",
        &"0123456789abcdef".repeat(65_536 / 16),
    ] {
        let login = format!("{password}@example.com");
        let failure = client.login(&login, password).unwrap_err();
        assert_eq!(failure.http_status, 401);
        let body: serde_json::Value = serde_json::from_slice(&sandbox.take_requests()[0].body).unwrap();
        assert_eq!(body["login"], login.as_str());
        assert_eq!(body["password"], password);
    }
}

#[test]
fn a_base_url_keeps_its_path_and_loses_its_last_slash() {
    let server = Server::answering(login_answer());
    for (suffix, line) in [
        ("", "POST /v2/auth/login HTTP/1.1"),
        ("/", "POST /v2/auth/login HTTP/1.1"),
        ("/gateway/ecgrid", "POST /gateway/ecgrid/v2/auth/login HTTP/1.1"),
        ("/gateway/ecgrid/", "POST /gateway/ecgrid/v2/auth/login HTTP/1.1"),
    ] {
        Config::new(&format!("{}{suffix}", server.url())).client().login(LOGIN, PASSWORD).unwrap();
        let requests = server.requests();
        assert_eq!(requests.last().unwrap().lines().next(), Some(line));
        assert!(requests.last().unwrap().contains(&format!("Host: {}\r\n", server.address())));
    }
}

#[test]
fn logins_of_one_client_share_a_connection() {
    let sandbox = sandbox();
    for (kind, client) in common::both(&sandbox, |config| config) {
        let before = sandbox.connection_count();
        for _ in 0..20 {
            client.login(LOGIN, PASSWORD).unwrap();
        }
        assert_eq!(sandbox.connection_count() - before, 1, "{kind}");
    }
}

#[test]
fn the_server_version_is_asked_for_without_a_credential() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).api_key("key-1234").client();
    assert_eq!(client.server_version().unwrap(), "2.6");
    let request = &sandbox.requests()[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/v2/auth/version"));
    assert_eq!((request.header("X-API-Key"), request.header("Content-Type")), (None, None));
    assert!(request.body.is_empty());
}

#[test]
fn a_connection_sends_at_once_is_kept_alive_and_is_not_inherited() {
    let server = Server::answering(login_answer());
    let client = Config::new(&server.url()).client();
    client.login(LOGIN, PASSWORD).unwrap();
    // Ours among the descriptors of this process is the one whose peer is the server.
    let ours = (3..1024).find(|&number| {
        // SAFETY: only looked at, and given up without closing.
        let socket =
            std::mem::ManuallyDrop::new(unsafe { <socket2::Socket as std::os::fd::FromRawFd>::from_raw_fd(number) });
        socket.peer_addr().is_ok_and(|peer| peer.as_socket() == Some(server.address()))
    });
    let number = ours.expect("a kept connection");
    // SAFETY: as above.
    let socket =
        std::mem::ManuallyDrop::new(unsafe { <socket2::Socket as std::os::fd::FromRawFd>::from_raw_fd(number) });
    assert!(socket.tcp_nodelay().unwrap());
    assert!(socket.keepalive().unwrap());
    // SAFETY: a plain call on an open descriptor.
    assert_eq!(unsafe { libc::fcntl(number, libc::F_GETFD) } & libc::FD_CLOEXEC, libc::FD_CLOEXEC);
}
