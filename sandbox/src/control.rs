//! Paths where a program in any language asks the sandbox itself; below /v2 too, so that one with the ECGrid library can.

use crate::answer::Answer;
use crate::journal::Request;
use crate::state::State;

/// Such requests are not counted, and nothing goes wrong with them.
pub(crate) fn is_control(request: &Request) -> bool {
    let route = request.route();
    route.starts_with("/sandbox/") || route.starts_with("/v2/sandbox/")
}

pub(crate) fn counters(state: &mut State) -> Answer {
    Answer::ok(state.counters.data())
}

/// Ends all sessions and tells how many there were.
pub(crate) fn revoke(state: &mut State) -> Answer {
    Answer::ok(state.sessions.end_all().to_string())
}
