//! Answers that are no success.

use crate::answer::Answer;
use crate::clock;
use crate::json::{object, string};
use std::time::SystemTime;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    Fault(u16),
    Retry(RetryAfter, u16),
    InvalidApiKey,
    Rejected,
    Problem(u16),
    Html(u16),
    Empty(u16),
    Redirect(u16),
    NotJson,
    HalfJson,
    NotUtf8,
    JsonArray,
    JsonNull,
    NoData,
    NullData,
}

/// What the Retry-After header says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RetryAfter {
    Seconds(u32),
    Date(u32),
    Past,
    Long,
    Overflow,
    Negative,
    Bad,
}

impl Failure {
    /// `skew` is the error of the sandbox's clock.
    pub(crate) fn answer(&self, skew: i64) -> Answer {
        match self {
            Self::Fault(status) => fault(*status),
            Self::Retry(after, status) => fault(*status).with("Retry-After", after.text(skew)),
            Self::InvalidApiKey => Answer::failure(401, "InvalidAPIKey", "The API key is not known."),
            Self::Rejected => Answer::failure(200, "AccessDenied", "The account is suspended."),
            Self::Problem(status) => problem(*status),
            Self::Html(status) => Answer::new(
                *status,
                "text/html",
                format!(
                    "<html><head><title>{status}</title></head><body><h1>{status}</h1>proxy.invalid</body></html>\n"
                ),
            ),
            Self::Empty(status) => {
                let mut answer = Answer::new(*status, "", "");
                answer.headers.clear();
                answer
            }
            Self::Redirect(status) => {
                let mut answer = Answer::new(*status, "text/html", "");
                answer.headers.clear();
                answer.with("Location", "https://elsewhere.invalid/v2/auth/login")
            }
            Self::NotJson => Answer::json(200, "OK, you are logged in.".to_owned()),
            Self::HalfJson => Answer::json(200, r#"{"success":true,"data":{"token":"eyJhbGci"#.to_owned()),
            Self::NotUtf8 => Answer::new(
                200,
                "application/json",
                b"{\"success\":true,\"data\":{\"token\":\"caf\xe9\",\"userId\":4821}}".as_slice(),
            ),
            Self::JsonArray => Answer::json(200, "[]".to_owned()),
            Self::JsonNull => Answer::json(200, "null".to_owned()),
            Self::NoData => Answer::json(200, r#"{"success":true}"#.to_owned()),
            Self::NullData => Answer::ok("null".to_owned()),
        }
    }
}

fn fault(status: u16) -> Answer {
    let code = match status {
        401 => "InvalidSession",
        403 => "AccessDenied",
        404 => "ObjectNotFound",
        409 => "DuplicateObject",
        429 => "RateLimitExceeded",
        500.. => "InternalError",
        _ => "InvalidParameter",
    };
    let message = format!("The sandbox was asked to answer {status}.");
    Answer::failure(status, code, &message)
}

fn problem(status: u16) -> Answer {
    let body = object(&[
        ("type", string("about:blank")),
        ("title", string("The sandbox was asked for a problem.")),
        ("status", status.to_string()),
        ("detail", string("This is the detail of the problem.")),
        ("traceId", string("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")),
    ]);
    Answer::new(status, "application/problem+json", body)
}

impl RetryAfter {
    fn text(&self, skew: i64) -> String {
        let now = clock::shift(SystemTime::now(), skew);
        let date = |seconds| httpdate::fmt_http_date(clock::shift(now, seconds));
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::Date(seconds) => date(i64::from(*seconds)),
            Self::Past => date(-60),
            Self::Long => "99999999999".to_owned(),
            Self::Overflow => "99999999999999999999999".to_owned(),
            Self::Negative => "-5".to_owned(),
            Self::Bad => "soon".to_owned(),
        }
    }
}
