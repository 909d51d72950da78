//! An outbox against the sandbox: every file is sent once, whatever goes wrong.

mod common;

use std::fs;
use std::time::Duration;

use common::parcels::{Outbox, Route, names_in, notes_in};
use common::session::Session;
use common::{Config, sandbox};
use ecgrid::ffi::*;
use ecgrid_sandbox::{Sandbox, Shape, Trouble};
use tempfile::TempDir;

const UPLOAD: &str = "/v2/parcels/upload";
const OUTBOX: &str = "/v2/parcels/outbox-list";
const UNKNOWN: i32 = ECGRID_OUTCOME_UNKNOWN;

fn start() -> (Sandbox, TempDir, Session) {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).timeout(2_000).max_attempts(1).client().usual_session();
    (sandbox, tempfile::tempdir().unwrap(), session)
}

/// Drops a file in, as a program should.
fn put(folder: &TempDir, name: &str, content: &[u8]) {
    let making = folder.path().join(".making");
    fs::write(&making, content).unwrap();
    fs::rename(making, folder.path().join(name)).unwrap();
}

/// What was uploaded: names and contents.
fn uploaded(sandbox: &Sandbox) -> Vec<(String, Vec<u8>)> {
    sandbox.parcels().into_iter().skip(3).map(|parcel| (parcel.file_name, parcel.content)).collect()
}

fn names(folder: &TempDir, within: &str) -> Vec<String> {
    let path = folder.path().join(within);
    if path.exists() { names_in(&path) } else { Vec::new() }
}

fn fails(outbox: &Outbox, sent: i64, kind: (i32, i32, i32)) -> String {
    let (count, result) = outbox.round();
    let failure = result.unwrap_err();
    assert_eq!((count, failure.kind()), (sent, kind), "{failure:?}");
    failure.message
}

#[test]
fn a_round_sends_what_lies_there_and_puts_it_away() {
    let (sandbox, folder, session) = start();
    let outbox = session.outbox(folder.path(), Some(&Route::new(20101, 20102, 101))).unwrap();
    assert_eq!(outbox.send(), 0);
    for (name, content) in [("b.edi", &b"ISA"[..]), ("a \u{e9}.edi", &[0; 100_000]), ("empty", b"")] {
        put(&folder, name, content);
    }
    for left in [".hidden", "c.edi.tmp", "d.PART"] {
        fs::write(folder.path().join(left), "x").unwrap();
    }
    fs::create_dir(folder.path().join("folder")).unwrap();
    assert_eq!(outbox.send(), 3);
    let sent = uploaded(&sandbox);
    assert_eq!(
        sent,
        [("a \u{e9}.edi".into(), vec![0; 100_000]), ("b.edi".into(), b"ISA".to_vec()), ("empty".into(), vec![])]
    );
    let ids: Vec<i64> = sandbox.parcels().iter().skip(3).map(|parcel| parcel.parcel_id).collect();
    let put_away = [format!("{}-a \u{e9}.edi", ids[0]), format!("{}-b.edi", ids[1]), format!("{}-empty", ids[2])];
    assert_eq!(names(&folder, "sent"), put_away);
    assert_eq!(names_in(folder.path()), [".hidden", "c.edi.tmp", "d.PART", "folder", "sent"]);
    assert_eq!((outbox.send(), sandbox.uploads()), (0, 3));
    assert_eq!(sandbox.parcels().last().unwrap().mailbox_to, 102);
}

/// Windows has no such names.
#[cfg(unix)]
#[test]
fn a_name_that_nobody_could_be_told_stays_and_the_others_are_sent_as_they_are() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let (sandbox, folder, session) = start();
    let outbox = session.outbox(folder.path(), None).unwrap();
    let long = "x".repeat(255);
    for name in ["CON", "..x", "a:b?.edi", &long] {
        put(&folder, name, b"good");
    }
    let bad = [OsStr::from_bytes(b"\xff.edi"), OsStr::new("a\nb.edi")];
    bad.iter().for_each(|name| fs::write(folder.path().join(name), "bad").unwrap());
    let message = fails(&outbox, 3, (ECGRID_INVALID_ARGUMENT, ECGRID_OUTCOME_NOT_SENT, 0));
    assert!(message.contains("a?b.edi not sent: its name is not UTF-8, or has a control character in it"), "{message}");
    let mut sent: Vec<String> = uploaded(&sandbox).into_iter().map(|(name, _)| name).collect();
    sent.sort();
    // What begins with a dot is in the making.
    assert_eq!(sent, ["CON", "a:b?.edi", &long]);
    assert!(bad.iter().all(|name| folder.path().join(name).exists()));
    // With the id before it, a name is cut to what a file system takes.
    assert!(names(&folder, "sent").iter().any(|name| name.len() == 255 && name.ends_with("xxx")));
    assert_eq!((names(&folder, "sent").len(), sandbox.uploads()), (3, 3));
}

