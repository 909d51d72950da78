//! A machine that runs out of descriptors for a moment. Alone in its program, as the limit is the process's.

mod common;

use common::Config;
use ecgrid::ffi::*;

#[test]
fn a_trust_store_that_cannot_be_read_now_is_not_replaced_for_ever() {
    // SAFETY: no other thread of this program looks at the environment.
    unsafe { std::env::remove_var("SSL_CERT_FILE") };
    let sandbox = common::sandbox();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let mut before = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: plain calls on a local struct. The lowest two free numbers are left for the wake-up and the connection.
    unsafe {
        libc::getrlimit(libc::RLIMIT_NOFILE, &mut before);
        let (one, two) = (libc::dup(0), libc::dup(0));
        libc::close(one);
        libc::close(two);
        let low = libc::rlimit { rlim_cur: two as libc::rlim_t + 1, rlim_max: before.rlim_max };
        libc::setrlimit(libc::RLIMIT_NOFILE, &low);
    }
    let failure = Config::new(&url).timeout(2000).max_attempts(1).client().failure_as("any");
    unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &before) };
    assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert!(failure.message.contains("too many open files"), "{failure:?}");

    let failure = Config::new(&sandbox.https_url()).max_attempts(1).client().failure_as("any");
    assert!(!failure.message.contains("built-in"), "{failure:?}");
}
