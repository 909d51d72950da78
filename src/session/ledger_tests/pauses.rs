//! Pauses between calls, and when a token is refreshed on account of them.

use super::*;

/// A session that was not used from its login on until now, when somebody asks.
fn first_used_at(at: u64) -> Book {
    let mut book = session();
    book.used(s(0), s(at));
    book
}

#[test]
fn a_token_has_to_last_the_longest_pause_and_two_thirds_more() {
    for (pause, due) in [(12, 80), (15, 75), (30, 50), (36, 40)] {
        let mut book = first_used_at(pause);
        assert_eq!(ask(&mut book, pause), Token(1, due), "{pause}");
        assert_eq!(ask(&mut book, due), Start(Step::Refresh(1)), "{pause}");
    }
    for pause in [40, 60, 79] {
        assert_eq!(ask(&mut first_used_at(pause), pause), Start(Step::Refresh(1)), "{pause}");
    }
}

#[test]
fn pauses_that_end_before_a_token_does_in_any_case_change_nothing() {
    let mut book = session();
    for at in (0..80).step_by(10) {
        book.used(s(at), s(at + 10));
        assert_eq!(ask(&mut book, at.min(79)), Token(1, 80));
    }
}

#[test]
fn a_refresh_ends_a_pause_as_a_call_does() {
    let mut book = session();
    assert_eq!(force(&mut book, 70), Start(Step::Refresh(1)));
    book.landed(granted(2, 70), s(70));
    book.used(s(0), s(75));
    assert_eq!(ask(&mut book, 75), Token(2, 150));
}

#[test]
fn no_token_is_refreshed_in_its_first_quarter_for_a_pause() {
    let mut book = first_used_at(79);
    assert_eq!(ask(&mut book, 79), Start(Step::Refresh(1)));
    book.landed(granted(2, 79), s(79));
    assert_eq!(ask(&mut book, 79), Token(2, 104), "the calls that follow at once find it fresh");
    assert_eq!(ask(&mut book, 104), Start(Step::Refresh(2)));
}

#[test]
fn a_pause_that_no_token_lasts_counts_for_nothing() {
    let mut book = refreshing(first_used_at(100));
    book.landed(granted(2, 100), s(100));
    book.used(s(100), s(100 + 60 * 3600));
    assert_eq!(ask(&mut book, 101), Token(2, 180), "a weekend");
}

#[test]
fn a_pause_counts_for_four_lifetimes_at_least_and_eight_at_most() {
    // A pause of 30 s, and then somebody who asks all the time.
    let mut book = session();
    book.used(s(0), s(1));
    book.used(s(1), s(31));
    let (mut granted_at, mut early, mut late) = (0, Vec::new(), Vec::new());
    for at in 31..2000 {
        book.used(s(at - 1), s(at));
        if let Start(Step::Refresh(token)) = ask(&mut book, at) {
            if at - granted_at < 80 {
                early.push(at)
            } else {
                late.push(at)
            }
            book.landed(granted(token + 1, at), s(at));
            granted_at = at;
        }
    }
    let (last, first) = (early[early.len() - 1], late[0]);
    assert!((31 + 400..=31 + 800).contains(&last), "{early:?}");
    assert!(last < first && first <= 31 + 900, "{late:?}");
}

#[test]
fn the_longest_of_several_pauses_decides() {
    let mut book = session();
    for (before, at) in [(0, 2), (2, 32), (32, 33)] {
        book.used(s(before), s(at));
    }
    assert_eq!(ask(&mut book, 33), Token(1, 50));
}

#[test]
fn an_early_refresh_that_fails_leaves_the_token_in_use_and_keeps_to_the_schedule() {
    let mut book = first_used_at(60);
    assert_eq!(ask(&mut book, 60), Start(Step::Refresh(1)));
    book.landed(NOT_SENT, s(60));
    assert_eq!(ask(&mut book, 60), Token(1, 61));
    assert_eq!(ask(&mut book, 61), Start(Step::Refresh(1)));
    book.landed(Landing::NotDone("429", Some(s(30))), s(61));
    book.used(s(61), s(90));
    assert_eq!(ask(&mut book, 90), Token(1, 91), "as long as the server asked for");
    assert_eq!(ask(&mut book, 91), Start(Step::Refresh(1)));
    book.landed(DECLINED, s(91));
    assert_eq!(ask(&mut book, 91), Token(1, 95));
}

#[test]
fn what_ends_at_no_known_time_is_never_refreshed_for_a_pause() {
    let unknown = Grant { credential: 1, granted: s(0), due: Time::MAX, ends: Time::MAX };
    for mut book in [Ledger::with_token(unknown, false), Ledger::with_key(1)] {
        book.used(s(0), s(50));
        book.used(s(50), s(50_000_000));
        assert_eq!(ask(&mut book, 50_000_000), Token(1, Time::MAX.as_secs()));
    }
}

#[test]
fn a_pause_that_a_shorter_token_would_not_last_does_not_count_for_that() {
    let mut book = first_used_at(40);
    assert_eq!(ask(&mut book, 40), Start(Step::Refresh(1)));
    let brief = Grant { credential: 2, granted: s(40), due: s(64), ends: s(70) };
    book.landed(Landing::Granted(brief), s(40));
    assert_eq!(ask(&mut book, 40), Token(2, 64));
}
