//! Whom a client trusts: the CA file it is given, read once.

mod common;

use common::{Config, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;

#[test]
fn without_its_ca_file_the_sandbox_is_a_stranger() {
    let sandbox = sandbox();
    let failure = Config::new(&sandbox.https_url()).client().failure_as("any");
    assert_eq!(failure.kind(), (ECGRID_TLS, ECGRID_OUTCOME_NOT_SENT, 0));
}

#[test]
fn the_ca_file_is_read_once_when_the_client_is_made() {
    let sandbox = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("company.pem");
    std::fs::copy(sandbox.ca_file(), &file).unwrap();
    let client = Config::new(&sandbox.https_url()).ca_file(file.to_str().unwrap()).client();
    std::fs::remove_file(&file).unwrap();
    client.login(LOGIN, PASSWORD).unwrap();
    client.another().login(LOGIN, PASSWORD).unwrap();
}

#[test]
fn a_ca_file_may_hold_several_certificates_and_words_between_them() {
    let sandbox = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bundle.pem");
    let other = ecgrid_sandbox::Authority::new().unwrap();
    std::fs::write(&file, format!("# ours\r\n{}\n# theirs\n{}", other.pem(), sandbox.ca_pem())).unwrap();
    Config::new(&sandbox.https_url()).ca_file(file.to_str().unwrap()).client().login(LOGIN, PASSWORD).unwrap();
}

#[test]
fn a_bad_ca_file_is_named_with_its_path_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("empty.pem"), "").unwrap();
    std::fs::write(
        path("key.pem"),
        ecgrid_sandbox::Authority::new().unwrap().issue(&["x"], ecgrid_sandbox::Validity::Now).unwrap().key_pem,
    )
    .unwrap();
    std::fs::write(path("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    std::fs::write(path("binary.pem"), [0_u8, 159, 146, 150]).unwrap();
    for (name, reason) in [
        ("missing.pem", "no such file"),
        ("empty.pem", "no PEM certificate"),
        ("key.pem", "no PEM certificate"),
        ("binary.pem", "no PEM certificate"),
        ("broken.pem", "none of its certificates"),
        (".", "is a directory"),
    ] {
        // Over http:// too: a program is told of its mistake before it goes to production.
        for url in ["https://localhost", "http://localhost"] {
            let failure = Config::new(url).ca_file(&path(name)).try_client().err().expect(name);
            assert_eq!(failure.kind(), (ECGRID_INVALID_CONFIGURATION, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
            assert!(failure.message.contains(&path(name)) && failure.message.contains(reason), "{failure:?}");
        }
    }
}
