//! What an answer, or the lack of one, means: the status, the outcome, and the words for a person.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::error::{Error, Facts, Outcome, Status};
use crate::http::find_field;
use crate::memory::OutOfMemory;
use crate::request::operation::Operation;
use crate::setting::Source;
use crate::transport::{Answer, Failure, Fault};
use crate::wire::{self, Envelope, Refusal, Unreadable};

/// Where an answer without a traceId in its body may have one. First what a server's own framework writes, by which its
/// support finds the request; then the W3C's, which some send back; last that of Cloudflare, which only knows its own part.
const TRACE_FIELDS: [&str; 6] =
    ["X-Trace-Id", "X-Request-Id", "Request-Id", "X-Correlation-Id", "traceparent", "CF-Ray"];

/// What messages may say of a client, and what they must not.
pub struct Context<'a> {
    pub operation: &'a Operation<'a>,
    /// The base URL.
    pub place: &'a str,
    pub sources: Sources,
    pub secrets: [&'a [&'a str]; 2],
    /// What was sent. In a call of the user's own it may hold secrets that only he knows.
    pub content: Option<&'a [u8]>,
}

/// Where the settings came from that a server's answer may be about.
#[derive(Clone, Copy, Default)]
pub struct Sources {
    pub base_url: Source,
    pub api_key: Source,
}

/// One error in the making.
struct Teller<'a> {
    context: &'a Context<'a>,
    /// What may not be shown of a call of the user's own: found once, for all that the error says. None when it is
    /// too much.
    own: Option<Vec<Zeroizing<String>>>,
}

impl Context<'_> {
    /// The envelope of an answer that is a success, or why it is none.
    pub fn envelope<'a>(&self, answer: &'a Answer) -> Result<Envelope<'a>, Error> {
        if !(200..300).contains(&answer.status) {
            return Err(Teller::of_words(self).not_a_success(answer));
        }
        // No content is an answer too (RFC 9110, 15.3.5).
        if answer.status == 204 {
            return Ok(Envelope::default());
        }
        let envelope = wire::parse_answer(&answer.body).map_err(|why| match why {
            Unreadable::Wrong(why) => self.bad_answer(answer, &why),
            Unreadable::OutOfMemory => {
                let failure = Failure { sent: true, http_status: answer.status, ..OutOfMemory.into() };
                self.failed(&failure, false)
            }
        })?;
        if envelope.success == Some(false) {
            return Err(Teller::of_words(self).not_done(answer));
        }
        Ok(envelope)
    }

    /// A 2xx that is not what ECGrid documents. Its text is not shown: it may hold a token.
    pub fn bad_answer(&self, answer: &Answer, why: &str) -> Error {
        Teller::of_words(self).bad_answer(answer, why)
    }

    /// Method and path, as messages show them.
    pub fn shown(&self) -> (&str, Cow<'_, str>) {
        let Operation { name, method, path, .. } = *self.operation;
        if !name.is_empty() {
            return (method, path.into());
        }
        let shown = Teller::of_call(self).name().into_owned();
        // Not behind the method where that is hidden too, as a password may be any text.
        let path = shown.strip_prefix(method).and_then(|rest| rest.strip_prefix(' ')).unwrap_or("/v2/***");
        (method, path.to_owned().into())
    }

    /// What ECGrid's support finds the request by, if the server says.
    pub fn trace_id(&self, answer: &Answer) -> Option<String> {
        let is_error = answer.status >= 400;
        let teller = if is_error { Teller::of_words(self) } else { Teller::of_call(self) };
        let said = if is_error { teller.refusal(answer).trace_id } else { String::new() };
        Some(teller.trace_id(answer, said)).filter(|id| !id.is_empty())
    }

    /// What a failure of the transport means. `again`: other tries went before.
    pub fn failed(&self, failure: &Failure, again: bool) -> Error {
        Teller::of_call(self).failed(failure, again)
    }
}

impl<'a> Teller<'a> {
    /// Of an answer whose words it repeats.
    fn of_words(context: &'a Context<'a>) -> Self {
        Self::new(context, usize::MAX)
    }

    /// Of what shows no more than the path of the call: a long body is not searched for what may stand in that too.
    fn of_call(context: &'a Context<'a>) -> Self {
        const BEGINNING: usize = 64 * 1024;
        Self::new(context, BEGINNING)
    }

