//! Windows.

mod files;
mod log_file;
mod pages;
mod trust;
mod words;

pub use files::*;
pub use log_file::{append, open_log};
pub(super) use pages::take_pages;
pub use pages::{give_back_pages, map_pages, prefer_large_pages, resize_pages};
pub use trust::*;
pub(super) use words::words;

use std::fs::File;
use std::io::{self, IoSlice, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::os::windows::io::AsRawSocket;
use std::path::Path;
use std::ptr;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};
use windows_sys::Win32::Foundation::ERROR_TOO_MANY_OPEN_FILES;
use windows_sys::Win32::Networking::WinSock::{
    FD_SET, SO_EXCLUSIVEADDRUSE, SOCKET, SOCKET_ERROR, SOL_SOCKET, TIMEVAL, WSAEMFILE, WSAENOBUFS, select, setsockopt,
};
use windows_sys::Win32::System::LibraryLoader::{
    GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
};

use super::{Interest, MAX_INTERESTS};

pub type Handle = SOCKET;

pub fn handle_of(socket: &impl AsRawSocket) -> Handle {
    socket.as_raw_socket() as Handle
}

const NO_SOCKETS: FD_SET = FD_SET { fd_count: 0, fd_array: [0; 64] };
const _: () = assert!(MAX_INTERESTS <= NO_SOCKETS.fd_array.len());

fn add(sockets: &mut FD_SET, handle: Handle) {
    sockets.fd_array[sockets.fd_count as usize] = handle;
    sockets.fd_count += 1;
}

fn contains(sockets: &FD_SET, handle: Handle) -> bool {
    sockets.fd_array[..sockets.fd_count as usize].contains(&handle)
}

/// Waits until one of the interests is ready or the time is over. It may end early with nothing ready.
///
/// With select, not WSAPoll: before Windows 10 2004 WSAPoll never reports that a connection was refused.
pub fn wait(interests: &mut [Interest], timeout: Duration) -> io::Result<()> {
    assert!(interests.len() <= MAX_INTERESTS);
    let (mut readable, mut writable, mut failed) = (NO_SOCKETS, NO_SOCKETS, NO_SOCKETS);
    for interest in interests.iter() {
        if interest.read {
            add(&mut readable, interest.handle);
        }
        if interest.write {
            add(&mut writable, interest.handle);
        }
        // Here select reports a failed connect. Out-of-band data too, so a socket that connected long ago stays out.
        if interest.write && !interest.read {
            add(&mut failed, interest.handle);
        }
    }
    // An hour will do: whoever waits longer waits again.
    let timeout = timeout.min(Duration::from_secs(3600));
    let time = TIMEVAL { tv_sec: timeout.as_secs() as i32, tv_usec: timeout.subsec_micros() as i32 };
    // SAFETY: three local sets and a local time. Sockets exist, so Winsock was started.
    if unsafe { select(0, &mut readable, &mut writable, &mut failed, &time) } == SOCKET_ERROR {
        return Err(io::Error::last_os_error());
    }
    for interest in interests {
        interest.ready = [&readable, &writable, &failed].iter().any(|sockets| contains(sockets, interest.handle));
    }
    Ok(())
}

/// Never: a program has no rights here that its caller has not.
pub fn is_privileged() -> bool {
    false
}

/// The same: sockets and files are no standard streams here, whatever is closed.
pub fn off_standard_streams<T>(thing: T) -> io::Result<T> {
    Ok(thing)
}

/// Opens a file to read it.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// What to say when it was handles that ran out.
pub fn out_of_files(error: &io::Error) -> Option<&'static str> {
    const OPEN_FILES: i32 = ERROR_TOO_MANY_OPEN_FILES as i32;
    match error.raw_os_error() {
        Some(OPEN_FILES | WSAEMFILE) => Some("this process may open no more files; close what it no longer needs"),
        _ => None,
    }
}

/// Whether a send failed by this machine's own will, as by a firewall or without buffers: the connection is not to
/// blame.
pub fn is_refused_here(error: &io::Error) -> bool {
    use io::ErrorKind::{OutOfMemory, PermissionDenied};
    matches!(error.kind(), OutOfMemory | PermissionDenied) || error.raw_os_error() == Some(WSAENOBUFS)
}

/// Reads what has come, without waiting for more.
pub fn receive_now(mut socket: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
    socket.read(buffer)
}

/// Winsock takes a write of any length whole, into memory of the kernel's that may run out (WSAENOBUFS), instead of the
/// part that there is room for.
const MOST_AT_ONCE: usize = 256 * 1024;

/// Writes what there is room for.
pub fn send_now(mut socket: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    socket.write(&bytes[..bytes.len().min(MOST_AT_ONCE)])
}

/// The same, of two pieces as if they were one: one WSASend.
pub fn send_both_now(mut socket: &TcpStream, [first, second]: [&[u8]; 2]) -> io::Result<usize> {
    if second.is_empty() || first.len() >= MOST_AT_ONCE {
        return send_now(socket, first);
    }
    socket.write_vectored(&[IoSlice::new(first), IoSlice::new(&second[..second.len().min(MOST_AT_ONCE)])])
}

/// A flag that [`wait`] can wait for: once signalled it stays so, for everybody who waits, until it is drained.
pub struct Wake(UdpSocket);

impl Wake {
    /// A socket that is connected to itself, as only sockets can be waited for together with sockets. Not one of TCP: each
    /// would leave its port in use for minutes.
    pub fn new() -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
        let (handle, yes) = (handle_of(&socket), 1_i32);
        // SAFETY: a socket that is open, and a local number. Where it fails, another program may take our port, and could
        // before there was this option.
        unsafe {
            setsockopt(handle, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (&raw const yes).cast(), size_of_val(&yes) as i32)
        };
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        // From now on it takes nothing that somebody else sends; what came before, `drain` takes back.
        socket.connect(&socket.local_addr()?)?;
        socket.set_nonblocking(true)?;
        Ok(Self(socket.into()))
    }

    /// It can only fail when there is no room for another, and then it is signalled.
    pub fn signal(&self) {
        let _ = self.0.send(&[1]);
    }

    /// Takes signals back, of many all.
    pub fn drain(&self) {
        while self.0.recv(&mut [0; 8]).is_ok() {}
    }

    pub fn handle(&self) -> Handle {
        handle_of(&self.0)
    }
}

/// Windows has no fork.
pub fn fork_generation() -> u32 {
    0
}

/// Starts a thread. From then on the library stays loaded: FreeLibrary would take the code away below the thread.
pub fn spawn(name: &str, work: Box<dyn FnOnce() + Send>) -> io::Result<()> {
    let flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN;
    let inside: fn() -> u32 = fork_generation;
    let mut module = ptr::null_mut();
    // SAFETY: with this flag the "name" is any address inside the module, and `module` is a local.
    if unsafe { GetModuleHandleExW(flags, inside as *const u16, &mut module) } == 0 {
        return Err(io::Error::last_os_error());
    }
    thread::Builder::new().name(name.into()).stack_size(512 * 1024).spawn(work).map(drop)
}

/// A clock nobody can set: QueryPerformanceCounter, which also counts the time a machine sleeps.
pub fn steady_clock() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