#[test]
fn a_verdict_on_a_file_puts_it_away_with_the_reason_beside_it() {
    let (sandbox, folder, session) = start();
    let outbox = session.outbox(folder.path(), None).unwrap();
    for round in ["a.edi", "2-a.edi"] {
        put(&folder, "a.edi", b"wrong");
        put(&folder, "b.edi", b"right");
        sandbox.trouble(UPLOAD, 1, Trouble::Refuse(400));
        let message = fails(&outbox, 1, (ECGRID_REJECTED, ECGRID_OUTCOME_REFUSED, 400));
        let reason = fs::read_to_string(folder.path().join(format!("refused/{round}.reason.txt"))).unwrap();
        assert_eq!(reason, format!("{message}\n"));
        assert_eq!(fs::read(folder.path().join("refused").join(round)).unwrap(), b"wrong");
    }
    assert_eq!((names(&folder, "refused").len(), names(&folder, "sent").len(), outbox.send()), (4, 2, 0));
}

#[test]
fn what_says_nothing_about_a_file_leaves_it_where_it_is_and_ends_the_round() {
    let (sandbox, folder, session) = start();
    let outbox = session.outbox(folder.path(), None).unwrap();
    put(&folder, "a.edi", b"a");
    put(&folder, "b.edi", b"b");
    for (status, kind) in [
        (403, (ECGRID_FORBIDDEN, ECGRID_OUTCOME_REFUSED, 403)),
        (429, (ECGRID_RATE_LIMITED, ECGRID_OUTCOME_REFUSED, 429)),
        (503, (ECGRID_SERVER_ERROR, ECGRID_OUTCOME_REFUSED, 503)),
    ] {
        sandbox.trouble(UPLOAD, 1, Trouble::Refuse(status));
        fails(&outbox, 0, kind);
        assert_eq!((names_in(folder.path()), notes_in(folder.path())), (vec!["a.edi".into(), "b.edi".into()], vec![]));
    }
    sandbox.revoke_all_tokens();
    fails(&outbox, 0, (ECGRID_UNAUTHENTICATED, ECGRID_OUTCOME_REFUSED, 401));
    assert_eq!((names_in(folder.path()).len(), sandbox.uploads()), (2, 0));
}

#[test]
fn an_upload_whose_answer_is_lost_is_found_in_the_outbox_list_and_not_sent_again() {
    for shape in [Shape::Usual, Shape::Reference, Shape::Guide, Shape::Samples] {
        for skew in [0, -7200, 7200] {
            let (sandbox, folder, session) = start();
            sandbox.clock_skew(skew);
            sandbox.shape(shape);
            let outbox = session.outbox(folder.path(), None).unwrap();
            put(&folder, "a.edi", b"a");
            put(&folder, "b.edi", b"b");
            sandbox.trouble(UPLOAD, 1, Trouble::LoseAnswer);
            fails(&outbox, 1, (ECGRID_CONNECTION_LOST, UNKNOWN, 0));
            // Another process finds it.
            drop(outbox);
            let outbox = session.outbox(folder.path(), None).unwrap();
            assert_eq!((outbox.send(), sandbox.uploads()), (1, 2), "{shape:?} {skew}");
            assert_eq!((names(&folder, "sent").len(), outbox.send()), (2, 0), "{shape:?} {skew}");
        }
    }
}

#[test]
fn an_upload_that_was_lost_is_sent_again_when_ecgrid_had_time_to_show_it() {
    let (sandbox, folder, session) = start();
    let outbox = session.outbox(folder.path(), None).unwrap();
    put(&folder, "a.edi", b"a");
    sandbox.trouble(UPLOAD, 1, Trouble::LoseRequest);
    fails(&outbox, 0, (ECGRID_CONNECTION_LOST, UNKNOWN, 0));
    // Ten minutes are not over.
    assert_eq!((outbox.send(), sandbox.uploads()), (0, 0));
    // Nor is it sent, or taken for sent, when another of its name and length lies there.
    put(&folder, "a.edi", b"b");
    put(&folder, "a2.edi", b"c");
    assert_eq!((outbox.send(), names_in(folder.path())), (1, vec!["a.edi".into(), "sent".into()]));
    outbox.settle(0).unwrap();
    assert_eq!((outbox.send(), sandbox.uploads()), (2, 3));
    assert_eq!(uploaded(&sandbox)[1..], [("a.edi".into(), b"a".to_vec()), ("a.edi".into(), b"b".to_vec())]);
    assert_eq!(outbox.settle(-1).unwrap_err().status, ECGRID_INVALID_ARGUMENT);
}

