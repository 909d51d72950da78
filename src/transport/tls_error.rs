//! What is wrong with a certificate or a handshake, in words that help.

use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error as TlsError};

/// Says what is wrong with a certificate or handshake, and what can be done.
pub(super) fn explain(error: &TlsError, host: &str, origin: &str, speaks_http: bool) -> String {
    use CertificateError as C;
    let date = |time: UnixTime| httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(time.as_secs()));
    let trust = "to trust your company's own, name its file with ecgrid_config_set_ca_file or ECGRID_CA_FILE";
    match error {
        TlsError::InvalidCertificate(C::ExpiredContext { not_after, .. }) => {
            format!("the certificate of {host} expired on {}", date(*not_after))
        }
        TlsError::InvalidCertificate(C::NotValidYetContext { not_before, .. }) => {
            format!(
                "the certificate of {host} is not valid before {}; is this machine's clock right?",
                date(*not_before)
            )
        }
        TlsError::InvalidCertificate(C::NotValidForNameContext { presented, .. }) => {
            format!("the certificate is not for {host} but for {}", names(presented))
        }
        TlsError::InvalidCertificate(C::UnknownIssuer) => {
            format!("the certificate of {host} is from an authority that is unknown to {origin}; {trust}")
        }
        TlsError::InvalidCertificate(reason) => {
            format!("the certificate of {host} is not valid ({reason}), judged by {origin}; {trust}")
        }
        TlsError::InvalidMessage(_) if speaks_http => format!("{host} answers in plain HTTP, not TLS, on this port"),
        TlsError::InvalidMessage(_) => format!("{host} does not speak TLS on this port"),
        TlsError::PeerIncompatible(reason) => {
            format!("{host} offers no TLS 1.2 or 1.3 that this library can use ({reason:?})")
        }
        TlsError::AlertReceived(AlertDescription::ProtocolVersion) => {
            format!("{host} refuses TLS 1.2 and 1.3 (alert ProtocolVersion)")
        }
        TlsError::AlertReceived(alert) => format!("{host} refused the TLS handshake (alert {alert:?})"),
        other => format!("the TLS handshake with {host} failed: {other}"),
    }
}

/// The first few names of a certificate.
fn names(presented: &[String]) -> String {
    let mut text = String::new();
    for name in presented.iter().take(4) {
        // rustls writes DnsName("example.com").
        let name = name.split('"').nth(1).unwrap_or(name);
        let _ = write!(text, "{}{name}", if text.is_empty() { "" } else { ", " });
    }
    match presented.len() {
        0 => "no name at all".into(),
        1..=4 => text,
        more => format!("{text} and {} more", more - 4),
    }
}
