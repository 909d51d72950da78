//! ECGrid's rules for a new password (its page "Change Password"), told before anything is sent.

use crate::error::Error;

pub fn check_password(replacement: &str) -> Result<(), Error> {
    let has = |test: fn(char) -> bool| replacement.chars().any(test);
    let missing = if !has(|char| char.is_lowercase()) {
        "a lower-case letter"
    } else if !has(|char| char.is_uppercase()) {
        "an upper-case letter"
    } else if !has(|char| char.is_numeric()) {
        "a digit"
    } else if !has(|char| !char.is_alphanumeric()) {
        "a character that is neither letter nor digit"
    } else {
        return Ok(());
    };
    Err(Error::argument(format!("change of the password not sent: the new password needs {missing}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_named_when_it_is_broken() {
        for (password, rule) in [
            ("", "lower-case"),
            ("ABC1!", "lower-case"),
            ("abc1!", "upper-case"),
            ("Abcd!", "digit"),
            ("Abcd1", "neither"),
        ] {
            assert!(check_password(password).unwrap_err().message.contains(rule), "{password}");
        }
        assert!(check_password("Sup3r$ecret!").is_ok());
        assert!(check_password("Äb1 ").is_ok());
    }
}
