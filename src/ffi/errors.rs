//! Errors
//!
//! An error says why a call failed, whether it may have been done, and what to do, in one line
//! without secrets. Accessors take NULL.

use std::ffi::c_char;

use super::entry;
use super::handles::ecgrid_error;

/// The calling thread's last failure, or NULL if its last call that can fail went well.
///
/// For C programs that do not want to pass an error object along. Borrowed, valid until this
/// thread's next call that can fail; never free it. Where a task can move between threads (.NET
/// tasks, Java virtual threads), use the `error` parameter instead.
/// Any thread.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn ecgrid_last_error() -> *const ecgrid_error {
    entry!(or std::ptr::null(), entry::last_error())
}

/// The status that the failed call returned; ECGRID_OK for NULL.
///
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_error_status(error: *const ecgrid_error) -> i32 {
    entry!(or 0, unsafe { error.as_ref() }.map_or(0, |handle| handle.error.status as i32))
}

/// May it be sent again? One of ECGRID_OUTCOME_*; ECGRID_OUTCOME_NOT_SENT for NULL.
///
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_error_outcome(error: *const ecgrid_error) -> i32 {
    entry!(or 0, unsafe { error.as_ref() }.map_or(0, |handle| handle.error.outcome as i32))
}

/// The status of the HTTP answer; 0 when there was none, and for NULL.
///
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_error_http_status(error: *const ecgrid_error) -> i32 {
    entry!(or 0, unsafe { error.as_ref() }.map_or(0, |handle| i32::from(handle.error.http_status)))
}

/// One line for a person: what failed, where, and what to do. English, UTF-8, without passwords,
/// tokens or keys.
///
/// For a log, not for a program: its words may change. Borrowed from `error`, valid until it is
/// freed; never NULL, "" for NULL.
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_error_message(error: *const ecgrid_error) -> *const c_char {
    entry!(or c"".as_ptr(), unsafe { error.as_ref() }.map_or(c"", |handle| &handle.message).as_ptr())
}

/// ECGrid's errorCode, such as "InvalidSession"; "" if the server sent none, and for NULL.
///
/// Borrowed from `error`, valid until it is freed; never NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_error_code(error: *const ecgrid_error) -> *const c_char {
    entry!(or c"".as_ptr(), unsafe { error.as_ref() }.map_or(c"", |handle| &handle.code).as_ptr())
}

/// What the server gave to find the request by: quote it when you ask ECGrid's support. "" if it gave
/// nothing, and for NULL.
///
/// It is the traceId of the answer (RFC 9457 problem documents have one), else the first of these
/// headers that has one: X-Trace-Id, X-Request-Id, Request-Id, X-Correlation-Id, traceparent, CF-Ray.
/// It has at most 128 visible ASCII characters. What is longer, or may hold a secret that was sent, is
/// left out. Borrowed from `error`, valid until it is freed; never NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_error_trace_id(error: *const ecgrid_error) -> *const c_char {
    entry!(or c"".as_ptr(), unsafe { error.as_ref() }.map_or(c"", |handle| &handle.trace_id).as_ptr())
}

/// How long to wait before the next try, in milliseconds: as the server asks (Retry-After), or until
/// the session tries again by itself; -1 when there is no such time, and for NULL.
///
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_error_retry_after_ms(error: *const ecgrid_error) -> i64 {
    entry!(or - 1, unsafe { error.as_ref() }.and_then(|handle| handle.error.retry_after_ms).unwrap_or(-1))
}

/// Frees an error that a call returned through its `error` parameter. NULL does nothing. Not for
/// ecgrid_last_error.
///
/// Any thread; no other may be using the error.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_error_free(error: *mut ecgrid_error) {
    entry!(or(), unsafe { ecgrid_error::take_back(error) })
}
