//! Answers before they become bytes.

use crate::script::Step;
use crate::{clock, json};
use std::time::{Duration, SystemTime};

/// An ordinary HTTP answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Seconds the clock is off, beside the error of the whole sandbox; None leaves the Date header out.
    pub(crate) clock: Option<i64>,
    /// The next request on this connection gets no answer.
    pub(crate) doom: bool,
    /// Text that stands in the body once, and is sent so many times.
    pub(crate) repeat: Option<(String, u64)>,
}

/// What the server does about a request.
pub(crate) enum Reply {
    Answer(Answer),
    /// The same, this much later.
    Late(Duration, Box<Reply>),
    /// Bytes straight to the socket, outside HTTP's rules.
    Raw(Vec<Step>),
}

impl Reply {
    pub(crate) fn late(self, pause: Duration) -> Self {
        Self::Late(pause, Box::new(self))
    }

    /// It was done, and nothing says so: the connection closes without a byte.
    pub(crate) fn lost() -> Self {
        Self::Raw(Vec::new())
    }

    /// None where no ordinary answer is made.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Answer(answer) => Some(answer.status),
            Self::Late(_, later) => later.status(),
            Self::Raw(_) => None,
        }
    }

    /// With a clock that is wrong by so much more; raw bytes have their time already.
    pub(crate) fn shifted(self, seconds: i64) -> Self {
        match self {
            Self::Answer(answer) => Self::Answer(answer.shifted(seconds)),
            Self::Late(pause, later) => later.shifted(seconds).late(pause),
            Self::Raw(steps) => Self::Raw(steps),
        }
    }
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", content_type.to_owned())],
            body: body.into(),
            clock: Some(0),
            doom: false,
            repeat: None,
        }
    }

    pub(crate) fn json(status: u16, body: String) -> Self {
        Self::new(status, "application/json; charset=utf-8", body)
    }

    /// 200 with `data`, which is JSON text.
    pub(crate) fn ok(data: String) -> Self {
        Self::success(data, "")
    }

    pub(crate) fn success(data: String, message: &str) -> Self {
        Self::json(
            200,
            json::object(&[
                ("success", "true".to_owned()),
                ("data", data),
                ("errorCode", json::string("")),
                ("message", json::string(message)),
            ]),
        )
    }

    /// 200 with an array, and its totals beside it.
    pub(crate) fn list(data: String, totals: &[(&'static str, String)]) -> Self {
        let mut members = vec![("success", "true".to_owned()), ("data", data)];
        members.extend_from_slice(totals);
        members.extend([("errorCode", json::string("")), ("message", json::string(""))]);
        Self::json(200, json::object(&members))
    }

    pub(crate) fn failure(status: u16, error_code: &str, message: &str) -> Self {
        Self::json(
            status,
            json::object(&[
                ("success", "false".to_owned()),
                ("errorCode", json::string(error_code)),
                ("message", json::string(message)),
                ("data", "null".to_owned()),
            ]),
        )
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a clock that is wrong by so much more.
    pub(crate) fn shifted(mut self, seconds: i64) -> Self {
        self.clock = self.clock.map(|own| own.saturating_add(seconds));
        self
    }

    pub(crate) fn date(&self) -> Option<String> {
        self.clock.map(|seconds| httpdate::fmt_http_date(clock::shift(SystemTime::now(), seconds)))
    }

    /// Status line and headers up to the empty line; `framing` says how the body ends.
    pub(crate) fn head(&self, framing: &str) -> String {
        let reason = hyper::StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("Unknown");
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(date) = self.date() {
            head.push_str(&format!("Date: {date}\r\n"));
        }
        head.push_str(framing);
        head.push_str("\r\n");
        head
    }

    /// The bytes of an answer that does not lie in memory as a whole.
    pub(crate) fn repeated(&self) -> Option<Vec<Step>> {
        let (text, times) = self.repeat.as_ref()?;
        let at = self.body.windows(text.len()).position(|part| part == text.as_bytes())?;
        let length = self.body.len() as u64 + text.len() as u64 * (times - 1);
        let mut begin = self.head(&format!("Content-Length: {length}\r\n")).into_bytes();
        begin.extend_from_slice(&self.body[..at]);
        let end = self.body[at + text.len()..].to_vec();
        Some(vec![
            Step::Write(begin),
            Step::Repeat(text.clone().into_bytes(), *times),
            Step::Write(end),
            Step::Shutdown,
        ])
    }

    /// The framing of a body of known length.
    pub(crate) fn length(&self) -> String {
        format!("Content-Length: {}\r\n", self.body.len())
    }
}
