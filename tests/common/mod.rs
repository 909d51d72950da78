//! What the tests over the C ABI share: safe hands for its functions, and servers that misbehave on demand.
#![allow(dead_code)]

pub mod openssl;
pub mod parcels;
pub mod script;
pub mod server;
pub mod session;
pub mod tls;
mod wire;

use std::ffi::{CStr, CString, c_char};
use std::ptr::{self, null_mut};
use std::time::Duration;

use ecgrid::ffi::*;
use ecgrid_sandbox::Sandbox;

pub const LOGIN: &str = "jsmith@example.com";
pub const PASSWORD: &str = "Sup3r$ecret!";

/// What an error object says, copied.
#[derive(Clone, Debug)]
pub struct Failure {
    pub status: i32,
    pub outcome: i32,
    pub http_status: i32,
    pub message: String,
    pub code: String,
    pub trace_id: String,
    pub retry_after_ms: i64,
}

impl Failure {
    /// Status, outcome and HTTP status, to compare in one go.
    pub fn kind(&self) -> (i32, i32, i32) {
        (self.status, self.outcome, self.http_status)
    }

    fn take(status: i32, error: *mut ecgrid_error) -> Self {
        assert!(!error.is_null(), "status {status} without an error object");
        let failure = unsafe {
            Self {
                status: ecgrid_error_status(error),
                outcome: ecgrid_error_outcome(error),
                http_status: ecgrid_error_http_status(error),
                message: string(ecgrid_error_message(error)),
                code: string(ecgrid_error_code(error)),
                trace_id: string(ecgrid_error_trace_id(error)),
                retry_after_ms: ecgrid_error_retry_after_ms(error),
            }
        };
        unsafe { ecgrid_error_free(error) };
        assert_eq!(failure.status, status, "{failure:?}");
        assert!(!failure.message.is_empty() && !failure.message.contains(['\n', '\r']), "{failure:?}");
        failure
    }
}

/// What a token says, copied.
#[derive(Clone, Debug)]
pub struct Token {
    pub value: String,
    pub header: [String; 2],
    pub user_id: i64,
    pub expires_at: i64,
    pub expires_in: i64,
}

impl Token {
    fn take(token: *mut ecgrid_token) -> Self {
        let copy = unsafe {
            Self {
                value: string(ecgrid_token_value(token)),
                header: [string(ecgrid_token_header_name(token)), string(ecgrid_token_header_value(token))],
                user_id: ecgrid_token_user_id(token),
                expires_at: ecgrid_token_expires_at(token),
                expires_in: ecgrid_token_expires_in(token),
            }
        };
        unsafe { ecgrid_token_free(token) };
        copy
    }
}

pub fn string(text: *const c_char) -> String {
    assert!(!text.is_null());
    unsafe { CStr::from_ptr(text) }.to_str().expect("UTF-8").to_owned()
}

pub fn c(text: &str) -> CString {
    CString::new(text).expect("no NUL")
}

/// Settings, given as a C program gives them.
pub struct Config(*mut ecgrid_config);

impl Config {
    pub fn new(base_url: &str) -> Self {
        Self(ecgrid_config_new()).base_url(base_url)
    }

    /// Takes over a configuration that the library made.
    pub fn from_raw(config: *mut ecgrid_config) -> Self {
        Self(config)
    }

    /// For a sandbox over TLS, with its CA file.
    pub fn secure(sandbox: &Sandbox) -> Self {
        Self::new(&sandbox.https_url()).ca_file(sandbox.ca_file().to_str().expect("UTF-8"))
    }

    pub fn base_url(self, url: &str) -> Self {
        self.text(ecgrid_config_set_base_url, url)
    }

    pub fn ca_file(self, path: &str) -> Self {
        self.text(ecgrid_config_set_ca_file, path)
    }

    pub fn api_key(self, key: &str) -> Self {
        self.text(ecgrid_config_set_api_key, key)
    }

    pub fn proxy(self, url: &str) -> Self {
        self.text(ecgrid_config_set_proxy, url)
    }

    pub fn user_agent(self, product: &str) -> Self {
        self.text(ecgrid_config_set_user_agent, product)
    }

