//! What those are told who waited for a flight: how that one ended.

use std::sync::{Arc, Mutex};

use super::super::flight::{Ending, Latch, Replicate, SingleFlight};
use super::*;

impl Replicate for u32 {
    fn replica(&self) -> Self {
        *self
    }
}

#[derive(Debug, Default)]
struct Told(Mutex<Option<Ending<&'static str>>>);

impl Latch<&'static str> for Told {
    fn open(&self, ending: Ending<&'static str>) {
        *self.0.lock().unwrap() = Some(ending);
    }
}

impl Told {
    fn ending(&self) -> Ending<&'static str> {
        self.0.lock().unwrap().clone().expect("the flight has ended")
    }
}

type Flights = SingleFlight<u32, &'static str, Told>;

fn begin(offer: Offer<u32, &'static str, Arc<Told>>) -> Arc<Told> {
    match offer {
        Offer::Start(_, told) | Offer::Wait(told) => told,
        other => panic!("{other:?}"),
    }
}

fn rejected_of(flights: &Flights, generation: u64, at: u64) -> Arc<Told> {
    flights.refused(generation, "401", s(at));
    begin(flights.ask_for_other(generation, s(at)))
}

/// How a forced refresh ends that goes like this, for who began it and for one who waits.
fn forced(book: Book, landings: impl IntoIterator<Item = Ended>) -> Ending<&'static str> {
    let flights = Flights::new(book);
    let (first, second) = (begin(flights.force(s(10))), begin(flights.force(s(10))));
    for landing in landings {
        flights.landed(landing, s(10));
    }
    assert_eq!(first.ending(), second.ending());
    first.ending()
}

#[test]
fn each_flight_tells_how_it_ended() {
    for (landings, ending) in [
        (vec![granted(2, 10)], Ending::Renewed),
        (vec![NOT_SENT], Ending::Failed("not sent")),
        (vec![DECLINED], Ending::Failed("declined")),
        (vec![LOST, Landing::Alive], Ending::Failed("lost")),
        (vec![LOST, NOT_SENT], Ending::Failed("not sent")),
    ] {
        assert_eq!(forced(session(), landings), ending);
    }
    assert_eq!(forced(session(), [REFUSED]), Ending::Over("refused"));
    assert_eq!(forced(session(), [LOST, REFUSED]), Ending::Over("refused"));
    let password = session_with_password;
    assert_eq!(forced(password(), [REFUSED, granted(2, 10)]), Ending::Renewed);
    assert_eq!(forced(password(), [REFUSED, LOST]), Ending::Failed("lost"));
    assert_eq!(forced(password(), [REFUSED, REFUSED]), Ending::Over("refused"));
}

#[test]
fn the_401_of_a_call_is_not_what_its_flight_tells() {
    let flights = Flights::new(session());
    let told = rejected_of(&flights, 1, 10);
    flights.landed(NOT_SENT, s(10));
    assert_eq!(told.ending(), Ending::Failed("not sent"));

    // Nor that of one that came back meanwhile.
    let flights = Flights::new(session());
    let told = begin(flights.force(s(10)));
    flights.refused(1, "401", s(10));
    flights.landed(NOT_SENT, s(10));
    assert_eq!(told.ending(), Ending::Failed("not sent"));
}

#[test]
fn what_brings_no_credential_by_its_nature_lets_those_who_want_one_ask_again() {
    let flights = Flights::new(session());
    begin(flights.force(s(10)));
    flights.landed(NOT_SENT, s(10));
    assert!(matches!(flights.begin_exchange(s(10)), Offer::Take(_)));
    let told = begin(flights.force(s(10)));
    flights.end_exchange(Exchange::Unchanged, s(10));
    assert_eq!(told.ending(), Ending::Unchanged, "not the trouble before the exchange");

    let flights = Flights::new(session());
    rejected_of(&flights, 1, 10);
    flights.landed(granted(2, 10), s(10));
    let told = rejected_of(&flights, 2, 11);
    flights.landed(Landing::Alive, s(11));
    assert_eq!(told.ending(), Ending::Unchanged, "that was a question");
    assert!(matches!(flights.force(s(11)), Offer::Start(Step::Refresh(2), _)));
}
