//! Every event there is, with its keys: nothing else can be told, what nobody tells is a warning of the compiler, and
//! docs/log.md says the same.

use super::line::Line;

/// For each event a struct, whose fields are the keys in the order of the line.
macro_rules! events {
    ($($(#[$doc:meta])* $name:literal $event:ident<$life:lifetime> { $($key:ident: $value:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            pub struct $event<$life> {
                $(pub $key: $value,)*
            }

            impl $event<'_> {
                pub fn line(&self) -> Line {
                    let mut line = Line::new($name);
                    $(line.add(stringify!($key), &self.$key);)*
                    line
                }
            }
        )*

        #[cfg(test)]
        const EVENTS: &[(&str, &[&str])] = &[$(($name, &[$(stringify!($key)),*])),*];
    };
}

events! {
    /// One setting of a client, or a variable that looks like a misspelt one.
    "configuration" Configuration<'a> {
        setting: Option<&'a str>,
        value: Option<&'a str>,
        source: Option<&'a str>,
        variable: Option<&'a str>,
        meant: Option<&'a str>,
    }
    /// A TCP connection stands, or none does.
    "connect" Connect<'a> {
        call: u64,
        host: &'a str,
        port: u64,
        address: Option<&'a str>,
        ms: u64,
        error: Option<&'a str>,
    }
    /// A proxy was asked for a tunnel.
    "proxy" Proxy<'a> {
        call: u64,
        proxy: &'a str,
        target: &'a str,
        ms: u64,
        error: Option<&'a str>,
    }
    /// A TLS handshake has ended.
    "tls" Tls<'a> {
        call: u64,
        host: &'a str,
        version: Option<&'a str>,
        cipher: Option<&'a str>,
        resumed: Option<bool>,
        ms: u64,
        error: Option<&'a str>,
    }
    /// A request is about to be sent.
    "request" Request<'a> {
        call: u64,
        attempt: u64,
        method: &'a str,
        path: &'a str,
        bytes: u64,
    }
    /// An answer came, whatever it says.
    "answer" Answer<'a> {
        call: u64,
        status: u64,
        bytes: u64,
        ms: u64,
        trace: Option<&'a str>,
    }
    /// The request will be sent again.
    "retry" Retry<'a> {
        call: u64,
        pause_ms: u64,
        why: &'a str,
    }
    /// A session has tried to come by another token.
    "refresh" Refresh<'a> {
        call: u64,
        step: &'a str,
        result: &'a str,
        expires_in: Option<i64>,
        error: Option<&'a str>,
    }
    /// A login brought a token.
    "login" Login<'a> {
        call: u64,
        user: &'a str,
        user_id: i64,
        expires_in: Option<i64>,
    }
    /// A session can never have a credential again.
    "session-over" SessionOver<'a> {
        call: u64,
        error: &'a str,
    }
    /// A parcel of an inbox or an outbox went a step further, or did not.
    "parcel" Parcel<'a> {
        call: u64,
        parcel: i64,
        step: &'a str,
        file: Option<&'a str>,
        error: Option<&'a str>,
    }
    /// A call of the program's failed.
    "failure" Failure<'a> {
        call: Option<u64>,
        status: &'a str,
        outcome: &'a str,
        error: &'a str,
    }
    /// A connection is closed.
    "close" Close<'a> {
        host: &'a str,
        port: u64,
        reason: &'a str,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::EVENTS;

    /// The tables of docs/log.md: under a heading "### `event`" a row for each key, `| `key` | …`.
    fn documented() -> BTreeMap<String, Vec<String>> {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/log.md")).unwrap();
        let mut events: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut current = None;
        for line in text.lines() {
            if let Some(heading) = line.strip_prefix('#') {
                let event = heading.trim_start_matches('#').trim().strip_prefix('`');
                current = event.map(|event| event.trim_end_matches('`').to_owned());
                events.extend(current.iter().map(|event| (event.clone(), Vec::new())));
            } else if let (Some(event), Some(row)) = (&current, line.strip_prefix("| `")) {
                let key = row.split('`').next().unwrap().to_owned();
                events.get_mut(event).unwrap().push(key);
            }
        }
        events
    }

    #[test]
    fn every_event_and_key_is_in_docs_log_md_and_no_other() {
        let told =
            EVENTS.iter().map(|(event, keys)| (event.to_string(), keys.iter().map(|key| key.to_string()).collect()));
        assert_eq!(documented(), told.collect());
    }
}
