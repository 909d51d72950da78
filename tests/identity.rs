//! A server whose certificate is not the same on every connection.

mod common;

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;

use common::server::{Connection, LOOPBACK, Server, login_answer};
use common::{Failure, LOGIN, PASSWORD};
use ecgrid::ffi::*;
use ecgrid_sandbox::{Authority, Issued, Validity};
use rustls::ServerConfig;

fn shown(issued: &Issued) -> Arc<ServerConfig> {
    Arc::new(issued.server_config(&[&rustls::version::TLS12, &rustls::version::TLS13]).unwrap())
}

fn good(authority: &Authority) -> Arc<ServerConfig> {
    shown(&authority.issue(&["localhost", "127.0.0.1"], Validity::Now).unwrap())
}

#[test]
fn a_certificate_may_be_renewed_between_two_connections() {
    let authority = Authority::new().unwrap();
    let certificates = [good(&authority), good(&authority), good(&authority)];
    let show = move |number: usize| certificates[number - 1].clone();
    // One login a connection.
    let serve = |connection: &mut Connection| {
        connection.read_request();
        connection.send(login_answer().as_bytes());
        connection.finish();
        connection.wait_for_end();
    };
    let server = Server::start_as(&authority, LOOPBACK, show, serve);
    let client = server.config().client();
    (0..3).for_each(|_| assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821));
    assert_eq!(server.connections(), 3);
}

/// A client has one good connection, busy, when it needs a second one, which shows this certificate.
/// The login that needed it fails; the connection that is good goes on.
fn is_refused_and_leaves_the_other(authority: &Authority, second: Arc<ServerConfig>) -> Failure {
    let first = good(authority);
    let show = move |number: usize| if number == 1 { first.clone() } else { second.clone() };
    let (release, released) = channel::<()>();
    let released = Mutex::new(released);
    let server = Server::start_as(authority, LOOPBACK, show, move |connection| {
        while connection.read_request().is_some() {
            // The first answer waits; the later ones find the channel closed.
            let _ = released.lock().unwrap().recv();
            connection.send(login_answer().as_bytes());
        }
    });
    let client = server.config().client();
    let failure = thread::scope(|scope| {
        let call = scope.spawn(|| client.login(LOGIN, PASSWORD));
        server.wait_for_requests(1);
        let failure = client.try_as("second");
        drop(release);
        assert_eq!(call.join().unwrap().unwrap().user_id, 4821);
        failure.expect_err("a certificate that is not to be trusted")
    });
    assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821);
    assert_eq!((server.connections(), server.requests().len()), (2, 2), "{failure:?}");
    failure
}

#[test]
fn a_second_certificate_from_an_unknown_authority_fails_its_own_login_only() {
    let failure = is_refused_and_leaves_the_other(&Authority::new().unwrap(), good(&Authority::new().unwrap()));
    assert!(failure.message.contains("from an authority that is unknown"), "{failure:?}");
}

#[test]
fn a_second_certificate_for_another_name_fails_its_own_login_only() {
    let authority = Authority::new().unwrap();
    let other = shown(&authority.issue(&["elsewhere.test"], Validity::Now).unwrap());
    let failure = is_refused_and_leaves_the_other(&authority, other);
    assert!(failure.message.contains("but for elsewhere.test"), "{failure:?}");
}

#[test]
fn a_second_certificate_that_expired_fails_its_own_login_only() {
    let authority = Authority::new().unwrap();
    let expired = shown(&authority.issue(&["localhost", "127.0.0.1"], Validity::Expired).unwrap());
    let failure = is_refused_and_leaves_the_other(&authority, expired);
    assert!(failure.message.contains("expired"), "{failure:?}");
}

#[test]
fn a_session_of_the_first_certificate_does_not_vouch_for_another_servers() {
    let authority = Authority::new().unwrap();
    let first = good(&authority);
    // It cannot resume the session that the client offers, and shows what it has.
    let second = good(&Authority::new().unwrap());
    let show = move |number: usize| if number == 1 { first.clone() } else { second.clone() };
    let server = Server::start_as(&authority, LOOPBACK, show, |connection| {
        connection.read_request();
        connection.send(login_answer().as_bytes());
        connection.finish();
        connection.wait_for_end();
    });
    let client = server.config().client();
    client.login(LOGIN, PASSWORD).unwrap();
    let failure = client.login(LOGIN, PASSWORD).unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert_eq!(server.requests().len(), 1);
}
