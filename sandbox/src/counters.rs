//! What has happened so far, in numbers.

use crate::handle::Sandbox;
use crate::json;

#[derive(Clone, Debug, Default)]
pub(crate) struct Counters {
    pub(crate) logins: u64,
    pub(crate) refreshes: u64,
    pub(crate) refused_refreshes: u64,
    pub(crate) logouts: u64,
    pub(crate) unauthorized: u64,
    pub(crate) requests: u64,
    pub(crate) uploads: u64,
    pub(crate) downloads: u64,
    pub(crate) confirmations: u64,
    pub(crate) repeated_confirmations: u64,
}

impl Counters {
    /// The `data` of GET /sandbox/counters.
    pub(crate) fn data(&self) -> String {
        json::object(&[
            ("logins", self.logins.to_string()),
            ("refreshes", self.refreshes.to_string()),
            ("refusedRefreshes", self.refused_refreshes.to_string()),
            ("logouts", self.logouts.to_string()),
            ("unauthorized", self.unauthorized.to_string()),
            ("requests", self.requests.to_string()),
            ("uploads", self.uploads.to_string()),
            ("downloads", self.downloads.to_string()),
            ("confirmations", self.confirmations.to_string()),
            ("repeatedConfirmations", self.repeated_confirmations.to_string()),
        ])
    }
}

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
