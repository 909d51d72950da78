//! The endpoints below /v2/parcels that are about one parcel.

use crate::answer::Answer;
use crate::body::{self, Body, invalid};
use crate::journal::Request;
use crate::json::{object, string};
use crate::mailbox::denied;
use crate::parcel::{self, ARCHIVED, CANCELLED, Parcel, READY, TRANSFERRED};
use crate::state::State;
use crate::switches::Shape;
use crate::user::User;
use crate::{credential, interchange, paging};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Which of a parcel's mailboxes a caller has to act for.
#[derive(Clone, Copy)]
enum Side {
    Sender,
    Addressee,
    Either,
}

/// The place of a parcel, if the caller is on the right side of it.
fn find(state: &State, caller: &User, id: i64, side: Side) -> Result<usize, Answer> {
    let place = state.depot.parcels.iter().position(|parcel| parcel.parcel_id == id);
    let place = place.ok_or_else(|| Answer::failure(404, "ObjectNotFound", "There is no parcel with this id."))?;
    let parcel = &state.depot.parcels[place];
    let (sends, receives) = (caller.acts_for(parcel.mailbox_from), caller.acts_for(parcel.mailbox_to));
    let may = match side {
        Side::Sender => sends,
        Side::Addressee => receives,
        Side::Either => sends || receives,
    };
    if may { Ok(place) } else { Err(denied()) }
}

/// The parcel that a path names.
fn named<'a>(state: &'a mut State, request: &Request, id: &str, side: Side) -> Result<&'a mut Parcel, Answer> {
    let caller = credential::check(state, request)?.user;
    let place = find(state, &caller, body::id(id)?, side)?;
    Ok(&mut state.depot.parcels[place])
}

/// The parcel that a body names, and the body.
fn asked<'a>(state: &'a mut State, request: &Request, side: Side) -> Result<(&'a mut Parcel, Body), Answer> {
    let caller = credential::check(state, request)?.user;
    let body = Body::of(request)?;
    let place = find(state, &caller, body.number("parcelId")?, side)?;
    Ok((&mut state.depot.parcels[place], body))
}

fn done() -> Answer {
    Answer::ok("true".to_owned())
}

/// What GET and update tell of a parcel, seen from the caller's side.
fn info(state: &State, caller: &User, parcel: &Parcel) -> Result<Answer, Answer> {
    let seen_by = if caller.acts_for(parcel.mailbox_to) { parcel.mailbox_to } else { parcel.mailbox_from };
    let mailbox = state.depot.mailbox(caller, Some(seen_by))?;
    Ok(Answer::ok(parcel.info(mailbox, &state.depot.mailboxes, &state.switches, state.skew(0))))
}

pub(crate) fn get(state: &mut State, request: &Request, id: &str) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?.user;
    let parcel = named(state, request, id, Side::Either)?.clone();
    info(state, &caller, &parcel)
}

pub(crate) fn manifest(state: &mut State, request: &Request, id: &str) -> Result<Answer, Answer> {
    let parcel = named(state, request, id, Side::Either)?;
    let mut entries = Vec::new();
    for (number, found) in (1..).zip(interchange::all(&parcel.content)) {
        for (document_type, count) in &found.documents {
            entries.push(object(&[
                ("interchangeId", i64::to_string(&number)),
                ("sender", string(&found.sender)),
                ("receiver", string(&found.receiver)),
                ("controlId", string(&found.control_id)),
                ("documentType", string(document_type)),
                ("count", count.to_string()),
            ]));
        }
    }
    Ok(Answer::ok(paging::array(&entries)))
}

pub(crate) fn cancel(state: &mut State, request: &Request, id: &str) -> Result<Answer, Answer> {
    let parcel = named(state, request, id, Side::Sender)?;
    if parcel.status != READY {
        return Err(invalid("The parcel is no longer waiting to be fetched."));
    }
    parcel.set_status(CANCELLED);
    Ok(done())
}

pub(crate) fn reset_to_inbox(state: &mut State, request: &Request, id: &str) -> Result<Answer, Answer> {
    let parcel = named(state, request, id, Side::Addressee)?;
    not_cancelled(parcel)?;
    parcel.reset();
    Ok(done())
}

/// A parcel whose content is longer is not made into an answer in memory.
const IN_MEMORY: u64 = 64 << 20;

pub(crate) fn download(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let (transfers, shape) = (state.switches.download_transfers, state.switches.shape);
    let (parcel, _) = asked(state, request, Side::Addressee)?;
    not_cancelled(parcel)?;
    parcel.downloads += 1;
    if transfers && parcel.status == READY {
        parcel.set_status(TRANSFERRED);
    }
    let is_guide = shape == Shape::Guide;
    let or = |usual, guide| if is_guide { guide } else { usual };
    // Of a long one, its beginning: whole groups of three, so that their base64 can follow itself.
    let is_long = parcel.length() > IN_MEMORY;
    let content = if is_long { parcel.content.clone() } else { parcel.content.repeat(parcel.times as usize) };
    let mut members = vec![
        (or("parcelId", "parcelID"), parcel.parcel_id.to_string()),
        ("fileName", string(&parcel.file_name)),
        ("content", string(&STANDARD.encode(&content))),
        (or("bytes", "size"), parcel.length().to_string()),
    ];
    if is_guide {
        members.push(("contentEncoding", string("Base64")));
        members.swap(0, 2);
    }
    let times = if is_long { parcel.times } else { 1 };
    state.counters.downloads += 1;
    let mut answer = Answer::ok(object(&members));
    if is_long {
        if content.len() % 3 != 0 {
            return Err(invalid("A parcel that long has to be some groups of three bytes again and again."));
        }
        answer.repeat = Some((STANDARD.encode(&content), times));
    }
    Ok(answer)
}

pub(crate) fn confirm(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let (transfers, shape) = (state.switches.download_transfers, state.switches.shape);
    let (parcel, _) = asked(state, request, Side::Addressee)?;
    not_cancelled(parcel)?;
    let done_with = if transfers { ARCHIVED } else { TRANSFERRED };
    parcel.confirmations += 1;
    let is_new = parcel.status != done_with;
    if is_new {
        parcel.set_status(done_with);
    }
    let data = match shape {
        Shape::Guide => object(&[("parcelId", parcel.parcel_id.to_string()), ("status", string(parcel.status))]),
        _ => "true".to_owned(),
    };
    state.counters.confirmations += u64::from(is_new);
    state.counters.repeated_confirmations += u64::from(!is_new);
    Ok(Answer::ok(data))
}

pub(crate) fn update(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?.user;
    let (parcel, body) = asked(state, request, Side::Either)?;
    if let Some(status) = body.optional_text("status")?.map(known_status).transpose()? {
        parcel.set_status(status);
    }
    let parcel = parcel.clone();
    info(state, &caller, &parcel)
}

pub(crate) fn set_control_id(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let (parcel, body) = asked(state, request, Side::Either)?;
    parcel.mailbag_control_id = Some(body.text("mailbagControlId")?.to_owned());
    Ok(done())
}

fn not_cancelled(parcel: &Parcel) -> Result<(), Answer> {
    if parcel.status == CANCELLED { Err(invalid("The parcel was cancelled.")) } else { Ok(()) }
}

pub(crate) fn known_status(name: &str) -> Result<&'static str, Answer> {
    parcel::status(name).ok_or_else(|| invalid("There is no such status."))
}
