//! One connection: hyper speaks HTTP on it until a reply asks for the raw stream.

use crate::answer::{Answer, Reply};
use crate::api;
use crate::control;
use crate::head::{self, Head};
use crate::journal::Request;
use crate::script::{self, Step};
use crate::shared::Shared;
use crate::stream::{Stream, Tape};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;

struct Context {
    shared: Arc<Shared>,
    number: u64,
    tls: bool,
    tape: Tape,
    /// Hands the raw stream to a script.
    takeover: mpsc::Sender<Vec<Step>>,
    doomed: AtomicBool,
}

impl Context {
    fn reply(&self, request: &Request, refused: Option<Answer>) -> Reply {
        let mut state = self.shared.state();
        state.counters.requests += u64::from(!control::is_control(request));
        let reply = match refused {
            _ if self.doomed.load(Ordering::Relaxed) => Reply::lost(),
            Some(refused) => Reply::Answer(refused),
            None => api::answer(&mut state, request),
        };
        reply.shifted(state.switches.clock_skew)
    }
}

pub(crate) async fn serve(stream: Stream, number: u64, shared: Arc<Shared>) {
    let (takeover, mut wanted) = mpsc::channel(1);
    let context = Arc::new(Context {
        shared,
        number,
        tls: stream.is_tls(),
        tape: stream.tape(),
        takeover,
        doomed: AtomicBool::new(false),
    });
    let service = service_fn(move |request| Box::pin(exchange(context.clone(), request)));
    let mut connection = http1::Builder::new()
        .title_case_headers(true)
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(stream), service);
    let script = tokio::select! {
        _ended = &mut connection => return,
        script = wanted.recv() => script,
    };
    if let Some(steps) = script {
        script::run(steps, connection.into_parts().io.into_inner()).await;
    }
}

async fn exchange(
    context: Arc<Context>,
    incoming: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let seen = head::read(&context.tape).unwrap_or_else(|| fallback(&incoming));
    let (body, refused) = match read_body(incoming.into_body()).await {
        Ok(body) => (body, None),
        Err(refused) => (Vec::new(), Some(refused)),
    };
    seen.forget(&context.tape, body.len());
    let request = Request {
        method: seen.method,
        path: seen.path,
        headers: seen.headers,
        body,
        connection: context.number,
        tls: context.tls,
    };
    // Answered first, noted second: who waits for a request finds its effects in place.
    let mut reply = context.reply(&request, refused);
    context.shared.journal.add(request);
    loop {
        match reply {
            Reply::Late(pause, later) => {
                tokio::time::sleep(pause).await;
                reply = *later;
            }
            Reply::Answer(answer) => {
                if let Some(steps) = answer.repeated() {
                    reply = Reply::Raw(steps);
                    continue;
                }
                context.doomed.store(answer.doom, Ordering::Relaxed);
                return Ok(ordinary(answer));
            }
            Reply::Raw(steps) => {
                // Fails only when the connection has gone; either way this future is dropped.
                let _ = context.takeover.send(steps).await;
                std::future::pending::<()>().await;
                reply = Reply::lost();
            }
        }
    }
}

fn ordinary(answer: Answer) -> hyper::Response<Full<Bytes>> {
    let date = answer.date();
    let mut response = hyper::Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    if let Some(date) = date {
        response = response.header("Date", date);
    }
    response.body(Full::from(answer.body)).unwrap_or_else(|_| hyper::Response::new(Full::default()))
}

/// The whole body, or the answer to one that is broken off.
async fn read_body(body: Incoming) -> Result<Vec<u8>, Answer> {
    let broken = || Answer::failure(400, "InvalidParameter", "The body cannot be read.").with("Connection", "close");
    match body.collect().await {
        Ok(body) => Ok(Vec::from(body.to_bytes())),
        Err(_) => Err(broken()),
    }
}

/// What hyper made of a head that our own parser could not read.
fn fallback(request: &hyper::Request<Incoming>) -> Head {
    let headers = request.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    let path = request.uri().path_and_query();
    Head::new(request.method().as_str(), path.map_or("", |path| path.as_str()), headers.collect())
}
