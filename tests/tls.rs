//! TLS as it goes wrong in the field, with real handshakes: what is said, and that nothing was sent.

mod common;

use std::io::Read;

use common::openssl::OpensslServer;
use common::server::{Server, login_answer};
use common::tls::{TlsServer, read_request, write_all};
use common::{Client, Config, Failure, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;
use ecgrid_sandbox::{Certificate, Sandbox, TlsVersions};

fn with(certificate: Certificate) -> Sandbox {
    Sandbox::builder().server_certificate(certificate).start().expect("a sandbox")
}

/// Logs in where TLS must fail: nothing was sent, and it was not tried again.
fn fails(sandbox: &Sandbox) -> Failure {
    let failure = Config::secure(sandbox).client().failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert_eq!((sandbox.request_count(), sandbox.connection_count()), (0, 1), "{failure:?}");
    failure
}

#[test]
fn each_version_of_tls_that_is_safe_works() {
    for versions in [TlsVersions::Only12, TlsVersions::Only13, TlsVersions::Both] {
        let sandbox = Sandbox::builder().tls_versions(versions).start().unwrap();
        let client = Config::secure(&sandbox).client();
        for name in ["ok", "connection-close", "ok", "ok"] {
            assert_eq!(client.try_as(name).unwrap().user_id, 4821);
        }
        assert_eq!(sandbox.connection_count(), 2);
    }
}

#[test]
fn an_expired_certificate_is_called_that_with_its_date() {
    let failure = fails(&with(Certificate::Expired));
    assert!(failure.message.contains("the certificate of localhost expired on "), "{failure:?}");
    assert!(failure.message.contains(" GMT"), "{failure:?}");
}

#[test]
fn a_certificate_that_is_not_valid_yet_is_called_that() {
    let failure = fails(&with(Certificate::NotYetValid));
    assert!(failure.message.contains("not valid before") && failure.message.contains("clock"), "{failure:?}");
}

#[test]
fn a_certificate_for_another_host_names_both() {
    let failure = fails(&with(Certificate::OtherHost));
    assert!(failure.message.contains("not for localhost but for "), "{failure:?}");
}

#[test]
fn an_unknown_authority_says_how_to_trust_it() {
    let sandbox = with(Certificate::OtherAuthority);
    let failure = fails(&sandbox);
    assert!(failure.message.contains("unknown to "), "{failure:?}");
    assert!(failure.message.contains(sandbox.ca_file().to_str().unwrap()), "{failure:?}");
    assert!(failure.message.contains("add its certificate to the file"), "{failure:?}");
}

#[test]
fn a_self_signed_certificate_is_refused_too() {
    let failure = fails(&with(Certificate::SelfSigned));
    assert!(failure.message.contains("the certificate of localhost"), "{failure:?}");
}

fn refused_by(server: &Server, client: &Client) -> Failure {
    let failure = client.failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert_eq!(server.requests().len(), 0);
    failure
}

#[test]
fn plain_http_on_the_tls_port_is_recognised() {
    let sandbox = sandbox();
    let failure = Config::new(&sandbox.http_url().replace("http:", "https:")).client().failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert!(failure.message.contains("plain HTTP"), "{failure:?}");

    let server = Server::start(|connection| {
        connection.send(b"220 mail.invalid ESMTP ready\r\n");
        connection.wait_for_end();
    });
    let client = Config::new(&format!("https://{}", server.address())).client();
    assert!(refused_by(&server, &client).message.contains("does not speak TLS"));
}

#[test]
fn tls_on_the_plain_port_is_no_login_either() {
    let sandbox = sandbox();
    let url = sandbox.https_url().replace("https:", "http:");
    let failure = Config::new(&url).client().failure_as("any");
    assert!(matches!(failure.status, ECGRID_BAD_RESPONSE | ECGRID_CONNECTION_LOST), "{failure:?}");
}

#[test]
fn a_handshake_that_is_cut_off_is_tried_again_and_then_reported() {
    for reset in [false, true] {
        let server = Server::start(move |connection| {
            let _ = connection.stream.read(&mut [0; 100]);
            if reset {
                // Closing with unread bytes and no linger sends RST.
                let _ = socket2::SockRef::from(&connection.stream).set_linger(Some(std::time::Duration::ZERO));
            }
        });
        let client = Config::new(&format!("https://{}", server.address())).client();
        let failure = refused_by(&server, &client);
        assert!(failure.message.contains("broke off the TLS handshake"), "{failure:?}");
        assert_eq!(server.connections(), 3);
    }
}

#[test]
fn a_server_that_knows_only_tls_1_1_is_refused() {
    let server = OpensslServer::start(&["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]);
    let failure = server.config().max_attempts(1).client().failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert!(failure.message.contains("TLS 1.2"), "{failure:?}");
}

#[test]
fn an_answer_of_many_small_records_is_put_together() {
    let server = TlsServer::start(|_, tls, stream| {
        read_request(tls, stream);
        login_answer().bytes().all(|byte| write_all(tls, stream, &[byte]));
    });
    assert_eq!(server.config().client().login(LOGIN, PASSWORD).unwrap().user_id, 4821);
}

#[test]
fn a_login_leaves_in_one_record() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let server = TlsServer::start(move |_, tls, stream| {
        // What the first record with content held, and nothing after it.
        while tls.process_new_packets().is_ok_and(|state| state.plaintext_bytes_to_read() == 0) {
            if tls.read_tls(stream).unwrap_or(0) == 0 {
                return;
            }
        }
        let mut record = [0; 4096];
        let count = tls.reader().read(&mut record).unwrap_or(0);
        sender.send(String::from_utf8_lossy(&record[..count]).into_owned()).unwrap();
        write_all(tls, stream, login_answer().as_bytes());
    });
    server.config().client().login(LOGIN, PASSWORD).unwrap();
    let record = receiver.recv().unwrap();
    assert!(record.starts_with("POST ") && record.ends_with('}'), "{record}");
}

#[test]
fn a_second_connection_resumes_the_session_of_the_first() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let server = TlsServer::start(move |_, tls, stream| {
        sender.send(format!("{:?}", tls.handshake_kind().unwrap())).unwrap();
        read_request(tls, stream);
        write_all(tls, stream, login_answer().as_bytes());
    });
    let client = server.config().client();
    for expected in ["Full", "Resumed"] {
        client.login(LOGIN, PASSWORD).unwrap();
        let kind = receiver.recv().unwrap();
        assert!(kind.starts_with(expected), "{kind}");
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_goodbye_that_crosses_a_login_on_a_kept_connection_costs_nothing() {
    let server = TlsServer::start(|number, tls, stream| {
        read_request(tls, stream);
        write_all(tls, stream, login_answer().as_bytes());
        if number == 1 {
            // The next login is on its way; the server has decided to close before it came.
            let _ = stream.peek(&mut [0]);
            tls.send_close_notify();
            let _ = tls.complete_io(stream);
        }
    });
    let client = server.config().client();
    client.login(LOGIN, PASSWORD).unwrap();
    client.login(LOGIN, PASSWORD).unwrap();
    assert_eq!(server.connections(), 2);
}

#[test]
fn keys_may_change_while_a_connection_is_kept() {
    let server = TlsServer::start(|_, tls, stream| {
        while read_request(tls, stream) {
            write_all(tls, stream, login_answer().as_bytes());
            tls.refresh_traffic_keys().unwrap();
            let _ = tls.complete_io(stream);
        }
    });
    let client = server.config().client();
    for _ in 0..5 {
        client.login(LOGIN, PASSWORD).unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn keys_may_change_while_a_request_is_being_sent() {
    let server = TlsServer::start(|_, tls, stream| {
        rustls::Stream::new(tls, stream).read_exact(&mut [0]).unwrap();
        tls.refresh_traffic_keys().unwrap();
        while tls.wants_write() {
            tls.write_tls(stream).unwrap();
        }
        if read_request(tls, stream) {
            write_all(tls, stream, login_answer().as_bytes());
        }
    });
    // More than the connection takes at once: the client confirms the new keys between two pieces of it.
    let password = "x".repeat(16 << 20);
    server.config().client().login(LOGIN, &password).unwrap();
}

#[test]
fn the_process_wide_tls_provider_is_left_to_the_host() {
    let sandbox = sandbox();
    Config::secure(&sandbox).client().login(LOGIN, PASSWORD).unwrap();
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}
