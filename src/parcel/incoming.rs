//! A parcel that comes: out of its answer, out of base64, to where it goes.

use std::cell::RefCell;

use super::destination::Destination;
use crate::memory::Buffer;
use crate::transport::{Download, Failure, Fault};
use crate::wire::parcel::{BROKEN, DecodeError, Decoder, Received, Splitter, Stop, received};

/// Larger than any parcel.
const MOST: u64 = 16 << 30;
/// More than ECGrid says about one.
const MOST_BESIDE: usize = 1 << 20;

pub struct Incoming<'a> {
    splitter: Splitter,
    decoder: Decoder,
    destination: &'a mut dyn Destination,
    length: u64,
}

impl<'a> Incoming<'a> {
    pub fn new(destination: &'a mut dyn Destination) -> RefCell<Self> {
        RefCell::new(Self { splitter: Splitter::default(), decoder: Decoder::new(), destination, length: 0 })
    }

    /// All has come: what the answer says of the parcel with that id, if the parcel is what it says. An error says what
    /// is wrong.
    pub fn end(&self, id: i64, data: Option<&str>) -> Result<Received, String> {
        let told = received(data.unwrap_or("null"));
        if !(told.has_content && self.splitter.had_content()) {
            return Err("it has no data.content".into());
        }
        if !self.decoder.is_complete() {
            return Err(format!("{BROKEN}: it ends within a group of four"));
        }
        if let Some(other) = told.id.filter(|other| *other != id) {
            return Err(format!("it is about parcel {other}"));
        }
        match told.bytes {
            Some(bytes) if bytes != self.length => {
                Err(format!("its content has {} bytes, but it says {bytes}", self.length))
            }
            _ => Ok(told),
        }
    }
}

impl Download for &RefCell<Incoming<'_>> {
    fn begin(&mut self) -> Result<(), Failure> {
        let mut incoming = self.borrow_mut();
        incoming.splitter = Splitter::default();
        incoming.decoder = Decoder::new();
        incoming.length = 0;
        incoming.destination.begin()
    }

    fn take(&mut self, bytes: &[u8], rest: &mut Buffer) -> Result<(), Failure> {
        let Incoming { splitter, decoder, destination, length } = &mut *self.borrow_mut();
        let taken = splitter.take(bytes, rest, |text| {
            decoder.take(text, |bytes| {
                *length += bytes.len() as u64;
                if *length > MOST {
                    return Err(Failure::new(Fault::TooLarge, format!("the parcel is over {MOST} bytes")));
                }
                destination.write(bytes)
            })
        });
        match taken {
            Ok(()) if rest.len() > MOST_BESIDE => Err(wrong("what it says beside its content is over 1 MiB")),
            Ok(()) => Ok(()),
            Err(Stop::Wrong(why)) => Err(wrong(why)),
            Err(Stop::Refused(DecodeError::Broken)) => Err(wrong(BROKEN)),
            Err(Stop::Refused(DecodeError::Refused(failure))) => Err(failure),
            Err(Stop::OutOfMemory) => Err(crate::memory::OutOfMemory.into()),
        }
    }
}

fn wrong(why: &str) -> Failure {
    Failure::new(Fault::Malformed, why)
}
