//! Outbox
//!
//! An outbox is a folder whose files are sent as parcels, each once. To drop a file in, write it
//! under another name, which begins with a dot or ends in .tmp or .part, or in another folder of the
//! same disk, and rename it when it is whole. A round sends every file that lies there, under its
//! name, and moves it to
//! - sent/, with the parcel's id before its name;
//! - refused/, when ECGrid will not have this file, with the reason beside it;
//! - unclear/, when nobody can know whether it was sent, with a note for a person beside it.
//!
//! What could not be sent now stays, and the next round tries again. Names that are taken get a
//! number.
//!
//! While it is unclear whether an upload was done, the file is in the hidden folder .ecgrid, and is
//! looked for in ECGrid's list of sent parcels. If it is there, it was sent. If ECGrid does not show
//! it within the settle time, it was not, and is sent again. Never twice comes before soon.
//! docs/parcels.md has the protocol.
//!
//! A folder belongs to one handle and its clones, inbox or outbox, in one process. The handle outlives
//! the session it was opened with, and is a child of that: the session's cancel and stop reach it. A
//! clone is a child of its outbox (see Client).

use std::ffi::c_char;

use super::entry::{Out, borrow, free, number, path};
use super::handles::{ecgrid_error, ecgrid_outbox, ecgrid_route, ecgrid_session};
use super::parcel::route_of;
use super::status::ecgrid_status;
use crate::parcel::Outbox;

/// Opens a folder as an outbox. The folder must be there. No request is made.
///
/// `route` is copied, and may be NULL: ECGrid then reads the route from each file's envelope. On
/// ECGRID_OK `*outbox` is owned by the caller, who frees it with ecgrid_outbox_free; else it is NULL.
/// `outbox` must not be NULL.
///
/// What is unclear still was begun for one account, base URL and route: opened with others, such a
/// file goes to unclear/.
///
/// Any number of threads. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, ECGRID_FILE, or
/// ECGRID_INVALID_STATE when another handle has the folder (the message has the number of its
/// process) and in a forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_outbox_open(
    session: *const ecgrid_session,
    folder: *const c_char,
    route: *const ecgrid_route,
    outbox: *mut *mut ecgrid_outbox,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let out = unsafe { Out::required(outbox, "outbox") }?;
        let session = unsafe { borrow(session, "session") }?;
        let folder = unsafe { path(folder, "folder") }?;
        out.put(ecgrid_outbox { outbox: Outbox::open(&session.session, folder, &unsafe { route_of(route) })? });
        Ok(())
    })
}

/// How long ECGrid may take until its outbox list shows an upload, in milliseconds: 600000 at first.
/// A file that may have been sent is sent again no sooner.
///
/// Returns ECGRID_OK, or ECGRID_INVALID_ARGUMENT for a negative number. Any number of threads.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_outbox_set_settle_ms(
    outbox: *const ecgrid_outbox,
    milliseconds: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow(outbox, "outbox") }?.outbox.set_settle_ms(milliseconds))
}

/// One round: sends every file that lies in the folder now.
///
/// `*sent` is how many files are known to be sent, also when an error is returned; it may be NULL. An
/// error with one file does not stop the others, unless it says nothing about the file: HTTP 401,
/// 403, 429, 5xx, or that ECGrid is not reached. Then the first error's status is returned, with the
/// most careful outcome of all; the log has each. Whatever the outcome is, call it again: what may
/// have been sent is not sent again before that is known. It is no error that a file has to wait for
/// that.
///
/// The timeout holds for each request, not for the round; while a file goes, it is the longest time
/// without a byte.
///
/// Any number of threads; the second round waits for the first. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_outbox_send(
    outbox: *const ecgrid_outbox,
    sent: *mut i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let mut unwanted = 0;
        let sent = unsafe { number(sent) }.unwrap_or(&mut unwanted);
        unsafe { borrow(outbox, "outbox") }?.outbox.send(sent)
    })
}

/// A clone: a handle on the same folder, and a child of `outbox`.
///
/// A clone of a stopped handle is stopped. It begins with the timeout that its parent has now. The
/// folder is free for another program when its last handle is freed. On ECGRID_OK `*clone` is owned
/// by the caller, who frees it with ecgrid_outbox_free, before or after `outbox`; else it is NULL.
/// `clone` must not be NULL. Any number of threads. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT,
/// ECGRID_OUT_OF_MEMORY, or ECGRID_INVALID_STATE in a forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_outbox_clone(
    outbox: *const ecgrid_outbox,
    clone: *mut *mut ecgrid_outbox,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let clone_out = unsafe { Out::required(clone, "clone") }?;
        let outbox = unsafe { borrow(outbox, "outbox") }?.outbox.another()?;
        clone_out.put(ecgrid_outbox { outbox });
        Ok(())
    })
}

/// A timeout for the requests of this handle, in milliseconds, in place of the one that the session
/// had when the outbox was opened; 0 is the configuration's.
///
/// It holds for rounds that begin later, and for clones that are made later. Parents and older clones
/// keep theirs. Any thread.
/// Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, or ECGRID_INVALID_STATE in a forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_outbox_set_timeout_ms(
    outbox: *const ecgrid_outbox,
    total: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow(outbox, "outbox") }?.outbox.session().set_timeout_ms(total))
}

/// Ends the rounds that are running now, or waiting, through this handle and its clones: each returns
/// ECGRID_CANCELLED. What they have begun, the next one finishes.
///
/// NULL, and an outbox of another process, do nothing. Any thread; not from a signal handler.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_outbox_cancel(outbox: *const ecgrid_outbox) {
    entry!(or(), {
        if let Some(handle) = unsafe { outbox.as_ref() } {
            handle.outbox.session().cancel();
        }
    })
}

/// As ecgrid_outbox_cancel, and for good: every later round through this handle and its clones returns
/// ECGRID_CANCELLED too, and does nothing.
///
/// To cancel one round through a clone, stop the clone: a cancel that comes before the round has
/// begun would be lost.
///
/// NULL, and an outbox of another process, do nothing. Any thread; not from a signal handler.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_outbox_stop(outbox: *const ecgrid_outbox) {
    entry!(or(), {
        if let Some(handle) = unsafe { outbox.as_ref() } {
            handle.outbox.session().stop();
        }
    })
}

/// Frees a handle on an outbox. When it was the last one, another may open the folder. NULL does
/// nothing.
///
/// Any thread, also in a forked child; no other may be in a call with this handle.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_outbox_free(outbox: *mut ecgrid_outbox) {
    entry!(or(), unsafe { free(outbox) })
}
