//! What becomes of a request when the login or the session is special.

use crate::answer::{Answer, Reply};
use crate::special::{Later, Special, Terms};
use crate::state::State;

impl Special {
    /// The reply; `good` does what was asked and makes the ordinary answer.
    pub(crate) fn reply(
        &self,
        key: &str,
        state: &mut State,
        good: &mut dyn FnMut(&mut State, Terms) -> Answer,
    ) -> Reply {
        match self {
            Self::Plain => Reply::Answer(good(state, Terms::default())),
            Self::Flaky(times, inner) => {
                let now = if state.still_fails(key, *times) { inner } else { &Self::Plain };
                now.reply(key, state, good)
            }
            Self::Slow(pause, inner) => inner.reply(key, state, good).late(*pause),
            Self::Later(scope, special) => {
                let later = Later { scope: *scope, special: (**special).clone(), key: format!("{scope:?} {key}") };
                let terms = Terms { later: Some(later), ..Terms::default() };
                Reply::Answer(good(state, terms))
            }
            Self::Failure(failure) => Reply::Answer(failure.answer(state.switches.clock_skew)),
            Self::Grant(variant) => {
                let terms = Terms { variant: *variant, ..Terms::default() };
                Reply::Answer(good(state, terms))
            }
            Self::Mangle(mangle) => mangle.spoil(good(state, Terms::default()), state.switches.clock_skew),
            Self::Wire(wire) => Reply::Raw(wire.steps(state.switches.clock_skew)),
        }
    }
}

impl Later {
    pub(crate) fn reply(&self, state: &mut State, good: &mut dyn FnMut(&mut State, Terms) -> Answer) -> Reply {
        self.special.reply(&self.key, state, good)
    }
}
