//! What a test may switch while the sandbox runs.

use super::Sandbox;
use crate::switches::{Losses, Shape};
use crate::trouble::Trouble;
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

    /// Lists of pending parcels show so many at most.
    pub fn pending_page(&self, parcels: Option<usize>) {
        self.state().switches.pending_page = parcels;
    }

    /// A parcel is listed as pending no more once it was downloaded: it is `InBoxTransferred` then, and `InBoxArchived` after
    /// its confirmation.
    pub fn download_transfers(&self, transfers: bool) {
        self.state().switches.download_transfers = transfers;
    }

    /// How long after an upload the outbox list shows it.
    pub fn outbox_delay(&self, delay: Duration) {
        self.state().switches.outbox_delay = delay;
    }

    /// Which of ECGrid's pages the answers about parcels follow.
    pub fn shape(&self, shape: Shape) {
        self.state().switches.shape = shape;
    }

    /// Lists do not tell when a parcel was created or modified.
    pub fn no_times(&self, none: bool) {
        self.state().switches.no_times = none;
    }

    /// What goes wrong with the next so many requests for a path.
    pub fn trouble(&self, path: &str, times: u32, trouble: Trouble) {
        self.state().switches.troubles.add(path, times, trouble);
    }

    /// Nothing goes wrong any more but what switches say.
    pub fn no_trouble(&self) {
        self.state().switches.troubles.clear();
    }
}
