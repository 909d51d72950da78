//! Whether Windows trusts a server's certificate. Its chain engine is asked, not its store of roots: only the engine loads
//! the roots that are not there yet, and knows which certificates are distrusted.

use std::ffi::c_void;
use std::io;
use std::ops::Deref;
use std::ptr;
use std::time::Duration;

use windows_sys::Win32::Foundation::{
    CERT_E_CHAINING, CERT_E_EXPIRED, CERT_E_INVALID_NAME, CERT_E_REVOKED, CERT_E_UNTRUSTEDROOT, CERT_E_WRONG_USAGE,
    FILETIME, TRUST_E_BASIC_CONSTRAINTS, TRUST_E_CERT_SIGNATURE, TRUST_E_EXPLICIT_DISTRUST,
};
use windows_sys::Win32::Security::Cryptography::*;
use windows_sys::core::HRESULT;

/// Windows does not trust a certificate, or cannot tell.
#[derive(Clone, Copy)]
pub struct Distrust {
    /// As Windows numbers its reasons.
    pub code: u32,
    pub outside: Option<Outside>,
}

/// The server's own certificate is not valid now; in seconds since 1970.
#[derive(Clone, Copy)]
pub enum Outside {
    Since(u64),
    Until(u64),
}

/// Judges a chain, the server's own certificate first, for a server of that name. The engine may fetch what is missing
/// for about so long; without a time it fetches nothing. Whether a certificate was revoked it asks nobody.
pub fn judge(chain: &[Vec<u8>], host: Option<&str>, fetch: Option<Duration>) -> Result<(), Distrust> {
    let (own, issuers) = chain.split_first().unwrap_or((const { &Vec::new() }, &[]));
    // SAFETY: every pointer is to a local or to something that is freed at the end, the chain first.
    unsafe {
        let own = CertCreateCertificateContext(X509_ASN_ENCODING, own.as_ptr(), own.len() as u32);
        let own = Owned::new(own, |own| _ = CertFreeCertificateContext(own))?;
        let store = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, ptr::null());
        let store = Owned::new(store, |store| _ = CertCloseStore(store, 0))?;
        for issuer in issuers {
            // One that cannot be read may be one that is not needed.
            let (start, length) = (issuer.as_ptr(), issuer.len() as u32);
            CertAddEncodedCertificateToStore(
                *store,
                X509_ASN_ENCODING,
                start,
                length,
                CERT_STORE_ADD_ALWAYS,
                ptr::null_mut(),
            );
        }
        let code = match chain_of(*own, *store, fetch).and_then(|chain| verdict(*chain, host)) {
            Ok(()) => return Ok(()),
            Err(code) => code,
        };
        let outside = if code == CERT_E_EXPIRED as u32 { outside(&**own) } else { None };
        Err(Distrust { code, outside })
    }
}

type Chain = Owned<CERT_CHAIN_CONTEXT>;

unsafe fn chain_of(own: *const CERT_CONTEXT, store: *mut c_void, fetch: Option<Duration>) -> Result<Chain, u32> {
    // Rounded up, and never 0, which would be the engine's own 15 seconds.
    let timeout = fetch.map_or(1, |time| u32::try_from(time.as_millis()).unwrap_or(u32::MAX).saturating_add(1));
    let mut for_servers = szOID_PKIX_KP_SERVER_AUTH.cast_mut();
    let usage = CTL_USAGE { cUsageIdentifier: 1, rgpszUsageIdentifier: &mut for_servers };
    let parameters = CERT_CHAIN_PARA {
        cbSize: size_of::<CERT_CHAIN_PARA>() as u32,
        RequestedUsage: CERT_USAGE_MATCH { dwType: USAGE_MATCH_TYPE_OR, Usage: usage },
        dwUrlRetrievalTimeout: timeout,
        ..CERT_CHAIN_PARA::default()
    };
    let flags = if fetch.is_some() { 0 } else { CERT_CHAIN_CACHE_ONLY_URL_RETRIEVAL };
    let mut chain = ptr::null_mut();
    let (now, nothing) = (ptr::null(), ptr::null());
    // SAFETY: the caller's, and locals. No engine is this user's, with the machine's stores.
    unsafe {
        CertGetCertificateChain(ptr::null_mut(), own, now, store, &parameters, flags, nothing, &mut chain);
        Owned::new(chain, |chain| CertFreeCertificateChain(chain))
    }
}

