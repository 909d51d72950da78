//! The command line.

use ecgrid_sandbox::{Builder, Certificate, Sandbox, TlsVersions, User};
use lexopt::{Arg, Parser, ValueExt};
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

pub const HELP: &str = "\
An ECGrid on loopback, for tests: real HTTP, real TLS, real JWTs.

Usage: ecgrid-sandbox [OPTIONS]

  --json                      say where it is in one line of JSON
  --http 127.0.0.1:PORT       where HTTP listens [a free port]
  --https 127.0.0.1:PORT      where HTTPS listens [a free port]
  --user LOGIN:PASSWORD:ID    one more user; may be repeated
  --token-lifetime SECONDS    how long a token is good; 2.5 is possible [3600]
  --max-sessions NUMBER       how many sessions a user may have open [any number]
  --deliver-every SECONDS     a new parcel arrives in mailbox 101 so often [never]
  --refresh-delay MS          how much later the answer to a refresh comes [0]
  --refuse-refresh            every refresh gets 401
  --lose-answers PERCENT      lose so many answers, logins and refreshes aside [0]
  --lose-refreshes PERCENT    lose so many answers to refreshes [0]
  --clock-skew SECONDS        how far the clock is ahead; -3600 is an hour back [0]
  --echo                      answer calls with what arrived
  --certificate KIND          valid, expired, not-yet-valid, other-host,
                              other-authority or self-signed [valid]
  --tls VERSION               1.2 or 1.3 alone [both]
  --ca-out FILE               write the CA there and leave it [a temporary file]
  --help, --version

It serves until SIGTERM, SIGINT (Ctrl-C), or until its standard input, if that is
a pipe, a socket or a terminal, is closed.
";

pub enum Command {
    Help,
    Version,
    Serve { builder: Box<Builder>, json: bool },
}

pub fn parse(mut args: Parser) -> Result<Command, String> {
    let mut builder = Sandbox::builder();
    let mut json = false;
    while let Some(arg) = args.next().map_err(|cause| cause.to_string())? {
        let Arg::Long(name) = arg else {
            return match arg {
                Arg::Short('h') => Ok(Command::Help),
                Arg::Short('V') => Ok(Command::Version),
                other => Err(format!("{}; see --help", other.unexpected())),
            };
        };
        let name = name.to_owned();
        builder = match name.as_str() {
            "help" => return Ok(Command::Help),
            "version" => return Ok(Command::Version),
            "json" => {
                json = true;
                builder
            }
            "http" => builder.http(address(&name, value(&mut args)?)?),
            "https" => builder.https(address(&name, value(&mut args)?)?),
            "user" => builder.user(user(&value(&mut args)?)?),
            "token-lifetime" => {
                let lifetime = seconds(&name, &value(&mut args)?)?;
                builder.token_lifetime(lifetime)
            }
            "max-sessions" => {
                let sessions = positive(&name, &value(&mut args)?)?;
                builder.max_sessions(usize::try_from(sessions).unwrap_or(usize::MAX))
            }
            "deliver-every" => {
                let pause = seconds(&name, &value(&mut args)?)?;
                builder.deliver_every(pause)
            }
            "refresh-delay" => {
                let delay = number::<u32>(&name, &value(&mut args)?, "milliseconds")?;
                builder.refresh_delay(Duration::from_millis(u64::from(delay)))
            }
            "refuse-refresh" => builder.refuse_refresh(true),
            "lose-answers" => builder.lose_answers(percent(&name, &value(&mut args)?)?),
            "lose-refreshes" => builder.lose_refreshes(percent(&name, &value(&mut args)?)?),
            "clock-skew" => {
                let skew = number::<i32>(&name, &value(&mut args)?, "seconds")?;
                builder.clock_skew(i64::from(skew))
            }
            "echo" => builder.echo(true),
            "certificate" => builder.server_certificate(certificate(&value(&mut args)?)?),
            "tls" => builder.tls_versions(tls(&value(&mut args)?)?),
            "ca-out" => builder.ca_out(args.value().map_err(|cause| cause.to_string())?),
            _ => return Err(format!("there is no option --{name}; see --help")),
        };
    }
    Ok(Command::Serve { builder: Box::new(builder), json })
}

fn value(args: &mut Parser) -> Result<String, String> {
    args.value().and_then(|value| value.string()).map_err(|cause| cause.to_string())
}

fn address(option: &str, text: String) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("--{option} takes an address like 127.0.0.1:8080, not {text:?}"))
}

fn positive(option: &str, text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("--{option} takes a whole number above 0, not {text:?}"))
}

fn number<T: FromStr>(option: &str, text: &str, unit: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("--{option} takes a whole number of {unit}, not {text:?}"))
}

fn percent(option: &str, text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| *number <= 100);
    number.ok_or_else(|| format!("--{option} takes a whole number from 0 to 100, not {text:?}"))
}

/// A time above 0, in decimal.
fn seconds(option: &str, text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let longest = Duration::from_secs(u64::from(u32::MAX));
    seconds
        .filter(|time| !time.is_zero() && *time <= longest)
        .ok_or_else(|| format!("--{option} takes a number of seconds above 0, not {text:?}"))
}

/// The password may have colons in it: the login ends at the first, the id begins after the last.
fn user(text: &str) -> Result<User, String> {
    let parts = text.split_once(':').and_then(|(login, rest)| Some((login, rest.rsplit_once(':')?)));
    match parts {
        Some((login, (password, id))) if !login.is_empty() && !password.is_empty() => {
            let number = id.parse().ok().filter(|number| *number > 0);
            let number = number.ok_or_else(|| format!("--user takes a number above 0 as ID, not {id:?}"))?;
            Ok(User::new(login, password, number))
        }
        _ => Err("--user takes LOGIN:PASSWORD:ID".to_owned()),
    }
}

fn certificate(text: &str) -> Result<Certificate, String> {
    Ok(match text {
        "valid" => Certificate::Valid,
        "expired" => Certificate::Expired,
        "not-yet-valid" => Certificate::NotYetValid,
        "other-host" => Certificate::OtherHost,
        "other-authority" => Certificate::OtherAuthority,
        "self-signed" => Certificate::SelfSigned,
        _ => return Err(format!("--certificate has no kind {text:?}; see --help")),
    })
}

fn tls(text: &str) -> Result<TlsVersions, String> {
    match text {
        "1.2" => Ok(TlsVersions::Only12),
        "1.3" => Ok(TlsVersions::Only13),
        _ => Err(format!("--tls takes 1.2 or 1.3, not {text:?}")),
    }
}
