//! What goes in and out of the ledger.

use std::time::Duration;

/// On the steady clock.
pub type Time = Duration;

/// A credential as it was granted.
#[derive(Clone, Debug)]
pub struct Grant<T> {
    pub credential: T,
    pub granted: Time,
    /// When it is to be refreshed, and when it is over. [`Time::MAX`] for never, or when nobody said.
    pub due: Time,
    pub ends: Time,
}

impl<T> Grant<T> {
    /// An API key: it lasts until somebody replaces it.
    pub fn key(credential: T) -> Self {
        Self { credential, granted: Time::ZERO, due: Time::MAX, ends: Time::MAX }
    }
}

/// A credential to use now. Until `until` it may be used again without asking, if the session was not left unused for
/// longer than `short_pause` before that.
#[derive(Clone, Debug)]
pub struct Lease<T> {
    pub generation: u64,
    pub credential: T,
    pub until: Time,
    pub short_pause: Duration,
}

/// One request towards a valid credential.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<T> {
    Refresh(T),
    /// Asks whether the credential is still good: its refresh got lost, or calls with it are refused.
    Probe(T),
    /// With the password that was kept.
    LogIn,
}

/// How a step went.
#[derive(Debug)]
pub enum Landing<T, E> {
    Granted(Grant<T>),
    /// The server knows the credential.
    Alive,
    /// It was not sent, or refused for the time being; perhaps the server said for how long.
    NotDone(E, Option<Duration>),
    /// The credential or the password is no good.
    Refused(E),
    /// Refused for another reason: nothing was done. It may be for ever, or a gateway that is restarting.
    Declined(E),
    /// It may have been done.
    Unknown(E),
}

impl<T, E> Landing<T, E> {
    /// What went wrong.
    pub fn why(&self) -> Option<&E> {
        match self {
            Self::NotDone(why, _) | Self::Refused(why) | Self::Declined(why) | Self::Unknown(why) => Some(why),
            Self::Granted(_) | Self::Alive => None,
        }
    }
}

/// How a flight ended, for those who waited for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending<E> {
    Renewed,
    /// Its last step that went wrong did so because of that.
    Failed(E),
    /// The same, and that ended the session.
    Over(E),
    /// It was none that could bring another credential: the question about the old one, which is good, or a call
    /// that had the credential to itself.
    Unchanged,
}

/// What somebody who needs a credential is to do.
#[derive(Debug)]
pub enum Offer<T, E, W> {
    Take(Lease<T>),
    /// A flight is under way: wait for its end and ask again.
    Wait(W),
    /// Nobody else does: begin a flight with this step.
    Start(Step<T>, W),
    /// Nothing can be had before that time, because of that.
    Later(Time, E),
    /// There is nothing better than what was refused.
    Stands,
    /// The session is over for good.
    Over(E),
    LoggedOut,
}

/// How a credential was exchanged by a call that had it to itself.
pub enum Exchange<T> {
    Unchanged,
    Replaced(Grant<T>),
    LoggedOut,
}
