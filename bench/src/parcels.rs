//! Large answers that nginx serves from files, and the place where it takes large requests.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

/// Bytes of an answer, and of a request.
pub const SIZES: [usize; 5] = [10_000, 100_000, 1_000_000, 5_000_000, LARGEST];
/// The size that the musts are about.
pub const LARGEST: usize = 40_000_000;
/// The size whose instructions are counted: callgrind is slow.
pub const COUNTED: usize = 1_000_000;
/// Rows of a list.
pub const ROWS: usize = 50_000;
/// And of the one whose instructions are counted.
pub const COUNTED_ROWS: usize = 5_000;

/// A file that is only posted to.
const UPLOAD: &str = "/v2/parcels/upload";
const POSTED: &str = r#"{"success":true,"data":{"parcelId":7},"errorCode":"","message":""}"#;

/// Another one.
const DOWNLOAD: &str = "/v2/parcels/download";

/// A parcel that goes into a file, and the file that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// By its digits alone nginx knows which one is asked for.
    pub id: u32,
    /// A multiple of three, so that its base64 has no padding.
    pub bytes: usize,
}

/// The one that the musts are about.
pub const FILE: Parcel = Parcel { id: 7, bytes: 30_000_000 };
/// And the one whose instructions are counted.
pub const COUNTED_FILE: Parcel = Parcel { id: 77, bytes: 999_999 };

const BEFORE: &str = r#"{"success":true,"data":{"parcelId":7,"fileName":"bench.edi","content":""#;
const AFTER: &str = r#"","contentEncoding":"Base64"},"errorCode":"","message":""}"#;

/// What an answer of that size is asked for by.
pub fn path(size: usize) -> String {
    format!("/v2/bench/{size}.json")
}

/// What a row of a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The two members that the walk takes.
    Pair,
    /// All that ECGrid tells of a parcel.
    Parcel,
}

/// What a list is asked for by.
pub fn list_path(row: Row, rows: usize) -> String {
    match row {
        Row::Pair => format!("/v2/bench/pairs-{rows}.json"),
        Row::Parcel => format!("/v2/bench/parcels-{rows}.json"),
    }
}

const LISTS: [(Row, usize); 3] = [(Row::Pair, ROWS), (Row::Parcel, ROWS), (Row::Parcel, COUNTED_ROWS)];

/// Bytes of the one string in an answer of that size.
pub fn content(size: usize) -> usize {
    size - BEFORE.len() - AFTER.len()
}

/// A parcel as ECGrid gives it out: its content is base64, which needs no escapes.
fn parcel(size: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(size);
    text.push_str(BEFORE);
    text.extend(sextets().take(content(size)).map(|sextet| char::from(ALPHABET[sextet as usize])));
    text.push_str(AFTER);
    text
}

/// Six bits each, always the same ones.
fn sextets() -> impl Iterator<Item = u32> {
    let mut random: u32 = 1;
    std::iter::repeat_with(move || {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        random >> 26
    })
}

impl Parcel {
    /// What is in its file.
    pub fn file(self) -> Vec<u8> {
        let mut sextets = sextets();
        let mut group = || (0..4).fold(0, |bits, _| bits << 6 | sextets.next().unwrap_or_default());
        (0..self.bytes / 3).flat_map(|_| group().to_be_bytes().into_iter().skip(1)).collect()
    }

    /// What its download is answered with.
    fn answer(self) -> String {
        let text = parcel(self.bytes / 3 * 4 + BEFORE.len() + AFTER.len());
        text.replacen("\"parcelId\":7", &format!("\"parcelId\":{}", self.id), 1)
    }

    fn path(self) -> String {
        format!("/v2/bench/parcel-{}.json", self.id)
    }

    /// Bytes of the body that asks for it.
    fn asked(self) -> usize {
        format!("{{\"parcelId\":{}}}", self.id).len()
    }
}

