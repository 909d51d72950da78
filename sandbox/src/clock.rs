//! Times as the API writes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How `expiresAt` is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Style {
    /// `2026-05-07T18:30:00Z`
    Utc,
    /// `2026-05-07T20:30:00+02:00`
    Offset,
    /// `2026-05-07T18:30:00`
    Naive,
    /// `2026-05-07T18:30:00.1234567Z`, the seven digits .NET writes
    Fraction,
}

/// Whole Unix seconds; the API's times have no finer grain.
pub(crate) fn unix(at: SystemTime) -> i64 {
    match at.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    }
}

/// `at` moved by seconds that may be negative; unmoved where the platform cannot say such a time.
pub(crate) fn shift(at: SystemTime, seconds: i64) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs());
    let moved = if seconds < 0 { at.checked_sub(by) } else { at.checked_add(by) };
    moved.unwrap_or(at)
}

pub(crate) fn iso(at: SystemTime, style: Style) -> String {
    let shown = if style == Style::Offset { shift(at, 7200) } else { at };
    // The last second of year 9999 stands for anything later.
    let seconds = unix(shown).clamp(0, 253_402_300_799);
    let t = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let ending = match style {
        Style::Utc => "Z",
        Style::Offset => "+02:00",
        Style::Naive => "",
        Style::Fraction => ".1234567Z",
    };
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{ending}",
        t.year(),
        u8::from(t.month()),
        t.day(),
        t.hour(),
        t.minute(),
        t.second()
    )
}

/// A date-time as a client may write it: with or without an offset, or a date alone, which is its midnight.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let complete = ["", "Z", "T00:00:00Z"].map(|ending| format!("{text}{ending}"));
    let at = complete.iter().find_map(|text| OffsetDateTime::parse(text, &Rfc3339).ok())?;
    Some(at.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_every_style() {
        let at = shift(UNIX_EPOCH, 1_778_178_600);
        assert_eq!(iso(at, Style::Utc), "2026-05-07T18:30:00Z");
        assert_eq!(iso(at, Style::Offset), "2026-05-07T20:30:00+02:00");
        assert_eq!(iso(at, Style::Naive), "2026-05-07T18:30:00");
        assert_eq!(iso(at, Style::Fraction), "2026-05-07T18:30:00.1234567Z");
    }

    #[test]
    fn reads_what_it_writes_and_dates() {
        let at = Some(shift(UNIX_EPOCH, 1_778_178_600));
        for text in ["2026-05-07T18:30:00Z", "2026-05-07T20:30:00+02:00", "2026-05-07T18:30:00"] {
            assert_eq!(parse(text), at, "{text}");
        }
        assert_eq!(parse("2026-05-07"), Some(shift(UNIX_EPOCH, 1_778_112_000)));
        assert_eq!(parse("soon"), None);
    }

    #[test]
    fn a_time_beyond_year_9999_is_clamped() {
        let at = shift(UNIX_EPOCH, 999_999_999_999);
        assert_eq!(iso(at, Style::Utc), "9999-12-31T23:59:59Z");
    }
}
