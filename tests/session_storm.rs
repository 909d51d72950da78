//! 64 threads with one session whose token lasts two seconds, for half a minute, whatever the server does: no call
//! fails, and the server sees one login and one refresh for each token. The storms rage at the same time, each in a
//! sandbox of its own.

mod common;

use std::collections::HashSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::session::Session;
use common::{Config, Failure};
use ecgrid::ffi::*;
use ecgrid_sandbox::{Builder, Sandbox};

const THREADS: usize = 64;
const LIFETIME: Duration = Duration::from_secs(2);
const LENGTH: Duration = Duration::from_secs(30);
/// Of each thread, between its calls: 64 of them keep two cores busy all the same.
const PACE: Duration = Duration::from_millis(50);

/// What came of a storm, at both ends.
#[derive(Debug, Default)]
struct Storm {
    calls: u64,
    failures: Vec<Failure>,
    logins: u64,
    refreshes: u64,
    refused_refreshes: u64,
    /// Refreshes that were asked for.
    asked: usize,
    /// Of tokens that another refresh had been asked for before.
    asked_twice: usize,
    connections: u64,
}

fn storm(name: &str, with: Weather, keep_password: bool) -> Storm {
    let sandbox = with(Sandbox::builder().token_lifetime(LIFETIME)).start().unwrap();
    // Of thousands of calls one may lose every twentieth answer three times in a row, but not six times.
    let config = Config::secure(&sandbox).keep_password(i32::from(keep_password)).max_attempts(6);
    let session = config.client().usual_session();
    let calls = AtomicU64::new(0);
    let over = AtomicBool::new(false);
    let mut storm = Storm::default();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                let (session, calls, over) = (&session, &calls, &over);
                scope.spawn(move || {
                    let mut failures = Vec::new();
                    while !over.load(Ordering::Relaxed) {
                        failures.extend(one_call(session, number).err());
                        calls.fetch_add(1, Ordering::Relaxed);
                        thread::sleep(PACE);
                    }
                    failures
                })
            })
            .collect();
        let begun = Instant::now();
        let mut refreshed = HashSet::new();
        while begun.elapsed() < LENGTH {
            thread::sleep(Duration::from_millis(100));
            // Taken as they come: a storm is many megabytes of requests.
            for request in sandbox.take_requests().iter().filter(|request| request.path == "/v2/auth/refresh") {
                storm.asked += 1;
                storm.asked_twice += usize::from(!refreshed.insert(request.body_text()));
            }
        }
        over.store(true, Ordering::Relaxed);
        storm.failures = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    });
    storm.calls = calls.into_inner();
    (storm.logins, storm.refreshes, storm.refused_refreshes) =
        (sandbox.logins(), sandbox.refreshes(), sandbox.refused_refreshes());
    storm.connections = sandbox.connection_count();
    println!(
        "storm {name}: {} calls, {} failed, {} logins, {} refreshes asked for, {} done, {} refused, {} of a token twice, {} connections",
        storm.calls,
        storm.failures.len(),
        storm.logins,
        storm.asked,
        storm.refreshes,
        storm.refused_refreshes,
        storm.asked_twice,
        storm.connections
    );
    assert!(storm.calls > 1000, "{storm:?}");
    storm
}

/// A thread's own way of using the session.
fn one_call(session: &Session, number: usize) -> Result<(), Failure> {
    match number % 4 {
        0 => session.token().map(drop),
        1 => session.another().me().map(drop),
        _ => session.me().map(drop),
    }
}

type Weather = fn(Builder) -> Builder;

/// What each sandbox does, and whether the session may keep the password.
const STORMS: [(&str, Weather, bool); 7] = [
    ("as usual", |sandbox| sandbox, false),
    ("slow refresh", |sandbox| sandbox.refresh_delay(Duration::from_millis(500)), false),
    ("clock ahead", |sandbox| sandbox.clock_skew(3600), false),
    ("clock behind", |sandbox| sandbox.clock_skew(-3600), false),
    ("lost answers", |sandbox| sandbox.lose_answers(5).lose_refreshes(25), true),
    ("refused refresh", |sandbox| sandbox.refuse_refresh(true), false),
    ("refused refresh, kept password", |sandbox| sandbox.refuse_refresh(true), true),
];

/// All of them, for whichever test asks first.
fn storms() -> &'static [Storm] {
    static ALL: LazyLock<Vec<Storm>> = LazyLock::new(|| {
        thread::scope(|scope| {
            let storms = STORMS.map(|(name, weather, keep)| scope.spawn(move || storm(name, weather, keep)));
            storms.map(|storm| storm.join().unwrap()).into()
        })
    });
    &ALL
}

/// The storm of that name, in which no call may have failed.
fn without_failure(name: &str) -> &'static Storm {
    let storm = of(name);
    assert!(storm.failures.is_empty(), "{:?}", storm.failures.first());
    storm
}

fn of(name: &str) -> &'static Storm {
    let at = STORMS.iter().position(|(known, ..)| *known == name).expect("a storm of that name");
    &storms()[at]
}

/// As it is to be when nothing is lost and nothing refused.
fn assert_calm(storm: &Storm) {
    assert_eq!((storm.logins, storm.refused_refreshes, storm.asked_twice), (1, 0, 0), "{storm:?}");
    // One that was under way at the end was asked for and perhaps not done yet.
    assert!(storm.refreshes >= 10 && storm.refreshes.abs_diff(storm.asked as u64) <= 1, "{storm:?}");
}

#[test]
fn nothing_fails_while_tokens_come_and_go() {
    assert_calm(without_failure("as usual"));
}

#[test]
fn nothing_fails_while_a_refresh_takes_half_a_second() {
    assert_calm(without_failure("slow refresh"));
}

#[test]
fn nothing_fails_while_the_servers_clock_is_an_hour_off() {
    assert_calm(without_failure("clock ahead"));
    assert_calm(without_failure("clock behind"));
}

#[test]
fn nothing_fails_while_answers_get_lost_and_the_password_is_kept() {
    let storm = without_failure("lost answers");
    // Every fourth refresh is done and not heard of: one login makes up for each.
    assert_eq!((storm.asked_twice, storm.refused_refreshes), (0, 0), "{storm:?}");
    assert!(storm.logins >= 3 && (storm.logins - 1).abs_diff(storm.refreshes / 4) <= 1, "{storm:?}");
}

#[test]
fn a_refused_refresh_ends_the_session_without_another_request() {
    let storm = of("refused refresh");
    assert_eq!((storm.logins, storm.asked, storm.refused_refreshes), (1, 1, 1), "{storm:?}");
    assert!(!storm.failures.is_empty());
    for failure in &storm.failures {
        assert_eq!(failure.status, ECGRID_UNAUTHENTICATED, "{failure:?}");
        assert!(failure.message.contains("log in again"), "{failure:?}");
    }
}

#[test]
fn a_refused_refresh_costs_one_login_when_the_password_is_kept() {
    let storm = without_failure("refused refresh, kept password");
    assert_eq!((storm.asked_twice, storm.refreshes), (0, 0), "{storm:?}");
    assert!(storm.logins >= 10 && (storm.logins - 1).abs_diff(storm.refused_refreshes) <= 1, "{storm:?}");
}
