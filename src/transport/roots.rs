//! The certificates a client trusts: a file of its caller's, else the machine's, else Mozilla's as built in.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::stream::reason;
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

    /// What the machine trusts, else Mozilla's list as built in. Read when first needed, then kept for the process.
    pub(super) fn of_system() -> Self {
        static SYSTEM: OnceLock<Roots> = OnceLock::new();
        SYSTEM.get_or_init(load_system).clone()
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

fn load_system() -> Roots {
    let found = match platform::trust_store() {
        TrustStore::Bundle(path) => Roots::from_file(&path).ok(),
        TrustStore::Certificates(list) => {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(list.into_iter().map(CertificateDer::from));
            let origin = "the certificates of the operating system".to_string();
            (!store.is_empty()).then(|| Roots { store: Arc::new(store), origin })
        }
        TrustStore::Missing => None,
    };
    found.unwrap_or_else(|| {
        let store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let origin = "the built-in Mozilla certificates, as this machine has none of its own".to_string();
        Roots { store: Arc::new(store), origin }
    })
}
