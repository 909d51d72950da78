//! Names to addresses: remembered for a short time, and never waited for beyond a call's deadline.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::call::{Call, OWN_INTERESTS};
use super::event::Event;
use super::failure::{Failure, Fault};
use crate::per_process::PerProcess;
use crate::platform::{self, Wake, reason};

/// How long an answer is good for. getaddrinfo does not say.
const TTL: Duration = Duration::from_secs(30);

/// Lookups under way at once, each on a thread of its own: as many as one wait can watch beside the cancel.
const MAX_LOOKUPS: usize = platform::MAX_INTERESTS - OWN_INTERESTS;

/// The names of the process, so that a name is asked for once however many clients want it.
static NAMES: PerProcess<Mutex<HashMap<String, Arc<Lookup>>>> = PerProcess::new();

/// One getaddrinfo, under way or done; everybody who wants the name waits for it.
struct Lookup {
    /// None when it is done: a finished lookup holds no descriptor.
    done: Mutex<Option<Arc<Event>>>,
    result: Mutex<Option<Finished>>,
}

#[derive(Clone)]
struct Finished {
    /// On the steady clock.
    at: Duration,
    addresses: Result<Vec<IpAddr>, (Fault, String)>,
}

pub fn resolve(host: &str, port: u16, call: &Call) -> Result<Vec<SocketAddr>, Failure> {
    call.enter("while the name was looked up");
    let addresses = match literal(host) {
        Some(addresses) => addresses,
        None => find(host, call)?,
    };
    Ok(addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect())
}

/// No address of this name worked: ask again next time.
pub fn forget(host: &str) {
    let mut names = NAMES.get().lock().unwrap_or_else(PoisonError::into_inner);
    if names.get(host).is_some_and(|lookup| lookup.finished().is_some()) {
        names.remove(host);
    }
}

/// Hosts that need no lookup. localhost is this machine whatever a resolver says (RFC 6761, 6.3).
fn literal(host: &str) -> Option<Vec<IpAddr>> {
    if host.eq_ignore_ascii_case("localhost") {
        return Some(vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]);
    }
    host.parse().ok().map(|address| vec![address])
}

fn find(host: &str, call: &Call) -> Result<Vec<IpAddr>, Failure> {
    let lookup = loop {
        let busy = match join(host)? {
            Ok(lookup) => break lookup,
            Err(busy) => busy,
        };
        call.wait_for_any(&busy.iter().map(|done| &**done).collect::<Vec<_>>())?;
    };
    let finished = loop {
        if let Some(finished) = lookup.finished() {
            break finished;
        }
        if let Some(done) = lookup.done() {
            call.wait_for_any(&[&*done])?;
        }
    };
    let (fault, why) = match finished.addresses {
        Ok(addresses) if !addresses.is_empty() => return Ok(addresses),
        Ok(_) => (Fault::Unreachable, "it has no address".into()),
        Err(why) => why,
    };
    forget(host);
    Err(Failure::new(fault, format!("the name {host} cannot be resolved: {why}")))
}

/// The lookup of a name: one whose answer is fresh, one under way, or a new one. When too many are under way, those.
fn join(host: &str) -> Result<Result<Arc<Lookup>, Vec<Arc<Event>>>, Failure> {
    let mut names = NAMES.get().lock().unwrap_or_else(PoisonError::into_inner);
    // A failure is for those who waited for it, an old answer for nobody.
    let now = platform::steady_clock();
    names.retain(|_, lookup| {
        lookup.finished().is_none_or(|finished| finished.addresses.is_ok() && now.saturating_sub(finished.at) < TTL)
    });
    if let Some(lookup) = names.get(host) {
        return Ok(Ok(lookup.clone()));
    }
    let under_way: Vec<Arc<Event>> = names.values().filter_map(|lookup| lookup.done()).collect();
    if under_way.len() >= MAX_LOOKUPS {
        return Ok(Err(under_way));
    }
    let lookup = Lookup::start(host).map_err(|error| {
        Failure::new(Fault::System, format!("the lookup of {host} cannot be started: {}", reason(&error)))
    })?;
    names.insert(host.into(), lookup.clone());
    Ok(Ok(lookup))
}

impl Lookup {
    fn start(host: &str) -> io::Result<Arc<Self>> {
        let lookup = Arc::new(Self { done: Mutex::new(Some(Arc::default())), result: Mutex::new(None) });
        let (ours, host) = (lookup.clone(), host.to_owned());
        let work = move || {
            let found = (host.as_str(), 0).to_socket_addrs();
            let addresses =
                found.map(|found| found.map(|address| address.ip()).collect()).map_err(|error| explain(&error));
            *ours.result.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(Finished { at: platform::steady_clock(), addresses });
            let done = ours.done.lock().unwrap_or_else(PoisonError::into_inner).take();
            done.inspect(|done| done.happen());
        };
        platform::spawn("ecgrid-lookup", Box::new(work))?;
        Ok(lookup)
    }

    fn done(&self) -> Option<Arc<Event>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn finished(&self) -> Option<Finished> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Why there is no address. For want of a descriptor to ask with, getaddrinfo calls a name unknown.
fn explain(error: &io::Error) -> (Fault, String) {
    match Wake::new() {
        Err(shortage) if platform::out_of_files(&shortage).is_some() => (Fault::System, reason(&shortage)),
        _ => (Fault::Unreachable, reason(error).replace("failed to lookup address information: ", "")),
    }
}
