//! The cryptography of TLS: ring's, as rustls sets it up, less the use of private keys.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, KeyProvider, ring};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use rustls::{CipherSuite, Error as TlsError};

/// What the log calls a cipher suite of ours. rustls would bring the names of all that there ever were, 30 KB.
pub fn name_of(suite: CipherSuite) -> Option<&'static str> {
    Some(match suite {
        CipherSuite::TLS13_AES_256_GCM_SHA384 => "TLS13_AES_256_GCM_SHA384",
        CipherSuite::TLS13_AES_128_GCM_SHA256 => "TLS13_AES_128_GCM_SHA256",
        CipherSuite::TLS13_CHACHA20_POLY1305_SHA256 => "TLS13_CHACHA20_POLY1305_SHA256",
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 => "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 => "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 => "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 => "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 => "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 => "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        _ => return None,
    })
}

/// Every cipher suite, group and signature that a server or a CA may use.
// Inlined into its caller, it would keep rustls' own provider of keys in the library, and 64 KB with it.
#[inline(never)]
pub fn provider() -> CryptoProvider {
    let mut provider = CryptoProvider { key_provider: &NoKeys, ..ring::default_provider() };
    // As browsers do: with SHA-384, which processors do not help with, a handshake hashes for three times as long.
    provider.cipher_suites.sort_by_key(|suite| {
        !matches!(
            suite.suite(),
            CipherSuite::TLS13_AES_128_GCM_SHA256
                | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                | CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
        )
    });
    provider
}

/// We have no client certificate; with rustls' own provider of keys ring's signing would be in the library.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, TlsError> {
        Err(TlsError::General("private keys are not supported".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_is_offered_the_quick_ones_first() {
        let suites = |provider: CryptoProvider| -> Vec<CipherSuite> {
            provider.cipher_suites.iter().map(|suite| suite.suite()).collect()
        };
        let (ours, all) = (suites(provider()), suites(ring::default_provider()));
        assert!(ours.len() == all.len() && all.iter().all(|suite| ours.contains(suite)));
        assert_eq!(ours[0], CipherSuite::TLS13_AES_128_GCM_SHA256);
    }

    #[test]
    fn every_cipher_suite_has_its_name() {
        for suite in provider().cipher_suites {
            assert_eq!(name_of(suite.suite()), suite.suite().as_str());
        }
    }
}
