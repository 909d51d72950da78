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
        let (scheme, secure, usual) = match &*scheme.to_ascii_lowercase() {
            "https" => ("https", true, 443),
            "http" => ("http", false, 80),
            _ => return Err(wrong("is neither https:// nor http://")),
        };
        if rest.contains(['?', '#']) {
            return Err(wrong("has a query or a fragment; only a path may follow the host"));
        }
        if !rest.is_ascii() {
            return Err(wrong("is not ASCII; write a name as xn--… and a path percent-encoded"));
        }
        if !rest.bytes().all(|byte| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte)) {
            return Err(wrong("is malformed; write https://host[:port][/path]"));
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(wrong("has a user in it; the login is given to the call, not in the URL"));
        }
        let (host, port) = host_and_port(authority, usual).map_err(wrong)?;
        if !secure && !is_loopback(&host) {
            return Err(wrong(
                "would send passwords in the clear; use https:// (http:// reaches this machine only: localhost, 127.0.0.1, ::1)",
            ));
        }
        let path = path.trim_end_matches('/').to_owned();
        let text = format!("{scheme}://{authority}{path}");
        Ok(Self { text, secure, authority: authority.into(), host, port, path })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Of `host[:port]`, a name in lower case and an IPv6 address without its brackets; else what is wrong with it.
pub fn host_and_port(authority: &str, usual: u16) -> Result<(String, u16), &'static str> {
    const NO_PORT: &str = "has a port that is not between 1 and 65535";
    let (host, rest) = match authority.strip_prefix('[') {
        Some(inner) => inner.split_once(']').ok_or("has an IPv6 address without its ]")?,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let is_sound = if authority.starts_with('[') {
        // As RFC 6874 or people write it.
        if host.contains('%') {
            return Err("has an IPv6 zone (%…), which is not supported; use a name or an address without one");
        }
        host.parse::<Ipv6Addr>().is_ok()
    } else {
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
            && host.bytes().any(|byte| byte.is_ascii_alphanumeric())
    };
    if !is_sound {
        return Err("has no sound host name");
    }
    let port = match rest.strip_prefix(':') {
        None if rest.is_empty() => usual,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().map_err(|_| NO_PORT)?,
        _ => return Err(NO_PORT),
    };
    if port == 0 { Err(NO_PORT) } else { Ok((host.to_ascii_lowercase(), port)) }
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
            "https://[fe80::1%25eth0]",
            "https://h/a b",
            "https://h/a\\b",
            "https://a\"b",
            "https://a\\b",
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
