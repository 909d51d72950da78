//! The table of decisions, row by row. Tokens are numbers; each is due 80 s after its grant and ends after 100 s.

mod exchange;
mod login;
mod lost;
mod pauses;
mod refreshing;
mod rejection;
mod sleeping;
mod waiting;

use super::flight::{Exchange, Grant, Landing, Ledger, Offer, Step, Time};
use Said::{Later, LoggedOut, Over, Stands, Start, Token, Wait};

type Book = Ledger<u32, &'static str>;

/// An offer, to compare in one go. Times are in seconds.
#[derive(Debug, PartialEq)]
enum Said {
    Token(u32, u64),
    Wait,
    Start(Step<u32>),
    Later(u64, &'static str),
    Stands,
    Over(&'static str),
    LoggedOut,
}

fn said(offer: Offer<u32, &'static str, ()>) -> Said {
    match offer {
        Offer::Take(lease) => Token(lease.credential, lease.until.as_secs()),
        Offer::Wait(()) => Wait,
        Offer::Start(step, ()) => Start(step),
        Offer::Later(at, why) => Later(at.as_secs(), why),
        Offer::Stands => Stands,
        Offer::Over(why) => Over(why),
        Offer::LoggedOut => LoggedOut,
    }
}

fn s(seconds: u64) -> Time {
    Time::from_secs(seconds)
}

fn grant(token: u32, at: u64) -> Grant<u32> {
    Grant { credential: token, granted: s(at), due: s(at + 80), ends: s(at + 100) }
}

/// A session that was granted token 1 at 0 s, and keeps no password.
fn session() -> Book {
    Ledger::with_token(grant(1, 0), false)
}

fn session_with_password() -> Book {
    Ledger::with_token(grant(1, 0), true)
}

/// What somebody is told who asks now.
fn ask(book: &mut Book, at: u64) -> Said {
    said(book.ask(s(at)))
}

/// What a caller is told whose call came back 401.
fn rejected(book: &mut Book, generation: u64, at: u64) -> Said {
    book.refused(generation, "401", s(at));
    said(book.ask_for_other(generation, s(at)))
}

fn force(book: &mut Book, at: u64) -> Said {
    said(book.force(s(at)))
}

fn exchange(book: &mut Book, at: u64) -> Said {
    said(book.begin_exchange(s(at)))
}

fn logout(book: &mut Book) -> Said {
    said(book.begin_logout())
}

type Ended = Landing<u32, &'static str>;

fn granted(token: u32, at: u64) -> Ended {
    Landing::Granted(grant(token, at))
}

const NOT_SENT: Ended = Landing::NotDone("not sent", None);
const REFUSED: Ended = Landing::Refused("refused");
const DECLINED: Ended = Landing::Declined("declined");
const LOST: Ended = Landing::Unknown("lost");

/// Begins the refresh of token 1 at 80 s, when it is due.
fn refreshing(mut book: Book) -> Book {
    assert_eq!(ask(&mut book, 80), Start(Step::Refresh(1)));
    book
}

/// The answer to the refresh at 80 s is lost, and token 1 is asked about.
fn probing(book: Book) -> Book {
    let mut book = refreshing(book);
    assert_eq!(book.landed(LOST, s(80)), Some(Step::Probe(1)));
    book
}

/// The refresh at 80 s is refused, and the kept password is tried.
fn logging_in() -> Book {
    let mut book = refreshing(session_with_password());
    assert_eq!(book.landed(REFUSED, s(80)), Some(Step::LogIn));
    book
}
