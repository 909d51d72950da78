//! Configuration
//!
//! Collect settings, make a client from them, free them. A value that a setting can never have is
//! refused at once with ECGRID_INVALID_ARGUMENT, and the setting keeps its old value. A value that
//! turns out not to work is refused by ecgrid_client_new with ECGRID_INVALID_CONFIGURATION. Text is
//! copied.

use std::ffi::{c_char, c_void};
use std::ptr;

use super::census;
use super::entry::{Out, borrow_mut, free, text};
use super::handles::{ecgrid_config, ecgrid_error};
use super::status::ecgrid_status;
use crate::log::Function;
use crate::settings::config::Config;

/// A configuration with the defaults. Of the variables that ecgrid_login reads only SSL_CERT_FILE,
/// ECGRID_LOG and ECGRID_LOG_FILE count, when the client is made. NULL only when memory has run out.
///
/// Owned by the caller, who frees it with ecgrid_config_free. Any thread.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn ecgrid_config_new() -> *mut ecgrid_config {
    entry!(or ptr::null_mut(), {
        // Box::new would end the process where there is no memory.
        let mut place = Vec::new();
        match place.try_reserve_exact(1) {
            Ok(()) => {
                place.push(ecgrid_config { config: Config::default() });
                census::handed_out();
                Box::into_raw(place.into_boxed_slice()).cast()
            }
            Err(_) => ptr::null_mut(),
        }
    })
}

/// A configuration with the defaults, changed by the variables that ecgrid_login reads (see Login),
/// as they are now.
///
/// On ECGRID_OK `*config` is owned by the caller, who frees it with ecgrid_config_free; else it is
/// NULL. `config` must not be NULL.
/// Any thread, as long as no other changes the environment meanwhile.
/// Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT or ECGRID_INVALID_CONFIGURATION, which names the
/// variable.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_from_env(
    config: *mut *mut ecgrid_config,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let config_out = unsafe { Out::required(config, "config") }?;
        config_out.put(ecgrid_config { config: Config::from_env()? });
        Ok(())
    })
}

/// Where ECGrid is: https://host[:port][/path]. Default https://rest.ecgrid.io.
///
/// A path is kept in front of every API path; a slash at the end does no harm. http:// is for this
/// machine only (localhost, 127.0.0.0/8, ::1).
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_base_url(
    config: *mut ecgrid_config,
    url: *const c_char,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_base_url(unsafe { text(url, "url") }?)
    })
}

/// The API key that is sent as X-API-Key with a login. Default: none. Visible ASCII, at most 2048
/// bytes.
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_api_key(
    config: *mut ecgrid_config,
    key: *const c_char,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_api_key(unsafe { text(key, "key") }?)
    })
}

/// A PEM file with the authorities to trust, instead of the machine's: for a company's own, or a
/// test server's.
///
/// It is read by ecgrid_client_new, once. Default: the file that SSL_CERT_FILE names, else the
/// machine's trust store as it is when the client is made, else Mozilla's list as built in. On Windows
/// the last two are Windows itself, which judges each server's certificate (docs/platforms.md).
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_ca_file(
    config: *mut ecgrid_config,
    pem_path: *const c_char,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_ca_file(unsafe { text(pem_path, "pem_path") }?)
    })
}

/// An HTTP proxy to go through with CONNECT: http://[user[:password]@]host[:port], percent-encoded;
/// port 80 by default. "" is no proxy at all.
///
/// It is used for every connection, whatever NO_PROXY says. Other kinds of proxy are refused by
/// ecgrid_client_new, never bypassed. For a base URL on this machine (localhost, 127.0.0.0/8, ::1)
/// the proxy must be on this machine too: one elsewhere would look for ECGrid on its own machine.
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_proxy(
    config: *mut ecgrid_config,
    url: *const c_char,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_proxy(unsafe { text(url, "url") }?)
    })
}

/// Your product, such as "acme-translator/4.2", to go before the library's own in User-Agent.
/// Visible ASCII, at most 2048 bytes.
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_user_agent(
    config: *mut ecgrid_config,
    product: *const c_char,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_user_agent(unsafe { text(product, "product") }?)
    })
}

/// Milliseconds for a whole call, retries and pauses included. Default 30000; at least 1.
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_timeout_ms(
    config: *mut ecgrid_config,
    total: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_timeout_ms(total)
    })
}

/// Milliseconds for making a connection: name, TCP, proxy and TLS. Default 10000; at least 1. The
/// timeout of the whole call holds as well.
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_connect_timeout_ms(
    config: *mut ecgrid_config,
    connect: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_connect_timeout_ms(connect)
    })
}

