//! The endpoints below /v2/parcels that list parcels.

use crate::answer::Answer;
use crate::body::{Body, invalid};
use crate::journal::Request;
use crate::json::object;
use crate::mailbox::Mailbox;
use crate::paging::{Page, array};
use crate::parcel::{Parcel, READY};
use crate::parcels::known_status;
use crate::state::State;
use crate::switches::Shape;
use crate::user::User;
use crate::{clock, credential};
use std::time::SystemTime;

/// The mailbox that a body names, and what `wanted` lets through, as that mailbox sees it.
fn seen(
    state: &State,
    caller: &User,
    body: &Body,
    wanted: impl Fn(&Parcel, &Mailbox) -> bool,
) -> Result<Vec<String>, Answer> {
    let mailbox = state.depot.mailbox(caller, body.optional_id("mailboxId")?)?;
    let parcels = state.depot.parcels.iter().filter(|parcel| wanted(parcel, mailbox));
    Ok(parcels.map(|parcel| parcel.info(mailbox, &state.depot.mailboxes, &state.switches, state.skew(0))).collect())
}

/// A bare array.
pub(crate) fn pending(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?.user;
    let body = Body::of(request)?;
    let waits = |parcel: &Parcel, mailbox: &Mailbox| parcel.mailbox_to == mailbox.mailbox_id && parcel.status == READY;
    let mut all = seen(state, &caller, &body, waits)?;
    let total = all.len();
    all.truncate(state.switches.pending_page.unwrap_or(usize::MAX));
    Ok(match state.switches.shape {
        Shape::Samples => Answer::list(array(&all), &[("totalRecords", total.to_string())]),
        _ => Answer::ok(array(&all)),
    })
}

/// A bare array.
pub(crate) fn by_control_id(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?.user;
    let body = Body::of(request)?;
    let control_id = body.text("mailbagControlId")?;
    let has_it = |parcel: &Parcel, mailbox: &Mailbox| {
        let here = [parcel.mailbox_from, parcel.mailbox_to].contains(&mailbox.mailbox_id);
        here && parcel.mailbag_control_id.as_deref() == Some(control_id)
    };
    Ok(Answer::ok(array(&seen(state, &caller, &body, has_it)?)))
}

pub(crate) fn inbox(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    pages(state, request, |parcel| parcel.mailbox_to, SystemTime::now())
}

pub(crate) fn outbox(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let shown = SystemTime::now().checked_sub(state.switches.outbox_delay).unwrap_or(SystemTime::UNIX_EPOCH);
    pages(state, request, |parcel| parcel.mailbox_from, shown)
}

/// A list with its totals inside `data`, or beside it, of what was there at a time.
fn pages(state: &State, request: &Request, owner: fn(&Parcel) -> i64, shown: SystemTime) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?.user;
    let body = Body::of(request)?;
    let page = Page::of(&body)?;
    let filter = Filter::of(state, &body)?;
    let wanted = |parcel: &Parcel, mailbox: &Mailbox| {
        owner(parcel) == mailbox.mailbox_id && parcel.created <= shown && filter.lets(parcel)
    };
    let all = seen(state, &caller, &body, wanted)?;
    let [total, number, size] = page.totals(&all);
    Ok(match state.switches.shape {
        Shape::Samples => Answer::list(page.cut(&all), &[total, number, size]),
        Shape::Reference => Answer::ok(page.cut(&all)),
        _ => Answer::ok(object(&[("parcels", page.cut(&all)), total, number, size])),
    })
}

struct Filter {
    /// Mailboxes, by their ECGrid IDs; one that is nobody's lets nothing through.
    from: Option<Option<i64>>,
    to: Option<Option<i64>>,
    status: Option<&'static str>,
    begin: Option<SystemTime>,
    end: Option<SystemTime>,
    skew: i64,
}

impl Filter {
    fn of(state: &State, body: &Body) -> Result<Self, Answer> {
        let mailbox = |name: &str| -> Result<Option<Option<i64>>, Answer> {
            let id = body.optional_id(name)?;
            Ok(id.map(|id| {
                let found = state.depot.mailboxes.iter().find(|mailbox| mailbox.ec_grid_id() == id);
                found.map(|mailbox| mailbox.mailbox_id)
            }))
        };
        let time = |name: &str| -> Result<Option<SystemTime>, Answer> {
            let text = body.optional_text(name)?;
            let bad = || invalid(&format!("{name} is no ISO 8601 date-time."));
            text.map(|text| clock::parse(text).ok_or_else(bad)).transpose()
        };
        Ok(Self {
            from: mailbox("ecGridIdFrom")?,
            to: mailbox("ecGridIdTo")?,
            status: body.optional_text("status")?.map(known_status).transpose()?,
            begin: time("beginDate")?,
            end: time("endDate")?,
            skew: state.skew(0),
        })
    }

    fn lets(&self, parcel: &Parcel) -> bool {
        // By the second, like the times that the client has seen.
        let created = clock::unix(clock::shift(parcel.created, self.skew));
        self.from.is_none_or(|id| id == Some(parcel.mailbox_from))
            && self.to.is_none_or(|id| id == Some(parcel.mailbox_to))
            && self.status.is_none_or(|status| status == parcel.status)
            && self.begin.is_none_or(|at| clock::unix(at) <= created)
            && self.end.is_none_or(|at| created <= clock::unix(at))
    }
}
