//! Native client library for ECGrid, the EDI network: the Rust behind `include/ecgrid.h`.
//!
//! Data flows one way. [`ffi`] converts C to Rust and back; `session`, `client`, `request`, `token`, `settings` and
//! `error` hold the rules; `wire` knows JSON and `http` HTTP/1.1; `transport` moves bytes, and `files` puts them on disk; `log` tells of it; `platform`
//! is what differs between operating systems. No module reaches back up.

#[cfg(panic = "abort")]
compile_error!("libecgrid must be built with panic = \"unwind\": a panic may not take the host process down");

pub mod client;
pub mod error;
pub mod ffi;
mod files;
mod http;
mod log;
mod memory;
pub mod parcel;
mod per_process;
mod platform;
mod request;
pub mod response;
mod secret;
pub mod session;
mod setting;
pub mod settings;
mod shared_client;
mod standalone;
mod status;
mod steps;
pub mod token;
mod transport;
mod wire;
