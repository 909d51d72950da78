//! What the log tells of a client's settings: each with where it came from, and variables that look like misspelt ones.

use std::env;

use crate::log::{Configuration, Level, Log};
use crate::setting::{Setting, Source};
use crate::settings::base_url::BaseUrl;
use crate::settings::config::Config;
use crate::settings::log_setting;
use crate::transport::{Proxy, authority};

/// The variables that are ours.
const VARIABLES: [&str; 7] = [
    "ECGRID_BASE_URL",
    "ECGRID_API_KEY",
    "ECGRID_CA_FILE",
    "ECGRID_PROXY",
    "ECGRID_TIMEOUT_MS",
    log_setting::LEVEL,
    log_setting::FILE,
];

/// What a setting came to.
pub struct Outcome<'a> {
    pub base: &'a BaseUrl,
    pub proxy: Option<&'a Proxy>,
    /// Where the trusted certificates are, and who says so; None where there is no TLS.
    pub trust: Option<(&'a str, Source)>,
    pub user_agent: &'a str,
}

pub fn tell(log: &Log, config: &Config, outcome: &Outcome<'_>) {
    if log.is_on(Level::Warn) {
        tell_misspelt(log, config.from_env);
    }
    if log.is_on(Level::Debug) {
        tell_settings(log, config, outcome);
    }
}

#[cold]
fn tell_settings(log: &Log, config: &Config, outcome: &Outcome<'_>) {
    let tell = |setting: &str, value: &str, source: Source| {
        log.tell(Level::Debug, || {
            let source = match source {
                Source::Default => "default",
                Source::Program => "program",
                Source::Variable(name) => name,
            };
            let (setting, value, source) = (Some(setting), Some(value), Some(source));
            Configuration { setting, value, source, variable: None, meant: None }.line()
        });
    };
    let number = |name: &str, number: u128, source: Source| tell(name, &number.to_string(), source);
    let switch =
        |name: &str, setting: &Setting<bool>| tell(name, if setting.value { "1" } else { "0" }, setting.source);

    tell("base_url", outcome.base.as_str(), config.base_url.source);
    // That there is one, and never which.
    let key = config.api_key.as_ref();
    tell("api_key", key.map_or("none", |_| "***"), key.map_or(Source::Default, |key| key.source));
    let (certificates, who) = outcome.trust.unwrap_or(("none", Source::Default));
    tell("ca_file", certificates, who);
    let proxy = outcome.proxy.map_or("none".into(), |proxy| authority(&proxy.host, proxy.port));
    tell("proxy", &proxy, config.proxy.source(outcome.base));
    tell("user_agent", outcome.user_agent, config.user_agent.as_ref().map_or(Source::Default, |agent| agent.source));
    number("timeout_ms", config.timeout.value.as_millis(), config.timeout.source);
    number("connect_timeout_ms", config.connect_timeout.value.as_millis(), config.connect_timeout.source);
    number("max_attempts", config.max_attempts.value.into(), config.max_attempts.source);
    number("max_response_bytes", config.max_response_bytes.value.into(), config.max_response_bytes.source);
    switch("keep_password", &config.keep_password);
    switch("keep_alive", &config.keep_alive);
    tell("log", log.level().name(), config.log.source());
}

/// The variables' values are not looked at: they may be secrets.
#[cold]
fn tell_misspelt(log: &Log, from_env: bool) {
    // A configuration of the program's own looks at no more than these.
    let read = if from_env { &VARIABLES[..] } else { &VARIABLES[5..] };
    for (name, _) in env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        if let Some(meant) = meant(name, read) {
            log.tell(Level::Warn, || {
                let (variable, meant) = (Some(name), Some(meant));
                Configuration { setting: None, value: None, source: None, variable, meant }.line()
            });
        }
    }
}

/// Which variable of ours somebody meant who wrote this one, if he did.
fn meant(name: &str, ours: &[&'static str]) -> Option<&'static str> {
    const LONGEST: usize = 40;
    let is_ours = |ours: &&str| if cfg!(windows) { ours.eq_ignore_ascii_case(name) } else { *ours == name };
    if VARIABLES.iter().any(is_ours) || name.len() > LONGEST || !name.is_char_boundary(6) {
        return None;
    }
    if !name.get(..6)?.eq_ignore_ascii_case("ecgrid") {
        return None;
    }
    let letters = |name: &str| -> Vec<u8> {
        name[6..].bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect()
    };
    let written = letters(name);
    // In a short name one wrong letter makes another word: ECGRID_LOGIN is nobody's ECGRID_LOG.
    let allowed = |ours: &[u8]| ours.len() / 4;
    ours.iter().copied().find(|ours| {
        let ours = letters(ours);
        distance(&written, &ours) <= allowed(&ours)
    })
}

/// How many letters were left out, added or taken for another.
fn distance(one: &[u8], other: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (at, wanted) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != wanted);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_variable_is_known_and_other_peoples_are_left_alone() {
        for (name, ours) in [
            ("ECGRID_BASEURL", "ECGRID_BASE_URL"),
            ("ECGRID_APIKEY", "ECGRID_API_KEY"),
            ("ECGRID_API-KEY", "ECGRID_API_KEY"),
            ("ecgrid_api_key", "ECGRID_API_KEY"),
            ("ECGRIDAPIKEY", "ECGRID_API_KEY"),
            ("ECGRID_CAFILE", "ECGRID_CA_FILE"),
            ("ECGRID_TIMEOUT", "ECGRID_TIMEOUT_MS"),
            ("ECGRID_PROXI", "ECGRID_PROXY"),
            ("ECGRID_LOGFILE", "ECGRID_LOG_FILE"),
            ("ecgrid_log", "ECGRID_LOG"),
        ] {
            // Where case says nothing, it is that variable.
            let ours = Some(ours).filter(|ours| !(cfg!(windows) && name.eq_ignore_ascii_case(ours)));
            assert_eq!(meant(name, &VARIABLES), ours, "{name}");
        }
        let others =
            ["ECGRID_LOGIN", "ECGRID_PASSWORD", "ECGRID_LIBRARY_PATH", "ECGRID_", "ECGRID", "PATH", "ecgridö", "Ö"];
        for name in VARIABLES.into_iter().chain(others) {
            assert_eq!(meant(name, &VARIABLES), None, "{name}");
        }
        assert_eq!(meant("ECGRID_BASEURL", &VARIABLES[5..]), None, "nobody reads it");
    }
}
