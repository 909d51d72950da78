//! The roster without other threads. It has a file of its own as the model checker (tests/model.rs) takes that of the
//! roster.

use std::time::Duration;

use super::roster::{MOST_AT_ONCE, Next, Roster, wait_until};
use crate::session::flight::Time;

const DUE: Time = Time::from_secs(100);

/// So many sessions, each called by its number.
fn opened(count: usize) -> Roster<u64> {
    let roster = Roster::default();
    for _ in 0..count {
        let Ok::<_, ()>(number) = roster.enter(|| Ok(())) else { unreachable!() };
        roster.seat(number, number);
    }
    roster
}

fn due(roster: &Roster<u64>) -> Vec<u64> {
    let due = roster.wait(|| DUE).expect("sessions");
    due.into_iter().map(|(number, session)| (number == session).then_some(number).unwrap()).collect()
}

#[test]
fn only_so_many_flights_are_begun_at_once_and_each_that_ends_makes_room() {
    let roster = opened(MOST_AT_ONCE + 3);
    let first = due(&roster);
    assert_eq!(first, (1..=MOST_AT_ONCE as u64).collect::<Vec<_>>());
    // One flight has ended before the look at its session has, one session needs none, and two are gone.
    roster.look_soon(1);
    roster.looked(1, Next::AfterFlight);
    roster.looked(2, Next::At(DUE * 2));
    roster.looked(3, Next::Never);
    roster.leave(4);
    first[4..].iter().for_each(|&number| roster.looked(number, Next::AfterFlight));
    assert_eq!(due(&roster), [1, 65, 66, 67]);
    roster.looked(1, Next::At(DUE * 2));
    roster.look_soon(9);
    assert_eq!(due(&roster), [9]);
}

#[test]
fn who_has_been_due_for_longest_comes_first() {
    let roster = opened(MOST_AT_ONCE + 1);
    for number in due(&roster) {
        roster.looked(number, Next::At(DUE - Time::from_secs(number)));
    }
    // That which was never looked at, and then the latest of the others.
    let again = due(&roster);
    assert_eq!(again[..3], [65, 64, 63]);
    assert!(!again.contains(&1), "there is no room for the one that waits for the shortest time");
}

#[test]
fn the_clock_is_looked_at_twice_a_minute_since_a_machine_may_have_slept() {
    let s = Duration::from_secs;
    assert_eq!(wait_until(s(120), s(100)), s(20));
    for next in [s(131), Time::MAX] {
        assert_eq!(wait_until(next, s(100)), s(30));
    }
    assert_eq!(wait_until(s(99), s(100)), s(0), "what is due is not waited for");
}
