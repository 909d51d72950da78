//! A session: one credential, kept valid, for any number of threads. docs/sessions.md tells the rules.

mod calls;
mod credential;
mod flight;
mod inner;
mod keep_alive;
mod lease;
#[cfg(test)]
mod ledger_tests;
mod path;
mod policy;
mod renewal;
mod shard;
mod sync;

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use self::flight::{Ending, Offer};
use self::inner::Core;
use self::keep_alive::Place;
use self::lease::Without;
use crate::client::Client;
use crate::error::{Error, Facts, Outcome, Status};
use crate::memory::locked::LockedTexts;
use crate::platform;
use crate::request::service::Service;
use crate::request::verdict;
use crate::settings::config;
use crate::settings::own_timeout::OwnTimeout;
use crate::token::Token;
use crate::transport::{Call, Scope};

/// A handle on a session, and the scope of a cancel.
pub struct Session {
    shared: Arc<Shared>,
    scope: Scope,
    timeout: OwnTimeout,
}

/// Gone with the last handle, while a flight may still have the core.
struct Shared(Arc<Core>);

impl Drop for Shared {
    fn drop(&mut self) {
        // In a forked child its locks may be held by threads that are not there.
        if self.0.service.is_ours() {
            self.0.abandon();
        }
    }
}

impl Session {
    /// Logs in, once.
    pub fn login(client: &Client, login: &str, password: &str) -> Result<Self, Error> {
        let service = client.service();
        // First of all: a child may never get a lock of its parent's.
        service.check_fork("client")?;
        // Before the login: one that then cannot be kept would be for nothing.
        let kept =
            service.keeps_passwords().then(|| LockedTexts::new([login, password])).transpose().map_err(|error| {
                let why = platform::reason(&error);
                Error::new(
                    Status::OutOfMemory,
                    format!("login not sent: there is no memory to keep the password in: {why}"),
                )
            })?;
        // So is one that then cannot be kept alive.
        let place = service.keeps_alive().then(place).transpose()?;
        let scope = client.session_scope()?;
        let token = client.login(login, password)?;
        let session = Self::of(Core::with_token(service.clone(), renewal::grant(token), kept, place), scope);
        if let Some(place) = &session.core().place {
            place.seat(session.core().clone());
        }
        Ok(session)
    }

    /// Makes no request.
    pub fn with_api_key(client: &Client, key: &str) -> Result<Self, Error> {
        client.service().check_fork("client")?;
        config::header_value("the API key", key)?;
        Ok(Self::of(Core::with_key(client.service().clone(), key), client.session_scope()?))
    }

    fn of(core: Core, scope: Scope) -> Self {
        Self { shared: Arc::new(Shared(Arc::new(core))), scope, timeout: OwnTimeout::default() }
    }

    /// A clone: the same credential, and a child of this handle.
    pub fn another(&self) -> Result<Self, Error> {
        self.check_fork()?;
        let scope = self.scope.another().map_err(|_| Error::no_memory("a clone of a session"))?;
        Ok(Self { shared: self.shared.clone(), scope, timeout: self.timeout.clone() })
    }

    /// Ends the calls now running through this handle and its clones. A refresh goes on.
    pub fn cancel(&self) {
        self.scope.cancel();
    }

    /// Ends the calls through this handle and its clones, now and later. A refresh goes on.
    pub fn stop(&self) {
        self.scope.stop();
    }

    /// For the calls of this handle and of later clones; 0 is the configuration's.
    pub fn set_timeout_ms(&self, milliseconds: i64) -> Result<(), Error> {
        self.check_fork()?;
        self.timeout.set(milliseconds)
    }

    /// A token that is good now, refreshed first when that is due; or the API key.
    pub fn token(&self) -> Result<Arc<Token>, Error> {
        self.check_fork()?;
        let core = self.core();
        match core.flights.read(shard::mine(), platform::steady_clock()) {
            Some(lease) => Ok(lease.credential),
            None => self.begin(|call| {
                core.lease(call).map(|lease| lease.credential).map_err(|without| self.without("no token", without))
            }),
        }
    }

    /// ECGrid answered 401 to a request of the caller's own with that token. What is not, or no longer, this session's
    /// credential changes nothing. Asks nobody: whoever next needs the credential does.
    pub fn refused(&self, token: &Token) -> Result<(), Error> {
        self.check_fork()?;
        let core = self.core();
        if let Some(generation) = core.flights.generation_of(|current| current.is(token)) {
            let place = core.service.place();
            let message = format!("a request that the program sent itself was refused by {place} (HTTP 401)");
            let error = Error::new(Status::Unauthenticated, message);
            core.refused(
                generation,
                &Error::from(Facts { outcome: Outcome::Refused, http_status: 401, ..error.into_facts() }),
            );
        }
        Ok(())
    }

