//! One request and its answer, through ureq over our own connections.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use ureq::Agent;
use ureq::config::AutoHeaderValue;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use zeroize::Zeroizing;

use super::call::Call;
use super::connect::{Connect, Network};
use super::failure::{Failure, Fault};
use super::proxy::Proxy;
use super::roots::Roots;
use super::tls::TlsSettings;

/// Heads beyond this are not from a server that means well.
const MAX_HEAD: usize = 64 * 1024;

/// Idle connections kept. As many as there were callers at once, up to here.
const MAX_IDLE: usize = 64;

/// Below what common servers and load balancers allow (60 s and more).
const MAX_IDLE_AGE: Duration = Duration::from_secs(55);

pub struct Options {
    pub proxy: Option<Proxy>,
    /// None: what the machine trusts.
    pub roots: Option<Roots>,
}

/// A request. The stream spells the names of its headers; the http crate knows lower case only.
pub struct Exchange<'a> {
    pub method: Method,
    pub uri: &'a Uri,
    pub headers: &'a [(&'a HeaderName, &'a HeaderValue)],
    pub body: Option<&'a [u8]>,
    pub max_response_bytes: u64,
}

/// What came back, whatever its status.
pub struct Answer {
    pub status: u16,
    pub date: Option<String>,
    pub retry_after: Option<String>,
    pub location: Option<String>,
    pub body: Zeroizing<Vec<u8>>,
}

/// The connections of one client.
pub struct Transport {
    agent: Agent,
}

impl Transport {
    pub fn new(options: Options) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .accept_encoding(AutoHeaderValue::None)
            .max_response_header_size(MAX_HEAD)
            .max_idle_connections(MAX_IDLE)
            .max_idle_connections_per_host(MAX_IDLE)
            .max_idle_age(MAX_IDLE_AGE)
            .build();
        let network = Network::new(options.proxy, TlsSettings::new(options.roots));
        Self { agent: Agent::with_parts(config, Connect(network), LookUpWhenConnecting) }
    }

    /// Sends one request and reads its answer whole.
    pub fn exchange(&self, exchange: &Exchange<'_>, call: &Call) -> Result<Answer, Failure> {
        call.check()?;
        call.run(|| self.run(exchange)).map_err(|failure| call.judge(failure))
    }

    fn run(&self, exchange: &Exchange<'_>) -> Result<Answer, Failure> {
        let mut request = ureq::http::Request::builder().method(exchange.method.clone()).uri(exchange.uri.clone());
        for &(name, value) in exchange.headers {
            request = request.header(name, value);
        }
        let unbuildable =
            |error: ureq::http::Error| Failure::new(Fault::Internal, format!("the request cannot be built: {error}"));
        let response = match exchange.body {
            Some(body) => self.agent.run(request.body(body).map_err(unbuildable)?),
            None => self.agent.run(request.body(()).map_err(unbuildable)?),
        };
        let (parts, body) = response.map_err(Failure::from_ureq)?.into_parts();
        let text = |name| header_text(&parts.headers, name);
        let answer = Answer {
            status: parts.status.as_u16(),
            date: text(header::DATE),
            retry_after: text(header::RETRY_AFTER),
            location: text(header::LOCATION),
            body: Zeroizing::default(),
        };
        let length = body.content_length();
        let mut read = Zeroizing::default();
        match read_body(body.into_reader(), length, exchange.max_response_bytes, &mut read) {
            // A refusal is one also when its words are cut short.
            Err(failure) if answer.status < 300 || matches!(failure.fault, Fault::Cancelled | Fault::Internal) => {
                Err(Failure { http_status: answer.status, ..failure })
            }
            _ => Ok(Answer { body: read, ..answer }),
        }
    }
}

fn read_body(
    mut reader: impl Read,
    length: Option<u64>,
    limit: u64,
    body: &mut Zeroizing<Vec<u8>>,
) -> Result<(), Failure> {
    let too_large = || Failure::new(Fault::TooLarge, format!("the answer is over {limit} bytes"));
    if length.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut filled = 0;
    // One byte more than announced, so that the end is met without growing.
    let mut room = length.map_or(4 * 1024, |length| length.min(64 * 1024) as usize + 1);
    let result = loop {
        if filled as u64 > limit {
            break Err(too_large());
        }
        body.resize(filled + room, 0);
        match reader.read(&mut body[filled..]) {
            Ok(0) => break Ok(()),
            Ok(count) => filled += count,
            Err(error) => break Err(Failure::from_ureq(ureq::Error::Io(error))),
        }
        room = if filled == body.len() { body.len() } else { body.len() - filled };
    };
    body.truncate(filled);
    result
}

fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// ureq resolves before every request, kept connection or not. Ours are resolved when one must be made.
#[derive(Debug)]
struct LookUpWhenConnecting;

impl Resolver for LookUpWhenConnecting {
    fn resolve(&self, _: &Uri, _: &ureq::config::Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}
