//! Where a setting came from, so that messages can say it.

use std::fmt;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Source {
    #[default]
    Default,
    /// What the program set.
    Program,
    /// The variable that was read.
    Variable(&'static str),
}

/// A setting that is judged later, with other settings or by what it leads to.
#[derive(Clone)]
pub struct Setting<T> {
    pub value: T,
    pub source: Source,
}

impl<T> Setting<T> {
    pub fn default_of(value: T) -> Self {
        Self { value, source: Source::Default }
    }
}

/// What follows a setting's plain name: "the CA file", or "the CA file (ECGRID_CA_FILE)".
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default | Self::Program => Ok(()),
            Self::Variable(name) => write!(f, " ({name})"),
        }
    }
}
