//! What arrived, said back: for tests of what a client sends.

use crate::answer::Answer;
use crate::credential;
use crate::journal::Request;
use crate::state::State;
use crate::{json, json::string};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The answer to a request while the sandbox echoes; None leaves it to the endpoint.
pub(crate) fn answer(state: &State, request: &Request) -> Option<Result<Answer, Answer>> {
    if !state.switches.echo || request.route() == "/v2/auth/logout" {
        return None;
    }
    match credential::check(state, request) {
        Ok(_) => Some(Ok(Answer::ok(data(request)))),
        // The health check wants no credential.
        Err(_) if request.route() == "/v2/auth/version" => None,
        Err(refused) => Some(Err(refused)),
    }
}

fn data(request: &Request) -> String {
    let body = std::str::from_utf8(&request.body).map_or("null".to_owned(), string);
    let scheme = request.header("Authorization").and_then(|value| value.split(' ').next());
    json::object(&[
        ("method", string(&request.method)),
        ("target", string(&request.path)),
        ("body", body),
        ("bodyBase64", string(&STANDARD.encode(&request.body))),
        ("authorization", scheme.map_or("null".to_owned(), string)),
        ("apiKey", request.header("X-API-Key").is_some().to_string()),
    ])
}
