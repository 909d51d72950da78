//! Which proxy a client goes through, if any. What cannot be understood is an error, never a direct connection.

use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::setting::{Setting, Source};
use crate::settings::base_url::{BaseUrl, host_and_port, is_loopback};
use crate::transport::{Proxy, authority};

/// Where the choice of a proxy comes from.
#[derive(Clone)]
pub enum ProxySetting {
    /// No proxy at all.
    Direct(Source),
    /// One the caller named; NO_PROXY has no say in it.
    Always(Setting<Zeroizing<String>>),
    /// What the environment says, decided when the host is known.
    Environment { https: Option<Setting<Zeroizing<String>>>, all: Option<Setting<Zeroizing<String>>>, no_proxy: String },
}

impl ProxySetting {
    /// The proxy for a base URL, as curl chooses: HTTPS_PROXY, else ALL_PROXY. Never for this machine, which another
    /// machine's proxy would look for at its own place, with the password in its hands; http:// is for nothing else.
    pub fn choose(&self, base: &BaseUrl) -> Result<Option<Proxy>, Error> {
        let Ok(setting) = self.find(base) else { return Ok(None) };
        let proxy = parse(setting)?;
        if is_loopback(&base.host) && !is_loopback(&proxy.host) {
            return Err(Error::configuration(format!(
                "{} is another machine, which cannot reach {}: that is this machine only; leave the proxy out for it, or use one on this machine",
                proxy.name,
                base.as_str()
            )));
        }
        Ok(Some(proxy))
    }

    /// Where the choice came from.
    pub fn source(&self, base: &BaseUrl) -> Source {
        self.find(base).map_or_else(|source| source, |setting| setting.source)
    }

    /// What names the proxy, or else what says that there is none.
    fn find(&self, base: &BaseUrl) -> Result<&Setting<Zeroizing<String>>, Source> {
        match self {
            Self::Direct(source) => Err(*source),
            Self::Always(setting) => Ok(setting),
            Self::Environment { .. } if is_loopback(&base.host) => Err(Source::Default),
            Self::Environment { https, all, no_proxy } => match https.as_ref().or(all.as_ref()) {
                Some(_) if is_exempt(no_proxy, &base.host, base.port) => Err(Source::Variable("NO_PROXY")),
                setting => setting.ok_or(Source::Default),
            },
        }
    }
}

/// `[http://][user[:password]@]host[:port]`. No message repeats the text: it may hold a password.
fn parse(setting: &Setting<Zeroizing<String>>) -> Result<Proxy, Error> {
    let Setting { value: url, source } = setting;
    let wrong =
        |what: &str| Error::configuration(format!("the proxy{source} {what}; write http://[user:password@]host:port"));
    let rest = match url.split_once("://") {
        None => url.as_str(),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
        Some((scheme, _)) => {
            let word = scheme.len() <= 16 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let kind = if word { format!("is of the kind {scheme}://, which") } else { "is of a kind that".into() };
            return Err(wrong(&format!("{kind} is not supported")));
        }
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (credentials, address) = match rest.rsplit_once('@') {
        None => (None, rest),
        Some((credentials, address)) => {
            let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
            let decode = |text: &str| {
                percent_decode_str(text)
                    .decode_utf8()
                    .map(|text| text.into_owned())
                    .map_err(|_| wrong("has a user that is not UTF-8"))
            };
            (Some((decode(user)?, Zeroizing::new(decode(password)?))), address)
        }
    };
    let (host, port) = host_and_port(address, 80).map_err(wrong)?;
    let name = format!("the proxy {}{source}", authority(&host, port));
    Ok(Proxy { name, host, port, credentials })
}

/// Whether NO_PROXY exempts a host: `*`, a name with its subdomains (`.example.com` or `example.com`), an address,
/// a CIDR block; each may end in `:port`. An entry that makes no sense exempts nothing.
fn is_exempt(no_proxy: &str, host: &str, port: u16) -> bool {
    let address: Option<IpAddr> = host.parse().ok();
    no_proxy.split([',', ' ', '\t']).map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        if entry == "*" {
            return true;
        }
        let entry = entry.to_ascii_lowercase();
        let (name, only_port) = split_port(&entry);
        if only_port.is_some_and(|only| only != port.to_string()) {
            return false;
        }
        match address {
            Some(address) => in_block(name, address),
            None => {
                let name = name.trim_start_matches('*').trim_start_matches('.').trim_end_matches('.');
                !name.is_empty()
                    && host
                        .trim_end_matches('.')
                        .strip_suffix(name)
                        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
        }
    })
}

