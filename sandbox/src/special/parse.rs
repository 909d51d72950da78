//! From a login to what it stands for.

use super::failure::{Failure, RetryAfter};
use super::{Mangle, Scope, Special, Variant, Wire};
use crate::clock::Style;
use std::time::Duration;

impl Special {
    /// What a login stands for; None for one that is nothing special.
    pub(crate) fn of(login: &str) -> Option<Self> {
        let (name, domain) = login.split_once('@')?;
        if domain.is_empty() { None } else { special(name) }
    }
}

fn special(name: &str) -> Option<Special> {
    wrapped(name).or_else(|| simple(name)).or_else(|| numbered(name))
}

/// Prefixes that change when the rest of the name applies.
fn wrapped(name: &str) -> Option<Special> {
    if let Some(rest) = name.strip_prefix("flaky-") {
        let (times, rest) = rest.split_once('-')?;
        let inner = match status(rest, 400) {
            Some(code) => Special::Failure(Failure::Fault(code)),
            None => special(rest)?,
        };
        return Some(Special::Flaky(number(times)?, Box::new(inner)));
    }
    if let Some(rest) = name.strip_prefix("slow-") {
        let (pause, inner) = match rest.split_once('-') {
            Some((pause, rest)) => (pause, special(rest)?),
            None => (rest, Special::Plain),
        };
        return Some(Special::Slow(millis(pause)?, Box::new(inner)));
    }
    let (scope, rest) = match name.strip_prefix("refresh-") {
        Some(rest) => (Scope::Refresh, rest),
        None => (Scope::Call, name.strip_prefix("call-")?),
    };
    Some(Special::Later(scope, Box::new(special(rest)?)))
}

const SECOND: Duration = Duration::from_secs(1);

/// The names that take no number.
static NAMES: [(&str, Special); 63] = [
    ("ok", Special::Plain),
    ("invalid-api-key", Special::Failure(Failure::InvalidApiKey)),
    ("rejected", Special::Failure(Failure::Rejected)),
    ("redirect", Special::Failure(Failure::Redirect(307))),
    ("not-json", Special::Failure(Failure::NotJson)),
    ("half-json", Special::Failure(Failure::HalfJson)),
    ("not-utf8", Special::Failure(Failure::NotUtf8)),
    ("json-array", Special::Failure(Failure::JsonArray)),
    ("json-null", Special::Failure(Failure::JsonNull)),
    ("no-data", Special::Failure(Failure::NoData)),
    ("null-data", Special::Failure(Failure::NullData)),
    ("no-token", Special::Grant(Variant::NoToken)),
    ("empty-token", Special::Grant(Variant::EmptyToken)),
    ("null-token", Special::Grant(Variant::NullToken)),
    ("token-number", Special::Grant(Variant::TokenNumber)),
    ("token-crlf", Special::Grant(Variant::TokenCrLf)),
    ("token-nul", Special::Grant(Variant::TokenNul)),
    ("opaque-token", Special::Grant(Variant::OpaqueToken)),
    ("no-user-id", Special::Grant(Variant::NoUserId)),
    ("null-user-id", Special::Grant(Variant::NullUserId)),
    ("user-id-string", Special::Grant(Variant::UserIdString)),
    ("user-id-big", Special::Grant(Variant::UserIdBig)),
    ("user-id-huge", Special::Grant(Variant::UserIdHuge)),
    ("user-id-negative", Special::Grant(Variant::UserIdNegative)),
    ("no-expiry", Special::Grant(Variant::NoExpiry)),
    ("null-expiry", Special::Grant(Variant::NullExpiry)),
    ("bad-expiry", Special::Grant(Variant::BadExpiry)),
    ("expiry-offset", Special::Grant(Variant::Expiry(Style::Offset))),
    ("expiry-naive", Special::Grant(Variant::Expiry(Style::Naive))),
    ("expiry-fraction", Special::Grant(Variant::Expiry(Style::Fraction))),
    ("expired", Special::Grant(Variant::Expired)),
    ("clock-ahead", Special::Grant(Variant::ClockAhead)),
    ("clock-behind", Special::Grant(Variant::ClockBehind)),
    ("trailing", Special::Mangle(Mangle::Trailing)),
    ("bom", Special::Mangle(Mangle::Bom)),
    ("upper-case", Special::Mangle(Mangle::UpperCase)),
    ("pascal-case", Special::Mangle(Mangle::PascalCase)),
    ("extra-members", Special::Mangle(Mangle::ExtraMembers)),
    ("null-error-code", Special::Mangle(Mangle::NullErrorCode)),
    ("no-error-code", Special::Mangle(Mangle::NoErrorCode)),
    ("no-date", Special::Mangle(Mangle::NoDate)),
    ("no-content-type", Special::Mangle(Mangle::NoContentType)),
    ("connection-close", Special::Mangle(Mangle::ConnectionClose)),
    ("stale", Special::Mangle(Mangle::Stale)),
    ("chunked", Special::Mangle(Mangle::Chunked)),
    ("until-close", Special::Mangle(Mangle::UntilClose)),
    ("early-hints", Special::Mangle(Mangle::EarlyHints)),
    ("silent-close", Special::Mangle(Mangle::SilentClose)),
    ("lost", Special::Mangle(Mangle::Lost)),
    ("drip", Special::Mangle(Mangle::Drip(SECOND))),
    ("drip-head", Special::Mangle(Mangle::DripHead(SECOND))),
    ("cut", Special::Mangle(Mangle::Cut)),
    ("cut-head", Special::Mangle(Mangle::CutHead)),
    ("cut-chunk", Special::Mangle(Mangle::CutChunk)),
    ("reset-body", Special::Mangle(Mangle::ResetBody)),
    ("hang", Special::Wire(Wire::Hang)),
    ("reset", Special::Wire(Wire::Reset)),
    ("close", Special::Wire(Wire::Close)),
    ("garbage", Special::Wire(Wire::Garbage)),
    ("endless-body", Special::Wire(Wire::EndlessBody)),
    ("endless-headers", Special::Wire(Wire::EndlessHeaders)),
    ("huge", Special::Wire(Wire::Huge)),
    ("deep", Special::Wire(Wire::Deep)),
];

