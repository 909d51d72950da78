//! Names and addresses: lookups that hang, addresses that do not answer.

mod common;
#[path = "common/names.rs"]
mod names;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use common::server::{LOOPBACK, Server, login_answer, open_proxy, serve_tunnel};
use common::{Config, GRACE, LOGIN, PASSWORD};
use ecgrid::ffi::*;
use ecgrid_sandbox::{Authority, Validity};
use names::{lookups, release, set, wait_for_lookups};

fn server_on(ip: &str) -> Server {
    Server::start_on(&format!("{ip}:0"), |connection| {
        while connection.read_request().is_some() && connection.send(login_answer().as_bytes()) {}
    })
}

fn config(name: &str, port: u16) -> Config {
    // http:// is for loopback only, so it is TLS; most of these servers need not know any.
    Config::new(&format!("https://{name}:{port}")).max_attempts(1)
}

#[test]
fn a_lookup_that_hangs_does_not_outlast_the_deadline() {
    set("hangs.test", None);
    let client = config("hangs.test", 443).timeout(300).client();
    let begun = Instant::now();
    let failure = client.failure_as("any");
    assert!(begun.elapsed() < Duration::from_millis(300) + GRACE);
    assert_eq!(failure.kind(), (ECGRID_TIMEOUT, ECGRID_OUTCOME_NOT_SENT, 0));
    assert!(failure.message.contains("while the name was looked up"), "{failure:?}");
    release("hangs.test");
}

#[test]
fn a_lookup_that_hangs_can_be_cancelled() {
    set("cancelled.test", None);
    let client = config("cancelled.test", 443).client();
    thread::scope(|scope| {
        let call = scope.spawn(|| client.failure_as("any"));
        wait_for_lookups("cancelled.test", 1);
        client.cancel();
        assert_eq!(call.join().unwrap().kind(), (ECGRID_CANCELLED, ECGRID_OUTCOME_NOT_SENT, 0));
    });
    release("cancelled.test");
}

#[test]
fn a_name_is_looked_up_once_for_all_clients_that_want_it_at_the_same_time() {
    let server = Server::start(|connection| connection.wait_for_end());
    let port = server.address().port();
    set("shared.test", None);
    thread::scope(|scope| {
        let calls: Vec<_> = (0..64)
            .map(|_| scope.spawn(|| config("shared.test", port).timeout(2000).client().failure_as("any")))
            .collect();
        wait_for_lookups("shared.test", 1);
        set("shared.test", Some(&["127.0.0.1"]));
        names::answer_all();
        for call in calls {
            let failure = call.join().unwrap();
            assert!(failure.message.contains("TLS handshake"), "{failure:?}");
        }
    });
    assert_eq!((lookups("shared.test"), server.connections()), (1, 64));
}

#[test]
fn the_answer_of_a_lookup_nobody_waited_for_is_not_taken_for_news() {
    set("old.test", None);
    let client = config("old.test", 1).timeout(100).client();
    assert_eq!(client.failure_as("any").status, ECGRID_TIMEOUT);
    release("old.test");
    // The old lookup ends with no address. Whoever comes while it does may still hear so; the next one asks again.
    set("old.test", Some(&["127.0.0.1"]));
    let client = config("old.test", 1).client();
    let heard: Vec<String> = (0..2).map(|_| client.failure_as("any").message).collect();
    assert!(heard[1].contains("does not accept a connection"), "{heard:?}");
}

