//! Parcels: files on their way from one mailbox to another.

use crate::clock::{Style, iso, shift};
use crate::json::{self, string};
use crate::mailbox::Mailbox;
use std::time::SystemTime;

pub(crate) const READY: &str = "InBoxReady";
pub(crate) const TRANSFERRED: &str = "InBoxTransferred";
pub(crate) const CANCELLED: &str = "Cancelled";

/// ECGrid's names for where a parcel is.
static STATUSES: [&str; 16] = [
    READY,
    TRANSFERRED,
    "InBoxArchived",
    "as2Receive",
    "as2Sent",
    "ftpReceived",
    "ftpSent",
    "outboxPending",
    "outboxSent",
    "outboxAcknowledged",
    "outboxRetry",
    "outboxFailed",
    "outboxDeliveryError",
    "outboxTransferred",
    CANCELLED,
    "VaultReady",
];

/// A parcel as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    pub parcel_id: i64,
    pub file_name: String,
    pub content: Vec<u8>,
    /// In whose outbox it is.
    pub mailbox_from: i64,
    /// In whose inbox it is.
    pub mailbox_to: i64,
    /// In ECGrid's words: `InBoxReady` until it is confirmed, then `InBoxTransferred`.
    pub status: &'static str,
    pub mailbag_control_id: Option<String>,
    /// How often it was downloaded.
    pub downloads: u64,
    pub created: SystemTime,
    pub modified: SystemTime,
}

/// The name as it is known here; None for one that ECGrid does not have.
pub(crate) fn status(name: &str) -> Option<&'static str> {
    STATUSES.into_iter().find(|known| *known == name)
}

impl Parcel {
    pub(crate) fn set_status(&mut self, status: &'static str) {
        self.status = status;
        self.modified = SystemTime::now();
    }

    /// As one of its two mailboxes sees it, by a clock that is wrong by `skew` seconds.
    pub(crate) fn info(&self, seen_by: &Mailbox, mailboxes: &[Mailbox], skew: i64) -> String {
        let ec_grid_id = |id: i64| {
            let mailbox = mailboxes.iter().find(|mailbox| mailbox.mailbox_id == id);
            mailbox.map_or("null".to_owned(), |mailbox| mailbox.ec_grid_id().to_string())
        };
        let time = |at| string(&iso(shift(at, skew), Style::Utc));
        json::object(&[
            ("parcelId", self.parcel_id.to_string()),
            ("mailboxId", seen_by.mailbox_id.to_string()),
            ("networkId", seen_by.network_id.to_string()),
            ("fileName", string(&self.file_name)),
            ("bytes", self.content.len().to_string()),
            ("status", string(self.status)),
            ("ecGridIdFrom", ec_grid_id(self.mailbox_from)),
            ("ecGridIdTo", ec_grid_id(self.mailbox_to)),
            ("mailbagControlId", self.mailbag_control_id.as_deref().map_or("null".to_owned(), string)),
            ("created", time(self.created)),
            ("modified", time(self.modified)),
        ])
    }
}
