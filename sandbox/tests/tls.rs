//! Certificates and TLS versions, and authorities for servers of one's own.

mod common;

use common::{Client, PATIENCE, tls_config};
use ecgrid_sandbox::rustls::{self, CertificateError, ServerConnection, StreamOwned};
use ecgrid_sandbox::{Authority, Certificate, Sandbox, TlsVersions, Validity};
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

fn handshake(sandbox: &Sandbox, host: &str) -> io::Result<Client> {
    let config = tls_config(sandbox.ca_pem(), rustls::ALL_VERSIONS);
    Client::tls(sandbox.https_address(), config, host)
}

/// Why the certificate was refused.
fn refusal(certificate: Certificate) -> CertificateError {
    let builder = Sandbox::builder().server_certificate(certificate);
    let sandbox = builder.start().expect("started");
    let Err(cause) = handshake(&sandbox, "localhost") else {
        panic!("{certificate:?} was accepted");
    };
    assert!(sandbox.wait_for_open_connections(0, PATIENCE));
    assert_eq!((sandbox.connection_count(), sandbox.request_count()), (1, 0));
    let cause = cause.into_inner().and_then(|inner| inner.downcast().ok());
    match cause.as_deref() {
        Some(rustls::Error::InvalidCertificate(why)) => why.clone(),
        other => panic!("{certificate:?}: {other:?}"),
    }
}

#[test]
fn the_certificate_is_good_for_every_loopback_name_and_one_behind_a_proxy() {
    let sandbox = common::start();
    for host in ["localhost", "127.0.0.1", "::1", "ecgrid.test"] {
        let mut client = handshake(&sandbox, host).expect(host);
        let answer = client.call("GET /v2/auth/version", &[], "");
        assert_eq!(answer.expect("an answer").status, 200);
    }
    let file = std::fs::read_to_string(sandbox.ca_file()).expect("the CA file");
    assert_eq!(file, sandbox.ca_pem());
}

#[test]
fn bad_certificates_are_bad_in_their_own_way() {
    use CertificateError as E;
    let expired = refusal(Certificate::Expired);
    assert!(matches!(expired, E::Expired | E::ExpiredContext { .. }), "{expired:?}");
    let early = refusal(Certificate::NotYetValid);
    assert!(matches!(early, E::NotValidYet | E::NotValidYetContext { .. }), "{early:?}");
    let host = refusal(Certificate::OtherHost);
    assert!(matches!(host, E::NotValidForName | E::NotValidForNameContext { .. }), "{host:?}");
    for unknown in [Certificate::OtherAuthority, Certificate::SelfSigned] {
        assert_eq!(refusal(unknown), E::UnknownIssuer, "{unknown:?}");
    }
}

#[test]
fn versions_can_be_pinned() {
    let (v12, v13) = (&rustls::version::TLS12, &rustls::version::TLS13);
    for (versions, works, fails) in [(TlsVersions::Only12, v12, v13), (TlsVersions::Only13, v13, v12)] {
        let builder = Sandbox::builder().tls_versions(versions);
        let sandbox = builder.start().expect("started");
        let connect = |version| {
            let config = tls_config(sandbox.ca_pem(), &[version]);
            Client::tls(sandbox.https_address(), config, "localhost")
        };
        let mut client = connect(works).expect("a handshake");
        assert!(client.call("GET /v2/auth/version", &[], "").is_ok());
        assert!(connect(fails).is_err(), "{versions:?}");
    }
}

#[test]
fn an_authority_serves_servers_of_ones_own() {
    let authority = Authority::new().expect("an authority");
    let issued = authority.issue(&["example.test"], Validity::Now).expect("issued");
    assert!(issued.chain_pem.contains("BEGIN CERTIFICATE"));
    assert!(issued.key_pem.contains("BEGIN PRIVATE KEY"));
    let config = issued.server_config(rustls::ALL_VERSIONS).expect("a config");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        let tls = ServerConnection::new(Arc::new(config)).expect("TLS");
        let mut stream = StreamOwned::new(tls, stream);
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a byte");
        stream.write_all(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n").expect("sent");
    });
    let config = tls_config(authority.pem(), rustls::ALL_VERSIONS);
    let mut client = Client::tls(address, config, "example.test").expect("a handshake");
    client.send(b"x");
    assert_eq!(client.answer().expect("an answer").status, 204);
    server.join().expect("served");
}

#[test]
fn only_loopback_is_served() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let address = address.parse().expect("an address");
        let refused = Sandbox::builder().http(address).start().expect_err("refused");
        assert!(refused.to_string().contains("loopback"), "{refused}");
        assert!(Sandbox::builder().https(address).start().is_err());
    }
}
