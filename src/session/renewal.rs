//! A flight: the requests by which a session comes by a new credential, on a thread of its own.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::credential::Credential;
use super::flight::{Grant, Landing, Offer, Step, Time};
use super::inner::{Core, Why};
use super::keep_alive::{Attended, Next};
use crate::client;
use crate::error::{Error, Facts, Outcome, Status};
use crate::http::NOTHING;
use crate::log::{self, Level};
use crate::request::operation::Operation;
use crate::request::retry::random_below;
use crate::request::service;
use crate::token::Token;
use crate::transport::Call;
use crate::{platform, standalone};

/// A flight has this long for all its requests, whatever the client's calls have: all wait for what it brings.
const TIMEOUT: Duration = Duration::from_secs(if cfg!(test) { 2 } else { 30 });

/// A token, and when it is to be refreshed: after 78 to 82 % of its lifetime, so that processes that were started
/// together do not refresh together.
pub fn grant(token: Token) -> Grant<Credential> {
    let now = platform::steady_clock();
    // A token just granted is not over. If its dates say so, a clock or a time zone is wrong, and a 401 will tell.
    let (due, ends) = match token.ends().filter(|ends| *ends > now) {
        Some(ends) => {
            let hundredth = (ends - now) / 100;
            (now.saturating_add(hundredth * 78 + random_below(hundredth * 4)), ends)
        }
        None => (Time::MAX, Time::MAX),
    };
    Grant { credential: Arc::new(token), granted: now, due, ends }
}

/// Makes the requests of a flight, on this thread.
pub fn fly(core: &Core, step: Step<Credential>) {
    let _quiet = standalone::quiet();
    let _hold = core.service.log().hold();
    // Of a connection that was kept one cannot know whether a request that it lost was done.
    let call = core.service.call(&core.flying, Some(TIMEOUT), Instant::now()).on_a_fresh_connection();
    let (mut next, mut before) = (Some(step), None);
    while let Some(step) = next {
        let result = catch_unwind(AssertUnwindSafe(|| core.take(&call, &step))).unwrap_or_else(|panic| {
            // It may hold anything, and may panic again when it is dropped.
            std::mem::forget(panic);
            let why =
                Error::new(Status::Internal, "a bug in libecgrid ended the refresh of the token; please report it");
            Err(Error::from(Facts { outcome: Outcome::Unknown, ..why.into_facts() }))
        });
        let landing = match result {
            Ok(Some(token)) => Landing::Granted(grant(token)),
            Ok(None) => Landing::Alive,
            Err(error) => land(&step, error, before.take()),
        };
        tell_step(&call, &step, &landing);
        before = landing.why().cloned();
        next = core.flights.landed(landing, platform::steady_clock());
    }
    core.tell_over(&call);
    drop(call);
    core.landed();
}

fn tell_step(call: &Call, step: &Step<Credential>, landing: &Landing<Credential, Why>) {
    let level = if landing.why().is_some() { Level::Warn } else { Level::Info };
    call.log().tell(level, |number| {
        let step = match step {
            Step::Refresh(_) => "refresh",
            Step::Probe(_) => "question",
            Step::LogIn => "login",
        };
        let result = match landing {
            Landing::Granted(_) => "renewed",
            Landing::Alive => "alive",
            Landing::NotDone(..) => "not-done",
            Landing::Refused(_) => "refused",
            Landing::Declined(_) => "declined",
            Landing::Unknown(_) => "unknown",
        };
        let expires_in = match landing {
            Landing::Granted(grant) => grant.credential.expires_in(),
            _ => None,
        };
        let error = landing.why().map(|why| &*why.message);
        log::Refresh { call: number, step, result, expires_in, error }.line()
    });
}

impl Core {
    /// Sends the request of one step. It may bring a token; a question brings none.
    fn take(&self, call: &Call, step: &Step<Credential>) -> Result<Option<Token>, Error> {
        if self.is_abandoned() {
            return Err(not_sent("the session was freed"));
        }
        match step {
            Step::Refresh(credential) => self.refresh(call, credential).map(Some),
            Step::Probe(credential) => {
                match self.service.ask(call, &self.outgoing(&Operation::PROBE, credential, Some(NOTHING))) {
                    // Whom ECGrid forbids something, it knows.
                    Err(error) if error.status == Status::Forbidden => Ok(None),
                    result => result.map(|_| None),
                }
            }
            Step::LogIn => {
                let kept = self.kept().ok_or_else(|| not_sent("no password is kept"))?;
                let [login, password] = kept.get();
                client::log_in(&self.service, call, &Operation::LOGIN_AGAIN, login, password).map(Some)
            }
        }
    }

