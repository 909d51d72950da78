//! The listeners and the thread they run on.

use crate::connection;
use crate::shared::Shared;
use crate::stream::Stream;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

/// The running server; dropping it ends every connection and joins the thread.
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(
        http: TcpListener,
        https: TcpListener,
        tls: TlsAcceptor,
        shared: Arc<Shared>,
    ) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let listeners = {
            let _inside = runtime.enter();
            (adopt(http)?, adopt(https)?)
        };
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("ecgrid-sandbox".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let plain = accept(listeners.0, None, shared.clone());
                let secure = accept(listeners.1, Some(tls), shared);
                tokio::select! {
                    _ = stopped => {}
                    () = plain => {}
                    () = secure => {}
                }
            });
            // Dropping the runtime drops every connection's task with it.
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there has been printed already, and drop has no way to pass it on.
            let _ = thread.join();
        }
    }
}

fn adopt(listener: TcpListener) -> io::Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}

async fn accept(listener: tokio::net::TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(welcome(stream, tls.clone(), shared.clone()));
            }
            // Out of file descriptors, or the client is gone already: both pass.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn welcome(stream: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let open = Open::new(shared);
    // Without it answers are only slower; not worth losing the connection over.
    let _ = stream.set_nodelay(true);
    let stream = match tls {
        None => Stream::plain(stream),
        Some(tls) => match tls.accept(stream).await {
            Ok(stream) => Stream::tls(stream),
            Err(_) => return,
        },
    };
    connection::serve(stream, open.number, open.shared.clone()).await;
}

/// Counts a connection as open for as long as it lives, however it ends.
struct Open {
    number: u64,
    shared: Arc<Shared>,
}

impl Open {
    fn new(shared: Arc<Shared>) -> Self {
        Self { number: shared.journal.connected(), shared }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.shared.journal.disconnected();
    }
}
