//! Which log a client has: the program's, else the one that the environment asks for.

use std::env;
use std::path::PathBuf;

use crate::error::Error;
use crate::log::{Level, Log};
use crate::platform::{self, reason};
use crate::setting::Source;

pub const LEVEL: &str = "ECGRID_LOG";
pub const FILE: &str = "ECGRID_LOG_FILE";

#[derive(Clone)]
pub enum LogSetting {
    /// What ECGRID_LOG and ECGRID_LOG_FILE say when a client is made.
    Environment,
    Own(Log),
}

impl LogSetting {
    pub fn choose(&self) -> Result<Log, Error> {
        match self {
            Self::Own(log) => Ok(log.clone()),
            // Whoever calls a program with more rights than his own may not have it write where he likes.
            Self::Environment if platform::is_privileged() => Ok(Log::OFF),
            Self::Environment => from_env(),
        }
    }

    pub fn source(&self) -> Source {
        match self {
            Self::Own(_) => Source::Program,
            Self::Environment => Source::Variable(LEVEL),
        }
    }
}

/// An empty variable counts as none.
fn from_env() -> Result<Log, Error> {
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty());
    let Some(level) = variable(LEVEL) else { return Ok(Log::OFF) };
    let level = level.to_str().and_then(Level::named).ok_or_else(|| {
        Error::configuration(format!("the environment variable {LEVEL} is none of off, error, warn, info and debug"))
    })?;
    if level == Level::Off {
        return Ok(Log::OFF);
    }
    let path = variable(FILE).map(PathBuf::from).ok_or_else(|| {
        Error::configuration(format!(
            "the environment variable {LEVEL} asks for a log, but {FILE} does not name its file (the library prints nothing)"
        ))
    })?;
    let shown = path.to_string_lossy();
    if shown.chars().any(char::is_control) {
        return Err(Error::configuration(format!("the environment variable {FILE} has a control character in it")));
    }
    Log::to_file(level, &path).map_err(|error| {
        Error::configuration(format!("the log's file ({FILE}) {shown} cannot be opened: {}", reason(&error)))
    })
}
