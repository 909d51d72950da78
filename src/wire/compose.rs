//! What is sent of our own: JSON objects of strings, most of which are secrets.

use crate::memory::OutOfMemory;
use crate::secret::SecretBytes;

/// The object with those members.
pub fn compose(members: &[(&str, &str)]) -> Result<SecretBytes, OutOfMemory> {
    let mut length = 0_usize;
    spell(members, &mut |piece| length = length.saturating_add(piece.len()));
    let mut json = SecretBytes::default();
    // A buffer that never grows: a grown one leaves its old content behind.
    json.try_reserve_exact(length).map_err(|_| OutOfMemory)?;
    spell(members, &mut |piece| json.extend_from_slice(piece));
    Ok(json)
}

fn spell(members: &[(&str, &str)], write: &mut dyn FnMut(&[u8])) {
    let mut before = "{\"";
    for (name, value) in members {
        [before, name, "\":\""].iter().for_each(|part| write(part.as_bytes()));
        escape(value.as_bytes(), write);
        before = "\",\"";
    }
    write(b"\"}");
}

pub fn escape(mut rest: &[u8], write: &mut dyn FnMut(&[u8])) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    while let Some(at) = rest.iter().position(|&byte| escape_of(byte) != 0) {
        write(&rest[..at]);
        let byte = rest[at];
        match escape_of(byte) {
            b'u' => write(&[b'\\', b'u', b'0', b'0', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]),
            short => write(&[b'\\', short]),
        }
        rest = &rest[at + 1..];
    }
    write(rest);
}

/// The two-character escape of a byte, or 0 where it needs none, or `u` where it needs `\u00XX` (RFC 8259, 7).
fn escape_of(byte: u8) -> u8 {
    match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        0..0x20 => b'u',
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_says_exactly_what_was_given_in_memory_of_its_size() {
        let hostile = "q\"b\\s/\u{0}\u{1}\u{8}\t\n\u{c}\r\u{1f}\u{7f}é\u{2028}😀\u{10ffff}";
        let json = compose(&[("login", hostile), ("password", "Sup3r$ecret!")]).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(read, serde_json::json!({"login": hostile, "password": "Sup3r$ecret!"}));
        assert_eq!(json.capacity(), json.len());
        assert_eq!(**compose(&[("token", "a\u{1}")]).unwrap(), *br#"{"token":"a\u0001"}"#);
    }
}
