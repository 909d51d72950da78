//! Parcels: files on their way from one mailbox to another.

use crate::clock::{Style, iso, shift};
use crate::json::{self, string};
use crate::mailbox::Mailbox;
use crate::switches::{Shape, Switches};
use std::time::SystemTime;

pub(crate) const READY: &str = "InBoxReady";
pub(crate) const TRANSFERRED: &str = "InBoxTransferred";
pub(crate) const ARCHIVED: &str = "InBoxArchived";
pub(crate) const CANCELLED: &str = "Cancelled";

/// ECGrid's names for where a parcel is.
static STATUSES: [&str; 16] = [
    READY,
    TRANSFERRED,
    ARCHIVED,
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
    /// As often as `times` says, one after the other.
    pub content: Vec<u8>,
    pub times: u64,
    /// In whose outbox it is.
    pub mailbox_from: i64,
    /// In whose inbox it is.
    pub mailbox_to: i64,
    /// In ECGrid's words: `InBoxReady` until it is confirmed, then `InBoxTransferred`.
    pub status: &'static str,
    pub mailbag_control_id: Option<String>,
    /// How often it was downloaded.
    pub downloads: u64,
    /// How often it was confirmed, the repeated times too.
    pub confirmations: u64,
    /// How often it was put back into the inbox.
    pub resets: u64,
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

    pub(crate) fn reset(&mut self) {
        self.resets += 1;
        self.set_status(READY);
    }

    pub fn length(&self) -> u64 {
        self.content.len() as u64 * self.times
    }

    /// FNV-1a of the content, so that tests can compare what they cannot hold.
    pub fn hash(&self) -> u64 {
        let bytes = (0..self.times).flat_map(|_| &self.content);
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
    }

    /// All that a test may want to know.
    pub(crate) fn facts(&self) -> String {
        json::object(&[
            ("parcelId", self.parcel_id.to_string()),
            ("fileName", string(&self.file_name)),
            ("bytes", self.length().to_string()),
            ("hash", string(&format!("{:016x}", self.hash()))),
            ("mailboxIdFrom", self.mailbox_from.to_string()),
            ("mailboxIdTo", self.mailbox_to.to_string()),
            ("status", string(self.status)),
            ("downloads", self.downloads.to_string()),
            ("confirmations", self.confirmations.to_string()),
            ("resets", self.resets.to_string()),
        ])
    }

    /// As one of its two mailboxes sees it, by a clock that is wrong by `skew` seconds.
    pub(crate) fn info(&self, seen_by: &Mailbox, mailboxes: &[Mailbox], switches: &Switches, skew: i64) -> String {
        let ec_grid_id = |id: i64| {
            let mailbox = mailboxes.iter().find(|mailbox| mailbox.mailbox_id == id);
            mailbox.map_or("null".to_owned(), |mailbox| mailbox.ec_grid_id().to_string())
        };
        let time = |at| string(&iso(shift(at, skew), Style::Utc));
        let is_guide = switches.shape == Shape::Guide;
        let or = |usual, guide| if is_guide { guide } else { usual };
        let mut members = vec![
            (or("parcelId", "parcelID"), self.parcel_id.to_string()),
            ("mailboxId", seen_by.mailbox_id.to_string()),
            ("networkId", seen_by.network_id.to_string()),
            ("fileName", string(&self.file_name)),
            (or("bytes", "size"), self.length().to_string()),
            ("status", string(self.status)),
            (or("ecGridIdFrom", "fromECGridId"), ec_grid_id(self.mailbox_from)),
            (or("ecGridIdTo", "toECGridId"), ec_grid_id(self.mailbox_to)),
            ("mailbagControlId", self.mailbag_control_id.as_deref().map_or("null".to_owned(), string)),
        ];
        if !switches.no_times {
            members.extend([("created", time(self.created)), ("modified", time(self.modified))]);
        }
        json::object(&members)
    }
}
