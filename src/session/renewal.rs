//! A flight: the requests by which a session comes by a new credential, on a thread of its own.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::core::{Core, Why};
use super::credential::Credential;
use super::ledger::{Grant, Landing, Step, Time};
use crate::client;
use crate::error::{Error, Outcome, Status};
use crate::http::Content;
use crate::operation::Operation;
use crate::retry::random_below;
use crate::service::Outgoing;
use crate::token::Token;
use crate::transport::Call;
use crate::wire::{self, TokenBody};
use crate::{platform, standalone};

/// A token, and when it is to be refreshed: after 78 to 82 % of its lifetime, so that processes that were started together do not refresh together.
pub fn grant(token: Token) -> Grant<Credential> {
    let now = platform::steady_clock();
    let ends = token.ends().unwrap_or(Time::MAX);
    let due = match token.ends() {
        Some(ends) => {
            let hundredth = ends.saturating_sub(now) / 100;
            now.saturating_add(hundredth * 78 + random_below(hundredth * 4))
        }
        None => Time::MAX,
    };
    Grant { credential: Credential::Token(Arc::new(token)), due, ends }
}

pub struct Flight {
    core: Arc<Core>,
    landed: bool,
}

impl Flight {
    pub fn new(core: Arc<Core>) -> Self {
        Self { core, landed: false }
    }

    pub fn run(mut self, step: Step<Credential>) {
        let _quiet = standalone::quiet();
        let mut next = Some(step);
        while let Some(step) = next {
            let landing = self.core.take(&step);
            next = self.core.flights.landed(landing, platform::steady_clock());
        }
        self.landed = true;
    }
}

impl Drop for Flight {
    /// Nobody may wait for ever for a flight that a bug has ended.
    fn drop(&mut self) {
        while !self.landed && std::thread::panicking() {
            let why = Error {
                outcome: Outcome::Unknown,
                ..Error::new(Status::Internal, "a bug in libecgrid ended the refresh of the token; please report it")
            };
            let next = self.core.flights.landed(Landing::Unknown(Arc::new(why)), platform::steady_clock());
            self.landed = next.is_none();
        }
    }
}

impl Core {
    /// Sends the request of one step.
    fn take(&self, step: &Step<Credential>) -> Landing<Credential, Why> {
        // Of a connection that was kept one cannot know whether a request that it lost was done.
        let call = self.service.call([Some(&self.flight_scope), None], Instant::now()).on_a_fresh_connection();
        if self.is_abandoned() {
            return not_done("the session was freed");
        }
        let result = match step {
            Step::Refresh(credential) => self.refresh(&call, credential),
            Step::Probe(credential) => {
                let outgoing = self.outgoing(&Operation::PROBE, credential, None);
                match self.service.ask(&call, &outgoing) {
                    Ok(_) => return Landing::Alive,
                    Err(error) if error.status == Status::Unauthenticated => Err(Error {
                        message: format!(
                            "the answer to the refresh of the token got lost, and {} does not know the old one any more",
                            self.service.place()
                        ),
                        ..error
                    }),
                    Err(error) => Err(error),
                }
            }
            Step::LogIn => {
                let Some(kept) = self.kept() else { return not_done("no password is kept") };
                let [login, password] = kept.get();
                client::log_in(&self.service, &call, &Operation::LOGIN_AGAIN, login, password)
            }
        };
        match result {
            Ok(token) => Landing::Granted(grant(token)),
            Err(error) => land(error),
        }
    }

    fn refresh(&self, call: &Call, credential: &Credential) -> Result<Token, Error> {
        let body = TokenBody { token: credential.secret() };
        let content = Content { length: body.length(), write: &|into| body.write(into) };
        let outgoing = self.outgoing(&Operation::REFRESH, credential, Some(content));
        let (_, token) = self.service.send(call, &outgoing, |answer, envelope, context| {
            let data = wire::parse_login(envelope.data.unwrap_or("null"))
                .map_err(|why| context.bad_answer(answer.status, why))?;
            Ok(Token::new(data, answer.date, answer.asked))
        })?;
        Ok(match credential {
            Credential::Token(old) => token.with_user_of(old),
            Credential::Key(_) => token,
        })
    }

    pub fn outgoing<'a>(
        &self,
        operation: &'a Operation<'a>,
        credential: &'a Credential,
        content: Option<Content<'a>>,
    ) -> Outgoing<'a> {
        Outgoing { operation, credential: credential.header(), content, secrets: [credential.secret(), "", ""] }
    }

    /// A flight that could not even begin.
    pub fn not_launched(&self, error: &io::Error) {
        self.flights.landed(not_done(&format!("cannot start a thread: {error}")), platform::steady_clock());
    }
}

fn not_done(why: &str) -> Landing<Credential, Why> {
    land(Error::new(Status::Unreachable, format!("refresh of the token not sent: {why}")))
}

/// What a failed step means for the credential.
fn land(error: Error) -> Landing<Credential, Why> {
    let wish = error.retry_after_ms.map(|wish| Duration::from_millis(wish.unsigned_abs()));
    let (status, outcome) = (error.status, error.outcome);
    let later = matches!(error.http_status, 429 | 503);
    let why = Arc::new(error);
    match (status, outcome) {
        (_, Outcome::NotSent) => Landing::NotDone(why, None),
        (_, Outcome::Refused) if later => Landing::NotDone(why, wish),
        (Status::Unauthenticated, _) => Landing::Refused(why),
        (_, Outcome::Refused) => Landing::Declined(why),
        (_, Outcome::Unknown) => Landing::Unknown(why),
    }
}
