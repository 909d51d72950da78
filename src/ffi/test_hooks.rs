//! For the tests of the guard; in no shipped header and no shipped library.

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
