//! The cryptography of TLS: of what ring and rustls have, what a client of HTTPS uses. What is named here is in the
//! library, so that `ring::default_provider()` would bring all of it.

use std::sync::Arc;

use ring::rand::SecureRandom as _;
use rustls::crypto::ring::{ALL_KX_GROUPS, cipher_suite as suite};
use rustls::crypto::{CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use rustls::{
    CipherSuite, CipherSuiteCommon, Error as TlsError, SignatureScheme, SupportedCipherSuite, Tls13CipherSuite,
};
use webpki::ring as webpki_ring;

pub fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: SUITES.to_vec(),
        kx_groups: ALL_KX_GROUPS.to_vec(),
        signature_verification_algorithms: SIGNATURES,
        secure_random: &Random,
        key_provider: &NoKeys,
    }
}

/// AES-GCM, which every server of TLS 1.3 has (RFC 8446, 9.1), and of TLS 1.2 too (RFC 9325, 4.2). ChaCha20-Poly1305
/// would be 47 KB more for servers that have nothing else. Those with SHA-256 come first, as browsers do: with SHA-384,
/// which processors do not help with, a handshake hashes for three times as long.
static SUITES: [SupportedCipherSuite; 6] = [
    SupportedCipherSuite::Tls13(&AES_128),
    suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    SupportedCipherSuite::Tls13(&AES_256),
    suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
];

static AES_128: Tls13CipherSuite = without_quic(&suite::TLS13_AES_128_GCM_SHA256);
static AES_256: Tls13CipherSuite = without_quic(&suite::TLS13_AES_256_GCM_SHA384);

const fn without_quic(suite: &SupportedCipherSuite) -> Tls13CipherSuite {
    let SupportedCipherSuite::Tls13(suite) = suite else { panic!("a suite of TLS 1.3") };
    let &Tls13CipherSuite { ref common, hkdf_provider, aead_alg, .. } = *suite;
    let &CipherSuiteCommon { suite, hash_provider, confidentiality_limit } = common;
    let common = CipherSuiteCommon { suite, hash_provider, confidentiality_limit };
    Tls13CipherSuite { common, hkdf_provider, aead_alg, quic: None }
}

/// Every signature that a server or an authority may use: rustls' own list, which it shows to nobody.
pub static SIGNATURES: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[
        webpki_ring::ECDSA_P256_SHA256,
        webpki_ring::ECDSA_P256_SHA384,
        webpki_ring::ECDSA_P384_SHA256,
        webpki_ring::ECDSA_P384_SHA384,
        webpki_ring::ED25519,
        webpki_ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        webpki_ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
        webpki_ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
        webpki_ring::RSA_PKCS1_2048_8192_SHA256,
        webpki_ring::RSA_PKCS1_2048_8192_SHA384,
        webpki_ring::RSA_PKCS1_2048_8192_SHA512,
        webpki_ring::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
        webpki_ring::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
        webpki_ring::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ],
    // In the order of our preference. In TLS 1.2 a scheme does not say which curve.
    mapping: &[
        (SignatureScheme::ECDSA_NISTP384_SHA384, &[webpki_ring::ECDSA_P384_SHA384, webpki_ring::ECDSA_P256_SHA384]),
        (SignatureScheme::ECDSA_NISTP256_SHA256, &[webpki_ring::ECDSA_P256_SHA256, webpki_ring::ECDSA_P384_SHA256]),
        (SignatureScheme::ED25519, &[webpki_ring::ED25519]),
        (SignatureScheme::RSA_PSS_SHA512, &[webpki_ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY]),
        (SignatureScheme::RSA_PSS_SHA384, &[webpki_ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY]),
        (SignatureScheme::RSA_PSS_SHA256, &[webpki_ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY]),
        (SignatureScheme::RSA_PKCS1_SHA512, &[webpki_ring::RSA_PKCS1_2048_8192_SHA512]),
        (SignatureScheme::RSA_PKCS1_SHA384, &[webpki_ring::RSA_PKCS1_2048_8192_SHA384]),
        (SignatureScheme::RSA_PKCS1_SHA256, &[webpki_ring::RSA_PKCS1_2048_8192_SHA256]),
    ],
};

/// What the log calls a suite of ours. rustls would bring the names of all that there ever were, 30 KB.
pub fn name_of(suite: CipherSuite) -> Option<&'static str> {
    Some(match suite {
        CipherSuite::TLS13_AES_128_GCM_SHA256 => "TLS13_AES_128_GCM_SHA256",
        CipherSuite::TLS13_AES_256_GCM_SHA384 => "TLS13_AES_256_GCM_SHA384",
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 => "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 => "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 => "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 => "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        _ => return None,
    })
}

#[derive(Debug)]
struct Random;

impl SecureRandom for Random {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), GetRandomFailed> {
        ring::rand::SystemRandom::new().fill(bytes).map_err(|_| GetRandomFailed)
    }
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
    use rustls::crypto::ring::default_provider;

    use super::*;

    #[test]
    fn every_suite_of_aes_is_offered_the_quick_ones_first() {
        let suites = |provider: CryptoProvider| -> Vec<CipherSuite> {
            provider.cipher_suites.iter().map(|suite| suite.suite()).collect()
        };
        let (ours, mut all) = (suites(provider()), suites(default_provider()));
        all.retain(|suite| format!("{suite:?}").contains("_AES_"));
        assert!(ours.len() == all.len() && all.iter().all(|suite| ours.contains(suite)));
        assert_eq!(ours[0], CipherSuite::TLS13_AES_128_GCM_SHA256);
    }

    #[test]
    fn every_suite_has_its_name() {
        for suite in provider().cipher_suites {
            assert_eq!(name_of(suite.suite()), suite.suite().as_str());
        }
    }

    #[test]
    fn groups_and_signatures_are_those_of_rustls() {
        let (ours, theirs) = (provider(), default_provider());
        let groups =
            |provider: &CryptoProvider| -> Vec<_> { provider.kx_groups.iter().map(|group| group.name()).collect() };
        assert_eq!(groups(&ours), groups(&theirs));
        let (ours, theirs) = (ours.signature_verification_algorithms, theirs.signature_verification_algorithms);
        assert_eq!(format!("{:?}", ours.all), format!("{:?}", theirs.all));
        assert_eq!(format!("{:?}", ours.mapping), format!("{:?}", theirs.mapping));
    }
}
