//! Linux and the other Unixes.

mod append;
mod files;
mod pages;

pub use append::{NoSignals, append, open_log};
pub use files::*;
pub(super) use pages::take_pages;
pub use pages::{give_back_pages, map_pages, prefer_large_pages, resize_pages};

use std::fs::{self, File, Metadata};
use std::io;
use std::net::TcpStream;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::ptr;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use super::{FileVersion, Interest, MAX_INTERESTS, TrustStore};

pub type Handle = RawFd;

pub fn handle_of(socket: &impl AsRawFd) -> Handle {
    socket.as_raw_fd()
}

/// The same under a number that is none of the standard streams'. Where the host has closed those, their numbers are
/// the first that the system gives, and what the host prints would go into a connection.
pub fn off_standard_streams<T: AsRawFd + From<OwnedFd>>(thing: T) -> io::Result<T> {
    const FIRST: RawFd = libc::STDERR_FILENO + 1;
    if thing.as_raw_fd() >= FIRST {
        return Ok(thing);
    }
    // SAFETY: duplicates an open descriptor; the new one is owned by nobody else.
    unsafe {
        match libc::fcntl(thing.as_raw_fd(), libc::F_DUPFD_CLOEXEC, FIRST) {
            ..0 => Err(io::Error::last_os_error()),
            moved => Ok(OwnedFd::from_raw_fd(moved).into()),
        }
    }
}

/// Opens a file to read it. A pipe that nobody writes to is not waited for.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    off_standard_streams(File::options().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)?)
}

/// What to say when it was descriptors that ran out.
pub fn out_of_files(error: &io::Error) -> Option<&'static str> {
    match error.raw_os_error() {
        Some(libc::EMFILE) => {
            Some("this process may open no more files; close what it no longer needs, or raise its limit (ulimit -n)")
        }
        Some(libc::ENFILE) => Some("this machine may open no more files; end programs that keep many open"),
        _ => None,
    }
}

/// Without "(os error 104)", which tells a reader nothing.
pub(super) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    text[..end].to_ascii_lowercase()
}

/// Whether a send failed by this machine's own will, as in a sandbox or without buffers: the connection is not to blame.
pub fn is_refused_here(error: &io::Error) -> bool {
    use io::ErrorKind::{OutOfMemory, PermissionDenied, Unsupported};
    matches!(error.kind(), OutOfMemory | PermissionDenied | Unsupported) || error.raw_os_error() == Some(libc::ENOBUFS)
}

/// Waits until one of the interests is ready or the time is over. A signal may end it early with nothing ready.
pub fn wait(interests: &mut [Interest], timeout: Duration) -> io::Result<()> {
    assert!(interests.len() <= MAX_INTERESTS);
    let mut fds = [libc::pollfd { fd: -1, events: 0, revents: 0 }; MAX_INTERESTS];
    for (fd, interest) in fds.iter_mut().zip(interests.iter()) {
        fd.fd = interest.handle;
        fd.events |= if interest.read { libc::POLLIN } else { 0 };
        fd.events |= if interest.write { libc::POLLOUT } else { 0 };
    }
    // Rounded up: waking a moment early would spin until the deadline.
    let milliseconds = i32::try_from(timeout.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX);
    // SAFETY: `fds` holds at least `interests.len()` initialised entries.
    let result = unsafe { libc::poll(fds.as_mut_ptr(), interests.len() as libc::nfds_t, milliseconds) };
    if result < 0 {
        let error = io::Error::last_os_error();
        if error.kind() == io::ErrorKind::Interrupted {
            return Ok(());
        }
        return Err(error);
    }
    for (fd, interest) in fds.iter().zip(interests.iter_mut()) {
        interest.ready = fd.revents != 0;
    }
    Ok(())
}

/// Reads what has come, without waiting for more.
pub fn receive_now(socket: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
    receive(socket, buffer, libc::MSG_DONTWAIT)
}

/// Reads what comes within the socket's read timeout. Only for a socket that may block.
#[cfg(blocking_reads)]
pub fn receive_within(socket: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
    receive(socket, buffer, 0)
}

