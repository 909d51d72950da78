//! A server that wants a certificate of its client's, which this library has none of.

mod common;

use common::openssl::OpensslServer;
use common::server::open_proxy;
use common::tls::{Sealer, TlsServer, read_request, write_all};
use common::{LOGIN, PASSWORD};
use ecgrid::ffi::*;

/// RFC 8446, 6.2: "certificate_required", fatal, in a record of the type of alerts.
const CERTIFICATE_REQUIRED: [u8; 3] = [2, 116, 21];

#[test]
fn a_certificate_that_is_wanted_is_named_and_nothing_is_sent_again() {
    // In TLS 1.3 the server says so when the handshake is over for the client, and its request is on the way.
    for (version, word) in [("-tls1_3", "certificate_required"), ("-tls1_2", "handshake_failure")] {
        let server = OpensslServer::start(&[version, "-Verify", "1"]);
        // It counts.
        let proxy = open_proxy();
        let client = server.config().proxy(&proxy.url()).timeout(20_000).client();
        let get = client.server_version().expect_err("a refusal");
        let post = client.login(LOGIN, PASSWORD).expect_err("a refusal");
        // The server has closed before all of it is sent.
        let long = client.login(LOGIN, &"x".repeat(16 << 20)).expect_err("a refusal");
        for failure in [get, post, long] {
            assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_NOT_SENT, 0), "{version}: {failure:?}");
            assert!(failure.message.contains(word), "{version}: {failure:?}");
            assert!(failure.message.contains("a certificate of its client"), "{version}: {failure:?}");
        }
        assert_eq!(proxy.connections(), 3, "{version}: one for each call");
    }
}

#[test]
fn a_certificate_that_is_wanted_after_an_answer_leaves_open_whether_the_request_was_done() {
    let answer = common::server::login_answer();
    let server = TlsServer::start(move |_, tls, stream| {
        if read_request(tls, stream) && write_all(tls, stream, answer.as_bytes()) && read_request(tls, stream) {
            let alert = Sealer::of(tls).seal(&CERTIFICATE_REQUIRED);
            let _ = std::io::Write::write_all(stream, &alert);
        }
    });
    let client = server.config().timeout(20_000).client();
    client.login(LOGIN, PASSWORD).unwrap();
    let failure = client.login(LOGIN, PASSWORD).expect_err("a refusal");
    assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_UNKNOWN, 0), "{failure:?}");
    assert!(failure.message.contains("certificate_required"), "{failure:?}");
    assert_eq!(server.connections(), 1);
}
