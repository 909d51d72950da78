//! What a test may switch while the sandbox runs.

use super::Sandbox;
use crate::switches::Losses;
use std::time::Duration;

/// Switches: each may be changed while the sandbox runs, and counts from the next request on.
impl Sandbox {
    /// How much later the answer to a refresh comes. The old token is dead at once, and other requests go on meanwhile.
    pub fn refresh_delay(&self, delay: Duration) {
        self.state().switches.refresh_delay = delay;
    }

    /// Refuses every refresh with 401 `InvalidSession`; the token is what it was.
    pub fn refuse_refresh(&self, refuse: bool) {
        self.state().switches.refuse_refresh = refuse;
    }

    /// Loses the answers to so many of a hundred requests, logins and refreshes aside: what was asked is done, and then
    /// the connection closes without a byte. At 5 it is the 20th from now, the 40th, and so on.
    pub fn lose_answers(&self, percent: u32) {
        self.state().switches.lose_answers = Losses::of(percent);
    }

    /// The same for refreshes.
    pub fn lose_refreshes(&self, percent: u32) {
        self.state().switches.lose_refreshes = Losses::of(percent);
    }

    /// Sets the server's clock so many seconds ahead, or back: in `Date`, `expiresAt`, the tokens and all else it
    /// tells. Tokens live as long as ever.
    pub fn clock_skew(&self, seconds: i64) {
        self.state().switches.clock_skew = seconds;
    }

    /// Answers every request with a good credential, but login, refresh and logout, with what arrived.
    pub fn echo(&self, on: bool) {
        self.state().switches.echo = on;
    }
}
