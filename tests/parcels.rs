//! Parcels one at a time, against the sandbox.

mod common;

use std::fs;
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use common::parcels::{Route, names_in};
use common::script::{IN_AN_HOUR, asked, serve, token};
use common::server::{Server, answer};
use common::session::Session;
use common::{Config, both, sandbox};
use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;

fn session(sandbox: &Sandbox) -> Session {
    Config::secure(sandbox).client().usual_session()
}

#[test]
fn what_is_pending_is_listed_downloaded_and_confirmed() {
    let sandbox = sandbox();
    for (kind, client) in both(&sandbox, |config| config) {
        let session = client.usual_session();
        let id = sandbox.deliver_parcel(101, "../a\u{e9}.edi", b"ISA*\x00\xff").unwrap();
        let list = session.pending(0).unwrap().json();
        assert!(list.as_array().unwrap().iter().any(|row| row["parcelId"] == id), "{kind}: {list}");
        let parcel = session.download(id).unwrap();
        assert_eq!((parcel.id, &*parcel.file_name, &*parcel.content), (id, "../a\u{e9}.edi", &b"ISA*\x00\xff"[..]));
        session.confirm(id).unwrap();
        session.confirm(id).unwrap();
        let list = session.pending(101).unwrap().json();
        assert!(list.as_array().unwrap().iter().all(|row| row["parcelId"] != id), "{kind}: {list}");
    }
}

#[test]
fn every_length_comes_as_it_went_in_memory_and_in_files() {
    let sandbox = sandbox();
    let folder = tempfile::tempdir().unwrap();
    for (kind, client) in both(&sandbox, |config| config) {
        let session = client.usual_session();
        for length in [0, 1, 2, 3, 4, 1000, 36_863, 36_864, 36_865, 500_000, 5_000_000] {
            let content: Vec<u8> = (0..length).map(|at| (at * 31 % 251) as u8).collect();
            let file = folder.path().join("out.edi");
            fs::write(&file, &content).unwrap();
            let route = Route::new(20101, 20101, 101);
            let ids = [
                session.upload(&content, "out.edi", Some(&route)).unwrap(),
                session.upload_file(&file, None, Some(&route)).unwrap(),
                session.upload_file(&file, Some("other.edi"), Some(&route)).unwrap(),
            ];
            for (id, name) in ids.into_iter().zip(["out.edi", "out.edi", "other.edi"]) {
                let parcel = session.download(id).unwrap();
                assert_eq!(&*parcel.file_name, name);
                assert!(parcel.content == content, "{kind}: {length}");
                let to = folder.path().join(format!("{id}.edi"));
                session.download_file(id, &to).unwrap();
                assert!(fs::read(&to).unwrap() == content, "{kind}: {length}");
                fs::remove_file(to).unwrap();
            }
        }
    }
    assert_eq!(names_in(folder.path()), ["out.edi"]);
}

/// Elsewhere links and modes are others.
#[cfg(unix)]
#[test]
fn a_download_never_overwrites_and_leaves_nothing_when_it_fails() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let sandbox = sandbox();
    let session = session(&sandbox);
    let id = sandbox.deliver_parcel(101, "a.edi", b"content").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("there");
    fs::write(&there, "first").unwrap();
    let link = folder.path().join("link");
    symlink(folder.path().join("nowhere"), &link).unwrap();
    sandbox.take_requests();
    for path in [&there, &link, folder.path(), &folder.path().join("none/x")] {
        let failure = session.download_file(id, path).unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_FILE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
        assert!(failure.message.starts_with("download not sent: "), "{failure:?}");
    }
    assert_eq!(sandbox.take_requests().len(), 0);
    let unknown = session.download_file(77, &folder.path().join("unknown")).unwrap_err();
    assert_eq!(unknown.kind(), (ECGRID_NOT_FOUND, ECGRID_OUTCOME_REFUSED, 404));
    assert!(unknown.message.starts_with("download of parcel 77 refused by "), "{unknown:?}");
    assert_eq!(names_in(folder.path()), ["link", "there"]);
    // A folder may be a link.
    let other = tempfile::tempdir().unwrap();
    symlink(other.path(), folder.path().join("folder")).unwrap();
    session.download_file(id, &folder.path().join("folder/a.edi")).unwrap();
    let mode = fs::metadata(other.path().join("a.edi")).unwrap().permissions().mode() & 0o777;
    let usual = tempfile::tempdir().unwrap();
    fs::write(usual.path().join("x"), "").unwrap();
    assert_eq!(mode, fs::metadata(usual.path().join("x")).unwrap().permissions().mode() & 0o777);
}

