//! Successes that are spoilt on their way to the client.

use crate::answer::{Answer, Reply};
use crate::script::Step;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Nothing but the script is served on the connection any more.
pub(super) const CLOSE: &str = "Connection: close\r\n";

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mangle {
    Trailing,
    Bom,
    UpperCase,
    PascalCase,
    ExtraMembers,
    NullErrorCode,
    NoErrorCode,
    NoDate,
    NoContentType,
    ConnectionClose,
    Stale,
    Chunked,
    UntilClose,
    EarlyHints,
    SilentClose,
    Lost,
    Gateway(u16),
    Drip(Duration),
    DripHead(Duration),
    Cut,
    CutHead,
    CutChunk,
    ResetBody,
}

impl Mangle {
    /// `skew` is the error of the sandbox's clock, for those that write their own head.
    pub(crate) fn spoil(&self, mut answer: Answer, skew: i64) -> Reply {
        match self {
            Self::Trailing => answer.body.extend_from_slice(b" }rubbish"),
            Self::Bom => {
                answer.body.splice(..0, *b"\xef\xbb\xbf");
            }
            Self::UpperCase => edit(&mut answer, |body| rename(body, &str::to_uppercase)),
            Self::PascalCase => edit(&mut answer, |body| rename(body, &pascal)),
            Self::ExtraMembers => edit(&mut answer, extra_members),
            Self::NullErrorCode => edit(&mut answer, |body| {
                body["errorCode"] = Value::Null;
                body["message"] = Value::Null;
            }),
            Self::NoErrorCode => edit(&mut answer, |body| {
                if let Some(members) = body.as_object_mut() {
                    members.remove("errorCode");
                    members.remove("message");
                }
            }),
            Self::NoContentType => answer.headers.retain(|(name, _)| *name != "Content-Type"),
            Self::ConnectionClose => answer = answer.with("Connection", "close"),
            Self::Stale => answer.doom = true,
            Self::Lost => return Reply::lost(),
            Self::Gateway(status) => {
                let words = "upstream connect error or disconnect/reset before headers. \
                             reset reason: connection termination";
                answer = Answer { clock: answer.clock, ..Answer::new(*status, "text/plain", words) };
            }
            _ => return Reply::Raw(self.steps(answer.shifted(skew))),
        }
        Reply::Answer(answer)
    }

    /// Those that no HTTP library would write.
    fn steps(&self, mut answer: Answer) -> Vec<Step> {
        if *self == Self::NoDate {
            answer.clock = None;
        }
        let silent = answer.head(&answer.length()).into_bytes();
        let head = answer.head(&(answer.length() + CLOSE)).into_bytes();
        let body = answer.body.clone();
        let half = body[..body.len() / 2].to_vec();
        match self {
            Self::Chunked => vec![Step::Write(chunked(&answer)), Step::Shutdown],
            Self::UntilClose => {
                vec![Step::Write(answer.head(CLOSE).into_bytes()), Step::Write(body), Step::Shutdown]
            }
            Self::EarlyHints => vec![
                Step::Write(b"HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n".to_vec()),
                Step::Write([head, body].concat()),
                Step::Shutdown,
            ],
            Self::NoDate => vec![Step::Write([head, body].concat()), Step::Shutdown],
            Self::SilentClose => vec![Step::Write([silent, body].concat()), Step::Shutdown],
            Self::Drip(pause) => vec![Step::Write(head), Step::Drip(body, *pause), Step::Shutdown],
            Self::DripHead(pause) => vec![Step::Drip(head, *pause), Step::Write(body), Step::Shutdown],
            Self::Cut => vec![Step::Write(silent), Step::Write(half)],
            Self::CutHead => vec![Step::Write(silent[..silent.len() / 2].to_vec())],
            Self::CutChunk => {
                let all = chunked(&answer);
                vec![Step::Write(all[..all.len() - 5].to_vec())]
            }
            Self::ResetBody => vec![Step::Write(silent), Step::Write(half), Step::Reset],
            // What spoil() does without a script.
            _ => Vec::new(),
        }
    }
}

/// The answer in chunks of 16 bytes.
fn chunked(answer: &Answer) -> Vec<u8> {
    let mut bytes = answer.head(&format!("Transfer-Encoding: chunked\r\n{CLOSE}")).into_bytes();
    for chunk in answer.body.chunks(16) {
        bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}

fn edit(answer: &mut Answer, change: impl FnOnce(&mut Value)) {
    if let Ok(mut body @ Value::Object(_)) = serde_json::from_slice(&answer.body) {
        change(&mut body);
        answer.body = body.to_string().into_bytes();
    }
}

fn rename(value: &mut Value, spell: &dyn Fn(&str) -> String) {
    if let Value::Object(members) = value {
        let renamed: Map<String, Value> = std::mem::take(members)
            .into_iter()
            .map(|(name, mut member)| {
                rename(&mut member, spell);
                (spell(&name), member)
            })
            .collect();
        *members = renamed;
    }
}

fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

fn extra_members(body: &mut Value) {
    body["apiVersion"] = json!("2.6");
    body["warnings"] = json!([{"code": 1, "text": "unknown members must not hurt"}]);
    if let Some(data) = body["data"].as_object_mut() {
        data.insert("refreshToken".to_owned(), json!("not-used"));
        data.insert("roles".to_owned(), json!(["a", {"token": "not-this-one"}]));
        data.insert("ratio".to_owned(), json!(0.5));
    }
}
