//! Where and with what a run was made.

use std::fs;
use std::path::Path;

use crate::cpus;
use crate::programs::{Programs, Who, both, plain};
use crate::server;

pub struct About {
    /// UTC, such as 2025-01-31.
    pub date: String,
    pub machine: String,
    /// Name and version.
    pub versions: Vec<(&'static str, String)>,
}

impl About {
    pub fn of(programs: &Programs) -> Result<Self, String> {
        let curl = programs.version(Who::Curl)?;
        let openssl = programs.version(Who::Floor)?;
        let (_, nginx) = both(plain(Path::new(server::program())).arg("-v"))?;
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        // What follows the number is its builder's own.
        let versions = vec![
            ("libecgrid", programs.version(Who::Ours)?),
            ("libcurl", after(&curl, "libcurl/")),
            ("OpenSSL", after(&openssl, "OpenSSL ")),
            ("nginx", after(&nginx, "nginx/")),
            ("Linux", kernel.trim().split('-').next().unwrap_or_default().to_owned()),
        ];
        Ok(Self { date: today(), machine: cpus::machine(), versions })
    }

    /// `libecgrid 0.1.0 · libcurl 8.0.0 · …`
    pub fn versions_in_words(&self) -> String {
        let words: Vec<String> = self.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
        words.join(" · ")
    }
}

/// The word behind the name, such as 8.0.0 in `libcurl/8.0.0 zlib/1.3`.
fn after(text: &str, name: &str) -> String {
    let rest = text.split_once(name).map_or("", |(_, rest)| rest);
    rest.split_whitespace().next().unwrap_or("unknown").to_owned()
}

fn today() -> String {
    // SAFETY: gmtime_r writes only the struct it is given, of which all zeros is a valid value.
    let (year, month, day) = unsafe {
        let now = libc::time(std::ptr::null_mut());
        let mut parts: libc::tm = std::mem::zeroed();
        libc::gmtime_r(&now, &mut parts);
        (parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday)
    };
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        assert_eq!(after("libcurl/7.88.1 OpenSSL/3.0.1 zlib/1", "libcurl/"), "7.88.1");
        assert_eq!(after("OpenSSL 3.0.22 1 Jan 2025", "OpenSSL "), "3.0.22");
        assert_eq!(after("nginx version: nginx/1.22.1\n", "nginx/"), "1.22.1");
        assert_eq!(after("something else", "nginx/"), "unknown");
    }

    #[test]
    fn a_date() {
        let today = today();
        assert!(today.len() == 10 && today.as_str() > "2024-01-01", "{today}");
    }
}
