//! A TLS 1.2 server that wants to shake hands again, which this library never does (RFC 5746 leaves it free to).

mod common;

use std::thread;

use common::openssl::OpensslServer;
use common::server::login_answer;
use common::{Client, LOGIN, PASSWORD, Token};
use ecgrid::ffi::*;

/// The keys with which s_server asks for it: as it is, and with a certificate of the client's.
const KEYS: [&str; 2] = ["r\n", "R\n"];

/// Logs in at a server that answers.
fn log_in(server: &mut OpensslServer, client: &Client) -> Token {
    thread::scope(|scope| {
        let call = scope.spawn(|| client.login(LOGIN, PASSWORD));
        scope.spawn(|| {
            server.wait_for(r#""password":"Sup3r$ecret!"}"#);
            server.enter(&login_answer());
        });
        call.join().unwrap().expect("a login that is answered")
    })
}

#[test]
fn a_wish_to_renegotiate_before_the_answer_ends_the_login_and_not_the_client() {
    for key in KEYS {
        let mut server = OpensslServer::start(&["-tls1_2", "-msg"]);
        let client = server.config().timeout(20_000).client();
        let failure = thread::scope(|scope| {
            let call = scope.spawn(|| client.failure_as("any"));
            server.wait_for(r#""password":"Sup3r$ecret!"}"#);
            // openssl takes the client's no for a reason to end the connection.
            server.enter(key);
            call.join().unwrap()
        });
        assert_eq!(failure.kind(), (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 0), "{failure:?}");
        assert!(server.wait_for("no_renegotiation").contains("HelloRequest"));
        assert_eq!(log_in(&mut server, &client).user_id, 4821);
    }
}

#[test]
fn a_connection_whose_server_wished_to_renegotiate_while_it_was_idle_is_not_used_again() {
    for key in KEYS {
        let mut server = OpensslServer::start(&["-tls1_2", "-msg"]);
        let client = server.config().timeout(20_000).client();
        log_in(&mut server, &client);
        server.enter(key);
        server.wait_for("HelloRequest");
        server.wait_until_received();
        // On the old one it would be lost, and perhaps done.
        assert_eq!(log_in(&mut server, &client).user_id, 4821);
    }
}
