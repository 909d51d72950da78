//! Paths to endpoints.

use crate::answer::Answer;
use crate::control::Control;
use crate::journal::Request;
use crate::state::State;
use crate::{auth, control, mailboxes, parcel_lists, parcels, upload, users};

pub(crate) enum Endpoint<'a> {
    Login,
    Refresh,
    Call(Call<'a>),
    /// None of ECGrid's.
    Control(Control),
}

type Handler = fn(&mut State, &Request) -> Result<Answer, Answer>;
type HandlerOfId = fn(&mut State, &Request, &str) -> Result<Answer, Answer>;

/// An endpoint that answers whoever has the right credential.
pub(crate) enum Call<'a> {
    Plain(Handler),
    /// One whose path ends in an id.
    OfId(HandlerOfId, &'a str),
}

pub(crate) fn find(request: &Request) -> Result<Endpoint<'_>, Answer> {
    let parts: Vec<&str> = request.route().split('/').collect();
    let (method, endpoint) = match parts.as_slice() {
        ["", "v2", "auth", "login"] => ("POST", Endpoint::Login),
        ["", "v2", "auth", "refresh"] => ("POST", Endpoint::Refresh),
        ["", "v2", "auth", "logout"] => ("POST", plain(auth::logout)),
        ["", "v2", "auth", "session"] => ("POST", plain(auth::session)),
        ["", "v2", "auth", "password"] => ("PUT", plain(auth::password)),
        ["", "v2", "auth", "version"] => ("GET", plain(auth::version)),
        ["", "v2", "users", "me"] => ("GET", plain(users::me)),
        ["", "v2", "users", "key-generate", id] => ("POST", of_id(users::generate_key, id)),
        ["", "v2", "users", "key", id] => ("GET", of_id(users::key, id)),
        ["", "v2", "users", "reset", id] => ("POST", of_id(users::reset, id)),
        ["", "v2", "mailboxes", "list"] => ("POST", plain(mailboxes::list)),
        ["", "v2", "mailboxes", id] => ("GET", of_id(mailboxes::get, id)),
        ["", "v2", "parcels", "upload"] => ("POST", plain(upload::upload)),
        ["", "v2", "parcels", "pending-inbox-list"] => ("POST", plain(parcel_lists::pending)),
        ["", "v2", "parcels", "inbox-list"] => ("POST", plain(parcel_lists::inbox)),
        ["", "v2", "parcels", "outbox-list"] => ("POST", plain(parcel_lists::outbox)),
        ["", "v2", "parcels", "find-mailbagcontrolid"] => ("POST", plain(parcel_lists::by_control_id)),
        ["", "v2", "parcels", "set-mailbagcontrolid"] => ("POST", plain(parcels::set_control_id)),
        ["", "v2", "parcels", "download"] => ("POST", plain(parcels::download)),
        ["", "v2", "parcels", "confirm"] => ("POST", plain(parcels::confirm)),
        ["", "v2", "parcels", "update"] => ("POST", plain(parcels::update)),
        ["", "v2", "parcels", "cancel", id] => ("POST", of_id(parcels::cancel, id)),
        ["", "v2", "parcels", "reset-to-inbox", id] => ("POST", of_id(parcels::reset_to_inbox, id)),
        ["", "v2", "parcels", "manifest", id] => ("GET", of_id(parcels::manifest, id)),
        ["", "v2", "parcels", id] => ("GET", of_id(parcels::get, id)),
        ["", "sandbox", name] | ["", "v2", "sandbox", name] => {
            let (method, control) = control::find(name)?;
            (method, Endpoint::Control(control))
        }
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

fn plain<'a>(handler: Handler) -> Endpoint<'a> {
    Endpoint::Call(Call::Plain(handler))
}

fn of_id(handler: HandlerOfId, id: &str) -> Endpoint<'_> {
    Endpoint::Call(Call::OfId(handler, id))
}
