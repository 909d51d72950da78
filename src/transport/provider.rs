//! The cryptography of TLS: ring's, as rustls sets it up, less the use of private keys.

use rustls::Error as TlsError;
use rustls::crypto::{CryptoProvider, KeyProvider, ring};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use std::sync::Arc;

/// Every cipher suite, group and signature that a server or a CA may use.
pub fn provider() -> CryptoProvider {
    CryptoProvider { key_provider: &NoKeys, ..ring::default_provider() }
}

/// We have no client certificate; with rustls' own provider of keys ring's signing would be in the library.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, TlsError> {
        Err(TlsError::General("private keys are not supported".into()))
    }
}
