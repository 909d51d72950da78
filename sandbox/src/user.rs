//! Who may log in.

use crate::json;

/// What a user may do, in ECGrid's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthLevel {
    Root,
    TechOps,
    NetOps,
    NetworkAdmin,
    NetworkUser,
    MailboxAdmin,
    MailboxUser,
    TPUser,
    General,
}

impl AuthLevel {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "Root",
            Self::TechOps => "TechOps",
            Self::NetOps => "NetOps",
            Self::NetworkAdmin => "NetworkAdmin",
            Self::NetworkUser => "NetworkUser",
            Self::MailboxAdmin => "MailboxAdmin",
            Self::MailboxUser => "MailboxUser",
            Self::TPUser => "TPUser",
            Self::General => "General",
        }
    }

    /// NetworkAdmin or above: may read keys and act on other users.
    pub fn administers_network(self) -> bool {
        matches!(self, Self::Root | Self::TechOps | Self::NetOps | Self::NetworkAdmin)
    }
}

/// An account of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub login: String,
    pub password: String,
    pub user_id: i64,
    pub network_id: i64,
    pub mailbox_id: i64,
    pub auth_level: AuthLevel,
    pub first_name: String,
    pub last_name: String,
    pub api_key: String,
}

impl User {
    /// A MailboxAdmin of network 1, mailbox 101, with a random API key.
    pub fn new(login: &str, password: &str, user_id: i64) -> Self {
        Self {
            login: login.to_owned(),
            password: password.to_owned(),
            user_id,
            network_id: 1,
            mailbox_id: 101,
            auth_level: AuthLevel::MailboxAdmin,
            first_name: "Test".to_owned(),
            last_name: "User".to_owned(),
            api_key: new_api_key(),
        }
    }

    /// jsmith@example.com and admin@example.com.
    pub(crate) fn defaults() -> Vec<Self> {
        let mut jsmith = Self::new("jsmith@example.com", "Sup3r$ecret!", 4821);
        jsmith.first_name = "John".to_owned();
        jsmith.last_name = "Smith".to_owned();
        let mut admin = Self::new("admin@example.com", "Adm1n$ecret!", 4800);
        admin.auth_level = AuthLevel::NetworkAdmin;
        admin.mailbox_id = 100;
        admin.first_name = "Ada".to_owned();
        admin.last_name = "Admin".to_owned();
        vec![jsmith, admin]
    }

    /// The `data` of GET /v2/users/me.
    pub(crate) fn profile(&self) -> String {
        json::object(&[
            ("userId", self.user_id.to_string()),
            ("login", json::string(&self.login)),
            ("email", json::string(&self.login)),
            ("firstName", json::string(&self.first_name)),
            ("lastName", json::string(&self.last_name)),
            ("networkId", self.network_id.to_string()),
            ("mailboxId", self.mailbox_id.to_string()),
            ("authLevel", json::string(self.auth_level.name())),
            ("status", json::string("Active")),
            ("created", json::string("2024-01-15T09:00:00Z")),
        ])
    }
}

/// A key in the shape of a GUID.
pub(crate) fn new_api_key() -> String {
    let hex = json::random_hex();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Why ECGrid's password policy refuses `password`, if it does.
pub(crate) fn policy_refuses(password: &str) -> Option<&'static str> {
    let has = |test: fn(char) -> bool| password.chars().any(test);
    if !has(char::is_lowercase) {
        Some("newPassword needs a lower-case letter.")
    } else if !has(char::is_uppercase) {
        Some("newPassword needs an upper-case letter.")
    } else if !has(char::is_numeric) {
        Some("newPassword needs a digit.")
    } else if !has(|c| !c.is_alphanumeric()) {
        Some("newPassword needs a character that is neither letter nor digit.")
    } else {
        None
    }
}
