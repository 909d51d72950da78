//! The single flight under a model checker: what each of the tests below does is executed in every order in which its
//! threads can take the lock, the shards, the latch and the server, with at most so many preemptions: switches away
//! from a thread that could go on. Where threads wait or end, every choice of the next is tried.
//!
//! | interleavings of | threads | preemptions | executions |
//! |---|---|---|---|
//! | three who ask for a due token | 3 | 2 | 671 |
//! | two whose calls get a 401, and a third that calls | 3 | 2 | 894 |
//! | a forced refresh, and two that read their shards and call | 3 | 3 | 606 |
//! | two forced refreshes and a call, when the token is due | 3 | 3 | 2,204 |
//! | two forced refreshes and a call that gets a 401 with an older token | 3 | 3 | 398 |
//! | a call that has the credential to itself, and two forced refreshes, after one that was not sent | 3 | 3 | 988 |
//! | a logout, a refresh that is due, and a call with an older lease | 3 | 3 | 591 |
//! | a 401 that was about one call, a logout and a call | 3 | 3 | 507 |
//! | a logout of a session that has lost its token, and two that log in again | 3 | 3 | 1,332 |
//! | a refresh whose answer is lost, the question about the old token, and calls: without a password | 3 | 3 | 1,856 |
//! | the same with a password | 2 | 3 | 64 |
//! | a refresh that arrives after the question about the old token, and a call with that | 3 | 3 | 259 |
//! | a refused refresh and three calls: without a password | 3 | 2 | 966 |
//! | a refused refresh and two calls: with a password | 2 | 3 | 779 |
//! | a refresh that cannot be sent, two that ask and a call that gets a 401 | 3, then 2 | 3 | 3,866 |
//! | a token whose refresh was declined, and three calls that get a 401 | 3 | 3 | 9,538 |
//! | a credential that is replaced, and two calls | 3 | 3 | 1,626 |
//! | two calls that get a 401 with any token, and one that does not | 3 | 2 | 498 |
//! | a 401 of a replacement that is good, and two that read their shards and call | 3 | 3 | 8,294 |
//! | two 401s of a replacement that is dead, and a call: without a password | 3 | 3 | 10,795 |
//! | two 401s of a token of the session's own login that is dead, and a forced refresh | 3 | 3 | 5,033 |
//! | three who find that it is time for the next login | 3 | 3 | 5,664 |
//! | a password that is forgotten, and two calls that need it | 3 | 3 | 1,598 |
//! | three that end a pause, after which the token would not last another | 3 | 3 | 7,806 |
//! | what keeps a session alive, and two that read their shards and call, when the token is due | 3 | 3 | 3,625 |
//! | what keeps a session alive, and a logout | 2 | 3 | 23 |
//! | the thread that keeps sessions alive, and a flight that ends while it looks | 2 | 4 | 62 |
//! | the end of the last session that is kept alive, and the opening of another | 2, and up to 2 that watch | 3 | 669 |
//!
//! `known.rs` watches over all of them, and over the scripts of `model_random.rs`: no two flights at once; nobody is
//! handed a token that the session knows to be dead, is asking about or is renewing; nor an older one than the newest
//! that came; nor any after the logout; nor one that would not last another pause as long as the last; no refresh, no
//! login and no retry is made before its time; no question where the answer is known, and no second refresh for the 401
//! of a replacement; whoever waited for a flight is told how that one ended. What it knows changes with the lock that
//! the session gives back, and adds no interleavings. Somebody who waits for ever is a deadlock, which the checker
//! finds.

#[allow(dead_code)]
#[path = "../src/session/flight/mod.rs"]
mod flight;
#[path = "model/known.rs"]
mod known;
#[path = "model/questions.rs"]
mod questions;
#[allow(dead_code)]
#[path = "../src/session/keep_alive/roster.rs"]
mod roster;
#[path = "model/server.rs"]
mod server;
#[path = "model/sleeping.rs"]
mod sleeping;
#[path = "model/world.rs"]
mod world;

/// The model checker's own, and few shards: one to read and one to forget.
mod sync {
    pub use loom::sync::{Arc, Condvar, Mutex, MutexGuard};

