//! The endpoints below /v2/mailboxes.

use crate::answer::Answer;
use crate::body::Body;
use crate::journal::Request;
use crate::mailbox::Mailbox;
use crate::paging::Page;
use crate::state::State;
use crate::{body, credential};

pub(crate) fn get(state: &mut State, request: &Request, id: &str) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?.user;
    let mailbox = state.depot.mailbox(&caller, Some(body::id(id)?))?;
    Ok(Answer::ok(mailbox.info()))
}

/// A list with its totals beside `data`.
pub(crate) fn list(state: &mut State, request: &Request) -> Result<Answer, Answer> {
    let caller = credential::check(state, request)?.user;
    let body = Body::of(request)?;
    let network = body.optional_id("networkId")?;
    let status = body.optional_text("status")?;
    let page = Page::of(&body)?;
    let wanted = |mailbox: &&Mailbox| {
        caller.acts_for(mailbox.mailbox_id)
            && network.is_none_or(|id| id == mailbox.network_id)
            && status.is_none_or(|status| status == Mailbox::STATUS)
    };
    let all: Vec<String> = state.depot.mailboxes.iter().filter(wanted).map(Mailbox::info).collect();
    Ok(Answer::list(page.cut(&all), &page.totals(&all)))
}
