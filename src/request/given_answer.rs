//! An answer that a program gives itself, so that it can test what it does with ECGrid's.

use std::time::Duration;

use crate::error::{Error, Facts, Outcome, Status};
use crate::memory::Buffer;
use crate::request::operation::Operation;
use crate::request::verdict::{Context, Sources};
use crate::response::Response;
use crate::transport::Answer;
use crate::wire::{self, Unreadable};

/// What a call would bring whose answer had this body and HTTP status 200.
pub fn response_from(json: &[u8]) -> Result<Response, Error> {
    let mut body = Buffer::default();
    body.append(json).map_err(|_| Error::no_memory("the answer"))?;
    let answer =
        Answer { status: 200, asked: Duration::ZERO, date: None, retry_after_ms: None, head: Buffer::default(), body };
    let envelope = wire::parse_answer(&answer.body).map_err(|why| match why {
        Unreadable::Wrong(why) => Error::from(Facts {
            outcome: Outcome::Unknown,
            http_status: answer.status,
            ..Facts::new(Status::BadResponse, format!("the given answer is not one of ECGrid's: {why}"))
        }),
        Unreadable::OutOfMemory => Error::no_memory("the answer"),
    })?;
    if envelope.success == Some(false) {
        let operation = Operation { name: "given answer", ..Operation::call("", "") };
        let (place, sources) = ("the program itself", Sources::default());
        let context = Context { operation: &operation, place, sources, secrets: [&[], &[]], content: None };
        context.envelope(&answer)?;
    }
    let data = envelope.data.map(|data| Response::position(&answer.body, data));
    let index = envelope.index;
    Ok(Response::new(answer, data, index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_judged_as_an_answer_of_ecgrid_s() {
        let response = response_from(br#"{"success":true,"data":[{"id":7}],"total":1}"#).unwrap();
        assert_eq!(
            (response.http_status(), response.integer("/0/id"), response.integer("/total")),
            (200, Some(7), Some(1))
        );

        let error =
            response_from(br#"{"success":false,"errorCode":"ObjectNotFound","message":"no parcel 7"}"#).err().unwrap();
        assert_eq!((error.status, error.outcome, error.http_status), (Status::Rejected, Outcome::Refused, 200));
        assert_eq!(error.code, "ObjectNotFound");
        assert_eq!(error.message, "given answer refused by the program itself (HTTP 200, ObjectNotFound): no parcel 7");

        for bad in [&b""[..], b"[", b"[1]", b"7", b"{\"data\":\xff}", b"{}x", b"<html>"] {
            let error = response_from(bad).err().unwrap();
            assert_eq!((error.status, error.outcome), (Status::BadResponse, Outcome::Unknown));
            assert!(error.message.starts_with("the given answer is not one of ECGrid's: "), "{}", error.message);
        }
    }
}
