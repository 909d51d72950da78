//! An inbox against the sandbox: every parcel appears once, whatever goes wrong.

mod common;

use std::fs;
use std::thread;
use std::time::Duration;

use common::parcels::{Inbox, names_in, notes_in, take_all};
use common::script::{IN_AN_HOUR, asked, ok, serve, token};
use common::session::Session;
use common::{Config, eventually, sandbox};
use ecgrid::ffi::*;
use ecgrid_sandbox::{Sandbox, Shape, Trouble};
use tempfile::TempDir;

const DOWNLOAD: &str = "/v2/parcels/download";
const CONFIRM: &str = "/v2/parcels/confirm";
const PENDING: &str = "/v2/parcels/pending-inbox-list";

/// A folder, its inbox, and a sandbox whose own parcels are out of the way.
fn start() -> (Sandbox, TempDir, Session) {
    let sandbox = sandbox();
    let session = Config::secure(&sandbox).timeout(2_000).max_attempts(1).client().usual_session();
    for parcel in sandbox.parcels() {
        session.confirm(parcel.parcel_id).unwrap();
    }
    sandbox.take_requests();
    (sandbox, tempfile::tempdir().unwrap(), session)
}

fn deliver(sandbox: &Sandbox, parcels: usize) -> Vec<i64> {
    (0..parcels).map(|_| sandbox.deliver_parcel(101, "a.edi", b"a").unwrap()).collect()
}

/// How often a parcel was confirmed, and downloaded.
fn done_with(sandbox: &Sandbox, id: i64) -> (u64, u64) {
    let parcel = sandbox.parcels().into_iter().find(|parcel| parcel.parcel_id == id).unwrap();
    (parcel.confirmations, parcel.downloads)
}

fn fails(inbox: &Inbox, received: i64, kind: (i32, i32, i32)) {
    let (count, result) = inbox.round();
    let failure = result.unwrap_err();
    assert_eq!((count, failure.kind()), (received, kind), "{failure:?}");
}

