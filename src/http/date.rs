//! The times HTTP writes, in Unix seconds.

use std::time::{SystemTime, UNIX_EPOCH};

/// An HTTP `Date` (RFC 9110, 5.6.7).
pub fn parse_http_date(text: &str) -> Option<i64> {
    let time = httpdate::parse_http_date(text.trim()).ok()?;
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// `Retry-After` (RFC 9110, 10.2.3) in milliseconds: seconds, or a date less the answer's own `Date`.
pub fn parse_retry_after(text: &str, answered_at: Option<i64>) -> Option<i64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long time.
        return Some(text.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(1000));
    }
    let at = parse_http_date(text)?;
    let now = answered_at.or_else(now)?;
    Some(at.saturating_sub(now).max(0).saturating_mul(1000))
}

fn now() -> Option<i64> {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let at = parse_http_date("Thu, 07 May 2026 18:30:00 GMT");
        assert_eq!(at, Some(1_778_178_600));
        assert_eq!(parse_retry_after("2", at), Some(2000));
        assert_eq!(parse_retry_after("Thu, 07 May 2026 18:30:05 GMT", at), Some(5000));
        assert_eq!(parse_retry_after("Thu, 07 May 2026 18:29:00 GMT", at), Some(0));
        assert_eq!(parse_retry_after("99999999999999999999", at), Some(i64::MAX));
        assert_eq!(parse_retry_after("-1", at), None);
        assert_eq!(parse_retry_after("soon", at), None);
    }
}