unsafe fn verdict(chain: *const CERT_CHAIN_CONTEXT, host: Option<&str>) -> Result<(), u32> {
    let mut host: Option<Vec<u16>> = host.map(|host| host.encode_utf16().chain([0]).collect());
    let mut server = HTTPSPolicyCallbackData {
        Anonymous: HTTPSPolicyCallbackData_0 { cbSize: size_of::<HTTPSPolicyCallbackData>() as u32 },
        dwAuthType: AUTHTYPE_SERVER,
        fdwChecks: 0,
        pwszServerName: host.as_mut().map_or(ptr::null_mut(), |host| host.as_mut_ptr()),
    };
    let policy = CERT_CHAIN_POLICY_PARA {
        cbSize: size_of::<CERT_CHAIN_POLICY_PARA>() as u32,
        dwFlags: 0,
        pvExtraPolicyPara: (&raw mut server).cast(),
    };
    let size = size_of::<CERT_CHAIN_POLICY_STATUS>() as u32;
    let mut status = CERT_CHAIN_POLICY_STATUS { cbSize: size, ..CERT_CHAIN_POLICY_STATUS::default() };
    // SAFETY: the caller's chain, and locals.
    let (could, errors) = unsafe {
        let could = CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &policy, &mut status);
        (could != 0, (*chain).TrustStatus.dwErrorStatus)
    };
    match status.dwError {
        _ if !could => Err(last_error()),
        0 => ERRORS.iter().find(|(error, _)| errors & error != 0).map_or(Ok(()), |&(_, code)| Err(code as u32)),
        code => Err(code),
    }
}

/// Faults of a chain that the policy may overlook, as Wine's does with the first; none was asked to be forgiven.
const ERRORS: [(u32, HRESULT); 9] = [
    (CERT_TRUST_IS_PARTIAL_CHAIN, CERT_E_CHAINING),
    (CERT_TRUST_IS_UNTRUSTED_ROOT, CERT_E_UNTRUSTEDROOT),
    (CERT_TRUST_IS_EXPLICIT_DISTRUST, TRUST_E_EXPLICIT_DISTRUST),
    (CERT_TRUST_IS_REVOKED, CERT_E_REVOKED),
    (CERT_TRUST_IS_NOT_SIGNATURE_VALID, TRUST_E_CERT_SIGNATURE),
    (CERT_TRUST_IS_NOT_TIME_VALID, CERT_E_EXPIRED),
    (CERT_TRUST_IS_NOT_VALID_FOR_USAGE, CERT_E_WRONG_USAGE),
    (CERT_TRUST_INVALID_BASIC_CONSTRAINTS, TRUST_E_BASIC_CONSTRAINTS),
    (CERT_TRUST_INVALID_NAME_CONSTRAINTS, CERT_E_INVALID_NAME),
];

fn outside(own: &CERT_CONTEXT) -> Option<Outside> {
    // SAFETY: a certificate's context has its facts with it.
    let (side, facts) = unsafe { (CertVerifyTimeValidity(ptr::null(), own.pCertInfo), &*own.pCertInfo) };
    match side {
        0 => None,
        1 => Some(Outside::Since(seconds(facts.NotAfter))),
        _ => Some(Outside::Until(seconds(facts.NotBefore))),
    }
}

/// From tenths of microseconds since 1601.
fn seconds(time: FILETIME) -> u64 {
    let ticks = u64::from(time.dwHighDateTime) << 32 | u64::from(time.dwLowDateTime);
    (ticks / 10_000_000).saturating_sub(11_644_473_600)
}

fn last_error() -> u32 {
    io::Error::last_os_error().raw_os_error().unwrap_or_default() as u32
}

/// Something of Windows' that is given back at the end.
struct Owned<T> {
    thing: *mut T,
    free: unsafe fn(*mut T),
}

impl<T> Owned<T> {
    fn new(thing: *mut T, free: unsafe fn(*mut T)) -> Result<Self, u32> {
        if thing.is_null() { Err(last_error()) } else { Ok(Self { thing, free }) }
    }
}

impl<T> Deref for Owned<T> {
    type Target = *mut T;

    fn deref(&self) -> &*mut T {
        &self.thing
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: it is ours, and nobody uses it any more.
        unsafe { (self.free)(self.thing) }
    }
}

impl From<u32> for Distrust {
    fn from(code: u32) -> Self {
        Self { code, outside: None }
    }
}
