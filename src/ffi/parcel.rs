//! Parcels
//!
//! A parcel is one file on its way from one mailbox to another. To receive: list what is pending,
//! download each, and confirm it when it is safe on your disk. What is not confirmed is pending
//! still, or may be: some of ECGrid's pages say that a parcel is listed no more once it was
//! downloaded, so note its id before you download it. A file is sent by an upload.
//!
//! An upload may never be sent again by itself: ECGrid knows no key by which it could tell a second
//! one. When its outcome is ECGRID_OUTCOME_UNKNOWN, look into the outbox (POST
//! /v2/parcels/outbox-list) before you send it again. All else here may be repeated, and is.
//!
//! For whole folders there are an inbox and an outbox, which do all this, and keep their promise also
//! when the process dies: see Inbox and Outbox.
//!
//! Paths are bytes as the system has them; on Windows UTF-8. While a parcel goes to or comes from a
//! file, the timeout is the longest time without a byte, and only the head of the answer must come
//! within it. A parcel in memory has the timeout of any call, and may be as large as
//! ecgrid_config_set_max_response_bytes says; one in a file 16 GiB.

use std::ffi::{c_char, c_void};

use super::entry::{self, Out, borrow, bytes, free, number, text};
use super::handles::{ecgrid_error, ecgrid_parcel, ecgrid_response, ecgrid_route, ecgrid_session};
use super::status::ecgrid_status;
use crate::parcel::Route;

/// Lists what is pending in a mailbox (POST /v2/parcels/pending-inbox-list): "/0/parcelId",
/// "/0/fileName", "/0/bytes", "/0/ecGridIdFrom" and so on, as many as ecgrid_response_count says of
/// "".
///
/// `mailbox_id` 0 is the account's own. On ECGRID_OK `*list` is owned by the caller, who frees it
/// with ecgrid_response_free; else it is NULL. `list` may be NULL for a caller who only wants the
/// status.
///
/// Any number of threads. Blocks at most for the timeout. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_pending(
    session: *const ecgrid_session,
    mailbox_id: i64,
    list: *mut *mut ecgrid_response,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let out = unsafe { Out::optional(list) };
        let response = unsafe { borrow(session, "session") }?.session.pending(mailbox_id)?;
        out.put(ecgrid_response { response });
        Ok(())
    })
}

/// Downloads a parcel into memory (POST /v2/parcels/download), decoded.
///
/// What is not as long as ECGrid says, is broken base64, or is another parcel, is
/// ECGRID_BAD_RESPONSE. On ECGRID_OK `*parcel` is owned by the caller, who frees it with
/// ecgrid_parcel_free; else it is NULL. `parcel` must not be NULL.
///
/// Any number of threads. Blocks at most for the timeout. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_download(
    session: *const ecgrid_session,
    parcel_id: i64,
    parcel: *mut *mut ecgrid_parcel,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let out = unsafe { Out::required(parcel, "parcel") }?;
        let parcel = unsafe { borrow(session, "session") }?.session.download(parcel_id)?;
        out.put(ecgrid_parcel { parcel });
        Ok(())
    })
}

/// Downloads a parcel to a file that is not there yet. On ECGRID_OK it is there, whole, and on the
/// disk; else nothing is.
///
/// Nothing is ever overwritten: where something has that name, a link too, it is ECGRID_FILE. Folders
/// may be links. The mode is 0666 less the umask. ECGRID_FILE is also said when the disk is full, the
/// folder is gone, or may not be written to; the outcome is ECGRID_OUTCOME_NOT_SENT when that was
/// found out before the request was sent. Memory does not grow with the parcel.
///
/// Any number of threads. Blocks as long as bytes come within the timeout. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_download_file(
    session: *const ecgrid_session,
    parcel_id: i64,
    path: *const c_char,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let handle = unsafe { borrow(session, "session") }?;
        handle.session.download_file(parcel_id, unsafe { entry::path(path, "path") }?)
    })
}

/// Tells ECGrid that a parcel is safe (POST /v2/parcels/confirm): it is pending no more.
///
/// Confirming twice is a success and changes nothing, so the request is repeated when its answer is
/// lost.
///
/// Any number of threads. Blocks at most for the timeout. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_confirm(
    session: *const ecgrid_session,
    parcel_id: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow(session, "session") }?.session.confirm(parcel_id))
}

