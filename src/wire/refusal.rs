//! What an answer that is no success says: ECGrid's envelope, an RFC 9457 problem, or a proxy's page.

use std::borrow::Cow;

use super::envelope::{Envelope, parse_envelope};
use super::json::{Scalar, object};
use super::redact::redact;
use super::text::{excerpt, one_line};
use super::trace_id::trace_id;

/// ECGrid's errorCode and the server's own words, both one line and without secrets.
#[derive(Default)]
pub struct Refusal {
    pub code: String,
    pub message: String,
    /// "" for none.
    pub trace_id: String,
    /// It is ECGrid's own, and not a gateway's before it: it says so in ECGrid's words. Anybody writes JSON.
    pub is_ecgrids: bool,
}

/// More of a body than any message needs. A secret across this border is cut with it.
const MAX_READ: usize = 64 * 1024;

/// As much of each text in it: so what is copied is small.
const MAX_TEXT: usize = 10 * 1024;

/// ECGrid's own codes, which are no secret of anybody's.
const CODES: [&str; 8] = [
    "InvalidSession",
    "InvalidAPIKey",
    "InvalidParameter",
    "AccessDenied",
    "ObjectNotFound",
    "DuplicateObject",
    "RateLimitExceeded",
    "InternalError",
];

/// `secrets`: None when there are more than can be looked for. Then nothing is repeated that might be one.
pub fn read_refusal(body: &[u8], secrets: Option<&[&str]>) -> Refusal {
    let body = &body[..body.len().min(MAX_READ)];
    let Some(secrets) = secrets else {
        let said = parse_envelope(body).unwrap_or_default();
        let code = known_code(&said).unwrap_or_default();
        return Refusal { code: code.into(), is_ecgrids: is_ecgrids(&said), ..Refusal::default() };
    };
    let clean = |text: &str| excerpt(&redact(&one_line(&redact(text, secrets)), secrets)).into_owned();
    if let Ok(envelope) = parse_envelope(body) {
        let is_ecgrids = is_ecgrids(&envelope);
        let message = envelope.message.and_then(Scalar::string).filter(|message| !message.trim().is_empty());
        // A code is a word; anything else is not ours to repeat as one.
        let code = clean(&envelope.code.and_then(Scalar::text).unwrap_or_default());
        let message = clean(&message.map_or_else(|| problem(body), Cow::into_owned));
        // A problem document has one. An envelope may have it too.
        let [trace] = object(body, ["traceId"]).unwrap_or_default();
        let trace = trace.and_then(|trace| Scalar(trace).string()).unwrap_or_default();
        return Refusal { code, message, trace_id: trace_id(&trace, Some(secrets)), is_ecgrids };
    }
    let page = String::from_utf8_lossy(&body[..body.len().min(MAX_TEXT)]);
    Refusal { message: clean(&page), ..Refusal::default() }
}

fn is_ecgrids(envelope: &Envelope<'_>) -> bool {
    envelope.success == Some(false) || known_code(envelope).is_some()
}

