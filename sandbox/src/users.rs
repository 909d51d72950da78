//! The endpoints below /v2/users.

use crate::answer::Answer;
use crate::journal::Request;
use crate::state::State;
use crate::user::new_api_key;
use crate::{body, credential, json};

pub(crate) fn me(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?;
    Ok(Answer::ok(caller.user.profile()))
}

pub(crate) fn generate_key(state: &mut State, request: &Request, id: &str) -> Result<Answer, Answer> {
    let id = own_or_administered(state, request, id)?;
    let key = new_api_key();
    let user = state.user_mut(id).ok_or_else(no_user)?;
    user.api_key.clone_from(&key);
    Ok(Answer::ok(json::string(&key)))
}

pub(crate) fn key(state: &mut State, request: &Request, id: &str) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?;
    let id = body::id(id)?;
    if !caller.user.auth_level.administers_network() {
        return Err(denied());
    }
    let user = state.user(id).ok_or_else(no_user)?;
    Ok(Answer::ok(json::string(&user.api_key)))
}

pub(crate) fn reset(state: &mut State, request: &Request, id: &str) -> Result<Answer, Answer> {
    let id = own_or_administered(state, request, id)?;
    state.user(id).ok_or_else(no_user)?;
    state.sessions.end_all_of(id);
    Ok(Answer::ok("true".to_owned()))
}

/// The id, if the caller may act on it: one's own, or any with NetworkAdmin.
fn own_or_administered(state: &State, request: &Request, id: &str) -> Result<i64, Answer> {
    let caller = credential::check(state, request)?;
    let id = body::id(id)?;
    if caller.user.user_id == id || caller.user.auth_level.administers_network() { Ok(id) } else { Err(denied()) }
}

fn denied() -> Answer {
    Answer::failure(403, "AccessDenied", "This needs NetworkAdmin.")
}

fn no_user() -> Answer {
    Answer::failure(404, "ObjectNotFound", "There is no user with this id.")
}
