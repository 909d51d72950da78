//! Inbox
//!
//! An inbox is a folder that gets the parcels of a mailbox. A round asks for everything that is
//! pending, and each parcel appears in the folder as a file: whole, once, and under a safe name that
//! begins with the parcel's id, such as 9007199254740993-order.edi. Only then is it confirmed. Take
//! the files away whenever you like, but do not change them where they are.
//!
//! That holds on a local file system whatever happens at whatever moment: the process is killed, the
//! disk is full, the network fails. What a round could not do, a later one does, also one of another
//! process. The hidden folder .ecgrid in it has the notes that this takes: do not remove it.
//! docs/parcels.md has the protocol, and the one exception, a power cut.
//!
//! A folder belongs to one handle and its clones, inbox or outbox, in one process. The handle outlives
//! the session it was opened with, and is a child of that: the session's cancel and stop reach it. A
//! clone is a child of its inbox (see Client).

use std::ffi::c_char;

use super::entry::{Out, borrow, free, number, path};
use super::handles::{ecgrid_error, ecgrid_inbox, ecgrid_session};
use super::status::ecgrid_status;
use crate::parcel::Inbox;

/// Opens a folder as the inbox of a mailbox. The folder must be there. No request is made.
///
/// `mailbox_id` 0 is the account's own. On ECGRID_OK `*inbox` is owned by the caller, who frees it
/// with ecgrid_inbox_free; else it is NULL. `inbox` must not be NULL.
///
/// Any number of threads. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, ECGRID_FILE, or
/// ECGRID_INVALID_STATE when another handle has the folder (the message has the number of its
/// process) and in a forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_inbox_open(
    session: *const ecgrid_session,
    folder: *const c_char,
    mailbox_id: i64,
    inbox: *mut *mut ecgrid_inbox,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let out = unsafe { Out::required(inbox, "inbox") }?;
        let session = unsafe { borrow(session, "session") }?;
        let folder = unsafe { path(folder, "folder") }?;
        out.put(ecgrid_inbox { inbox: Inbox::open(&session.session, folder, mailbox_id)? });
        Ok(())
    })
}

/// One round: receives everything that is pending now, and confirms it.
///
/// `*received` is how many files have appeared, also when an error is returned; it may be NULL. An
/// error with one parcel does not stop the others. Then the first error's status is returned, with
/// the most careful outcome of all; the log has each. Whatever the outcome is, call it again: what is
/// safe is not received twice. A round ends early when every other parcel would meet the same error:
/// the session is over, ECGrid is not reached or asks for a pause, the folder is gone.
///
/// The timeout holds for each request, not for the round; while a parcel comes, it is the longest
/// time without a byte.
///
/// Any number of threads; the second round waits for the first. Returns any status.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_inbox_receive(
    inbox: *const ecgrid_inbox,
    received: *mut i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let mut unwanted = 0;
        let received = unsafe { number(received) }.unwrap_or(&mut unwanted);
        unsafe { borrow(inbox, "inbox") }?.inbox.receive(received)
    })
}

/// A clone: a handle on the same folder, and a child of `inbox`.
///
/// A clone of a stopped handle is stopped. It begins with the timeout that its parent has now. The
/// folder is free for another program when its last handle is freed. On ECGRID_OK `*clone` is owned
/// by the caller, who frees it with ecgrid_inbox_free, before or after `inbox`; else it is NULL.
/// `clone` must not be NULL. Any number of threads. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT,
/// ECGRID_OUT_OF_MEMORY, or ECGRID_INVALID_STATE in a forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_inbox_clone(
    inbox: *const ecgrid_inbox,
    clone: *mut *mut ecgrid_inbox,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let clone_out = unsafe { Out::required(clone, "clone") }?;
        let inbox = unsafe { borrow(inbox, "inbox") }?.inbox.another()?;
        clone_out.put(ecgrid_inbox { inbox });
        Ok(())
    })
}

/// A timeout for the requests of this handle, in milliseconds, in place of the one that the session
/// had when the inbox was opened; 0 is the configuration's.
///
/// It holds for rounds that begin later, and for clones that are made later. Parents and older clones
/// keep theirs. Any thread.
/// Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, or ECGRID_INVALID_STATE in a forked child.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_inbox_set_timeout_ms(
    inbox: *const ecgrid_inbox,
    total: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow(inbox, "inbox") }?.inbox.session().set_timeout_ms(total))
}

/// Ends the rounds that are running now, or waiting, through this handle and its clones: each returns
/// ECGRID_CANCELLED. What they have begun, the next one finishes.
///
/// NULL, and an inbox of another process, do nothing. Any thread; not from a signal handler.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_inbox_cancel(inbox: *const ecgrid_inbox) {
    entry!(or(), {
        if let Some(handle) = unsafe { inbox.as_ref() } {
            handle.inbox.session().cancel();
        }
    })
}

/// As ecgrid_inbox_cancel, and for good: every later round through this handle and its clones returns
/// ECGRID_CANCELLED too, and does nothing.
///
/// To cancel one round through a clone, stop the clone: a cancel that comes before the round has
/// begun would be lost.
///
/// NULL, and an inbox of another process, do nothing. Any thread; not from a signal handler.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_inbox_stop(inbox: *const ecgrid_inbox) {
    entry!(or(), {
        if let Some(handle) = unsafe { inbox.as_ref() } {
            handle.inbox.session().stop();
        }
    })
}

/// Frees a handle on an inbox. When it was the last one, another may open the folder. NULL does
/// nothing.
///
/// Any thread, also in a forked child; no other may be in a call with this handle.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_inbox_free(inbox: *mut ecgrid_inbox) {
    entry!(or(), unsafe { free(inbox) })
}
