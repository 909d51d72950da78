//! Handles are a tree: a cancel reaches all that was made from a handle, a stop the handle and its clones, and neither
//! reaches parents or siblings, whatever was freed meanwhile.

mod common;

use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use common::server::{Server, answer};
use common::session::Session;
use common::{Client, Config, Failure, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;

/// A server that answers no request before its gate is open.
struct Held {
    server: Server,
    gate: Arc<Gate>,
}

#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Held {
    fn new() -> Self {
        let gate = Arc::new(Gate::default());
        let ours = gate.clone();
        let answer = answer("200 OK", "", r#"{"success":true,"data":{"version":"2.6"}}"#);
        let server = Server::start(move |connection| {
            while connection.read_request().is_some() {
                drop(ours.opened.wait_while(ours.is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
                connection.send(answer.as_bytes());
            }
        });
        Self { server, gate }
    }

    fn client(&self) -> Client {
        self.server.config().max_attempts(1).client()
    }

    fn open(&self) {
        *self.gate.is_open.lock().unwrap() = true;
        self.gate.opened.notify_all();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.open();
    }
}

/// Either kind of handle.
enum Handle {
    Client(Client),
    Session(Session),
}

use Handle::{Client as C, Session as S};

impl Handle {
    fn call(&self) -> Result<(), Failure> {
        match self {
            C(client) => client.server_version().map(drop),
            S(session) => session.me().map(drop),
        }
    }

    fn cancel(&self) {
        match self {
            C(client) => client.cancel(),
            S(session) => session.cancel(),
        }
    }

    fn stop(&self) {
        match self {
            C(client) => client.stop(),
            S(session) => session.stop(),
        }
    }

    fn another(&self) -> Self {
        match self {
            C(client) => C(client.another()),
            S(session) => S(session.another()),
        }
    }

    fn session(&self) -> Self {
        match self {
            C(client) => S(client.key_session("key").unwrap()),
            S(_) => unreachable!("sessions are made from clients"),
        }
    }
}

/// Each with its parent.
const FAMILY: [(&str, Option<usize>); 8] = [
    ("client", None),
    ("clone", Some(0)),
    ("clone's clone", Some(1)),
    ("client's session", Some(0)),
    ("clone's session", Some(1)),
    ("clone of the clone's session", Some(4)),
    ("its clone", Some(5)),
    ("clone's other session", Some(1)),
];

fn is_session(member: usize) -> bool {
    member >= 3
}

fn family(held: &Held) -> Vec<Handle> {
    let mut members = vec![C(held.client())];
    for (member, (_, parent)) in FAMILY.iter().enumerate().skip(1) {
        let parent = parent.unwrap();
        let made = match is_session(member) && !is_session(parent) {
            true => members[parent].session(),
            false => members[parent].another(),
        };
        members.push(made);
    }
    members
}

/// The member itself and all that was made from it; of its own kind only, for a stop.
fn reached(top: usize, stop: bool) -> Vec<usize> {
    let is_below = |member: usize| {
        let mut at = Some(member);
        while at.is_some_and(|at| at != top) {
            at = FAMILY[at.unwrap()].1;
        }
        at.is_some()
    };
    (0..FAMILY.len()).filter(|&member| is_below(member) && (!stop || is_session(member) == is_session(top))).collect()
}

/// Calls of all that are there; `end` ends those of `expected`, and the others get their answers.
fn ends(held: &Held, members: &[Option<&Handle>], expected: &[usize], what: &str, end: impl FnOnce()) {
    thread::scope(|scope| {
        let calls: Vec<_> =
            members.iter().map(|member| member.map(|handle| scope.spawn(move || handle.call()))).collect();
        held.server.wait_for_requests(members.iter().flatten().count());
        end();
        let mut others = Vec::new();
        for (member, call) in calls.into_iter().enumerate() {
            let Some(call) = call else { continue };
            let name = FAMILY[member].0;
            if expected.contains(&member) {
                let failure = call.join().unwrap().unwrap_err();
                assert_eq!(
                    failure.kind(),
                    (ECGRID_CANCELLED, ECGRID_OUTCOME_UNKNOWN, 0),
                    "{what}, {name}: {failure:?}"
                );
            } else {
                others.push((name, call));
            }
        }
        held.open();
        for (name, call) in others {
            call.join().unwrap().unwrap_or_else(|failure| panic!("{what}, {name}: {failure:?}"));
        }
    });
}

#[test]
fn a_cancel_reaches_all_that_was_made_from_a_handle_and_a_stop_its_clones_and_neither_anything_else() {
    for (top, (name, _)) in FAMILY.iter().enumerate() {
        for stop in [false, true] {
            let held = Held::new();
            let members = family(&held);
            let all: Vec<_> = members.iter().map(Some).collect();
            let what = format!("{} of the {name}", if stop { "stop" } else { "cancel" });
            let expected = reached(top, stop);
            ends(&held, &all, &expected, &what, || if stop { members[top].stop() } else { members[top].cancel() });
            // A cancel is over; a stop is for good, also for what is cloned later.
            for (member, handle) in members.iter().enumerate() {
                let is_stopped = stop && expected.contains(&member);
                for handle in [handle, &handle.another()] {
                    let status = handle.call().map_or_else(|failure| failure.status, |()| ECGRID_OK);
                    let wanted = if is_stopped { ECGRID_CANCELLED } else { ECGRID_OK };
                    assert_eq!(status, wanted, "{what}, later, {}", FAMILY[member].0);
                }
            }
        }
    }
}

#[test]
fn a_freed_handle_passes_on_what_reaches_the_one_that_it_was_made_from() {
    // The clone and the session's first clone: all below the clone now hangs from the client, or from the session.
    for stop in [false, true] {
        let held = Held::new();
        let mut members: Vec<_> = family(&held).into_iter().map(Some).collect();
        members[1] = None;
        members[5] = None;
        let there: Vec<_> = members.iter().map(Option::as_ref).collect();
        let client = there[0].unwrap();
        let expected: Vec<_> = reached(0, stop).into_iter().filter(|&member| there[member].is_some()).collect();
        ends(&held, &there, &expected, "freed", || if stop { client.stop() } else { client.cancel() });
    }
    let held = Held::new();
    let mut members: Vec<_> = family(&held).into_iter().map(Some).collect();
    members[0] = None;
    members[4] = None;
    let there: Vec<_> = members.iter().map(Option::as_ref).collect();
    // Nobody is left who could reach them all.
    ends(&held, &there, &[1, 2, 5, 6, 7], "freed parents", || there[1].unwrap().cancel());
}

#[test]
fn a_call_is_a_clone_that_hears_its_own_stop_and_the_cancel_of_the_handle_it_was_made_from() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    // A login with a handle of its own: the session outlives that, and hears the client's cancel all the same.
    let one_call = client.another();
    let session = one_call.session_as("call-slow-60000");
    one_call.stop();
    drop(one_call);
    let one_call = session.another();
    sandbox.take_requests();
    thread::scope(|scope| {
        let call = scope.spawn(|| one_call.me().unwrap_err().status);
        assert!(sandbox.wait_for_requests(1, std::time::Duration::from_secs(5)));
        client.cancel();
        assert_eq!(call.join().unwrap(), ECGRID_CANCELLED);
    });
}

#[test]
fn a_stopped_client_opens_no_session_and_the_older_ones_go_on() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    let session = client.usual_session();
    client.stop();
    let failure = client.session(LOGIN, PASSWORD).err().unwrap();
    assert_eq!((failure.status, failure.outcome), (ECGRID_CANCELLED, ECGRID_OUTCOME_NOT_SENT), "{failure:?}");
    session.another().me().unwrap();
}

#[test]
fn a_clone_that_races_with_the_stop_of_its_parent_is_stopped_by_then() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).client();
    for _ in 0..200 {
        let parent = client.another();
        thread::scope(|scope| {
            let call = scope.spawn(|| parent.another().failure_as("hang").status);
            parent.stop();
            assert_eq!(call.join().unwrap(), ECGRID_CANCELLED);
        });
    }
}