    /// Gets a new token, or joins in when that is under way: tells how that flight went, and nothing of others.
    pub fn refresh(&self) -> Result<(), Error> {
        const WHAT: &str = "no new token";
        let core = self.core();
        self.begin(|call| {
            loop {
                call.check().map_err(|failure| self.without(WHAT, Without::Ended(failure)))?;
                let flight = match core.flights.force(platform::steady_clock()) {
                    Offer::Start(step, flight) => {
                        core.launch(step);
                        flight
                    }
                    Offer::Wait(flight) => flight,
                    Offer::Stands => {
                        let advice = "to replace it, generate a new one";
                        return Err(state(&format!("this session has an API key, which is not refreshed; {advice}")));
                    }
                    Offer::Over(why) => {
                        core.tell_over(call);
                        return Err(self.without(WHAT, Without::Over(why)));
                    }
                    Offer::LoggedOut => return Err(self.without(WHAT, Without::LoggedOut)),
                    Offer::Later(at, why) => return Err(self.without(WHAT, Without::Later(at, why))),
                    // A token that was not asked for.
                    Offer::Take(_) => continue,
                };
                // The flight goes on without who waited for it, so it may have been done.
                let ending = core.wait(&flight, call).map_err(|without| {
                    Error::from(Facts { outcome: Outcome::Unknown, ..self.without(WHAT, without).into_facts() })
                })?;
                match ending {
                    Ending::Renewed => return Ok(()),
                    Ending::Failed(why) => return Err((*why).clone()),
                    Ending::Over(why) => {
                        let (outcome, http_status) = (why.outcome, why.http_status);
                        return Err(Error::from(Facts {
                            outcome,
                            http_status,
                            ..self.without(WHAT, Without::Over(why)).into_facts()
                        }));
                    }
                    Ending::Unchanged => {}
                }
            }
        })
    }

    pub(crate) fn service(&self) -> &Service {
        &self.core().service
    }

    fn core(&self) -> &Arc<Core> {
        &self.shared.0
    }

    pub(crate) fn check_fork(&self) -> Result<(), Error> {
        self.core().service.check_fork("session")
    }

    fn call(&self) -> Call<'_> {
        self.core().service.call(self.scope.calls(), self.timeout.get(), Instant::now())
    }

    /// What it means for a call to have no credential. `what` begins the message.
    fn without(&self, what: &str, without: Without) -> Error {
        let place = self.core().service.place();
        match without {
            Without::Ended(failure) => {
                Error::new(verdict::status_of(&failure), format!("{what} ({place}): {}", failure.detail))
            }
            Without::Later(at, why) => {
                let wait = at.saturating_sub(platform::steady_clock());
                let milliseconds = wait.as_secs() * 1000 + u64::from(wait.subsec_millis());
                Error::from(Facts {
                    retry_after_ms: i64::try_from(milliseconds.max(1)).ok(),
                    trace_id: why.trace_id.clone(),
                    message: format!(
                        "{what}: the session cannot renew its token now ({}); it tries again in {} s",
                        why.message,
                        wait.as_secs() + 1
                    ),
                    ..Facts::new(why.status, "")
                })
            }
            Without::Over(why) => Error::from(Facts {
                code: why.code.clone(),
                trace_id: why.trace_id.clone(),
                message: format!("{what}: the session at {place} is over ({}); log in again", why.message),
                ..Facts::new(Status::Unauthenticated, "")
            }),
            Without::Refused => Error::new(Status::Unauthenticated, format!("{what}: the credential was refused")),
            Without::LoggedOut => state(&format!("{what}: this session was logged out; log in again")),
        }
    }
}

/// Among the sessions that are kept alive.
fn place() -> Result<Place, Error> {
    Place::enter().map_err(|error| {
        let message =
            format!("login not sent: cannot start the thread that keeps sessions alive: {}", platform::reason(&error));
        Error::new(Status::Unreachable, message)
    })
}

fn state(message: &str) -> Error {
    Error::new(Status::InvalidState, message)
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("base_url", &self.core().service.place()).finish_non_exhaustive()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::settings::config::Config;

    #[test]
    fn a_child_is_refused_a_session_also_when_it_was_forked_while_another_was_made() {
        let client = Client::new(&Config::default()).unwrap();
        let scope = client.session_scope().unwrap();
        let status = scope.locked(|| {
            // SAFETY: the child makes one call, which a timer ends if it hangs, and ends at once.
            let child = unsafe { libc::fork() };
            if child == 0 {
                unsafe { libc::alarm(10) };
                let refused =
                    Session::login(&client, "anna", "secret").is_err_and(|error| error.status == Status::InvalidState);
                unsafe { libc::_exit(i32::from(!refused)) };
            }
            let mut status = -1;
            unsafe { libc::waitpid(child, &mut status, 0) };
            status
        });
        assert_eq!(status, 0);
    }
}
