//! Names to addresses: remembered for a short time, and never waited for beyond a call's deadline.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::call::Call;
use super::failure::{Failure, Fault};
use super::stream::reason;
use crate::platform::{self, Interest, Wake};

/// How long an answer is good for. getaddrinfo does not say.
const TTL: Duration = Duration::from_secs(30);

/// Lookups that may hang at the same time in this process, each on a thread of its own.
const MAX_LOOKUPS: usize = 16;

static LOOKUPS: AtomicUsize = AtomicUsize::new(0);

#[derive(Default)]
pub struct Resolver {
    known: Mutex<HashMap<String, Entry>>,
}

enum Entry {
    Found(Vec<IpAddr>, Instant),
    Looking(Arc<Lookup>),
}

/// One getaddrinfo under way; everybody who wants the name waits for it.
struct Lookup {
    done: Wake,
    result: Mutex<Option<Result<Vec<IpAddr>, String>>>,
}

impl Resolver {
    pub fn resolve(&self, host: &str, port: u16, call: &Call) -> Result<Vec<SocketAddr>, Failure> {
        call.enter("while the name was looked up");
        let addresses = match literal(host) {
            Some(addresses) => addresses,
            None => self.find(host, call)?,
        };
        Ok(addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect())
    }

    /// An address of this name did not work: ask again next time.
    pub fn forget(&self, host: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Entry::Found(..)) = known.get(host) {
            known.remove(host);
        }
    }

    fn find(&self, host: &str, call: &Call) -> Result<Vec<IpAddr>, Failure> {
        let lookup = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            match known.get(host) {
                Some(Entry::Found(addresses, until)) if Instant::now() < *until => return Ok(addresses.clone()),
                Some(Entry::Looking(lookup)) => lookup.clone(),
                _ => {
                    let lookup = Lookup::start(host)?;
                    known.insert(host.into(), Entry::Looking(lookup.clone()));
                    lookup
                }
            }
        };
        let mut done = Interest::read(lookup.done.handle());
        call.wait(std::slice::from_mut(&mut done))?;
        let result = lookup.result.lock().unwrap_or_else(PoisonError::into_inner).clone();

        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let ours = matches!(known.get(host), Some(Entry::Looking(current)) if Arc::ptr_eq(current, &lookup));
        match result {
            Some(Ok(addresses)) if !addresses.is_empty() => {
                if ours {
                    known.insert(host.into(), Entry::Found(addresses.clone(), Instant::now() + TTL));
                }
                Ok(addresses)
            }
            other => {
                if ours {
                    known.remove(host);
                }
                let why = match other {
                    Some(Err(why)) => why,
                    _ => "it has no address".into(),
                };
                Err(Failure::new(Fault::Unreachable, format!("the name {host} cannot be resolved: {why}")))
            }
        }
    }
}

impl Lookup {
    fn start(host: &str) -> Result<Arc<Self>, Failure> {
        let system = |error: std::io::Error| {
            Failure::new(Fault::System, format!("the lookup of {host} cannot be started: {}", reason(&error)))
        };
        if LOOKUPS.fetch_add(1, Ordering::Relaxed) >= MAX_LOOKUPS {
            LOOKUPS.fetch_sub(1, Ordering::Relaxed);
            return Err(Failure::new(
                Fault::Unreachable,
                format!("the name {host} cannot be resolved: {MAX_LOOKUPS} lookups hang already; does DNS answer?"),
            ));
        }
        let begun = Wake::new().and_then(|done| {
            let lookup = Arc::new(Self { done, result: Mutex::new(None) });
            let (ours, host) = (lookup.clone(), host.to_owned());
            platform::spawn("ecgrid-lookup", move || {
                let result = (host.as_str(), 0).to_socket_addrs();
                let result = result.map(|found| found.map(|address| address.ip()).collect());
                *ours.result.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some(result.map_err(|error| reason(&error).replace("failed to lookup address information: ", "")));
                LOOKUPS.fetch_sub(1, Ordering::Relaxed);
                ours.done.signal();
            })?;
            Ok(lookup)
        });
        begun.map_err(|error| {
            LOOKUPS.fetch_sub(1, Ordering::Relaxed);
            system(error)
        })
    }
}

/// Hosts that need no lookup. localhost is this machine whatever a resolver says (RFC 6761, 6.3).
fn literal(host: &str) -> Option<Vec<IpAddr>> {
    if host.eq_ignore_ascii_case("localhost") {
        return Some(vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]);
    }
    host.parse().ok().map(|address| vec![address])
}
