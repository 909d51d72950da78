//! What has happened so far, in numbers.

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
