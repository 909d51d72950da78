//! A server that counts what must not happen twice.

use std::collections::BTreeMap;

use crate::flight::{Grant, Time};
use crate::known::Token;

#[derive(Default)]
pub struct Server {
    /// The good tokens, and when they end.
    live: BTreeMap<Token, Time>,
    newest: u64,
    refreshed: BTreeMap<Token, u32>,
    posts: BTreeMap<u64, u32>,
}

impl Server {
    /// Logs somebody in.
    pub fn grant(&mut self, lifetime: u64, now: Time) -> Grant<Token> {
        self.newest += 1;
        let credential = Token(self.newest);
        let lifetime = Time::from_secs(lifetime);
        self.live.insert(credential, now + lifetime);
        if lifetime.is_zero() {
            // The session takes no token for over that was granted just now.
            return Grant { credential, granted: now, due: Time::MAX, ends: Time::MAX };
        }
        Grant { credential, granted: now, due: now + lifetime.mul_f64(0.8), ends: now + lifetime }
    }

    pub fn knows(&self, token: Token, now: Time) -> bool {
        self.live.get(&token).is_some_and(|ends| now < *ends)
    }

    /// The old token is dead at once.
    pub fn refresh(&mut self, token: Token, lifetime: u64, now: Time) -> Option<Grant<Token>> {
        if !self.knows(token, now) {
            return None;
        }
        self.end(token);
        let times = self.refreshed.entry(token).or_default();
        *times += 1;
        assert_eq!(*times, 1, "{token:?} was refreshed twice");
        Some(self.grant(lifetime, now))
    }

    /// Carries out a POST, if the token is good.
    pub fn post(&mut self, id: u64, token: Token, now: Time) -> bool {
        let is_good = self.knows(token, now);
        if is_good {
            let times = self.posts.entry(id).or_default();
            *times += 1;
            assert_eq!(*times, 1, "POST {id} was carried out twice");
        }
        is_good
    }

    pub fn end(&mut self, token: Token) {
        self.live.remove(&token);
    }

    pub fn revoke(&mut self) {
        self.live.clear();
    }
}
