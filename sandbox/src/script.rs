//! Bytes straight to the socket: what no well-behaved HTTP server would send.

use crate::stream::Stream;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// One thing done to the connection. After the last step it is dropped: closed without a TLS goodbye.
#[derive(Debug)]
pub(crate) enum Step {
    Write(Vec<u8>),
    /// One byte at a time, with this pause after each.
    Drip(Vec<u8>, Duration),
    /// The same bytes so many times.
    Repeat(Vec<u8>, u64),
    /// Silence until the client goes.
    Hang,
    /// An orderly end: TLS close_notify, then FIN.
    Shutdown,
    /// RST instead of FIN.
    Reset,
}

/// Runs a script to its end, or to where the client goes away: then there is nobody left to tell.
pub(crate) async fn run(steps: Vec<Step>, stream: Stream) {
    let mut stream = stream;
    for step in steps {
        if perform(step, &mut stream).await.is_err() {
            return;
        }
    }
}

async fn perform(step: Step, stream: &mut Stream) -> std::io::Result<()> {
    match step {
        Step::Write(bytes) => {
            stream.write_all(&bytes).await?;
            stream.flush().await
        }
        Step::Drip(bytes, pause) => {
            for byte in bytes {
                stream.write_all(&[byte]).await?;
                stream.flush().await?;
                tokio::time::sleep(pause).await;
            }
            Ok(())
        }
        Step::Repeat(bytes, times) => {
            for _ in 0..times {
                stream.write_all(&bytes).await?;
            }
            stream.flush().await
        }
        Step::Hang => {
            let mut ignored = [0; 1024];
            while stream.read(&mut ignored).await? > 0 {}
            Ok(())
        }
        Step::Shutdown => stream.shutdown().await,
        Step::Reset => socket2::SockRef::from(stream.tcp()).set_linger(Some(Duration::ZERO)),
    }
}
