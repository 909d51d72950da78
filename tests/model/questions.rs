//! Tokens that took the place of a refused one, and get a 401 themselves: is that about the token or about the call?

use super::*;

/// A session with token 2, which took the place of token 1 by a refresh, or by a login of the session's own.
fn with_replacement(line: Line, own_login: bool) -> Arc<World> {
    let world = Arc::new(World::new(Server::new(line), own_login));
    let refused = own_login.then_some(Landing::Refused("dead"));
    world.server.lock().unwrap().grant();
    world.begin_with(refused.into_iter().chain([replaced()]), EARLY);
    world
}

fn call(shard: usize) -> Job {
    job(move |world| assert_eq!(world.call(shard, EARLY), Ok(true)))
}

#[test]
fn an_endpoint_that_knows_nothing_but_401_costs_one_refresh_and_then_a_question() {
    explore("two calls of a 401-only endpoint, and another", 2, || {
        let world = world(Line::Good);
        let [first, second] = leases(&world);
        let in_vain = |lease: Lease<Token>| {
            job(move |world| {
                let result = world.call_with(&lease, Endpoint::Refuses, EARLY);
                assert!(matches!(result, Ok(false) | Err(Without::Stands)), "{result:?}");
            })
        };
        together(&world, [in_vain(first), in_vain(second), call(0)]);
        assert_eq!(world.call(0, EARLY), Ok(true));
        world.expect(&[Token(1)], 0, Some(Token(2)));
    });
}

#[test]
fn nobody_is_handed_a_token_that_is_asked_about_and_all_are_if_it_is_good() {
    explore("a 401 of a replacement that is good, and two that read their shards", 3, || {
        for own_login in [false, true] {
            let world = with_replacement(Line::Good, own_login);
            (0..2).for_each(|shard| drop(world.lease(shard, EARLY)));
            let lease = world.lease(0, EARLY).unwrap();
            let stands = job(move |world| {
                assert_eq!(world.call_with(&lease, Endpoint::Refuses, EARLY), Err(Without::Stands));
            });
            together(&world, [stands, call(0), call(1)]);
            world.expect(&[], 0, Some(Token(2)));
        }
    });
}

#[test]
fn a_replacement_that_is_dead_too_is_not_used_again() {
    explore("two 401s of a replacement that is dead: over", 3, || {
        let world = with_replacement(Line::Good, false);
        let [first, second] = [(); 2].map(|()| world.lease(0, EARLY).unwrap());
        revoke(&world);
        together(
            &world,
            [
                job(move |world| assert_eq!(world.call_with(&first, Endpoint::Good, EARLY), Err(Without::Over))),
                job(move |world| assert_eq!(world.call_with(&second, Endpoint::Good, EARLY), Err(Without::Over))),
                job(|world| assert_eq!(world.call(0, EARLY), Err(Without::Over))),
            ],
        );
        world.expect(&[], 0, None);
    });
}

#[test]
fn a_token_of_its_own_login_that_is_dead_soon_brings_no_other_before_its_time() {
    explore("two 401s of a token of its own login that is dead, and a forced refresh", 3, || {
        let world = with_replacement(Line::Good, true);
        let [first, second] = [(); 2].map(|()| world.lease(0, EARLY).unwrap());
        revoke(&world);
        together(
            &world,
            [
                job(move |world| assert_eq!(world.call_with(&first, Endpoint::Good, EARLY), Err(Without::Later))),
                job(move |world| assert_eq!(world.call_with(&second, Endpoint::Good, EARLY), Err(Without::Later))),
                job(|world| assert!(!world.force(EARLY))),
            ],
        );
        assert_eq!(world.server.lock().unwrap().logins, 0);
        let later = EARLY + Time::from_secs(1);
        assert_eq!(world.call(0, later), Ok(true));
        assert_eq!(world.server.lock().unwrap().logins, 1);
    });
}

#[test]
fn three_that_find_the_time_of_a_login_come_make_one() {
    explore("three that ask when it is time for a login", 3, || {
        let world = with_replacement(Line::Good, true);
        let lease = world.lease(0, EARLY).unwrap();
        revoke(&world);
        assert_eq!(world.call_with(&lease, Endpoint::Good, EARLY), Err(Without::Later));
        let later = EARLY + Time::from_secs(1);
        let ask = |shard| job(move |world| assert_eq!(world.lease(shard, later).map(|it| it.credential), Ok(Token(3))));
        together(&world, [ask(0), ask(1), ask(0)]);
        world.expect(&[], 1, Some(Token(3)));
    });
}

#[test]
fn a_password_that_is_forgotten_during_the_login_does_not_keep_those_who_wait() {
    explore("a password is forgotten while two log in again", 3, || {
        let world = world_with_password(Line::Refuses);
        let [old] = leases(&world);
        revoke(&world);
        let may_fail = |result| assert!(matches!(result, Ok(true) | Err(Without::Over)), "{result:?}");
        together(
            &world,
            [
                job(move |world| may_fail(world.call_with(&old, Endpoint::Good, EARLY))),
                job(move |world| may_fail(world.call(1, EARLY))),
                job(|world| world.forget_password()),
            ],
        );
        assert!(world.server.lock().unwrap().logins <= 1);
    });
}