#[test]
fn a_round_brings_what_is_pending_and_confirms_it() {
    let (sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    assert_eq!(inbox.receive(), 0);
    let names = ["order.edi", "../../etc/passwd", "CON", "a b\u{e9}.x12", "", &"x".repeat(300), "order.edi"];
    let ids: Vec<i64> = names
        .iter()
        .enumerate()
        .map(|(number, name)| sandbox.deliver_parcel(101, name, format!("content {number}").as_bytes()).unwrap())
        .collect();
    assert_eq!(inbox.receive(), 7);
    let safe = ["-order.edi", "-passwd", "-CON", "-a_b_.x12", "", &format!("-{}", "x".repeat(150)), "-order.edi"];
    for (number, (id, safe)) in ids.iter().zip(safe).enumerate() {
        let content = fs::read_to_string(folder.path().join(format!("{id}{safe}"))).unwrap();
        assert_eq!((content, done_with(&sandbox, *id)), (format!("content {number}"), (1, 1)));
    }
    assert_eq!((names_in(folder.path()).len(), inbox.receive()), (7, 0));
    assert_eq!(notes_in(folder.path()), ["inbox.notes"]);
}

#[test]
fn a_parcel_that_is_taken_away_at_once_is_not_brought_again() {
    let (sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    let id = sandbox.deliver_parcel(101, "a.edi", b"a").unwrap();
    sandbox.trouble(CONFIRM, 1, Trouble::LoseAnswer);
    fails(&inbox, 1, (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 0));
    take_all(folder.path());
    // It was confirmed, though nobody knows; and it is listed once more, as a list may lag behind.
    assert!(sandbox.reset_parcel(id));
    drop(inbox);
    let inbox = session.inbox(folder.path()).unwrap();
    assert_eq!((inbox.receive(), names_in(folder.path()).len(), done_with(&sandbox, id)), (0, 0, (2, 1)));
}

#[test]
fn what_was_asked_for_and_not_kept_is_asked_for_again_listed_or_not() {
    let (sandbox, folder, session) = start();
    sandbox.download_transfers(true);
    let id = sandbox.deliver_parcel(101, "a.edi", &[7; 100_000]).unwrap();
    for trouble in [Trouble::LoseAnswer, Trouble::CutAnswer(0), Trouble::CutAnswer(60_000), Trouble::CutAnswer(133_000)]
    {
        sandbox.trouble(DOWNLOAD, 1, trouble);
        let inbox = session.inbox(folder.path()).unwrap();
        fails(
            &inbox,
            0,
            (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, if trouble == Trouble::LoseAnswer { 0 } else { 200 }),
        );
        assert_eq!((names_in(folder.path()).len(), notes_in(folder.path())), (0, vec!["inbox.notes".to_owned()]));
        assert_eq!(session.pending(0).unwrap().data, "[]");
    }
    let inbox = session.inbox(folder.path()).unwrap();
    assert_eq!(
        (inbox.receive(), names_in(folder.path()), done_with(&sandbox, id)),
        (1, vec![format!("{id}-a.edi")], (1, 5))
    );
}

#[test]
fn one_that_was_put_back_comes_again_and_one_that_is_only_listed_does_not() {
    let (sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    let id = sandbox.deliver_parcel(101, "a.edi", b"a").unwrap();
    assert_eq!(inbox.receive(), 1);
    // By the second, as ECGrid tells times.
    thread::sleep(Duration::from_millis(1100));
    assert!(sandbox.reset_parcel(id));
    assert_eq!((inbox.receive(), done_with(&sandbox, id)), (1, (2, 2)));
    assert_eq!(names_in(folder.path()), [format!("{id}-a.edi"), format!("{id}.2-a.edi")]);
    // Without a time nobody can tell for ten minutes.
    sandbox.no_times(true);
    assert!(sandbox.reset_parcel(id));
    assert_eq!((inbox.receive(), done_with(&sandbox, id)), (0, (3, 2)));
}

#[test]
fn lists_in_pages_are_read_to_their_end_and_a_round_ends_although_confirms_fail() {
    let (sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    sandbox.pending_page(Some(3));
    deliver(&sandbox, 8);
    sandbox.take_requests();
    assert_eq!(inbox.receive(), 8);
    let lists = sandbox.take_requests().iter().filter(|request| request.path == PENDING).count();
    assert_eq!(lists, 4);
    take_all(folder.path());
    deliver(&sandbox, 3);
    sandbox.trouble(CONFIRM, 3, Trouble::Refuse(500));
    fails(&inbox, 3, (ECGRID_SERVER_ERROR, ECGRID_OUTCOME_UNKNOWN, 500));
    take_all(folder.path());
    assert_eq!((inbox.receive(), names_in(folder.path()).len()), (0, 0));
}

#[test]
fn an_error_with_one_parcel_does_not_stop_the_others() {
    let (sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    let ids = deliver(&sandbox, 4);
    sandbox.trouble(DOWNLOAD, 1, Trouble::Refuse(404));
    sandbox.trouble(DOWNLOAD, 1, Trouble::CutAnswer(20));
    fails(&inbox, 2, (ECGRID_NOT_FOUND, ECGRID_OUTCOME_UNKNOWN, 404));
    assert_eq!(names_in(folder.path()), [format!("{}-a.edi", ids[2]), format!("{}-a.edi", ids[3])]);
    // Those that failed come last, so that they keep nobody waiting.
    let late = sandbox.deliver_parcel(101, "late.edi", b"a").unwrap();
    sandbox.take_requests();
    assert_eq!(inbox.receive(), 3);
    let first = sandbox.take_requests().into_iter().find(|request| request.path == DOWNLOAD).unwrap();
    assert_eq!(first.body_text(), format!("{{\"parcelId\":{late}}}"));
}

#[test]
fn a_round_ends_where_every_parcel_would_meet_the_same_error() {
    let (sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    deliver(&sandbox, 9);
    for (trouble, times, asked, kind) in [
        (Trouble::Refuse(429), 1, 1, (ECGRID_RATE_LIMITED, ECGRID_OUTCOME_REFUSED, 429)),
        (Trouble::Refuse(503), 1, 1, (ECGRID_SERVER_ERROR, ECGRID_OUTCOME_REFUSED, 503)),
        (Trouble::Refuse(500), 3, 3, (ECGRID_SERVER_ERROR, ECGRID_OUTCOME_UNKNOWN, 500)),
    ] {
        sandbox.take_requests();
        sandbox.trouble(DOWNLOAD, times, trouble);
        fails(&inbox, 0, kind);
        assert_eq!(sandbox.take_requests().iter().filter(|request| request.path == DOWNLOAD).count(), asked);
    }
    assert_eq!(inbox.receive(), 9);
}

#[test]
fn what_ecgrid_does_not_know_and_does_not_list_is_not_asked_for_for_ever() {
    let (sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    sandbox.download_transfers(true);
    let _id = sandbox.deliver_parcel(101, "a.edi", b"a").unwrap();
    sandbox.trouble(DOWNLOAD, 1, Trouble::LoseAnswer);
    fails(&inbox, 0, (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 0));
    sandbox.trouble(DOWNLOAD, 1, Trouble::Refuse(404));
    fails(&inbox, 0, (ECGRID_NOT_FOUND, ECGRID_OUTCOME_REFUSED, 404));
    assert_eq!((inbox.receive(), notes_in(folder.path()).len()), (0, 0));
}

#[test]
fn the_answers_may_have_each_of_their_shapes() {
    for shape in [Shape::Usual, Shape::Reference, Shape::Guide, Shape::Samples] {
        let (sandbox, folder, session) = start();
        sandbox.shape(shape);
        let content: Vec<u8> = (0..100_000_u32).map(|at| (at % 253) as u8).collect();
        let id = sandbox.deliver_parcel(101, "a.edi", &content).unwrap();
        assert_eq!(session.inbox(folder.path()).unwrap().receive(), 1, "{shape:?}");
        assert!(fs::read(folder.path().join(format!("{id}-a.edi"))).unwrap() == content, "{shape:?}");
        assert!(session.upload(b"x", "b.edi", None).unwrap() > id, "{shape:?}");
    }
}

#[test]
fn a_folder_has_one_handle() {
    let (_sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    for second in [session.inbox(folder.path()).err(), session.outbox(folder.path(), None).err()] {
        let failure = second.unwrap();
        assert_eq!(failure.kind(), (ECGRID_INVALID_STATE, ECGRID_OUTCOME_NOT_SENT, 0));
        assert!(failure.message.contains(&format!("process {}", std::process::id())), "{failure:?}");
    }
    drop(inbox);
    assert_eq!(session.inbox(folder.path()).unwrap().receive(), 0);
    let none = session.inbox(&folder.path().join("none")).err().unwrap();
    assert_eq!(none.kind(), (ECGRID_FILE, ECGRID_OUTCOME_NOT_SENT, 0));
}

#[test]
fn what_is_under_way_for_one_account_is_not_finished_by_another() {
    let (sandbox, folder, session) = start();
    let id = sandbox.deliver_parcel(101, "a.edi", b"a").unwrap();
    sandbox.trouble(DOWNLOAD, 1, Trouble::LoseAnswer);
    fails(&session.inbox(folder.path()).unwrap(), 0, (ECGRID_CONNECTION_LOST, ECGRID_OUTCOME_UNKNOWN, 0));
    let other = Config::new(&sandbox.http_url()).client().session("admin@example.com", "Adm1n$ecret!").unwrap();
    fails(&other.inbox(folder.path()).unwrap(), 0, (ECGRID_INVALID_STATE, ECGRID_OUTCOME_NOT_SENT, 0));
    assert_eq!(session.inbox(folder.path()).unwrap().receive(), 1);
    assert_eq!(done_with(&sandbox, id), (1, 2));
    // What is only remembered is in nobody's way.
    assert_eq!(other.inbox(folder.path()).unwrap().receive(), 0);
}

#[test]
fn two_rounds_at_once_bring_each_parcel_once() {
    let (sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    deliver(&sandbox, 20);
    let counts: i64 = thread::scope(|scope| {
        let rounds: Vec<_> = (0..4).map(|_| scope.spawn(|| inbox.receive())).collect();
        rounds.into_iter().map(|round| round.join().unwrap()).sum()
    });
    assert_eq!((counts, names_in(folder.path()).len(), sandbox.downloads()), (20, 20, 20));
}

#[test]
fn a_stop_of_a_clone_ends_its_round_also_one_that_waits_and_no_other() {
    let (sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    let clone = inbox.another();
    let id = sandbox.deliver_long_parcel(101, "long.edi", &vec![b'x'; 3 << 20], 1000).unwrap();
    thread::scope(|scope| {
        let first = scope.spawn(|| inbox.round());
        let work = folder.path().join(format!(".ecgrid/{id}.part"));
        eventually("the download has begun", || fs::metadata(&work).is_ok_and(|facts| facts.len() > 0));
        let second = scope.spawn(|| clone.round());
        clone.stop();
        let (received, result) = second.join().unwrap();
        let failure = result.unwrap_err();
        assert_eq!((received, failure.kind()), (0, (ECGRID_CANCELLED, ECGRID_OUTCOME_NOT_SENT, 0)), "{failure:?}");
        assert!(!first.is_finished());
        inbox.cancel();
        let (received, result) = first.join().unwrap();
        assert_eq!((received, result.unwrap_err().status), (0, ECGRID_CANCELLED));
    });
}

#[test]
fn a_name_that_is_not_utf8_ends_the_round_and_nothing_is_done_about_half_a_list() {
    const LIST: &[u8] =
        b"{\"success\":true,\"data\":[{\"parcelId\":7,\"fileName\":\"a\"},{\"parcelId\":8,\"fileName\":\"\xff\"}]}";
    let server = serve(|path, _, connection| match path {
        "/v2/auth/login" => token(1, IN_AN_HOUR),
        PENDING => {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", LIST.len());
            connection.send(&[head.as_bytes(), LIST].concat());
            String::new()
        }
        _ => ok(),
    });
    let (folder, session) = (tempfile::tempdir().unwrap(), server.config().max_attempts(1).client().usual_session());
    let inbox = session.inbox(folder.path()).unwrap();
    fails(&inbox, 0, (ECGRID_BAD_RESPONSE, ECGRID_OUTCOME_UNKNOWN, 200));
    assert_eq!((asked(&server, DOWNLOAD), notes_in(folder.path()).len()), (0, 0));
}

#[test]
fn a_cancel_ends_a_round_and_loses_nothing() {
    let (sandbox, folder, session) = start();
    let inbox = session.inbox(folder.path()).unwrap();
    let pattern = vec![b'x'; 3 << 20];
    let id = sandbox.deliver_long_parcel(101, "long.edi", &pattern, 1000).unwrap();
    thread::scope(|scope| {
        let round = scope.spawn(|| inbox.round());
        let work = folder.path().join(format!(".ecgrid/{id}.part"));
        eventually("the download has begun", || fs::metadata(&work).is_ok_and(|facts| facts.len() > 0));
        inbox.cancel();
        let (received, result) = round.join().unwrap();
        assert_eq!((received, result.unwrap_err().status), (0, ECGRID_CANCELLED));
    });
    assert_eq!((names_in(folder.path()).len(), notes_in(folder.path())), (0, vec!["inbox.notes".to_owned()]));
    inbox.stop();
    fails(&inbox, 0, (ECGRID_CANCELLED, ECGRID_OUTCOME_NOT_SENT, 0));
    drop(inbox);
    // The cancel of a session reaches what was opened with it.
    let inbox = session.inbox(folder.path()).unwrap();
    session.stop();
    fails(&inbox, 0, (ECGRID_CANCELLED, ECGRID_OUTCOME_NOT_SENT, 0));
}
