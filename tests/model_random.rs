//! Sessions in virtual time: scripts at random drive callers, the flight and a server, step by step, and after each
//! step it is checked that the session did not do what it knows better than to do.

#[allow(dead_code)]
#[path = "../src/session/flight/mod.rs"]
mod flight;
#[path = "model/known.rs"]
mod known;
#[path = "model/random_server.rs"]
mod random_server;
#[path = "model/random_world.rs"]
mod random_world;
#[allow(unused_imports)]
#[path = "../src/session/sync.rs"]
mod sync;

use flight::Step;
use proptest::collection::vec;
use proptest::prelude::*;
use random_world::{CALLERS, Fate, World};

#[derive(Clone, Debug)]
enum Event {
    /// A caller begins a call, asks again or does nothing while it waits for an answer.
    Caller(usize),
    /// A call arrives at the server.
    Arrives(usize),
    Answered(usize),
    /// A call comes back 401 that does so with any token.
    Refused(usize),
    AnswerLost(usize),
    /// A request of the program's own came back 401, with the newest token or one so many before it.
    RefusedElsewhere(u64),
    Time(u64),
    ServerRevokes,
    /// What was asked for in flight arrives at the server.
    FlightArrives,
    FlightLands(Fate),
    /// A refresh that was thought lost arrives after all.
    LateArrival,
    Force,
    LogoutBegins,
    LogoutArrives,
    LogoutEnds(bool),
    ForgetPassword,
    /// What keeps the session alive looks at it, if there is such a thing.
    Attend,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => prop_oneof![Just(100), Just(100), Just(10), Just(0)].prop_map(Fate::Answered),
        2 => Just(Fate::Lost),
        2 => prop_oneof![Just(0), Just(0), Just(7), Just(90)].prop_map(Fate::NotSent),
        1 => Just(Fate::Refused),
        1 => Just(Fate::Declined),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let caller = 0..CALLERS;
    prop_oneof![
        12 => caller.clone().prop_map(Event::Caller),
        8 => caller.clone().prop_map(Event::Arrives),
        8 => caller.clone().prop_map(Event::Answered),
        2 => caller.clone().prop_map(Event::Refused),
        1 => caller.prop_map(Event::AnswerLost),
        1 => prop_oneof![4 => Just(0), 1 => Just(1), 1 => Just(2)].prop_map(Event::RefusedElsewhere),
        3 => prop_oneof![Just(1), Just(2), Just(9), Just(20), Just(35), Just(50), Just(80), Just(100)].prop_map(Event::Time),
        1 => Just(Event::ServerRevokes),
        5 => Just(Event::FlightArrives),
        6 => fate().prop_map(Event::FlightLands),
        1 => Just(Event::LateArrival),
        2 => Just(Event::Force),
        1 => prop_oneof![8 => Just(Event::ForgetPassword), 2 => Just(Event::LogoutBegins)],
        1 => Just(Event::LogoutArrives),
        1 => prop_oneof![Just(true), Just(false)].prop_map(Event::LogoutEnds),
        2 => Just(Event::Attend),
    ]
}

fn run(world: &mut World, event: &Event) {
    match *event {
        Event::Caller(caller) => world.step(caller),
        Event::Arrives(caller) => world.call_arrives(caller),
        Event::Answered(caller) => world.call_answered(caller),
        Event::Refused(caller) => world.call_is_refused(caller),
        Event::AnswerLost(caller) => world.call_lost(caller),
        Event::RefusedElsewhere(older) => world.told_of_a_401(older),
        Event::Time(seconds) => world.pass(seconds),
        Event::ServerRevokes => world.server.revoke(),
        Event::FlightArrives => world.flight_arrives(),
        Event::FlightLands(fate) => world.flight_lands(fate),
        Event::LateArrival => world.late_arrival(),
        Event::Force => world.force(),
        Event::LogoutBegins => world.logout_begins(),
        Event::LogoutArrives => world.logout_arrives(),
        Event::LogoutEnds(answered) => world.logout_ends(answered),
        Event::ForgetPassword => world.forget_password(),
        Event::Attend => world.attend(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_no_dead_token_is_used_no_generation_refreshed_twice_and_no_newer_token_lost(
        keeps_password in any::<bool>(),
        kept_alive in any::<bool>(),
        script in vec(event(), 0..120),
    ) {
        let mut world = World::new(keeps_password, kept_alive);
        script.iter().for_each(|event| run(&mut world, event));
        world.comes_to_rest();
    }
}

/// One that asks again and again, and each time gets what it came for or not.
fn one_call(world: &mut World, caller: usize, is_refused: bool) {
    for _ in 0..10 {
        world.step(caller);
        world.flight_lands(Fate::Answered(100_000));
        match is_refused {
            true => world.call_is_refused(caller),
            false => world.call_answered(caller),
        }
        if world.is_idle(caller) {
            return;
        }
    }
    panic!("a call without an end");
}

#[test]
fn an_endpoint_that_knows_nothing_but_401_costs_a_refresh_a_minute_and_nobody_else_a_call() {
    let mut world = World::new(true, false);
    for _ in 0..600 {
        one_call(&mut world, 0, true);
        let before = world.good_calls;
        one_call(&mut world, 1, false);
        assert_eq!(world.good_calls, before + 1);
        world.pass(1);
    }
    assert_eq!(
        (world.count(|step| matches!(step, Step::Refresh(_))), world.count(|step| *step == Step::LogIn)),
        (10, 0)
    );
}

#[test]
fn two_that_log_each_other_out_log_in_by_the_schedule() {
    let mut world = World::new(true, false);
    for _ in 0..600 {
        world.server.revoke();
        let before = world.good_calls;
        one_call(&mut world, 0, false);
        if world.good_calls == before {
            world.force();
            world.flight_lands(Fate::Answered(100_000));
        }
        world.pass(1);
    }
    let logins = world.count(|step| *step == Step::LogIn);
    // At once, after 1, 2, 4 ... 32 s, and from then on once a minute.
    assert_eq!(logins, 1 + 6 + 8);
}
