//! A file that several processes add lines to.

use std::fs::File;
use std::io::{self, Write};
use std::mem;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::path::Path;
use std::ptr;

use windows_sys::Win32::Foundation::{HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::Security::{
    ACL, ACL_REVISION, AddAccessAllowedAce, EqualSid, GetTokenInformation, InitializeAcl, InitializeSecurityDescriptor,
    PSID, SE_DACL_PROTECTED, SECURITY_ATTRIBUTES, SECURITY_DESCRIPTOR, SetSecurityDescriptorControl,
    SetSecurityDescriptorDacl, TOKEN_INFORMATION_CLASS, TOKEN_QUERY, TokenOwner, TokenUser,
};
use windows_sys::Win32::Storage::FileSystem::{
    CreateFileW, FILE_ALL_ACCESS, FILE_ATTRIBUTE_NORMAL, FILE_GENERIC_WRITE, FILE_SHARE_DELETE, FILE_SHARE_READ,
    FILE_SHARE_WRITE, FILE_WRITE_DATA, OPEN_ALWAYS,
};
use windows_sys::Win32::System::SystemServices::SECURITY_DESCRIPTOR_REVISION;
use windows_sys::Win32::System::Threading::{GetCurrentProcess, GetCurrentThread, OpenProcessToken, OpenThreadToken};

use super::files::{done, wide};

/// Opens it, and makes it, for its owner alone, where there is none. Others may read it if they have the right to, add to it,
/// rename or delete it while it is open.
pub fn open_log(path: &Path) -> io::Result<File> {
    let path = wide(path)?;
    for_owner_alone(|security| {
        // SAFETY: a text that ends with a zero, and what `for_owner_alone` lends; the handle is new and owned by nobody else.
        unsafe {
            let handle = CreateFileW(
                path.as_ptr(),
                // To add only: each write goes to the end, whoever else writes.
                FILE_GENERIC_WRITE & !FILE_WRITE_DATA,
                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                security,
                OPEN_ALWAYS,
                FILE_ATTRIBUTE_NORMAL,
                ptr::null_mut(),
            );
            if handle == INVALID_HANDLE_VALUE {
                return Err(io::Error::last_os_error());
            }
            Ok(File::from(OwnedHandle::from_raw_handle(handle)))
        }
    })
}

/// Adds bytes to the end, as many as there is room for.
pub fn append(mut file: &File, bytes: &[u8]) -> io::Result<usize> {
    file.write(bytes)
}

/// Lends what makes a new file one of the user that this thread runs as, and of whom Windows notes as the owner of what he makes:
/// of a service's or an elevated program's files that may be the administrators.
fn for_owner_alone<T>(make: impl FnOnce(&SECURITY_ATTRIBUTES) -> io::Result<T>) -> io::Result<T> {
    let token = token()?;
    let (user, owner) = (About::ask(&token, TokenUser)?, About::ask(&token, TokenOwner)?);
    let mut list = [0_u64; 64];
    // SAFETY: every pointer is to a local that lives until `make` is done, with the room that is named.
    unsafe {
        let list = list.as_mut_ptr().cast::<ACL>();
        done(InitializeAcl(list, mem::size_of::<[u64; 64]>() as u32, ACL_REVISION))?;
        done(AddAccessAllowedAce(list, ACL_REVISION, FILE_ALL_ACCESS, user.sid()))?;
        if EqualSid(user.sid(), owner.sid()) == 0 {
            done(AddAccessAllowedAce(list, ACL_REVISION, FILE_ALL_ACCESS, owner.sid()))?;
        }
        let mut descriptor: SECURITY_DESCRIPTOR = mem::zeroed();
        let start = (&raw mut descriptor).cast();
        done(InitializeSecurityDescriptor(start, SECURITY_DESCRIPTOR_REVISION))?;
        done(SetSecurityDescriptorDacl(start, 1, list, 0))?;
        // Else it gets what its folder allows, too.
        done(SetSecurityDescriptorControl(start, SE_DACL_PROTECTED, SE_DACL_PROTECTED))?;
        make(&SECURITY_ATTRIBUTES {
            nLength: mem::size_of::<SECURITY_ATTRIBUTES>() as u32,
            lpSecurityDescriptor: start,
            bInheritHandle: 0,
        })
    }
}

/// Whom this thread acts as: a service may do so for somebody else.
fn token() -> io::Result<OwnedHandle> {
    let mut token: HANDLE = ptr::null_mut();
    // SAFETY: fills a local; the handle is new and owned by nobody else.
    unsafe {
        if OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, 1, &mut token) == 0 {
            done(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &mut token))?;
        }
        Ok(OwnedHandle::from_raw_handle(token))
    }
}

/// What a token says: TOKEN_USER and TOKEN_OWNER both begin with the address of a SID, which lies behind it: so it stays where
/// it is.
struct About(Box<[u64; 32]>);

impl About {
    fn ask(token: &OwnedHandle, class: TOKEN_INFORMATION_CLASS) -> io::Result<Self> {
        let mut about = Self(Box::new([0; 32]));
        let room = mem::size_of_val(&*about.0) as u32;
        // SAFETY: fills a local with no more than it has room for; a SID has at most 68 bytes.
        unsafe {
            done(GetTokenInformation(token.as_raw_handle(), class, about.0.as_mut_ptr().cast(), room, &mut 0))?;
        }
        Ok(about)
    }

    fn sid(&self) -> PSID {
        // SAFETY: what was filled begins with an address, of something within it.
        unsafe { self.0.as_ptr().cast::<PSID>().read() }
    }
}
