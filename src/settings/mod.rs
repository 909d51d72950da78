//! What a program may set, by calls and by the environment: where ECGrid is, and how to get there.

pub(crate) mod base_url;
pub mod config;
pub(crate) mod inventory;
pub(crate) mod log_setting;
pub(crate) mod own_timeout;
pub(crate) mod proxy;
