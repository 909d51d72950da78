//! Parcels in safe hands.

use std::fs;
use std::path::Path;
use std::ptr::{self, null_mut};
use std::slice;

use ecgrid::ffi::*;

use super::session::{Response, Session, check};
use super::{Failure, c, string};

/// A parcel that was downloaded.
#[derive(Debug, PartialEq)]
pub struct Parcel {
    pub id: i64,
    pub file_name: String,
    pub content: Vec<u8>,
}

/// From, to, mailbox.
pub struct Route(*mut ecgrid_route);

impl Route {
    pub fn new(from: i64, to: i64, mailbox: i64) -> Self {
        let mut route = null_mut();
        unsafe {
            assert_eq!(ecgrid_route_new(&mut route, null_mut()), ECGRID_OK);
            assert_eq!(ecgrid_route_set_from(route, from, null_mut()), ECGRID_OK);
            assert_eq!(ecgrid_route_set_to(route, to, null_mut()), ECGRID_OK);
            assert_eq!(ecgrid_route_set_mailbox(route, mailbox, null_mut()), ECGRID_OK);
        }
        Self(route)
    }
}

impl Drop for Route {
    fn drop(&mut self) {
        unsafe { ecgrid_route_free(self.0) }
    }
}

/// What lies in a folder, but for what is hidden.
pub fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != ".ecgrid")
        .collect();
    names.sort();
    names
}

/// What is hidden, but for the lock.
pub fn notes_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder.join(".ecgrid"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "lock")
        .collect();
    names.sort();
    names
}

pub fn take_all(folder: &Path) -> Vec<String> {
    let names = names_in(folder);
    names.iter().for_each(|name| fs::remove_file(folder.join(name)).unwrap());
    names
}

fn raw(route: Option<&Route>) -> *const ecgrid_route {
    route.map_or(ptr::null(), |route| route.0)
}

fn path(path: &Path) -> std::ffi::CString {
    std::ffi::CString::new(path.as_os_str().as_encoded_bytes()).unwrap()
}

impl Session {
    pub fn pending(&self, mailbox_id: i64) -> Result<Response, Failure> {
        let (mut list, mut error) = (null_mut(), null_mut());
        check(unsafe { ecgrid_session_pending(self.raw(), mailbox_id, &mut list, &mut error) }, error)?;
        Ok(Response::take(list))
    }

    pub fn download(&self, id: i64) -> Result<Parcel, Failure> {
        let (mut parcel, mut error) = (null_mut(), null_mut());
        check(unsafe { ecgrid_session_download(self.raw(), id, &mut parcel, &mut error) }, error)?;
        unsafe {
            let (start, length) = (ecgrid_parcel_content(parcel), ecgrid_parcel_length(parcel));
            let content = slice::from_raw_parts(start.cast::<u8>(), length).to_vec();
            assert_eq!(*start.cast::<u8>().add(length), 0, "a NUL follows");
            let copy =
                Parcel { id: ecgrid_parcel_id(parcel), file_name: string(ecgrid_parcel_file_name(parcel)), content };
            ecgrid_parcel_free(parcel);
            Ok(copy)
        }
    }

    pub fn download_file(&self, id: i64, to: &Path) -> Result<(), Failure> {
        let mut error = null_mut();
        check(unsafe { ecgrid_session_download_file(self.raw(), id, path(to).as_ptr(), &mut error) }, error)
    }

    pub fn confirm(&self, id: i64) -> Result<(), Failure> {
        let mut error = null_mut();
        check(unsafe { ecgrid_session_confirm(self.raw(), id, &mut error) }, error)
    }

    pub fn upload(&self, content: &[u8], name: &str, route: Option<&Route>) -> Result<i64, Failure> {
        let (mut id, mut error) = (-1, null_mut());
        let status = unsafe {
            let (start, name) = (content.as_ptr().cast(), c(name));
            ecgrid_session_upload(self.raw(), start, content.len(), name.as_ptr(), raw(route), &mut id, &mut error)
        };
        assert_eq!(id > 0, status == ECGRID_OK);
        check(status, error).map(|()| id)
    }