fn receive(socket: &TcpStream, buffer: &mut [u8], flags: libc::c_int) -> io::Result<usize> {
    // SAFETY: writes at most the length of a live buffer.
    let count = unsafe { libc::recv(socket.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len(), flags) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

#[cfg(not(target_vendor = "apple"))]
const SEND_FLAGS: libc::c_int = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
/// There socket2 has set SO_NOSIGPIPE.
#[cfg(target_vendor = "apple")]
const SEND_FLAGS: libc::c_int = libc::MSG_DONTWAIT;

/// Some systems refuse a write of 2 GiB and more instead of taking a part of it.
const MOST_AT_ONCE: usize = 1 << 30;

/// Writes what there is room for. A peer that is gone is an error, not a SIGPIPE.
pub fn send_now(socket: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    let length = bytes.len().min(MOST_AT_ONCE);
    // SAFETY: reads at most the length of a live slice.
    let count = unsafe { libc::send(socket.as_raw_fd(), bytes.as_ptr().cast(), length, SEND_FLAGS) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// The same, of two pieces as if they were one.
pub fn send_both_now(socket: &TcpStream, [first, second]: [&[u8]; 2]) -> io::Result<usize> {
    if first.is_empty() {
        return send_now(socket, second);
    }
    if second.is_empty() || first.len() >= MOST_AT_ONCE {
        return send_now(socket, first);
    }
    let piece = |bytes: &[u8], most: usize| libc::iovec {
        iov_base: bytes.as_ptr().cast_mut().cast(),
        iov_len: bytes.len().min(most),
    };
    let mut pieces = [piece(first, first.len()), piece(second, MOST_AT_ONCE - first.len())];
    // SAFETY: a message of zeros says nothing; the pieces are live slices, and only read.
    let count = unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = pieces.as_mut_ptr();
        message.msg_iovlen = pieces.len() as _;
        libc::sendmsg(socket.as_raw_fd(), &message, SEND_FLAGS)
    };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// Ends a read that another thread waits in, and the connection with it.
#[cfg(blocking_reads)]
pub fn interrupt(handle: Handle) {
    // SAFETY: a plain call; whoever reads keeps the descriptor open until it has taken itself off the list.
    unsafe { libc::shutdown(handle, libc::SHUT_RDWR) };
}

/// A flag that [`wait`] can wait for: once signalled it stays so, for everybody who waits, until it is drained.
pub struct Wake {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    event: OwnedFd,
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pair: (std::os::unix::net::UnixStream, std::os::unix::net::UnixStream),
}

#[cfg(any(target_os = "linux", target_os = "android"))]
impl Wake {
    pub fn new() -> io::Result<Self> {
        // SAFETY: the descriptor is new and owned by nobody else.
        let event = unsafe {
            match libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) {
                ..0 => return Err(io::Error::last_os_error()),
                event => OwnedFd::from_raw_fd(event),
            }
        };
        Ok(Self { event: off_standard_streams(event)? })
    }

    pub fn signal(&self) {
        let one = 1u64.to_ne_bytes();
        // SAFETY: writes 8 bytes from a live array. It can only fail when the counter is full, and then it is
        // signalled.
        unsafe { libc::write(self.event.as_raw_fd(), one.as_ptr().cast(), one.len()) };
    }

    /// Takes every signal back.
    pub fn drain(&self) {
        let mut count = [0; 8];
        // SAFETY: fills a live array. It can only fail when there is nothing to take.
        unsafe { libc::read(self.event.as_raw_fd(), count.as_mut_ptr().cast(), count.len()) };
    }

    pub fn handle(&self) -> Handle {
        self.event.as_raw_fd()
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
impl Wake {
    pub fn new() -> io::Result<Self> {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        let pair = (off_standard_streams(ours)?, off_standard_streams(theirs)?);
        pair.0.set_nonblocking(true)?;
        pair.1.set_nonblocking(true)?;
        Ok(Self { pair })
    }

    pub fn signal(&self) {
        use std::io::Write;
        let _ = (&self.pair.0).write(&[1]);
    }

    /// Takes signals back, of many all.
    pub fn drain(&self) {
        use std::io::Read;
        while (&self.pair.1).read(&mut [0; 512]).is_ok_and(|count| count > 0) {}
    }

    pub fn handle(&self) -> Handle {
        self.pair.1.as_raw_fd()
    }
}

static FORKS: AtomicU32 = AtomicU32::new(0);

extern "C" fn forked() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// Grows by one in every forked child. getpid would cost a system call each time it is asked.
pub fn fork_generation() -> u32 {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        // SAFETY: the handler only touches an atomic, and the library is never unloaded (-z nodelete).
        unsafe { libc::pthread_atfork(None, None, Some(forked)) };
    });
    FORKS.load(Ordering::Relaxed)
}

/// Whether the program has rights that its caller has not: what that says in the environment is not to be obeyed.
pub fn is_privileged() -> bool {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    // SAFETY: a plain call.
    return unsafe { libc::getauxval(libc::AT_SECURE) } != 0;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    // SAFETY: a plain call.
    return unsafe { libc::issetugid() } != 0;
}

/// Starts a thread that takes none of the host's signals.
pub fn spawn(name: &str, work: Box<dyn FnOnce() + Send>) -> io::Result<()> {
    // SAFETY: plain signal-mask calls on local sets; the caller's own mask is put back.
    unsafe {
        let mut all = std::mem::zeroed();
        let mut before = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, &mut before);
        let result = thread::Builder::new().name(name.into()).stack_size(512 * 1024).spawn(work);
        libc::pthread_sigmask(libc::SIG_SETMASK, &before, ptr::null_mut());
        result.map(drop)
    }
}

/// A clock nobody can set, that counts the time a machine sleeps where the system has one.
pub fn steady_clock() -> Duration {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: libc::clockid_t = libc::CLOCK_BOOTTIME;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: libc::clockid_t = libc::CLOCK_MONOTONIC;
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: fills a local struct; both clocks always exist.
    unsafe { libc::clock_gettime(CLOCK, &mut now) };
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// The bundle files of the common systems, in the order Go's crypto/x509 looks for them.
const BUNDLES: [&str; 8] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

pub fn trust_store() -> TrustStore {
    for path in BUNDLES {
        match fs::metadata(path) {
            Ok(file) if file.is_file() => return TrustStore::Bundle(path.into(), version(&file)),
            // One that cannot be looked at is there all the same: to read it tells why.
            Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return TrustStore::Bundle(path.into(), FileVersion::default());
            }
            _ => {}
        }
    }
    TrustStore::Missing
}

fn version(file: &Metadata) -> FileVersion {
    let (modified, changed) = ([file.mtime(), file.mtime_nsec()], [file.ctime(), file.ctime_nsec()]);
    (file.dev(), file.ino(), file.size(), modified, changed)
}
