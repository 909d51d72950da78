//! The calls that a session makes with its credential.

use std::time::Duration;

use super::credential::Credential;
use super::flight::{Exchange, Lease};
use super::lease::Without;
use super::{Session, path, policy};
use crate::error::{Error, Facts, Outcome, Status};
use crate::http::NOTHING;
use crate::request::operation::Operation;
use crate::request::service::{self, Outgoing, Read, tell_retry, told};
use crate::response::Response;
use crate::settings::config;
use crate::transport::{Answer, Call, Streams};
use crate::wire::{self, Unsound};

/// The account of a session, and the answer that told.
pub(crate) struct Whose {
    pub user_id: i64,
    pub response: Response,
}

impl Session {
    /// Any endpoint: `body` is JSON, or None for no body.
    pub fn call_api(&self, method: &str, path: &str, body: Option<&[u8]>) -> Result<Response, Error> {
        self.begin(|call| {
            path::check_method(method)?;
            path::check_path(path)?;
            let operation = Operation::call(method, path);
            if let Some(body) = body {
                if body.is_empty() {
                    let why = "the body is empty, which is no JSON; write {}, or pass none at all";
                    return Err(Error::argument(format!("{} not sent: {why}", operation.title())));
                }
                wire::check_json(body, || call.check().map(drop)).map_err(|why| match why {
                    Unsound::Wrong(why) => {
                        Error::argument(format!("{} not sent: the body cannot be: {why}", operation.title()))
                    }
                    Unsound::GivenUp(failure) => self.unsent(&operation, Without::Ended(failure)),
                })?;
            }
            // A method that is about its content says so also when there is none (RFC 9110, 8.6).
            let says_length = body.is_some() || matches!(method, "POST" | "PUT" | "PATCH");
            let content = says_length.then_some(body.unwrap_or_default());
            self.authorized(call, &operation, content)
        })
    }

    /// What ECGrid knows of the session: the account, its rights, when it ends.
    pub fn info(&self) -> Result<Response, Error> {
        self.begin(|call| self.authorized(call, &Operation::SESSION, Some(NOTHING)))
    }

    /// The policy is checked first. A kept password is replaced.
    pub fn change_password(&self, current: &str, replacement: &str) -> Result<(), Error> {
        self.begin(|call| {
            if current.is_empty() {
                return Err(Error::argument("change of the password not sent: the current password is empty"));
            }
            policy::check_password(replacement)?;
            let body =
                service::compose(&Operation::PASSWORD, &[("currentPassword", current), ("newPassword", replacement)])?;
            let (core, unsent) = (self.core(), |without| self.unsent(&Operation::PASSWORD, without));
            // A login by the session itself must not meet the change: it would be refused, and that for good.
            let own = core.kept().map(|_| core.exchange(call)).transpose().map_err(unsent)?;
            let lease = own.as_ref().map_or_else(|| core.lease(call), |own| Ok(own.lease.clone())).map_err(unsent)?;
            let outgoing = core.outgoing(&Operation::PASSWORD, &lease.credential, Some(&body));
            let result = core.service.ask(call, &Outgoing { secrets: &[current, replacement], ..outgoing });
            match &result {
                Ok(_) => core.keep(Some(replacement)),
                // Either may be the right one now, and accounts are locked for trying.
                Err(error) if error.outcome == Outcome::Unknown => core.keep(None),
                // Not sent again: it may be about the password in the body.
                Err(error) if error.status == Status::Unauthenticated => core.refused(lease.generation, error),
                Err(_) => {}
            }
            result.map(drop)
        })
    }

    /// Makes a new API key for an account; its old one is dead at once. A session that has that key changes over.
    pub fn generate_api_key(&self, user_id: i64) -> Result<Response, Error> {
        self.begin(|call| {
            if user_id < 1 {
                return Err(Error::argument(format!(
                    "API key not generated: the user id is {user_id}, but must be at least 1"
                )));
            }
            let path = format!("/v2/users/key-generate/{user_id}");
            let operation = Operation::call("POST", &path);
            if !self.has_key_of(user_id, call)? {
                return self.authorized(call, &operation, Some(NOTHING));
            }
            let core = self.core();
            let mut own = core.exchange(call).map_err(|without| self.unsent(&operation, without))?;
            let credential = own.lease.credential.clone();
            let response = core.service.ask(call, &core.outgoing(&operation, &credential, Some(NOTHING)))?;
            let key = wire::api_key(response.data_text()).unwrap_or_default();
            if config::header_value("", &key).is_err() {
                return Err(Error::from(Facts {
                    outcome: Outcome::Unknown,
                    http_status: response.http_status(),
                    message: format!(
                        "POST {path} answered by {} without a new key: the old one is dead by now; ask ECGrid for the new one",
                        core.service.place()
                    ),
                    ..Facts::new(Status::BadResponse, "")
                }));
            }
            own.replace(&key);
            Ok(response)
        })
    }

    /// Whether the session's credential is the API key of that account.
    fn has_key_of(&self, user_id: i64, call: &Call) -> Result<bool, Error> {
        let core = self.core();
        let lease = core.lease(call).map_err(|without| self.unsent(&Operation::SESSION, without))?;
        if !lease.credential.is_key() {
            return Ok(false);
        }
        let own = self.account(call).map_err(|error| {
            Error::from(Facts { message: format!("API key not generated: {}", error.message), ..error.into_facts() })
        })?;
        Ok(own == user_id)
    }

