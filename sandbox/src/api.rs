//! From a request to the reply.

use crate::answer::{Answer, Reply};
use crate::journal::Request;
use crate::routes::{self, Call, Endpoint};
use crate::special::Scope;
use crate::state::State;
use crate::{auth, credential, echo};

pub(crate) fn answer(state: &mut State, request: &Request) -> Reply {
    state.depot.deliver_due();
    if let Some(trouble) = state.switches.troubles.next(request.route()) {
        let skew = state.switches.clock_skew;
        return trouble.instead().unwrap_or_else(|| trouble.after(ordinary(state, request), skew));
    }
    ordinary(state, request)
}

fn ordinary(state: &mut State, request: &Request) -> Reply {
    match routes::find(request) {
        Ok(Endpoint::Control(handler)) => Reply::Answer(handler(state, request).unwrap_or_else(|refused| refused)),
        Ok(Endpoint::Login) => {
            let reply = auth::login(state, request);
            state.counters.unauthorized += refusals(&reply);
            reply
        }
        Ok(Endpoint::Refresh) => {
            let reply = auth::refresh(state, request);
            state.counters.refused_refreshes += refusals(&reply);
            state.switches.on_refresh(reply)
        }
        Ok(Endpoint::Call(wanted)) => call(state, request, &Ok(wanted)),
        Err(refused) => call(state, request, &Err(refused)),
    }
}

/// Everything but login and refresh: here a session that shall fail does.
fn call(state: &mut State, request: &Request, wanted: &Result<Call<'_>, Answer>) -> Reply {
    let session = credential::bearer(request).and_then(|token| state.sessions.live(token));
    let (skew, later) = session.map_or((0, None), |s| (s.skew, s.later.clone()));
    let good = |state: &mut State| {
        let mut answer = perform(state, request, wanted).unwrap_or_else(|refused| refused);
        answer.clock = Some(skew);
        answer
    };
    let reply = match later {
        Some(later) if later.scope == Scope::Call => later.reply(state, &mut |state, _| good(state)),
        _ => Reply::Answer(good(state)),
    };
    state.counters.unauthorized += refusals(&reply);
    state.switches.on_call(reply)
}

fn perform(state: &mut State, request: &Request, wanted: &Result<Call<'_>, Answer>) -> Result<Answer, Answer> {
    if let Some(echo) = echo::answer(state, request) {
        return echo;
    }
    match wanted {
        Ok(Call::Plain(handler)) => handler(state, request),
        Ok(Call::OfId(handler, id)) => handler(state, request, id),
        Err(refused) => Err(refused.clone()),
    }
}

/// One for a 401, to be added to a count.
fn refusals(reply: &Reply) -> u64 {
    u64::from(reply.status() == Some(401))
}
