//! Session
//!
//! A session keeps one credential valid, for months and for any number of threads: the token of one
//! login, or an API key. A token is due when 78 to 82 % of its lifetime are over. It is due earlier
//! when what is left of it would not last the next pause between calls, judged by the longest
//! recent one. The first call that finds it due refreshes it. The old token is dead at once, so
//! calls wait for the new one meanwhile, as long as their own timeout allows. A call that ECGrid
//! refuses with 401 is sent once more with a newer token, and again if that one was replaced
//! meanwhile. The refresh itself belongs to the session: cancelling a call does not end it. It has
//! 30 s, whatever the client's timeout is.
//!
//! When the token is dead and no refresh can bring another, the session logs in again if the
//! password was kept (ecgrid_config_set_keep_password); else it is over: every call returns
//! ECGRID_UNAUTHENTICATED, and only ecgrid_session_login helps. As calls cause the refreshes, a
//! program may lose its session when it makes no call for longer than a token lives. Regular pauses
//! of up to three quarters of the lifetime do no harm. A program that may sleep for longer sets
//! ecgrid_config_set_keep_alive, keeps the password, or uses an API key. docs/sessions.md has the
//! rules.
//!
//! Sessions share the connections of their client and outlive its handle. A session is a child of
//! the client's handle that it was made through, and a clone a child of its session (see Client): to
//! cancel one call among many, clone the session for that call, and stop the clone. In a forked
//! child a session is refused (ECGRID_INVALID_STATE) and can only be freed.
//!
//! When a call is sent again: ecgrid_session_logout and what only reads, after any failure that may
//! pass; all else only when it was not sent, or refused with 429 or 503. What only reads is every GET,
//! ecgrid_session_info, and those POSTs of ECGrid's reference that list, find, count or tell something,
//! such as /v2/parcels/pending-inbox-list, if the path is spelled as there and has no query. A download
//! is none of them: it may move the parcel on. The outcome of an error holds for all tries together.

use std::ffi::c_char;

use super::entry::{Out, borrow, bytes, free, text};
use super::handles::{ecgrid_client, ecgrid_error, ecgrid_response, ecgrid_session, ecgrid_token};
use super::status::ecgrid_status;
use crate::error::Error;
use crate::session::Session;

/// Logs in, once, and makes a session of it.
///
/// `login` and `password` are UTF-8 and not empty; they are kept only if the client's configuration
/// says so. On ECGRID_OK `*session` is owned by the caller, who frees it with ecgrid_session_free;
/// else it is NULL. `session` must not be NULL. `client` may be freed before the session.
///
/// Any number of threads. Blocks until there is a result, at most for the timeout. Returns any
/// status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_login(
    client: *const ecgrid_client,
    login: *const c_char,
    password: *const c_char,
    session: *mut *mut ecgrid_session,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let session_out = unsafe { Out::required(session, "session") }?;
        let handle = unsafe { borrow(client, "client") }?;
        let (login, password) = unsafe { (text(login, "login")?, text(password, "password")?) };
        let session = Session::login(&handle.client, login, password)?;
        session_out.put(ecgrid_session { session });
        Ok(())
    })
}

/// Makes a session with an API key, which does not expire. No request is made.
///
/// Its calls send the key as X-API-Key. `key` is visible ASCII and copied; the first call tells
/// whether ECGrid knows it. On ECGRID_OK `*session` is owned by the caller, who frees it with
/// ecgrid_session_free; else it is NULL. `session` must not be NULL.
///
/// Any number of threads. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT or, in a forked child,
/// ECGRID_INVALID_STATE.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_with_api_key(
    client: *const ecgrid_client,
    key: *const c_char,
    session: *mut *mut ecgrid_session,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let session_out = unsafe { Out::required(session, "session") }?;
        let handle = unsafe { borrow(client, "client") }?;
        let key = unsafe { text(key, "key") }?;
        let session = Session::with_api_key(&handle.client, key)?;
        session_out.put(ecgrid_session { session });
        Ok(())
    })
}

/// A token that is good now, for requests that the program sends itself. Refreshes first when that
/// is due. Of a session with an API key it is the key.
///
/// Send ecgrid_token_header_value as the header ecgrid_token_header_name. When ECGrid answers 401,
/// tell the session with ecgrid_session_refused, ask for a token once more, and send the request once
/// more with that.
///
/// While the token is not due, this costs no request and takes no lock that is held during one. A later
/// refresh makes the token invalid: ask for each request, do not keep it. On ECGRID_OK `*token` is
/// owned by the caller, who frees it with ecgrid_token_free, also after the session; else it is
/// NULL. `token` must not be NULL.
///
/// Any number of threads. Blocks at most for the timeout. Returns any status;
/// ECGRID_UNAUTHENTICATED when the session is over.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_token(
    session: *const ecgrid_session,
    token: *mut *mut ecgrid_token,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let token_out = unsafe { Out::required(token, "token") }?;
        let token = unsafe { borrow(session, "session") }?.session.token()?;
        token_out.put_raw(ecgrid_token::give(token));
        Ok(())
    })
}

