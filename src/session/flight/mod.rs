//! One credential, many threads: who may use it, and who renews it. No I/O and no clock, so that a model checker can
//! go through it (tests/model.rs), with its own threads and locks in the place of [`sync`].

mod landing;
mod ledger;
mod pauses;
mod single_flight;
mod terms;

use super::sync;

pub use ledger::Ledger;
pub use single_flight::{Latch, Replicate, SingleFlight};
pub use terms::{Ending, Exchange, Grant, Landing, Lease, Offer, Step, Time};
