//! Refreshes: due, forced, granted, not sent, refused, declined.

use super::*;

#[test]
fn a_token_is_handed_out_until_it_is_due() {
    let mut book = session();
    assert_eq!(ask(&mut book, 0), Token(1, 80));
    assert_eq!(ask(&mut book, 79), Token(1, 80));
}

#[test]
fn a_due_token_is_refreshed_for_the_first_who_asks() {
    assert_eq!(ask(&mut session(), 80), Start(Step::Refresh(1)));
}

#[test]
fn nobody_is_handed_a_token_while_its_refresh_is_under_way() {
    let mut book = refreshing(session());
    assert_eq!(ask(&mut book, 80), Wait);
    assert_eq!(ask(&mut book, 101), Wait);
    assert_eq!(rejected(&mut book, 1, 80), Wait);
    assert_eq!(force(&mut book, 80), Wait);
    assert_eq!(exchange(&mut book, 80), Wait);
    assert_eq!(logout(&mut book), Wait);
}

#[test]
fn a_granted_refresh_is_the_next_generation() {
    let mut book = refreshing(session());
    assert_eq!(book.landed(granted(2, 81), s(81)), None);
    assert_eq!(book.generation(), 2);
    assert_eq!(ask(&mut book, 81), Token(2, 161));
}

#[test]
fn a_refresh_that_was_not_sent_is_tried_again_after_1_2_4_and_so_on_up_to_60_seconds() {
    let mut book = refreshing(session());
    let mut now = 80;
    for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
        assert_eq!(book.landed(NOT_SENT, s(now)), None);
        assert!(matches!(ask(&mut book, now + pause - 1), Token(1, _) | Later(..)), "{pause}");
        now += pause;
        assert_eq!(ask(&mut book, now), Start(Step::Refresh(1)));
    }
}

#[test]
fn the_living_token_is_handed_out_between_the_tries() {
    let mut book = refreshing(session());
    book.landed(NOT_SENT, s(80));
    assert_eq!(ask(&mut book, 80), Token(1, 81));
    assert_eq!(ask(&mut book, 81), Start(Step::Refresh(1)));
    book.landed(Landing::NotDone("503", Some(s(60))), s(81));
    assert_eq!(ask(&mut book, 81), Token(1, 100), "to its end and no longer");
}

#[test]
fn after_the_tokens_end_whoever_asks_is_told_the_time_of_the_next_try() {
    let mut book = refreshing(session());
    book.landed(Landing::NotDone("503", Some(s(60))), s(80));
    assert_eq!(ask(&mut book, 100), Later(140, "503"));
    assert_eq!(ask(&mut book, 139), Later(140, "503"));
    assert_eq!(ask(&mut book, 140), Start(Step::Refresh(1)));
}

#[test]
fn a_server_may_ask_for_a_longer_pause_but_not_for_more_than_an_hour() {
    for (wish, pause) in [(0, 1), (30, 30), (3600, 3600), (1_000_000, 3600)] {
        let mut book = refreshing(session());
        book.landed(Landing::NotDone("429", Some(s(wish))), s(200));
        let next = 200 + pause;
        assert_eq!(ask(&mut book, next - 1), Later(next, "429"), "{wish}");
        assert_eq!(ask(&mut book, next), Start(Step::Refresh(1)), "{wish}");
    }
}

#[test]
fn a_granted_refresh_begins_the_schedule_anew() {
    let mut book = refreshing(session());
    book.landed(NOT_SENT, s(80));
    assert_eq!(ask(&mut book, 81), Start(Step::Refresh(1)));
    book.landed(granted(2, 100), s(100));
    assert_eq!(ask(&mut book, 180), Start(Step::Refresh(2)));
    book.landed(NOT_SENT, s(180));
    assert_eq!(ask(&mut book, 180), Token(2, 181));
}

#[test]
fn a_refused_refresh_is_the_end_of_a_session_without_a_password() {
    let mut book = refreshing(session());
    assert_eq!(book.landed(REFUSED, s(80)), None);
    for at in [80, 81, 100, 100_000] {
        assert_eq!(ask(&mut book, at), Over("refused"), "the generation is never refreshed again");
        assert_eq!(rejected(&mut book, 1, at), Over("refused"));
        assert_eq!(force(&mut book, at), Over("refused"));
    }
}

#[test]
fn a_refused_refresh_is_followed_by_one_login_with_the_kept_password() {
    let mut book = logging_in();
    assert_eq!(ask(&mut book, 80), Wait);
    assert_eq!(book.landed(granted(2, 81), s(81)), None);
    assert_eq!(ask(&mut book, 81), Token(2, 161));
}

#[test]
fn a_token_whose_refresh_was_declined_is_used_to_its_end_and_its_refresh_tried_again() {
    for (mut book, next) in [(session(), None), (session_with_password(), Some(Step::LogIn))] {
        book = refreshing(book);
        let mut now = 80;
        for until in [81, 83, 87, 95, 100] {
            assert_eq!(book.landed(DECLINED, s(now)), None);
            assert_eq!(ask(&mut book, now), Token(1, until), "a gateway may have been restarting");
            now = until;
            assert_eq!(ask(&mut book, now), Start(Step::Refresh(1)));
        }
        assert_eq!(book.landed(DECLINED, s(100)), next, "at its end that is the last word");
    }
}

#[test]
fn a_refresh_declined_after_the_tokens_end_is_the_end_or_a_login() {
    for (mut book, next) in [(session(), None), (session_with_password(), Some(Step::LogIn))] {
        assert_eq!(ask(&mut book, 100), Start(Step::Refresh(1)));
        assert_eq!(book.landed(DECLINED, s(100)), next);
    }
}

#[test]
fn a_forced_refresh_begins_before_the_token_is_due_and_whatever_the_schedule_says() {
    let mut book = session();
    assert_eq!(force(&mut book, 1), Start(Step::Refresh(1)));
    book.landed(NOT_SENT, s(1));
    assert_eq!(force(&mut book, 1), Start(Step::Refresh(1)));
    book.landed(granted(2, 1), s(1));
    assert_eq!(ask(&mut book, 1), Token(2, 81));
}

#[test]
fn a_forced_refresh_that_failed_leaves_the_token_in_use() {
    let mut book = session();
    assert_eq!(force(&mut book, 1), Start(Step::Refresh(1)));
    book.landed(NOT_SENT, s(1));
    assert_eq!(ask(&mut book, 1), Token(1, 80));
}
