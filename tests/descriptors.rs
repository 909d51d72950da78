//! A process that may open no more files. One test alone in its program, as the limit is the process's.

mod common;

use common::{Client, Config, Failure, LOGIN, PASSWORD};
use ecgrid::ffi::*;

/// While the process may open so many more files than it has.
fn with_files_left<T>(left: usize, work: impl FnOnce() -> T) -> T {
    let mut before = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: plain calls on a local struct, and descriptors of our own.
    unsafe {
        libc::getrlimit(libc::RLIMIT_NOFILE, &mut before);
        // Numbers are given from the lowest that is free.
        let free: Vec<_> = (0..=left).map(|_| libc::dup(0)).collect();
        free.iter().for_each(|&number| assert_eq!(libc::close(number), 0));
        let low = libc::rlimit { rlim_cur: free[left] as libc::rlim_t, rlim_max: before.rlim_max };
        assert_eq!(libc::setrlimit(libc::RLIMIT_NOFILE, &low), 0);
    }
    let result = work();
    // SAFETY: as it was.
    unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &before) };
    result
}

fn is_named(failure: &Failure) {
    assert!(failure.message.contains("this process may open no more files"), "{failure:?}");
    assert!(!failure.message.contains("is the network up") && !failure.message.contains("os error"), "{failure:?}");
}

#[test]
fn a_process_that_may_open_no_more_files_is_told_so() {
    // SAFETY: no other thread of this program looks at the environment.
    unsafe { std::env::remove_var("SSL_CERT_FILE") };
    let sandbox = common::sandbox();
    let ca_file = sandbox.ca_file().to_str().unwrap().to_owned();

    // A trust store that cannot be read now is neither taken for none nor kept: the next client has it.
    for ca_file in [None, Some(&ca_file)] {
        let config = || ca_file.iter().fold(Config::new(&sandbox.https_url()), |config, file| config.ca_file(file));
        let failure = with_files_left(0, || config().try_client()).err().expect("no client");
        assert_eq!(failure.kind(), (ECGRID_INVALID_CONFIGURATION, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
        is_named(&failure);
        match config().max_attempts(1).client().try_as("ok") {
            Ok(_) => assert!(ca_file.is_some()),
            Err(failure) => assert!(failure.message.contains("this machine's certificates"), "{failure:?}"),
        }
    }
    assert_eq!(sandbox.request_count(), 1);

    // No descriptor for the connection; none for what wakes a wait; none to look a name up with.
    let client = |url: &str| Config::new(url).ca_file(&ca_file).max_attempts(1).client();
    let here: [(Client, usize); 2] = [(client(&sandbox.http_url()), 0), (client(&sandbox.https_url()), 1)];
    for (client, left) in &here {
        let failure = with_files_left(*left, || client.failure_as("any"));
        assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
        is_named(&failure);
        client.login(LOGIN, PASSWORD).unwrap();
    }
    let far = client("https://ecgrid.test");
    for left in [0, 1] {
        let failure = with_files_left(left, || far.failure_as("any"));
        assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
        is_named(&failure);
    }
}
