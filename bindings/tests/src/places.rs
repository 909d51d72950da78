//! The servers of the conformance table, and of all other tests of the bindings.

use std::ffi::OsString;
use std::time::Duration;

use ecgrid_c_tests::servers;
use ecgrid_sandbox::{Sandbox, User};
use tempfile::NamedTempFile;

/// Long enough that a busy machine does not sleep through the last fifth of it.
const SHORT_LIFETIME: Duration = Duration::from_secs(6);

/// For the cases about parcels.
const MAILBOXES: std::ops::RangeInclusive<i64> = 301..=320;

/// Servers of one runner's own, gone with it.
pub struct Places {
    main: Sandbox,
    short: Sandbox,
    untrustworthy: Vec<(&'static str, Sandbox)>,
    /// The authorities of all.
    bundle: NamedTempFile,
    /// Bound and not listening: whoever connects is refused, and nobody else gets the port.
    nowhere: socket2::Socket,
}

impl Places {
    pub fn open() -> Result<Self, String> {
        let sandbox =
            |builder: ecgrid_sandbox::Builder| builder.start().map_err(|error| format!("no sandbox: {error}"));
        let main = users().into_iter().fold(Sandbox::builder(), |builder, user| builder.user(user));
        let nowhere = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None);
        let any_port: std::net::SocketAddr = ([127, 0, 0, 1], 0).into();
        let nowhere = nowhere.and_then(|socket| socket.bind(&any_port.into()).map(|()| socket));
        let places = Self {
            main: sandbox(main)?,
            short: sandbox(Sandbox::builder().token_lifetime(SHORT_LIFETIME))?,
            untrustworthy: servers::untrustworthy()?,
            bundle: NamedTempFile::new().map_err(|error| format!("no file for the authorities: {error}"))?,
            nowhere: nowhere.map_err(|error| format!("no port: {error}"))?,
        };
        let others = places.untrustworthy.iter().map(|(_, other)| other.ca_pem());
        let pems: String = others.chain([places.main.ca_pem()]).collect();
        std::fs::write(places.bundle.path(), pems).map_err(|error| format!("no file for the authorities: {error}"))?;
        Ok(places)
    }

    /// Where they are, as the runners read it.
    pub fn variables(&self) -> Vec<(String, OsString)> {
        let bundle = self.bundle.path();
        let mut all: Vec<(String, OsString)> = vec![
            ("SANDBOX_HTTP".into(), self.main.http_url().into()),
            ("SANDBOX_HTTPS".into(), self.main.https_url().into()),
            ("SANDBOX_CA".into(), bundle.into()),
            ("SANDBOX_SHORT".into(), self.short.http_url().into()),
            ("SANDBOX_NOWHERE".into(), self.nowhere_url().into()),
            ("SANDBOX_API_KEY".into(), self.main.users()[0].api_key.clone().into()),
            // What the clients of the environment use.
            ("ECGRID_BASE_URL".into(), self.main.https_url().into()),
            ("ECGRID_CA_FILE".into(), bundle.into()),
        ];
        all.extend(self.untrustworthy.iter().map(|(name, other)| ((*name).to_owned(), other.https_url().into())));
        all
    }

    fn nowhere_url(&self) -> String {
        let address = self.nowhere.local_addr().ok().and_then(|address| address.as_socket());
        format!("http://{}", address.expect("a bound socket has an address"))
    }
}

/// Those of the table, beside the sandbox's own.
fn users() -> Vec<User> {
    let user = |login: &str, password: &str, id| User::new(login, password, id);
    // Each with a mailbox of its own, so that a case knows what is in it.
    let owner = |mailbox_id| User {
        mailbox_id,
        ..user(&format!("mailbox-{mailbox_id}@example.com"), "Parc3ls$", 5000 + mailbox_id)
    };
    let mut users = vec![
        user("jürgen@пример.example", "Пароль-密码-🔑1", 5001),
        user("quote\"back\\slash@example.com", "p\"a\\s\ts\nw\r", 5002),
        user("short@example.com", "x", 5003),
        user("revoked@example.com", "Rev0ked!", 5004),
        user("changing@example.com", "F1rst$ecret!", 5005),
        user("keyless@example.com", "K3yless!", 5006),
    ];
    users.extend(MAILBOXES.map(owner));
    users
}
