//! A form with a file in it (RFC 7578), as one of ECGrid's samples uploads.

use crate::journal::Request;
use std::iter;

/// The fields of a form.
#[derive(Default)]
pub(crate) struct Form {
    pub(crate) file_name: String,
    pub(crate) file: Vec<u8>,
    pub(crate) mailbox_id: Option<i64>,
}

/// None when the request has no such form, or that has no file.
pub(crate) fn form(request: &Request) -> Option<Form> {
    let kind = request.header("Content-Type")?;
    let boundary =
        kind.strip_prefix("multipart/form-data")?.split("boundary=").nth(1)?.split(';').next()?.trim_matches('"');
    let (mut form, mut has_file) = (Form::default(), false);
    let between = format!("--{boundary}");
    for part in split(&request.body, between.as_bytes()) {
        let Some(end) = find(part, b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&part[..end]).into_owned();
        let content = part[end + 4..].strip_suffix(b"\r\n").unwrap_or(&part[end + 4..]);
        let named = |name: &str| {
            head.split(&format!(" {name}=")).nth(1)?.trim_start_matches('"').split(['"', ';', '\r']).next()
        };
        match named("name") {
            Some("file") => {
                // What is not ASCII .NET says twice, and only the second is plain.
                let extended = named("filename*").and_then(|name| name.split("''").nth(1)).map(unescaped);
                form.file_name = extended.or(named("filename").map(str::to_owned)).unwrap_or_default();
                form.file = content.to_vec();
                has_file = true;
            }
            Some("mailboxId") => form.mailbox_id = String::from_utf8_lossy(content).trim().parse().ok(),
            _ => {}
        }
    }
    has_file.then_some(form)
}

/// `%C3%A9` as é.
fn unescaped(text: &str) -> String {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        match piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => bytes.extend(iter::once(byte).chain(piece.bytes().skip(2))),
            None => bytes.extend(iter::once(b'%').chain(piece.bytes())),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn split<'a>(mut bytes: &'a [u8], between: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(at) = find(bytes, between) {
        parts.push(&bytes[..at]);
        bytes = &bytes[at + between.len()..];
    }
    parts.push(bytes);
    parts
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}