    fn refresh(&self, call: &Call, credential: &Credential) -> Result<Token, Error> {
        let body = service::compose(&Operation::REFRESH, &[("token", credential.secret())])?;
        let outgoing = self.outgoing(&Operation::REFRESH, credential, Some(&body));
        client::token_of(&self.service, call, &outgoing).map(|token| token.with_user_of(credential))
    }

    /// Begins a flight. It belongs to the session: whoever waits for it may go away.
    pub fn launch(self: &Arc<Self>, step: Step<Credential>) {
        let core = self.clone();
        if let Err(error) = platform::spawn("ecgrid-session", Box::new(move || fly(&core, step))) {
            self.not_launched(&error);
        }
    }

    /// A flight that could not even begin.
    fn not_launched(&self, error: &io::Error) {
        let why = not_sent(&format!("cannot start a thread: {}", platform::reason(error)));
        self.flights.landed(Landing::NotDone(Arc::new(why), None), platform::steady_clock());
        self.landed();
    }
}

impl Attended for Core {
    fn attend(self: Arc<Self>) -> Next {
        match self.flights.attend(platform::steady_clock()) {
            Offer::Take(lease) => Next::At(lease.until),
            Offer::Later(at, _) => Next::At(at),
            Offer::Start(step, _) => {
                self.launch(step);
                Next::AfterFlight
            }
            // The end of what is under way is told.
            Offer::Wait(_) => Next::At(Time::MAX),
            Offer::Stands | Offer::Over(_) | Offer::LoggedOut => Next::Never,
        }
    }
}

fn not_sent(why: &str) -> Error {
    Error::new(Status::Unreachable, format!("refresh of the token not sent: {why}"))
}

/// What a failed step means for the credential. `before`: what went wrong in the step before it.
fn land(step: &Step<Credential>, mut error: Error, before: Option<Why>) -> Landing<Credential, Why> {
    let wish = error.retry_after_ms.map(|wish| Duration::from_millis(wish.unsigned_abs()));
    let (status, outcome) = (error.status, error.outcome);
    let later = matches!(error.http_status, 429 | 503);
    let is_question = matches!(step, Step::Probe(_));
    if let Some(before) = before {
        // Whoever waits for the flight is told of all that it sent.
        error.outcome = outcome.max(before.outcome);
        if is_question {
            error.message = format!("{}; {}", before.message, error.message);
        }
    }
    let why = Arc::new(error);
    match (status, outcome) {
        (_, Outcome::NotSent) => Landing::NotDone(why, None),
        (_, Outcome::Refused) if later => Landing::NotDone(why, wish),
        (Status::Unauthenticated, _) => Landing::Refused(why),
        // Another refusal says nothing of the token that was asked about.
        _ if is_question => Landing::NotDone(why, None),
        (_, Outcome::Refused) => Landing::Declined(why),
        (_, Outcome::Unknown) => Landing::Unknown(why),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Instant;

    use super::*;
    use crate::client::Client;
    use crate::session::Session;
    use crate::settings::config::Config;

    /// A server that grants a token, loses a refresh after most of a flight's time, and does not answer the question
    /// that follows. Its address.
    fn slow_server() -> String {
        const DATA: &str = r#"{"success":true,"data":{"token":"t1","userId":1}}"#;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            let mut open = Vec::new();
            for (number, stream) in listener.incoming().take(3).enumerate() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                match number {
                    0 => write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{DATA}", DATA.len()).unwrap(),
                    1 => {
                        thread::sleep(TIMEOUT * 9 / 10);
                        continue;
                    }
                    _ => {}
                }
                open.push(stream);
            }
            // Until the other end has had enough.
            open.iter_mut().for_each(|stream| drop(stream.read(&mut [0; 4096])));
        });
        address
    }

    #[test]
    fn a_flight_has_its_own_time_for_all_its_requests_whatever_the_clients_timeout() {
        let mut config = Config::default();
        config.set_base_url(&slow_server()).unwrap();
        config.set_timeout_ms(600_000).unwrap();
        let client = Client::new(&config).unwrap();
        let session = Session::login(&client, "anna", "secret").unwrap();
        let (tells, told) = channel();
        let begun = Instant::now();
        thread::spawn(move || tells.send(session.refresh()));
        let error = told.recv_timeout(TIMEOUT * 5).expect("the flight ends").unwrap_err();
        assert!(begun.elapsed() < TIMEOUT * 9 / 5, "each request had its own time");
        assert_eq!((error.status, error.outcome), (Status::Timeout, Outcome::Unknown), "{error:?}");
        let limit = format!("the timeout of {} ms passed", TIMEOUT.as_millis());
        assert!(error.message.contains(&limit), "{error:?}");
        assert!(error.message.contains("refresh of the token sent but not answered"), "{error:?}");
    }
}
