//! A certificate authority to throw away, for this server and for tests that bring their own.

use crate::json;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};
use std::io;
use std::sync::Arc;
use std::time::SystemTime;
use time::OffsetDateTime;

const DAY: i64 = 86_400;

/// When a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// From yesterday on, for 90 days.
    Now,
    /// Ended yesterday.
    Expired,
    /// Begins in 30 days.
    NotYet,
}

/// A throwaway root of trust. Its key never leaves memory.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    pem: String,
}

/// A server certificate and its key.
pub struct Issued {
    /// The server's certificate alone: the root is the client's to know.
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
    pub chain_pem: String,
    pub key_pem: String,
}

impl Authority {
    /// A new root with a new P-256 key.
    pub fn new() -> io::Result<Self> {
        let key = new_key()?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Two of them must not pass for one: clients look a root up by its name.
        let number = json::random_hex();
        name(&mut params, &format!("ECGrid sandbox CA {number}"));
        set_validity(&mut params, Validity::Now);
        let certificate = params.self_signed(&key).map_err(io::Error::other)?;
        Ok(Self { certificate: certificate.der().clone(), pem: certificate.pem(), issuer: Issuer::new(params, key) })
    }

    /// The root in PEM, what a client's CA file holds.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The root in DER.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// A server certificate for host names and IP addresses.
    pub fn issue(&self, hosts: &[&str], validity: Validity) -> io::Result<Issued> {
        let key = new_key()?;
        let certificate = server_params(hosts, validity)?.signed_by(&key, &self.issuer).map_err(io::Error::other)?;
        Ok(Issued::new(&certificate, &key))
    }
}

impl Issued {
    /// A certificate that no authority signed but its own key.
    pub fn self_signed(hosts: &[&str]) -> io::Result<Self> {
        let key = new_key()?;
        let certificate = server_params(hosts, Validity::Now)?.self_signed(&key).map_err(io::Error::other)?;
        Ok(Self::new(&certificate, &key))
    }

    /// A rustls server with this certificate, on ring, speaking HTTP/1.1.
    pub fn server_config(&self, versions: &[&'static SupportedProtocolVersion]) -> io::Result<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    fn new(certificate: &rcgen::Certificate, key: &KeyPair) -> Self {
        Self {
            chain: vec![certificate.der().clone()],
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            chain_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
        }
    }
}

fn new_key() -> io::Result<KeyPair> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(io::Error::other)
}

fn server_params(hosts: &[&str], validity: Validity) -> io::Result<CertificateParams> {
    let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
    let mut params = CertificateParams::new(hosts).map_err(io::Error::other)?;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    name(&mut params, "ECGrid sandbox");
    set_validity(&mut params, validity);
    Ok(params)
}

fn name(params: &mut CertificateParams, common_name: &str) {
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
}

fn set_validity(params: &mut CertificateParams, validity: Validity) {
    let (from, to) = match validity {
        Validity::Now => (-1, 90),
        Validity::Expired => (-30, -1),
        Validity::NotYet => (30, 90),
    };
    let now = OffsetDateTime::from(SystemTime::now());
    params.not_before = now + time::Duration::seconds(from * DAY);
    params.not_after = now + time::Duration::seconds(to * DAY);
}
