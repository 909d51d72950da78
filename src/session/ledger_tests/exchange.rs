//! API keys, and calls that end or replace a credential.

use super::*;

fn key_session() -> Book {
    Ledger::with_key(7)
}

#[test]
fn an_api_key_is_handed_out_for_ever_and_never_refreshed() {
    let mut book = key_session();
    assert_eq!(ask(&mut book, 1_000_000_000), Token(7, Time::MAX.as_secs()));
    assert_eq!(force(&mut book, 10), Stands);
}

#[test]
fn the_401_of_an_api_key_stands() {
    let mut book = key_session();
    assert_eq!(rejected(&mut book, 1, 10), Stands);
    assert_eq!(ask(&mut book, 11), Token(7, Time::MAX.as_secs()), "it is for ECGrid to say for how long");
}

#[test]
fn during_an_exchange_nobody_else_is_handed_the_credential() {
    for mut book in [session(), key_session()] {
        assert!(matches!(exchange(&mut book, 10), Token(..)));
        assert_eq!(ask(&mut book, 10), Wait);
        assert_eq!(rejected(&mut book, 1, 10), Wait);
        assert_eq!(exchange(&mut book, 10), Wait);
        assert_eq!(logout(&mut book), Wait);
    }
}

#[test]
fn an_api_key_is_never_refreshed_also_while_it_is_replaced() {
    let mut book = key_session();
    exchange(&mut book, 10);
    assert_eq!(force(&mut book, 10), Stands);
}

#[test]
fn a_key_that_was_refused_during_an_exchange_that_came_to_nothing_is_not_sent_again() {
    let mut book = key_session();
    exchange(&mut book, 10);
    assert_eq!(rejected(&mut book, 1, 10), Wait);
    book.end_exchange(Exchange::Unchanged, s(11));
    assert_eq!(said(book.ask_for_other(1, s(11))), Stands);
}

#[test]
fn a_replaced_key_is_the_next_generation() {
    let mut book = key_session();
    exchange(&mut book, 10);
    book.end_exchange(Exchange::Replaced(Grant::key(8)), s(10));
    assert_eq!(book.generation(), 2);
    assert_eq!(rejected(&mut book, 1, 10), Token(8, Time::MAX.as_secs()));
    assert_eq!(rejected(&mut book, 2, 10), Stands);
}

#[test]
fn an_exchange_that_came_to_nothing_changes_nothing() {
    let mut book = session();
    exchange(&mut book, 10);
    book.end_exchange(Exchange::Unchanged, s(10));
    assert_eq!((book.generation(), ask(&mut book, 10)), (1, Token(1, 80)));
}

#[test]
fn a_401_during_an_exchange_that_came_to_nothing_counts() {
    let mut book = session();
    exchange(&mut book, 10);
    assert_eq!(rejected(&mut book, 1, 10), Wait);
    book.end_exchange(Exchange::Unchanged, s(10));
    assert_eq!(ask(&mut book, 10), Start(Step::Refresh(1)));
}

#[test]
fn a_session_that_was_logged_out_stays_so() {
    let mut book = session_with_password();
    logout(&mut book);
    book.end_exchange(Exchange::LoggedOut, s(10));
    assert_eq!(ask(&mut book, 10), LoggedOut);
    assert_eq!(rejected(&mut book, 1, 10), LoggedOut);
    assert_eq!(force(&mut book, 10), LoggedOut);
    assert_eq!(exchange(&mut book, 10), LoggedOut);
    assert_eq!(logout(&mut book), LoggedOut);
}

#[test]
fn a_credential_is_exchanged_only_while_it_is_good() {
    assert_eq!(exchange(&mut session(), 80), Start(Step::Refresh(1)), "it is due");

    let mut rejected_meanwhile = session();
    exchange(&mut rejected_meanwhile, 10);
    rejected(&mut rejected_meanwhile, 1, 10);
    rejected_meanwhile.end_exchange(Exchange::Unchanged, s(10));
    assert_eq!(exchange(&mut rejected_meanwhile, 10), Start(Step::Refresh(1)));

    let mut in_doubt = probing(session());
    in_doubt.landed(NOT_SENT, s(80));
    assert_eq!(exchange(&mut in_doubt, 80), Later(81, "not sent"));
}

#[test]
fn a_credential_that_may_be_good_is_logged_out() {
    let mut in_doubt = probing(session());
    in_doubt.landed(NOT_SENT, s(80));
    assert_eq!(logout(&mut in_doubt), Token(1, 0));

    // The 401 may have been about a wrong current password.
    let mut refused_once = session();
    refused_once.refused(1, "401", s(10));
    assert_eq!(logout(&mut refused_once), Token(1, 0));

    let mut refused_before = session();
    rejected(&mut refused_before, 1, 10);
    refused_before.landed(NOT_SENT, s(10));
    assert_eq!(logout(&mut refused_before), Token(1, 0));
}

#[test]
fn a_credential_that_is_gone_is_not_logged_out() {
    let mut over = refreshing(session());
    over.landed(REFUSED, s(80));
    assert_eq!(logout(&mut over), Over("refused"));

    let mut bereft = logging_in();
    bereft.landed(NOT_SENT, s(80));
    assert_eq!(logout(&mut bereft), Over("refused"));
}

#[test]
fn a_login_that_began_before_a_logout_is_waited_for_and_logged_out_too() {
    let mut book = logging_in();
    book.landed(NOT_SENT, s(80));
    assert_eq!(logout(&mut book), Over("refused"), "so that it can be logged out at once;");
    assert_eq!(ask(&mut book, 81), Start(Step::LogIn), "but somebody was quicker");
    assert!(!book.log_out());
    assert_eq!(logout(&mut book), Wait);
    book.landed(granted(2, 80), s(81));
    assert_eq!(logout(&mut book), Token(2, 0));
    book.end_exchange(Exchange::LoggedOut, s(10));
    assert_eq!(ask(&mut book, 82), LoggedOut);
}