    pub const SHARDS: usize = 2;
}

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flight::{Landing, Lease, Time};
use known::Token;
use server::{DUE, Line, Server};
use world::{Endpoint, Without, World, replaced};

/// Before token 1 is due.
const EARLY: Time = Time::from_secs(10);

/// Prints how many executions there were, for the table above.
fn explore(name: &str, preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let executions = Arc::new(AtomicUsize::new(0));
    let count = executions.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(move || {
        count.fetch_add(1, Ordering::Relaxed);
        model();
    });
    println!("{name}: {} executions", executions.load(Ordering::Relaxed));
}

type Job = Box<dyn FnOnce(&World) + Send>;

fn job(job: impl FnOnce(&World) + Send + 'static) -> Job {
    Box::new(job)
}

/// Runs the jobs, each on a thread of its own, the last one on this.
fn together<const N: usize>(world: &Arc<World>, jobs: [Job; N]) {
    let mut jobs = jobs.into_iter();
    let last = jobs.next_back();
    let threads: Vec<_> = jobs
        .map(|job| {
            let world = world.clone();
            loom::thread::spawn(move || job(&world))
        })
        .collect();
    if let Some(job) = last {
        job(world);
    }
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

fn world(line: Line) -> Arc<World> {
    Arc::new(World::new(Server::new(line), false))
}

fn world_with_password(line: Line) -> Arc<World> {
    Arc::new(World::new(Server::new(line), true))
}

/// Token 1 is dead at the server, and nobody in the session knows.
fn revoke(world: &World) {
    world.server.lock().unwrap().live = None;
}

/// Token 1 for each, as they took it before it was due.
fn leases<const N: usize>(world: &World) -> [Lease<Token>; N] {
    [(); N].map(|()| world.lease(0, EARLY).unwrap())
}

#[test]
fn of_three_who_need_a_due_token_one_refreshes_it() {
    explore("three ask for a due token", 2, || {
        let world = world(Line::Good);
        let ask = |shard| job(move |world| assert_eq!(world.call(shard, DUE), Ok(true)));
        together(&world, [ask(0), ask(1), ask(0)]);
        world.expect(&[Token(1)], 0, Some(Token(2)));
    });
}

#[test]
fn of_three_whose_calls_came_back_401_one_refreshes_and_each_call_is_sent_again_once() {
    explore("three get a 401", 2, || {
        let world = world(Line::Good);
        let [first, second] = leases(&world);
        revoke(&world);
        world.server.lock().unwrap().line = Line::Revives;
        together(
            &world,
            [
                job(move |world| assert_eq!(world.call_with(&first, Endpoint::Good, EARLY), Ok(true))),
                job(move |world| assert_eq!(world.call_with(&second, Endpoint::Good, EARLY), Ok(true))),
                job(|world| assert_eq!(world.call(0, EARLY), Ok(true))),
            ],
        );
        world.expect(&[Token(1)], 0, Some(Token(2)));
    });
}

#[test]
fn a_forced_refresh_takes_the_token_out_of_every_shard_before_it_begins() {
    explore("a refresh is forced while two read their shards", 3, || {
        let world = world(Line::Good);
        let read = |shard| job(move |world| assert_eq!(world.call(shard, EARLY), Ok(true)));
        (0..2).for_each(|shard| drop(world.lease(shard, EARLY)));
        together(&world, [job(|world| assert!(world.force(EARLY))), read(0), read(1)]);
        world.expect(&[Token(1)], 0, Some(Token(2)));
    });
}

#[test]
fn two_forced_refreshes_may_be_one_and_never_refresh_one_generation_twice() {
    explore("two force a refresh, one asks", 3, || {
        let world = world(Line::Good);
        let force = || job(|world| assert!(world.force(DUE)));
        together(&world, [force(), force(), job(|world| assert!(world.call(0, DUE).is_ok()))]);
        let server = world.server.lock().unwrap();
        let distinct = server.refreshes.windows(2).all(|pair| pair[0] < pair[1]);
        assert!(distinct && server.refreshes.len() <= 3, "{:?}", server.refreshes);
    });
}

#[test]
fn a_logout_ends_the_newest_token_and_nobody_is_handed_one_afterwards() {
    explore("a logout, a refresh and a call", 3, || {
        let world = world(Line::Good);
        let [old] = leases(&world);
        together(
            &world,
            [
                job(|world| world.log_out(DUE)),
                job(|world| drop(world.lease(0, DUE))),
                job(move |world| drop(world.call_with(&old, Endpoint::Good, DUE))),
            ],
        );
        assert_eq!(world.lease(0, DUE).unwrap_err(), Without::LoggedOut);
        assert_eq!(world.server.lock().unwrap().live, None);
    });
}

#[test]
fn a_token_whose_401_was_about_one_call_is_logged_out() {
    explore("a 401 that was about a call, a logout and a call", 3, || {
        let world = world(Line::Good);
        let [lease] = leases(&world);
        together(
            &world,
            [
                job(|world| world.log_out(EARLY)),
                // It was about the password in its body, and is not sent again.
                job(move |world| world.refused(&lease, EARLY)),
                job(|world| drop(world.call(0, EARLY))),
            ],
        );
        assert_eq!(world.lease(0, EARLY).unwrap_err(), Without::LoggedOut);
        assert_eq!(world.server.lock().unwrap().live, None);
    });
}

#[test]
fn a_forced_refresh_that_meets_an_exchange_tells_of_its_own_flight() {
    explore("a call has the credential to itself while two force a refresh", 3, || {
        let world = world(Line::NotSent);
        assert!(!world.force(EARLY));
        world.server.lock().unwrap().line = Line::Good;
        let force = || job(|world| assert!(world.force(EARLY), "of the trouble before"));
        together(&world, [force(), force(), job(|world| world.exchange(EARLY))]);
    });
}

#[test]
fn a_call_whose_tokens_are_replaced_under_way_is_sent_again_with_the_newest() {
    explore("two force a refresh, and a call with an older lease", 3, || {
        let world = world(Line::Good);
        let [old] = leases(&world);
        let force = || job(|world| assert!(world.force(EARLY)));
        let call = job(move |world| assert_eq!(world.call_with(&old, Endpoint::Good, EARLY), Ok(true)));
        together(&world, [force(), force(), call]);
    });
}

#[test]
fn a_login_that_lands_after_the_logout_does_not_bring_the_session_back() {
    explore("a logout of a session without a token, and a login", 3, || {
        let world = world_with_password(Line::Good);
        world.begin_with([Landing::Refused("dead"), Landing::NotDone("not sent", None)], EARLY);
        let log_in = |shard| job(move |world| drop(world.lease(shard, DUE)));
        together(&world, [log_in(0), log_in(1), job(|world| world.log_out(DUE))]);
        assert_eq!(world.lease(0, DUE).unwrap_err(), Without::LoggedOut);
    });
}

#[test]
fn after_a_lost_answer_the_dead_token_is_never_handed_out() {
    explore("the answer to the refresh is lost: over", 3, || {
        let world = world(Line::LosesAnswers);
        let [old] = leases(&world);
        together(
            &world,
            [
                job(|world| assert_eq!(world.call(0, DUE), Err(Without::Over))),
                job(|world| assert_eq!(world.call(1, DUE), Err(Without::Over))),
                job(move |world| {
                    let result = world.call_with(&old, Endpoint::Good, DUE);
                    assert!(matches!(result, Ok(true) | Err(Without::Over)), "{result:?}");
                }),
            ],
        );
        world.expect(&[Token(1)], 0, Some(Token(2)));
    });
}

#[test]
fn after_a_lost_answer_a_kept_password_is_used_once() {
    explore("the answer to the refresh is lost: login", 3, || {
        let world = world_with_password(Line::LosesAnswers);
        let [old] = leases(&world);
        together(
            &world,
            [
                job(|world| assert_eq!(world.call(0, DUE), Ok(true))),
                job(move |world| assert_eq!(world.call_with(&old, Endpoint::Good, DUE), Ok(true))),
            ],
        );
        world.expect(&[Token(1)], 1, Some(Token(3)));
    });
}

#[test]
fn a_refresh_that_arrives_late_kills_a_token_that_was_found_alive() {
    explore("the refresh is late, and a call gets a 401", 3, || {
        let world = world(Line::LosesRequests);
        let [old] = leases(&world);
        together(
            &world,
            [
                job(|world| drop(world.call(0, DUE))),
                job(move |world| drop(world.call_with(&old, Endpoint::Good, DUE))),
                job(|world| {
                    let mut server = world.server.lock().unwrap();
                    if server.refreshes.contains(&Token(1)) {
                        server.refresh(Token(1));
                    }
                }),
            ],
        );
        drop(world.lease(0, DUE));
    });
}

#[test]
fn a_refused_refresh_makes_no_storm() {
    explore("the refresh is refused: over", 2, || {
        let world = world(Line::Refuses);
        let [first, second] = leases(&world);
        revoke(&world);
        together(
            &world,
            [
                job(move |world| assert_eq!(world.call_with(&first, Endpoint::Good, EARLY), Err(Without::Over))),
                job(move |world| assert_eq!(world.call_with(&second, Endpoint::Good, EARLY), Err(Without::Over))),
                job(|world| assert_eq!(world.call(1, EARLY), Err(Without::Over))),
            ],
        );
        world.expect(&[Token(1)], 0, None);
    });
}

#[test]
fn a_refused_refresh_makes_one_login() {
    explore("the refresh is refused: login", 3, || {
        let world = world_with_password(Line::Refuses);
        let [old] = leases(&world);
        revoke(&world);
        together(
            &world,
            [
                job(move |world| assert_eq!(world.call_with(&old, Endpoint::Good, EARLY), Ok(true))),
                job(|world| assert_eq!(world.call(1, EARLY), Ok(true))),
            ],
        );
        world.expect(&[Token(1)], 1, Some(Token(2)));
    });
}

#[test]
fn while_a_refresh_cannot_be_sent_the_living_token_is_handed_out_and_the_dead_one_is_not() {
    explore("the refresh is not sent, and a call gets a 401", 3, || {
        let world = world(Line::NotSent);
        let [old] = leases(&world);
        together(
            &world,
            [
                job(|world| drop(world.lease(0, DUE))),
                job(move |world| assert!(world.call_with(&old, Endpoint::Good, DUE).is_ok_and(|good| good))),
                job(|world| assert!(world.lease(1, DUE).is_ok())),
            ],
        );
        let [old] = leases(&world);
        revoke(&world);
        let ask = job(|world| drop(world.lease(0, DUE)));
        together(
            &world,
            [ask, job(move |world| assert_eq!(world.call_with(&old, Endpoint::Good, DUE), Err(Without::Later)))],
        );
        assert_eq!(world.lease(0, DUE).unwrap_err(), Without::Later);
    });
}

#[test]
fn a_token_whose_refresh_was_declined_is_taken_out_of_every_shard_when_a_call_gets_a_401() {
    explore("the refresh was declined, and a call gets a 401", 3, || {
        let world = world(Line::Declines);
        let [old] = leases(&world);
        (0..2).for_each(|shard| drop(world.lease(shard, DUE)));
        revoke(&world);
        together(
            &world,
            [
                job(move |world| assert_eq!(world.call_with(&old, Endpoint::Good, DUE), Err(Without::Over))),
                job(|world| assert_eq!(world.call(0, DUE), Err(Without::Over))),
                job(|world| assert_eq!(world.call(1, DUE), Err(Without::Over))),
            ],
        );
        assert_eq!(world.lease(0, DUE).unwrap_err(), Without::Over);
        // Once when it was due, and for a last time when it was refused.
        world.expect(&[Token(1), Token(1)], 0, None);
    });
}

#[test]
fn whoever_used_a_credential_that_is_being_replaced_gets_the_new_one() {
    explore("a credential is replaced while two call", 3, || {
        let world = world(Line::Good);
        let call = |shard| job(move |world| assert_eq!(world.call(shard, EARLY), Ok(true)));
        (0..2).for_each(|shard| drop(world.lease(shard, EARLY)));
        together(&world, [call(0), call(1), job(|world| world.replace(EARLY))]);
        world.expect(&[], 0, Some(Token(2)));
    });
}
