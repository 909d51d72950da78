//! What a JWT says of itself. Its signature is the server's business.

use base64_simd::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::json::{Scalar, object};
use super::number::whole_part;

/// The `exp` claim (RFC 7519, 4.1.4) in Unix seconds.
pub fn expiry(token: &str) -> Option<i64> {
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    let json = Zeroizing::new(URL_SAFE_NO_PAD.decode_to_vec(payload.trim_end_matches('=')).ok()?);
    let [exp] = object(&json, ["exp"]).ok()?;
    // RFC 7519 lets it have a fraction.
    whole_part(&exp.map(Scalar)?.text()?).map(|(seconds, _)| seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> String {
        format!("e30.{}.sig", URL_SAFE_NO_PAD.encode_to_string(payload))
    }

    #[test]
    fn exp_is_read_from_the_payload() {
        assert_eq!(expiry(&token(r#"{"sub":"4821","exp":1778178600}"#)), Some(1_778_178_600));
        assert_eq!(expiry(&token(r#"{"exp":1778178600.9}"#)), Some(1_778_178_600));
    }

    #[test]
    fn what_is_no_jwt_has_no_expiry() {
        let odd = [token("{}"), token(r#"{"exp":"soon"}"#), token(r#"{"exp":1e300}"#), token("[")];
        for text in odd.iter().map(String::as_str).chain(["", "a.b", "a.%%%.c", "opaque"]) {
            assert_eq!(expiry(text), None, "{text}");
        }
    }
}
