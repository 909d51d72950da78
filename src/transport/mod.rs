//! Moves bytes: one HTTP exchange over a kept connection, within a deadline, until cancelled. Knows nothing of ECGrid.

mod answer;
mod call;
mod calls;
mod connect;
mod deadline;
mod event;
mod failure;
mod farewell;
mod input;
mod output;
mod pool;
mod provider;
mod proxy;
mod resolve;
mod roots;
mod scope;
mod socket;
mod stream;
mod streams;
mod sync;
#[cfg(windows)]
mod system_trust;
mod tls;
mod tls_error;
mod tree;

use std::time::Duration;

use crate::platform;

pub use answer::Answer;
pub use call::{Call, milliseconds};
pub use calls::Calls;
pub use connect::{Network, authority};
pub use event::Event;
pub use failure::{Failure, Fault};
pub use proxy::Proxy;
pub use roots::Roots;
pub use scope::Scope;
pub use streams::{Download, Streams, Upload};
pub use tls::TlsSettings;

/// The connections of one client, all to the same place.
pub struct Transport {
    network: Network,
    pool: pool::Pool<stream::Stream>,
}

impl Transport {
    pub fn new(network: Network) -> Self {
        Self { network, pool: pool::Pool::new() }
    }

    /// Sends one request, composed in two parts as it goes over the wire, and reads its answer. What of the two does not
    /// lie in memory goes through `streams`.
    pub fn exchange(
        &self,
        request: [&[u8]; 2],
        streams: &mut Streams<'_>,
        max_response_bytes: u64,
        call: &Call,
    ) -> Result<Answer, Failure> {
        call.begin_try();
        self.run(request, streams, max_response_bytes, call).map_err(|failure| call.complete(failure))
    }

    fn run(
        &self,
        request: [&[u8]; 2],
        streams: &mut Streams<'_>,
        max_response_bytes: u64,
        call: &Call,
    ) -> Result<Answer, Failure> {
        call.check()?;
        let mut stream = match self.kept(platform::steady_clock(), call) {
            Some(stream) => stream,
            None => self.network.open(call)?,
        };
        let asked = platform::steady_clock();
        stream.ends("failure");
        match &mut streams.up {
            None => stream.send(request, call)?,
            Some(up) => {
                up.begin()?;
                call.while_bytes_move(streams.patient, || stream.send_on(request[0], &mut **up, call))?;
            }
        }
        let (answer, keep) = answer::read_answer(&mut stream, asked, streams, max_response_bytes, call)?;
        stream.ends("answer");
        if let Some(keep) = keep {
            stream.ends("unused");
            stream.rest();
            self.pool.put(stream, platform::steady_clock(), keep);
        }
        Ok(answer)
    }

    /// A kept connection that is open as far as anybody can tell.
    fn kept(&self, now: Duration, call: &Call) -> Option<stream::Stream> {
        while !call.wants_fresh() {
            let mut stream = self.pool.take(now)?;
            if stream.is_open() {
                call.reusing();
                return Some(stream);
            }
            stream.ends("server");
        }
        None
    }
}
