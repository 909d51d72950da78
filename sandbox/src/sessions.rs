//! Sessions: one for every token that is good.

use crate::answer::Answer;
use crate::special::{Grant, Later, Terms};
use crate::token::Signer;
use crate::{clock, json};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) user_id: i64,
    pub(crate) expires: SystemTime,
    /// Seconds by which this session's answers have the time wrong, the sandbox's own error aside.
    pub(crate) skew: i64,
    /// What goes wrong later in this session.
    pub(crate) later: Option<Later>,
}

pub(crate) struct Sessions {
    by_token: HashMap<String, Session>,
    pub(crate) signer: Signer,
    token_lifetime: Duration,
    max_sessions: Option<usize>,
}

impl Sessions {
    pub(crate) fn new(token_lifetime: Duration, max_sessions: Option<usize>) -> Self {
        Self { by_token: HashMap::new(), signer: Signer::new(), token_lifetime, max_sessions }
    }

    /// `clock_skew` is the error of the sandbox's clock.
    pub(crate) fn open(&mut self, user_id: i64, terms: Terms, clock_skew: i64) -> Result<Grant, Answer> {
        self.drop_expired();
        let open = self.by_token.values().filter(|s| s.user_id == user_id);
        let open = open.count();
        if let Some(limit) = self.max_sessions.filter(|limit| open >= *limit) {
            let message = format!("This user has {limit} open sessions, and may have no more.");
            return Err(Answer::failure(403, "AccessDenied", &message));
        }
        let skew = terms.variant.skew().unwrap_or(terms.skew);
        let now = SystemTime::now();
        let expires = if terms.variant.is_expired() {
            clock::shift(now, -3600)
        } else {
            now.checked_add(self.token_lifetime).unwrap_or(now)
        };
        let off = skew.saturating_add(clock_skew);
        let (told_now, told_expires) = (clock::shift(now, off), clock::shift(expires, off));
        let token = if terms.variant.is_opaque() {
            json::random_hex()
        } else {
            self.signer.mint(user_id, told_now, told_expires)
        };
        let session = Session { user_id, expires, skew, later: terms.later };
        self.by_token.insert(token.clone(), session);
        Ok(Grant { token, expires: told_expires, user_id, skew })
    }

    /// The live session of a token.
    pub(crate) fn live(&self, token: &str) -> Option<&Session> {
        let now = SystemTime::now();
        self.by_token.get(token).filter(|s| s.expires > now)
    }

    pub(crate) fn end(&mut self, token: &str) -> bool {
        self.drop_expired();
        self.by_token.remove(token).is_some()
    }

    pub(crate) fn end_all_of(&mut self, user_id: i64) -> usize {
        self.drop_expired();
        let before = self.by_token.len();
        self.by_token.retain(|_, session| session.user_id != user_id);
        before - self.by_token.len()
    }

    pub(crate) fn end_all(&mut self) -> usize {
        let ended = self.count();
        self.by_token.clear();
        ended
    }

    pub(crate) fn count(&self) -> usize {
        let now = SystemTime::now();
        self.by_token.values().filter(|s| s.expires > now).count()
    }

    fn drop_expired(&mut self) {
        let now = SystemTime::now();
        self.by_token.retain(|_, session| session.expires > now);
    }
}
