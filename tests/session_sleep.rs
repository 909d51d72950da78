//! Programs that call now and then, in real time against the sandbox: do they keep their session? That they do at every
//! pause and whatever chance does, is counted in virtual time (src/session/ledger_tests/sleeping.rs).

mod common;

use std::hash::{BuildHasher, RandomState};
use std::thread;
use std::time::{Duration, Instant};

use common::{Client, Config};
use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;

const LIFETIME: Duration = Duration::from_secs(2);
const LIFETIMES: u32 = 5;
const PROGRAMS: usize = 20;

/// How many sessions a program loses that sleeps so long between its calls, in lifetimes.
fn lost(client: &Client, pause: f64, jitter: f64) -> u32 {
    let mut session = client.usual_session();
    let mut lost = 0;
    let (begun, mut called) = (Instant::now(), Instant::now());
    while begun.elapsed() < LIFETIME * LIFETIMES {
        let chance = RandomState::new().hash_one(0) as f64 / u64::MAX as f64;
        let pause = LIFETIME.mul_f64(pause * (1.0 + jitter * (2.0 * chance - 1.0)));
        thread::sleep(pause);
        let failed = session.me().err();
        // A machine that is busy may sleep for longer than the program wanted.
        let overslept = called.elapsed() > pause + LIFETIME / 20;
        called = Instant::now();
        if let Some(failure) = failed {
            assert_eq!(failure.status, ECGRID_UNAUTHENTICATED, "{failure:?}");
            lost += u32::from(!overslept);
            session = client.usual_session();
        }
    }
    lost
}

#[test]
fn programs_that_sleep_for_less_than_a_lifetime_keep_their_session() {
    let sandbox = Sandbox::builder().token_lifetime(LIFETIME).max_sessions(10_000).start().unwrap();
    let client = &Config::new(&sandbox.http_url()).client();
    thread::scope(|scope| {
        for (pause, jitter) in
            [(0.15, 0.0), (0.2, 0.0), (0.25, 0.0), (0.25, 0.2), (0.5, 0.0), (0.5, 0.2), (0.75, 0.0), (0.9, 0.0)]
        {
            scope.spawn(move || {
                let lost: u32 = thread::scope(|scope| {
                    let programs: Vec<_> =
                        (0..PROGRAMS).map(|_| scope.spawn(move || lost(client, pause, jitter))).collect();
                    programs.into_iter().map(|program| program.join().unwrap()).sum()
                });
                let all = f64::from(LIFETIMES) * PROGRAMS as f64;
                println!("{pause} {jitter}: {:.2}", f64::from(lost) / all);
                assert_eq!(lost, 0, "calls every {pause} lifetimes, jitter {jitter}");
            });
        }
    });
}
