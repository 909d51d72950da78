//! Settings of a client, each checked as far as it can be when it is given.

use std::borrow::Cow;
use std::env::{self, VarError};
use std::mem;
use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::error::{Error, Status};
use crate::log::{Function, Level, Log};
use crate::setting::{Setting, Source};
use crate::settings::log_setting::LogSetting;
use crate::settings::proxy::ProxySetting;

pub const DEFAULT_BASE_URL: &str = "https://rest.ecgrid.io";

/// Longer than any header or address that servers take; what is longer is a mistake.
const MAX_HEADER_VALUE: usize = 2048;

/// As long as Linux takes one.
const MAX_FILE_PATH: usize = 4096;

/// The settings of a client to be made.
#[derive(Clone)]
pub struct Config {
    pub(crate) base_url: Setting<Cow<'static, str>>,
    pub(crate) api_key: Option<Setting<Zeroizing<String>>>,
    pub(crate) ca_file: Option<Setting<PathBuf>>,
    pub(crate) proxy: ProxySetting,
    pub(crate) user_agent: Option<Setting<String>>,
    pub(crate) timeout: Setting<Duration>,
    pub(crate) connect_timeout: Setting<Duration>,
    pub(crate) max_attempts: Setting<u32>,
    pub(crate) max_response_bytes: Setting<u64>,
    pub(crate) keep_password: Setting<bool>,
    pub(crate) keep_alive: Setting<bool>,
    pub(crate) log: LogSetting,
    /// Whether variables were looked at, so that messages may speak of them.
    pub(crate) from_env: bool,
    /// What is being set comes from there.
    source: Source,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_url: Setting::default_of(Cow::Borrowed(DEFAULT_BASE_URL)),
            api_key: None,
            ca_file: None,
            proxy: ProxySetting::Direct(Source::Default),
            user_agent: None,
            timeout: Setting::default_of(Duration::from_millis(30_000)),
            connect_timeout: Setting::default_of(Duration::from_millis(10_000)),
            max_attempts: Setting::default_of(3),
            max_response_bytes: Setting::default_of(64 * 1024 * 1024),
            keep_password: Setting::default_of(false),
            keep_alive: Setting::default_of(false),
            log: LogSetting::Environment,
            from_env: false,
            source: Source::Program,
        }
    }
}

impl Config {
    /// The defaults, changed by what the environment says now. An empty variable counts as none.
    pub fn from_env() -> Result<Self, Error> {
        let mut config = Self { from_env: true, ..Self::default() };
        config.take("ECGRID_BASE_URL", Self::set_base_url)?;
        config.take("ECGRID_API_KEY", Self::set_api_key)?;
        config.take("ECGRID_CA_FILE", Self::set_ca_file)?;
        config.take("ECGRID_TIMEOUT_MS", |config, text| match text.trim().parse() {
            Ok(milliseconds) => config.set_timeout_ms(milliseconds),
            Err(_) => Err(Error::argument("it is not a number of milliseconds")),
        })?;
        // Here an empty value says something: no proxy, whatever HTTPS_PROXY is.
        match env::var("ECGRID_PROXY") {
            Ok(url) => config.set_from("ECGRID_PROXY", &url, Self::set_proxy)?,
            Err(VarError::NotPresent) => config.proxy = everybodys_proxy()?,
            Err(VarError::NotUnicode(_)) => return Err(not_utf8("ECGRID_PROXY")),
        }
        Ok(config)
    }

