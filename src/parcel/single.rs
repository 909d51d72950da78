//! One parcel at a time.

use std::ffi::CString;
use std::path::Path;

use super::destination::{Destination, InMemory, InNewFile};
use super::incoming::Incoming;
use super::outgoing::Outgoing;
use super::route::check;
use super::source::{self, InFile, Source};
use super::{Parcel, Route};
use crate::error::{Error, Facts, Outcome, Status};
use crate::platform::NoSignals;
use crate::request::operation::Operation;
use crate::response::Response;
use crate::session::Session;
use crate::transport::{Call, Streams};
use crate::wire::parcel::{Received, by_id, new_id, upload};

impl Session {
    /// What waits in the inbox of that mailbox, or of the account's own.
    pub fn pending(&self, mailbox_id: i64) -> Result<Response, Error> {
        check("list of pending parcels not sent: mailbox_id", mailbox_id)?;
        let mut list = None;
        self.run(&mut |call| {
            list = Some(self.list_pending(call, mailbox_id)?);
            Ok(())
        })?;
        list.ok_or_else(|| Error::no_memory("a list"))
    }

    pub(super) fn list_pending(&self, call: &Call, mailbox_id: i64) -> Result<Response, Error> {
        let operation = Operation::parcels("list of pending parcels", "/v2/parcels/pending-inbox-list", true);
        let body = if mailbox_id == 0 { "{}".into() } else { by_id("mailboxId", mailbox_id) };
        self.authorized(call, &operation, Some(body.as_bytes()))
    }

    /// Into memory.
    pub fn download(&self, parcel_id: i64) -> Result<Parcel, Error> {
        let mut memory = InMemory::new(self.service().max_response_bytes());
        let mut told = Received::default();
        self.run(&mut |call| {
            told = self.fetch(call, parcel_id, &mut memory, false)?;
            Ok(())
        })?;
        let file_name = told.file_name.and_then(|name| CString::new(name).ok()).unwrap_or_default();
        Ok(Parcel { id: parcel_id, file_name, content: memory.content })
    }

    /// To a file that is not there yet.
    pub fn download_file(&self, parcel_id: i64, path: &Path) -> Result<(), Error> {
        self.run(&mut |call| {
            let _no_signals = NoSignals::new();
            let mut file = InNewFile::create(path)
                .map_err(|why| Error::new(Status::File, format!("download not sent: {}", why.what)))?;
            self.fetch(call, parcel_id, &mut file, true)?;
            file.appear().map_err(|why| {
                let message = format!("download of parcel {parcel_id} answered, but not kept: {}", why.what);
                Error::from(Facts { outcome: Outcome::Unknown, ..Facts::new(Status::File, message) })
            })
        })
    }

    /// Downloads a parcel, as often as that takes. To a file it may take as long as bytes come.
    pub(super) fn fetch(
        &self,
        call: &Call,
        parcel_id: i64,
        destination: &mut dyn Destination,
        patient: bool,
    ) -> Result<Received, Error> {
        named(parcel_id, "download not sent")?;
        let name = format!("download of parcel {parcel_id}");
        let operation = Operation::parcels(&name, "/v2/parcels/download", true);
        let body = by_id("parcelId", parcel_id);
        let incoming = Incoming::new(destination);
        let mut down = &incoming;
        let mut streams = Streams { up: None, down: Some(&mut down), patient };
        let mut told = Received::default();
        self.exchanged(call, &operation, Some(body.as_bytes()), &mut streams, &mut |answer, envelope, context| {
            let end = incoming.borrow().end(parcel_id, envelope.data);
            told = end.map_err(|why| context.bad_answer(answer, &why))?;
            Ok(())
        })?;
        Ok(told)
    }

    /// The parcel is safe: it need not be kept, or listed again.
    pub fn confirm(&self, parcel_id: i64) -> Result<(), Error> {
        self.run(&mut |call| self.confirm_parcel(call, parcel_id))
    }

    pub(super) fn confirm_parcel(&self, call: &Call, parcel_id: i64) -> Result<(), Error> {
        named(parcel_id, "confirmation not sent")?;
        let name = format!("confirmation of parcel {parcel_id}");
        let operation = Operation::parcels(&name, "/v2/parcels/confirm", true);
        self.authorized(call, &operation, Some(by_id("parcelId", parcel_id).as_bytes())).map(drop)
    }

    /// From memory. Answers the new parcel's id.
    pub fn upload(&self, content: &[u8], file_name: &str, route: &Route) -> Result<i64, Error> {
        self.send_in_one_call(&mut source::InMemory::new(content), file_name, route, false)
    }

    /// From a file, under its own name where none is given.
    pub fn upload_file(&self, path: &Path, file_name: Option<&str>, route: &Route) -> Result<i64, Error> {
        self.check_fork()?;
        let own = || path.file_name().and_then(|name| name.to_str());
        let file_name = file_name.or_else(own).ok_or_else(|| {
            Error::argument("upload not sent: the path ends in no name that is UTF-8; give a file_name")
        })?;
        let mut file = InFile::open(path).map_err(|why| Error::new(Status::File, format!("upload not sent: {why}")))?;
        self.send_in_one_call(&mut file, file_name, route, true)
    }

    fn send_in_one_call(
        &self,
        source: &mut dyn Source,
        file_name: &str,
        route: &Route,
        patient: bool,
    ) -> Result<i64, Error> {
        let mut id = 0;
        self.run(&mut |call| {
            id = self.send_parcel(call, source, file_name, route, patient)?;
            Ok(())
        })?;
        Ok(id)
    }

    pub(super) fn send_parcel(
        &self,
        call: &Call,
        source: &mut dyn Source,
        file_name: &str,
        route: &Route,
        patient: bool,
    ) -> Result<i64, Error> {
        check_name(file_name)?;
        let numbers = [("ecGridIdFrom", route.from), ("ecGridIdTo", route.to), ("mailboxId", route.mailbox)];
        let beginning = upload(file_name, source.length(), &numbers);
        let operation = Operation::parcels("upload", "/v2/parcels/upload", false);
        let mut outgoing = Outgoing::new(source).map_err(|_| Error::no_memory("an upload"))?;
        let mut streams = Streams { up: Some(&mut outgoing), down: None, patient };
        let mut id = 0;
        self.exchanged(
            call,
            &operation,
            Some(beginning.as_bytes()),
            &mut streams,
            &mut |answer, envelope, context| {
                let new = envelope.data.and_then(new_id);
                id = new.ok_or_else(|| context.bad_answer(answer, "it does not say the id of the new parcel"))?;
                Ok(())
            },
        )?;
        Ok(id)
    }
}

fn named(parcel_id: i64, what: &str) -> Result<(), Error> {
    if parcel_id < 1 {
        return Err(Error::argument(format!("{what}: the parcel id is {parcel_id}, but must be at least 1")));
    }
    Ok(())
}

fn check_name(file_name: &str) -> Result<(), Error> {
    let wrong = |why: &str| Err(Error::argument(format!("upload not sent: the file name {why}")));
    match file_name {
        "" => wrong("is empty"),
        name if name.len() > 4096 => wrong("is longer than 4096 bytes"),
        name if name.chars().any(char::is_control) => wrong("has a control character in it"),
        _ => Ok(()),
    }
}
