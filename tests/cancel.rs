//! A cancel ends the calls of its handle, wherever they wait, and no others.

mod common;

use std::io::Read;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use common::server::{LOOPBACK, Server};
use common::session::Session;
use common::{Client, Config, Failure, GRACE, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;

/// Starts a login that will wait, waits until it does, cancels it, and returns how it ended.
fn cancelled(client: &Client, name: &str, waiting: impl FnOnce()) -> Failure {
    thread::scope(|scope| {
        let login = scope.spawn(|| (client.failure_as(name), Instant::now()));
        waiting();
        let asked = Instant::now();
        client.cancel();
        let (failure, ended) = login.join().unwrap();
        assert!(ended.saturating_duration_since(asked) < GRACE, "{failure:?}");
        assert_eq!(failure.status, ECGRID_CANCELLED, "{failure:?}");
        failure
    })
}

#[test]
fn a_call_that_waits_for_its_answer_ends_and_the_client_works_on() {
    let sandbox = sandbox();
    for (kind, client) in common::both(&sandbox, |config| config) {
        sandbox.take_requests();
        let failure =
            cancelled(&client, "hang", || assert!(sandbox.wait_for_requests(1, std::time::Duration::from_secs(5))));
        assert_eq!(failure.outcome, ECGRID_OUTCOME_UNKNOWN, "{kind}");
        client.login(LOGIN, PASSWORD).unwrap();
    }
}

#[test]
fn a_long_request_to_a_server_that_reads_without_a_pause_ends() {
    let session = Arc::new(Mutex::new(None::<Arc<Session>>));
    let ours = session.clone();
    // Once it has read a beginning it cancels the call, and reads on.
    let server = Server::start_tls(LOOPBACK, move |connection| {
        let mut buffer = vec![0; 1 << 20];
        let mut read = 0;
        while let Ok(count @ 1..) = connection.stream.read(&mut buffer) {
            read += count;
            if let Some(caller) = ours.lock().unwrap().take_if(|_| read > 1 << 20) {
                caller.cancel();
            }
        }
        assert!(read < 100 << 20, "all of it was sent");
    });
    let caller = Arc::new(server.config().client().key_session("key").unwrap());
    *session.lock().unwrap() = Some(caller.clone());
    let body = format!("[\"{}\"]", "x".repeat(100 << 20));
    let failure = caller.call("POST", "/v2/x", Some(&body)).unwrap_err();
    assert_eq!(failure.kind(), (ECGRID_CANCELLED, ECGRID_OUTCOME_UNKNOWN, 0), "{failure:?}");
    assert!(failure.message.contains("while sending the request"), "{failure:?}");
}

#[test]
fn a_call_in_the_tls_handshake_ends() {
    let server = Server::start(|connection| connection.wait_for_end());
    let client = Config::new(&format!("https://{}", server.address())).client();
    let failure = cancelled(&client, "any", || server.wait_for_connections(1));
    assert_eq!(failure.outcome, ECGRID_OUTCOME_NOT_SENT);
}

#[test]
fn a_call_that_waits_to_connect_ends() {
    let full = common::full_backlog();
    let client = Config::new(&format!("http://{}", full.address)).client();
    let failure = cancelled(&client, "any", || full.wait_for_attempt());
    assert_eq!(failure.outcome, ECGRID_OUTCOME_NOT_SENT);
    assert!(failure.message.contains("while connecting"), "{failure:?}");
}

#[test]
fn a_call_that_pauses_before_another_try_ends() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).client();
    // The cancel may come before the answer; then it is done once more.
    for _ in 0..50 {
        sandbox.take_requests();
        let failure = cancelled(&client, "retry-after-20-503", || {
            assert!(sandbox.wait_for_requests(1, std::time::Duration::from_secs(5)));
        });
        assert_eq!(sandbox.request_count(), 1);
        if failure.message.contains("while waiting to try again") {
            // What was refused was sent; it is the try after it that was not.
            assert_eq!(failure.outcome, ECGRID_OUTCOME_REFUSED, "{failure:?}");
            assert!(failure.message.contains("not sent again"), "{failure:?}");
            return;
        }
    }
    panic!("the pause was never met");
}

