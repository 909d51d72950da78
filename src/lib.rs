//! Native client library for ECGrid, the EDI network: the Rust behind `include/ecgrid.h`.
//!
//! Data flows one way. [`ffi`] converts C to Rust and back; `session`, `client`, `service`, `token`, `config` and
//! `error` hold the rules; `wire` knows JSON and
//! `http` HTTP/1.1; `transport` moves bytes; `platform` is what differs between operating systems. No module reaches
//! back up.

#[cfg(panic = "abort")]
compile_error!("libecgrid must be built with panic = \"unwind\": a panic may not take the host process down");

mod base_url;
pub mod client;
pub mod config;
mod endpoints;
pub mod error;
pub mod ffi;
mod given_answer;
mod http;
mod locked;
mod memory;
mod operation;
mod own_timeout;
mod per_process;
mod platform;
mod proxy;
pub mod response;
mod retry;
mod secret;
mod service;
pub mod session;
mod setting;
mod shared_client;
mod standalone;
mod status;
pub mod token;
mod transport;
mod verdict;
mod wire;
