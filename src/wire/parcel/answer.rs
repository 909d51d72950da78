//! What the answers about one parcel say, in each of the shapes that ECGrid's pages have.

use crate::wire::json::{Scalar, members};

/// What a download says of its parcel, apart from the content.
#[derive(Debug, Default, PartialEq)]
pub struct Received {
    pub id: Option<i64>,
    /// None also when it is no text.
    pub file_name: Option<String>,
    /// How long the content is.
    pub bytes: Option<u64>,
    /// Whether there is a string for it.
    pub has_content: bool,
}

/// Reads the `data` of a download. `bytes` is the reference's word, `size` that of a guide.
pub fn received(data: &str) -> Received {
    let [id, name, bytes, size, content] = members(data, ["parcelId", "fileName", "bytes", "size", "content"]);
    let integer = |value: Option<&str>| value.and_then(|value| Scalar(value).integer());
    Received {
        id: integer(id),
        file_name: name.and_then(|value| Scalar(value).word()).map(|name| name.into_owned()),
        bytes: integer(bytes).or(integer(size)).and_then(|bytes| bytes.try_into().ok()),
        has_content: content.is_some_and(|value| value.starts_with('"')),
    }
}

/// The id that an upload's `data` tells: the number itself, or a member.
pub fn new_id(data: &str) -> Option<i64> {
    let [id] = members(data, ["parcelId"]);
    Scalar(id.unwrap_or(data)).integer().filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_is_read_in_every_shape() {
        let name = Some("a.edi".to_owned());
        for (data, id, bytes) in [
            (r#"{"parcelId":7,"fileName":"a.edi","content":"","bytes":3}"#, Some(7), Some(3)),
            (
                r#"{"parcelID":"7","FileName":"a.edi","contentEncoding":"Base64","size":3,"content":""}"#,
                Some(7),
                Some(3),
            ),
            (r#"{"content":"","bytes":null,"size":"3","fileName":"a.edi"}"#, None, Some(3)),
            (r#"{"content":"","bytes":-1,"fileName":"a.edi"}"#, None, None),
        ] {
            assert_eq!(received(data), Received { id, file_name: name.clone(), bytes, has_content: true }, "{data}");
        }
        let none = Received { id: None, file_name: None, bytes: None, has_content: false };
        for data in ["null", "7", r#"{"content":null,"fileName":"\ud800"}"#] {
            assert_eq!(received(data), none, "{data}");
        }
    }

    #[test]
    fn a_new_parcels_id_is_read_in_every_shape() {
        for data in ["7", "\"7\"", r#"{"parcelId":7}"#, r#"{"fileName":"a","parcelID":"7","status":"x","size":3}"#] {
            assert_eq!(new_id(data), Some(7), "{data}");
        }
        for data in ["null", "true", "0", "-7", "{}", "[7]", r#"{"parcelId":null}"#, "7.5"] {
            assert_eq!(new_id(data), None, "{data}");
        }
    }
}
