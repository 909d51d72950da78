//! Moves bytes: one HTTP exchange over a kept connection, within a deadline, until cancelled. Knows nothing of ECGrid.

mod buffers;
mod call;
mod connect;
mod exchange;
mod failure;
mod provider;
mod proxy;
mod resolve;
mod roots;
mod socket;
mod stream;
mod tls;
mod tls_error;

pub use call::{Call, Scope};
pub use exchange::{Answer, Exchange, Options, Transport};
pub use failure::{Failure, Fault};
pub use proxy::Proxy;
pub use roots::Roots;
