//! What an answer, or the lack of one, means: the status, the outcome, and the words for a person.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::error::{Error, Outcome, Status};
use crate::http::Content;
use crate::operation::Operation;
use crate::secret::SecretBytes;
use crate::transport::{Answer, Failure, Fault};
use crate::wire::{self, Envelope, Refusal};

/// What messages may say of a client, and what they must not.
pub struct Context<'a> {
    pub operation: &'a Operation<'a>,
    /// The base URL.
    pub place: &'a str,
    pub secrets: &'a [&'a str],
    /// What was sent. In a call of the user's own it may hold secrets that only he knows.
    pub content: Option<&'a Content<'a>>,
}

impl Context<'_> {
    /// What the call is called. Nothing else of its path is shown: a query may hold anything.
    fn name(&self) -> Cow<'_, str> {
        let Operation { name, method, .. } = *self.operation;
        match name {
            "" => Cow::Owned(format!("{method} {}", self.clean(self.operation.route()))),
            name => Cow::Borrowed(name),
        }
    }

    /// Text from outside on one line, without secrets.
    fn clean(&self, text: &str) -> String {
        let own = self.own_secrets();
        wire::excerpt(&wire::one_line(&wire::redact(text, &self.all_secrets(&own)))).into_owned()
    }

    fn refusal(&self, answer: &Answer) -> Refusal {
        let own = self.own_secrets();
        wire::read_refusal(&answer.body, &self.all_secrets(&own))
    }

    /// What may not be shown of a call of the user's own, looked for only when there is something to show.
    #[inline(never)]
    fn own_secrets(&self) -> Vec<Zeroizing<String>> {
        if !self.operation.name.is_empty() {
            return Vec::new();
        }
        let mut sent = SecretBytes::default();
        if let Some(content) = self.content {
            sent.reserve_exact(content.length);
            (content.write)(&mut sent);
        }
        wire::find_secrets(self.operation.path, &sent)
    }

    fn all_secrets<'a>(&'a self, own: &'a [Zeroizing<String>]) -> Vec<&'a str> {
        self.secrets.iter().copied().chain(own.iter().map(|secret| secret.as_str())).collect()
    }

    /// The envelope of an answer that is a success, or why it is none.
    pub fn judge<'a>(&self, answer: &'a Answer) -> Result<Envelope<'a>, Error> {
        if !(200..300).contains(&answer.status) {
            return Err(self.not_a_success(answer));
        }
        // No content is an answer too (RFC 9110, 15.3.5).
        if answer.status == 204 {
            return Ok(Envelope::default());
        }
        let envelope = wire::parse_envelope(&answer.body).map_err(|why| self.bad_answer(answer.status, &why))?;
        if envelope.success == Some(false) {
            let refusal = self.refusal(answer);
            let why = if refusal.message.is_empty() { "the answer says success: false" } else { &refusal.message };
            return Err(Error {
                outcome: Outcome::Refused,
                http_status: answer.status,
                message: format!("{} {}: {why}", self.refused(), numbers(answer.status, &refusal.code)),
                code: refusal.code.clone(),
                ..Error::new(Status::Rejected, "")
            });
        }
        Ok(envelope)
    }

    /// A 2xx that is not what ECGrid documents. Its text is not shown: it may hold a token.
    pub fn bad_answer(&self, http_status: u16, why: &str) -> Error {
        let (name, place) = (self.name(), self.place);
        Error {
            outcome: Outcome::Unknown,
            http_status,
            message: format!(
                "{name} answered by {place} with something that is not ECGrid's (HTTP {http_status}): {why}; is this ECGrid's address?"
            ),
            ..Error::new(Status::BadResponse, "")
        }
    }

    fn refused(&self) -> String {
        format!("{} refused by {}", self.name(), self.place)
    }

    fn not_a_success(&self, answer: &Answer) -> Error {
        let http_status = answer.status;
        if (300..400).contains(&http_status) {
            return self.redirected(answer);
        }
        let Refusal { code, message } = self.refusal(answer);
        let (status, outcome) = match http_status {
            401 => (Status::Unauthenticated, Outcome::Refused),
            403 => (Status::Forbidden, Outcome::Refused),
            404 => (Status::NotFound, Outcome::Refused),
            429 => (Status::RateLimited, Outcome::Refused),
            400..500 => (Status::Rejected, Outcome::Refused),
            503 => (Status::ServerError, Outcome::Refused),
            500..600 => (Status::ServerError, Outcome::Unknown),
            _ => return self.bad_answer(http_status, "no such status is documented"),
        };
        let retry_after_ms = answer.retry_after_ms;
        let advice = self.advice(status, http_status, &code);
        let wait = match (retry_after_ms, http_status) {
            (Some(wait @ 1..), 429 | 503) => format!("; the server asks to wait {} s", wait / 1000),
            (_, 429 | 503) => "; try again later".into(),
            _ => String::new(),
        };
        let verb = match status {
            Status::ServerError => format!("{} failed at {}", self.name(), self.place),
            _ => self.refused(),
        };
        let words = if message.is_empty() { String::new() } else { format!("; the server says: {message}") };
        Error {
            status,
            outcome,
            http_status,
            message: format!("{verb} {}: {advice}{wait}{words}", numbers(http_status, &code)),
            code,
            retry_after_ms,
        }
    }

    /// What to do, as far as the status says.
    fn advice(&self, status: Status, http_status: u16, code: &str) -> &'static str {
        let about_key = code.eq_ignore_ascii_case("InvalidAPIKey");
        match status {
            Status::Unauthenticated if about_key => "the API key is wrong or was replaced",
            Status::Unauthenticated if self.operation.takes_password => "the user name or password is wrong",
            Status::Unauthenticated => "the credential is wrong or no longer valid",
            Status::Forbidden => "this account may not do that (its AuthLevel is too low, or access is blocked)",
            Status::NotFound if self.operation.name.is_empty() => "there is no such id or path",
            Status::NotFound => "nothing is there; is the base URL right?",
            Status::RateLimited => "too many requests",
            Status::ServerError if http_status == 503 => "the server is not available now",
            Status::ServerError => "an error inside the server; it may have been done all the same",
            _ => "the request was not accepted",
        }
    }

    fn redirected(&self, answer: &Answer) -> Error {
        let target = answer.location.as_deref().map(host_of).filter(|host| !host.is_empty());
        let to = match &target {
            Some(host) => format!(" to {}", self.clean(host)),
            None => String::new(),
        };
        Error {
            outcome: Outcome::Unknown,
            http_status: answer.status,
            message: format!(
                "{} redirected by {}{to} (HTTP {}): not followed, as a credential would go with it; is this ECGrid's address?",
                self.name(),
                self.place,
                answer.status
            ),
            ..Error::new(Status::BadResponse, "")
        }
    }

    /// What a failure of the transport means. `again`: other tries went before.
    pub fn failed(&self, failure: &Failure, again: bool) -> Error {
        let (name, place) = (self.name(), self.place);
        let status = status_of(failure);
        let advice = match failure.fault {
            Fault::Unreachable => "; is the network up, and the address right?",
            Fault::Malformed | Fault::TooLarge => "; is this ECGrid's address?",
            _ => "",
        };
        let (outcome, sent) = match failure.sent {
            false if again => (Outcome::NotSent, "not sent again"),
            false => (Outcome::NotSent, "not sent"),
            true if status == Status::BadResponse => (Outcome::Unknown, "answered with what is not ECGrid's"),
            true if self.operation.is_safe => (Outcome::Unknown, "not answered"),
            true => (Outcome::Unknown, "sent but not answered, it may have been done"),
        };
        let own = self.own_secrets();
        let detail = wire::one_line(&wire::redact(&failure.detail, &self.all_secrets(&own)));
        Error {
            outcome,
            http_status: failure.http_status,
            message: format!("{name} {sent} ({place}): {detail}{advice}"),
            ..Error::new(status, "")
        }
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
