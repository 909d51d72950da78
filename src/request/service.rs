//! ECGrid as a client reaches it: where it is, and what all requests to it have in common. Shared by handles,
//! sessions and threads.

use std::env;
use std::ffi::{CStr, CString};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::error::{Error, Status};
use crate::http::Request;
use crate::log::{self, Level, Line, Log};
use crate::platform;
use crate::request::operation::Operation;
use crate::request::retry::{Again, Tries};
use crate::request::verdict::{Context, Sources};
use crate::response::Response;
use crate::secret::SecretBytes;
use crate::setting::{Setting, Source};
use crate::settings::base_url::BaseUrl;
use crate::settings::config::Config;
use crate::settings::inventory;
use crate::transport::{Answer, Call, Calls, Network, Roots, Streams, TlsSettings, Transport, milliseconds};
use crate::wire::{self, Envelope, Index};

pub struct Service {
    transport: Transport,
    base: BaseUrl,
    base_url: CString,
    base_url_source: Source,
    /// The header lines of every request.
    lines: String,
    api_key: Option<Setting<Zeroizing<String>>>,
    proxy_password: Option<Zeroizing<String>>,
    timeout: Setting<Duration>,
    connect_timeout: Duration,
    max_attempts: u32,
    max_response_bytes: u64,
    keep_password: bool,
    keep_alive: bool,
    log: Log,
    fork_generation: u32,
}

/// One request, apart from what all have in common.
pub struct Outgoing<'a> {
    pub operation: &'a Operation<'a>,
    /// The header line's name, with what stands before the secret, and that.
    pub credential: Option<[&'a str; 2]>,
    pub content: Option<&'a [u8]>,
    /// What else no message may show.
    pub secrets: &'a [&'a str],
}

impl Service {
    pub fn new(config: &Config) -> Result<Self, Error> {
        let log = config.log.choose()?;
        Self::with_log(config, &log).inspect_err(|error| tell_failure(&log, error))
    }

    fn with_log(config: &Config, log: &Log) -> Result<Self, Error> {
        let base = BaseUrl::parse(&config.base_url.value, config.base_url.source)?;
        let proxy = config.proxy.choose(&base)?;
        let (roots, source) = roots(config, base.secure)?.unzip();
        let proxy_password =
            proxy.as_ref().and_then(|proxy| proxy.credentials.as_ref()).map(|(_, password)| password.clone());
        let own = concat!("ecgrid/", env!("CARGO_PKG_VERSION"));
        let user_agent = config.user_agent.as_ref().map_or(own.into(), |product| format!("{} {own}", product.value));
        let trust = roots.as_ref().map(|roots| &*roots.place).zip(source);
        let outcome = inventory::Outcome { base: &base, proxy: proxy.as_ref(), trust, user_agent: &user_agent };
        inventory::tell(log, config, &outcome);
        let tls = roots.filter(|_| base.secure).map(|roots| TlsSettings::new(roots, proxy.is_some()));
        let network = Network { host: base.host.clone(), port: base.port, proxy, tls, log: log.clone() };
        Ok(Self {
            transport: Transport::new(network),
            lines: format!("Host: {}\r\nUser-Agent: {user_agent}\r\nAccept: application/json\r\n", base.authority),
            // What was parsed holds no NUL.
            base_url: CString::new(base.as_str()).unwrap_or_default(),
            base,
            base_url_source: config.base_url.source,
            api_key: config.api_key.clone(),
            proxy_password,
            timeout: config.timeout.clone(),
            connect_timeout: config.connect_timeout.value,
            max_attempts: config.max_attempts.value,
            max_response_bytes: config.max_response_bytes.value,
            keep_password: config.keep_password.value,
            keep_alive: config.keep_alive.value,
            log: log.clone(),
            fork_generation: platform::fork_generation(),
        })
    }

    /// The base URL.
    pub fn place(&self) -> &str {
        self.base.as_str()
    }

    /// The same, for C.
    pub fn base_url(&self) -> &CStr {
        &self.base_url
    }

