//! Where ECGrid is.

use std::net::{IpAddr, Ipv6Addr};

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
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("has no scheme; write https://host"))?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(wrong("is neither https:// nor http://")),
        };
        if url.contains(['?', '#']) {
            return Err(wrong("has a query or a fragment; only a path may follow the host"));
        }
        if !url.is_ascii() {
            return Err(wrong("is not ASCII; write a name as xn--… and a path percent-encoded"));
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if has_zone(authority) {
            return Err(wrong(
                "has an IPv6 zone (%…), which no certificate can have; use a name or an address without one",
            ));
        }
        if authority.is_empty() {
            return Err(wrong("has no host"));
        }
        if authority.contains('@') {
            return Err(wrong("has a user in it; the login is given to the call, not in the URL"));
        }
        if url.len() > LONGEST || !path.bytes().all(is_of_path) {
            return Err(wrong("is malformed; write https://host[:port][/path]"));
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
        let path = path.trim_end_matches('/').to_owned();
        let text = format!("{scheme}://{authority}{path}");
        Ok(Self { text, secure, authority: authority.into(), host, port, path })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// In bytes: a request must have room for it, and servers take less in one line.
const LONGEST: usize = 32 * 1024;

/// What a path may be made of (RFC 3986, 3.3).
fn is_of_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@".contains(&byte)
}

/// Host and port of an authority, for which neither "h:", nor "[h]" or "[::1]x" will do.
fn split(authority: &str) -> Option<(String, Option<&str>)> {
    let (host, rest) = match authority.strip_prefix('[') {
        Some(inner) => {
            let (host, rest) = inner.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (host, rest)
        }
        None => {
            let (name, rest) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            let is_sound = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
            let is_name = is_sound && name.bytes().any(|byte| byte.is_ascii_alphanumeric());
            is_name.then_some((name, rest))?
        }
    };
    let port = match rest {
        "" => None,
        rest => Some(rest.strip_prefix(':').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?),
    };
    Some((host.to_ascii_lowercase(), port))
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
    use proptest::prelude::*;
    use ureq::http::Uri;

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
            "https://a\"b",
            "https://a\\b",
            "https://h/a b",
            "https://h/<a>",
            "https://h/\u{7f}",
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

    proptest! {
        /// Another reader of URLs finds the same host and path in all that we take, so that no trick of spelling leads
        /// elsewhere.
        #[test]
        fn what_we_take_means_the_same_to_ureq(url in "(https?|HTTPS)://[a-zB.:%1\\[\\]@\\\\_ -]{0,8}(:[0-9]{1,3})?(/[a-zA-Z0-9%./:@|\"~ -]{0,6}){0,2}") {
            if let Ok(ours) = BaseUrl::parse(&url, Source::Program) {
                let theirs: Uri = url.parse().unwrap();
                prop_assert_eq!(theirs.authority().unwrap().as_str(), &ours.authority);
                prop_assert_eq!(theirs.host().unwrap().trim_matches(['[', ']']).to_ascii_lowercase(), ours.host);
                prop_assert_eq!(theirs.path().trim_end_matches('/'), &ours.path);
                prop_assert_eq!(theirs.port_u16().unwrap_or(if ours.secure { 443 } else { 80 }), ours.port);
            }
        }
    }
}
