//! What Windows says went wrong, in words of the library's own and with the number that a search finds. Windows' own words are
//! in the language of the machine.

use std::io;

use windows_sys::Win32::Foundation::*;
use windows_sys::Win32::Networking::WinSock::*;

pub fn words(error: &io::Error) -> String {
    let Some(number) = error.raw_os_error() else { return error.to_string() };
    match of(number) {
        Some(words) => format!("{words} (Windows error {number})"),
        None => {
            let text = io::Error::from_raw_os_error(number).to_string();
            let end = text.find(" (os error").unwrap_or(text.len());
            format!("{} (Windows error {number})", text[..end].trim_end().trim_end_matches('.'))
        }
    }
}

fn of(number: i32) -> Option<&'static str> {
    Some(match number {
        WSAEACCES => "access denied, as by a firewall of this machine",
        WSAEADDRINUSE => "address in use",
        WSAEADDRNOTAVAIL => "address not available on this machine",
        WSAENETDOWN => "network is down",
        WSAENETUNREACH => "network is unreachable",
        WSAENETRESET => "connection lost by the network",
        WSAECONNABORTED => "connection ended by this machine, as by a virus scanner or a lost network",
        WSAECONNRESET => "connection reset by peer",
        WSAENOBUFS => "no buffers left for the network",
        WSAETIMEDOUT => "no answer came in time",
        WSAECONNREFUSED => "connection refused",
        WSAEHOSTDOWN => "host is down",
        WSAEHOSTUNREACH => "host is unreachable",
        WSAHOST_NOT_FOUND => "name not known",
        WSATRY_AGAIN => "no name server answered",
        WSANO_DATA => "name has no address",
        _ => match number as u32 {
            ERROR_FILE_NOT_FOUND => "no such file",
            ERROR_PATH_NOT_FOUND => "no such folder",
            ERROR_INVALID_DRIVE => "no such drive",
            ERROR_BAD_NETPATH | ERROR_BAD_NET_NAME => "no such network share",
            ERROR_NETNAME_DELETED => "the network share is gone",
            ERROR_ACCESS_DENIED => "permission denied",
            ERROR_WRITE_PROTECT => "the disk is write-protected",
            ERROR_NOT_READY => "the drive is not ready",
            ERROR_SHARING_VIOLATION => "another program has it open",
            ERROR_LOCK_VIOLATION => "another program has locked a part of it",
            ERROR_FILE_EXISTS | ERROR_ALREADY_EXISTS => "file exists",
            ERROR_DIRECTORY => "not a folder",
            ERROR_DIR_NOT_EMPTY => "folder not empty",
            ERROR_INVALID_NAME | ERROR_BAD_PATHNAME => "no name that Windows allows",
            ERROR_FILENAME_EXCED_RANGE => "name too long",
            ERROR_HANDLE_DISK_FULL | ERROR_DISK_FULL => "no space left on the disk",
            ERROR_DISK_QUOTA_EXCEEDED => "disk quota exceeded",
            ERROR_NOT_ENOUGH_MEMORY | ERROR_OUTOFMEMORY => "out of memory",
            ERROR_CRC | ERROR_IO_DEVICE => "the disk has an error",
            _ => return None,
        },
    })
}
