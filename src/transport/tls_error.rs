//! What is wrong with a certificate or a handshake, in words that help.

use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error as TlsError};

use super::failure::{Failure, Fault};
use super::roots::Roots;

/// One that another try would meet again.
pub(super) fn refused(detail: String) -> Failure {
    Failure::new(Fault::Tls { retry: false }, detail)
}

/// Says what is wrong with a certificate or handshake, and what can be done.
pub(super) fn explain(error: &TlsError, host: &str, roots: &Roots, speaks_http: bool) -> String {
    use CertificateError as C;
    let date = |time: UnixTime| httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(time.as_secs()));
    let Roots { origin, advice, .. } = roots;
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
            format!("the certificate of {host} is from an authority that is unknown to {origin}; {advice}")
        }
        TlsError::InvalidCertificate(reason) => {
            format!("the certificate of {host} is not valid ({reason}), judged by {origin}; {advice}")
        }
        TlsError::InvalidMessage(_) if speaks_http => format!("{host} answers in plain HTTP, not TLS, on this port"),
        TlsError::InvalidMessage(_) => format!("{host} does not speak TLS on this port"),
        TlsError::PeerIncompatible(reason) => {
            format!("{host} offers no TLS 1.2 or 1.3 that this library can use ({reason:?})")
        }
        TlsError::AlertReceived(alert) => explain_alert(*alert, host),
        other => format!("the TLS handshake with {host} failed: {other}"),
    }
}

/// What a server means by ending a handshake, in the alert's own word.
pub(super) fn explain_alert(alert: AlertDescription, host: &str) -> String {
    use AlertDescription as A;
    let word = word(alert);
    match alert {
        A::ProtocolVersion => format!("{host} refuses TLS 1.2 and 1.3 (alert {word})"),
        A::CertificateRequired => {
            format!("{host} wants a certificate of its client, and libecgrid has none to show (alert {word})")
        }
        // TLS 1.2 has no word of its own for it.
        A::HandshakeFailure | A::BadCertificate => format!(
            "{host} refused the TLS handshake (alert {word}); perhaps it wants a certificate of its client, and libecgrid has none to show"
        ),
        _ => format!("{host} refused the TLS handshake (alert {word})"),
    }
}

/// Whether the server wants a certificate of its client. In TLS 1.3 it says so when the handshake is over for us.
pub(super) fn wants_certificate(alert: AlertDescription) -> bool {
    matches!(alert, AlertDescription::CertificateRequired | AlertDescription::BadCertificate)
}

/// An alert as the standard spells it (RFC 8446, 6): CertificateRequired is certificate_required.
fn word(alert: AlertDescription) -> String {
    let mut word = String::new();
    let mut was_small = false;
    for letter in format!("{alert:?}").chars() {
        if letter.is_ascii_uppercase() && was_small {
            word.push('_');
        }
        was_small = letter.is_ascii_lowercase();
        word.push(letter.to_ascii_lowercase());
    }
    word
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
