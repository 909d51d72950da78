//! How a sandbox shall be.

use crate::authority::{Authority, Issued, Validity};
use crate::sessions::Sessions;
use crate::state::State;
use crate::switches::{Losses, Switches};
use crate::user::User;
use rustls::SupportedProtocolVersion;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The certificate that HTTPS presents. Only the first is one a client may accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    Valid,
    Expired,
    NotYetValid,
    /// Good, but for a host that this is not.
    OtherHost,
    /// Signed by an authority that is not the one in the CA file.
    OtherAuthority,
    SelfSigned,
}

/// The TLS versions that HTTPS speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersions {
    Both,
    Only12,
    Only13,
}

/// A name that no resolver knows (RFC 6761, 6.2), for tests of what goes through a proxy.
const ONLY_BY_PROXY: &str = "ecgrid.test";

static ONLY_12: [&SupportedProtocolVersion; 1] = [&rustls::version::TLS12];
static ONLY_13: [&SupportedProtocolVersion; 1] = [&rustls::version::TLS13];

impl TlsVersions {
    fn list(self) -> &'static [&'static SupportedProtocolVersion] {
        match self {
            Self::Both => rustls::ALL_VERSIONS,
            Self::Only12 => &ONLY_12,
            Self::Only13 => &ONLY_13,
        }
    }
}

/// Settings of a sandbox to be; made by [`Sandbox::builder`](crate::Sandbox::builder).
#[derive(Clone, Debug)]
pub struct Builder {
    pub(crate) http: SocketAddr,
    pub(crate) https: SocketAddr,
    pub(crate) ca_out: Option<PathBuf>,
    users: Vec<User>,
    token_lifetime: Duration,
    max_sessions: Option<usize>,
    switches: Switches,
    deliver_every: Option<Duration>,
    certificate: Certificate,
    issued: Option<Arc<Issued>>,
    tls_versions: TlsVersions,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let free_port = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        Self {
            http: free_port,
            https: free_port,
            ca_out: None,
            users: Vec::new(),
            token_lifetime: Duration::from_secs(3600),
            max_sessions: None,
            switches: Switches::default(),
            deliver_every: None,
            certificate: Certificate::Valid,
            issued: None,
            tls_versions: TlsVersions::Both,
        }
    }

    /// Where HTTP listens; loopback addresses only. Default: a free port of 127.0.0.1.
    pub fn http(mut self, address: SocketAddr) -> Self {
        self.http = address;
        self
    }

    /// Where HTTPS listens; loopback addresses only. Default: a free port of 127.0.0.1.
    pub fn https(mut self, address: SocketAddr) -> Self {
        self.https = address;
        self
    }

    /// Writes the CA certificate there and leaves it; otherwise it goes to a temporary file.
    pub fn ca_out(mut self, file: impl Into<PathBuf>) -> Self {
        self.ca_out = Some(file.into());
        self
    }

    /// One more user; one with the login of an earlier user replaces it.
    pub fn user(mut self, user: User) -> Self {
        self.users.push(user);
        self
    }

    /// How long a token is good. Default: an hour.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// How many sessions a user may have open. Default: any number.
    pub fn max_sessions(mut self, sessions: usize) -> Self {
        self.max_sessions = Some(sessions);
        self
    }

    /// How often a new parcel arrives in mailbox 101. Default: never.
    pub fn deliver_every(mut self, pause: Duration) -> Self {
        // Without any pause the deliveries due would have no end.
        self.deliver_every = Some(pause.max(Duration::from_millis(1)));
        self
    }

    pub fn server_certificate(mut self, certificate: Certificate) -> Self {
        self.certificate = certificate;
        self
    }

    /// Presents this one, whose authority is somebody else's to name.
    pub fn issued_certificate(mut self, issued: Issued) -> Self {
        self.issued = Some(Arc::new(issued));
        self
    }

    pub fn tls_versions(mut self, versions: TlsVersions) -> Self {
        self.tls_versions = versions;
        self
    }

    /// As [`Sandbox::refresh_delay`](crate::Sandbox::refresh_delay).
    pub fn refresh_delay(mut self, delay: Duration) -> Self {
        self.switches.refresh_delay = delay;
        self
    }

    /// As [`Sandbox::refuse_refresh`](crate::Sandbox::refuse_refresh).
    pub fn refuse_refresh(mut self, refuse: bool) -> Self {
        self.switches.refuse_refresh = refuse;
        self
    }

    /// As [`Sandbox::lose_answers`](crate::Sandbox::lose_answers).
    pub fn lose_answers(mut self, percent: u32) -> Self {
        self.switches.lose_answers = Losses::of(percent);
        self
    }

    /// As [`Sandbox::lose_refreshes`](crate::Sandbox::lose_refreshes).
    pub fn lose_refreshes(mut self, percent: u32) -> Self {
        self.switches.lose_refreshes = Losses::of(percent);
        self
    }

    /// As [`Sandbox::clock_skew`](crate::Sandbox::clock_skew).
    pub fn clock_skew(mut self, seconds: i64) -> Self {
        self.switches.clock_skew = seconds;
        self
    }

    /// As [`Sandbox::echo`](crate::Sandbox::echo).
    pub fn echo(mut self, on: bool) -> Self {
        self.switches.echo = on;
        self
    }

    /// Nobody but this machine shall reach it.
    pub(crate) fn check(&self) -> io::Result<()> {
        for address in [self.http, self.https] {
            if !address.ip().is_loopback() {
                return Err(invalid(format!("{address} is not a loopback address, and the sandbox serves no other")));
            }
        }
        Ok(())
    }

    pub(crate) fn state(&self) -> io::Result<State> {
        let mut users = User::defaults();
        for user in &self.users {
            let taken = |known: &&User| known.user_id == user.user_id && known.login != user.login;
            if let Some(holder) = users.iter().find(taken) {
                return Err(invalid(format!(
                    "id {} of {} is the id of {} already",
                    user.user_id, user.login, holder.login
                )));
            }
            match users.iter_mut().find(|known| known.login == user.login) {
                Some(known) => known.clone_from(user),
                None => users.push(user.clone()),
            }
        }
        let sessions = Sessions::new(self.token_lifetime, self.max_sessions);
        Ok(State::new(users, sessions, self.switches.clone(), self.deliver_every))
    }

    pub(crate) fn tls(&self, authority: &Authority) -> io::Result<rustls::ServerConfig> {
        if let Some(issued) = &self.issued {
            return issued.server_config(self.tls_versions.list());
        }
        let address = self.https.ip().to_string();
        let here = ["localhost", "127.0.0.1", "::1", ONLY_BY_PROXY, &address];
        let issued = match self.certificate {
            Certificate::Valid => authority.issue(&here, Validity::Now),
            Certificate::Expired => authority.issue(&here, Validity::Expired),
            Certificate::NotYetValid => authority.issue(&here, Validity::NotYet),
            Certificate::OtherHost => authority.issue(&["elsewhere.invalid"], Validity::Now),
            Certificate::OtherAuthority => Authority::new()?.issue(&here, Validity::Now),
            Certificate::SelfSigned => Issued::self_signed(&here),
        }?;
        issued.server_config(self.tls_versions.list())
    }
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}
