//! The endpoints below /v2/auth.

use crate::answer::{Answer, Reply};
use crate::journal::Request;
use crate::special::{Scope, Special, Terms};
use crate::state::State;
use crate::user::policy_refuses;
use crate::{body, clock, credential, json};

pub(crate) fn login(state: &mut State, request: &Request) -> Reply {
    let [login, password] = match body::fields(request, ["login", "password"]) {
        Ok(fields) => fields,
        Err(refused) => return Reply::Answer(refused),
    };
    if let Some(user) = state.user_by_login(&login) {
        let user_id = user.user_id;
        return Reply::Answer(if user.password == password {
            open(state, user_id, Terms::default())
        } else {
            wrong_login()
        });
    }
    match Special::of(&login) {
        Some(special) => special.reply(&login, state, &mut |state, terms| open(state, state.special_user, terms)),
        None => Reply::Answer(wrong_login()),
    }
}

fn wrong_login() -> Answer {
    Answer::failure(401, "InvalidSession", "The login or the password is wrong.")
}

fn open(state: &mut State, user_id: i64, terms: Terms) -> Answer {
    let answer = grant(state, user_id, terms);
    if answer.status == 200 {
        state.counters.logins += 1;
    }
    answer
}

/// A new session and the answer that tells of it.
fn grant(state: &mut State, user_id: i64, terms: Terms) -> Answer {
    let variant = terms.variant;
    match state.sessions.open(user_id, terms, state.switches.clock_skew) {
        Ok(grant) => {
            let mut answer = Answer::ok(variant.data(&grant));
            answer.clock = Some(grant.skew);
            answer
        }
        Err(refused) => refused,
    }
}

pub(crate) fn refresh(state: &mut State, request: &Request) -> Reply {
    let [token] = match body::fields(request, ["token"]) {
        Ok(fields) => fields,
        Err(refused) => return Reply::Answer(refused),
    };
    let session = match state.sessions.live(&token) {
        Some(session) if !state.switches.refuse_refresh => session.clone(),
        _ => return Reply::Answer(credential::no_session()),
    };
    let mut good = |state: &mut State, terms: Terms| {
        state.sessions.end(&token);
        state.counters.refreshes += 1;
        let terms = Terms { skew: session.skew, later: session.later.clone(), ..terms };
        grant(state, session.user_id, terms)
    };
    match &session.later {
        Some(later) if later.scope == Scope::Refresh => later.reply(state, &mut good),
        _ => Reply::Answer(good(state, Terms::default())),
    }
}

pub(crate) fn logout(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?;
    if let Some(token) = caller.token {
        state.sessions.end(&token);
    }
    state.counters.logouts += 1;
    Ok(Answer::success("null".to_owned(), "Session terminated."))
}

pub(crate) fn session(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?;
    let session = caller.token.and_then(|token| state.sessions.live(&token));
    // An API key does not expire.
    let expires = session.map_or("null".to_owned(), |session| {
        let told = clock::shift(session.expires, state.skew(session.skew));
        json::string(&clock::iso(told, clock::Style::Utc))
    });
    let user = caller.user;
    Ok(Answer::ok(json::object(&[
        ("userId", user.user_id.to_string()),
        ("login", json::string(&user.login)),
        ("networkId", user.network_id.to_string()),
        ("mailboxId", user.mailbox_id.to_string()),
        ("authLevel", json::string(user.auth_level.name())),
        ("expiresAt", expires),
    ])))
}

pub(crate) fn version(_: &mut State, _: &Request) -> Result<Answer, Answer> {
    Ok(Answer::ok(json::object(&[("version", json::string("2.6"))])))
}

pub(crate) fn password(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?;
    let [current, new] = body::fields(request, ["currentPassword", "newPassword"])?;
    // Not a 401: the credential is good, and a client would take it for an ended session.
    if caller.user.password != current {
        return Err(body::invalid("currentPassword is wrong."));
    }
    if let Some(reason) = policy_refuses(&new) {
        return Err(body::invalid(reason));
    }
    state.set_password(&caller.user.login, &new);
    Ok(Answer::ok("null".to_owned()))
}
