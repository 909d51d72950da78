//! Real JWTs, signed with HS256 under a key that lives as long as the sandbox.
//!
//! Nothing here verifies: the server looks every token up among the ones it issued, which is stricter than a signature.

use crate::{clock, json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use std::time::SystemTime;

pub(crate) struct Signer {
    key: hmac::Key,
    secret: Vec<u8>,
}

impl Signer {
    pub(crate) fn new() -> Self {
        Self::with_secret((json::random_hex() + &json::random_hex()).into_bytes())
    }

    fn with_secret(secret: Vec<u8>) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, &secret), secret }
    }

    pub(crate) fn secret(&self) -> &[u8] {
        &self.secret
    }

    pub(crate) fn mint(&self, user_id: i64, issued: SystemTime, expires: SystemTime) -> String {
        let claims = json::object(&[
            ("sub", json::string(&user_id.to_string())),
            ("iat", clock::unix(issued).to_string()),
            ("exp", clock::unix(expires).to_string()),
            ("jti", json::string(&json::random_hex())),
        ]);
        self.sign(br#"{"alg":"HS256","typ":"JWT"}"#, claims.as_bytes())
    }

    fn sign(&self, header: &[u8], claims: &[u8]) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let tag = hmac::sign(&self.key, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_example_of_rfc_7515() {
        let secret = URL_SAFE_NO_PAD
            .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
            .expect("base64");
        let token = Signer::with_secret(secret).sign(
            b"{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
            b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}",
        );
        assert!(token.ends_with(".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "{token}");
    }
}
