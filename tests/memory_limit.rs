//! Requests of sizes for which there is no memory. Alone in their program, as limits and peaks are the process's.

mod common;

use std::ffi::{CStr, CString, c_char};
use std::ptr::{self, null_mut};

use common::server::{Server, answer};
use ecgrid::ffi::*;

const MEBIBYTE: usize = 1 << 20;

#[test]
fn a_long_request_costs_no_copy_and_one_without_memory_no_process() {
    a_body_is_sent_without_a_copy();
    a_body_that_cannot_be_sent_is_not_copied();
    what_has_to_be_copied_may_find_no_memory();
}

/// In kilobytes, from /proc/self/status.
fn memory(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
}

/// How much higher the peak of this process's memory is afterwards, in kilobytes.
fn growth(work: impl FnOnce()) -> usize {
    std::fs::write("/proc/self/clear_refs", "5").expect("the peak is forgotten");
    let before = memory("VmHWM");
    work();
    memory("VmHWM").saturating_sub(before)
}

fn a_body_is_sent_without_a_copy() {
    let servers = Server::both(|connection| {
        while connection.pass_request() && connection.send(answer("200 OK", "", r#"{"data":1}"#).as_bytes()) {}
    });
    let body = format!("[\"{}\"]", "x".repeat(50 * MEBIBYTE));
    for server in servers {
        let session = server.config().client().key_session("key").unwrap();
        session.call("POST", "/v2/x", Some("[]")).unwrap();
        let growth = growth(|| drop(session.call("POST", "/v2/x", Some(&body)).unwrap()));
        assert!(growth < 8 * 1024, "{}: {growth} KB", server.url());
    }
}

fn a_body_that_cannot_be_sent_is_not_copied() {
    let session = common::Config::new("http://127.0.0.1:1").client().key_session("key").unwrap();
    let rows = r#"{"password":"secret"},"#.repeat(50 * MEBIBYTE / 22);
    for body in [format!("[{rows}0]"), format!("[\"{}\"]", "x".repeat(50 * MEBIBYTE))] {
        let growth = growth(|| {
            let failure = session.call("POST", "/v2/x", Some(&body)).unwrap_err();
            assert_eq!(failure.kind(), (ECGRID_UNREACHABLE, ECGRID_OUTCOME_NOT_SENT, 0), "{failure:?}");
            assert!(failure.message.starts_with("POST /v2/x not sent"), "{failure:?}");
        });
        assert!(growth < 8 * 1024, "{growth} KB");
    }
}

/// Status, outcome and message of what a call says of its error.
unsafe fn told(call: impl FnOnce(*mut *mut ecgrid_error) -> ecgrid_status) -> (i32, i32, String) {
    let mut error = null_mut();
    let status = call(&mut error);
    assert!(!error.is_null());
    unsafe {
        let message = CStr::from_ptr(ecgrid_error_message(error)).to_str().unwrap().to_owned();
        let outcome = ecgrid_error_outcome(error);
        ecgrid_error_free(error);
        (status, outcome, message)
    }
}

fn what_has_to_be_copied_may_find_no_memory() {
    let server = Server::start(|connection| {
        while connection.pass_request() && connection.send(answer("200 OK", "", r#"{"data":1}"#).as_bytes()) {}
    });
    let url = CString::new(server.url()).unwrap();
    // All that the program itself has is there before the limit is.
    let long = CString::new(vec![b'x'; 100 * MEBIBYTE]).unwrap();
    let path = CString::new([b"/v2/".to_vec(), vec![b'x'; 100 * MEBIBYTE]].concat()).unwrap();
    let huge = Huge::new(1024);
    let (login, post, key) = (c"jsmith", c"POST", c"key");
    let none = null_mut();
    // SAFETY: the functions as the header says.
    unsafe {
        let (config, mut client, mut session) = (ecgrid_config_new(), null_mut(), null_mut());
        assert_eq!(ecgrid_config_set_base_url(config, url.as_ptr(), none), ECGRID_OK);
        assert_eq!(ecgrid_client_new(config, &mut client, none), ECGRID_OK);
        assert_eq!(ecgrid_config_set_keep_password(config, 1, none), ECGRID_OK);
        let mut keeping = null_mut();
        assert_eq!(ecgrid_client_new(config, &mut keeping, none), ECGRID_OK);
        assert_eq!(ecgrid_session_with_api_key(client, key.as_ptr(), &mut session, none), ECGRID_OK);
        let call = |path: *const c_char, body: &[u8]| {
            told(|error| {
                let (body, length) = (body.as_ptr().cast(), body.len());
                ecgrid_session_call(session, post.as_ptr(), path, body, length, null_mut(), error)
            })
        };
        let limit = Limit::set(64);
        let mut token = null_mut();
        let by_login = told(|error| ecgrid_client_login(client, login.as_ptr(), long.as_ptr(), &mut token, error));
        let by_name = told(|error| ecgrid_client_login(client, long.as_ptr(), login.as_ptr(), &mut token, error));
        let mut other = null_mut();
        let kept = told(|error| ecgrid_session_login(keeping, login.as_ptr(), long.as_ptr(), &mut other, error));
        let by_path = call(path.as_ptr(), b"{}");
        let by_setting = told(|error| ecgrid_config_set_ca_file(config, long.as_ptr(), error));
        let by_proxy = told(|error| ecgrid_config_set_proxy(config, long.as_ptr(), error));
        drop(limit);
        for told in [by_login, by_name, kept] {
            assert_eq!((told.0, told.1), (ECGRID_OUT_OF_MEMORY, ECGRID_OUTCOME_NOT_SENT), "{}", told.2);
        }
        for (told, most) in [(by_path, "32768"), (by_setting, "4096"), (by_proxy, "2048")] {
            assert_eq!((told.0, told.1), (ECGRID_INVALID_ARGUMENT, ECGRID_OUTCOME_NOT_SENT), "{}", told.2);
            assert!(told.2.contains(most) && told.2.len() < 200, "{}", told.2);
        }
        assert_eq!(server.connections(), 0);

        // A gigabyte needs no memory of ours, be it sent or be it wrong.
        let limit = Limit::set(64);
        let wrong = call(c"/v2/x".as_ptr(), &huge.bytes()[1..]);
        let (body, length) = (huge.bytes().as_ptr().cast(), huge.bytes().len());
        let sent = ecgrid_session_call(session, post.as_ptr(), c"/v2/x".as_ptr(), body, length, none.cast(), none);
        drop(limit);
        assert_eq!((wrong.0, wrong.1), (ECGRID_INVALID_ARGUMENT, ECGRID_OUTCOME_NOT_SENT), "{}", wrong.2);
        assert_eq!(sent, ECGRID_OK);
        ecgrid_session_free(session);
        ecgrid_client_free(keeping);
        ecgrid_client_free(client);
        ecgrid_config_free(config);
    }
}

/// While it lives, this process may have so many more MiB than it has now.
struct Limit(libc::rlimit);

impl Limit {
    fn set(more: usize) -> Self {
        let mut before = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        let most = memory("VmSize") * 1024 + more * MEBIBYTE;
        // SAFETY: plain calls on local structs.
        unsafe {
            assert_eq!(libc::getrlimit(libc::RLIMIT_AS, &mut before), 0);
            let low = libc::rlimit { rlim_cur: most as libc::rlim_t, ..before };
            assert_eq!(libc::setrlimit(libc::RLIMIT_AS, &low), 0);
        }
        Self(before)
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        // SAFETY: as above.
        unsafe { libc::setrlimit(libc::RLIMIT_AS, &self.0) };
    }
}

/// A JSON string of so many MiB, all of which lie on the same few pages.
struct Huge {
    start: *mut u8,
    length: usize,
}

impl Huge {
    fn new(mebibytes: usize) -> Self {
        let length = mebibytes * MEBIBYTE;
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new range of addresses, filled with mappings of one file; the first and the last are copies.
        unsafe {
            let file = libc::memfd_create(c"huge".as_ptr(), libc::MFD_CLOEXEC);
            assert_eq!(libc::write(file, vec![b'x'; MEBIBYTE].as_ptr().cast(), MEBIBYTE), MEBIBYTE as isize);
            let flags = libc::MAP_PRIVATE | libc::MAP_ANON | libc::MAP_NORESERVE;
            let start = libc::mmap(ptr::null_mut(), length, libc::PROT_NONE, flags, -1, 0);
            assert_ne!(start, libc::MAP_FAILED);
            for number in 0..mebibytes {
                let place = start.byte_add(number * MEBIBYTE);
                let flags = libc::MAP_PRIVATE | libc::MAP_FIXED | libc::MAP_NORESERVE;
                assert_eq!(libc::mmap(place, MEBIBYTE, protection, flags, file, 0), place);
            }
            libc::close(file);
            let start = start.cast::<u8>();
            *start = b'"';
            *start.add(length - 1) = b'"';
            Self { start, length }
        }
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: mapped while this lives.
        unsafe { std::slice::from_raw_parts(self.start, self.length) }
    }
}

impl Drop for Huge {
    fn drop(&mut self) {
        // SAFETY: nobody has borrowed it any more.
        unsafe { libc::munmap(self.start.cast(), self.length) };
    }
}
