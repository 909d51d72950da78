//! For tests; in no shipped header and no shipped library.

use std::sync::atomic::Ordering;

use super::census;
use super::handles::ecgrid_error;
use super::status::ecgrid_status;

/// Panics inside the library, with a secret in the panic's own text.
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_test_panic(error: *mut *mut ecgrid_error) -> ecgrid_status {
    entry!(error, panic!("canary-panic-text"))
}

/// How many handles of all kinds were handed out and not freed yet, in the whole process. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn ecgrid_test_live_handles() -> i64 {
    entry!(or 0, census::LIVE.load(Ordering::Relaxed))
}
