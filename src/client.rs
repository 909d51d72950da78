//! A client: connections, trust and settings, shared by any number of handles and threads.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{HeaderName, HeaderValue, Uri, header};
use zeroize::Zeroizing;

use crate::base_url::BaseUrl;
use crate::config::Config;
use crate::error::{Error, Status};
use crate::operation::Operation;
use crate::platform;
use crate::response::Response;
use crate::retry::{Again, Tries};
use crate::token::Token;
use crate::transport::{Answer, Call, Exchange, Options, Roots, Scope, Transport};
use crate::verdict::Context;
use crate::wire::{self, Envelope};

static X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What the handles of one client share.
struct Shared {
    transport: Transport,
    base: BaseUrl,
    login_uri: Uri,
    version_uri: Uri,
    json: HeaderValue,
    user_agent: HeaderValue,
    api_key: Option<Zeroizing<String>>,
    api_key_header: Option<HeaderValue>,
    proxy_password: Option<Zeroizing<String>>,
    timeout: Duration,
    connect_timeout: Duration,
    max_attempts: u32,
    max_response_bytes: u64,
    fork_generation: u32,
}

/// A handle on a client, and the scope of a cancel.
pub struct Client {
    shared: Arc<Shared>,
    scope: Scope,
}

impl Client {
    pub fn new(config: &Config) -> Result<Self, Error> {
        let base = BaseUrl::parse(&config.base_url)?;
        let proxy = config.proxy.choose(&base)?;
        let roots = roots(config.ca_file.as_deref(), base.secure)?;
        let proxy_password =
            proxy.as_ref().and_then(|proxy| proxy.credentials.as_ref()).map(|(_, password)| password.clone());
        let own = concat!("ecgrid/", env!("CARGO_PKG_VERSION"));
        let user_agent = config.user_agent.as_ref().map_or(own.into(), |product| format!("{product} {own}"));
        let header = |text: &str| {
            let mut value = HeaderValue::from_str(text).map_err(|_| Error::argument("a header value is malformed"))?;
            value.set_sensitive(true);
            Ok(value)
        };
        Ok(Self {
            shared: Arc::new(Shared {
                transport: Transport::new(Options { proxy, roots }),
                login_uri: base.join(Operation::LOGIN.path)?,
                version_uri: base.join(Operation::VERSION.path)?,
                base,
                json: HeaderValue::from_static("application/json"),
                user_agent: header(&user_agent)?,
                api_key: config.api_key.clone(),
                api_key_header: config.api_key.as_ref().map(|key| header(key)).transpose()?,
                proxy_password,
                timeout: config.timeout,
                connect_timeout: config.connect_timeout,
                max_attempts: config.max_attempts,
                max_response_bytes: config.max_response_bytes,
                fork_generation: platform::fork_generation(),
            }),
            scope: Scope::default(),
        })
    }

    /// Another handle on the same connections and trust, with a cancel of its own.
    pub fn another(&self) -> Result<Self, Error> {
        self.check_fork()?;
        Ok(Self { shared: self.shared.clone(), scope: Scope::default() })
    }

    /// Ends the calls now running through this handle.
    pub fn cancel(&self) {
        // The wake-up of a forked child is its parent's.
        if self.check_fork().is_ok() {
            self.scope.cancel();
        }
    }

    pub fn login(&self, login: &str, password: &str) -> Result<Token, Error> {
        let begun = Instant::now();
        for (what, text) in [("user name", login), ("password", password)] {
            if text.is_empty() {
                return Err(Error::argument(format!("login not sent: the {what} is empty")));
            }
        }
        let body = wire::login_body(login, password);
        let target = Target { operation: &Operation::LOGIN, uri: &self.shared.login_uri, begun };
        let (_, token) = self.send(target, Some(&body), password, |answer, envelope, context| {
            let data = wire::parse_login(envelope.data.unwrap_or("null"))
                .map_err(|why| context.bad_answer(answer.status, why))?;
            Ok(Token::new(data, answer.date.as_deref().and_then(wire::parse_http_date)))
        })?;
        Ok(token)
    }