/// How many times a call is tried at most, 1 to 10. Default 3.
///
/// A call is tried again only if it was not sent; if it was refused with 429 or 503, after the pause
/// that the server asks for; if it only reads (a GET, a list); or if it is a login whose kept connection
/// turned out dead before one byte of answer. Pauses begin with at most 250 ms and grow; their
/// length is random, and they never go beyond the timeout. With 1 nothing of this is tried again. A
/// session's call that got 401 is not counted here: it is sent again with a newer token all the
/// same; see Session.
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_max_attempts(
    config: *mut ecgrid_config,
    attempts: i32,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_max_attempts(attempts)
    })
}

/// The largest answer to accept, in bytes. Default 67108864 (64 MiB); at least 1. The answer of a
/// login or a version check may have 1 MiB at most, whatever is set here.
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_max_response_bytes(
    config: *mut ecgrid_config,
    bytes: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_max_response_bytes(bytes)
    })
}

/// Whether a session may keep login and password to log in again by itself: 1, or 0. Default: 0.
///
/// With 1, sessions made from clients with this configuration keep both. The memory for that is
/// wiped when the session ends, left out of core dumps (on Windows of crash reports, from Windows 10
/// on), and locked against swapping where the system allows. Such sessions log in again when their
/// token is dead and no refresh can bring another; see Session. With 0 such a session is over, and
/// its calls say so.
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_keep_password(
    config: *mut ecgrid_config,
    keep: i32,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_keep_password(keep)
    })
}

/// Whether sessions stay logged in while nobody calls: 1, or 0. Default: 0.
///
/// With 1, sessions made from clients with this configuration have their token refreshed when it is
/// due, whether somebody calls or not. This is for programs that may sleep for longer than a token
/// lives. What follows when a refresh fails is the same as for a call: see Session.
///
/// One thread does this for the whole process. It is there only while such a session is open, and
/// takes none of the host's signals. It does not keep the process from ending. A forked child does
/// not have it; a session that the child opens brings it one of its own. If the thread cannot be
/// started, ecgrid_session_login sends nothing and returns ECGRID_UNREACHABLE. A session with an API
/// key needs no thread.
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_keep_alive(
    config: *mut ecgrid_config,
    keep: i32,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        handle.config.set_keep_alive(keep)
    })
}

/// Nothing is told.
pub const ECGRID_LOG_OFF: i32 = 0;
/// Calls that failed, sessions that are over.
pub const ECGRID_LOG_ERROR: i32 = 1;
/// And refreshes that failed, variables that look misspelt.
pub const ECGRID_LOG_WARN: i32 = 2;
/// And each login, refresh and retry.
pub const ECGRID_LOG_INFO: i32 = 3;
/// And each step: settings, connections, requests and answers.
pub const ECGRID_LOG_DEBUG: i32 = 4;

/// Gets one event: its level, one of ECGRID_LOG_ERROR to ECGRID_LOG_DEBUG, and its line,
/// `event key=value key=value` without an end. docs/log.md has every event and key. No line has a
/// password, key or token in it. `line` is UTF-8 and valid during the call only.
///
/// Every thread that makes a call or frees a handle may call it, several at once, and so may those
/// of the library that renew tokens. It may call the library; what it does there on its own thread
/// is not told. It must return: one that panics, throws or jumps out (longjmp) may leave the process
/// in any state.
pub type ecgrid_log_function = Option<unsafe extern "C" fn(context: *mut c_void, level: i32, line: *const c_char)>;

/// Where clients with this configuration tell what they do: every event up to `level` is given to
/// `function`, with `context`. Default: what the variables ECGRID_LOG and ECGRID_LOG_FILE say (see
/// Login); from now on these do not count, also with ECGRID_LOG_OFF.
///
/// On ECGRID_OK the library keeps `context` for the configuration and all clients and sessions that
/// come from it. `release`, which may be NULL, is called with it once: when they are freed, their
/// connections are closed and their refreshes have ended, so that nothing will call `function`
/// again. That may be on any thread, and in this function, if it replaces another log. What holds for
/// `function` holds for `release` too. On failure `release` is not called, and `context` stays the
/// caller's. `function` may be NULL with ECGRID_LOG_OFF only.
///
/// While others wait for what a call does (a refresh, a logout, a change of the password that is
/// kept, a new API key in place of the session's own), its lines are kept back until it has ended: so
/// `function` may use the same session. A forked child tells nothing through its parent's
/// configurations, and does not call `release`.
///
/// Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_set_log(
    config: *mut ecgrid_config,
    level: i32,
    function: ecgrid_log_function,
    context: *mut c_void,
    release: Option<unsafe extern "C" fn(context: *mut c_void)>,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow_mut(config, "config") }?;
        let before = handle.config.set_log(level, Function { call: function, context, release })?;
        // Nobody has the configuration any more.
        drop(before);
        Ok(())
    })
}

/// Frees a configuration and wipes it. NULL does nothing. Clients made from it are not affected.
///
/// One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_config_free(config: *mut ecgrid_config) {
    entry!(or(), unsafe { free(config) })
}