    pub fn api_key(&self) -> Option<&str> {
        self.api_key.as_ref().map(|key| key.value.as_str())
    }

    /// "" when there is none.
    pub fn proxy_password(&self) -> &str {
        self.proxy_password.as_ref().map_or("", |password| password.as_str())
    }

    pub fn log(&self) -> &Log {
        &self.log
    }

    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// Whether sessions may log in again by themselves.
    pub fn keeps_passwords(&self) -> bool {
        self.keep_password
    }

    /// Whether sessions refresh their token also while nobody calls.
    pub fn keeps_alive(&self) -> bool {
        self.keep_alive
    }

    /// A call of a handle: with the handle's timeout, or else that of the configuration.
    pub fn call<'a>(&'a self, calls: &'a Calls, timeout: Option<Duration>, begun: Instant) -> Call<'a> {
        // What a program sets on a handle comes from no variable.
        let source = if timeout.is_some() { Source::Program } else { self.timeout.source };
        let timeout = timeout.unwrap_or(self.timeout.value);
        Call::new(calls, begun, timeout, self.connect_timeout, &self.log).with_timeout_from(source)
    }

    /// Sends a request until it brings an answer that `read` takes, or must not be sent again.
    pub fn send(
        &self,
        call: &Call,
        outgoing: &Outgoing<'_>,
        streams: &mut Streams<'_>,
        read: &mut Read<'_>,
    ) -> Result<Answer, Error> {
        let Outgoing { operation, credential, content, secrets } = *outgoing;
        let own = [credential.map_or("", |[_, secret]| secret), self.proxy_password()];
        let sources = Sources {
            base_url: self.base_url_source,
            api_key: self.api_key.as_ref().map(|key| key.source).unwrap_or_default(),
        };
        let context = Context { operation, place: self.place(), sources, secrets: [&own, secrets], content };

        let kind = match content {
            Some([_, ..]) => "Content-Type: application/json\r\n",
            _ => "",
        };
        let lines: &[&str] = match credential {
            Some([name, secret]) => &[&self.lines, kind, name, secret, "\r\n"],
            None => &[&self.lines, kind],
        };
        let target = [&*self.base.path, operation.path];
        let more = streams.up.as_ref().map_or(0, |up| up.length());
        let request = Request { method: operation.method, target: &target, lines, content, more };
        let request = request.compose().map_err(|_| no_memory(operation))?;
        let parts = [&*request.beginning, request.rest];
        let most = self.max_response_bytes.min(operation.largest_answer);
        let mut tries = Tries::new(if operation.once { 1 } else { self.max_attempts });
        loop {
            call.log().tell(Level::Debug, |number| {
                let (method, path) = context.shown();
                let (attempt, bytes) = (tries.number().into(), request.length() + more);
                log::Request { call: number, attempt, method, path: &path, bytes }.line()
            });
            let (error, failure) = match self.transport.exchange(parts, streams, most, call) {
                Ok(answer) => {
                    tell_answer(call, &context, &answer);
                    match context.envelope(&answer).and_then(|envelope| read(&answer, envelope, &context)) {
                        Ok(()) => return Ok(answer),
                        Err(error) => (error, None),
                    }
                }
                Err(failure) => (context.failed(&failure, tries.sent()), Some(failure)),
            };
            match tries.failed(operation, &error, failure.as_ref()) {
                Again::AtOnce => tell_retry(call, &error, Duration::ZERO),
                // A pause that outlasts the deadline ends in the same error, only later.
                Again::After(pause) if pause < call.remaining() => {
                    tell_retry(call, &error, pause);
                    call.pause(pause)
                        .map_err(|failure| tries.conclude(operation, context.failed(&failure, tries.sent())))?;
                }
                Again::After(_) | Again::Never => return Err(tries.conclude(operation, error)),
            }
        }
    }

    /// Sends a request of which the answer itself is wanted.
    pub fn ask(&self, call: &Call, outgoing: &Outgoing<'_>) -> Result<Response, Error> {
        response(|read| self.send(call, outgoing, &mut Streams::default(), read))
    }