fn simple(name: &str) -> Option<Special> {
    let (_, special) = NAMES.iter().find(|(known, _)| *known == name)?;
    Some(special.clone())
}

/// Names that end in a number: a status, or milliseconds.
fn numbered(name: &str) -> Option<Special> {
    let (stem, last) = name.rsplit_once('-')?;
    let failure = match stem {
        "fault" => Failure::Fault(status(last, 400)?),
        "problem" => Failure::Problem(status(last, 400)?),
        "html" => Failure::Html(status(last, 200)?),
        "empty" => Failure::Empty(status(last, 200)?),
        "redirect" => Failure::Redirect(status(last, 300).filter(|code| *code < 400)?),
        "gateway" => return Some(Special::Mangle(Mangle::Gateway(status(last, 400)?))),
        "drip" => return Some(Special::Mangle(Mangle::Drip(millis(last)?))),
        "drip-head" => return Some(Special::Mangle(Mangle::DripHead(millis(last)?))),
        _ => Failure::Retry(retry(stem)?, status(last, 400)?),
    };
    Some(Special::Failure(failure))
}

fn retry(stem: &str) -> Option<RetryAfter> {
    Some(match stem {
        "retry-past" => RetryAfter::Past,
        "retry-long" => RetryAfter::Long,
        "retry-overflow" => RetryAfter::Overflow,
        "retry-negative" => RetryAfter::Negative,
        "retry-bad" => RetryAfter::Bad,
        _ => match stem.strip_prefix("retry-after-") {
            Some(seconds) => RetryAfter::Seconds(number(seconds)?),
            None => RetryAfter::Date(number(stem.strip_prefix("retry-date-")?)?),
        },
    })
}

fn number(digits: &str) -> Option<u32> {
    // parse() alone would take "+5" as well.
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

fn millis(digits: &str) -> Option<Duration> {
    number(digits).map(|ms| Duration::from_millis(u64::from(ms)))
}

/// A status of three digits, from `least` to 599.
fn status(digits: &str, least: u16) -> Option<u16> {
    digits.parse().ok().filter(|code| digits.len() == 3 && (least..=599).contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = include_str!("../../README.md");

    #[test]
    fn every_name_is_in_the_readme() {
        for (name, _) in &NAMES {
            let cell = format!("| `{name}@` |");
            assert!(README.contains(&cell), "{name} is not documented");
        }
    }

    #[test]
    fn every_name_in_the_readme_exists() {
        let cells = README.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("@` |"));
        let names: Vec<String> = cells
            .map(|(name, _)| {
                name.replace("STATUS", "503")
                    .replace("3XX", "302")
                    .replace("NAME", "close")
                    .replace("SECONDS", "1")
                    .replace("MS", "1")
                    .replace('N', "2")
            })
            .collect();
        assert!(names.len() > NAMES.len());
        for name in names {
            assert!(special(&name).is_some(), "{name} does not exist");
        }
    }

    #[test]
    fn prefixes_combine() {
        let lost = Special::Mangle(Mangle::Lost);
        let flaky = Special::Flaky(2, Box::new(lost));
        let expected = Special::Later(Scope::Refresh, Box::new(flaky));
        assert_eq!(special("refresh-flaky-2-lost"), Some(expected));
        assert_eq!(special("flaky-2-503"), special("flaky-2-fault-503"));
    }

    #[test]
    fn what_is_nearly_a_name_is_none() {
        for name in [
            "",
            "fault",
            "fault-",
            "fault-200",
            "fault-600",
            "fault-+503",
            "fault-0503",
            "retry-after-503",
            "retry-after-x-503",
            "slow-",
            "slow--1",
            "flaky-2",
            "flaky-x-503",
            "flaky-2-200",
            "redirect-400",
            "refresh-",
            "refresh-nothing",
            "HANG",
        ] {
            assert_eq!(special(name), None, "{name}");
        }
    }
}
