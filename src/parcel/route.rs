//! From whom and to whom a parcel goes.

use crate::error::Error;

/// ECGrid IDs and a mailbox; 0 where the envelope of the content says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Route {
    pub from: i64,
    pub to: i64,
    pub mailbox: i64,
}

impl Route {
    pub fn set_from(&mut self, ecgrid_id: i64) -> Result<(), Error> {
        self.from = check("the ECGrid ID of the sender", ecgrid_id)?;
        Ok(())
    }

    pub fn set_to(&mut self, ecgrid_id: i64) -> Result<(), Error> {
        self.to = check("the ECGrid ID of the addressee", ecgrid_id)?;
        Ok(())
    }

    pub fn set_mailbox(&mut self, mailbox_id: i64) -> Result<(), Error> {
        self.mailbox = check("the mailbox id", mailbox_id)?;
        Ok(())
    }
}

/// An id, or 0 for none. `what` names it.
pub fn check(what: &str, id: i64) -> Result<i64, Error> {
    if id < 0 {
        return Err(Error::argument(format!("{what} is {id}, but must be an id, or 0 for none")));
    }
    Ok(id)
}
