//! All the sandbox knows, in memory.

use crate::counters::Counters;
use crate::depot::Depot;
use crate::sessions::Sessions;
use crate::switches::Switches;
use crate::user::User;
use std::collections::HashMap;
use std::time::Duration;

pub(crate) struct State {
    pub(crate) users: Vec<User>,
    pub(crate) sessions: Sessions,
    pub(crate) depot: Depot,
    pub(crate) counters: Counters,
    pub(crate) switches: Switches,
    /// The account behind every special login.
    pub(crate) special_user: i64,
    /// How often each flaky login has failed so far.
    failures: HashMap<String, u32>,
}

impl State {
    pub(crate) fn new(
        users: Vec<User>,
        sessions: Sessions,
        switches: Switches,
        deliver_every: Option<Duration>,
    ) -> Self {
        Self {
            special_user: users.first().map_or(0, |user| user.user_id),
            depot: Depot::new(&users, deliver_every),
            users,
            sessions,
            counters: Counters::default(),
            switches,
            failures: HashMap::new(),
        }
    }

    /// Seconds that the clock of a session is wrong, if it is wrong by `own` for reasons of its own.
    pub(crate) fn skew(&self, own: i64) -> i64 {
        own.saturating_add(self.switches.clock_skew)
    }

    pub(crate) fn user(&self, id: i64) -> Option<&User> {
        self.users.iter().find(|user| user.user_id == id)
    }

    pub(crate) fn user_mut(&mut self, id: i64) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.user_id == id)
    }

    pub(crate) fn user_by_login(&self, login: &str) -> Option<&User> {
        self.users.iter().find(|user| user.login == login)
    }

    pub(crate) fn set_password(&mut self, login: &str, password: &str) -> bool {
        let user = self.users.iter_mut().find(|user| user.login == login);
        user.map(|user| user.password = password.to_owned()).is_some()
    }

    /// True for the first `times` calls with this key.
    pub(crate) fn still_fails(&mut self, key: &str, times: u32) -> bool {
        let failed = self.failures.entry(key.to_owned()).or_insert(0);
        let fails = *failed < times;
        if fails {
            *failed += 1;
        }
        fails
    }
}
