//! What the sandbox saw, and which tokens it must not see again.

use std::collections::{BTreeMap, BTreeSet};

use ecgrid_sandbox::Request;

#[derive(Default)]
pub struct Journal {
    pub logins: u64,
    /// Tokens that the session knows to be dead, and all that were ever sent.
    dead: BTreeSet<String>,
    /// Tokens that got a 401: of those that took the place of another it may ask whether they are good,
    /// and it may log them out.
    refused: BTreeSet<String>,
    seen: BTreeSet<String>,
    refreshed: BTreeSet<String>,
    /// The tokens that each call of its own path was sent with.
    calls: BTreeMap<String, Vec<String>>,
}

impl Journal {
    /// Takes in what arrived during one step. What had died before must not be there.
    pub fn add(&mut self, requests: Vec<Request>) {
        for request in requests {
            let token = match &*request.path {
                "/v2/auth/login" => {
                    self.logins += 1;
                    continue;
                }
                "/v2/auth/refresh" => {
                    let body: serde_json::Value = serde_json::from_slice(&request.body).expect("JSON");
                    let token = body["token"].as_str().expect("a token").to_owned();
                    assert!(self.refreshed.insert(token.clone()), "a token was refreshed twice");
                    token
                }
                "/v2/auth/session" | "/v2/auth/logout" => {
                    let token = request.header("Authorization").expect("a token").replace("Bearer ", "");
                    assert!(!self.dead.contains(&token), "{} with a token known dead", request.path);
                    self.seen.insert(token);
                    continue;
                }
                path => {
                    let token = request.header("Authorization").expect("a token").replace("Bearer ", "");
                    self.calls.entry(path.to_owned()).or_default().push(token.clone());
                    token
                }
            };
            let is_known = self.dead.contains(&token) || self.refused.contains(&token);
            assert!(!is_known, "{} {} with a token known dead", request.method, request.path);
            self.seen.insert(token);
        }
    }

    pub fn tokens_of(&self, path: &str) -> Vec<String> {
        self.calls.get(path).cloned().unwrap_or_default()
    }

    pub fn got_401(&mut self, tokens: impl IntoIterator<Item = String>) {
        self.refused.extend(tokens.into_iter().filter(|token| !self.dead.contains(token)));
    }

    pub fn all_died(&mut self) {
        self.refused.clear();
        self.dead.extend(self.seen.iter().cloned());
    }

    /// The session has this token now, and so no other.
    pub fn current(&mut self, token: &str) {
        assert!(!self.dead.contains(token) && !self.refused.contains(token), "a token known dead is handed out");
        self.all_died();
        self.dead.remove(token);
        self.seen.insert(token.to_owned());
    }

    pub fn dead_tokens(&self) -> u64 {
        (self.dead.len() + self.refused.len()) as u64
    }
}