/// Tells the session that ECGrid answered 401 to a request of the program's own with that token.
///
/// The session then does what it does after a 401 of its own call, when a token is next needed: it
/// refreshes the token, or asks ECGrid whether that is good after all, or logs in again. So the next
/// ecgrid_session_token hands out a better one or says why there is none. It hands out the same one
/// where ECGrid says that this is good: then the 401 was about the request.
///
/// A token that is not, or no longer, the session's own changes nothing: that of another session or of
/// a login, one that was replaced meanwhile. Nor does an API key, which cannot be renewed. What counts
/// is the text of the token, not the handle. No request is made here. `token` stays the caller's.
///
/// Any number of threads. Does not block. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT for NULL, or
/// ECGRID_INVALID_STATE in a forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_refused(
    session: *const ecgrid_session,
    token: *const ecgrid_token,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow(session, "session") }?;
        let token = unsafe { ecgrid_token::see(token) }.ok_or_else(|| Error::argument("token is NULL"))?;
        handle.session.refused(token)
    })
}

/// Gets a new token now (POST /v2/auth/refresh), or joins in when that is under way.
///
/// Not needed for calls or ecgrid_session_token, which see to it themselves. ECGRID_OK when there is
/// a newer token than before. Else status, HTTP status and outcome tell how this refresh went, the
/// login that may follow it included; ECGRID_UNAUTHENTICATED when it ended the session. When the
/// server asked for a pause, or a login has to wait, nothing is sent: the status is that of the last
/// attempt, the outcome ECGRID_OUTCOME_NOT_SENT, and ecgrid_error_retry_after_ms says for how long.
///
/// Any number of threads. Blocks at most for the timeout; that, or a cancel, ends the waiting, not
/// the refresh, and the outcome is ECGRID_OUTCOME_UNKNOWN. Returns any status;
/// ECGRID_INVALID_STATE also for a session with an API key.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_refresh(
    session: *const ecgrid_session,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow(session, "session") }?.session.refresh())
}

/// Asks ECGrid about the session (POST /v2/auth/session): "/userId", "/login", "/networkId",
/// "/mailboxId", "/authLevel", "/expiresAt".
///
/// On ECGRID_OK `*response` is owned by the caller, who frees it with ecgrid_response_free; else it
/// is NULL. `response` may be NULL for a caller who only wants the status.
///
/// Any number of threads. Blocks at most for the timeout. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_info(
    session: *const ecgrid_session,
    response: *mut *mut ecgrid_response,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let response_out = unsafe { Out::optional(response) };
        let response = unsafe { borrow(session, "session") }?.session.info()?;
        response_out.put(ecgrid_response { response });
        Ok(())
    })
}

/// Changes the account's password (PUT /v2/auth/password). Tokens live on.
///
/// ECGrid's policy is checked first: `replacement` needs a lower-case letter, an upper-case letter,
/// a digit and another character, else ECGRID_INVALID_ARGUMENT with a message that names the rule.
/// A kept password is replaced; when the outcome is unknown it is forgotten, since trying both might
/// lock the account.
///
/// Any number of threads. Blocks at most for the timeout. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_change_password(
    session: *const ecgrid_session,
    current: *const c_char,
    replacement: *const c_char,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow(session, "session") }?;
        let (current, replacement) = unsafe { (text(current, "current")?, text(replacement, "replacement")?) };
        handle.session.change_password(current, replacement)
    })
}

/// Makes a new API key for an account (POST /v2/users/key-generate/{user_id}). The account's old key
/// is dead at once.
///
/// The key is ecgrid_response_string(response, ""); it is a secret, and wiped with the response. A
/// session whose own key this replaces changes over to the new one. When the outcome of a failure is
/// unknown, the old key may be dead all the same.
///
/// On ECGRID_OK `*response` is owned by the caller, who frees it with ecgrid_response_free; else it
/// is NULL. `response` may be NULL. `user_id` is at least 1.
///
/// Any number of threads. Blocks at most for the timeout. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_generate_api_key(
    session: *const ecgrid_session,
    user_id: i64,
    response: *mut *mut ecgrid_response,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let response_out = unsafe { Out::optional(response) };
        let response = unsafe { borrow(session, "session") }?.session.generate_api_key(user_id)?;
        response_out.put(ecgrid_response { response });
        Ok(())
    })
}