/// The errorCode, if it is one of ECGrid's own.
fn known_code(envelope: &Envelope<'_>) -> Option<&'static str> {
    let said = envelope.code?.text()?;
    CODES.into_iter().find(|code| *code == said)
}

/// RFC 9457: a title, a detail, and ASP.NET's traceId, by which ECGrid's support finds the request.
fn problem(body: &[u8]) -> String {
    let Ok(found) = object(body, ["title", "detail", "traceId"]) else { return String::new() };
    let [title, detail, trace] =
        found.map(|value| value.and_then(|value| Scalar(value).string()).filter(|text| !text.trim().is_empty()));
    let [title, detail, trace] = [&title, &detail, &trace].map(|text| text.as_deref().map(shortened));
    let mut message = match (title, detail) {
        (Some(title), Some(detail)) => format!("{}: {detail}", title.trim_end_matches(['.', ' '])),
        (Some(words), None) | (None, Some(words)) => words.into(),
        (None, None) => String::new(),
    };
    if let Some(trace) = trace {
        message.push_str(&format!(" (traceId {trace})"));
    }
    message
}

fn shortened(text: &str) -> &str {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (String, String) {
        let refusal = read_refusal(body.as_bytes(), Some(&["canary-password"]));
        (refusal.code, refusal.message)
    }

    #[test]
    fn every_kind_of_error_body_is_understood() {
        let envelope = r#"{"success":false,"errorCode":"InvalidSession","message":"No such\r\nuser.","data":null}"#;
        assert_eq!(read(envelope), ("InvalidSession".into(), "No such user.".into()));
        assert_eq!(read(r#"{"Success":false,"ErrorCode":null}"#), (String::new(), String::new()));
        let problem = r#"{"title":"Bad Request","detail":"login is missing","status":400,"traceId":"00-ab-01"}"#;
        assert_eq!(read(problem).1, "Bad Request: login is missing (traceId 00-ab-01)");
        assert_eq!(read("<html><body>Bad gateway</body></html>").1, "Bad gateway");
        assert_eq!(read("").1, "");
        assert_eq!(read("[1]").1, "[1]");
    }

    #[test]
    fn an_error_is_ecgrids_own_only_in_its_own_words() {
        for (body, is_ecgrids) in [
            (r#"{"success":false}"#, true),
            (r#"{"Success":false,"ErrorCode":null,"Message":"no"}"#, true),
            (r#"{"errorCode":"InternalError"}"#, true),
            (r#"{"errorCode":"Internal"}"#, false),
            (r#"{"errorCode":"","message":"no healthy upstream"}"#, false),
            (r#"{"success":true,"data":null}"#, false),
            (r#"{"success":"false"}"#, true),
            (r#"{"title":"Service Unavailable","status":503,"traceId":"00-ab-01"}"#, false),
            (r#"{"success":false"#, false),
            ("{}", false),
            ("upstream connect error or disconnect/reset before headers", false),
            ("", false),
        ] {
            for secrets in [Some(&["canary-password"][..]), None] {
                assert_eq!(read_refusal(body.as_bytes(), secrets).is_ecgrids, is_ecgrids, "{body}");
            }
        }
    }

    #[test]
    fn the_trace_id_is_told_apart_from_the_words() {
        let trace = |body: &str| read_refusal(body.as_bytes(), Some(&["canary-password"])).trace_id;
        assert_eq!(trace(r#"{"title":"Bad Request","status":400,"traceId":"00-ab-01"}"#), "00-ab-01");
        assert_eq!(trace(r#"{"success":false,"errorCode":"InternalError","message":"no","TraceID":"7"}"#), "7");
        for body in [
            r#"{"traceId":"canary-password"}"#,
            r#"{"traceId":"two words"}"#,
            r#"{"traceId":7}"#,
            r#"{"traceId":null}"#,
            "<html>traceId: 7</html>",
            "",
        ] {
            assert_eq!(trace(body), "", "{body}");
        }
        assert_eq!(read_refusal(br#"{"traceId":"00-ab-01"}"#, None).trace_id, "");
    }

    #[test]
    fn an_echoed_secret_is_not_repeated() {
        let echo = r#"{"errorCode":"canary-password","message":"user x / canary\u002dpassword is wrong"}"#;
        assert_eq!(read(echo), ("***".into(), "user x / *** is wrong".into()));
        assert_eq!(read("<p>canary-<b></b>password canary-password</p>").1, "canary- password ***");
    }

    #[test]
    fn only_what_cannot_be_a_secret_is_left_when_there_are_too_many() {
        let blind = |body: &str| {
            let refusal = read_refusal(body.as_bytes(), None);
            (refusal.code, refusal.message)
        };
        assert_eq!(blind(r#"{"errorCode":"InvalidAPIKey","message":"no"}"#), ("InvalidAPIKey".into(), String::new()));
        for body in [r#"{"errorCode":"Canary","message":"no"}"#, r#"{"title":"no"}"#, "no", ""] {
            assert_eq!(blind(body), Default::default(), "{body}");
        }
    }
}