#[test]
fn a_file_that_cannot_be_sent_is_not_sent() {
    let sandbox = sandbox();
    let session = session(&sandbox);
    let folder = tempfile::tempdir().unwrap();
    sandbox.take_requests();
    for path in [folder.path(), &folder.path().join("none"), std::path::Path::new("/dev/null")] {
        let failure = session.upload_file(path, Some("x"), None).unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_FILE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    }
    for name in ["", "a\nb", &"x".repeat(5000)] {
        let failure = session.upload(b"x", name, None).unwrap_err();
        assert_eq!(failure.kind(), (ECGRID_INVALID_ARGUMENT, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    }
    for id in [0, -1, i64::MIN] {
        assert_eq!(session.download(id).unwrap_err().status, ECGRID_INVALID_ARGUMENT);
        assert_eq!(session.confirm(id).unwrap_err().status, ECGRID_INVALID_ARGUMENT);
    }
    assert_eq!(session.pending(-1).unwrap_err().status, ECGRID_INVALID_ARGUMENT);
    assert_eq!(sandbox.take_requests().len(), 0);
}

/// An answer to a download that comes in pieces, with a pause after each.
fn dripping(content: &[u8], pieces: usize, pause: Duration) -> Server {
    let body = format!(
        r#"{{"success":true,"data":{{"parcelId":7,"fileName":"a.edi","content":"{}","bytes":{}}}}}"#,
        BASE64_STANDARD.encode(content),
        content.len()
    );
    serve(move |path, _, connection| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        _ => {
            let whole = answer("200 OK", "Connection: close\r\n", &body).into_bytes();
            for piece in whole.chunks(whole.len().div_ceil(pieces)) {
                if !connection.send(piece) {
                    break;
                }
                thread::sleep(pause);
            }
            String::new()
        }
    })
}

#[test]
fn a_parcel_to_a_file_may_take_as_long_as_bytes_come_and_one_to_memory_the_timeout() {
    let (content, folder) = ([7; 100_000], tempfile::tempdir().unwrap());
    let path = folder.path().join("a.edi");
    let server = dripping(&content, 12, Duration::from_millis(150));
    let session = server.config().timeout(1_000).max_attempts(1).client().usual_session();
    session.download_file(7, &path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), content);
    let late = session.download(7).unwrap_err();
    assert_eq!(late.kind(), (ECGRID_TIMEOUT, ECGRID_OUTCOME_UNKNOWN, 200), "{late:?}");
    // Longer than the timeout without a byte.
    let server = dripping(&content, 3, Duration::from_millis(1_500));
    let session = server.config().timeout(500).max_attempts(1).client().usual_session();
    let stalled = session.download_file(7, &folder.path().join("b.edi")).unwrap_err();
    assert_eq!(stalled.kind(), (ECGRID_TIMEOUT, ECGRID_OUTCOME_UNKNOWN, 200), "{stalled:?}");
    assert_eq!(names_in(folder.path()), ["a.edi"]);
}

#[test]
fn what_is_not_the_parcel_is_a_bad_response_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (data, why) in [
        (r#"{"parcelId":7,"content":"QUJD","bytes":4}"#, "its content has 3 bytes, but it says 4"),
        (r#"{"parcelId":7,"content":"QUJD","size":"2"}"#, "its content has 3 bytes, but it says 2"),
        (r#"{"parcelId":8,"content":"QUJD","bytes":3}"#, "it is about parcel 8"),
        (r#"{"parcelId":7,"content":"QUJ","bytes":2}"#, "it ends within a group of four"),
        (r#"{"parcelId":7,"content":"QU=D","bytes":3}"#, "its content is not base64"),
        (r#"{"parcelId":7,"content":"QUJD","content":"QUJD"}"#, "it has two contents"),
        (r#"{"parcelId":7,"content":null}"#, "it has no data.content"),
        (r#"{"parcelId":7}"#, "it has no data.content"),
        ("null", "it has no data.content"),
        (r#"{"parcelId":7,"content":"QUJD"#, "it is not valid JSON"),
    ] {
        let body = format!(r#"{{"success":true,"data":{data}}}"#);
        let server = serve(move |path, _, _| match path {
            "/v2/auth/login" => token(1, IN_AN_HOUR),
            _ => answer("200 OK", "", &body),
        });
        let session = server.config().client().usual_session();
        for failure in
            [session.download(7).unwrap_err(), session.download_file(7, &folder.path().join("x")).unwrap_err()]
        {
            assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 200), "{data}");
            assert!(failure.message.contains(why), "{data}: {failure:?}");
        }
        assert_eq!(asked(&server, "/v2/parcels/download"), 2, "{data}");
    }
    assert_eq!(names_in(folder.path()), [""; 0]);
}

#[test]
fn a_long_parcel_needs_no_memory_of_its_length() {
    let sandbox = sandbox();
    let session = Config::new(&sandbox.http_url()).client().usual_session();
    let pattern: Vec<u8> = (0..3 << 20).map(|at| (at % 251) as u8).collect();
    let id = sandbox.deliver_long_parcel(101, "long.edi", &pattern, 40).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.edi");
    session.download_file(id, &path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), 40 * (3 << 20));
    let same = fs::read(&path).unwrap().chunks(pattern.len()).all(|part| part == pattern);
    assert!(same);
    // In memory it is more than an answer may have.
    let failure = session.download(id).unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 200));
    assert!(failure.message.contains("the parcel is over 67108864 bytes"), "{failure:?}");
}