#[test]
fn a_name_that_does_not_resolve_is_asked_for_again_next_time() {
    let server = server_on("127.0.0.1");
    let client = config("later.test", server.address().port()).client();
    for count in 1..=2 {
        let failure = client.failure_as("any");
        assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0));
        assert!(failure.message.contains("the name later.test cannot be resolved"), "{failure:?}");
        assert_eq!(lookups("later.test"), count);
    }
    set("later.test", Some(&["127.0.0.1"]));
    // It is no TLS server; that the connection came about is what counts.
    assert_eq!(client.failure_as("any").status, ECGRID_TLS);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_name_that_resolves_only_while_a_call_tries_again_is_found_by_that_call() {
    let authority = Authority::new().unwrap();
    let issued = authority.issue(&["during.test"], Validity::Now).unwrap();
    let shown = Arc::new(issued.server_config(&[&rustls::version::TLS13]).unwrap());
    let server = Server::start_as(
        &authority,
        LOOPBACK,
        move |_| shown.clone(),
        |connection| while connection.read_request().is_some() && connection.send(login_answer().as_bytes()) {},
    );
    let url = format!("https://during.test:{}", server.address().port());
    let client = server.config().base_url(&url).max_attempts(10).client();
    thread::scope(|scope| {
        let call = scope.spawn(|| client.login(LOGIN, PASSWORD));
        wait_for_lookups("during.test", 2);
        set("during.test", Some(&["127.0.0.1"]));
        assert_eq!(call.join().unwrap().unwrap().user_id, 4821);
    });
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_name_is_looked_up_once_for_several_connections_and_again_when_none_comes_about() {
    let server = Server::start(|connection| connection.wait_for_end());
    set("kept.test", Some(&["127.0.0.1"]));
    let client = config("kept.test", server.address().port()).timeout(200).client();
    for _ in 0..3 {
        client.failure_as("any");
    }
    assert_eq!((server.connections(), lookups("kept.test")), (3, 1));

    drop(server);
    for count in 1..=2 {
        assert_eq!(client.failure_as("any").status, ECGRID_UNREACHABLE);
        assert_eq!(lookups("kept.test"), count);
    }
}

#[test]
fn one_good_address_among_eight_is_found() {
    let server = Server::start_on("127.0.0.18:0", |connection| connection.wait_for_end());
    let port = server.address().port();
    // The first hangs, the next six refuse.
    let hanging = common::full_backlog_on(&format!("127.0.0.11:{port}"));
    let addresses: Vec<String> = (11..=18).map(|last| format!("127.0.0.{last}")).collect();
    set("many.test", Some(&addresses.iter().map(String::as_str).collect::<Vec<_>>()));
    let client = config("many.test", port).connect_timeout(5000).timeout(1500).client();
    let begun = Instant::now();
    let failure = client.failure_as("any");
    // It reached the server, which then did not shake hands.
    assert_eq!(server.connections(), 1, "{failure:?}");
    assert!(failure.message.contains("TLS handshake"), "{failure:?}");
    assert!(begun.elapsed() < Duration::from_millis(1500) + GRACE);
    drop(hanging);
}

#[test]
fn ipv6_is_tried_first_and_ipv4_takes_over() {
    let server = Server::start(|connection| connection.wait_for_end());
    set("dual.test", Some(&["127.0.0.1", "::1"]));
    let failure = config("dual.test", server.address().port()).timeout(300).client().failure_as("any");
    assert!(failure.message.contains("TLS handshake"), "{failure:?}");
    assert_eq!(server.connections(), 1);

    drop(server);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let failure = config("dual.test", port).client().failure_as("any");
    let (v6, v4) = (failure.message.find("(::1)"), failure.message.find("(127.0.0.1)"));
    assert!(v6.is_some() && v6 < v4, "{failure:?}");
}

#[test]
fn localhost_and_addresses_are_not_looked_up() {
    let server = server_on("127.0.0.1");
    let port = server.address().port();
    for host in ["localhost", "LocalHost", "127.0.0.1"] {
        Config::new(&format!("http://{host}:{port}")).client().login(LOGIN, PASSWORD).unwrap();
        assert_eq!(lookups(host), 0);
    }
    let six = server_on("[::1]");
    Config::new(&format!("http://[::1]:{}", six.address().port())).client().login(LOGIN, PASSWORD).unwrap();
}

#[test]
fn an_ipv6_address_is_a_host_in_brackets_also_for_a_certificate_and_a_proxy() {
    let server = Server::start_tls("[::1]:0", |connection| {
        while connection.read_request().is_some() && connection.send(login_answer().as_bytes()) {}
    });
    let port = server.address().port();
    server.config().client().login(LOGIN, PASSWORD).unwrap();
    assert!(server.requests()[0].contains(&format!("\r\nHost: [::1]:{port}\r\n")), "{:?}", server.requests());

    let proxy = open_proxy();
    server.config().proxy(&proxy.url()).client().login(LOGIN, PASSWORD).unwrap();
    assert!(proxy.requests()[0].starts_with(&format!("CONNECT [::1]:{port} HTTP/1.1\r\nHost: [::1]:{port}\r\n")));
    let proxy = Server::start_on("[::1]:0", serve_tunnel);
    server.config().proxy(&proxy.url()).client().login(LOGIN, PASSWORD).unwrap();
    assert_eq!((proxy.connections(), server.requests().len()), (1, 3));
}

/// A certificate cannot have such an address, and http:// never leaves this machine.
#[test]
fn an_ipv6_address_with_a_zone_is_refused_with_a_word_for_it() {
    for url in ["https://[fe80::1%25lo]:8443", "https://[fe80::1%lo]", "http://[::1%25lo]:80"] {
        let failure = Config::new(url).try_client().err().expect("a zone that is refused");
        assert_eq!(failure.kind(), (ECGRID_INVALID_CONFIGURATION, ECGRID_OUTCOME_NOT_SENT, 0), "{url}");
        assert!(failure.message.contains("zone"), "{failure:?}");
    }
    for url in ["http://[fe80::1%25lo]:3128", "http://[fe80::1%lo]:3128"] {
        let failure = Config::new("https://localhost").proxy(url).try_client().err().expect("a zone that is refused");
        assert_eq!(failure.kind(), (ECGRID_INVALID_CONFIGURATION, ECGRID_OUTCOME_NOT_SENT, 0), "{url}");
        assert!(failure.message.contains("zone"), "{failure:?}");
    }
}