    #[inline(never)]
    fn new(context: &'a Context<'a>, most: usize) -> Self {
        let Context { operation, content, .. } = *context;
        let sent = content.unwrap_or_default();
        let own = match operation.name {
            "" => wire::find_secrets(operation.path, &sent[..sent.len().min(most)]),
            _ => Some(Vec::new()),
        };
        Self { context, own }
    }

    /// All that may not be shown; None when it is too much to look for.
    fn secrets(&self) -> Option<Vec<&str>> {
        let own = self.own.as_ref()?;
        Some(self.known().chain(own.iter().map(|secret| secret.as_str())).collect())
    }

    fn known(&self) -> impl Iterator<Item = &str> {
        self.context.secrets.into_iter().flatten().copied()
    }

    /// What the call is called, without what was sent as a secret and stands in its path too.
    fn name(&self) -> Cow<'_, str> {
        let operation = self.context.operation;
        match operation.name {
            "" => self.clean(&operation.title()).unwrap_or_else(|| format!("{} /v2/***", operation.method)).into(),
            name => name.into(),
        }
    }

    /// Text from outside on one line, without secrets. None when that cannot be had.
    fn clean(&self, text: &str) -> Option<String> {
        Some(wire::excerpt(&wire::one_line(&wire::redact(text, &self.secrets()?))).into_owned())
    }

    fn refusal(&self, answer: &Answer) -> Refusal {
        wire::read_refusal(&answer.body, self.secrets().as_deref())
    }

    /// What ECGrid's support finds the request by: `said` is what the body says.
    fn trace_id(&self, answer: &Answer, said: String) -> String {
        if !said.is_empty() {
            return said;
        }
        let secrets = self.secrets();
        let id = |name: &&str| {
            let value = &answer.head[find_field(&answer.head, name.as_bytes())?];
            let id = wire::trace_id(std::str::from_utf8(value).ok()?, secrets.as_deref());
            Some(id).filter(|id| !id.is_empty())
        };
        TRACE_FIELDS.iter().find_map(id).unwrap_or_default()
    }

    fn bad_answer(&self, answer: &Answer, why: &str) -> Error {
        let (name, place) = (self.name(), self.context.place);
        let http_status = answer.status;
        Error::from(Facts {
            outcome: Outcome::Unknown,
            http_status,
            trace_id: self.trace_id(answer, String::new()),
            message: format!(
                "{name} answered by {place} with something that is not ECGrid's (HTTP {http_status}): {why}; {}",
                self.is_it_right()
            ),
            ..Facts::new(Status::BadResponse, "")
        })
    }

    fn refused(&self) -> String {
        format!("{} refused by {}", self.name(), self.context.place)
    }

    /// A 2xx that says success: false.
    fn not_done(&self, answer: &Answer) -> Error {
        let Refusal { code, message, trace_id, .. } = self.refusal(answer);
        let why = if message.is_empty() { "the answer says success: false" } else { &message };
        Error::from(Facts {
            outcome: Outcome::Refused,
            http_status: answer.status,
            message: format!("{} {}: {why}", self.refused(), numbers(answer.status, &code)),
            code,
            trace_id: self.trace_id(answer, trace_id),
            ..Facts::new(Status::Rejected, "")
        })
    }

    fn not_a_success(&self, answer: &Answer) -> Error {
        let http_status = answer.status;
        if (300..400).contains(&http_status) {
            return self.redirected(answer);
        }
        let Refusal { code, message, trace_id, is_ecgrids } = self.refusal(answer);
        let (status, outcome) = match http_status {
            401 => (Status::Unauthenticated, Outcome::Refused),
            403 => (Status::Forbidden, Outcome::Refused),
            404 => (Status::NotFound, Outcome::Refused),
            429 => (Status::RateLimited, Outcome::Refused),
            400..500 => (Status::Rejected, Outcome::Refused),
            // A gateway that passed the request on, and then lost its server, says 503 too.
            503 if is_ecgrids || answer.retry_after_ms.is_some() => (Status::ServerError, Outcome::Refused),
            500..600 => (Status::ServerError, Outcome::Unknown),
            _ => return self.bad_answer(answer, "no such status is documented"),
        };
        let retry_after_ms = answer.retry_after_ms;
        let advice = match status {
            Status::ServerError if outcome == Outcome::Refused => "the server is not available now".into(),
            Status::ServerError if http_status == 503 => {
                "the answer is not ECGrid's own; it may have been done all the same".into()
            }
            _ => self.advice(status, &code),
        };
        let wait = match (retry_after_ms, http_status) {
            (Some(wait @ 1..), 429 | 503) => format!("; the server asks to wait {} s", wait / 1000),
            (_, 429 | 503) if outcome == Outcome::Refused => "; try again later".into(),
            _ => String::new(),
        };
        let verb = match status {
            Status::ServerError => format!("{} failed at {}", self.name(), self.context.place),
            _ => self.refused(),
        };
        let words = if message.is_empty() { String::new() } else { format!("; the server says: {message}") };
        Error::from(Facts {
            status,
            outcome,
            http_status,
            message: format!("{verb} {}: {advice}{wait}{words}", numbers(http_status, &code)),
            code,
            trace_id: self.trace_id(answer, trace_id),
            retry_after_ms,
        })
    }

    /// What to do, as far as the status says.
    fn advice(&self, status: Status, code: &str) -> Cow<'static, str> {
        let about_key = code.eq_ignore_ascii_case("InvalidAPIKey");
        let Context { operation, sources, .. } = self.context;
        let advice = match status {
            Status::Unauthenticated if about_key => {
                // Only a login sends the one of the configuration.
                let source = if operation.takes_password { sources.api_key } else { Source::Program };
                return format!("the API key{source} is wrong or was replaced").into();
            }
            Status::Unauthenticated if operation.takes_password => "the user name or password is wrong",
            Status::Unauthenticated => "the credential is wrong or no longer valid",
            Status::Forbidden => "this account may not do that (its AuthLevel is too low, or access is blocked)",
            Status::NotFound if operation.name.is_empty() => "there is no such id or path",
            Status::NotFound => return format!("nothing is there; {}", self.is_it_right()).into(),
            Status::RateLimited => "too many requests",
            Status::ServerError => "an error inside the server; it may have been done all the same",
            _ => "the request was not accepted",
        };
        advice.into()
    }

    fn is_it_right(&self) -> String {
        format!("is the base URL{} right?", self.context.sources.base_url)
    }

    fn redirected(&self, answer: &Answer) -> Error {
        let location = find_field(&answer.head, b"Location").and_then(|at| std::str::from_utf8(&answer.head[at]).ok());
        let target = location.map(host_of).filter(|host| !host.is_empty());
        let to = target.and_then(|host| self.clean(host)).map(|host| format!(" to {host}")).unwrap_or_default();
        Error::from(Facts {
            outcome: Outcome::Unknown,
            http_status: answer.status,
            trace_id: self.trace_id(answer, String::new()),
            message: format!(
                "{} redirected by {}{to} (HTTP {}): not followed, as a credential would go with it; {}",
                self.name(),
                self.context.place,
                answer.status,
                self.is_it_right()
            ),
            ..Facts::new(Status::BadResponse, "")
        })
    }

    fn failed(&self, failure: &Failure, again: bool) -> Error {
        let (name, place) = (self.name(), self.context.place);
        let status = status_of(failure);
        // How long an answer may be to a call of the user's own, he has set, or nobody has.
        let is_too_long = failure.fault == Fault::TooLarge
            && failure.http_status != 0
            && self.context.operation.largest_answer == u64::MAX;
        let advice = match failure.fault {
            _ if is_too_long => "; that is the largest answer that is accepted here".into(),
            Fault::Unreachable => {
                format!("; is the network up, and the base URL{} right?", self.context.sources.base_url)
            }
            Fault::Malformed | Fault::TooLarge => format!("; {}", self.is_it_right()),
            _ => String::new(),
        };
        let (outcome, sent) = match failure.sent {
            false if again => (Outcome::NotSent, "not sent again"),
            false => (Outcome::NotSent, "not sent"),
            true if is_too_long || status == Status::OutOfMemory => {
                (Outcome::Unknown, "answered, but the answer cannot be kept")
            }
            true if status == Status::File => (Outcome::Unknown, "begun, but not finished"),
            true if status == Status::BadResponse => (Outcome::Unknown, "answered with what is not ECGrid's"),
            true if self.context.operation.is_safe => (Outcome::Unknown, "not answered"),
            true => (Outcome::Unknown, "sent but not answered, it may have been done"),
        };
        // No word of a server that has read the request is in it, so it can be shown whatever was sent.
        let secrets = self.secrets().unwrap_or_else(|| self.known().collect());
        let detail = wire::one_line(&wire::redact(&failure.detail, &secrets));
        Error::from(Facts {
            outcome,
            http_status: failure.http_status,
            message: format!("{name} {sent} ({place}): {detail}{advice}"),
            ..Facts::new(status, "")
        })
    }
}

