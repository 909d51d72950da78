//! A client: connections, trust and settings, shared by any number of handles and threads.

use std::ffi::CStr;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use crate::error::Error;
use crate::log::{self, Level};
use crate::request::operation::Operation;
use crate::request::service::{self, Outgoing, Service, told};
use crate::response::Response;
use crate::settings::config::Config;
use crate::settings::own_timeout::OwnTimeout;
use crate::token::Token;
use crate::transport::{Call, Scope, Streams};
use crate::wire;

/// A handle on a client, and the scope of a cancel.
pub struct Client {
    service: Arc<Service>,
    scope: Scope,
    timeout: OwnTimeout,
}

impl Client {
    pub fn new(config: &Config) -> Result<Self, Error> {
        let scope = Scope::new().map_err(|_| Error::no_memory("a client"))?;
        Ok(Self { service: Arc::new(Service::new(config)?), scope, timeout: OwnTimeout::default() })
    }

    /// A clone: the same connections and trust, and a child of this handle.
    pub fn another(&self) -> Result<Self, Error> {
        self.service.check_fork("client")?;
        let scope = self.scope.another().map_err(|_| Error::no_memory("a clone of a client"))?;
        Ok(Self { service: self.service.clone(), scope, timeout: self.timeout.clone() })
    }

    /// Ends the calls now running through this handle and all that was made from it, sessions included.
    pub fn cancel(&self) {
        self.scope.cancel();
    }

    /// Ends the calls through this handle and its clones, now and later.
    pub fn stop(&self) {
        self.scope.stop();
    }

    /// For the calls of this handle and of later clones; 0 is the configuration's.
    pub fn set_timeout_ms(&self, milliseconds: i64) -> Result<(), Error> {
        self.service.check_fork("client")?;
        self.timeout.set(milliseconds)
    }

    pub fn login(&self, login: &str, password: &str) -> Result<Token, Error> {
        let begun = Instant::now();
        self.service.check_fork("client")?;
        let call = self.call(begun);
        let empty = [("user name", login), ("password", password)].into_iter().find(|(_, text)| text.is_empty());
        let result = match empty {
            Some((what, _)) => Err(Error::argument(format!("login not sent: the {what} is empty"))),
            None => log_in(&self.service, &call, &Operation::LOGIN, login, password),
        };
        result.map_err(|error| told(&call, error))
    }

    /// Asks the server for its version: the health check. Needs no credential.
    pub fn server_version(&self) -> Result<Response, Error> {
        let begun = Instant::now();
        self.service.check_fork("client")?;
        let operation = &Operation::VERSION;
        let outgoing = Outgoing { operation, credential: None, content: None, secrets: &[] };
        let call = self.call(begun);
        self.service.ask(&call, &outgoing).map_err(|error| told(&call, error))
    }

    /// Without a slash at its end.
    pub fn base_url(&self) -> &CStr {
        self.service.base_url()
    }

    pub(crate) fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// That of a session made from this handle.
    pub(crate) fn session_scope(&self) -> Result<Scope, Error> {
        self.scope.session().map_err(|_| Error::no_memory("a session"))
    }

    fn call(&self, begun: Instant) -> Call<'_> {
        self.service.call(self.scope.calls(), self.timeout.get(), begun)
    }
}

/// The login itself. `operation` says how often it may be tried.
pub(crate) fn log_in(
    service: &Service,
    call: &Call,
    operation: &Operation<'_>,
    login: &str,
    password: &str,
) -> Result<Token, Error> {
    let body = service::compose(operation, &[("login", login), ("password", password)])?;
    let key = service.api_key();
    let outgoing = Outgoing {
        operation,
        credential: key.map(|key| ["X-API-Key: ", key]),
        content: Some(&body),
        secrets: &[password],
    };
    let secrets = [key.unwrap_or_default(), password, service.proxy_password()];
    let result = token_of(service, call, &outgoing).map_err(|error| of_whom(error, operation, login, &secrets));
    if let Ok(token) = &result {
        call.log().tell(Level::Info, |number| {
            let (user, user_id, expires_in) = (shown(login, &secrets), token.user_id(), token.expires_in());
            log::Login { call: number, user: &user, user_id, expires_in }.line()
        });
    }
    result
}

/// Says in an error of a login whose it was: a program may have many.
fn of_whom(mut error: Error, operation: &Operation<'_>, login: &str, secrets: &[&str]) -> Error {
    let shown = shown(login, secrets);
    if let Some(rest) = error.message.strip_prefix(operation.name).filter(|_| !shown.is_empty()) {
        error.message = format!("{} of {shown}{rest}", operation.name);
    }
    error
}

/// A user name as anybody may read it: it is no secret, unless it holds one.
fn shown(login: &str, secrets: &[&str]) -> String {
    const LONGEST: usize = 64;
    let mut line = wire::one_line(&wire::redact(login, secrets));
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// The token that a request brings.
pub(crate) fn token_of(service: &Service, call: &Call, outgoing: &Outgoing<'_>) -> Result<Token, Error> {
    let mut token = None;
    service.send(call, outgoing, &mut Streams::default(), &mut |answer, envelope, context| {
        let data = wire::parse_login(envelope.data.unwrap_or("null")).map_err(|why| context.bad_answer(answer, why))?;
        token = Some(Token::new(data, answer.date, answer.asked));
        Ok(())
    })?;
    Ok(token.expect("an answer that was taken had a token"))
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.service.place()).finish_non_exhaustive()
    }
}
