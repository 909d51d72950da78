//! The C ABI. Converts and nothing else: every function checks what C gave it, calls the library, and hands the result
//! over. A file here is a section of `include/ecgrid.h`, in the order of [`SECTIONS`](../../build.rs).
//!
//! # Safety
//! One contract for all functions: a pointer is NULL, or points to what its type says and stays valid during the call;
//! text is NUL-terminated; a handle came from this library and was not freed; no other thread frees it meanwhile.
#![allow(non_camel_case_types)]

#[macro_use]
mod entry;

mod census;
pub mod client;
pub mod config;
pub mod errors;
pub mod handles;
pub mod inbox;
pub mod library;
pub mod login;
pub mod outbox;
pub mod outcome;
pub mod parcel;
pub mod response;
pub mod route;
pub mod session;
pub mod status;
#[cfg(feature = "test-hooks")]
pub mod test_hooks;

pub use client::*;
pub use config::*;
pub use errors::*;
pub use handles::*;
pub use inbox::*;
pub use library::*;
pub use login::*;
pub use outbox::*;
pub use outcome::*;
pub use parcel::*;
pub use response::*;
pub use route::*;
pub use session::*;
pub use status::*;
