//! What a user may call: methods and paths, checked before anything is sent.

use crate::error::Error;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

pub fn check_method(method: &str) -> Result<(), Error> {
    if METHODS.contains(&method) {
        return Ok(());
    }
    Err(Error::argument("call not sent: the method is none of GET, POST, PUT, PATCH, DELETE (in capitals)"))
}

/// In bytes: more than servers take in one line.
const MAX_PATH: usize = 32 * 1024;

/// Percent-encoded by the caller. What could lead elsewhere, or change the request around it, is refused.
pub fn check_path(path: &str) -> Result<(), Error> {
    let wrong = |what: &str| Err(Error::argument(format!("call not sent: the path {what}")));
    if path.len() > MAX_PATH {
        return wrong(&format!("is longer than {MAX_PATH} bytes"));
    }
    if path.is_empty() {
        return wrong("is empty");
    }
    if !path.starts_with("/v2/") {
        return wrong("does not start with /v2/ (no scheme, no host: those are the client's)");
    }
    for byte in path.bytes() {
        match byte {
            0..0x20 | 0x7f => return wrong("has a control character in it"),
            b' ' => return wrong("has a space in it; write %20"),
            b'#' => return wrong("has a # in it; a fragment is never sent, and for the character itself write %23"),
            b'\\' => return wrong("has a backslash in it; write %5C"),
            0x80.. => return wrong("has a character that is not ASCII; percent-encode its UTF-8 bytes"),
            _ => {}
        }
    }
    let mut escapes = path.split('%');
    escapes.next();
    let is_hex = |escape: &str| escape.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if !escapes.all(is_hex) {
        return wrong("has a % that no two hexadecimal digits follow; write %25 for the character itself");
    }
    let route = path.split('?').next().unwrap_or_default();
    if segments(route).any(is_dots) {
        return wrong("has a . or .. segment");
    }
    Ok(())
}

/// Servers and proxies that decode before they split take %2F and %5C for what they stand for.
fn segments(route: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(route);
    std::iter::from_fn(move || {
        let path = rest?;
        let is_separator = |at: usize| {
            let escape = path.get(at..at + 3).unwrap_or_default();
            escape.eq_ignore_ascii_case("%2f") || escape.eq_ignore_ascii_case("%5c")
        };
        let found = path.bytes().enumerate().find_map(|(at, byte)| match byte {
            b'/' => Some((at, at + 1)),
            b'%' if is_separator(at) => Some((at, at + 3)),
            _ => None,
        });
        rest = found.map(|(_, next)| &path[next..]);
        Some(&path[..found.map_or(path.len(), |(end, _)| end)])
    })
}

/// A segment that servers take away, and with it what stands before it (RFC 3986, 5.2.4).
fn is_dots(segment: &str) -> bool {
    let dot = |rest: &'_ str| -> Option<usize> {
        let is_escaped = rest.get(..3).is_some_and(|escape| escape.eq_ignore_ascii_case("%2e"));
        if rest.starts_with('.') { Some(1) } else { is_escaped.then_some(3) }
    };
    let Some(first) = dot(segment) else { return false };
    let rest = &segment[first..];
    rest.is_empty() || dot(rest) == Some(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_endpoints_need_is_let_through() {
        for path in [
            "/v2/users/me",
            "/v2/reports/true",
            "/v2/x?callbackId=1&a=..&b=/../",
            "/v2/x/..hidden/a..b",
            "/v2/a%2Fb%5cc/..x%2f/%2Fx..?a=%2f..%2f",
            "/v2/%C3%A9?q=%20",
            "/v2/",
            &format!("/v2/x?{}", "a".repeat(MAX_PATH - 6)),
        ] {
            assert!(check_path(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused_with_the_reason() {
        for (path, reason) in [
            ("", "empty"),
            ("v2/users/me", "/v2/"),
            ("https://elsewhere.invalid/v2/users/me", "/v2/"),
            ("//elsewhere.invalid/v2/", "/v2/"),
            ("/v1/users", "/v2/"),
            ("/v2", "/v2/"),
            ("/v2/users/../../admin", ".."),
            ("/v2/users/%2e%2E/x", ".."),
            ("/v2/users/.%2e", ".."),
            ("/v2/./users", ".."),
            ("/v2/users/..%2f..%2fadmin", ".."),
            ("/v2/users/..%5C%2E.%5Cadmin", ".."),
            ("/v2/x%2F%2e%2e", ".."),
            ("/v2/x%2f.%5cy", ".."),
            ("/v2/..?x", ".."),
            ("/v2/a#b", "#"),
            ("/v2/a b", "space"),
            ("/v2/a\r\nX: y", "control"),
            ("/v2/a\u{7f}", "control"),
            ("/v2/é", "ASCII"),
            ("/v2/a\\..\\b", "backslash"),
            ("/v2/100%", "%25"),
            ("/v2/%zz", "%25"),
            (&format!("/v2/x?{}", "a".repeat(MAX_PATH - 5)), "longer than 32768 bytes"),
        ] {
            let error = check_path(path).unwrap_err();
            assert!(error.message.contains(reason), "{path}: {}", error.message);
        }
        for method in ["", "get", "HEAD", "CONNECT", "GET ", "POST\r\n"] {
            assert!(check_method(method).is_err(), "{method}");
        }
    }
}