#[test]
fn an_upload_that_is_shown_late_is_not_sent_again() {
    let (sandbox, folder, session) = start();
    let outbox = session.outbox(folder.path(), None).unwrap();
    sandbox.outbox_delay(Duration::from_secs(3600));
    put(&folder, "a.edi", b"a");
    sandbox.trouble(UPLOAD, 1, Trouble::LoseAnswer);
    fails(&outbox, 0, (ECGRID_CONNECTION_LOST, UNKNOWN, 0));
    assert_eq!((outbox.send(), outbox.send(), sandbox.uploads()), (0, 0, 1));
    sandbox.outbox_delay(Duration::ZERO);
    assert_eq!((outbox.send(), sandbox.uploads(), names(&folder, "sent").len()), (1, 1, 1));
}

#[test]
fn where_two_could_be_meant_a_person_is_asked() {
    let (sandbox, folder, session) = start();
    let outbox = session.outbox(folder.path(), None).unwrap();
    put(&folder, "a.edi", b"a");
    sandbox.trouble(UPLOAD, 1, Trouble::LoseAnswer);
    fails(&outbox, 0, (ECGRID_CONNECTION_LOST, UNKNOWN, 0));
    // By somebody else, at the same time.
    session.upload(b"b", "a.edi", None).unwrap();
    assert_eq!((outbox.send(), names(&folder, "unclear")), (0, vec!["a.edi".into(), "a.edi.reason.txt".into()]));
    let reason = fs::read_to_string(folder.path().join("unclear/a.edi.reason.txt")).unwrap();
    assert!(reason.contains("more than one like it") && reason.ends_with("drop the file in once more\n"), "{reason}");
    // One without a time is no better.
    put(&folder, "c.edi", b"c1");
    sandbox.trouble(UPLOAD, 1, Trouble::LoseAnswer);
    fails(&outbox, 0, (ECGRID_CONNECTION_LOST, UNKNOWN, 0));
    sandbox.no_times(true);
    outbox.settle(0).unwrap();
    assert_eq!((outbox.send(), names(&folder, "unclear").len(), sandbox.uploads()), (0, 4, 3));
}

#[test]
fn a_parcel_of_ours_is_not_taken_for_the_one_that_was_lost() {
    let (sandbox, folder, session) = start();
    let outbox = session.outbox(folder.path(), None).unwrap();
    put(&folder, "a.edi", b"a");
    assert_eq!(outbox.send(), 1);
    put(&folder, "a.edi", b"b");
    sandbox.trouble(UPLOAD, 1, Trouble::LoseRequest);
    fails(&outbox, 0, (ECGRID_CONNECTION_LOST, UNKNOWN, 0));
    drop(outbox);
    let outbox = session.outbox(folder.path(), None).unwrap();
    assert_eq!((outbox.send(), sandbox.uploads()), (0, 1));
    outbox.settle(0).unwrap();
    assert_eq!((outbox.send(), sandbox.uploads()), (1, 2));
}

#[test]
fn opened_for_another_account_or_route_an_unclear_file_is_not_sent_again() {
    let (sandbox, folder, session) = start();
    let other = Config::new(&sandbox.http_url()).client().session("admin@example.com", "Adm1n$ecret!").unwrap();
    let route = Route::new(0, 20102, 0);
    for (name, session, route, other) in
        [("a.edi", &session, None, (&other, None)), ("b.edi", &session, None, (&session, Some(&route)))]
    {
        let outbox = session.outbox(folder.path(), route).unwrap();
        put(&folder, name, b"a");
        sandbox.trouble(UPLOAD, 1, Trouble::LoseRequest);
        fails(&outbox, 0, (ECGRID_CONNECTION_LOST, UNKNOWN, 0));
        drop(outbox);
        let outbox = other.0.outbox(folder.path(), other.1).unwrap();
        outbox.settle(0).unwrap();
        let before = sandbox.uploads();
        assert_eq!((outbox.send(), sandbox.uploads()), (0, before));
        let reason = fs::read_to_string(folder.path().join(format!("unclear/{name}.reason.txt"))).unwrap();
        assert!(reason.contains("user 4821 route 0 0 0"), "{reason}");
        // And what comes later goes as ever.
        put(&folder, "later.edi", b"b");
        assert_eq!((outbox.send(), names(&folder, "sent").len()), (1, 1));
        fs::remove_dir_all(folder.path().join("sent")).unwrap();
    }
}

#[test]
fn nothing_is_asked_about_files_that_nobody_sent() {
    let (sandbox, folder, session) = start();
    let outbox = session.outbox(folder.path(), None).unwrap();
    put(&folder, "a.edi", b"a");
    assert_eq!(outbox.send(), 1);
    assert_eq!(sandbox.requests().iter().filter(|request| request.path == OUTBOX).count(), 0);
}
