//! Certificates that the operating system judges. That may take it many seconds, as it may fetch what is missing.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ptr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error as TlsError, SignatureScheme};
use windows_sys::Win32::Foundation as code;

use super::call::Call;
use super::event::Event;
use super::failure::{Failure, Fault};
use super::provider::SIGNATURES;
use super::roots::Roots;
use super::tls_error::{explain, refused};
use crate::platform::{self, Distrust, Outside, reason};

/// Whoever makes a handshake, for the verifier to find: rustls gives it nothing of ours.
struct Asking<'a> {
    call: &'a Call<'a>,
    failure: RefCell<Option<Failure>>,
}

thread_local! {
    /// That of the handshake on this thread.
    static ASKING: Cell<*const Asking<'static>> = const { Cell::new(ptr::null()) };
}

/// Makes a handshake, in which a certificate may be judged for as long as the call has time.
pub(super) fn on_behalf_of<E: From<Failure>>(call: &Call, handshake: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
    /// Also after a panic.
    struct End;
    impl Drop for End {
        fn drop(&mut self) {
            ASKING.set(ptr::null());
        }
    }
    let asking = Asking { call, failure: RefCell::default() };
    ASKING.set(ptr::from_ref(&asking).cast());
    let end = End;
    let result = handshake();
    drop(end);
    match asking.failure.into_inner() {
        Some(failure) => Err(failure.into()),
        None => result,
    }
}

/// Waits for the verdict inside rustls' own question: so nothing but a hello has left before, and after a no rustls sends
/// its alert, keeps no session, and is never ready to encrypt. Had it a yes in advance, all that were ours to prevent.
pub(super) struct SystemVerifier {
    roots: Roots,
    /// Where there is a proxy, the system must not go past it to fetch what is missing.
    proxied: bool,
}

/// A verdict that is waited for. A call that ends before leaves it to its thread, which the system's own timeout ends.
#[derive(Default)]
struct Verdict {
    known: Event,
    verdict: OnceLock<Result<(), Distrust>>,
}

impl SystemVerifier {
    pub fn new(roots: &Roots, proxied: bool) -> Self {
        Self { roots: roots.clone(), proxied }
    }

    fn judge(&self, chain: Vec<Vec<u8>>, name: &ServerName<'_>, call: &Call) -> Result<Result<(), Distrust>, Failure> {
        call.enter("while Windows checked the certificate");
        let left = call.time_left()?;
        let (fetch, verdict) = ((!self.proxied).then_some(left), Arc::<Verdict>::default());
        // Addresses are none of the system's names. The last dot of a name is in no certificate.
        let host = match name {
            ServerName::DnsName(name) => Some(name.as_ref().trim_end_matches('.').to_owned()),
            _ => None,
        };
        let ours = verdict.clone();
        let work = move || {
            let _ = ours.verdict.set(platform::judge(&chain, host.as_deref(), fetch));
            ours.known.happen();
        };
        platform::spawn("ecgrid-trust", Box::new(work)).map_err(|error| {
            let why = reason(&error);
            Failure::new(Fault::System, format!("the check of a certificate cannot be started: {why}"))
        })?;
        call.wait_for_any(&[&verdict.known])?;
        call.enter("in the TLS handshake");
        Ok(verdict.verdict.get().copied().unwrap_or_else(|| Err(Distrust::from(code::TRUST_E_FAIL as u32))))
    }

    /// What rustls tells the server, and what we tell the caller.
    fn put_in_words(&self, why: Distrust, host: &str, time: UnixTime) -> (CertificateError, String) {
        use CertificateError as C;
        let number = format!("(0x{:08X})", why.code);
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let outside = why.outside.map(|outside| match outside {
            Outside::Since(end) => C::ExpiredContext { time, not_after: at(end) },
            Outside::Until(begin) => C::NotValidYetContext { time, not_before: at(begin) },
        });
        if let Some(error) = outside {
            let words = explain(&TlsError::InvalidCertificate(error.clone()), host, &self.roots, false);
            return (error, format!("{words} {number}"));
        }
        let what = match why.code as i32 {
            code::CERT_E_UNTRUSTEDROOT | code::CERT_E_CHAINING | code::CERT_E_UNTRUSTEDCA => {
                let fetched = if self.proxied { ", which may not fetch it past the proxy" } else { "" };
                let advice = &self.roots.advice;
                let words = format!(
                    "the certificate of {host} is from an authority that is unknown to Windows{fetched} {number}; {advice}"
                );
                return (C::UnknownIssuer, words);
            }
            code::TRUST_E_EXPLICIT_DISTRUST => "it, or its authority, is among those not to be trusted",
            code::CERT_E_REVOKED | code::CRYPT_E_REVOKED => "it was revoked",
            code::CERT_E_EXPIRED => "the certificate of an authority above it is not valid now",
            code::CERT_E_CN_NO_MATCH | code::CERT_E_INVALID_NAME => "it is not for this name",
            code::CERT_E_WRONG_USAGE | code::CERT_E_PURPOSE => "it is not for a server",
            code::TRUST_E_CERT_SIGNATURE => "a signature is wrong",
            _ => "it gives no other reason than its number",
        };
        (C::BadEncoding, format!("Windows does not trust the certificate of {host}: {what} {number}"))
    }
}

impl ServerCertVerifier for SystemVerifier {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        issuers: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        // SAFETY: set by `on_behalf_of` on this thread, for as long as it lies there.
        let Some(asking) = (unsafe { ASKING.get().as_ref() }) else {
            return Err(TlsError::General("a certificate that nobody waits for".into()));
        };
        // As on other systems: the same words, and addresses, which the system does not compare.
        verify_server_name(&ParsedCertificate::try_from(own)?, name)?;
        let chain = std::iter::once(own).chain(issuers).map(|certificate| certificate.to_vec()).collect();
        let (error, failure) = match self.judge(chain, name, asking.call) {
            Ok(Ok(())) => return Ok(ServerCertVerified::assertion()),
            Ok(Err(distrust)) => {
                let (error, words) = self.put_in_words(distrust, &name.to_str(), now);
                (TlsError::InvalidCertificate(error), refused(words))
            }
            Err(failure) => (TlsError::General(String::new()), failure),
        };
        asking.failure.replace(Some(failure));
        Err(error)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, own, signed, &SIGNATURES)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, own, signed, &SIGNATURES)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        SIGNATURES.supported_schemes()
    }
}

impl fmt::Debug for SystemVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SystemVerifier")
    }
}
