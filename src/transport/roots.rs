//! The certificates a client trusts: a file of its caller's, else the machine's, else Mozilla's as built in.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::failure::{Failure, Fault};
use super::socket::reason;
use crate::per_process::PerProcess;
use crate::platform::{self, TrustStore};

/// The certificates a client trusts, and where they come from, for its messages.
#[derive(Clone)]
pub struct Roots {
    pub(super) store: Arc<RootCertStore>,
    pub(super) origin: String,
}

impl Roots {
    /// Every certificate of a PEM file; an error text when there is none.
    pub fn from_file(path: &Path) -> Result<Self, String> {
        let pem = std::fs::read(path).map_err(|error| reason(&error))?;
        let store = parse_pem(&pem)?;
        Ok(Self { store: Arc::new(store), origin: path.display().to_string() })
    }

    /// What the machine trusts. Read when first needed, then kept for the process.
    pub(super) fn of_system() -> Result<Self, Failure> {
        static SYSTEM: PerProcess<OnceLock<Roots>> = PerProcess::new();
        let kept = SYSTEM.get();
        match kept.get() {
            Some(roots) => Ok(roots.clone()),
            // Outside the lock: two clients may both read it, and neither waits for the other without a deadline.
            None => load_system().map(|roots| kept.get_or_init(|| roots).clone()),
        }
    }
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

/// Mozilla's list stands in only where the machine has none: one that cannot be read now may be what a company needs.
fn load_system() -> Result<Roots, Failure> {
    match platform::trust_store() {
        TrustStore::Bundle(path) => Roots::from_file(&path).map_err(|why| {
            let path = path.display();
            Failure::new(Fault::System, format!("this machine's certificates {path} cannot be used: {why}"))
        }),
        TrustStore::Certificates(list) => {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(list.into_iter().map(CertificateDer::from));
            Ok(Roots { store: Arc::new(store), origin: "the certificates of the operating system".into() })
        }
        TrustStore::Missing => Ok(Roots {
            store: Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }),
            origin: "the built-in Mozilla certificates, as this machine has none of its own".into(),
        }),
    }
}
