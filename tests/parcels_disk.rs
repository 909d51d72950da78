//! Parcels where the disk takes no more: an error that says so, nothing half done, and no signal. One test, as limits are
//! those of a process.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::Path;

use common::parcels::{names_in, notes_in};
use common::session::Session;
use common::{Config, Failure, sandbox};
use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;

/// Does something under a limit of the process.
fn limited<T>(what: libc::__rlimit_resource_t, most: u64, work: impl FnOnce() -> T) -> T {
    let mut before = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: a structure that lives during the calls; the soft limit is put back.
    unsafe {
        assert_eq!(libc::getrlimit(what, &mut before), 0);
        assert_eq!(libc::setrlimit(what, &libc::rlimit { rlim_cur: most, ..before }), 0);
        let result = work();
        assert_eq!(libc::setrlimit(what, &before), 0);
        result
    }
}

/// So many descriptors are free.
fn with_descriptors<T>(free: u64, work: impl FnOnce() -> T) -> T {
    let highest =
        fs::read_dir("/proc/self/fd").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).max();
    let highest: u64 = highest.unwrap();
    // Those below that are not in use count too.
    let holes: Vec<fs::File> = (0..highest)
        .map_while(|_| {
            let file = fs::File::open("/dev/null").unwrap();
            let is_below = (std::os::fd::AsRawFd::as_raw_fd(&file) as u64) < highest;
            is_below.then_some(file)
        })
        .collect();
    let result = limited(libc::RLIMIT_NOFILE, highest + 1 + free, work);
    drop(holes);
    result
}

fn is_file_trouble(failure: &Failure, outcome: i32, word: &str) {
    assert_eq!((failure.status, failure.outcome), (ECGRID_FILE, outcome), "{failure:?}");
    assert!(failure.message.contains(word), "{word}: {failure:?}");
}

fn confirmations(sandbox: &Sandbox) -> u64 {
    sandbox.parcels().iter().map(|parcel| parcel.confirmations).sum()
}

fn a_file_that_may_not_grow(sandbox: &Sandbox, session: &Session, folder: &Path) {
    let id = sandbox.deliver_parcel(101, "large.edi", &[7; 1_000_000]).unwrap();
    let path = folder.join("large.edi");
    let failure = limited(libc::RLIMIT_FSIZE, 300_000, || session.download_file(id, &path).unwrap_err());
    is_file_trouble(&failure, ECGRID_OUTCOME_UNKNOWN, "large.edi: file too large");
    assert_eq!(names_in(folder), [""; 0]);
    let inbox = session.inbox(folder).unwrap();
    let small = sandbox.deliver_parcel(101, "small.edi", b"small").unwrap();
    let (received, result) = limited(libc::RLIMIT_FSIZE, 300_000, || inbox.round());
    is_file_trouble(&result.unwrap_err(), ECGRID_OUTCOME_UNKNOWN, "file too large");
    // The other one has room.
    assert_eq!((received, names_in(folder)), (1, vec![format!("{small}-small.edi")]));
    assert_eq!((inbox.receive(), names_in(folder).len()), (1, 2));
    // Nor may the notes grow: then nothing is asked for.
    sandbox.deliver_parcel(101, "later.edi", b"later").unwrap();
    sandbox.take_requests();
    let (received, result) = limited(libc::RLIMIT_FSIZE, 10, || inbox.round());
    is_file_trouble(&result.unwrap_err(), ECGRID_OUTCOME_NOT_SENT, "inbox.notes: file too large");
    assert_eq!((received, sandbox.take_requests().len()), (0, 1));
    assert_eq!(inbox.receive(), 1);
}

fn descriptors_run_out(sandbox: &Sandbox, session: &Session, folder: &Path) {
    let id = sandbox.deliver_parcel(101, "a.edi", b"a").unwrap();
    let inbox = session.inbox(folder).unwrap();
    // The connection is there already.
    session.pending(0).unwrap();
    for free in 0..4 {
        let result = with_descriptors(free, || session.download_file(id, &folder.join(format!("{free}"))));
        if let Err(failure) = result {
            is_file_trouble(&failure, ECGRID_OUTCOME_NOT_SENT, "this process may open no more files");
        }
    }
    let (received, result) = with_descriptors(0, || inbox.round());
    is_file_trouble(&result.unwrap_err(), ECGRID_OUTCOME_NOT_SENT, "this process may open no more files");
    assert_eq!((received, inbox.receive()), (0, 1));
}

fn a_folder_that_is_gone(sandbox: &Sandbox, session: &Session, folder: &Path) {
    let (gone, outgoing) = (folder.join("gone"), folder.join("outgoing"));
    fs::create_dir(&gone).unwrap();
    fs::create_dir(&outgoing).unwrap();
    let (inbox, outbox) = (session.inbox(&gone).unwrap(), session.outbox(&outgoing, None).unwrap());
    let id = sandbox.deliver_parcel(101, "b.edi", b"b").unwrap();
    fs::remove_dir_all(&gone).unwrap();
    fs::remove_dir_all(&outgoing).unwrap();
    let before = confirmations(sandbox);
    let (received, result) = inbox.round();
    is_file_trouble(&result.unwrap_err(), ECGRID_OUTCOME_NOT_SENT, "no such file or directory");
    assert_eq!((received, confirmations(sandbox)), (0, before));
    is_file_trouble(&outbox.round().1.unwrap_err(), ECGRID_OUTCOME_NOT_SENT, "no such file or directory");
    let failure = session.download_file(id, &gone.join("b.edi")).unwrap_err();
    is_file_trouble(&failure, ECGRID_OUTCOME_NOT_SENT, "no such file or directory");
    // And one that takes no files.
    for opened in [session.inbox(Path::new("/proc")).err(), session.outbox(Path::new("/proc"), None).err()] {
        is_file_trouble(&opened.unwrap(), ECGRID_OUTCOME_NOT_SENT, "not opened: cannot make a folder in /proc");
    }
    let failure = session.download_file(id, Path::new("/proc/b.edi")).unwrap_err();
    is_file_trouble(&failure, ECGRID_OUTCOME_NOT_SENT, "cannot create a file in the folder /proc");
    session.confirm(id).unwrap();
}

#[test]
fn a_disk_that_takes_no_more_is_an_error_and_costs_nothing() {
    let sandbox = sandbox();
    let session = Config::new(&sandbox.http_url()).max_attempts(1).client().usual_session();
    sandbox.remove_parcels();
    for part in [a_file_that_may_not_grow, descriptors_run_out, a_folder_that_is_gone] {
        let folder = tempfile::tempdir().unwrap();
        part(&sandbox, &session, folder.path());
        if folder.path().join(".ecgrid").exists() {
            assert!(notes_in(folder.path()).iter().all(|name| !name.ends_with(".part")));
        }
    }
}
