//! Whether a text is JSON, for whoever wants to know no more of it, and not for ever.

use super::{Scanner, Visit};

/// Why a text was not found sound.
#[derive(Debug, PartialEq)]
pub enum Unsound<E> {
    Wrong(String),
    GivenUp(E),
}

/// Whether a text is one sound JSON value, nested no deeper than that. A long one takes its time, so now and then
/// `go_on` says whether anybody still wants to know.
pub fn check<E>(text: &[u8], most: usize, go_on: impl FnMut() -> Result<(), E>) -> Result<(), Unsound<E>> {
    let mut scanner = Scanner::new(text, most);
    let mut patience = Patience { until: PIECE, go_on, given_up: None };
    let sound = scanner.value(&mut patience).is_some() && scanner.is_at_end();
    match patience.given_up {
        Some(why) => Err(Unsound::GivenUp(why)),
        None if sound => Ok(()),
        None => Err(Unsound::Wrong(scanner.flaw())),
    }
}

/// As much is read between two questions.
const PIECE: usize = 64 * 1024;

struct Patience<F, E> {
    until: usize,
    go_on: F,
    given_up: Option<E>,
}

impl<F: FnMut() -> Result<(), E>, E> Visit for Patience<F, E> {
    #[inline(always)]
    fn goes_on(&mut self, at: usize) -> bool {
        if at < self.until {
            return true;
        }
        self.until = at + PIECE;
        self.given_up = (self.go_on)().err();
        self.given_up.is_none()
    }
}