pub fn status_of(failure: &Failure) -> Status {
    match failure.fault {
        Fault::Unreachable | Fault::Proxy { .. } | Fault::System => Status::Unreachable,
        Fault::Tls { .. } => Status::Tls,
        Fault::ConnectTimeout | Fault::Timeout => Status::Timeout,
        Fault::Lost => Status::ConnectionLost,
        Fault::Malformed | Fault::TooLarge => Status::BadResponse,
        Fault::Cancelled => Status::Cancelled,
        Fault::File => Status::File,
        Fault::OutOfMemory => Status::OutOfMemory,
    }
}

fn numbers(http_status: u16, code: &str) -> String {
    match code {
        "" => format!("(HTTP {http_status})"),
        code => format!("(HTTP {http_status}, {code})"),
    }
}

/// The host and port of a Location, which may hold secrets elsewhere.
fn host_of(location: &str) -> &str {
    let Some((_, rest)) = location.split_once("//") else { return "" };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::memory::Buffer;

    /// The error of a call of the user's own.
    fn error_of(status: u16, sent: &str, said: &str) -> Error {
        let operation = Operation::call("POST", "/v2/keys/canary-1?x=canary-1");
        let context = Context {
            operation: &operation,
            place: "https://h",
            sources: Sources::default(),
            secrets: [&["own"], &[]],
            content: Some(sent.as_bytes()),
        };
        let mut body = Buffer::default();
        body.append(said.as_bytes()).unwrap();
        let mut head = Buffer::default();
        head.append(b"HTTP/1.1 200 OK\r\nLocation: https://canary-1.example/\r\n").unwrap();
        head.append(b"X-Request-Id: canary-1\r\nCF-Ray: \xff\r\ntraceparent: 00-ab\r\n\r\n").unwrap();
        let answer = Answer { status, asked: Duration::ZERO, date: None, retry_after_ms: None, head, body };
        context.envelope(&answer).err().unwrap()
    }

    #[test]
    fn what_was_sent_as_a_secret_is_not_shown_of_the_path_either() {
        let said = r#"{"success":false,"errorCode":"Canary","message":"no canary-1"}"#;
        for status in [200, 302, 400, 401, 503, 600] {
            let error = error_of(status, r#"{"key":"canary-1"}"#, said);
            assert!(error.message.starts_with("POST /v2/keys/*** ") && !error.message.contains("canary"), "{error:?}");
            assert_eq!(error.trace_id, "00-ab", "{status}: of an id with a secret in it there is another");
        }
    }

    /// A password may be anything, also the call itself: what is shown of a path then has no beginning to be cut from.
    #[test]
    fn the_path_is_shown_whatever_part_of_the_call_a_password_is() {
        for (password, shown) in
            [("PUT /v2/users/me", "/v2/***"), ("PUT /v2", "/v2/***"), ("PUT", "/v2/***"), ("other", "/v2/users/me")]
        {
            let operation = Operation::call("PUT", "/v2/users/me");
            let context = Context {
                operation: &operation,
                place: "https://h",
                sources: Sources::default(),
                secrets: [&[password], &[]],
                content: None,
            };
            assert_eq!(context.shown(), ("PUT", shown.into()), "{password}");
        }
    }

    #[test]
    fn an_error_is_told_without_the_servers_words_when_too_much_of_them_may_be_secret() {
        let keys: Vec<String> = (0..99).map(|number| format!(r#""canary-{number}""#)).collect();
        let sent = format!(r#"{{"keys":[{}]}}"#, keys.join(","));
        for (status, rest) in [
            (200, "refused by https://h (HTTP 200): the answer says success: false"),
            (
                302,
                "redirected by https://h (HTTP 302): not followed, as a credential would go with it; is the base URL right?",
            ),
            (400, "refused by https://h (HTTP 400): the request was not accepted"),
        ] {
            let said = r#"{"success":false,"errorCode":"canary-98","message":"no canary-98"}"#;
            let error = error_of(status, &sent, said);
            assert_eq!((&*error.message, &*error.code), (&*format!("POST /v2/*** {rest}"), ""));
            assert_eq!(error.trace_id, "");
        }
    }
}
