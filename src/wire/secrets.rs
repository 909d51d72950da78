//! Secrets in what a user sends by a call of his own: passwords for others, keys, tokens. Known by the names ECGrid gives them.

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::json::Scalar;

/// The values, in the query of a path and in a JSON text, of members with a telling name.
pub fn find_secrets(path: &str, json: &[u8]) -> Vec<Zeroizing<String>> {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let in_query = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(name, _)| is_telling(name));
    let mut found: Vec<_> =
        in_query.map(|(_, value)| Zeroizing::new(percent_decode_str(value).decode_utf8_lossy().into_owned())).collect();
    let mut rest = std::str::from_utf8(json).unwrap_or_default();
    let mut telling = false;
    while let Some(start) = rest.find('"') {
        let Some(length) = string_length(&rest[start..]) else { break };
        let string = &rest[start..start + length];
        rest = &rest[start + length..];
        let text = || Scalar(string).string().unwrap_or_default().into_owned();
        if rest.trim_start().starts_with(':') {
            telling = is_telling(&text());
        } else if std::mem::take(&mut telling) {
            found.push(Zeroizing::new(text()));
        }
    }
    found
}

fn is_telling(name: &str) -> bool {
    const WORDS: [&str; 6] = ["password", "token", "key", "secret", "cert", "credential"];
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word)) && !name.ends_with("id")
}

/// The length of the string that the JSON text begins with, quotes included.
fn string_length(json: &str) -> Option<usize> {
    let mut escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_end
    })?;
    Some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, json: &str) -> Vec<String> {
        find_secrets(path, json.as_bytes()).iter().map(|secret| secret.to_string()).collect()
    }

    #[test]
    fn what_has_a_telling_name_is_a_secret() {
        let body = r#"{"userId":1,"newPassword" : "a\"b\\","list":[{"apiKey":"k1"},{"note":"password"}],"keyId":"7","name":"x"}"#;
        assert_eq!(found("/v2/x?a=1&Token=t%2Bu&page=2", body), ["t+u", r#"a"b\"#, "k1"]);
    }

    #[test]
    fn what_is_no_json_does_no_harm() {
        for odd in [
            "",
            "\"",
            "\"password\":",
            "\"password\":\"",
            "\"password\":\"\\",
            "{\"password\":{\"a\":\"b\"}}",
            "\\\"\"",
        ] {
            found("/v2/x?&=&password", odd);
        }
        assert!(find_secrets("/v2/x", b"\xff\"password\":\"x\"").is_empty());
    }
}