/// Sends a parcel from memory (POST /v2/parcels/upload).
///
/// `content` is any bytes, and may be NULL if `length` is 0. `file_name` is UTF-8, not empty, and
/// what the addressee sees. `route` may be NULL: ECGrid then reads the route from the content's
/// envelope. On ECGRID_OK `*parcel_id` is the id of the new parcel; else it is 0. `parcel_id` may be
/// NULL.
///
/// When the outcome is ECGRID_OUTCOME_UNKNOWN, it may have been sent: look into the outbox before you
/// send it again.
///
/// Any number of threads. Blocks at most for the timeout. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_upload(
    session: *const ecgrid_session,
    content: *const c_void,
    length: usize,
    file_name: *const c_char,
    route: *const ecgrid_route,
    parcel_id: *mut i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let out = unsafe { number(parcel_id) };
        let handle = unsafe { borrow(session, "session") }?;
        let content = unsafe { bytes(content.cast(), "content", length) }?.unwrap_or_default();
        let file_name = unsafe { text(file_name, "file_name") }?;
        let id = handle.session.upload(content, file_name, &unsafe { route_of(route) })?;
        if let Some(out) = out {
            *out = id;
        }
        Ok(())
    })
}

/// Sends a file as a parcel.
///
/// `file_name` is what the addressee sees; NULL: the last part of the path, which then must be UTF-8.
/// A file that changes while it is sent is ECGRID_FILE, and ECGrid does not get the whole of it:
/// write a file elsewhere, and rename it when it is whole. All else as with ecgrid_session_upload.
/// Memory does not grow with the file.
///
/// Any number of threads. Blocks as long as bytes go within the timeout. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_session_upload_file(
    session: *const ecgrid_session,
    path: *const c_char,
    file_name: *const c_char,
    route: *const ecgrid_route,
    parcel_id: *mut i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let out = unsafe { number(parcel_id) };
        let handle = unsafe { borrow(session, "session") }?;
        let path = unsafe { entry::path(path, "path") }?;
        let file_name = if file_name.is_null() { None } else { Some(unsafe { text(file_name, "file_name") }?) };
        let id = handle.session.upload_file(path, file_name, &unsafe { route_of(route) })?;
        if let Some(out) = out {
            *out = id;
        }
        Ok(())
    })
}

/// The content: any bytes, with a NUL behind them that does not count. Never NULL, also when there
/// are none.
///
/// Borrowed until the parcel is freed. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_parcel_content(parcel: *const ecgrid_parcel) -> *const c_void {
    entry!(or c"".as_ptr().cast(), {
        let handle = unsafe { parcel.as_ref() };
        handle.map_or(c"".as_ptr().cast(), |handle| handle.parcel.content_start()).cast()
    })
}

/// How many bytes the content has. 0 for NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_parcel_length(parcel: *const ecgrid_parcel) -> usize {
    entry!(or 0, unsafe { parcel.as_ref() }.map_or(0, |handle| handle.parcel.content().len()))
}

/// The id that was asked for. 0 for NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_parcel_id(parcel: *const ecgrid_parcel) -> i64 {
    entry!(or 0, unsafe { parcel.as_ref() }.map_or(0, |handle| handle.parcel.id()))
}

/// The file name as ECGrid says it; "" when there is none. It is the sender's word, and may be
/// "../../etc/passwd": do not make a path of it.
///
/// Borrowed until the parcel is freed. "" for NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_parcel_file_name(parcel: *const ecgrid_parcel) -> *const c_char {
    entry!(or c"".as_ptr(), unsafe { parcel.as_ref() }.map_or(c"", |handle| handle.parcel.file_name()).as_ptr())
}

/// Frees a parcel, and wipes it. NULL does nothing.
///
/// Any thread, also in a forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_parcel_free(parcel: *mut ecgrid_parcel) {
    entry!(or(), unsafe { free(parcel) })
}

/// SAFETY: `route` as the contract of this module says.
pub(super) unsafe fn route_of(route: *const ecgrid_route) -> Route {
    unsafe { route.as_ref() }.map(|handle| handle.route).unwrap_or_default()
}
