//! Parcels one at a time, against the sandbox.
#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use common::parcels::{Route, names_in};
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

#[test]
fn a_download_never_overwrites_and_leaves_nothing_when_it_fails() {
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