    pub fn upload_file(&self, from: &Path, name: Option<&str>, route: Option<&Route>) -> Result<i64, Failure> {
        let (mut id, mut error) = (-1, null_mut());
        let name = name.map(c);
        let status = unsafe {
            let name = name.as_ref().map_or(ptr::null(), |name| name.as_ptr());
            ecgrid_session_upload_file(self.raw(), path(from).as_ptr(), name, raw(route), &mut id, &mut error)
        };
        assert_eq!(id > 0, status == ECGRID_OK);
        check(status, error).map(|()| id)
    }

    pub fn inbox(&self, folder: &Path) -> Result<Inbox, Failure> {
        let (mut inbox, mut error) = (null_mut(), null_mut());
        check(unsafe { ecgrid_inbox_open(self.raw(), path(folder).as_ptr(), 0, &mut inbox, &mut error) }, error)?;
        Ok(Inbox(inbox))
    }

    pub fn outbox(&self, folder: &Path, route: Option<&Route>) -> Result<Outbox, Failure> {
        let (mut outbox, mut error) = (null_mut(), null_mut());
        let folder = path(folder);
        let status = unsafe { ecgrid_outbox_open(self.raw(), folder.as_ptr(), raw(route), &mut outbox, &mut error) };
        check(status, error)?;
        Ok(Outbox(outbox))
    }
}

pub struct Inbox(*mut ecgrid_inbox);

// The contract: inboxes may be shared by any number of threads.
unsafe impl Send for Inbox {}
unsafe impl Sync for Inbox {}

impl Inbox {
    /// How many files have appeared, and how the round went.
    pub fn round(&self) -> (i64, Result<(), Failure>) {
        let (mut received, mut error) = (-1, null_mut());
        let status = unsafe { ecgrid_inbox_receive(self.0, &mut received, &mut error) };
        (received, check(status, error))
    }

    pub fn another(&self) -> Self {
        let (mut clone, mut error) = (null_mut(), null_mut());
        check(unsafe { ecgrid_inbox_clone(self.0, &mut clone, &mut error) }, error).unwrap();
        Self(clone)
    }

    /// A round that goes well.
    pub fn receive(&self) -> i64 {
        let (received, result) = self.round();
        result.unwrap();
        received
    }

    pub fn cancel(&self) {
        unsafe { ecgrid_inbox_cancel(self.0) }
    }

    pub fn stop(&self) {
        unsafe { ecgrid_inbox_stop(self.0) }
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        unsafe { ecgrid_inbox_free(self.0) }
    }
}

pub struct Outbox(*mut ecgrid_outbox);

// The contract: outboxes may be shared by any number of threads.
unsafe impl Send for Outbox {}
unsafe impl Sync for Outbox {}

impl Outbox {
    /// How many files are known to be sent, and how the round went.
    pub fn round(&self) -> (i64, Result<(), Failure>) {
        let (mut sent, mut error) = (-1, null_mut());
        let status = unsafe { ecgrid_outbox_send(self.0, &mut sent, &mut error) };
        (sent, check(status, error))
    }

    /// A round that goes well.
    pub fn send(&self) -> i64 {
        let (sent, result) = self.round();
        result.unwrap();
        sent
    }

    pub fn settle(&self, milliseconds: i64) -> Result<(), Failure> {
        let mut error = null_mut();
        check(unsafe { ecgrid_outbox_set_settle_ms(self.0, milliseconds, &mut error) }, error)
    }

    pub fn cancel(&self) {
        unsafe { ecgrid_outbox_cancel(self.0) }
    }

    pub fn stop(&self) {
        unsafe { ecgrid_outbox_stop(self.0) }
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        unsafe { ecgrid_outbox_free(self.0) }
    }
}
