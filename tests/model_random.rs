//! Sessions in virtual time: scripts at random drive callers, the flight and a server, step by step, and after each step it
//! is checked that the session did not do what it knows better than to do.

#[allow(dead_code)]
#[path = "../src/session/flight/mod.rs"]
mod flight;
#[path = "model/known.rs"]
mod known;
#[path = "model/random_server.rs"]
mod random_server;
#[path = "model/random_world.rs"]
mod random_world;
#[path = "../src/session/sync.rs"]
mod sync;

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
    AnswerLost(usize),
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
        1 => caller.prop_map(Event::AnswerLost),
        3 => prop_oneof![Just(1), Just(2), Just(9), Just(50), Just(80), Just(100)].prop_map(Event::Time),
        1 => Just(Event::ServerRevokes),
        5 => Just(Event::FlightArrives),
        6 => fate().prop_map(Event::FlightLands),
        1 => Just(Event::LateArrival),
        2 => Just(Event::Force),
        1 => prop_oneof![8 => Just(Event::ForgetPassword), 2 => Just(Event::LogoutBegins)],
        1 => Just(Event::LogoutArrives),
        1 => prop_oneof![Just(true), Just(false)].prop_map(Event::LogoutEnds),
    ]
}

fn run(world: &mut World, event: &Event) {
    match *event {
        Event::Caller(caller) => world.step(caller),
        Event::Arrives(caller) => world.call_arrives(caller),
        Event::Answered(caller) => world.call_answered(caller),
        Event::AnswerLost(caller) => world.call_lost(caller),
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
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_no_dead_token_is_used_no_generation_refreshed_twice_and_no_newer_token_lost(
        keeps_password in any::<bool>(),
        script in vec(event(), 0..120),
    ) {
        let mut world = World::new(keeps_password);
        script.iter().for_each(|event| run(&mut world, event));
        world.comes_to_rest();
    }
}
