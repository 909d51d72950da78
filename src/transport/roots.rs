//! The certificates a client trusts: a file of its caller's, else the machine's, else Mozilla's as built in. Where the
//! operating system judges by itself, its verdict stands for the last two.

use std::path::Path;
use std::sync::Arc;
#[cfg(unix)]
use std::sync::{Mutex, PoisonError};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
#[cfg(unix)]
use rustls::pki_types::{Der, TrustAnchor};

#[cfg(unix)]
use crate::per_process::PerProcess;
use crate::platform::{self, reason};
#[cfg(unix)]
use crate::platform::{FileVersion, TrustStore};

/// Who says whether a certificate is to be trusted.
#[derive(Clone)]
pub(super) enum Trust {
    Roots(Arc<RootCertStore>),
    #[cfg(windows)]
    System,
}

/// The certificates a client trusts.
#[derive(Clone)]
pub struct Roots {
    pub(super) trust: Trust,
    /// Where they come from, for the log.
    pub place: String,
    /// For messages: where they come from, and how another authority joins them.
    pub(super) origin: String,
    pub(super) advice: String,
}

impl Roots {
    /// Every certificate of a PEM file that somebody named, under that name for messages; an error text when there is
    /// none. `instead` is the setting that brings another, where the file is the machine's and not the program's to change.
    pub fn from_file(path: &Path, name: &str, instead: Option<&str>) -> Result<Self, String> {
        let origin = format!("{name} {}", path.display());
        match read_pem(path) {
            Ok(store) => {
                let place = path.display().to_string();
                let own = || "to trust that authority, add its certificate to the file".into();
                let advice = instead.map_or_else(own, naming);
                Ok(Self { trust: Trust::Roots(store), place, origin, advice })
            }
            Err(why) => Err(format!("{origin} cannot be used: {why}")),
        }
    }

    /// What the machine trusts now; an error text when that cannot be read. Mozilla's list stands in only where the
    /// machine has none: one that cannot be read may be what a company needs. `setting` is what brings another.
    #[cfg(unix)]
    pub fn of_system(setting: &str) -> Result<Self, String> {
        let (store, place, origin) = match platform::trust_store() {
            TrustStore::Bundle(path, version) => {
                let origin = format!("this machine's certificates {}", path.display());
                let store = read_bundle(&path, version).map_err(|why| format!("{origin} cannot be used: {why}"))?;
                (store, path.display().to_string(), origin)
            }
            TrustStore::Missing => (
                Arc::new(RootCertStore { roots: built_in() }),
                "built-in".into(),
                "the built-in Mozilla certificates, as this machine has none of its own".into(),
            ),
        };
        Ok(Self { trust: Trust::Roots(store), place, origin, advice: naming(setting) })
    }

    /// What the operating system trusts, at each handshake anew.
    #[cfg(windows)]
    pub fn of_system(setting: &str) -> Result<Self, String> {
        let origin = "the operating system".into();
        Ok(Self { trust: Trust::System, place: "system".into(), origin, advice: naming(setting) })
    }
}

fn naming(setting: &str) -> String {
    format!("to trust your company's own, name its file as {setting}")
}

/// The machine's bundle, which takes long to read: read again when it is another than the last client's.
#[cfg(unix)]
fn read_bundle(path: &Path, version: FileVersion) -> Result<Arc<RootCertStore>, String> {
    type Read = (FileVersion, Arc<RootCertStore>);
    static LAST: PerProcess<Mutex<Option<Read>>> = PerProcess::new();
    let last = || LAST.get().lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, store)) = last().as_ref().filter(|(read, _)| *read == version) {
        return Ok(store.clone());
    }
    // Outside the lock: two clients may both read it, and neither waits for the other's disk.
    let store = read_pem(path)?;
    *last() = Some((version, store.clone()));
    Ok(store)
}

fn read_pem(path: &Path) -> Result<Arc<RootCertStore>, String> {
    let pem = platform::read_file(path).map_err(|error| reason(&error))?;
    parse_pem(&pem).map(Arc::new)
}

fn parse_pem(pem: &[u8]) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    let mut unusable = 0;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        if !certificate.is_ok_and(|certificate| store.add(certificate).is_ok()) {
            unusable += 1;
        }
    }
    match (store.is_empty(), unusable) {
        (false, _) => Ok(store),
        (true, 0) => Err("it holds no PEM certificate (-----BEGIN CERTIFICATE-----)".into()),
        (true, _) => Err("none of its certificates can be read".into()),
    }
}

/// Mozilla's list, as `build.rs` packs it.
#[cfg(unix)]
fn built_in() -> Vec<TrustAnchor<'static>> {
    let mut rest: &'static [u8] = include_bytes!(concat!(env!("OUT_DIR"), "/roots.bin"));
    let mut part = || {
        let (length, after) = rest.split_first_chunk()?;
        let (part, after) = after.split_at(u16::from_be_bytes(*length).into());
        rest = after;
        Some(Der::from_slice(part))
    };
    let mut roots = Vec::new();
    while let (Some(subject), Some(subject_public_key_info), Some(constraints)) = (part(), part(), part()) {
        let name_constraints = Some(constraints).filter(|part| !part.is_empty());
        roots.push(TrustAnchor { subject, subject_public_key_info, name_constraints });
    }
    roots
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_authorities_are_mozillas() {
        assert_eq!(built_in(), webpki_roots::TLS_SERVER_ROOTS);
        assert!(built_in().iter().any(|root| root.name_constraints.is_some()), "one is for a country's names only");
    }
}
