//! Answers that are large, and what they may cost: each in a process of its own, which can run out of memory.
#![cfg(target_os = "linux")]

mod common;

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};
use std::ptr::null_mut;
use std::{env, fs};

use common::server::{Connection, Server, answer};
use common::session::check;
use common::{Config, c, string};
use ecgrid::ffi::*;

const MEBIBYTE: usize = 1 << 20;
const SIZE: usize = 16 * MEBIBYTE;

/// The name of the part of this program that a child is to run, and the server it is to ask.
const PART: &str = "TEST_PART";
const SERVER: &str = "TEST_SERVER";

/// Answers that are worse than they look, and pointers to values everywhere in them.
const SHAPES: [&str; 9] = ["numbers", "deep", "objects", "string", "empty", "escapes", "names", "rows", "numbers-64"];

fn repeated(start: &str, unit: &str, end: &str, size: usize) -> String {
    let count = size.saturating_sub(start.len() + end.len()) / unit.len();
    format!("{start}{}{end}", unit.repeat(count))
}

fn shape(name: &str) -> String {
    let long = "n".repeat(SIZE / 2 - 100);
    match name {
        "small" => r#"{"success":true,"data":{"id":7}}"#.into(),
        "numbers" => repeated(r#"{"success":true,"data":[0"#, ",0", "]}", SIZE),
        "list" => {
            repeated(r#"{"success":true,"data":[{"id":1}"#, r#",{"id":1,"fileName":"x"}"#, "]}", 5 * MEBIBYTE / 2)
        }
        "numbers-64" => repeated(r#"{"success":true,"data":[0"#, ",0", "]}", 64 * MEBIBYTE),
        "deep" => {
            let unit = format!(",{}0{}", "[".repeat(60), "]".repeat(60));
            repeated(r#"{"success":true,"data":[0"#, &unit, "]}", SIZE)
        }
        "objects" => repeated(r#"{"success":true,"data":[{}"#, r#",{"a":1}"#, "]}", SIZE),
        "string" => repeated(r#"{"success":true,"data":{"0":""#, "x", r#""}}"#, SIZE),
        "escapes" => repeated(r#"{"success":true,"data":{"0":""#, r"\n", r#""}}"#, SIZE),
        "empty" => repeated(r#"{"success":true,"data":{"0":1"#, r#","":"""#, "}}", SIZE),
        "names" => format!(r#"{{"success":true,"data":{{"{long}":1,"{long}":2,"0":3}}}}"#),
        "rows" => repeated(r#"{"success":true,"data":[{}"#, r#",{"parcelId":4711,"status":"InBoxReady"}"#, "]}", SIZE),
        other => panic!("{other}"),
    }
}

/// Up to some thousand pointers that lead to a value in every page of the answer, each spelled in two ways.
fn pointers(name: &str) -> Vec<String> {
    let each = |every: usize, end: &str| -> Vec<String> {
        let rows = (0..SIZE / 2).step_by(every).take(9000);
        rows.flat_map(|row| [format!("/{row}{end}"), format!("/{row}{}", end.to_uppercase())]).collect()
    };
    match name {
        "numbers" | "numbers-64" => each(2000, ""),
        "deep" => each(30, &"/0".repeat(60)),
        "objects" => each(500, "/a"),
        "rows" => each(100, "/status"),
        _ => vec!["/0".into()],
    }
}

/// `/v2/NAME/FRAMING`.
fn serve(connection: &mut Connection) {
    while let Some(request) = connection.read_request() {
        let mut parts = request.split([' ', '/']).skip_while(|part| *part != "v2").skip(1);
        let (name, framing) = (parts.next().unwrap(), parts.next().unwrap());
        let body = shape(name);
        match framing {
            "length" => drop(connection.send(answer("200 OK", "", &body).as_bytes())),
            "chunked" => {
                connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                for chunk in body.as_bytes().chunks(30_000) {
                    connection.send(format!("{:x}\r\n", chunk.len()).as_bytes());
                    connection.send(chunk);
                    connection.send(b"\r\n");
                }
                connection.send(b"0\r\n\r\n");
            }
            _ => {
                connection.send(b"HTTP/1.1 200 OK\r\n\r\n");
                connection.send(body.as_bytes());
                return connection.finish();
            }
        }
    }
}

fn child(part: &str, url: &str) -> Output {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "run_a_part", "--nocapture", "--test-threads=1"]);
    command.env(PART, part).env(SERVER, url).output().unwrap()
}

fn run(part: &str) {
    let server = Server::start(serve);
    let output = child(part, &server.url());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{part}: {:?} {told} {}", output.status, String::from_utf8_lossy(&output.stdout));
    assert!(!told.contains("memory allocation"), "{told}");
}

/// What a child does; nothing without a parent.
#[test]
fn run_a_part() {
    let Ok(part) = env::var(PART) else { return };
    match part.split_once(' ') {
        Some(("cost", what)) => cost(what),
        _ => match &*part {
            "free" => free_after_one_look_up(),
            "again" => the_same_list_again(),
            "body" => no_memory_for_a_body(),
            "index" => no_memory_for_an_index(),
            "values" => no_memory_for_values(),
            "gigabyte" => a_gigabyte_is_enough(),
            "small" => no_memory_at_all(),
            other => panic!("{other}"),
        },
    }
}

#[test]
fn an_answer_costs_two_and_a_half_times_its_bytes_and_a_mebibyte() {
    for name in SHAPES.into_iter().filter(|name| *name != "numbers-64") {
        run(&format!("cost {name}/length"));
    }
    for framing in ["chunked", "close"] {
        run(&format!("cost rows/{framing}"));
        run(&format!("cost string/{framing}"));
    }
}

#[test]
fn freeing_touches_no_page_that_was_never_used() {
    run("free");
}

#[test]
fn a_list_like_the_one_before_needs_no_new_pages() {
    run("again");
}

#[test]
fn an_answer_that_cannot_be_kept_is_an_error_and_not_the_end() {
    run("body");
    run("index");
}

#[test]
fn an_accessor_without_memory_says_so_until_the_end() {
    run("values");
}

#[test]
fn the_worst_answers_fit_into_a_gigabyte() {
    run("gigabyte");
}

#[test]
fn a_process_without_any_memory_ends_quietly() {
    let output = child("small", "");
    assert_eq!(output.status.signal(), Some(libc::SIGABRT), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

// What follows runs in children.

struct Response(*mut ecgrid_response);

impl Response {
    fn string(&self, pointer: &str) -> String {
        unsafe { string(ecgrid_response_string(self.0, c(pointer).as_ptr())) }
    }

    fn status(&self) -> i32 {
        unsafe { ecgrid_response_status(self.0) }
    }

    fn length_of(
        &self,
        text: unsafe extern "C" fn(*const ecgrid_response, *mut usize) -> *const std::ffi::c_char,
    ) -> usize {
        let mut length = usize::MAX;
        unsafe { text(self.0, &mut length) };
        length
    }
}

impl Drop for Response {
    fn drop(&mut self) {
        unsafe { ecgrid_response_free(self.0) }
    }
}

struct Caller(common::session::Session);

impl Caller {
    fn new() -> Self {
        let client = Config::new(&env::var(SERVER).unwrap()).timeout(600_000).max_attempts(1).client();
        Self(client.key_session("a-key").unwrap())
    }

    fn ask(&self, what: &str) -> Result<Response, common::Failure> {
        let (mut response, mut error) = (null_mut(), null_mut());
        let path = c(&format!("/v2/{what}"));
        let status = unsafe {
            ecgrid_session_call(
                self.0.raw(),
                c"GET".as_ptr(),
                path.as_ptr(),
                std::ptr::null(),
                0,
                &mut response,
                &mut error,
            )
        };
        check(status, error).map(|()| Response(response))
    }
}

fn of_status(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

/// Leaves so much address space.
fn limit(more: Option<usize>) {
    let most = more.map_or(libc::RLIM_INFINITY, |more| (of_status("VmSize:") + more) as libc::rlim_t);
    let limit = libc::rlimit { rlim_cur: most, rlim_max: libc::RLIM_INFINITY };
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) }, 0);
}

fn cost(what: &str) {
    let caller = Caller::new();
    drop(caller.ask("small/length").unwrap());
    let name = what.split('/').next().unwrap();
    let pointers = pointers(name);
    // From here on the peak is that of the answer.
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = of_status("VmRSS:");
    let response = caller.ask(what).unwrap();
    let mut found = 0;
    for pointer in &pointers {
        let text = unsafe { ecgrid_response_string(response.0, c(pointer).as_ptr()) };
        found += usize::from(unsafe { *text } != 0);
        // Neither costs memory of its own.
        let (count, kind) = unsafe {
            let pointer = c(pointer);
            (ecgrid_response_count(response.0, pointer.as_ptr()), ecgrid_response_kind(response.0, pointer.as_ptr()))
        };
        assert_eq!(count >= 0, matches!(kind, ECGRID_KIND_ARRAY | ECGRID_KIND_OBJECT), "{pointer}");
        assert!(kind != ECGRID_KIND_MISSING || unsafe { *text } == 0, "{pointer}");
    }
    assert!(unsafe { ecgrid_response_count(response.0, c"".as_ptr()) } >= -1);
    assert_eq!(unsafe { *ecgrid_response_header(response.0, c"X-Nothing".as_ptr()) }, 0);
    assert!(found * 3 > pointers.len(), "{found} of {}", pointers.len());
    let length = response.length_of(ecgrid_response_body);
    let peak = of_status("VmHWM:") - before;
    let most = length * 5 / 2 + MEBIBYTE;
    assert!(peak <= most, "{what}: {peak} bytes for {length}, {:.2} times", peak as f64 / length as f64);
    assert_eq!(response.status(), ECGRID_OK);
}

fn faults() -> i64 {
    let mut usage = unsafe { std::mem::zeroed::<libc::rusage>() };
    assert_eq!(unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) }, 0);
    usage.ru_minflt
}

fn free_after_one_look_up() {
    let caller = Caller::new();
    for what in ["numbers/length", "rows/length", "rows/chunked", "rows/close", "string/length"] {
        let response = caller.ask(what).unwrap();
        for pointer in ["/0", "/200000", "/200000/status"] {
            response.string(pointer);
        }
        let before = faults();
        drop(response);
        let touched = faults() - before;
        assert!(touched < 16, "{what}: {touched} pages were touched by freeing");
    }
}

fn the_same_list_again() {
    let caller = Caller::new();
    let mut last = 0;
    for _ in 0..3 {
        let before = faults();
        let response = caller.ask("list/length").unwrap();
        for row in (1..).step_by(20).take(4000) {
            assert_eq!(response.string(&format!("/{row}/fileName")), "x");
        }
        drop(response);
        last = faults() - before;
    }
    assert!(last < 100, "{last} pages, of some 1,400 that it has");
}

fn no_memory_for_a_body() {
    let caller = Caller::new();
    drop(caller.ask("small/length").unwrap());
    for what in ["rows/length", "rows/chunked", "rows/close"] {
        limit(Some(SIZE / 2));
        let failure = caller.ask(what).err().unwrap();
        limit(None);
        assert_eq!(failure.kind(), (ECGRID_OUT_OF_MEMORY, ECGRID_OUTCOME_UNKNOWN, 200), "{what}: {failure:?}");
        assert!(failure.message.contains("memory"), "{failure:?}");
        // And life goes on.
        assert_eq!(caller.ask("small/length").unwrap().string("/id"), "7");
    }
}

fn no_memory_for_an_index() {
    let caller = Caller::new();
    drop(caller.ask("small/length").unwrap());
    limit(Some(SIZE + 2 * MEBIBYTE));
    let failure = caller.ask("rows/length").err().unwrap();
    limit(None);
    assert_eq!(failure.kind(), (ECGRID_OUT_OF_MEMORY, ECGRID_OUTCOME_UNKNOWN, 200), "{failure:?}");
    assert_eq!(caller.ask("rows/length").unwrap().string("/1/status"), "InBoxReady");
}

fn no_memory_for_values() {
    let caller = Caller::new();
    let response = caller.ask("rows/length").unwrap();
    assert_eq!((response.string("/0/status"), response.status()), (String::new(), ECGRID_OK));
    drop(response);
    let response = caller.ask("rows/length").unwrap();
    limit(Some(MEBIBYTE));
    assert_eq!((response.length_of(ecgrid_response_body) > SIZE / 2, response.status()), (true, ECGRID_OK));
    assert_eq!(unsafe { ecgrid_response_int(response.0, c"/1/parcelId".as_ptr(), 0) }, 4711);
    assert_eq!((response.string("/1/status"), response.status()), (String::new(), ECGRID_OUT_OF_MEMORY));
    limit(None);
    // With memory again there is the value again, and the status still tells of the one that was not given.
    assert_eq!((response.string("/1/status"), response.status()), ("InBoxReady".into(), ECGRID_OUT_OF_MEMORY));
    drop(response);

    for (first, second) in [
        (
            ecgrid_response_body as unsafe extern "C" fn(_, _) -> _,
            ecgrid_response_data as unsafe extern "C" fn(_, _) -> _,
        ),
        (ecgrid_response_data, ecgrid_response_body),
    ] {
        let response = caller.ask("rows/length").unwrap();
        limit(Some(MEBIBYTE));
        assert_eq!((response.length_of(first) > SIZE / 2, response.status()), (true, ECGRID_OK));
        assert_eq!((response.length_of(second), response.status()), (0, ECGRID_OUT_OF_MEMORY));
        limit(None);
        assert!(response.length_of(second) > SIZE / 2);
    }
}

fn a_gigabyte_is_enough() {
    let caller = Caller::new();
    limit(Some(1 << 30));
    for name in SHAPES {
        let response = caller.ask(&format!("{name}/length")).unwrap();
        let last = pointers(name).pop().unwrap();
        response.string(&last);
        assert!(response.length_of(ecgrid_response_data) > SIZE / 2, "{name}");
        assert_eq!(response.status(), ECGRID_OK, "{name}");
    }
}

fn no_memory_at_all() {
    limit(Some(0));
    loop {
        // Each is a small piece of memory of the library's own, and nobody gives it back.
        ecgrid_config_new();
    }
}
