//! Status
//!
//! What every function that can fail returns. The numbers are never reused; a later version may add
//! some, so a program should treat one it does not know like ECGRID_INTERNAL.

use std::ffi::c_char;

use crate::status;

/// Why a call failed, or ECGRID_OK.
pub type ecgrid_status = i32;

/// It worked.
pub const ECGRID_OK: ecgrid_status = 0;
/// NULL or empty where that is not allowed, not UTF-8, a control character in a header value, a
/// number out of range, a bad method, path or body of a call.
pub const ECGRID_INVALID_ARGUMENT: ecgrid_status = 1;
/// A setting or variable that cannot work: a malformed URL or proxy, http:// to another machine, a
/// proxy on another machine for a base URL on this one, a CA file or trust store that cannot be
/// read. If it came from a variable, the message names that.
pub const ECGRID_INVALID_CONFIGURATION: ecgrid_status = 2;
/// HTTP 401: wrong password, expired or revoked token, unknown key; a session that is over.
pub const ECGRID_UNAUTHENTICATED: ecgrid_status = 3;
/// HTTP 403.
pub const ECGRID_FORBIDDEN: ecgrid_status = 4;
/// HTTP 404.
pub const ECGRID_NOT_FOUND: ecgrid_status = 5;
/// Any other 4xx, or `success: false` in a 2xx.
pub const ECGRID_REJECTED: ecgrid_status = 6;
/// HTTP 429; see ecgrid_error_retry_after_ms.
pub const ECGRID_RATE_LIMITED: ecgrid_status = 7;
/// HTTP 5xx. The outcome says whether it may have been done.
pub const ECGRID_SERVER_ERROR: ecgrid_status = 8;
/// A name was not resolved, or a connection or the proxy refused; or this machine refused what a
/// connection needs, such as one more open file.
pub const ECGRID_UNREACHABLE: ecgrid_status = 9;
/// A certificate or the TLS handshake failed; or the server wants a certificate of its client, which
/// it may say after the handshake.
pub const ECGRID_TLS: ecgrid_status = 10;
/// The deadline passed.
pub const ECGRID_TIMEOUT: ecgrid_status = 11;
/// The connection was closed or reset after it was made.
pub const ECGRID_CONNECTION_LOST: ecgrid_status = 12;
/// An answer that is not what ECGrid documents: not JSON, no token, a redirect, over the size
/// limit.
pub const ECGRID_BAD_RESPONSE: ecgrid_status = 13;
/// Ended by ecgrid_client_cancel, ecgrid_session_cancel, or the stop of its handle.
pub const ECGRID_CANCELLED: ecgrid_status = 14;
/// A handle used in a forked child of the process that made it; a session that was logged out; the
/// refresh of a session that has an API key.
pub const ECGRID_INVALID_STATE: ecgrid_status = 15;
/// A bug in this library, caught. The process and later calls are not affected.
pub const ECGRID_INTERNAL: ecgrid_status = 16;
/// There is no memory for what was asked for: a request, an answer, or a value in one. This is not
/// said of small things of a fixed size, such as a handle or an error: where there is no memory even
/// for these, the process ends with abort(), and the library prints nothing.
pub const ECGRID_OUT_OF_MEMORY: ecgrid_status = 17;

/// A file or folder: it cannot be read or written, the disk is full, the name is taken. The message has
/// the path and the system's word.
pub const ECGRID_FILE: ecgrid_status = 18;

/// The name of a status, such as "ECGRID_TIMEOUT"; "ECGRID_UNKNOWN" for a number that is none.
///
/// Returns a static text, never NULL. Any thread.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn ecgrid_status_name(status: i32) -> *const c_char {
    entry!(or c"".as_ptr(), status::name(status).as_ptr())
}
