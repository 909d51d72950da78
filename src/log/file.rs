//! A file that gets the lines. Other processes may write to it too.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::level::Level;
use super::line::Line;
use crate::platform;

pub struct LogFile {
    file: File,
    process: u32,
    /// The last line was not written whole, as the disk was full.
    torn: AtomicBool,
}

impl LogFile {
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: platform::open_log(path)?, process: process::id(), torn: AtomicBool::new(false) })
    }

    /// With a time and a process, as nobody else adds them. A line goes out in one write, so that those of several
    /// threads and processes stay whole. One that cannot be written is left out.
    pub fn write(&self, level: Level, line: &Line) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let begin = if self.torn.load(Ordering::Relaxed) { "\n" } else { "" };
        let text = format!("{begin}{} {} {} {}\n", timestamp(now), self.process, level.name(), line.0);
        let written = platform::append(&self.file, text.as_bytes()).unwrap_or(0);
        if written > 0 {
            self.torn.store(written < text.len(), Ordering::Relaxed);
        }
    }
}

/// RFC 3339, in UTC, of a time since 1970.
pub fn timestamp(since: Duration) -> String {
    let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    // In years that begin in March a leap day is the last, and in eras of 400 years all is the same.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    format!(
        "{:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        era * 400 + year,
        second / 3600,
        second / 60 % 60,
        second % 60,
        since.subsec_millis()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_rfc_3339_has_it() {
        for (milliseconds, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_796_169_092_123, "2026-12-01T23:51:32.123Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(timestamp(Duration::from_millis(milliseconds)), expected);
        }
        // Every day of four hundred years, against the reader of HTTP's dates.
        for day in 0..146_097 {
            let time = Duration::from_secs(day * 86_400 + 4711);
            let http = httpdate::fmt_http_date(UNIX_EPOCH + time);
            let (text, month) = (timestamp(time), &http[8..11]);
            assert_eq!((&text[..4], &text[8..10], &text[11..19]), (&http[12..16], &http[5..7], &http[17..25]));
            let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
            assert_eq!(&text[5..7], format!("{:02}", months.find(month).unwrap() / 3 + 1));
        }
    }
}
