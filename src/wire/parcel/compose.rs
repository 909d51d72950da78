//! What is sent about a parcel.

use crate::wire::compose::escape;

/// `{"parcelId":7}`, or with another name for the number.
pub fn by_id(name: &str, id: i64) -> String {
    format!("{{\"{name}\":{id}}}")
}

/// An upload, up to where its content begins, which is last in it. Numbers that are 0 are left out.
pub fn upload(file_name: &str, bytes: u64, numbers: &[(&str, i64)]) -> String {
    let mut json = Vec::from("{\"fileName\":\"");
    escape(file_name.as_bytes(), &mut |piece| json.extend_from_slice(piece));
    let mut json = String::from_utf8(json).unwrap_or_default();
    json.push_str(&format!("\",\"bytes\":{bytes},"));
    for (name, number) in numbers.iter().filter(|(_, number)| *number != 0) {
        json.push_str(&format!("\"{name}\":{number},"));
    }
    json.push_str("\"content\":\"");
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_json_around_its_content() {
        let whole = format!("{}QUJD\"}}", upload("q\"\\\u{1}é.edi", 3, &[("ecGridIdFrom", 0), ("ecGridIdTo", 20101)]));
        let read: serde_json::Value = serde_json::from_str(&whole).unwrap();
        let expected =
            serde_json::json!({"fileName": "q\"\\\u{1}é.edi", "bytes": 3, "ecGridIdTo": 20101, "content": "QUJD"});
        assert_eq!(read, expected);
        assert_eq!(by_id("mailboxId", 7), "{\"mailboxId\":7}");
    }
}
