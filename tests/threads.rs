//! One client, many threads.

mod common;

use std::thread;
use std::time::Duration;

use common::{Config, LOGIN, PASSWORD, sandbox};
use ecgrid::ffi::*;

#[test]
fn threads_share_a_client_and_make_no_more_connections_than_they_are() {
    let sandbox = sandbox();
    for (kind, client) in common::both(&sandbox, |config| config) {
        let before = sandbox.connection_count();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..100).for_each(|_| assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821)));
            }
        });
        let made = sandbox.connection_count() - before;
        assert!(made <= 8, "{kind}: {made} connections");
    }
}

#[test]
fn sixty_four_threads_each_get_their_own_answer() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    thread::scope(|scope| {
        for number in 0..64 {
            let client = &client;
            scope.spawn(move || match number % 4 {
                0 => assert_eq!(client.login(LOGIN, PASSWORD).unwrap().user_id, 4821),
                1 => assert_eq!(client.login(LOGIN, "wrong").unwrap_err().status, ECGRID_UNAUTHENTICATED),
                2 => assert_eq!(client.failure_as("fault-403").status, ECGRID_FORBIDDEN),
                _ => assert_eq!(client.try_as("user-id-big").unwrap().user_id, 9_007_199_254_740_993),
            });
        }
    });
}

#[test]
fn the_last_error_is_the_threads_own_and_goes_with_the_next_success() {
    let sandbox = sandbox();
    let client = Config::new(&sandbox.http_url()).client();
    client.failure_as("fault-403");
    let last = || unsafe { ecgrid_error_status(ecgrid_last_error()) };
    assert_eq!(last(), ECGRID_FORBIDDEN);
    thread::scope(|scope| {
        scope.spawn(|| {
            assert!(ecgrid_last_error().is_null());
            client.failure_as("fault-404");
            assert_eq!(last(), ECGRID_NOT_FOUND);
        });
    });
    assert_eq!(last(), ECGRID_FORBIDDEN);
    client.login(LOGIN, PASSWORD).unwrap();
    assert!(ecgrid_last_error().is_null());
}

#[test]
fn a_freed_client_leaves_no_connection_open() {
    let sandbox = sandbox();
    let client = Config::secure(&sandbox).client();
    let clone = client.another();
    client.login(LOGIN, PASSWORD).unwrap();
    drop(client);
    assert_eq!(sandbox.open_connections(), 1);
    drop(clone);
    assert!(sandbox.wait_for_open_connections(0, Duration::from_secs(5)));
}
