//! Mailboxes, and who may act for one.

use crate::answer::Answer;
use crate::json;
use crate::user::User;

#[derive(Clone, Debug)]
pub(crate) struct Mailbox {
    pub(crate) mailbox_id: i64,
    pub(crate) network_id: i64,
    /// What interchanges are addressed to.
    pub(crate) unique_id: String,
    company_name: String,
}

/// Where parcels come from that nobody uploads.
pub(crate) const PARTNER: i64 = 102;

impl Mailbox {
    fn new(mailbox_id: i64, network_id: i64, unique_id: &str, company_name: &str) -> Self {
        let (unique_id, company_name) = (unique_id.to_owned(), company_name.to_owned());
        Self { mailbox_id, network_id, unique_id, company_name }
    }

    /// Three of network 1, and one for every user who has another.
    pub(crate) fn all(users: &[User]) -> Vec<Self> {
        let mut all = vec![
            Self::new(100, 1, "NETWORKOPS", "Network Operations"),
            Self::new(101, 1, "JSMITHCO", "J. Smith and Company"),
            Self::new(PARTNER, 1, "PARTNERCO", "Partner Trading"),
        ];
        for user in users {
            let id = user.mailbox_id;
            if !all.iter().any(|mailbox| mailbox.mailbox_id == id) {
                all.push(Self::new(id, user.network_id, &format!("MAILBOX{id}"), &format!("Mailbox {id}")));
            }
        }
        all
    }

    /// Each mailbox has one ECGrid ID.
    pub(crate) fn ec_grid_id(&self) -> i64 {
        self.mailbox_id.saturating_add(20_000)
    }

    /// All of them are in this status.
    pub(crate) const STATUS: &str = "Active";

    pub(crate) fn info(&self) -> String {
        json::object(&[
            ("mailboxId", self.mailbox_id.to_string()),
            ("networkId", self.network_id.to_string()),
            ("uniqueId", json::string(&self.unique_id)),
            ("companyName", json::string(&self.company_name)),
            ("ecGridId", self.ec_grid_id().to_string()),
            ("status", json::string(Self::STATUS)),
            ("created", json::string("2024-01-15T09:00:00Z")),
            ("modified", json::string("2025-02-14T11:30:00Z")),
        ])
    }
}

impl User {
    /// One's own mailbox, or any with NetworkAdmin.
    pub(crate) fn acts_for(&self, mailbox_id: i64) -> bool {
        self.mailbox_id == mailbox_id || self.auth_level.administers_network()
    }
}

pub(crate) fn denied() -> Answer {
    Answer::failure(403, "AccessDenied", "This belongs to a mailbox that is not yours.")
}