    fn take(
        &mut self,
        name: &'static str,
        set: impl FnOnce(&mut Self, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match variable(name)? {
            Some(value) => self.set_from(name, &value, set),
            None => Ok(()),
        }
    }

    /// What is a wrong argument to a setter is a wrong configuration when it comes from the environment.
    fn set_from(
        &mut self,
        name: &'static str,
        value: &str,
        set: impl FnOnce(&mut Self, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.source = Source::Variable(name);
        let result = set(self, value);
        self.source = Source::Program;
        result.map_err(|error| {
            Error::new(Status::InvalidConfiguration, format!("the environment variable {name}: {}", error.message))
        })
    }

    fn setting<T>(&self, value: T) -> Setting<T> {
        Setting { value, source: self.source }
    }

    pub fn set_base_url(&mut self, url: &str) -> Result<(), Error> {
        let url = printable("the base URL", url, MAX_HEADER_VALUE)?;
        self.base_url = self.setting(Cow::Owned(url.into()));
        Ok(())
    }

    pub fn set_api_key(&mut self, key: &str) -> Result<(), Error> {
        self.api_key = Some(self.setting(Zeroizing::new(header_value("the API key", key)?.into())));
        Ok(())
    }

    pub fn set_ca_file(&mut self, path: &str) -> Result<(), Error> {
        self.ca_file = Some(self.setting(printable("the path of the CA file", path, MAX_FILE_PATH)?.into()));
        Ok(())
    }

    /// "" is no proxy at all.
    pub fn set_proxy(&mut self, url: &str) -> Result<(), Error> {
        self.proxy = match url {
            "" => ProxySetting::Direct(self.source),
            url => ProxySetting::Always(
                self.setting(Zeroizing::new(printable("the proxy URL", url, MAX_HEADER_VALUE)?.into())),
            ),
        };
        Ok(())
    }

    pub fn set_user_agent(&mut self, product: &str) -> Result<(), Error> {
        self.user_agent = Some(self.setting(header_value("the user agent", product)?.into()));
        Ok(())
    }

    pub fn set_timeout_ms(&mut self, total: i64) -> Result<(), Error> {
        self.timeout = self.setting(Duration::from_millis(at_least_one("the timeout", total)?));
        Ok(())
    }

    pub fn set_connect_timeout_ms(&mut self, connect: i64) -> Result<(), Error> {
        self.connect_timeout = self.setting(Duration::from_millis(at_least_one("the connect timeout", connect)?));
        Ok(())
    }

    pub fn set_max_attempts(&mut self, attempts: i32) -> Result<(), Error> {
        match attempts {
            1..=10 => self.max_attempts = self.setting(attempts.unsigned_abs()),
            _ => return Err(Error::argument(format!("the number of attempts is {attempts}, not 1 to 10"))),
        }
        Ok(())
    }

    pub fn set_max_response_bytes(&mut self, bytes: i64) -> Result<(), Error> {
        self.max_response_bytes = self.setting(at_least_one("the largest answer", bytes)?);
        Ok(())
    }

    /// Whether sessions may log in again by themselves: 0 or 1.
    pub fn set_keep_password(&mut self, keep: i32) -> Result<(), Error> {
        self.keep_password = self.setting(switch("keeping the password", keep)?);
        Ok(())
    }

    /// Whether sessions refresh their token also while nobody calls: 0 or 1.
    pub fn set_keep_alive(&mut self, keep: i32) -> Result<(), Error> {
        self.keep_alive = self.setting(switch("keeping sessions alive", keep)?);
        Ok(())
    }

    /// In place of what ECGRID_LOG says. What is refused is not released. Gives back what was there: its release may change
    /// this configuration, or free it.
    pub fn set_log(&mut self, level: i32, function: Function) -> Result<LogSetting, Error> {
        let Some(level) = Level::numbered(level) else {
            return Err(Error::argument(format!("the level of the log is {level}, not 0 to 4")));
        };
        if function.call.is_none() && level != Level::Off {
            return Err(Error::argument("function is NULL; without one only ECGRID_LOG_OFF is possible"));
        }
        Ok(mem::replace(&mut self.log, LogSetting::Own(Log::to_function(level, function))))
    }
}

fn switch(what: &str, number: i32) -> Result<bool, Error> {
    match number {
        0 | 1 => Ok(number == 1),
        _ => Err(Error::argument(format!("{what} is {number}, not 0 or 1"))),
    }
}

fn at_least_one(what: &str, number: i64) -> Result<u64, Error> {
    match u64::try_from(number) {
        Ok(number @ 1..) => Ok(number),
        _ => Err(Error::argument(format!("{what} is {number}, but must be at least 1"))),
    }
}

fn printable<'a>(what: &str, text: &'a str, most: usize) -> Result<&'a str, Error> {
    if text.is_empty() {
        return Err(Error::argument(format!("{what} is empty")));
    }
    if text.len() > most {
        return Err(Error::argument(format!("{what} is longer than {most} bytes")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::argument(format!(
            "{what} has a control character in it (a line break at its end, perhaps)"
        )));
    }
    Ok(text)
}

/// What can stand in a header without changing it (RFC 9110, 5.5); not the obsolete bytes beyond ASCII.
pub(crate) fn header_value<'a>(what: &str, text: &'a str) -> Result<&'a str, Error> {
    printable(what, text, MAX_HEADER_VALUE)?;
    if !text.is_ascii() {
        return Err(Error::argument(format!("{what} has a character that is not ASCII")));
    }
    if text.trim() != text {
        return Err(Error::argument(format!("{what} begins or ends with a space")));
    }
    Ok(text)
}

/// A variable that is set and not empty.
fn variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(not_utf8(name)),
    }
}

/// The variables that other programs read as well.
fn everybodys_proxy() -> Result<ProxySetting, Error> {
    Ok(ProxySetting::Environment {
        https: proxy_variable(["https_proxy", "HTTPS_PROXY"])?,
        all: proxy_variable(["all_proxy", "ALL_PROXY"])?,
        no_proxy: match variable(spelt(&["no_proxy", "NO_PROXY"])[0])? {
            Some(hosts) => hosts,
            None => variable("NO_PROXY")?.unwrap_or_default(),
        },
    })
}

/// The spellings of a variable that differ: on Windows both are one, and known by the second.
fn spelt<'a>(names: &'a [&'static str; 2]) -> &'a [&'static str] {
    if cfg!(windows) { &names[1..] } else { names }
}

/// Lower case wins, as in curl.
fn proxy_variable(names: [&'static str; 2]) -> Result<Option<Setting<Zeroizing<String>>>, Error> {
    for &name in spelt(&names) {
        let Some(value) = variable(name)?.map(Zeroizing::new) else { continue };
        if value.chars().any(char::is_control) {
            return Err(Error::configuration(format!("the environment variable {name} has a control character in it")));
        }
        return Ok(Some(Setting { value, source: Source::Variable(name) }));
    }
    Ok(None)
}

fn not_utf8(name: &str) -> Error {
    Error::configuration(format!("the environment variable {name} is not UTF-8"))
}
