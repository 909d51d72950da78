//! Logins that a session makes by itself, with the password that it keeps.

use super::*;

#[test]
fn a_login_that_is_refused_is_the_end_and_never_made_again() {
    let mut book = logging_in();
    assert_eq!(book.landed(REFUSED, s(80)), None);
    for at in [80, 81, 100_000] {
        assert_eq!(ask(&mut book, at), Over("refused"));
        assert_eq!(force(&mut book, at), Over("refused"));
    }
}

#[test]
fn a_login_that_was_not_sent_declined_or_lost_is_made_again_by_the_schedule() {
    for landing in [|| NOT_SENT, || DECLINED, || LOST] {
        let mut book = logging_in();
        let mut now = 80;
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(book.landed(landing(), s(now)), None);
            assert!(matches!(ask(&mut book, now), Later(at, _) if at == now + pause), "{pause}");
            assert!(matches!(force(&mut book, now), Later(..)), "each may leave a session open");
            now += pause;
            assert_eq!(ask(&mut book, now), Start(Step::LogIn));
        }
    }
}

#[test]
fn a_token_of_its_own_login_that_gets_a_401_soon_is_asked_about_before_anything_is_done() {
    let mut book = logging_in();
    book.landed(granted(2, 80), s(80));
    assert_eq!(rejected(&mut book, 2, 81), Start(Step::Probe(2)));
    assert_eq!(book.landed(Landing::Alive, s(81)), None);
    assert_eq!(said(book.ask_for_other(2, s(81))), Stands, "the 401 was about the call");
    assert_eq!(ask(&mut book, 82), Token(2, 160));
}

#[test]
fn two_who_log_each_other_out_log_in_by_the_schedule() {
    let mut book = logging_in();
    book.landed(granted(2, 80), s(80));
    let mut now = 80;
    for (token, pause) in [(2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 32), (8, 60), (9, 60)] {
        assert_eq!(rejected(&mut book, token.into(), now), Start(Step::Probe(token)));
        assert_eq!(book.landed(REFUSED, s(now)), None);
        assert_eq!(ask(&mut book, now), Later(now + pause, "refused"));
        now += pause;
        assert_eq!(ask(&mut book, now), Start(Step::LogIn));
        book.landed(granted(token + 1, now), s(now));
    }
}

#[test]
fn a_token_that_lasts_but_seconds_is_none_that_was_ended_early() {
    let mut book = logging_in();
    let mut now = 80;
    for token in 2..9 {
        book.landed(
            Landing::Granted(Grant { credential: token, granted: s(now), due: s(now + 2), ends: s(now + 3) }),
            s(now),
        );
        now += 2;
        assert_eq!(ask(&mut book, now), Start(Step::Refresh(token)));
        assert_eq!(book.landed(REFUSED, s(now)), Some(Step::LogIn), "its time was up");
    }
}

#[test]
fn a_refresh_in_between_does_not_make_the_session_forget_when_it_logged_in() {
    let mut book = logging_in();
    book.landed(granted(2, 80), s(80));
    assert_eq!(force(&mut book, 81), Start(Step::Refresh(2)));
    book.landed(granted(3, 81), s(81));
    assert_eq!(rejected(&mut book, 3, 82), Start(Step::Probe(3)));
    assert_eq!(book.landed(REFUSED, s(82)), None);
    assert_eq!(ask(&mut book, 82), Later(83, "refused"), "the next login has its time");
}

#[test]
fn a_login_whose_token_lasted_begins_the_schedule_anew() {
    let mut book = logging_in();
    book.landed(granted(2, 80), s(80));
    rejected(&mut book, 2, 80);
    book.landed(REFUSED, s(80));
    assert_eq!(ask(&mut book, 81), Start(Step::LogIn));
    book.landed(granted(3, 81), s(81));
    assert_eq!(rejected(&mut book, 3, 141), Start(Step::Refresh(3)));
    assert_eq!(book.landed(REFUSED, s(141)), Some(Step::LogIn), "at once");
}

#[test]
fn a_session_whose_token_died_by_itself_may_log_in_at_once() {
    let mut book = session_with_password();
    assert_eq!(rejected(&mut book, 1, 10), Start(Step::Refresh(1)), "its first token is refreshed");
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
