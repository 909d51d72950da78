//! Paths where a program in any language asks the sandbox itself; below /v2 too, so that one with the ECGrid library can.

use crate::answer::Answer;
use crate::body::{Body, invalid};
use crate::journal::Request;
use crate::mailbox::PARTNER;
use crate::paging::array;
use crate::parcel::Parcel;
use crate::state::State;
use std::time::{Duration, SystemTime};

/// Such requests are not counted, and nothing goes wrong with them.
pub(crate) fn is_control(request: &Request) -> bool {
    let route = request.route();
    route.starts_with("/sandbox/") || route.starts_with("/v2/sandbox/")
}

pub(crate) type Control = fn(&mut State, &Request) -> Result<Answer, Answer>;

/// The one of that name, and its method.
pub(crate) fn find(name: &str) -> Result<(&'static str, Control), Answer> {
    Ok(match name {
        "counters" => ("GET", counters),
        "parcels" => ("GET", parcels),
        "revoke" => ("POST", revoke),
        "deliver" => ("POST", deliver),
        "trouble" => ("POST", |state, request| state.switches.troubles.ask(request)),
        "switch" => ("POST", switch),
        _ => return Err(Answer::failure(404, "ObjectNotFound", "There is nothing at this path.")),
    })
}

fn counters(state: &mut State, _: &Request) -> Result<Answer, Answer> {
    Ok(Answer::ok(state.counters.data()))
}

/// Ends all sessions and tells how many there were.
fn revoke(state: &mut State, _: &Request) -> Result<Answer, Answer> {
    Ok(Answer::ok(state.sessions.end_all().to_string()))
}

/// Every parcel, and what has happened to it.
fn parcels(state: &mut State, _: &Request) -> Result<Answer, Answer> {
    let all: Vec<String> = state.depot.parcels.iter().map(Parcel::facts).collect();
    Ok(Answer::ok(array(&all)))
}

/// Puts a parcel from the partner into an inbox and tells its id.
fn deliver(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let body = Body::of(request)?;
    let mailbox = state.depot.mailboxes.iter().find(|one| Some(one.mailbox_id) == body.number("mailboxId").ok());
    let to = mailbox.ok_or_else(|| invalid("There is no such mailbox."))?.mailbox_id;
    let content = body.optional_text("content")?.unwrap_or_default().as_bytes().to_vec();
    let times = body.optional_number("times")?.unwrap_or(1).max(0).unsigned_abs();
    let name = body.optional_text("fileName")?.unwrap_or_default().to_owned();
    Ok(Answer::ok(state.depot.deliver_often(PARTNER, to, &name, content, times, SystemTime::now()).to_string()))
}

/// Changes switches that are about parcels; what is not named stays as it is.
fn switch(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let body = Body::of(request)?;
    let on = |name: &str| Ok::<_, Answer>(body.optional_number(name)?.map(|number| number != 0));
    let switches = &mut state.switches;
    if let Some(page) = body.optional_number("pendingPage")? {
        switches.pending_page = usize::try_from(page).ok().filter(|page| *page > 0);
    }
    if let Some(transfers) = on("downloadTransfers")? {
        switches.download_transfers = transfers;
    }
    if let Some(delay) = body.optional_number("outboxDelayMs")? {
        switches.outbox_delay = Duration::from_millis(delay.max(0).unsigned_abs());
    }
    if let Some(none) = on("noTimes")? {
        switches.no_times = none;
    }
    Ok(Answer::ok("true".to_owned()))
}
