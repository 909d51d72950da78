//! A client: connections, trust and settings, shared by any number of handles and threads.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use crate::config::Config;
use crate::error::Error;
use crate::http::Content;
use crate::log::{self, Level};
use crate::operation::Operation;
use crate::response::Response;
use crate::service::{Outgoing, Service, told};
use crate::token::Token;
use crate::transport::{Call, Scope};
use crate::wire::{self, LoginBody};

/// A handle on a client, and the scope of a cancel.
pub struct Client {
    service: Arc<Service>,
    scope: Scope,
    /// Sessions made from this handle are cancelled with it, but not stopped.
    sessions: Arc<Scope>,
}

impl Client {
    pub fn new(config: &Config) -> Result<Self, Error> {
        Ok(Self::of(Arc::new(Service::new(config)?)))
    }

    /// Another handle on the same connections and trust, with a cancel of its own.
    pub fn another(&self) -> Result<Self, Error> {
        self.service.check_fork("client")?;
        Ok(Self::of(self.service.clone()))
    }

    fn of(service: Arc<Service>) -> Self {
        Self { service, scope: Scope::default(), sessions: Arc::default() }
    }

    /// Ends the calls now running through this handle.
    pub fn cancel(&self) {
        // The wake-up of a forked child is its parent's.
        if self.service.is_ours() {
            self.scope.cancel();
            self.sessions.cancel();
        }
    }

    /// Ends the calls now running through this handle, and later ones as they begin.
    pub fn stop(&self) {
        if self.service.is_ours() {
            self.scope.stop();
        }
    }

    pub fn login(&self, login: &str, password: &str) -> Result<Token, Error> {
        let begun = Instant::now();
        self.service.check_fork("client")?;
        let call = self.service.call([Some(&self.scope), None], begun);
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
        let outgoing = Outgoing { operation, credential: [""; 2], content: None, secrets: [""; 3] };
        let call = self.service.call([Some(&self.scope), None], begun);
        self.service.ask(&call, &outgoing).map_err(|error| told(&call, error))
    }

    pub(crate) fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// What cancels the sessions that are made from this handle.
    pub(crate) fn session_scope(&self) -> &Arc<Scope> {
        &self.sessions
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
    let body = LoginBody { login, password };
    let key = service.api_key();
    let outgoing = Outgoing {
        operation,
        credential: key.map_or([""; 2], |key| ["X-API-Key: ", key]),
        content: Some(Content::Made { length: body.length(), write: &|into| body.write(into) }),
        secrets: [key.unwrap_or_default(), password, ""],
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
    let (_, token) = service.send(call, outgoing, |answer, envelope, context| {
        let data =
            wire::parse_login(envelope.data.unwrap_or("null")).map_err(|why| context.bad_answer(answer.status, why))?;
        Ok(Token::new(data, answer.date, answer.asked))
    })?;
    Ok(token)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.service.place()).finish_non_exhaustive()
    }
}