    /// Asks the server for its version: the health check. Needs no credential.
    pub fn server_version(&self) -> Result<Response, Error> {
        let target = Target { operation: &Operation::VERSION, uri: &self.shared.version_uri, begun: Instant::now() };
        let (answer, data) = self.send(target, None, "", |answer, envelope, _| {
            Ok(envelope.data.map(|data| Response::position(&answer.body, data)))
        })?;
        Ok(Response::new(answer, data))
    }

    /// Sends a request until it brings an answer that `read` takes, or must not be sent again.
    fn send<T>(
        &self,
        target: Target<'_>,
        body: Option<&[u8]>,
        password: &str,
        read: impl Fn(&Answer, &Envelope<'_>, &Context<'_>) -> Result<T, Error>,
    ) -> Result<(Answer, T), Error> {
        self.check_fork()?;
        let Self { shared, scope } = self;
        let Target { operation, uri, begun } = target;
        let secrets = [password, text_of(&shared.api_key), text_of(&shared.proxy_password)];
        let context = Context { operation, place: shared.base.as_str(), secrets: &secrets };

        let mut headers = [(&header::ACCEPT, &shared.json); 4];
        headers[1] = (&header::USER_AGENT, &shared.user_agent);
        let mut count = 2;
        if body.is_some() {
            headers[count] = (&header::CONTENT_TYPE, &shared.json);
            count += 1;
        }
        if let (true, Some(key)) = (operation.takes_password, &shared.api_key_header) {
            headers[count] = (&X_API_KEY, key);
            count += 1;
        }
        let headers = &headers[..count];
        let max_response_bytes = shared.max_response_bytes.min(operation.largest_answer);
        let exchange = Exchange { method: operation.method.clone(), uri, headers, body, max_response_bytes };
        let mut tries = Tries::new(shared.max_attempts);
        let call = Call::new(scope, begun, shared.timeout, shared.connect_timeout);
        loop {
            let (error, failure) = match shared.transport.exchange(&exchange, &call) {
                Ok(answer) => match context.judge(&answer).and_then(|envelope| read(&answer, &envelope, &context)) {
                    Ok(result) => return Ok((answer, result)),
                    Err(error) => (error, None),
                },
                Err(failure) => (context.failed(&failure, tries.sent()), Some(failure)),
            };
            match tries.failed(operation, &error, failure.as_ref()) {
                Again::AtOnce => {}
                // A pause that outlasts the deadline ends in the same error, only later.
                Again::After(pause) if pause < call.remaining() => {
                    call.pause(pause).map_err(|failure| tries.conclude(context.failed(&failure, tries.sent())))?;
                }
                Again::After(_) | Again::Never => return Err(tries.conclude(error)),
            }
        }
    }

    fn check_fork(&self) -> Result<(), Error> {
        if self.shared.fork_generation == platform::fork_generation() {
            return Ok(());
        }
        Err(Error::new(
            Status::InvalidState,
            "this client was made before a fork and belongs to the parent process; make a new one in the child",
        ))
    }
}

fn text_of(secret: &Option<Zeroizing<String>>) -> &str {
    secret.as_ref().map_or("", |text| text.as_str())
}

/// Where a call goes, and since when it is under way.
struct Target<'a> {
    operation: &'a Operation,
    uri: &'a Uri,
    begun: Instant,
}

/// The roots a client brings: its CA file, else the file that SSL_CERT_FILE names, else none of its own.
fn roots(ca_file: Option<&Path>, secure: bool) -> Result<Option<Roots>, Error> {
    let (path, name) = match (ca_file, env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty())) {
        (Some(path), _) => (path.to_owned(), "the CA file"),
        (None, Some(path)) if secure => (PathBuf::from(path), "the CA file that SSL_CERT_FILE names,"),
        _ => return Ok(None),
    };
    let roots = Roots::from_file(&path);
    roots.map(Some).map_err(|why| Error::configuration(format!("{name} {} cannot be used: {why}", path.display())))
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.shared.base.as_str()).finish_non_exhaustive()
    }
}