    pub fn timeout(self, milliseconds: i64) -> Self {
        self.number(ecgrid_config_set_timeout_ms, milliseconds)
    }

    pub fn connect_timeout(self, milliseconds: i64) -> Self {
        self.number(ecgrid_config_set_connect_timeout_ms, milliseconds)
    }

    pub fn max_response_bytes(self, bytes: i64) -> Self {
        self.number(ecgrid_config_set_max_response_bytes, bytes)
    }

    pub fn keep_alive(self, keep: i32) -> Self {
        self.number(ecgrid_config_set_keep_alive, keep)
    }

    pub fn keep_password(self, keep: i32) -> Self {
        self.number(ecgrid_config_set_keep_password, keep)
    }

    pub fn max_attempts(self, attempts: i32) -> Self {
        self.number(ecgrid_config_set_max_attempts, attempts)
    }

    fn text(
        self,
        set: unsafe extern "C" fn(*mut ecgrid_config, *const c_char, *mut *mut ecgrid_error) -> ecgrid_status,
        value: &str,
    ) -> Self {
        assert_eq!(unsafe { set(self.0, c(value).as_ptr(), null_mut()) }, ECGRID_OK, "{value}");
        self
    }

    fn number<N: Copy + std::fmt::Debug>(
        self,
        set: unsafe extern "C" fn(*mut ecgrid_config, N, *mut *mut ecgrid_error) -> ecgrid_status,
        value: N,
    ) -> Self {
        assert_eq!(unsafe { set(self.0, value, null_mut()) }, ECGRID_OK, "{value:?}");
        self
    }

    /// Any other setting.
    pub fn with(self, set: impl FnOnce(*mut ecgrid_config) -> ecgrid_status) -> Self {
        assert_eq!(set(self.0), ECGRID_OK);
        self
    }

    pub fn try_client(self) -> Result<Client, Failure> {
        self.try_another_client()
    }

    /// One of several.
    pub fn try_another_client(&self) -> Result<Client, Failure> {
        let (mut client, mut error) = (null_mut(), null_mut());
        match unsafe { ecgrid_client_new(self.0, &mut client, &mut error) } {
            ECGRID_OK => Ok(Client(client)),
            status => {
                assert!(client.is_null());
                Err(Failure::take(status, error))
            }
        }
    }

    pub fn client(self) -> Client {
        self.try_client().expect("a client")
    }
}

impl Drop for Config {
    fn drop(&mut self) {
        unsafe { ecgrid_config_free(self.0) }
    }
}

/// A client handle.
pub struct Client(*mut ecgrid_client);

// The contract: clients may be shared by any number of threads.
unsafe impl Send for Client {}
unsafe impl Sync for Client {}

impl Client {
    pub fn login(&self, login: &str, password: &str) -> Result<Token, Failure> {
        let (mut token, mut error) = (null_mut(), null_mut());
        let status =
            unsafe { ecgrid_client_login(self.0, c(login).as_ptr(), c(password).as_ptr(), &mut token, &mut error) };
        if status != ECGRID_OK {
            assert!(token.is_null());
            return Err(Failure::take(status, error));
        }
        assert!(error.is_null());
        Ok(Token::take(token))
    }

    /// A login with any password, for the sandbox's special ones and for servers that do not look.
    pub fn try_as(&self, name: &str) -> Result<Token, Failure> {
        self.login(&format!("{name}@example.com"), PASSWORD)
    }

    /// The failure of such a login.
    pub fn failure_as(&self, name: &str) -> Failure {
        match self.try_as(name) {
            Ok(token) => panic!("{name} logged in: user {}", token.user_id),
            Err(failure) => failure,
        }
    }

    /// `data` of the server's version.
    pub fn server_version(&self) -> Result<String, Failure> {
        let (mut response, mut error) = (null_mut(), null_mut());
        match unsafe { ecgrid_client_server_version(self.0, &mut response, &mut error) } {
            ECGRID_OK => {
                let version = unsafe { string(ecgrid_response_string(response, c"/version".as_ptr())) };
                unsafe { ecgrid_response_free(response) };
                Ok(version)
            }
            status => Err(Failure::take(status, error)),
        }
    }

