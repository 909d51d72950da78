//! Client
//!
//! A client keeps its connections open between calls and may be shared by any number of threads:
//! make one, keep it.
//!
//! Handles are a tree. A clone is a child of the handle it was made from, and so is a session of its
//! client. A cancel reaches the handle and all that was made from it: clones, sessions, their clones.
//! A stop reaches the handle and its clones, but not the sessions of a client. Neither reaches
//! parents or siblings. Freeing a handle changes nothing for its children: they still hear what
//! reaches the handle that it was made from. To cancel one call among many, clone the handle for
//! that call, stop the clone, and free it after the call.
//!
//! At most 64 idle connections are kept. The next call closes those that have been idle for 55
//! seconds, time in which the machine slept included; the last free closes all.
//!
//! The library's descriptors are never 0, 1 or 2, also in a process that has closed those. While a
//! name is looked up, getaddrinfo opens some of its own, which are the C library's.

use std::ffi::c_char;
use std::sync::Arc;

use super::entry::{Out, borrow, free, text};
use super::handles::{ecgrid_client, ecgrid_config, ecgrid_error, ecgrid_response, ecgrid_token};
use super::status::ecgrid_status;
use crate::client::Client;
use crate::settings::config::Config;

/// Makes a client. No request is made, no connection opened.
///
/// `config` NULL is all defaults; it is copied and may be freed at once. The authorities to trust
/// are read here, once: the CA file that was set, else, for https://, the one that SSL_CERT_FILE
/// names, else the machine's trust store, which Windows alone reads for each connection. On ECGRID_OK
/// `*client` is owned by the caller, who frees it with ecgrid_client_free; else it is NULL. `client`
/// must not be NULL. Any thread.
/// Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT or ECGRID_INVALID_CONFIGURATION: a URL that is not
/// http(s), has no host, a user, a query or a fragment; http:// to another machine; a proxy of an
/// unknown kind, or on another machine for a base URL on this one; a CA file or trust store that
/// cannot be read or holds no certificate; a log that the environment asks for and that cannot be
/// (ECGRID_LOG, ECGRID_LOG_FILE).
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_client_new(
    config: *const ecgrid_config,
    client: *mut *mut ecgrid_client,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let client_out = unsafe { Out::required(client, "client") }?;
        let client = match unsafe { config.as_ref() } {
            // A copy, as the function of its log may change it meanwhile, or free it.
            Some(handle) => Client::new(&handle.config.clone())?,
            None => Client::new(&Config::default())?,
        };
        client_out.put(ecgrid_client { client });
        Ok(())
    })
}

/// Logs in to ECGrid (POST /v2/auth/login).
///
/// `login` and `password` are UTF-8 and not empty; they are not kept. Every login opens a session at
/// ECGrid, and an account may have few: log in once and use the token while it lasts. On
/// ECGRID_OK `*token` is owned by the caller, who frees it with ecgrid_token_free; else it is NULL.
/// `token` must not be NULL.
///
/// Any number of threads. Blocks until there is a result, at most for the timeout. Returns any
/// status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_client_login(
    client: *const ecgrid_client,
    login: *const c_char,
    password: *const c_char,
    token: *mut *mut ecgrid_token,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let token_out = unsafe { Out::required(token, "token") }?;
        let handle = unsafe { borrow(client, "client") }?;
        let (login, password) = unsafe { (text(login, "login")?, text(password, "password")?) };
        let token = handle.client.login(login, password)?;
        token_out.put_raw(ecgrid_token::give(Arc::new(token)));
        Ok(())
    })
}

/// Asks ECGrid for its version (GET /v2/auth/version): the health check. Needs no credential.
///
/// On ECGRID_OK `*response` is owned by the caller, who frees it with ecgrid_response_free; its
/// "/version" is the version. Else it is NULL. `response` may be NULL for a caller who only wants
/// the status.
///
/// Any number of threads. Blocks until there is a result, at most for the timeout. Returns any
/// status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_client_server_version(
    client: *const ecgrid_client,
    response: *mut *mut ecgrid_response,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let response_out = unsafe { Out::optional(response) };
        let response = unsafe { borrow(client, "client") }?.client.server_version()?;
        response_out.put(ecgrid_response { response });
        Ok(())
    })
}

/// The base URL that the client was made with, without a slash at its end: requests that the program
/// sends itself with a session's credential go there, and nowhere else.
///
/// Borrowed from `client`, valid until it is freed; never NULL, "" for NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_client_base_url(client: *const ecgrid_client) -> *const c_char {
    entry!(or c"".as_ptr(), unsafe { client.as_ref() }.map_or(c"", |handle| handle.client.base_url()).as_ptr())
}

/// A clone: a handle on the same connections, trust and settings, and a child of `client`. Cheap:
/// nothing is opened.
///
/// A clone of a stopped handle is stopped. It begins with the timeout that its parent has now. On
/// ECGRID_OK `*clone` is owned by the caller, who frees it with ecgrid_client_free, before or after
/// `client`; else it is NULL. `clone` must not be NULL. Any number of threads.
/// Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, ECGRID_OUT_OF_MEMORY, or ECGRID_INVALID_STATE in a
/// forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_client_clone(
    client: *const ecgrid_client,
    clone: *mut *mut ecgrid_client,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let clone_out = unsafe { Out::required(clone, "clone") }?;
        let client = unsafe { borrow(client, "client") }?.client.another()?;
        clone_out.put(ecgrid_client { client });
        Ok(())
    })
}

/// A timeout for the calls of this handle, in milliseconds, in place of the configuration's; 0 is
/// the configuration's again.
///
/// It holds for calls that begin later, and for clones that are made later. Parents, older clones and
/// sessions keep theirs. Any thread.
/// Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, or ECGRID_INVALID_STATE in a forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_client_set_timeout_ms(
    client: *const ecgrid_client,
    total: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow(client, "client") }?.client.set_timeout_ms(total))
}

/// Ends all calls that are running now through this handle and what was made from it, sessions
/// included: each returns ECGRID_CANCELLED. All these handles stay usable.
///
/// A refresh that is under way goes on. A call whose answer has arrived already may still succeed.
/// NULL, and a client of another process, do nothing.
/// Any thread; not from a signal handler.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_client_cancel(client: *const ecgrid_client) {
    entry!(or(), {
        if let Some(handle) = unsafe { client.as_ref() } {
            handle.client.cancel();
        }
    })
}

/// Ends the calls that are running through this handle and its clones, and all later ones: each
/// returns ECGRID_CANCELLED, and the later ones are not sent.
///
/// To cancel one call through a clone, stop the clone: a cancel that comes before the call has
/// begun is forgotten, a stop is not. A stop does not reach sessions: those that were opened through
/// this handle go on. NULL, and a client of another process, do nothing.
/// Any thread; not from a signal handler.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_client_stop(client: *const ecgrid_client) {
    entry!(or(), {
        if let Some(handle) = unsafe { client.as_ref() } {
            handle.client.stop();
        }
    })
}

/// Frees a handle; with the last one of a client its connections are closed. NULL does nothing.
///
/// Any thread, also in a forked child; no other may be in a call with this handle.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_client_free(client: *mut ecgrid_client) {
    entry!(or(), unsafe { free(client) })
}