/// Cuts a port from `host:port` and `[v6]:port`, but not from a bare IPv6 address.
fn split_port(entry: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, rest.strip_prefix(':'));
    }
    match entry.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (entry, None),
    }
}

fn in_block(block: &str, address: IpAddr) -> bool {
    let (network, bits) = block.split_once('/').map_or((block, None), |(network, bits)| (network, Some(bits)));
    match (network.parse(), address) {
        (Ok(IpAddr::V4(network)), IpAddr::V4(address)) => {
            same_prefix(u128::from(network.to_bits()), u128::from(address.to_bits()), 32, bits)
        }
        (Ok(IpAddr::V6(network)), IpAddr::V6(address)) => same_prefix(network.to_bits(), address.to_bits(), 128, bits),
        _ => false,
    }
}

fn same_prefix(network: u128, address: u128, width: u32, bits: Option<&str>) -> bool {
    let bits = match bits.map(str::parse::<u32>) {
        None => width,
        Some(Ok(bits)) if bits <= width => bits,
        Some(_) => return false,
    };
    bits == 0 || (network ^ address) >> (width - bits) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting::Source;

    fn setting(url: &str, source: Source) -> Setting<Zeroizing<String>> {
        Setting { value: Zeroizing::new(url.into()), source }
    }

    fn environment(https: Option<&str>, all: Option<&str>, no_proxy: &str) -> ProxySetting {
        let read = |url: Option<&str>, name| url.map(|url| setting(url, Source::Variable(name)));
        let (https, all) = (read(https, "https_proxy"), read(all, "ALL_PROXY"));
        ProxySetting::Environment { https, all, no_proxy: no_proxy.into() }
    }

    fn chosen(proxy: &ProxySetting, base: &str) -> Result<Option<String>, String> {
        let proxy = proxy
            .choose(&BaseUrl::parse(base, Source::Program).unwrap())
            .map_err(|error| error.into_facts().message)?;
        Ok(proxy.map(|proxy| proxy.name))
    }

    fn parsed(url: &str) -> Result<Proxy, Error> {
        parse(&setting(url, Source::Variable("HTTPS_PROXY")))
    }

    #[test]
    fn proxies_are_read_with_and_without_their_parts() {
        let proxy = parsed("http://us%40er:p%3Aw%2f@Proxy.example:3128/").ok().unwrap();
        assert_eq!((proxy.host.as_str(), proxy.port), ("proxy.example", 3128));
        let (user, password) = proxy.credentials.unwrap();
        assert_eq!((user.as_str(), password.as_str()), ("us@er", "p:w/"));
        for (url, host, port) in [("proxy", "proxy", 80), ("[::1]:8080", "::1", 8080), ("http://[::1]", "::1", 80)] {
            let proxy = parsed(url).ok().unwrap();
            assert_eq!((proxy.host.as_str(), proxy.port), (host, port), "{url}");
        }
    }

    #[test]
    fn an_unknown_or_malformed_proxy_fails_closed_and_shows_no_password() {
        for url in [
            "socks5://u:canary@h:1",
            "https://u:canary@h:1",
            "http://u:canary@",
            "http://u:canary@h:0",
            "http://u:canary@h:x",
            "http://u:canary@h:99999",
            "http://u:canary@a b:1",
            "http://u:canary@[::1",
            "",
            "http://",
            "http://u:canary@h/path",
        ] {
            let error = parsed(url).err().unwrap_or_else(|| panic!("{url} was accepted"));
            assert!(!error.message.contains("canary"), "{}", error.message);
            assert!(error.message.starts_with("the proxy (HTTPS_PROXY) "), "{}", error.message);
        }
    }

    #[test]
    fn the_variable_of_https_goes_before_that_of_all() {
        let ecgrid = "https://rest.ecgrid.io";
        for (https, all, name) in [
            (Some("one:1"), Some("two:2"), Some("the proxy one:1 (https_proxy)")),
            (None, Some("two:2"), Some("the proxy two:2 (ALL_PROXY)")),
            (None, None, None),
        ] {
            assert_eq!(chosen(&environment(https, all, ""), ecgrid), Ok(name.map(str::to_owned)));
        }
    }

    #[test]
    fn this_machine_is_reached_without_a_proxy_or_by_one_on_it_that_was_set() {
        for base in [
            "http://localhost:8080",
            "https://LOCALHOST",
            "https://127.0.0.1",
            "http://127.8.0.1",
            "https://[::1]:8443",
        ] {
            for url in ["http://user:canary@proxy.example:3128", "127.0.0.1:1"] {
                assert_eq!(chosen(&environment(Some(url), Some(url), ""), base), Ok(None), "{base}");
            }
            for source in [Source::Program, Source::Variable("ECGRID_PROXY")] {
                let always = |url| ProxySetting::Always(setting(url, source));
                for (url, name) in
                    [("127.0.0.1:1", "127.0.0.1:1"), ("localhost:2", "localhost:2"), ("[::1]:3", "[::1]:3")]
                {
                    assert_eq!(chosen(&always(url), base), Ok(Some(format!("the proxy {name}{source}"))), "{base}");
                }
                let message = chosen(&always("http://user:canary@proxy.example:3128"), base).unwrap_err();
                assert!(message.starts_with(&format!("the proxy proxy.example:3128{source} ")), "{message}");
                assert!(message.contains("this machine") && !message.contains("canary"), "{message}");
            }
        }
    }

    #[test]
    fn no_proxy_knows_suffixes_ports_addresses_and_blocks() {
        for (no_proxy, host, port, exempt) in [
            ("*", "rest.ecgrid.io", 443, true),
            ("ecgrid.io", "rest.ecgrid.io", 443, true),
            (".ecgrid.io", "rest.ecgrid.io", 443, true),
            (".ecgrid.io", "ecgrid.io", 443, true),
            ("*.ecgrid.io", "rest.ecgrid.io", 443, true),
            ("ECGRID.IO.", "rest.ecgrid.io", 443, true),
            ("grid.io", "rest.ecgrid.io", 443, false),
            ("a.b, rest.ecgrid.io:443", "rest.ecgrid.io", 443, true),
            ("rest.ecgrid.io:8443", "rest.ecgrid.io", 443, false),
            ("127.0.0.1", "127.0.0.1", 80, true),
            ("127.0.0.0/8", "127.9.9.9", 80, true),
            ("127.0.0.0/16", "127.9.9.9", 80, false),
            ("0.0.0.0/0", "10.0.0.1", 80, true),
            ("10.0.0.0/99,10.0.0.0/x", "10.0.0.1", 80, false),
            ("::1", "::1", 80, true),
            ("[::1]:80", "::1", 80, true),
            ("[::1]:81", "::1", 80, false),
            ("fd00::/8", "fd12::1", 80, true),
            ("0.0.0.0/0", "::1", 80, false),
            ("", "rest.ecgrid.io", 443, false),
            (",, .", "rest.ecgrid.io", 443, false),
        ] {
            assert_eq!(is_exempt(no_proxy, host, port), exempt, "{no_proxy} for {host}:{port}");
        }
    }
}