    /// Whose session it is. ECGrid is asked once, where a login has not told.
    pub(crate) fn account(&self, call: &Call) -> Result<i64, Error> {
        let core = self.core();
        if let Some(own) = core.user_id.get() {
            return Ok(*own);
        }
        let lease = core.lease(call).map_err(|without| self.unsent(&Operation::SESSION, without))?;
        let told = lease.credential.user_id();
        let own = if told > 0 { told } else { self.ask_whose(call)?.user_id };
        // Another thread may have asked too, and was told the same.
        let _ = core.user_id.set(own);
        Ok(own)
    }

    /// Asks ECGrid whose session it is.
    pub(crate) fn ask_whose(&self, call: &Call) -> Result<Whose, Error> {
        let response = self.authorized(call, &Operation::SESSION, Some(NOTHING)).map_err(|error| {
            Error::from(Facts {
                // What may have been done only asks.
                outcome: if error.outcome == Outcome::Unknown { Outcome::NotSent } else { error.outcome },
                ..error.into_facts()
            })
        })?;
        match wire::user_id(response.data_text()) {
            Some(user_id) => Ok(Whose { user_id, response }),
            None => {
                let message = "ECGrid did not say whose credential the session has";
                Err(Error::from(Facts {
                    http_status: response.http_status(),
                    ..Facts::new(Status::BadResponse, message)
                }))
            }
        }
    }

    /// Ends the session, here and at ECGrid.
    pub fn log_out(&self) -> Result<(), Error> {
        self.begin(|call| {
            let core = self.core();
            let mut own = loop {
                match core.last_exchange(call) {
                    Ok(own) => break own,
                    Err(Without::LoggedOut) => return Ok(()),
                    // There is nothing left to end at ECGrid, unless a login has begun meanwhile.
                    Err(Without::Over(_)) if !core.flights.log_out() => {}
                    Err(Without::Over(_)) => {
                        core.keep(None);
                        return Ok(());
                    }
                    Err(without) => return Err(self.unsent(&Operation::LOGOUT, without)),
                }
            };
            let credential = own.lease.credential.clone();
            match core.service.ask(call, &core.outgoing(&Operation::LOGOUT, &credential, Some(NOTHING))) {
                Err(error) if error.status != Status::Unauthenticated => return Err(error),
                // A session that ECGrid does not know is one that has ended.
                _ => own.result = Exchange::LoggedOut,
            }
            drop(own);
            core.keep(None);
            Ok(())
        })
    }

    /// Every call of the program's goes through here.
    #[inline]
    pub(super) fn begin<T>(&self, work: impl FnOnce(&Call) -> Result<T, Error>) -> Result<T, Error> {
        self.check_fork()?;
        let call = self.call();
        match work(&call) {
            Ok(value) => Ok(value),
            Err(error) => Err(told(&call, error)),
        }
    }

    /// The same once for all that is about parcels, where a copy of it would cost more than it saves.
    #[inline(never)]
    pub(crate) fn run(&self, work: &mut dyn FnMut(&Call) -> Result<(), Error>) -> Result<(), Error> {
        self.begin(work)
    }

    /// Sends a request of which the answer itself is wanted.
    #[inline(never)]
    pub(crate) fn authorized(
        &self,
        call: &Call,
        operation: &Operation<'_>,
        content: Option<&[u8]>,
    ) -> Result<Response, Error> {
        service::response(|read| self.exchanged(call, operation, content, &mut Streams::default(), read))
    }

    /// Sends a request with the session's credential, and again with a newer one if that was refused.
    pub(crate) fn exchanged(
        &self,
        call: &Call,
        operation: &Operation<'_>,
        content: Option<&[u8]>,
        streams: &mut Streams<'_>,
        read: &mut Read<'_>,
    ) -> Result<Answer, Error> {
        let core = self.core();
        let mut lease = core.lease(call).map_err(|without| self.unsent(operation, without))?;
        let mut send = |lease: &Lease<Credential>| {
            core.service.send(call, &core.outgoing(operation, &lease.credential, content), streams, read)
        };
        // Refused means not done, so this is safe for every method: once with what replaces the credential, and then with
        // what took the place of that meanwhile.
        let mut again = 0;
        loop {
            let error = match send(&lease) {
                Err(error) if error.status == Status::Unauthenticated => error,
                Err(error) if again > 0 => {
                    return Err(Error::from(Facts {
                        outcome: error.outcome.max(Outcome::Refused),
                        ..error.into_facts()
                    }));
                }
                result => return result,
            };
            core.refused(lease.generation, &error);
            let newer = match again {
                0 => core.replacement(lease.generation, call),
                _ if again <= core.service.max_attempts() => core.newer(lease.generation, call),
                _ => Err(Without::Refused),
            };
            match newer {
                Ok(newer) => lease = newer,
                Err(without) => return Err(self.still_refused(error, without)),
            }
            tell_retry(call, &error, Duration::ZERO);
            again += 1;
        }
    }

    /// A call that did not begin.
    fn unsent(&self, operation: &Operation<'_>, without: Without) -> Error {
        self.without(&format!("{} not sent", operation.title()), without)
    }

    /// A call that was refused for its credential, and got no better one.
    fn still_refused(&self, error: Error, without: Without) -> Error {
        let status = match &without {
            Without::Refused => return error,
            Without::Ended(_) | Without::LoggedOut => None,
            Without::Later(..) | Without::Over(_) => Some(error.status),
        };
        let why = self.without("not sent again", without);
        Error::from(Facts {
            status: status.unwrap_or(why.status),
            retry_after_ms: why.retry_after_ms,
            message: format!("{}; {}", error.message, why.message),
            ..error.into_facts()
        })
    }
}
