//! Sessions: one for every token that is good.

use crate::answer::Answer;
use crate::special::{Later, Terms};
use crate::state::State;
use crate::{clock, json};
use std::time::SystemTime;

#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) user_id: i64,
    pub(crate) expires: SystemTime,
    /// Seconds by which this session's answers have the time wrong, the sandbox's own error aside.
    pub(crate) skew: i64,
    /// What goes wrong later in this session.
    pub(crate) later: Option<Later>,
}

/// What a login or a refresh hands out.
pub(crate) struct Grant {
    pub(crate) token: String,
    /// As the client is told: by the wrong clock, if the clock is wrong.
    pub(crate) expires: SystemTime,
    pub(crate) user_id: i64,
    pub(crate) skew: i64,
}

impl State {
    pub(crate) fn open_session(&mut self, user_id: i64, terms: Terms) -> Result<Grant, Answer> {
        self.drop_expired();
        let open = self.sessions.values().filter(|s| s.user_id == user_id);
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
        let off = self.skew(skew);
        let (told_now, told_expires) = (clock::shift(now, off), clock::shift(expires, off));
        let token = if terms.variant.is_opaque() {
            json::random_hex()
        } else {
            self.signer.mint(user_id, told_now, told_expires)
        };
        let session = Session { user_id, expires, skew, later: terms.later };
        self.sessions.insert(token.clone(), session);
        Ok(Grant { token, expires: told_expires, user_id, skew })
    }

    /// The live session of a token.
    pub(crate) fn session(&self, token: &str) -> Option<&Session> {
        let now = SystemTime::now();
        self.sessions.get(token).filter(|s| s.expires > now)
    }

    pub(crate) fn end_session(&mut self, token: &str) -> bool {
        self.drop_expired();
        self.sessions.remove(token).is_some()
    }

    pub(crate) fn end_sessions_of(&mut self, user_id: i64) -> usize {
        self.drop_expired();
        let before = self.sessions.len();
        self.sessions.retain(|_, session| session.user_id != user_id);
        before - self.sessions.len()
    }

    pub(crate) fn end_all_sessions(&mut self) -> usize {
        let ended = self.live_sessions();
        self.sessions.clear();
        ended
    }

    pub(crate) fn live_sessions(&self) -> usize {
        let now = SystemTime::now();
        self.sessions.values().filter(|s| s.expires > now).count()
    }

    fn drop_expired(&mut self) {
        let now = SystemTime::now();
        self.sessions.retain(|_, session| session.expires > now);
    }
}
