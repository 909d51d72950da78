//! Route
//!
//! From whom and to whom a parcel goes. Without one ECGrid reads it from the envelope of the content
//! (ISA and GS, UNB). A call copies what it needs: one route serves any number of uploads, and may be
//! freed at any time.

use super::entry::{Out, borrow_mut, free};
use super::handles::{ecgrid_error, ecgrid_route};
use super::status::ecgrid_status;
use crate::parcel::Route;

/// Makes a route that says nothing yet.
///
/// On ECGRID_OK `*route` is owned by the caller, who frees it with ecgrid_route_free; else it is
/// NULL.
///
/// Any number of threads. Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_route_new(
    route: *mut *mut ecgrid_route,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        unsafe { Out::required(route, "route") }?.put(ecgrid_route { route: Route::default() });
        Ok(())
    })
}

/// The ECGrid ID of the sender; 0 for none, as at first.
///
/// Returns ECGRID_OK, or ECGRID_INVALID_ARGUMENT for a negative number. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_route_set_from(
    route: *mut ecgrid_route,
    ecgrid_id: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow_mut(route, "route") }?.route.set_from(ecgrid_id))
}

/// The ECGrid ID of the addressee; 0 for none, as at first.
///
/// Returns ECGRID_OK, or ECGRID_INVALID_ARGUMENT for a negative number. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_route_set_to(
    route: *mut ecgrid_route,
    ecgrid_id: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow_mut(route, "route") }?.route.set_to(ecgrid_id))
}

/// The mailbox whose outbox the parcel is to be in; 0 for the account's own, as at first.
///
/// Returns ECGRID_OK, or ECGRID_INVALID_ARGUMENT for a negative number. One thread at a time.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_route_set_mailbox(
    route: *mut ecgrid_route,
    mailbox_id: i64,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, unsafe { borrow_mut(route, "route") }?.route.set_mailbox(mailbox_id))
}

/// Frees a route. NULL does nothing.
///
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_route_free(route: *mut ecgrid_route) {
    entry!(or(), unsafe { free(route) })
}
