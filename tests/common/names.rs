//! A getaddrinfo of the tests' own, for the test programs that take this file in.
#![allow(dead_code)]

use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int};
use std::net::SocketAddr;
use std::ptr::null_mut;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use socket2::SockAddr;

/// What the names of a test lead to, and how often they were looked up.
#[derive(Default)]
struct Names {
    /// None: the lookup hangs until the name is removed.
    addresses: HashMap<String, Option<Vec<SocketAddr>>>,
    lookups: HashMap<String, usize>,
}

static NAMES: Mutex<Option<Names>> = Mutex::new(None);
static CHANGED: Condvar = Condvar::new();

pub fn set(name: &str, addresses: Option<&[&str]>) {
    let parsed = addresses.map(|list| list.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect());
    NAMES.lock().unwrap().get_or_insert_default().addresses.insert(name.into(), parsed);
}

/// Lets the lookups of a name that hang end, with no address.
pub fn release(name: &str) {
    NAMES.lock().unwrap().get_or_insert_default().addresses.remove(name);
    CHANGED.notify_all();
}

/// Lets the lookups go on whose names have addresses by now.
pub fn answer_all() {
    CHANGED.notify_all();
}

pub fn lookups(name: &str) -> usize {
    NAMES.lock().unwrap().get_or_insert_default().lookups.get(name).copied().unwrap_or(0)
}

pub fn wait_for_lookups(name: &str, count: usize) {
    let mut names = NAMES.lock().unwrap();
    while names.get_or_insert_default().lookups.get(name).copied().unwrap_or(0) < count {
        names = CHANGED.wait_timeout(names, Duration::from_secs(10)).unwrap().0;
    }
}

/// The linker takes this one over libc's: what the library asks for ends here.
#[unsafe(no_mangle)]
unsafe extern "C" fn getaddrinfo(
    node: *const c_char,
    _: *const c_char,
    _: *const libc::addrinfo,
    result: *mut *mut libc::addrinfo,
) -> c_int {
    let name = unsafe { CStr::from_ptr(node) }.to_str().unwrap().to_owned();
    let mut names = NAMES.lock().unwrap();
    *names.get_or_insert_default().lookups.entry(name.clone()).or_default() += 1;
    CHANGED.notify_all();
    while matches!(names.get_or_insert_default().addresses.get(&name), Some(None)) {
        names = CHANGED.wait(names).unwrap();
    }
    let Some(Some(addresses)) = names.get_or_insert_default().addresses.get(&name).cloned() else {
        return libc::EAI_NONAME;
    };
    let mut head = null_mut();
    for address in addresses.into_iter().rev() {
        let raw = Box::leak(Box::new(SockAddr::from(address)));
        let entry = libc::addrinfo {
            ai_flags: 0,
            ai_family: raw.family().into(),
            ai_socktype: libc::SOCK_STREAM,
            ai_protocol: libc::IPPROTO_TCP,
            ai_addrlen: raw.len(),
            ai_addr: raw.as_ptr().cast_mut().cast(),
            ai_canonname: null_mut(),
            ai_next: head,
        };
        head = Box::into_raw(Box::new(entry));
    }
    unsafe { *result = head };
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn freeaddrinfo(mut list: *mut libc::addrinfo) {
    while !list.is_null() {
        list = unsafe { Box::from_raw(list) }.ai_next;
    }
}
