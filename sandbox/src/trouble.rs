//! What goes wrong with the next requests for a path, whoever makes them.

use crate::answer::{Answer, Reply};
use crate::body::{Body, invalid};
use crate::journal::Request;
use crate::script::Step;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is lost on its way: nothing is done, and the connection closes without a byte.
    LoseRequest,
    /// It is done, and the connection closes without a byte.
    LoseAnswer,
    /// It is done, and the connection closes after so many bytes of the answer's body.
    CutAnswer(usize),
    /// It is done, and the byte behind so many of the answer's body arrives as an exclamation mark.
    SpoilAnswer(usize),
    /// It is not done, and answered with that status as an ordinary error, of which errorCode is `InternalError`, or for
    /// 400 to 499 `InvalidParameter`.
    Refuse(u16),
}

/// Troubles that are to come, by path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Troubles(Vec<(String, u32, Trouble)>);

impl Troubles {
    pub(crate) fn add(&mut self, path: &str, times: u32, trouble: Trouble) {
        self.0.push((path.to_owned(), times, trouble));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What this request meets, of which there is one less then.
    pub(crate) fn next(&mut self, path: &str) -> Option<Trouble> {
        let found = self.0.iter_mut().find(|(known, times, _)| known == path && *times > 0)?;
        found.1 -= 1;
        Some(found.2)
    }

    /// As a body asks for it: `{"path","what","times"?,"bytes"?,"status"?}`.
    pub(crate) fn ask(&mut self, request: &Request) -> Result<Answer, Answer> {
        let body = Body::of(request)?;
        let small = |name: &str, usual: i64| -> Result<u32, Answer> {
            let number = body.optional_number(name)?.unwrap_or(usual);
            number.try_into().map_err(|_| invalid(&format!("{name} is too large.")))
        };
        let trouble = match body.text("what")? {
            "lose-request" => Trouble::LoseRequest,
            "lose-answer" => Trouble::LoseAnswer,
            "cut-answer" => Trouble::CutAnswer(small("bytes", 0)? as usize),
            "spoil-answer" => Trouble::SpoilAnswer(small("bytes", 0)? as usize),
            "refuse" => {
                let status = small("status", 503)?;
                Trouble::Refuse(u16::try_from(status).map_err(|_| invalid("There is no such status."))?)
            }
            _ => return Err(invalid("what is lose-request, lose-answer, cut-answer, spoil-answer or refuse.")),
        };
        self.add(body.text("path")?, small("times", 1)?, trouble);
        Ok(Answer::ok("true".to_owned()))
    }
}

impl Trouble {
    /// The reply where nothing is to be done.
    pub(crate) fn instead(self) -> Option<Reply> {
        match self {
            Self::LoseRequest => Some(Reply::lost()),
            Self::Refuse(status @ 400..500) => {
                Some(Reply::Answer(Answer::failure(status, "InvalidParameter", "So the test wants it.")))
            }
            Self::Refuse(status) => {
                Some(Reply::Answer(Answer::failure(status, "InternalError", "So the test wants it.")))
            }
            Self::LoseAnswer | Self::CutAnswer(_) | Self::SpoilAnswer(_) => None,
        }
    }

    /// What becomes of the reply to what was done.
    pub(crate) fn after(self, reply: Reply, skew: i64) -> Reply {
        match (self, reply) {
            (Self::LoseAnswer, _) => Reply::lost(),
            (Self::CutAnswer(bytes), Reply::Answer(answer)) => {
                let answer = answer.shifted(skew);
                let mut whole = answer.head(&answer.length()).into_bytes();
                whole.extend_from_slice(&answer.body[..bytes.min(answer.body.len())]);
                Reply::Raw(vec![Step::Write(whole)])
            }
            (Self::SpoilAnswer(at), Reply::Answer(mut answer)) => {
                if let Some(byte) = answer.body.get_mut(at) {
                    *byte = b'!';
                }
                Reply::Answer(answer)
            }
            (_, reply) => reply,
        }
    }
}
