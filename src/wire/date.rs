//! The times ECGrid writes, in Unix seconds.

/// ISO 8601 as ECGrid writes it: `T` or a space, `Z`, an offset or nothing (then UTC), and any fraction, which is cut.
pub fn parse_date_time(text: &str) -> Option<i64> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let shape = bytes.get(..19)?;
    let separators = [shape[4], shape[7], shape[10], shape[13], shape[16]];
    if !matches!(separators, [b'-', b'-', b'T' | b't' | b' ', b':', b':']) {
        return None;
    }
    let number = |from: usize, to: usize| digits(&bytes[from..to]);
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    // 60 is a leap second.
    let valid = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    if !valid || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let offset = parse_offset(skip_fraction(&bytes[19..])?)?;
    Some(days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}

fn skip_fraction(rest: &[u8]) -> Option<&[u8]> {
    let Some(fraction) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) else {
        return Some(rest);
    };
    let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (length > 0).then(|| &fraction[length..])
}

/// `Z`, nothing, `+hh:mm`, `+hhmm` or `+hh`, in seconds.
fn parse_offset(text: &[u8]) -> Option<i64> {
    let (sign, digits_of) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits_of {
        [h1, h2] => ([*h1, *h2], [b'0', b'0']),
        [h1, h2, m1, m2] | [h1, h2, b':', m1, m2] => ([*h1, *h2], [*m1, *m2]),
        _ => return None,
    };
    let (hours, minutes) = (digits(&hours)?, digits(&minutes)?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of the proleptic Gregorian calendar, with years that begin in March so that leap days come last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_times_are_read_in_every_form_the_pages_show() {
        let expected = Some(1_778_178_600);
        for text in [
            "2026-05-07T18:30:00Z",
            "2026-05-07T18:30:00",
            "2026-05-07 18:30:00z",
            "2026-05-07T18:30:00.1Z",
            "2026-05-07T18:30:00.1234567Z",
            "2026-05-07T18:30:00.123456789",
            "2026-05-07T20:30:00+02:00",
            "2026-05-07T20:30:00.5+0200",
            "2026-05-07T11:30:00-07",
            " 2026-05-07T18:30:00Z ",
        ] {
            assert_eq!(parse_date_time(text), expected, "{text}");
        }
        assert_eq!(parse_date_time("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse_date_time("2024-02-29T00:00:00Z"), Some(1_709_164_800));
        assert_eq!(parse_date_time("9999-12-31T23:59:59Z"), Some(253_402_300_799));
        assert_eq!(parse_date_time("0001-01-01T00:00:00"), Some(-62_135_596_800));
    }

    #[test]
    fn what_is_no_date_time_is_not_guessed() {
        for text in [
            "",
            "tomorrow",
            "2026-05-07",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-05-07T24:00:00Z",
            "2026-05-07T18:60:00Z",
            "2026-05-07T18:30:00.Z",
            "2026-05-07T18:30:00+2",
            "2026-05-07T18:30:00 GMT",
            "2026-05-07T18:30:0é",
        ] {
            assert_eq!(parse_date_time(text), None, "{text}");
        }
    }
}
