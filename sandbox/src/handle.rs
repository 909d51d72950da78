//! The handle on a running sandbox.

mod counters;
mod switches;

use crate::authority::Authority;
use crate::builder::Builder;
use crate::journal::{Journal, Request};
use crate::mailbox::PARTNER;
use crate::parcel::Parcel;
use crate::server::Server;
use crate::shared::Shared;
use crate::state::State;
use crate::user::User;
use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;

/// An ECGrid on loopback. Dropping it stops the server and deletes its temporary files.
pub struct Sandbox {
    // First, so that the server has stopped before its files go.
    _server: Server,
    shared: Arc<Shared>,
    http: SocketAddr,
    https: SocketAddr,
    authority: Authority,
    ca_file: PathBuf,
    _folder: Option<TempDir>,
}

impl Sandbox {
    pub fn builder() -> Builder {
        Builder::new()
    }

    fn start(settings: &Builder) -> io::Result<Self> {
        settings.check()?;
        let shared = Arc::new(Shared { state: Mutex::new(settings.state()?), journal: Journal::default() });
        let authority = Authority::new()?;
        let tls = TlsAcceptor::from(Arc::new(settings.tls(&authority)?));
        let (http, https) = (bind(settings.http)?, bind(settings.https)?);
        let addresses = (http.local_addr()?, https.local_addr()?);
        let (ca_file, folder) = place_ca(settings.ca_out.as_deref(), authority.pem())?;
        Ok(Self {
            _server: Server::start(http, https, tls, shared.clone())?,
            shared,
            http: addresses.0,
            https: addresses.1,
            authority,
            ca_file,
            _folder: folder,
        })
    }

    /// `http://127.0.0.1:PORT`
    pub fn http_url(&self) -> String {
        format!("http://{}", self.http)
    }

    /// `https://localhost:PORT`
    pub fn https_url(&self) -> String {
        if self.https.ip() == std::net::Ipv4Addr::LOCALHOST {
            format!("https://localhost:{}", self.https.port())
        } else {
            format!("https://{}", self.https)
        }
    }

    pub fn http_address(&self) -> SocketAddr {
        self.http
    }

    pub fn https_address(&self) -> SocketAddr {
        self.https
    }

    /// The PEM file of the CA that a client has to trust.
    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    pub fn ca_pem(&self) -> &str {
        self.authority.pem()
    }

    /// The CA behind [`ca_file`](Self::ca_file), to issue more certificates that its clients trust.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The key of the tokens' HS256 signatures.
    pub fn jwt_secret(&self) -> Vec<u8> {
        self.state().sessions.signer.secret().to_vec()
    }

    /// The users as they are now, API keys included.
    pub fn users(&self) -> Vec<User> {
        self.state().users.clone()
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.journal().requests()
    }

    /// The same, and forgets them.
    pub fn take_requests(&self) -> Vec<Request> {
        self.journal().take()
    }

    /// How many [`requests`](Self::requests) there are.
    pub fn request_count(&self) -> usize {
        self.journal().request_count()
    }

    /// Waits until there are at least `count` requests; false when the time is up.
    pub fn wait_for_requests(&self, count: usize, timeout: Duration) -> bool {
        self.journal().wait_for_requests(count, timeout)
    }

    /// Connections ever accepted, failed TLS handshakes included.
    pub fn connection_count(&self) -> u64 {
        self.journal().connection_count()
    }

    /// Connections open now.
    pub fn open_connections(&self) -> u64 {
        self.journal().open_connections()
    }

    /// Waits until exactly `count` connections are open; false when the time is up.
    pub fn wait_for_open_connections(&self, count: u64, timeout: Duration) -> bool {
        self.journal().wait_for_open(count, timeout)
    }

    /// Sessions neither ended nor expired.
    pub fn live_sessions(&self) -> usize {
        self.state().sessions.count()
    }

    /// Ends the session of that token; false when there is none.
    pub fn revoke_token(&self, token: &str) -> bool {
        self.state().sessions.end(token)
    }

    /// Ends all sessions and tells how many there were.
    pub fn revoke_all_tokens(&self) -> usize {
        self.state().sessions.end_all()
    }

    /// Ends all sessions of a user and tells how many there were.
    pub fn revoke_tokens_of(&self, user_id: i64) -> usize {
        self.state().sessions.end_all_of(user_id)
    }

    /// Gives a user another password, whatever the policy says; false when there is no such login.
    pub fn set_user_password(&self, login: &str, password: &str) -> bool {
        self.state().set_password(login, password)
    }

    /// Every parcel there is, as it is now.
    pub fn parcels(&self) -> Vec<Parcel> {
        self.state().depot.parcels.clone()
    }

    /// Empties every mailbox.
    pub fn remove_parcels(&self) {
        self.state().depot.parcels.clear();
    }

    /// Puts a parcel from mailbox 102 into a mailbox and answers its id; None when there is no such mailbox.
    pub fn deliver_parcel(&self, mailbox_id: i64, file_name: &str, content: &[u8]) -> Option<i64> {
        let mut state = self.state();
        let exists = state.depot.mailboxes.iter().any(|mailbox| mailbox.mailbox_id == mailbox_id);
        exists.then(|| state.depot.deliver(PARTNER, mailbox_id, file_name, content.to_vec(), SystemTime::now()))
    }

    /// The same of a parcel that has this content so many times.
    pub fn deliver_long_parcel(&self, mailbox_id: i64, file_name: &str, content: &[u8], times: u64) -> Option<i64> {
        let (mut state, now) = (self.state(), SystemTime::now());
        let exists = state.depot.mailboxes.iter().any(|mailbox| mailbox.mailbox_id == mailbox_id);
        exists.then(|| state.depot.deliver_often(PARTNER, mailbox_id, file_name, content.to_vec(), times, now))
    }

    /// Puts a parcel back into its inbox, as its addressee may; false when there is none.
    pub fn reset_parcel(&self, parcel_id: i64) -> bool {
        let mut state = self.state();
        let parcel = state.depot.parcels.iter_mut().find(|parcel| parcel.parcel_id == parcel_id);
        parcel.map(Parcel::reset).is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }

    fn journal(&self) -> &Journal {
        &self.shared.journal
    }
}

impl Builder {
    /// Binds both ports and serves until the [`Sandbox`] is dropped.
    pub fn start(self) -> io::Result<Sandbox> {
        Sandbox::start(&self)
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("http", &self.http)
            .field("https", &self.https)
            .field("ca_file", &self.ca_file)
            .finish_non_exhaustive()
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address)
        .map_err(|cause| io::Error::new(cause.kind(), format!("cannot listen on {address}: {cause}")))
}

fn place_ca(wanted: Option<&Path>, pem: &str) -> io::Result<(PathBuf, Option<TempDir>)> {
    let (file, folder) = match wanted {
        Some(file) => (file.to_owned(), None),
        None => {
            let folder = tempfile::Builder::new().prefix("ecgrid-sandbox-").tempdir()?;
            (folder.path().join("ca.pem"), Some(folder))
        }
    };
    std::fs::write(&file, pem)
        .map_err(|cause| io::Error::new(cause.kind(), format!("cannot write the CA to {}: {cause}", file.display())))?;
    Ok((file, folder))
}
