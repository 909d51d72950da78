//! A refresh whose answer was lost: it may have been done, and then the old token is dead.

use super::*;

#[test]
fn after_a_lost_refresh_the_server_is_asked_about_the_old_token() {
    let mut book = refreshing(session());
    assert_eq!(book.landed(LOST, s(80)), Some(Step::Probe(1)));
    assert_eq!(ask(&mut book, 80), Wait);
}

#[test]
fn a_token_that_the_server_still_knows_is_used_and_refreshed_again_by_the_schedule() {
    let mut book = probing(session());
    assert_eq!(book.landed(Landing::Alive, s(80)), None);
    assert_eq!(ask(&mut book, 80), Token(1, 81));
    assert_eq!(ask(&mut book, 81), Start(Step::Refresh(1)));
    assert_eq!(book.landed(LOST, s(81)), Some(Step::Probe(1)));
    book.landed(Landing::Alive, s(81));
    assert_eq!(ask(&mut book, 82), Token(1, 83), "two in a row: 2 s");
}

#[test]
fn a_token_that_the_server_does_not_know_any_more_is_the_end_or_a_login() {
    let mut book = probing(session());
    assert_eq!(book.landed(REFUSED, s(80)), None);
    assert_eq!(ask(&mut book, 80), Over("refused"));

    let mut book = probing(session_with_password());
    assert_eq!(book.landed(REFUSED, s(80)), Some(Step::LogIn));
    book.landed(granted(2, 80), s(80));
    assert_eq!(ask(&mut book, 80), Token(2, 160));
}

#[test]
fn while_it_is_unclear_nobody_is_handed_the_token_and_the_question_is_asked_by_the_schedule() {
    for unclear in [NOT_SENT, LOST] {
        let mut book = probing(session());
        let (Landing::NotDone(why, _) | Landing::Unknown(why)) = unclear else { unreachable!() };
        assert_eq!(book.landed(unclear, s(80)), None);
        assert_eq!(ask(&mut book, 80), Later(81, why));
        assert_eq!(ask(&mut book, 81), Start(Step::Probe(1)), "not a second refresh");
        assert_eq!(book.landed(NOT_SENT, s(81)), None);
        assert_eq!(ask(&mut book, 82), Later(83, "not sent"));
    }
}

#[test]
fn a_forced_refresh_of_a_token_in_doubt_asks_about_it_first() {
    let mut book = probing(session());
    book.landed(NOT_SENT, s(80));
    assert_eq!(force(&mut book, 80), Start(Step::Probe(1)));
}

#[test]
fn a_401_of_a_call_answers_the_question() {
    let mut book = probing(session());
    book.landed(LOST, s(80));
    assert_eq!(rejected(&mut book, 1, 80), Over("401"));

    let mut book = probing(session_with_password());
    book.landed(LOST, s(80));
    assert_eq!(rejected(&mut book, 1, 80), Start(Step::LogIn));
}

#[test]
fn a_401_of_a_call_outweighs_an_answer_that_was_on_its_way() {
    for answer in [Landing::Alive, NOT_SENT, LOST] {
        let mut book = probing(session());
        assert_eq!(rejected(&mut book, 1, 80), Wait);
        assert_eq!(book.landed(answer, s(80)), None);
        assert_eq!(ask(&mut book, 80), Over("401"), "the refresh that got lost was done later");
    }
    let mut book = probing(session_with_password());
    assert_eq!(rejected(&mut book, 1, 80), Wait);
    assert_eq!(book.landed(Landing::Alive, s(80)), Some(Step::LogIn));
}

#[test]
fn the_lost_refresh_of_a_token_that_got_a_401_is_not_asked_about() {
    for (mut book, next) in [(session(), None), (session_with_password(), Some(Step::LogIn))] {
        assert_eq!(rejected(&mut book, 1, 10), Start(Step::Refresh(1)));
        assert_eq!(book.landed(LOST, s(10)), next);
    }
    let mut book = refreshing(session());
    assert_eq!(rejected(&mut book, 1, 80), Wait, "also if that came in between");
    assert_eq!(book.landed(LOST, s(80)), None);
    assert_eq!(ask(&mut book, 80), Over("lost"));
}
