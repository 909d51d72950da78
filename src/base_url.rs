//! Where ECGrid is.

use std::net::{IpAddr, Ipv6Addr};

use ureq::http::Uri;

use crate::error::Error;
use crate::setting::Source;

/// A checked base URL; API paths are appended to it.
pub struct BaseUrl {
    /// Without a trailing slash. Holds no user, query or fragment, so messages may show it.
    text: String,
    pub secure: bool,
    /// Host and port as written, for the Host header.
    pub authority: String,
    pub host: String,
    pub port: u16,
    /// What stands before the API's own paths in a request.
    pub path: String,
}

impl BaseUrl {
    pub fn parse(url: &str, source: Source) -> Result<Self, Error> {
        let wrong = |what: &str| Error::configuration(format!("the base URL{source} {}{what}", shown(url)));
        let secure = match url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase()).as_deref() {
            Some("https") => true,
            Some("http") => false,
            Some(_) => return Err(wrong("is neither https:// nor http://")),
            None => return Err(wrong("has no scheme; write https://host")),
        };
        if url.contains(['?', '#']) {
            return Err(wrong("has a query or a fragment; only a path may follow the host"));
        }
        if !url.is_ascii() {
            return Err(wrong("is not ASCII; write a name as xn--… and a path percent-encoded"));
        }
        if has_zone(url.split('/').nth(2).unwrap_or_default()) {
            return Err(wrong(
                "has an IPv6 zone (%…), which no certificate can have; use a name or an address without one",
            ));
        }
        let uri: Uri = url.parse().map_err(|_| wrong("is malformed; write https://host[:port][/path]"))?;
        let authority = uri.authority().ok_or_else(|| wrong("has no host"))?.as_str();
        if authority.contains('@') {
            return Err(wrong("has a user in it; the login is given to the call, not in the URL"));
        }
        let (host, port) = split(authority).ok_or_else(|| wrong("has a host or port that is none"))?;
        let port = match port.map(str::parse) {
            None if secure => 443,
            None => 80,
            Some(Ok(port @ 1..)) => port,
            Some(_) => return Err(wrong("has a port that is not between 1 and 65535")),
        };
        if !secure && !is_loopback(&host) {
            return Err(wrong(
                "would send passwords in the clear; use https:// (http:// reaches this machine only: localhost, 127.0.0.1, ::1)",
            ));
        }
        let scheme = if secure { "https" } else { "http" };
        let path = uri.path().trim_end_matches('/').to_owned();
        let text = format!("{scheme}://{authority}{path}");
        Ok(Self { text, secure, authority: authority.into(), host, port, path })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Host and port of an authority. The http crate takes "h:", "[h]" and "[::1]x" for hosts; we do not.
fn split(authority: &str) -> Option<(String, Option<&str>)> {
    let (host, rest) = match authority.strip_prefix('[') {
        Some(inner) => {
            let (host, rest) = inner.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (host, rest)
        }
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port = match rest {
        "" => None,
        rest => Some(rest.strip_prefix(':').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?),
    };
    let is_name = host.bytes().any(|byte| byte.is_ascii_alphanumeric());
    is_name.then(|| (host.to_ascii_lowercase(), port)).or_else(|| host.contains("::").then(|| (host.to_owned(), port)))
}

/// Whether the host of an authority is an IPv6 address with a zone, as RFC 6874 or people write it.
pub fn has_zone(authority: &str) -> bool {
    let address = authority.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    address.is_some_and(|(address, _)| address.contains('%'))
}

/// This machine, by name or address.
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// The URL as far as it can hold no password.
fn shown(url: &str) -> String {
    let plain = !url.contains(['@', '?', '#']) && url.len() <= 200;
    if plain { format!("\"{url}\" ") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    fn joined(url: &str) -> String {
        let BaseUrl { text, authority, path, .. } = BaseUrl::parse(url, Source::Program).unwrap();
        assert!(text.ends_with(&format!("://{authority}{path}")), "{text}");
        format!("{text}/v2/auth/login")
    }

    #[test]
    fn a_path_prefix_stays_and_a_trailing_slash_does_no_harm() {
        assert_eq!(joined("https://rest.ecgrid.io"), "https://rest.ecgrid.io/v2/auth/login");
        assert_eq!(joined("HTTPS://rest.ecgrid.io/"), "https://rest.ecgrid.io/v2/auth/login");
        assert_eq!(joined("https://gw.example:8443/ec/grid//"), "https://gw.example:8443/ec/grid/v2/auth/login");
        assert_eq!(joined("http://[::1]:8080"), "http://[::1]:8080/v2/auth/login");
        assert_eq!(joined("https://h/@team"), "https://h/@team/v2/auth/login");
        let base = BaseUrl::parse("https://[2001:db8::1]", Source::Program).unwrap();
        assert_eq!((base.host.as_str(), base.port), ("2001:db8::1", 443));
    }

    #[test]
    fn what_cannot_work_is_refused_without_showing_a_password() {
        for url in [
            "rest.ecgrid.io",
            "ftp://rest.ecgrid.io",
            "https://",
            "https:///path",
            "https://u:canary@host",
            "https://h?key=canary",
            "https://h#canary",
            "https://h:0",
            "https://h:99999",
            "https://h:",
            "https://h:x",
            "https://a b",
            "https://bücher.example",
            "https://[::1",
            "https://[::1]x:80",
            "https://[h]",
            "https://h:+443",
            "https://.",
            "://h",
            "https:/h",
        ] {
            let error = BaseUrl::parse(url, Source::Program).err().unwrap_or_else(|| panic!("{url} was accepted"));
            assert_eq!(error.status, Status::InvalidConfiguration, "{url}");
            assert!(!error.message.contains("canary"), "{}", error.message);
        }
    }

    #[test]
    fn http_reaches_this_machine_only() {
        for url in
            ["http://localhost:1", "http://LOCALHOST", "http://127.0.0.1", "http://127.255.0.9:80", "http://[::1]"]
        {
            assert!(BaseUrl::parse(url, Source::Program).is_ok(), "{url}");
        }
        for url in [
            "http://rest.ecgrid.io",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "http://localhost.example.com",
            "http://[::2]",
        ] {
            assert!(BaseUrl::parse(url, Source::Program).err().unwrap().message.contains("in the clear"), "{url}");
        }
    }
}
