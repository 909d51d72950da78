//! Sessions that are not used for a while, and what keeps others alive meanwhile.

use super::*;
use flight::Grant;
use roster::{Next, Roster};

/// Token 1 is not due for long.
const AFTER_A_PAUSE: Time = Time::from_secs(45);

fn call(shard: usize, now: Time) -> Job {
    job(move |world| assert_eq!(world.call(shard, now), Ok(true)))
}

#[test]
fn of_those_who_end_a_pause_one_refreshes_the_token_that_would_not_last_another() {
    explore("three end a pause", 3, || {
        let first = Grant { credential: Token(1), granted: Time::ZERO, due: DUE, ends: Time::from_secs(100) };
        let world = Arc::new(World::with(Server::new(Line::Good), first));
        (0..2).for_each(|shard| drop(world.lease(shard, EARLY)));
        together(&world, [call(0, AFTER_A_PAUSE), call(1, AFTER_A_PAUSE), call(1, AFTER_A_PAUSE)]);
        world.expect(&[Token(1)], 0, Some(Token(2)));
    });
}

#[test]
fn what_keeps_a_session_alive_refreshes_as_a_call_does() {
    explore("a session is looked at, while two call", 3, || {
        let world = Arc::new(World::kept_alive(Server::new(Line::Good)));
        (0..2).for_each(|shard| drop(world.lease(shard, EARLY)));
        together(&world, [call(0, DUE), call(1, DUE), job(|world| assert!(world.attend(DUE)))]);
        world.expect(&[Token(1)], 0, Some(Token(2)));
    });
}

#[test]
fn what_keeps_a_session_alive_ends_with_it() {
    explore("a session is looked at, while it is logged out", 3, || {
        let world = Arc::new(World::kept_alive(Server::new(Line::Good)));
        together(&world, [job(|world| _ = world.attend(DUE)), job(|world| world.log_out(DUE))]);
        assert!(!world.attend(DUE));
        assert_eq!(world.server.lock().unwrap().live, None);
    });
}

/// The thread that watches, as it is in the library.
fn watch<S: Clone>(roster: &Roster<S>, look: impl Fn(&S) -> Next) {
    while let Some(due) = roster.wait(|| DUE) {
        for (number, session) in due {
            roster.looked(number, look(&session));
        }
    }
}

/// That it ends, and that nobody waits for ever, the checker sees to.
#[test]
fn a_flight_that_ends_while_its_session_is_looked_at_is_noticed() {
    explore("a flight ends while somebody looks", 4, || {
        let (roster, landed) = (sync::Arc::new(Roster::default()), sync::Arc::new(sync::Mutex::new(false)));
        let watched = roster.clone();
        let mut thread = None;
        let Ok::<_, ()>(number) = roster.enter(|| {
            thread = Some(loom::thread::spawn(move || {
                // Until it has landed there is nothing to do but to wait.
                let look = |landed: &sync::Arc<sync::Mutex<bool>>| match *landed.lock().unwrap() {
                    true => Next::Never,
                    false => Next::AfterFlight,
                };
                watch(&watched, look);
            }));
            Ok(())
        }) else {
            unreachable!()
        };
        roster.seat(number, landed.clone());
        *landed.lock().unwrap() = true;
        roster.look_soon(number);
        thread.unwrap().join().unwrap();
    });
}

#[test]
fn a_session_that_is_opened_while_the_last_one_ends_is_watched_too() {
    explore("a session is opened while another ends", 3, || {
        let roster = sync::Arc::new(Roster::default());
        let looks = Arc::new(AtomicUsize::new(0));
        let open = |roster: &sync::Arc<Roster<usize>>, looks: &Arc<AtomicUsize>| {
            let (watched, looks) = (roster.clone(), looks.clone());
            let mut thread = None;
            let number = roster.enter(|| {
                thread = Some(loom::thread::spawn(move || {
                    let look = |session: &usize| {
                        looks.fetch_add(*session, Ordering::Relaxed);
                        Next::Never
                    };
                    watch(&watched, look);
                }));
                Ok::<(), ()>(())
            });
            (number.unwrap(), thread)
        };
        let (first, thread) = open(&roster, &looks);
        let other = {
            let (roster, looks) = (roster.clone(), looks.clone());
            loom::thread::spawn(move || {
                let (second, thread) = open(&roster, &looks);
                roster.seat(second, 1);
                thread
            })
        };
        roster.leave(first);
        let second = other.join().unwrap();
        thread.into_iter().chain(second).for_each(|thread| thread.join().unwrap());
        assert_eq!(looks.load(Ordering::Relaxed), 1);
    });
}
