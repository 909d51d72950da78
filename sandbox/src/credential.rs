//! Who is asking.

use crate::answer::Answer;
use crate::journal::Request;
use crate::state::State;
use crate::user::User;

/// A caller whose credential was good.
pub(crate) struct Caller {
    pub(crate) user: User,
    /// The token, if that was the credential.
    pub(crate) token: Option<String>,
}

/// Checks the Bearer token, or else the API key.
pub(crate) fn check(state: &State, request: &Request) -> Result<Caller, Answer> {
    if request.header("Authorization").is_some() {
        let token = bearer(request).unwrap_or_default();
        let user = state.sessions.live(token).and_then(|session| state.user(session.user_id));
        return match user {
            Some(user) => Ok(Caller { user: user.clone(), token: Some(token.to_owned()) }),
            None => Err(no_session()),
        };
    }
    let Some(key) = request.header("X-API-Key") else {
        return Err(no_session());
    };
    match state.users.iter().find(|user| user.api_key == key) {
        Some(user) => Ok(Caller { user: user.clone(), token: None }),
        None => Err(Answer::failure(401, "InvalidAPIKey", "The API key is not known.")),
    }
}

pub(crate) fn no_session() -> Answer {
    Answer::failure(401, "InvalidSession", "The session does not exist or has expired.")
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header("Authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim_start())
}
