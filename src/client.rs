//! A client: connections, trust and settings, shared by any number of handles and threads.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::base_url::BaseUrl;
use crate::config::Config;
use crate::error::{Error, Status};
use crate::http::{Content, Request};
use crate::operation::Operation;
use crate::platform;
use crate::response::Response;
use crate::retry::{Again, Tries};
use crate::token::Token;
use crate::transport::{Answer, Call, Network, Roots, Scope, TlsSettings, Transport};
use crate::verdict::Context;
use crate::wire::{self, Envelope, LoginBody};

/// What the handles of one client share.
struct Shared {
    transport: Transport,
    base: BaseUrl,
    /// The header lines of every request.
    lines: String,
    api_key: Option<Zeroizing<String>>,
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
        let tls = base.secure.then(|| TlsSettings::new(roots));
        Ok(Self {
            shared: Arc::new(Shared {
                transport: Transport::new(Network { host: base.host.clone(), port: base.port, proxy, tls }),
                lines: format!("Host: {}\r\nUser-Agent: {user_agent}\r\nAccept: application/json\r\n", base.authority),
                base,
                api_key: config.api_key.clone(),
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
        let body = LoginBody { login, password };
        let content = Content { length: body.length(), write: &|into| body.write(into) };
        let (_, token) =
            self.send(&Operation::LOGIN, begun, Some(content), password, |answer, envelope, context| {
                let data = wire::parse_login(envelope.data.unwrap_or("null"))
                    .map_err(|why| context.bad_answer(answer.status, why))?;
                Ok(Token::new(data, answer.date))
            })?;
        Ok(token)
    }

    /// Asks the server for its version: the health check. Needs no credential.
    pub fn server_version(&self) -> Result<Response, Error> {
        let begun = Instant::now();
        let (answer, data) = self.send(&Operation::VERSION, begun, None, "", |answer, envelope, _| {
            Ok(envelope.data.map(|data| Response::position(&answer.body, data)))
        })?;
        Ok(Response::new(answer, data))
    }

    /// Sends a request until it brings an answer that `read` takes, or must not be sent again.
    fn send<T>(
        &self,
        operation: &Operation,
        begun: Instant,
        content: Option<Content<'_>>,
        password: &str,
        read: impl Fn(&Answer, &Envelope<'_>, &Context<'_>) -> Result<T, Error>,
    ) -> Result<(Answer, T), Error> {
        self.check_fork()?;
        let Self { shared, scope } = self;
        let secrets = [password, text_of(&shared.api_key), text_of(&shared.proxy_password)];
        let context = Context { operation, place: shared.base.as_str(), secrets: &secrets };

        let kind = content.as_ref().map_or("", |_| "Content-Type: application/json\r\n");
        let [name, key, end] = match &shared.api_key {
            Some(key) if operation.takes_password => ["X-API-Key: ", key, "\r\n"],
            _ => [""; 3],
        };
        let lines = [&*shared.lines, kind, name, key, end];
        let target = [&*shared.base.path, operation.path];
        let request = Request { method: operation.method.as_str(), target: &target, lines: &lines, content }.compose();
        let most = shared.max_response_bytes.min(operation.largest_answer);
        let mut tries = Tries::new(shared.max_attempts);
        let call = Call::new(scope, begun, shared.timeout, shared.connect_timeout);
        loop {
            let (error, failure) = match shared.transport.exchange(&request, most, &call) {
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
