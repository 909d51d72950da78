//! Logins that make the sandbox misbehave. The README has the table.

mod failure;
mod grant;
mod mangle;
mod parse;
mod wire;

use failure::Failure;
pub(crate) use grant::{Grant, Variant};
use mangle::Mangle;
use std::time::Duration;
use wire::Wire;

/// What is special about an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Special {
    Plain,
    /// So often the special answer, then the plain one.
    Flaky(u32, Box<Special>),
    Slow(Duration, Box<Special>),
    /// A plain login whose session misbehaves.
    Later(Scope, Box<Special>),
    /// An answer that is no success.
    Failure(Failure),
    /// A success with odd token data.
    Grant(Variant),
    /// A success that is spoilt on its way.
    Mangle(Mangle),
    /// Bytes that have nothing to do with what was asked.
    Wire(Wire),
}

/// Which later requests of a session misbehave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scope {
    Refresh,
    /// All but refreshes.
    Call,
}

/// Misbehaviour that a session carries with it.
#[derive(Clone, Debug)]
pub(crate) struct Later {
    pub(crate) scope: Scope,
    pub(crate) special: Special,
    /// Flaky counts are kept under this name.
    pub(crate) key: String,
}

/// On what terms a session is opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    pub(crate) variant: Variant,
    pub(crate) later: Option<Later>,
    /// The clock error of the session that this one continues.
    pub(crate) skew: i64,
}
