//! The process-wide client behind `ecgrid_login`, made from the environment at first use.

use once_cell::sync::OnceCell;

use crate::client::Client;
use crate::error::Error;
use crate::per_process::PerProcess;
use crate::settings::config::Config;

static CLIENT: PerProcess<OnceCell<Client>> = PerProcess::new();

/// The client, made now if it is not there. One that could not be made is tried again.
pub fn get() -> Result<&'static Client, Error> {
    CLIENT.get().get_or_try_init(|| Client::new(&Config::from_env()?))
}
