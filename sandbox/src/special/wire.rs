//! Bytes, or none, that have nothing to do with what was asked.

use super::mangle::CLOSE;
use crate::answer::Answer;
use crate::script::Step;

/// One more than 64 MiB.
const HUGE: u64 = 64 * 1024 * 1024 + 1;
const DEPTH: usize = 100_000;
const BLOCK: usize = 16 * 1024;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Wire {
    Hang,
    Reset,
    Close,
    Garbage,
    EndlessBody,
    EndlessHeaders,
    Huge,
    Deep,
}

impl Wire {
    /// `skew` is the error of the sandbox's clock.
    pub(crate) fn steps(self, skew: i64) -> Vec<Step> {
        match self {
            Self::Hang => vec![Step::Hang],
            Self::Reset => vec![Step::Reset],
            Self::Close => Vec::new(),
            Self::Garbage => vec![Step::Write(b"220 mail.invalid ESMTP\r\n".to_vec())],
            Self::EndlessBody => endless_body(skew),
            Self::EndlessHeaders => vec![
                Step::Write(b"HTTP/1.1 200 OK\r\n".to_vec()),
                Step::Repeat(b"X-Filler: abcdefghijklmnopqrstuvwxyz\r\n".repeat(64), u64::MAX),
            ],
            Self::Huge => huge(skew),
            Self::Deep => {
                let nested = "[".repeat(DEPTH) + &"]".repeat(DEPTH);
                let answer = Answer::ok(nested).shifted(skew);
                let head = answer.head(&(answer.length() + CLOSE)).into_bytes();
                vec![Step::Write(head), Step::Write(answer.body), Step::Shutdown]
            }
        }
    }
}

/// A token that never ends.
fn endless_body(skew: i64) -> Vec<Step> {
    let start = br#"{"success":true,"data":{"token":""#;
    let head = Answer::json(200, String::new()).shifted(skew).head("Transfer-Encoding: chunked\r\n");
    let first = [format!("{:x}\r\n", start.len()).as_bytes(), start, b"\r\n"].concat();
    let filler = vec![b'A'; BLOCK];
    let chunk = [format!("{BLOCK:x}\r\n").as_bytes(), &filler, b"\r\n"].concat();
    vec![Step::Write(head.into_bytes()), Step::Write(first), Step::Repeat(chunk, u64::MAX)]
}

/// Good JSON behind more white space than anybody should read; all that is declared is sent.
fn huge(skew: i64) -> Vec<Step> {
    let answer = Answer::ok("null".to_owned()).shifted(skew);
    let head = answer.head(&format!("Content-Length: {HUGE}\r\n{CLOSE}"));
    let padding = HUGE - answer.body.len() as u64;
    let (blocks, rest) = (padding / BLOCK as u64, padding % BLOCK as u64);
    vec![
        Step::Write(head.into_bytes()),
        Step::Repeat(vec![b' '; BLOCK], blocks),
        Step::Repeat(vec![b' '], rest),
        Step::Write(answer.body),
        Step::Shutdown,
    ]
}
