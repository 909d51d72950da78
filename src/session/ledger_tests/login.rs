//! Logins that a session makes by itself, with the password that it keeps.

use super::*;

#[test]
fn a_login_that_is_refused_or_declined_is_the_end_and_never_made_again() {
    for landing in [REFUSED, DECLINED] {
        let (Landing::Refused(why) | Landing::Declined(why)) = landing else { unreachable!() };
        let mut book = logging_in();
        assert_eq!(book.landed(landing, s(80)), None);
        for at in [80, 81, 100_000] {
            assert_eq!(ask(&mut book, at), Over(why));
            assert_eq!(force(&mut book), Over(why));
        }
    }
}

#[test]
fn a_login_that_was_not_sent_or_got_lost_is_made_again_by_the_schedule() {
    for landing in [|| NOT_SENT, || LOST] {
        let mut book = logging_in();
        let mut now = 80;
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(book.landed(landing(), s(now)), None);
            assert!(matches!(ask(&mut book, now), Later(at, _) if at == now + pause), "{pause}");
            now += pause;
            assert_eq!(ask(&mut book, now), Start(Step::LogIn));
        }
    }
}

#[test]
fn a_login_whose_token_was_never_good_for_a_call_is_not_made_again() {
    let mut book = logging_in();
    book.landed(granted(2, 80), s(80));
    assert_eq!(said(book.rejected(2, false, "401", s(81))), Over("401"));
    assert_eq!(ask(&mut book, 82), Over("401"));
}

#[test]
fn a_401_during_a_refresh_counts_for_that_as_well() {
    for landing in [NOT_SENT, LOST, REFUSED, DECLINED] {
        let mut book = logging_in();
        book.landed(granted(2, 80), s(80));
        assert_eq!(force(&mut book), Start(Step::Refresh(2)));
        assert_eq!(rejected(&mut book, 2, 81), Wait);
        assert_eq!(book.landed(landing, s(81)), None, "no login");
        assert_eq!(ask(&mut book, 81), Over("401"));
    }
}

#[test]
fn a_login_whose_token_was_good_may_be_made_again_when_that_is_dead() {
    let mut book = logging_in();
    book.landed(granted(2, 80), s(80));
    assert_eq!(said(book.rejected(2, true, "401", s(81))), Start(Step::Refresh(2)));
    assert_eq!(book.landed(REFUSED, s(81)), Some(Step::LogIn));
}

#[test]
fn a_session_whose_token_died_by_itself_may_log_in_at_once() {
    let mut book = session_with_password();
    assert_eq!(rejected(&mut book, 1, 10), Start(Step::Refresh(1)), "the user's own login needs no proof");
    assert_eq!(book.landed(REFUSED, s(10)), Some(Step::LogIn));
}

#[test]
fn without_its_password_a_dead_session_is_over() {
    let mut book = session_with_password();
    book.forget_password();
    let mut book = refreshing(book);
    assert_eq!(book.landed(REFUSED, s(80)), None);
    assert_eq!(ask(&mut book, 80), Over("refused"));

    let mut book = logging_in();
    book.landed(NOT_SENT, s(80));
    book.forget_password();
    assert_eq!(ask(&mut book, 90), Over("refused"), "not: try for ever with nothing");
}

#[test]
fn a_password_that_is_forgotten_during_the_login_lets_that_one_finish() {
    let mut book = logging_in();
    book.forget_password();
    assert_eq!(ask(&mut book, 80), Wait);
    book.landed(granted(2, 80), s(80));
    assert_eq!(ask(&mut book, 80), Token(2, 160));

    let mut book = logging_in();
    book.forget_password();
    book.landed(LOST, s(80));
    assert_eq!(ask(&mut book, 90), Over("refused"));
}
