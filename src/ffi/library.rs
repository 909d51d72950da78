//! Library
//!
//! ECGRID_VERSION_NUMBER is the version of this header; compare it with what the library says that
//! a program runs with.

use std::ffi::{CStr, c_char};

/// The version of the library, such as "0.1.0".
///
/// Returns a static text, never NULL. Any thread.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn ecgrid_version() -> *const c_char {
    const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => panic!("a version has no NUL"),
    };
    entry!(or c"".as_ptr(), VERSION.as_ptr())
}

/// The version of the library as a number: major << 16 | minor << 8 | patch.
///
/// Any thread.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn ecgrid_version_number() -> u32 {
    entry!(or 0, {
        let part = |text: &str| text.parse::<u32>().unwrap_or(0);
        part(env!("CARGO_PKG_VERSION_MAJOR")) << 16 | part(env!("CARGO_PKG_VERSION_MINOR")) << 8 | part(env!("CARGO_PKG_VERSION_PATCH"))
    })
}
