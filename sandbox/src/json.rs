//! JSON text by hand: members keep their order, and the odd values some special logins need can be written at all.

/// A quoted JSON string.
pub(crate) fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// An object of members whose values are JSON text already.
pub(crate) fn object(members: &[(&str, String)]) -> String {
    let inner: Vec<String> = members.iter().map(|(name, value)| format!("{}:{value}", string(name))).collect();
    format!("{{{}}}", inner.join(","))
}

/// 128 random bits as lower-case hexadecimal digits.
pub(crate) fn random_hex() -> String {
    use ring::rand::{SecureRandom, SystemRandom};
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).expect("the operating system has random numbers");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
