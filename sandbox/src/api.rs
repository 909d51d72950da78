//! Paths to endpoints.

use crate::answer::{Answer, Reply};
use crate::journal::Request;
use crate::special::Scope;
use crate::state::State;
use crate::{auth, credential, json, users};
use std::sync::{Mutex, PoisonError};

#[derive(Clone, Copy)]
enum Endpoint<'a> {
    Login,
    Refresh,
    Call(Call<'a>),
}

#[derive(Clone, Copy)]
enum Call<'a> {
    Logout,
    Session,
    Password,
    Version,
    Me,
    KeyGenerate(&'a str),
    Key(&'a str),
    Reset(&'a str),
}

pub(crate) fn answer(state: &Mutex<State>, request: &Request) -> Reply {
    // A handler that panicked left nothing half done that another request could trip over.
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    match find(request) {
        Ok(Endpoint::Login) => auth::login(&mut state, request),
        Ok(Endpoint::Refresh) => auth::refresh(&mut state, request),
        Ok(Endpoint::Call(wanted)) => call(&mut state, request, &Ok(wanted)),
        Err(refused) => call(&mut state, request, &Err(refused)),
    }
}

/// Everything but login and refresh: here a session that shall fail does.
fn call(state: &mut State, request: &Request, wanted: &Result<Call<'_>, Answer>) -> Reply {
    let session = credential::bearer(request).and_then(|token| state.session(token));
    let (skew, later) = session.map_or((0, None), |s| (s.skew, s.later.clone()));
    let good = |state: &mut State| {
        let mut answer =
            wanted.clone().and_then(|call| perform(state, request, call)).unwrap_or_else(|refused| refused);
        answer.clock = Some(skew);
        answer
    };
    match later {
        Some(later) if later.scope == Scope::Call => later.reply(state, &mut |state, _| good(state)),
        _ => Reply::Answer(good(state)),
    }
}

fn perform(state: &mut State, request: &Request, call: Call<'_>) -> Result<Answer, Answer> {
    match call {
        Call::Version => Ok(Answer::ok(json::object(&[("version", json::string("2.6"))]))),
        Call::Logout => auth::logout(state, request),
        Call::Session => auth::session(state, request),
        Call::Password => auth::password(state, request),
        Call::Me => users::me(state, request),
        Call::KeyGenerate(id) => users::generate_key(state, request, id),
        Call::Key(id) => users::key(state, request, id),
        Call::Reset(id) => users::reset(state, request, id),
    }
}

fn find(request: &Request) -> Result<Endpoint<'_>, Answer> {
    let parts: Vec<&str> = request.route().split('/').collect();
    let (method, endpoint) = match parts.as_slice() {
        ["", "v2", "auth", "login"] => ("POST", Endpoint::Login),
        ["", "v2", "auth", "refresh"] => ("POST", Endpoint::Refresh),
        ["", "v2", "auth", "logout"] => ("POST", Endpoint::Call(Call::Logout)),
        ["", "v2", "auth", "session"] => ("POST", Endpoint::Call(Call::Session)),
        ["", "v2", "auth", "password"] => ("PUT", Endpoint::Call(Call::Password)),
        ["", "v2", "auth", "version"] => ("GET", Endpoint::Call(Call::Version)),
        ["", "v2", "users", "me"] => ("GET", Endpoint::Call(Call::Me)),
        ["", "v2", "users", "key-generate", id] => ("POST", Endpoint::Call(Call::KeyGenerate(id))),
        ["", "v2", "users", "key", id] => ("GET", Endpoint::Call(Call::Key(id))),
        ["", "v2", "users", "reset", id] => ("POST", Endpoint::Call(Call::Reset(id))),
        _ => {
            return Err(Answer::failure(404, "ObjectNotFound", "There is nothing at this path."));
        }
    };
    if request.method == method {
        Ok(endpoint)
    } else {
        let message = format!("This path takes {method} only.");
        Err(Answer::failure(405, "InvalidParameter", &message).with("Allow", method))
    }
}

/// The members of a body that has to be a JSON object.
pub(crate) fn fields<const N: usize>(request: &Request, names: [&str; N]) -> Result<[String; N], Answer> {
    let body: serde_json::Value =
        serde_json::from_slice(&request.body).map_err(|_| invalid("The body is not JSON."))?;
    let mut values = [const { String::new() }; N];
    for (value, name) in values.iter_mut().zip(names) {
        *value = match body.get(name).and_then(|member| member.as_str()) {
            Some(text) if !text.is_empty() => text.to_owned(),
            _ => return Err(invalid(&format!("{name} is required, as a string."))),
        };
    }
    Ok(values)
}

pub(crate) fn invalid(message: &str) -> Answer {
    Answer::failure(400, "InvalidParameter", message)
}