/// Calls any endpoint of the API with the session's credential.
///
/// `method` is one of GET, POST, PUT, PATCH, DELETE. `path` starts with /v2/ and may have a query;
/// it is sent as it is, so what needs percent-encoding has to have it; a .. segment, a fragment, a
/// control character, a space, a backslash or more than 32768 bytes are refused. `body` is
/// `body_len` bytes of JSON, which is checked, or NULL with 0 for none; it need not end with a NUL.
/// It is not copied: do not change it before the call returns. What is wrong with these is
/// ECGRID_INVALID_ARGUMENT, and nothing is sent. To log out, refresh, or replace the session's own
/// password or key, use the functions for that: the session does not read what passes through here.
///
/// On ECGRID_OK `*response` is owned by the caller, who frees it with ecgrid_response_free; else it
/// is NULL. `response` may be NULL for a caller who only wants the status.
///
/// Any number of threads. Blocks at most for the timeout, retries included. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_call(
    session: *const ecgrid_session,
    method: *const c_char,
    path: *const c_char,
    body: *const c_char,
    body_len: usize,
    response: *mut *mut ecgrid_response,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let response_out = unsafe { Out::optional(response) };
        let handle = unsafe { borrow(session, "session") }?;
        let (method, path) = unsafe { (text(method, "method")?, text(path, "path")?) };
        let body = unsafe { bytes(body, "body", body_len) }?;
        let response = handle.session.call_api(method, path, body)?;
        response_out.put(ecgrid_response { response });
        Ok(())
    })
}

/// Ends the session at ECGrid (POST /v2/auth/logout) and here: through all its handles, every
/// further call returns ECGRID_INVALID_STATE.
///
/// Calls that were sent before may still be answered. Logging out twice is ECGRID_OK the second
/// time, and so is logging out of a session that ECGrid has ended. On failure the session goes on,
/// and logging out may be tried again. An API key lives on.
///
/// Any number of threads. Blocks at most for the timeout. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_logout(
    session: *const ecgrid_session,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow(session, "session") }?.session.log_out())
}

/// A clone: a handle on the same credential, and a child of `session`. Cheap: no system call.
///
/// A clone of a stopped handle is stopped. It begins with the timeout that its parent has now. On
/// ECGRID_OK `*clone` is owned by the caller, who frees it with ecgrid_session_free, before or
/// after `session`; else it is NULL. `clone` must not be NULL. Any number of threads.
/// Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, ECGRID_OUT_OF_MEMORY, or ECGRID_INVALID_STATE in a
/// forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_clone(
    session: *const ecgrid_session,
    clone: *mut *mut ecgrid_session,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let clone_out = unsafe { Out::required(clone, "clone") }?;
        let session = unsafe { borrow(session, "session") }?.session.another()?;
        clone_out.put(ecgrid_session { session });
        Ok(())
    })
}

/// A timeout for the calls of this handle, in milliseconds, in place of the configuration's; 0 is
/// the configuration's again.
///
/// It holds for calls that begin later, and for clones that are made later. Parents and older clones
/// keep theirs. A session begins with that of the configuration, whatever the client's handle has.
/// Any thread.
/// Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, or ECGRID_INVALID_STATE in a forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_set_timeout_ms(
    session: *const ecgrid_session,
    total: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow(session, "session") }?.session.set_timeout_ms(total))
}

/// Ends the calls that are running now through this handle and its clones: each returns
/// ECGRID_CANCELLED. All these handles stay usable, and a refresh that is under way goes on.
///
/// NULL, and a session of another process, do nothing. Any thread; not from a signal handler.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_cancel(session: *const ecgrid_session) {
    entry!(or(), {
        if let Some(handle) = unsafe { session.as_ref() } {
            handle.session.cancel();
        }
    })
}

/// As ecgrid_session_cancel, and for good: every later call through this handle and its clones
/// returns ECGRID_CANCELLED too, and is not sent. Only ecgrid_session_token, while the token is not
/// due, may still succeed.
///
/// To cancel one call through a clone, stop the clone: a cancel that comes before the call has
/// begun is forgotten, a stop is not. A refresh goes on. NULL, and a session of another process, do
/// nothing. Any thread; not from a signal handler.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_stop(session: *const ecgrid_session) {
    entry!(or(), {
        if let Some(handle) = unsafe { session.as_ref() } {
            handle.session.stop();
        }
    })
}

/// Frees a handle. With the last one of a session its credential and a kept password are wiped, and
/// a refresh that is under way is given up. Does not log out. NULL does nothing.
///
/// Any thread, also in a forked child; no other may be in a call with this handle.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_free(session: *mut ecgrid_session) {
    entry!(or(), unsafe { free(session) })
}