/// Numbered from 1, names of the same length.
fn list(row: Row, rows: usize) -> String {
    let mut text = String::from(r#"{"success":true,"data":["#);
    for id in 1..=rows {
        let comma = if id > 1 { "," } else { "" };
        let _ = match row {
            Row::Pair => write!(text, r#"{comma}{{"parcelId":{id},"fileName":"parcel-{id:06}.edi"}}"#),
            Row::Parcel => write!(
                text,
                concat!(
                    r#"{}{{"parcelId":{},"mailboxId":321,"networkId":124,"fileName":"parcel-{:06}.edi","bytes":18234,"#,
                    r#""ecGridIdFrom":123456,"ecGridIdTo":654321,"created":"2025-01-31T12:34:56Z","#,
                    r#""modified":"2025-01-31T12:35:07Z"}}"#
                ),
                comma, id, id
            ),
        };
    }
    text.push_str(r#"],"errorCode":"","message":""}"#);
    text
}

pub fn write_all(folder: &Path) -> io::Result<()> {
    let write = |path: &str, text: &str| {
        let file = folder.join(path.trim_start_matches('/'));
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(file, text)
    };
    for size in SIZES {
        write(&path(size), &parcel(size))?;
    }
    for (row, rows) in LISTS {
        write(&list_path(row, rows), &list(row, rows))?;
    }
    for parcel in [FILE, COUNTED_FILE] {
        write(&parcel.path(), &parcel.answer())?;
    }
    write(DOWNLOAD, "")?;
    write(UPLOAD, "")
}

/// For the `http` block: a body of any size here is kept in memory, as on disk it would cost more than all else.
pub fn settings() -> String {
    format!(
        "client_max_body_size 64m;
    client_body_buffer_size 64m;
    output_buffers 1 512k;
    map \"\" $posted {{ default '{POSTED}'; }}
    map $content_length $parcel {{ {} {}; {} {}; }}",
        FILE.asked(),
        FILE.path(),
        COUNTED_FILE.asked(),
        COUNTED_FILE.path()
    )
}

/// For each server. `guard` refuses who has no token.
///
/// Nothing that answers by itself reads a request's body first, `return` least of all: it answers before the body is
/// there. `mirror` does, to have it for a copy of the request; then the file, which takes no POST, has it answered.
pub fn locations(folder: &Path, guard: &str) -> String {
    let folder = folder.display();
    format!(
        "location /v2/bench/ {{ {guard} root {folder}; }}
        location = {DOWNLOAD} {{ {guard} root {folder}; error_page 405 =200 $parcel; }}
        location = {UPLOAD} {{ {guard} root {folder}; mirror /nothing; error_page 405 =200 /posted; }}
        location = /nothing {{ internal; return 204; }}
        location = /posted {{ internal; return 200 $posted; }}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_its_size_and_one_string_of_what_is_left() {
        for size in [1_000, 10_000] {
            let text = parcel(size);
            assert_eq!(text.len(), size);
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            let string = json["data"]["content"].as_str().unwrap();
            assert_eq!(string.len(), content(size));
            assert!(string.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte)));
        }
    }

    #[test]
    fn rows_are_numbered_from_one_and_their_names_are_equally_long() {
        for (row, members) in [(Row::Pair, 2), (Row::Parcel, 9)] {
            let json: serde_json::Value = serde_json::from_str(&list(row, 12)).unwrap();
            let rows = json["data"].as_array().unwrap();
            let ids: Vec<_> = rows.iter().map(|row| row["parcelId"].as_u64().unwrap()).collect();
            assert_eq!(ids, (1..=12).collect::<Vec<_>>());
            assert!(rows.iter().all(|row| row["fileName"].as_str().unwrap().len() == "parcel-000001.edi".len()));
            assert!(rows.iter().all(|row| row.as_object().unwrap().len() == members));
        }
    }

    #[test]
    fn all_that_is_asked_for_is_there() {
        let folder = tempfile::tempdir().unwrap();
        write_all(folder.path()).unwrap();
        let found = |path: &str| fs::metadata(folder.path().join(path.trim_start_matches('/'))).unwrap().len();
        for size in SIZES {
            assert_eq!(found(&path(size)), size as u64);
        }
        for (row, rows) in LISTS {
            assert!(found(&list_path(row, rows)) > 40 * rows as u64);
        }
        for parcel in [FILE, COUNTED_FILE] {
            assert!(found(&parcel.path()) > parcel.bytes as u64 / 3 * 4);
        }
        assert_eq!((found(UPLOAD), found(DOWNLOAD)), (0, 0));
    }

    #[test]
    fn a_file_is_what_its_parcel_says_in_base64() {
        let parcel = Parcel { id: 77, bytes: 3_000 };
        let json: serde_json::Value = serde_json::from_str(&parcel.answer()).unwrap();
        assert_eq!(json["data"]["parcelId"], 77);
        let value = |letter: u8| match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        let bits = |bytes: &[u8], each: u32| -> Vec<bool> {
            bytes.iter().flat_map(|byte| (0..each).rev().map(move |bit| byte >> bit & 1 == 1)).collect()
        };
        let content: Vec<u8> = json["data"]["content"].as_str().unwrap().bytes().map(value).collect();
        assert_eq!(parcel.file().len(), 3_000);
        assert_eq!(bits(&parcel.file(), 8), bits(&content, 6));
    }

    #[test]
    fn nginx_can_tell_the_parcels_apart() {
        assert_ne!(FILE.asked(), COUNTED_FILE.asked());
        assert!([FILE, COUNTED_FILE].iter().all(|parcel| parcel.bytes % 3 == 0));
    }

    #[test]
    fn what_takes_a_request_is_json_that_nginx_can_quote() {
        let json: serde_json::Value = serde_json::from_str(POSTED).unwrap();
        assert_eq!(json["data"]["parcelId"], 7);
        assert!(!POSTED.contains(['\'', '$', '\\']));
    }
}
