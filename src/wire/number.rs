//! JSON's numbers, exact where a float would not be, and without the tables that reading floats takes.

/// The whole part of a number, and whether that is all of it. None when it does not fit 64 bits.
pub fn whole_part(text: &str) -> Option<(i64, bool)> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.bytes().chain(fraction.bytes());
    if whole.is_empty() || !digits.clone().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // How many of the digits stand before the point.
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent.into())?;
    let (mut value, mut exact, mut count) = (0_i64, true, 0);
    for digit in digits.map(|byte| i64::from(byte - b'0')) {
        if count < point {
            value = value.checked_mul(10)?.checked_add(sign * digit)?;
        } else {
            exact &= digit == 0;
        }
        count += 1;
    }
    while count < point && value != 0 {
        value = value.checked_mul(10)?;
        count += 1;
    }
    Some((value, exact))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole_or_not() {
        for (text, expected) in [
            ("0", Some((0, true))),
            ("-0", Some((0, true))),
            ("9223372036854775807", Some((i64::MAX, true))),
            ("-9223372036854775808", Some((i64::MIN, true))),
            ("9223372036854775808", None),
            ("4821.0", Some((4821, true))),
            ("4821.5", Some((4821, false))),
            ("-4821.5", Some((-4821, false))),
            ("1.7781786e9", Some((1_778_178_600, true))),
            ("48.21E+2", Some((4821, true))),
            ("4821e-2", Some((48, false))),
            ("4800e-2", Some((48, true))),
            ("5e-400", Some((0, false))),
            ("0e999999999", Some((0, true))),
            ("1e400", None),
            ("1e99999999999", None),
            ("", None),
            ("-", None),
            (".5", None),
            ("x", None),
            ("1e", None),
            ("1_0", None),
            ("١", None),
        ] {
            assert_eq!(whole_part(text), expected, "{text}");
        }
    }
}