    pub fn another(&self) -> Self {
        let mut clone = ptr::null_mut();
        assert_eq!(unsafe { ecgrid_client_clone(self.0, &mut clone, null_mut()) }, ECGRID_OK);
        Self(clone)
    }

    pub fn set_timeout(&self, milliseconds: i64) -> Result<(), Failure> {
        let mut error = null_mut();
        match unsafe { ecgrid_client_set_timeout_ms(self.0, milliseconds, &mut error) } {
            ECGRID_OK => Ok(()),
            status => Err(Failure::take(status, error)),
        }
    }

    pub fn cancel(&self) {
        unsafe { ecgrid_client_cancel(self.0) }
    }

    pub fn stop(&self) {
        unsafe { ecgrid_client_stop(self.0) }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        unsafe { ecgrid_client_free(self.0) }
    }
}

/// A sandbox with everything as usual.
pub fn sandbox() -> Sandbox {
    Sandbox::builder().start().expect("a sandbox")
}

/// Clients of the sandbox over HTTP and over HTTPS, for what must hold on both.
pub fn both(sandbox: &Sandbox, with: impl Fn(Config) -> Config) -> [(&'static str, Client); 2] {
    [("HTTP", with(Config::new(&sandbox.http_url())).client()), ("HTTPS", with(Config::secure(sandbox)).client())]
}

/// Waits for what another thread does.
pub fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// How late a call may come back after its deadline, or after a cancel.
pub const GRACE: Duration = Duration::from_millis(250);

/// An address whose connections neither succeed nor fail: its queue is full and nobody accepts.
pub struct FullBacklog {
    pub address: std::net::SocketAddr,
    _listener: socket2::Socket,
    fillers: Vec<socket2::Socket>,
}

pub fn full_backlog() -> FullBacklog {
    full_backlog_on("127.0.0.1:0")
}

pub fn full_backlog_on(address: &str) -> FullBacklog {
    use socket2::{Domain, Socket, Type};
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let address: std::net::SocketAddr = address.parse().expect("an address");
    listener.bind(&address.into()).expect("a free port");
    listener.listen(0).expect("listening");
    let address = listener.local_addr().expect("an address").as_socket().expect("an IP address");
    // The kernel takes one more than the backlog of 0; a few extra leave no doubt.
    let fillers = (0..4).map(|_| {
        let filler = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        filler.set_nonblocking(true).expect("non-blocking");
        let _ = filler.connect(&address.into());
        filler
    });
    FullBacklog { address, fillers: fillers.collect(), _listener: listener }
}

impl FullBacklog {
    /// Waits until this process has a connection under way to the address that is none of the fillers'.
    pub fn wait_for_attempt(&self) {
        let begun = std::time::Instant::now();
        let target = format!("{:08X}:{:04X}", u32::from_le_bytes([127, 0, 0, 1]), self.address.port());
        let own_port = |socket: &socket2::Socket| socket.local_addr().ok()?.as_socket().map(|address| address.port());
        let known: Vec<String> = self.fillers.iter().filter_map(own_port).map(|port| format!(":{port:04X}")).collect();
        // Local address, remote address, state: 02 is SYN_SENT.
        let is_attempt = |line: &str| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let [_, local, remote, state, ..] = columns[..] else { return false };
            remote == target && state == "02" && !known.iter().any(|port| local.ends_with(port.as_str()))
        };
        while !std::fs::read_to_string("/proc/net/tcp").expect("Linux").lines().any(is_attempt) {
            assert!(begun.elapsed() < Duration::from_secs(10), "no attempt is under way");
            std::thread::yield_now();
        }
    }
}

/// What calls waited with is given back when they have ended: a process may have more sessions than descriptors.
pub fn assert_few_wake_ups(most: usize) {
    let count = || {
        // Elsewhere they look like any socket.
        let Ok(open) = std::fs::read_dir("/proc/self/fd") else { return 0 };
        let targets = open.filter_map(|entry| entry.unwrap().path().read_link().ok());
        targets.filter(|target| target.to_string_lossy().contains("eventfd")).count()
    };
    let begun = std::time::Instant::now();
    while count() > most && begun.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(count() <= most, "{} wake-ups are open", count());
}
