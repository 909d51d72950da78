//! What a test asks of the counters.

use super::Sandbox;

/// Counters. An answer that is delayed or lost on its way counts like any.
impl Sandbox {
    /// Logins that succeeded.
    pub fn logins(&self) -> u64 {
        self.state().counters.logins
    }

    /// Refreshes that succeeded.
    pub fn refreshes(&self) -> u64 {
        self.state().counters.refreshes
    }

    /// Refreshes that got a 401.
    pub fn refused_refreshes(&self) -> u64 {
        self.state().counters.refused_refreshes
    }

    /// Logouts that succeeded, with a token or an API key.
    pub fn logouts(&self) -> u64 {
        self.state().counters.logouts
    }

    /// Requests that got a 401, refreshes aside.
    pub fn unauthorized(&self) -> u64 {
        self.state().counters.unauthorized
    }

    /// Parcels that were uploaded.
    pub fn uploads(&self) -> u64 {
        self.state().counters.uploads
    }

    /// Downloads, also of the same parcel; [`parcels`](Self::parcels) tells how often each was.
    pub fn downloads(&self) -> u64 {
        self.state().counters.downloads
    }

    /// Confirmations of parcels that waited for one.
    pub fn confirmations(&self) -> u64 {
        self.state().counters.confirmations
    }

    /// Confirmations of parcels that were confirmed already.
    pub fn repeated_confirmations(&self) -> u64 {
        self.state().counters.repeated_confirmations
    }
}
