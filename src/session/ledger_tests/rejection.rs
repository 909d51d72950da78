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
fn a_401_with_an_older_generation_gets_the_newer_token_even_if_that_is_due() {
    let mut book = refreshing(session());
    book.landed(granted(2, 80), s(80));
    assert_eq!(rejected(&mut book, 1, 81), Token(2, 160));
    assert_eq!(rejected(&mut book, 1, 165), Token(2, 165), "another refresh is not its business");
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
fn a_401_ends_the_pause_before_the_next_try() {
    let mut book = refreshing(session());
    book.landed(Landing::NotDone("503", Some(s(600))), s(80));
    assert_eq!(rejected(&mut book, 1, 81), Start(Step::Refresh(1)), "the server can be reached");
    book.landed(NOT_SENT, s(81));
    assert_eq!(ask(&mut book, 81), Later(82, "not sent"));
}

#[test]
fn a_401_when_a_refresh_was_declined_is_the_end_or_a_login() {
    for (mut book, end) in [(session(), Over("401")), (session_with_password(), Start(Step::LogIn))] {
        book = refreshing(book);
        book.landed(DECLINED, s(80));
        assert_eq!(rejected(&mut book, 1, 81), end);
    }
}

#[test]
fn a_declined_refresh_of_a_token_that_got_a_401_is_the_end_or_a_login() {
    for (mut book, next) in [(session(), None), (session_with_password(), Some(Step::LogIn))] {
        rejected(&mut book, 1, 10);
        assert_eq!(book.landed(DECLINED, s(10)), next);
    }
}
