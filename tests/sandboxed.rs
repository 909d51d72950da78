//! A process that may not do everything: a filter such as systemd's and containers' refuses a system call.
#![cfg(target_os = "linux")]

mod common;

use std::thread;

use common::{Config, LOGIN, PASSWORD, both, sandbox};
use ecgrid::ffi::*;

/// One system call, refused with this number; where it is `setsockopt`, only this option of this level.
#[derive(Clone, Copy)]
struct Refused {
    call: libc::c_long,
    option: Option<(libc::c_int, libc::c_int)>,
    error: libc::c_int,
}

impl Refused {
    fn call(call: libc::c_long, error: libc::c_int) -> Self {
        Self { call, option: None, error }
    }

    fn option(level: libc::c_int, option: libc::c_int) -> Self {
        Self { call: libc::SYS_setsockopt, option: Some((level, option)), error: libc::EPERM }
    }

    /// A piece of the filter, which goes on behind itself where it does not apply (see seccomp(2)).
    fn filter(self) -> Vec<libc::sock_filter> {
        // Where the kernel puts the number of the call, and the lower half of its second and third argument.
        const NUMBER: u32 = 0;
        const LEVEL: u32 = 24;
        const OPTION: u32 = 32;
        let checks: Vec<(u32, u32)> = [(NUMBER, self.call as u32)]
            .into_iter()
            .chain(self.option.into_iter().flat_map(|(level, option)| [(LEVEL, level as u32), (OPTION, option as u32)]))
            .collect();
        let statement = |code: u32, k, jf| libc::sock_filter { code: code as u16, jt: 0, jf, k };
        let mut filter = Vec::new();
        for (index, &(place, wanted)) in checks.iter().enumerate() {
            let behind = 2 * (checks.len() - index - 1) + 1;
            filter.push(statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, place, 0));
            filter.push(statement(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, wanted, behind as u8));
        }
        filter.push(statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ERRNO | self.error as u32, 0));
        filter
    }
}

/// From now on, for this thread alone.
fn refuse(refused: &[Refused]) {
    let mut filter: Vec<_> = refused.iter().flat_map(|refused| refused.filter()).collect();
    filter.push(libc::sock_filter {
        code: (libc::BPF_RET | libc::BPF_K) as u16,
        jt: 0,
        jf: 0,
        k: libc::SECCOMP_RET_ALLOW,
    });
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_mut_ptr() };
    // SAFETY: the kernel copies the filter, which refuses nothing that the thread needs to end.
    unsafe {
        assert_eq!(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        assert_eq!(libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program), 0, "a filter");
    }
}

/// Every way to send over a socket.
fn sending(error: libc::c_int) -> Vec<Refused> {
    [libc::SYS_sendto, libc::SYS_sendmsg, libc::SYS_writev].map(|call| Refused::call(call, error)).to_vec()
}

#[test]
fn a_request_that_may_not_be_sent_fails_at_once_with_the_reason() {
    for (error, reason) in [(libc::ENOBUFS, "no buffer space available"), (libc::EPERM, "operation not permitted")] {
        let sandbox = sandbox();
        for (kind, client) in both(&sandbox, |config| config.timeout(20_000).max_attempts(2)) {
            // Over a kept connection, where nothing but the request is to be sent.
            client.login(LOGIN, PASSWORD).expect(kind);
            let before = sandbox.request_count();
            let refused = || {
                refuse(&sending(error));
                client.failure_as("any")
            };
            let failure = thread::scope(|scope| scope.spawn(refused).join().unwrap());
            assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0), "{kind}: {failure:?}");
            assert!(failure.message.contains(reason) && !failure.message.contains("os error"), "{kind}: {failure:?}");
            assert_eq!(sandbox.request_count(), before, "{kind}");
        }
    }
}

#[test]
fn a_handshake_that_may_not_be_sent_is_not_blamed_on_the_server() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).timeout(20_000).max_attempts(1).client();
    let refused = || {
        refuse(&sending(libc::EPERM));
        client.failure_as("any")
    };
    let failure = thread::scope(|scope| scope.spawn(refused).join().unwrap());
    assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
    assert!(failure.message.contains("operation not permitted"), "{failure:?}");
}

#[test]
fn a_thread_that_may_not_be_started_is_named_without_a_number() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).max_attempts(1).client();
    let session = client.session(LOGIN, PASSWORD).unwrap();
    let keeping = Config::secure(&sandbox).keep_alive(1).client();
    let far = Config::new("https://ecgrid.test").max_attempts(1).client();
    let refused = || {
        refuse(&[Refused::call(libc::SYS_clone, libc::EAGAIN), Refused::call(libc::SYS_clone3, libc::EAGAIN)]);
        [session.refresh().err(), keeping.session(LOGIN, PASSWORD).err(), far.login(LOGIN, PASSWORD).err()]
    };
    for failure in thread::scope(|scope| scope.spawn(refused).join().unwrap()) {
        let failure = failure.expect("a failure");
        assert_eq!(failure.outcome, ECGRID_OUTCOME_NOT_SENT, "{failure:?}");
        assert!(failure.message.contains("resource temporarily unavailable"), "{failure:?}");
        assert!(!failure.message.contains("os error"), "{failure:?}");
    }
}

#[test]
fn options_that_only_make_a_connection_better_may_be_refused() {
    let sandbox = sandbox();
    let options = [
        Refused::option(libc::SOL_SOCKET, libc::SO_KEEPALIVE),
        Refused::option(libc::IPPROTO_TCP, libc::TCP_KEEPIDLE),
        Refused::option(libc::IPPROTO_TCP, libc::TCP_KEEPINTVL),
        Refused::option(libc::IPPROTO_TCP, libc::TCP_NODELAY),
    ];
    for refused in options.map(|one| vec![one]).into_iter().chain([options.to_vec()]) {
        for (kind, client) in both(&sandbox, |config| config.max_attempts(1)) {
            let work = || {
                refuse(&refused);
                client.login(LOGIN, PASSWORD).map(drop)
            };
            thread::scope(|scope| scope.spawn(work).join().unwrap()).expect(kind);
        }
    }
}
