//! A certificate authority to throw away, for this server and for tests that bring their own.

use crate::json;
use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};
use std::fmt;
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

/// Where a certificate says that more is to be had.
#[derive(Clone, Copy, Debug, Default)]
pub struct Addresses<'a> {
    /// The certificate of who signed it.
    pub issuer: Option<&'a str>,
    /// The list of those that were revoked.
    pub revoked: Option<&'a str>,
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
        let (params, key) = (authority_params(1), new_key()?);
        let certificate = params.self_signed(&key).map_err(io::Error::other)?;
        Ok(Self::of(&certificate, params, key))
    }

    /// Another that this one answers for; no client knows it.
    pub fn intermediate(&self) -> io::Result<Self> {
        let (mut params, key) = (authority_params(0), new_key()?);
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer).map_err(io::Error::other)?;
        Ok(Self::of(&certificate, params, key))
    }

    fn of(certificate: &rcgen::Certificate, params: CertificateParams, key: KeyPair) -> Self {
        Self { certificate: certificate.der().clone(), pem: certificate.pem(), issuer: Issuer::new(params, key) }
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
        self.issue_with(hosts, validity, Addresses::default())
    }

    /// The same, with addresses in it.
    pub fn issue_with(&self, hosts: &[&str], validity: Validity, addresses: Addresses<'_>) -> io::Result<Issued> {
        let (mut params, key) = (server_params(hosts, validity)?, new_key()?);
        if let Some(url) = addresses.issuer {
            params.custom_extensions.push(issuer_address(url));
        }
        if let Some(url) = addresses.revoked {
            params.crl_distribution_points.push(CrlDistributionPoint { uris: vec![url.to_owned()] });
        }
        let certificate = params.signed_by(&key, &self.issuer).map_err(io::Error::other)?;
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

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").finish_non_exhaustive()
    }
}

fn new_key() -> io::Result<KeyPair> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(io::Error::other)
}

/// That of an authority with so many others below it at most.
fn authority_params(below: u8) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(below));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // Two of them must not pass for one: clients look a root up by its name.
    let number = json::random_hex();
    name(&mut params, &format!("ECGrid sandbox CA {number}"));
    set_validity(&mut params, Validity::Now);
    params
}

/// Authority Information Access (RFC 5280, 4.2.2.1) with one address: caIssuers.
fn issuer_address(url: &str) -> CustomExtension {
    let length = |more: usize| u8::try_from(url.len() + more).ok().filter(|&it| it < 128).expect("a short address");
    let mut content = vec![0x30, length(14), 0x30, length(12), 6, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 2, 0x86, length(0)];
    content.extend(url.as_bytes());
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], content)
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
