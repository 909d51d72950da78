//! Uploads, and where they go.

use crate::answer::Answer;
use crate::body::{Body, invalid};
use crate::journal::Request;
use crate::json::{object, string};
use crate::mailbox::Mailbox;
use crate::state::State;
use crate::switches::Shape;
use crate::user::User;
use crate::{credential, interchange, multipart};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::time::SystemTime;

pub(crate) fn upload(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?.user;
    if let Some(form) = multipart::form(request) {
        let from = state.depot.mailbox(&caller, form.mailbox_id)?.mailbox_id;
        let to = addressee_of(state, &caller, &form.file);
        return Ok(delivered(state, from, to, &form.file_name, form.file));
    }
    let body = Body::of(request)?;
    let file_name = body.text("fileName")?;
    let content = STANDARD.decode(body.any_text("content")?).map_err(|_| invalid("content is not Base64."))?;
    if body.optional_number("bytes")?.is_some_and(|bytes| usize::try_from(bytes) != Ok(content.len())) {
        return Err(invalid("bytes is not the length of the content."));
    }
    let from = sender(state, &caller, &body)?;
    let to = addressee(state, &caller, &body, &content)?;
    Ok(delivered(state, from, to, file_name, content))
}

fn delivered(state: &mut State, from: i64, to: i64, file_name: &str, content: Vec<u8>) -> Answer {
    let bytes = content.len();
    let parcel_id = state.depot.deliver(from, to, file_name, content, SystemTime::now());
    state.counters.uploads += 1;
    let id = parcel_id.to_string();
    let members = match state.switches.shape {
        Shape::Usual => vec![
            ("parcelId", id),
            ("fileName", string(file_name)),
            ("bytes", bytes.to_string()),
            ("mailboxIdFrom", from.to_string()),
            ("mailboxIdTo", to.to_string()),
        ],
        Shape::Reference => return Answer::ok(id),
        Shape::Guide => vec![
            ("parcelId", id),
            ("fileName", string(file_name)),
            ("status", string("OutBoxQueued")),
            ("size", bytes.to_string()),
        ],
        Shape::Samples => vec![("parcelId", id)],
    };
    Answer::ok(object(&members))
}

/// `mailboxId`, or the mailbox of `ecGridIdFrom`, or the caller's own. The two may not contradict each other.
fn sender(state: &State, caller: &User, body: &Body) -> Result<i64, Answer> {
    let mailbox = body.optional_id("mailboxId")?;
    let by_id = match body.optional_id("ecGridIdFrom")? {
        Some(id) => Some(of_ec_grid_id(state, id)?),
        None => None,
    };
    if mailbox.zip(by_id).is_some_and(|(one, other)| one != other) {
        return Err(invalid("ecGridIdFrom is not the one of this mailbox."));
    }
    Ok(state.depot.mailbox(caller, mailbox.or(by_id))?.mailbox_id)
}

/// The mailbox of `ecGridIdTo`, or the one that the first interchange is addressed to, or the caller's own.
fn addressee(state: &State, caller: &User, body: &Body, content: &[u8]) -> Result<i64, Answer> {
    if let Some(id) = body.optional_id("ecGridIdTo")? {
        return of_ec_grid_id(state, id);
    }
    Ok(addressee_of(state, caller, content))
}

fn addressee_of(state: &State, caller: &User, content: &[u8]) -> i64 {
    let first = interchange::all(content).into_iter().next();
    let receiver = first.map(|interchange| interchange.receiver);
    let named = |mailbox: &&Mailbox| receiver.as_ref() == Some(&mailbox.unique_id);
    let found = state.depot.mailboxes.iter().find(named);
    found.map_or(caller.mailbox_id, |mailbox| mailbox.mailbox_id)
}

fn of_ec_grid_id(state: &State, id: i64) -> Result<i64, Answer> {
    let found = state.depot.mailboxes.iter().find(|mailbox| mailbox.ec_grid_id() == id);
    let found = found.ok_or_else(|| Answer::failure(404, "ObjectNotFound", "There is no such ECGrid ID."))?;
    Ok(found.mailbox_id)
}
