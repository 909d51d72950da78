//! A tiny server.

use crate::flight::{Grant, Landing, Step, Time};
use crate::known::{Landed, Token};

/// What becomes of refreshes, logins and questions.
#[derive(Clone, Copy, PartialEq)]
pub enum Line {
    Good,
    Refuses,
    Declines,
    NotSent,
    /// Takes a dead token for a refresh.
    Revives,
    /// Refreshes are done, and their answers get lost.
    LosesAnswers,
    /// Refreshes get stuck: whoever sent one is told nothing, and it may arrive later.
    LosesRequests,
}

pub struct Server {
    pub live: Option<Token>,
    pub line: Line,
    pub logins: u64,
    /// The tokens with which refreshes were asked for.
    pub refreshes: Vec<Token>,
    newest: u64,
}

impl Server {
    pub fn new(line: Line) -> Self {
        Self { live: Some(Token(1)), line, logins: 0, refreshes: Vec::new(), newest: 1 }
    }

    pub fn grant(&mut self) -> Token {
        self.newest += 1;
        *self.live.insert(Token(self.newest))
    }

    /// Grants a new token and kills the old one.
    pub fn refresh(&mut self, token: Token) -> Option<Token> {
        (self.live == Some(token)).then(|| self.grant())
    }

    pub fn take(&mut self, step: &Step<Token>) -> Landed {
        match *step {
            _ if self.line == Line::NotSent => Landing::NotDone("not sent", None),
            Step::Probe(token) if self.live == Some(token) => Landing::Alive,
            Step::Probe(_) => Landing::Refused("dead"),
            Step::LogIn => {
                self.logins += 1;
                Landing::Granted(grant(self.grant()))
            }
            Step::Refresh(token) => {
                self.refreshes.push(token);
                match self.line {
                    Line::Declines => return Landing::Declined("declined"),
                    Line::Refuses => return Landing::Refused("refused"),
                    Line::LosesRequests => return Landing::Unknown("lost"),
                    _ => {}
                }
                if self.line == Line::Revives && self.live.is_none() {
                    self.live = Some(token);
                }
                match (self.refresh(token), self.line) {
                    (Some(_), Line::LosesAnswers) => Landing::Unknown("lost"),
                    (Some(new), _) => Landing::Granted(grant(new)),
                    (None, _) => Landing::Refused("dead"),
                }
            }
        }
    }
}

/// When token 1 is due. Those that come later are due later.
pub const DUE: Time = Time::from_secs(80);

pub fn grant(token: Token) -> Grant<Token> {
    Grant { credential: token, granted: Time::ZERO, due: DUE * token.0 as u32, ends: DUE * 100 }
}