    /// How large an answer may be that lies in memory.
    pub fn max_response_bytes(&self) -> u64 {
        self.max_response_bytes
    }

    /// Whether this process made it. `what` is refused in a child.
    pub fn check_fork(&self, what: &str) -> Result<(), Error> {
        if self.is_ours() {
            return Ok(());
        }
        Err(Error::new(
            Status::InvalidState,
            format!(
                "this {what} was made before a fork and belongs to the parent process; make a new one in the child"
            ),
        ))
    }

    pub fn is_ours(&self) -> bool {
        self.fork_generation == platform::fork_generation()
    }
}

/// Looks at an answer that is a success.
pub type Read<'a> = dyn FnMut(&Answer, Envelope<'_>, &Context<'_>) -> Result<(), Error> + 'a;

/// The answer of a request as it is.
pub fn response(send: impl FnOnce(&mut Read<'_>) -> Result<Answer, Error>) -> Result<Response, Error> {
    let (mut data, mut found) = (None, Index::default());
    let answer = send(&mut |answer, envelope, _| {
        data = envelope.data.map(|data| Response::position(&answer.body, data));
        found = envelope.index;
        Ok(())
    })?;
    Ok(Response::new(answer, data, found))
}

/// The content of a request of our own.
pub fn compose(operation: &Operation<'_>, members: &[(&str, &str)]) -> Result<SecretBytes, Error> {
    wire::compose(members).map_err(|_| no_memory(operation))
}

fn no_memory(operation: &Operation<'_>) -> Error {
    let why = "there is no memory for a request that long";
    Error::new(Status::OutOfMemory, format!("{} not sent: {why}", operation.title()))
}

fn tell_answer(call: &Call, context: &Context<'_>, answer: &Answer) {
    call.log().tell(Level::Debug, |number| {
        let (status, bytes) = (answer.status.into(), answer.body.len() as u64);
        let ms = milliseconds(platform::steady_clock().saturating_sub(answer.asked));
        log::Answer { call: number, status, bytes, ms, trace: context.trace_id(answer).as_deref() }.line()
    });
}

/// The request is sent again, after `error`.
pub fn tell_retry(call: &Call, error: &Error, pause: Duration) {
    call.log().tell(Level::Info, |number| {
        log::Retry { call: number, pause_ms: milliseconds(pause), why: &error.message }.line()
    });
}

/// What a call of the program's failed with: told as the last thing of it.
#[cold]
pub fn told(call: &Call, error: Error) -> Error {
    call.log().tell(level_of(&error), |number| failure(Some(number), &error));
    error
}

/// The same where there was no call yet.
fn tell_failure(log: &Log, error: &Error) {
    log.tell(level_of(error), || failure(None, error));
}

/// Nobody needs to be told of what the program wanted.
fn level_of(error: &Error) -> Level {
    if error.status == Status::Cancelled { Level::Info } else { Level::Error }
}

fn failure(call: Option<u64>, error: &Error) -> Line {
    log::Failure { call, status: error.status.name(), outcome: error.outcome.name(), error: &error.message }.line()
}

/// Whom a client trusts, and who says so: its CA file, else the file that SSL_CERT_FILE names, else what the machine trusts. A CA file is
/// read for http:// too: a program is told of its mistake before it goes to production.
fn roots(config: &Config, secure: bool) -> Result<Option<(Roots, Source)>, Error> {
    let named = env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()).map(PathBuf::from);
    let own = if config.from_env { Source::Variable("ECGRID_CA_FILE") } else { Source::Program };
    let own = format!("the CA file{own}");
    let (roots, source) = match (&config.ca_file, named) {
        (Some(Setting { value, source }), _) => {
            (Roots::from_file(value, &format!("the CA file{source}"), None), *source)
        }
        (None, _) if !secure => return Ok(None),
        (None, Some(path)) => {
            let source = Source::Variable("SSL_CERT_FILE");
            (Roots::from_file(&path, &format!("the CA file{source}"), Some(&own)), source)
        }
        (None, None) => (Roots::of_system(&own), Source::Default),
    };
    Ok(Some((roots.map_err(Error::configuration)?, source)))
}
