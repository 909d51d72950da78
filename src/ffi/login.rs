//! Login
//!
//! The short way: one call, configured by the environment. To log in with settings of your own, use
//! ecgrid_client_login.
//!
//! | variable          | meaning                                                                 | default                |
//! |-------------------|-------------------------------------------------------------------------|------------------------|
//! | ECGRID_BASE_URL   | where ECGrid is; http:// only to this machine                            | https://rest.ecgrid.io |
//! | ECGRID_API_KEY    | sent as X-API-Key with a login                                           | none                   |
//! | ECGRID_CA_FILE    | PEM file of the authorities to trust instead of the machine's            | the machine's          |
//! | ECGRID_PROXY      | http://[user:password@]host:port; set but empty: no proxy at all         | as the next line says  |
//! | HTTPS_PROXY, ALL_PROXY, NO_PROXY | as curl reads them; lower case wins; unused for this machine | no proxy               |
//! | ECGRID_TIMEOUT_MS | milliseconds for a whole call, retries included                          | 30000                  |
//! | SSL_CERT_FILE     | PEM file that stands for the machine's own trust store                   | the machine's          |
//! | ECGRID_LOG        | off, error, warn, info or debug: tells what the library does (docs/log.md) | off                  |
//! | ECGRID_LOG_FILE   | the file that the log is added to; without it ECGRID_LOG is an error      | none                   |
//!
//! The last two count for every client whose configuration has no log of its own
//! (ecgrid_config_set_log), as they are when it is made. A program with more rights than its caller
//! (set-user-ID) does not look at them. The file is made for its owner alone; several processes may
//! share it. Once it is open, it never makes a call fail.

use std::ffi::c_char;
use std::sync::Arc;

use super::entry::{Out, text};
use super::handles::{ecgrid_error, ecgrid_token};
use super::status::ecgrid_status;
use crate::shared_client;
use crate::token::Token;

/// Logs in to ECGrid (POST /v2/auth/login) with the process-wide client.
///
/// The first call makes the client from the environment as it is then, and the client is kept. If
/// it cannot be made, the next call tries again. `login` and `password` are UTF-8 and not empty;
/// they are not kept. Every login opens a session at ECGrid, and an account may have few: log in
/// once and use the token while it lasts.
///
/// On ECGRID_OK `*token` is owned by the caller, who frees it with ecgrid_token_free; else it is
/// NULL. `token` must not be NULL. `error` may be NULL; else `*error` is NULL on ECGRID_OK and
/// otherwise owned by the caller, who frees it with ecgrid_error_free. This holds for every
/// function with an `error`.
///
/// Any thread, also in a forked child. Blocks until there is a result, at most for the timeout.
/// Returns any status but ECGRID_CANCELLED and ECGRID_INVALID_STATE.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_login(
    login: *const c_char,
    password: *const c_char,
    token: *mut *mut ecgrid_token,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let token_out = unsafe { Out::required(token, "token") }?;
        let (login, password) = unsafe { (text(login, "login")?, text(password, "password")?) };
        let token = shared_client::get()?.login(login, password)?;
        token_out.put_raw(ecgrid_token::give(Arc::new(token)));
        Ok(())
    })
}

/// The JWT itself; of a session with an API key, the key.
///
/// Borrowed from `token`, valid until it is freed; never NULL, "" for NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_token_value(token: *const ecgrid_token) -> *const c_char {
    entry!(or c"".as_ptr(), unsafe { ecgrid_token::see(token) }.map_or(c"", Token::value).as_ptr())
}

/// The name of the header that shows the token to ECGrid: "Authorization"; of a session with an API
/// key, "X-API-Key".
///
/// Borrowed from `token`, valid until it is freed; never NULL, "" for NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_token_header_name(token: *const ecgrid_token) -> *const c_char {
    entry!(or c"".as_ptr(), unsafe { ecgrid_token::see(token) }.map_or(c"", Token::header_name).as_ptr())
}

/// The value of that header, ready to send: "Bearer <JWT>", or the key. A secret: send it to ECGrid
/// and to no other host, also where a redirect leads to one.
///
/// Borrowed from `token`, valid until it is freed; never NULL, "" for NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_token_header_value(token: *const ecgrid_token) -> *const c_char {
    entry!(or c"".as_ptr(), unsafe { ecgrid_token::see(token) }.map_or(c"", Token::header_value).as_ptr())
}

/// The account's internal ECGrid user id; 0 when the server did not say, for a key, and for NULL.
///
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_token_user_id(token: *const ecgrid_token) -> i64 {
    entry!(or 0, unsafe { ecgrid_token::see(token) }.map_or(0, Token::user_id))
}

/// When the token expires, in Unix seconds (UTC): what the server's expiresAt says, else the JWT's
/// own exp; -1 when neither says, for a key, and for NULL.
///
/// It is a time on the server's clock. To know how long the token lasts, use
/// ecgrid_token_expires_in. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_token_expires_at(token: *const ecgrid_token) -> i64 {
    entry!(or - 1, unsafe { ecgrid_token::see(token) }.and_then(Token::expires_at).unwrap_or(-1))
}

/// Whole seconds until the token expires; 0 once it has, -1 when unknown, for a key, and for NULL.
///
/// Right even when this machine's clock is wrong or is set meanwhile: it is the difference between
/// the server's expiresAt and the server's own Date, counted down by a clock that cannot be set. It
/// never grows. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_token_expires_in(token: *const ecgrid_token) -> i64 {
    entry!(or - 1, unsafe { ecgrid_token::see(token) }.and_then(Token::expires_in).unwrap_or(-1))
}

/// Frees a token. Its memory is wiped at once, or as soon as a session that still uses it does not
/// any more. Does not log out. NULL does nothing.
///
/// Any thread; no other may be using the token.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_token_free(token: *mut ecgrid_token) {
    entry!(or(), unsafe { ecgrid_token::take_back(token) })
}