#[test]
fn a_clone_shares_the_connection_but_not_the_cancel() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    client.login(LOGIN, PASSWORD).unwrap();
    let clone = client.another();
    clone.login(LOGIN, PASSWORD).unwrap();
    assert_eq!(sandbox.connection_count(), 1);

    let bystander = client.another();
    sandbox.take_requests();
    thread::scope(|scope| {
        let through_original = scope.spawn(|| client.try_as("slow-600").unwrap());
        let through_bystander = scope.spawn(|| bystander.try_as("slow-600").unwrap());
        let failure =
            cancelled(&clone, "hang", || assert!(sandbox.wait_for_requests(3, std::time::Duration::from_secs(5))));
        assert_eq!(failure.outcome, ECGRID_OUTCOME_UNKNOWN);
        assert_eq!(through_original.join().unwrap().user_id, 4821);
        assert_eq!(through_bystander.join().unwrap().user_id, 4821);
    });
    clone.login(LOGIN, PASSWORD).unwrap();
}

#[test]
fn a_cancel_ends_every_call_of_the_handle() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).client();
    thread::scope(|scope| {
        let logins: Vec<_> = (0..8).map(|_| scope.spawn(|| client.failure_as("hang").status)).collect();
        assert!(sandbox.wait_for_requests(8, std::time::Duration::from_secs(5)));
        client.cancel();
        assert!(logins.into_iter().all(|login| login.join().unwrap() == ECGRID_CANCELLED));
    });
}

#[test]
fn a_cancel_with_nothing_running_is_forgotten() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).client();
    client.cancel();
    client.login(LOGIN, PASSWORD).unwrap();
    client.cancel();
    client.cancel();
    client.login(LOGIN, PASSWORD).unwrap();
}

#[test]
fn a_stop_ends_what_runs_and_all_that_comes_later_through_this_handle_and_its_clones() {
    let sandbox = sandbox();
    for (kind, client) in common::both(&sandbox, |config| config) {
        let clone = client.another();
        let session = clone.usual_session();
        sandbox.take_requests();
        let running = thread::scope(|scope| {
            let login = scope.spawn(|| clone.failure_as("hang"));
            assert!(sandbox.wait_for_requests(1, std::time::Duration::from_secs(5)));
            clone.stop();
            login.join().unwrap()
        });
        assert_eq!((running.status, running.outcome), (ECGRID_CANCELLED, ECGRID_OUTCOME_UNKNOWN), "{kind}");

        // What was cancelled before it began was not sent; cancelling changes nothing any more.
        clone.cancel();
        let later = clone.login(LOGIN, PASSWORD).unwrap_err();
        assert_eq!((later.status, later.outcome), (ECGRID_CANCELLED, ECGRID_OUTCOME_NOT_SENT), "{kind}: {later:?}");
        assert_eq!(sandbox.request_count(), 1, "{kind}");

        session.me().unwrap();
        client.login(LOGIN, PASSWORD).unwrap();
        assert_eq!(clone.another().login(LOGIN, PASSWORD).unwrap_err().status, ECGRID_CANCELLED, "{kind}");
    }
}

#[test]
fn a_stop_that_races_with_the_start_of_a_call_is_never_lost() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).client();
    for _ in 0..200 {
        let clone = client.another();
        thread::scope(|scope| {
            let login = scope.spawn(|| clone.failure_as("hang").status);
            clone.stop();
            assert_eq!(login.join().unwrap(), ECGRID_CANCELLED);
        });
    }
}

#[test]
fn a_clone_outlives_its_original() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).client();
    let clone = client.another();
    drop(client);
    clone.login(LOGIN, PASSWORD).unwrap();
}

#[test]
fn a_storm_of_cancels_ends_calls_as_cancelled_and_disturbs_no_other_handle() {
    let sandbox = sandbox();
    for (kind, client) in common::both(&sandbox, |config| config) {
        thread::scope(|scope| {
            for _ in 0..4 {
                let handle = Arc::new(client.another());
                let cancelled = Arc::downgrade(&handle);
                scope.spawn(move || {
                    while let Some(handle) = cancelled.upgrade() {
                        handle.cancel();
                        thread::yield_now();
                    }
                });
                scope.spawn(move || {
                    for _ in 0..300 {
                        let failure = handle.login(LOGIN, PASSWORD).err();
                        let status = failure.as_ref().map_or(ECGRID_OK, |failure| failure.status);
                        assert!(matches!(status, ECGRID_OK | ECGRID_CANCELLED), "{kind}: {failure:?}");
                    }
                });
            }
            let bystander = client.another();
            scope.spawn(move || {
                (0..300).for_each(|_| assert_eq!(bystander.login(LOGIN, PASSWORD).unwrap().user_id, 4821))
            });
        });
    }
}
