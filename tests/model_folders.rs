//! The protocols of docs/parcels.md as small machines, of which every reachable state is looked at: whatever step a process
//! dies at, however often, whatever request or answer is lost, and whenever a consumer takes a file away. That the code keeps
//! to them is what the kills of c_tests show.

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Debug;

/// Every state that can be reached, in order.
fn explore<S: Clone + Ord + Debug>(first: S, next: impl Fn(&S) -> Vec<S>, check: impl Fn(&S)) -> BTreeSet<S> {
    let (mut seen, mut waiting) = (BTreeSet::from([first.clone()]), VecDeque::from([first]));
    while let Some(state) = waiting.pop_front() {
        check(&state);
        for after in next(&state) {
            if seen.insert(after.clone()) {
                waiting.push_back(after);
            }
        }
    }
    seen
}

/// Where a process is with the one parcel of an inbox; between rounds, or after a death, at the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Receiving {
    Begin,
    Listed,
    NotedWanted,
    Downloaded,
    NotedWhole,
    Moved,
    Confirmed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Note {
    None,
    Wanted,
    Whole,
    Confirmed,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Inbox {
    at: Receiving,
    note: Note,
    /// A work file that is whole.
    work: bool,
    visible: bool,
    /// How often a file has appeared.
    appeared: u8,
    /// What ECGrid has done.
    downloaded: bool,
    confirmed: bool,
}

/// Whether ECGrid takes a parcel off the list with its download; some of its pages say so.
fn is_listed(state: &Inbox, transfers: bool) -> bool {
    !(state.confirmed || (transfers && state.downloaded))
}

/// What the process does next, if nothing goes wrong.
fn receive(state: &Inbox, transfers: bool) -> Inbox {
    use Receiving::*;
    let mut next = state.clone();
    match state.at {
        Begin if state.note == Note::Whole => next.at = if state.work { NotedWhole } else { Moved },
        Begin => next.at = Listed,
        Listed if state.note == Note::Wanted => next.at = NotedWanted,
        // A list that lags behind shows it still: it is confirmed again, and nothing else.
        Listed if state.note == Note::Confirmed => next.at = Begin,
        Listed if is_listed(state, transfers) => (next.at, next.note) = (NotedWanted, Note::Wanted),
        Listed => next.at = Begin,
        NotedWanted => (next.at, next.work, next.downloaded) = (Downloaded, true, true),
        Downloaded => (next.at, next.note) = (NotedWhole, Note::Whole),
        NotedWhole => {
            (next.at, next.work, next.visible) = (Moved, false, true);
            next.appeared += 1;
        }
        Moved => (next.at, next.confirmed) = (Confirmed, true),
        Confirmed => (next.at, next.note) = (Begin, Note::Confirmed),
    }
    next
}

fn inbox_steps(state: &Inbox, transfers: bool) -> Vec<Inbox> {
    let mut all = vec![receive(state, transfers)];
    // A process that dies leaves a work file that is whole only when its note says so: else it is made anew.
    let dead = Inbox { at: Receiving::Begin, work: state.work && state.note == Note::Whole, ..state.clone() };
    all.push(dead.clone());
    match state.at {
        // The download was answered, and the answer lost, or cut.
        Receiving::NotedWanted => all.push(Inbox { downloaded: true, ..dead }),
        // The confirmation was done, and its answer lost.
        Receiving::Moved => all.push(Inbox { confirmed: true, ..dead }),
        _ => {}
    }
    if state.visible {
        all.push(Inbox { visible: false, ..state.clone() });
    }
    all
}

#[test]
fn a_parcel_appears_once_and_is_confirmed_only_then() {
    for transfers in [false, true] {
        let first = Inbox {
            at: Receiving::Begin,
            note: Note::None,
            work: false,
            visible: false,
            appeared: 0,
            downloaded: false,
            confirmed: false,
        };
        let states = explore(
            first,
            |state| inbox_steps(state, transfers),
            |state| {
                assert!(state.appeared <= 1, "{state:?}");
                assert!(!state.confirmed || state.appeared == 1, "{state:?}");
            },
        );
        assert!(states.len() > 20, "{}", states.len());
        // From each of them a process that is left alone brings it to an end.
        for state in states {
            let mut end =
                Inbox { at: Receiving::Begin, work: state.work && state.note == Note::Whole, ..state.clone() };
            for _ in 0..20 {
                end = receive(&end, transfers);
            }
            assert!(end.confirmed && end.appeared == 1 && end.note == Note::Confirmed, "{state:?} to {end:?}");
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sending {
    Begin,
    NotedFirst,
    Taken,
    Uploaded,
    NotedLast,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    None,
    Sending,
    Known,
    Done,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Outbox {
    at: Sending,
    note: Mark,
    /// Where the file is.
    dropped: bool,
    work: bool,
    put_away: bool,
    /// How often ECGrid has it, and whether its list shows that.
    uploads: u8,
    shown: bool,
    /// The settle time of the last try is over.
    settled: bool,
}

/// What the process does next, if nothing goes wrong. ECGrid keeps its word: what it has it shows within the settle time.
fn send(state: &Outbox) -> Outbox {
    use Sending::*;
    let mut next = state.clone();
    match state.at {
        Begin if state.note == Mark::Known => next.at = NotedLast,
        Begin if state.note == Mark::Sending && !state.work => next.note = Mark::None,
        Begin if state.note == Mark::Sending && state.uploads > 0 && state.shown => {
            (next.at, next.note) = (NotedLast, Mark::Known)
        }
        Begin if state.note == Mark::Sending && !state.settled => {}
        Begin if state.note == Mark::Sending => (next.at, next.settled) = (Taken, false),
        Begin if state.dropped => (next.at, next.note, next.settled) = (NotedFirst, Mark::Sending, false),
        Begin => {}
        NotedFirst => (next.at, next.dropped, next.work) = (Taken, false, true),
        Taken => {
            next.at = Uploaded;
            next.uploads += 1;
        }
        Uploaded => (next.at, next.note) = (NotedLast, Mark::Known),
        NotedLast => (next.at, next.note, next.work, next.put_away) = (Begin, Mark::Done, false, true),
    }
    next
}

fn outbox_steps(state: &Outbox) -> Vec<Outbox> {
    let mut all = vec![send(state), Outbox { at: Sending::Begin, ..state.clone() }];
    if state.at == Sending::Taken {
        // It was done, and the answer lost.
        all.push(Outbox { at: Sending::Begin, uploads: state.uploads + 1, shown: false, ..state.clone() });
    }
    if state.uploads > 0 && !state.shown {
        all.push(Outbox { shown: true, ..state.clone() });
    }
    // The settle time begins when the upload is over, and ends when everything that was done is shown.
    if state.at == Sending::Begin && !state.settled && (state.uploads == 0 || state.shown) {
        all.push(Outbox { settled: true, ..state.clone() });
    }
    all
}

#[test]
fn a_file_is_sent_once_and_put_away_then() {
    let first = Outbox {
        at: Sending::Begin,
        note: Mark::None,
        dropped: true,
        work: false,
        put_away: false,
        uploads: 0,
        shown: false,
        settled: false,
    };
    let states = explore(first, outbox_steps, |state| {
        assert!(state.uploads <= 1, "{state:?}");
        assert!(!state.put_away || state.uploads == 1, "{state:?}");
        let places = [state.dropped, state.work, state.put_away].into_iter().filter(|is_there| *is_there).count();
        assert_eq!(places, 1, "{state:?}");
    });
    assert!(states.len() > 20, "{}", states.len());
    for state in states {
        let mut end = Outbox { at: Sending::Begin, shown: state.uploads > 0, settled: true, ..state.clone() };
        for _ in 0..20 {
            end = send(&end);
            (end.shown, end.settled) = (end.uploads > 0, true);
        }
        assert!(end.uploads == 1 && end.put_away, "{state:?} to {end:?}");
    }
}
