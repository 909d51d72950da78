//! An ECGrid on loopback: real HTTP, real TLS, real JWTs, users and sessions in memory.
//!
//! The binary `ecgrid-sandbox` serves programs in any language; [`Sandbox`] runs the same server inside a Rust test.
//! What it answers, and which logins make it misbehave, is in the crate's README.

mod answer;
mod api;
mod auth;
mod authority;
mod body;
mod builder;
mod clock;
mod connection;
mod control;
mod counters;
mod credential;
mod depot;
mod echo;
mod handle;
mod head;
mod interchange;
mod journal;
mod json;
mod mailbox;
mod mailboxes;
mod misbehave;
mod multipart;
mod paging;
mod parcel;
mod parcel_lists;
mod parcels;
mod routes;
mod samples;
mod script;
mod server;
mod sessions;
mod shared;
mod special;
mod state;
mod stream;
mod switches;
mod token;
mod trouble;
mod upload;
mod user;
mod users;

pub use authority::{Addresses, Authority, Issued, Validity};
pub use builder::{Builder, Certificate, TlsVersions};
pub use handle::Sandbox;
pub use journal::Request;
pub use parcel::Parcel;
pub use rustls;
pub use switches::Shape;
pub use trouble::Trouble;
pub use user::{AuthLevel, User};
