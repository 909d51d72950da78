//! Handles
//!
//! Every handle is opaque, has one `_free` function, and `_free(NULL)` does nothing. Handles may be
//! freed in any order: each keeps what it needs of the others alive. Do not free a handle while
//! another thread is in a call with it.

use std::ffi::CString;
use std::sync::Arc;

use super::census;
use crate::client::Client;
use crate::error::Error;
use crate::parcel::{Inbox, Outbox, Parcel, Route};
use crate::response::Response;
use crate::session::Session;
use crate::settings::config::Config;
use crate::token::Token;

/// Settings being collected for a client. Only one thread at a time may use it.
pub struct ecgrid_config {
    pub(super) config: Config,
}

/// Connections, trust and settings. May be shared by any number of threads.
pub struct ecgrid_client {
    pub(super) client: Client,
}

/// A credential: the token of a login, or a session's API key. Immutable, may be shared by any number of threads;
/// wiped when freed.
pub struct ecgrid_token {
    /// Behind the pointer is a counted [`Token`]: one that a session hands out is shared with it, and not copied.
    _opaque: (),
}

/// A credential that is kept valid. May be shared by any number of threads.
pub struct ecgrid_session {
    pub(super) session: Session,
}

/// One answer of the API. Immutable, may be shared by any number of threads; wiped when freed.
pub struct ecgrid_response {
    pub(super) response: Response,
}

/// From whom and to whom a parcel goes. Only one thread at a time may change it.
pub struct ecgrid_route {
    pub(super) route: Route,
}

/// A parcel that was downloaded into memory. Immutable, may be shared by any number of threads; wiped when freed.
pub struct ecgrid_parcel {
    pub(super) parcel: Parcel,
}

/// A folder that gets the parcels of a mailbox. May be shared by any number of threads.
pub struct ecgrid_inbox {
    pub(super) inbox: Inbox,
}

/// A folder whose files are sent. May be shared by any number of threads.
pub struct ecgrid_outbox {
    pub(super) outbox: Outbox,
}

/// Why a call failed. Immutable, may be shared by any number of threads.
pub struct ecgrid_error {
    pub(super) error: Error,
    pub(super) message: CString,
    pub(super) code: CString,
    pub(super) trace_id: CString,
}

/// What C is promised of all handles but `ecgrid_config` and `ecgrid_route`.
const fn shareable<T: Send + Sync>() {}
const _: () = {
    shareable::<ecgrid_client>();
    shareable::<Token>();
    shareable::<ecgrid_session>();
    shareable::<ecgrid_response>();
    shareable::<ecgrid_parcel>();
    shareable::<ecgrid_inbox>();
    shareable::<ecgrid_outbox>();
    shareable::<ecgrid_error>();
};

impl ecgrid_token {
    /// A reference for C.
    pub(super) fn give(token: Arc<Token>) -> *mut Self {
        census::handed_out();
        Arc::into_raw(token).cast_mut().cast()
    }

    /// SAFETY: `token` is NULL, or came from `give` and was not taken back.
    pub(super) unsafe fn see<'a>(token: *const Self) -> Option<&'a Token> {
        unsafe { token.cast::<Token>().as_ref() }
    }

    /// SAFETY: as `see`, and its owner gives it up.
    pub(super) unsafe fn take_back(token: *mut Self) {
        if !token.is_null() {
            census::given_back();
            drop(unsafe { Arc::from_raw(token.cast::<Token>()) });
        }
    }
}

impl ecgrid_error {
    pub(super) fn new(error: Error) -> Self {
        // Messages are made of one-line texts; a NUL in one would be a bug, and costs the rest of the line only.
        let c_string = |text: &str| CString::new(text.split('\0').next().unwrap_or_default()).unwrap_or_default();
        let [message, code, trace_id] = [&error.message, &error.code, &error.trace_id].map(|text| c_string(text));
        Self { message, code, trace_id, error }
    }

    /// A reference for C.
    pub(super) fn give(error: Arc<Self>) -> *mut Self {
        census::handed_out();
        Arc::into_raw(error).cast_mut()
    }

    /// SAFETY: `error` is NULL, or came from `give`, and its owner gives it up.
    pub(super) unsafe fn take_back(error: *mut Self) {
        if !error.is_null() {
            census::given_back();
            drop(unsafe { Arc::from_raw(error.cast_const()) });
        }
    }
}
