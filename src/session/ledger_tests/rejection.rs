//! Calls that came back 401.

use super::*;

#[test]
fn a_401_with_the_current_generation_begins_its_refresh() {
    let mut book = session();
    assert_eq!(rejected(&mut book, 1, 10), Start(Step::Refresh(1)));
    book.landed(granted(2, 10), s(10));
    assert_eq!(ask(&mut book, 10), Token(2, 90));
}

#[test]
fn of_many_401s_with_one_generation_the_first_refreshes_and_the_others_get_what_it_brings() {
    let mut book = session();
    assert_eq!(rejected(&mut book, 1, 10), Start(Step::Refresh(1)));
    assert_eq!(rejected(&mut book, 1, 10), Wait);
    book.landed(granted(2, 10), s(10));
    assert_eq!(rejected(&mut book, 1, 11), Token(2, 90));
}

#[test]
fn a_401_with_an_older_generation_gets_the_newer_token() {
    let mut book = refreshing(session());
    book.landed(granted(2, 80), s(80));
    assert_eq!(rejected(&mut book, 1, 81), Token(2, 160));
}

#[test]
fn a_replacement_that_gets_a_401_too_is_asked_about_and_not_replaced() {
    let mut book = session();
    rejected(&mut book, 1, 10);
    book.landed(granted(2, 10), s(10));
    for at in [10, 30, 69] {
        assert_eq!(rejected(&mut book, 2, at), Start(Step::Probe(2)), "{at}");
        assert_eq!(rejected(&mut book, 2, at), Wait, "{at}");
        assert_eq!(book.landed(Landing::Alive, s(at)), None);
        assert_eq!(said(book.ask_for_other(2, s(at))), Stands, "{at}");
        assert_eq!(ask(&mut book, at), Token(2, 90), "{at}: others go on");
    }
    assert_eq!(rejected(&mut book, 2, 70), Start(Step::Refresh(2)), "after a minute it may be time again");
}

#[test]
fn a_replacement_that_is_dead_too_is_the_end_or_a_login() {
    for (mut book, next) in [(session(), None), (session_with_password(), Some(Step::LogIn))] {
        rejected(&mut book, 1, 10);
        book.landed(granted(2, 10), s(10));
        rejected(&mut book, 2, 11);
        assert_eq!(book.landed(REFUSED, s(11)), next);
    }
}

#[test]
fn a_call_that_waited_for_a_token_that_proved_good_keeps_its_401() {
    let mut book = probing(session());
    book.landed(Landing::Alive, s(80));
    assert_eq!(said(book.ask_for_other(1, s(80))), Stands);
}

#[test]
fn a_second_401_of_a_call_brings_what_took_the_place_of_its_token_and_no_flight() {
    let mut book = session();
    assert_eq!(said(book.ask_for_newer(1, s(10))), Stands);
    assert_eq!(force(&mut book, 10), Start(Step::Refresh(1)));
    assert_eq!(said(book.ask_for_newer(1, s(10))), Wait);
    book.landed(granted(2, 10), s(10));
    assert_eq!(said(book.ask_for_newer(1, s(10))), Token(2, 90));
    assert_eq!(force(&mut book, 11), Start(Step::Refresh(2)));
    assert_eq!(said(book.ask_for_newer(2, s(11))), Wait);
    book.landed(NOT_SENT, s(11));
    assert_eq!(said(book.ask_for_newer(2, s(11))), Stands);
}

#[test]
fn a_401_with_an_older_generation_says_nothing_about_the_newer_token() {
    let mut book = refreshing(session());
    book.landed(granted(2, 80), s(80));
    rejected(&mut book, 1, 81);
    assert_eq!(ask(&mut book, 82), Token(2, 160));
}

#[test]
fn a_token_that_got_a_401_is_not_handed_out_while_the_server_cannot_be_reached() {
    let mut book = session();
    assert_eq!(rejected(&mut book, 1, 10), Start(Step::Refresh(1)));
    book.landed(NOT_SENT, s(10));
    assert_eq!(ask(&mut book, 10), Later(11, "not sent"));
    assert_eq!(rejected(&mut book, 1, 10), Later(11, "not sent"), "nor refreshed before its time");
    assert_eq!(ask(&mut book, 11), Start(Step::Refresh(1)));
}

#[test]
fn a_401_during_the_refresh_takes_the_old_token_out_of_use_if_that_brings_nothing() {
    let mut book = refreshing(session());
    assert_eq!(rejected(&mut book, 1, 80), Wait);
    book.landed(NOT_SENT, s(80));
    assert_eq!(ask(&mut book, 80), Later(81, "not sent"));
}

#[test]
fn a_401_during_the_refresh_does_no_harm_to_the_new_token() {
    let mut book = refreshing(session());
    assert_eq!(rejected(&mut book, 1, 80), Wait);
    book.landed(granted(2, 80), s(80));
    assert_eq!(ask(&mut book, 80), Token(2, 160));
    assert_eq!(ask(&mut book, 160), Start(Step::Refresh(2)));
    assert_eq!(book.landed(LOST, s(160)), Some(Step::Probe(2)));
}

#[test]
fn a_401_ends_the_pause_before_the_next_try_unless_the_server_asked_for_it() {
    let mut book = refreshing(session());
    book.landed(NOT_SENT, s(80));
    assert_eq!(rejected(&mut book, 1, 80), Start(Step::Refresh(1)), "the server can be reached");
    book.landed(Landing::NotDone("503", Some(s(600))), s(81));
    assert_eq!(ask(&mut book, 82), Later(681, "503"));

    let mut book = refreshing(session());
    book.landed(Landing::NotDone("429", Some(s(600))), s(80));
    assert_eq!(rejected(&mut book, 1, 81), Later(680, "429"));
    assert_eq!(force(&mut book, 81), Later(680, "429"), "as the server asked, and not because of the call");
}

#[test]
fn a_401_when_a_refresh_was_declined_brings_the_last_try_of_one() {
    for (mut book, next) in [(session(), None), (session_with_password(), Some(Step::LogIn))] {
        book = refreshing(book);
        book.landed(DECLINED, s(80));
        assert_eq!(rejected(&mut book, 1, 80), Start(Step::Refresh(1)));
        assert_eq!(book.landed(DECLINED, s(80)), next);
    }
}

#[test]
fn a_declined_refresh_of_a_token_that_got_a_401_is_the_end_or_a_login() {
    for (mut book, next) in [(session(), None), (session_with_password(), Some(Step::LogIn))] {
        rejected(&mut book, 1, 10);
        assert_eq!(book.landed(DECLINED, s(10)), next);
    }
}

/// By that those are known that are told of from outside.
#[test]
fn only_the_current_credential_has_a_generation() {
    let generation = |book: &Book, token: u32| book.generation_of(|current| *current == token);
    let mut book = refreshing(session());
    assert_eq!((generation(&book, 1), generation(&book, 2)), (Some(1), None), "also during its refresh");
    book.landed(granted(2, 80), s(80));
    assert_eq!((generation(&book, 1), generation(&book, 2)), (None, Some(2)));
    rejected(&mut book, 2, 81);
    assert_eq!(generation(&book, 2), Some(2), "good or not");
    book.landed(REFUSED, s(81));
    assert_eq!(generation(&book, 2), None, "none is left");

    let mut book = logging_in();
    assert_eq!(generation(&book, 1), None, "it is dead");
    book.landed(granted(2, 80), s(80));
    assert_eq!(generation(&book, 2), Some(2));
    logout(&mut book);
    book.end_exchange(Exchange::LoggedOut, s(81));
    assert_eq!(generation(&book, 2), None);
}
