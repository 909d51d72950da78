//! Takes the content out of a download's answer while that comes, in pieces of any size: `{"data":{"content":"…"}}`.

use crate::memory::{Buffer, OutOfMemory};
use crate::wire::json::{Sameness, sameness};
use crate::wire::unescape::unescape;

/// The longest spelling of a name that means something here, each of its characters escaped, and its quotes.
const LONGEST_NAME: usize = 6 * "content".len() + 2;
/// `\u002B`.
const LONGEST_ESCAPE: usize = 6;

/// Splits an answer into the content of its parcel, and the rest: the same JSON, with an empty string for the content.
/// Whether that is sound JSON, whoever reads it finds out.
#[derive(Default)]
pub struct Splitter {
    place: Place,
    /// How many arrays and objects are open. Counted too far down in what is no JSON, which does no harm.
    depth: usize,
    /// The object that is `data` is open.
    in_data: bool,
    /// The last string in an object that counts: a name, if a colon follows it.
    name: Vec<u8>,
    /// What the next value is called, where that means something.
    next: Option<Member>,
    escape: Vec<u8>,
    had_content: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Place {
    #[default]
    Between,
    /// In a string that is not the content; behind a backslash, if so.
    Text {
        escaped: bool,
    },
    Content,
}

#[derive(Clone, Copy, PartialEq)]
enum Member {
    Data,
    Content,
}

/// Why an answer cannot be split.
#[derive(Debug, PartialEq)]
pub enum Stop<E> {
    /// What is wrong with it.
    Wrong(&'static str),
    OutOfMemory,
    /// What became of the content.
    Refused(E),
}

impl<E> From<OutOfMemory> for Stop<E> {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

impl Splitter {
    pub fn had_content(&self) -> bool {
        self.had_content
    }

    /// Takes the next bytes: the rest goes to `rest`, and the content, without escapes, to `content`.
    pub fn take<E>(
        &mut self,
        mut bytes: &[u8],
        rest: &mut Buffer,
        mut content: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), Stop<E>> {
        while !bytes.is_empty() {
            let used = match self.place {
                Place::Content => self.content(bytes, rest, &mut content)?,
                _ => self.others(bytes, rest)?,
            };
            bytes = &bytes[used..];
        }
        Ok(())
    }

    /// As much as is content, or its closing quote.
    fn content<E>(
        &mut self,
        bytes: &[u8],
        rest: &mut Buffer,
        content: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<usize, Stop<E>> {
        if !self.escape.is_empty() {
            return self.escaped(bytes[0], content).map(|()| 1);
        }
        let end = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
        if end > 0 {
            content(&bytes[..end]).map_err(Stop::Refused)?;
            return Ok(end);
        }
        if bytes[0] == b'"' {
            rest.append(b"\"")?;
            self.place = Place::Between;
        } else {
            self.escape.push(b'\\');
        }
        Ok(1)
    }

    /// One more byte of an escape. .NET writes the plus sign of base64 as `\u002B`.
    fn escaped<E>(&mut self, byte: u8, content: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), Stop<E>> {
        const WRONG: &str = "an escape in its content is none of JSON's, or stands for what is not in base64";
        self.escape.push(byte);
        let is_whole = self.escape.len() == if self.escape.get(1) == Some(&b'u') { LONGEST_ESCAPE } else { 2 };
        if !is_whole {
            return Ok(());
        }
        let mut result = Ok(());
        let text = std::str::from_utf8(&self.escape).map_err(|_| Stop::Wrong(WRONG))?;
        let sound = unescape(text, |char| {
            result = content(char.as_bytes());
            true
        });
        self.escape.clear();
        result.map_err(Stop::Refused)?;
        if sound { Ok(()) } else { Err(Stop::Wrong(WRONG)) }
    }

    /// Everything else, up to where content begins.
    fn others<E>(&mut self, bytes: &[u8], rest: &mut Buffer) -> Result<usize, Stop<E>> {
        let mut used = 0;
        for &byte in bytes {
            used += 1;
            if let Place::Text { escaped } = self.place {
                self.text(byte, escaped);
                continue;
            }
            match byte {
                b'"' if self.next.take() == Some(Member::Content) => {
                    if std::mem::replace(&mut self.had_content, true) {
                        return Err(Stop::Wrong("it has two contents"));
                    }
                    self.place = Place::Content;
                    break;
                }
                b'"' => {
                    self.place = Place::Text { escaped: false };
                    self.name.clear();
                    self.name.push(byte);
                }
                b':' => self.next = self.named(),
                b'{' | b'[' => {
                    let opens_data = self.next.take() == Some(Member::Data) && byte == b'{';
                    self.in_data |= opens_data && self.depth == 1;
                    self.depth += 1;
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.in_data &= self.depth > 1;
                    self.next = None;
                }
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => self.next = None,
            }
        }
        rest.append(&bytes[..used])?;
        Ok(used)
    }

    fn text(&mut self, byte: u8, escaped: bool) {
        if self.name.len() <= LONGEST_NAME {
            self.name.push(byte);
        }
        self.place = match byte {
            b'"' if !escaped => Place::Between,
            byte => Place::Text { escaped: byte == b'\\' && !escaped },
        };
    }

    /// What the value behind this colon is.
    fn named(&self) -> Option<Member> {
        let wanted = match (self.depth, self.in_data) {
            (1, _) => Member::Data,
            (2, true) => Member::Content,
            _ => return None,
        };
        let name = std::str::from_utf8(&self.name).ok()?;
        let is: Option<Sameness> = sameness(name, if wanted == Member::Data { b"data" } else { b"content" });
        is.map(|_| wanted)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The content and the rest of an answer that comes in pieces of that size.
    fn split(answer: &[u8], piece: usize) -> Result<(Vec<u8>, String), Stop<()>> {
        let (mut splitter, mut rest, mut content) = (Splitter::default(), Buffer::default(), Vec::new());
        for piece in answer.chunks(piece) {
            splitter.take(piece, &mut rest, |bytes| {
                content.extend_from_slice(bytes);
                Ok(())
            })?;
        }
        Ok((content, String::from_utf8(rest.to_vec()).unwrap()))
    }

    #[test]
    fn the_content_is_taken_out_wherever_it_stands_and_however_it_comes() {
        for (answer, content, rest) in [
            (
                r#"{"success":true,"data":{"parcelId":1,"content":"QUJD","bytes":3}}"#,
                "QUJD",
                r#"{"success":true,"data":{"parcelId":1,"content":"","bytes":3}}"#,
            ),
            (
                "{ \"DATA\" : {\"d\\u0061ta\":{\"content\":\"x\"},\"list\":[\"content\",{\"content\":\"y\"}],\n\"Con\\u0074ent\" : \"QU\\/\\u002BJD\\\\\" } , \"data2\":{\"content\":\"z\"}, \"content\":\"q\" }",
                "QU/+JD\\",
                "{ \"DATA\" : {\"d\\u0061ta\":{\"content\":\"x\"},\"list\":[\"content\",{\"content\":\"y\"}],\n\"Con\\u0074ent\" : \"\" } , \"data2\":{\"content\":\"z\"}, \"content\":\"q\" }",
            ),
            (r#"{"data":{"content":null}}"#, "", r#"{"data":{"content":null}}"#),
            (
                r#"{"data":{"content":["a"],"x":"\"content\":"}}"#,
                "",
                r#"{"data":{"content":["a"],"x":"\"content\":"}}"#,
            ),
            (r#"{"data":["content",{"content":"a"}]}"#, "", r#"{"data":["content",{"content":"a"}]}"#),
            (r#"[{"data":{"content":"a"}}]"#, "", r#"[{"data":{"content":"a"}}]"#),
            (
                r#"{"success":false,"data":null,"message":"content"}"#,
                "",
                r#"{"success":false,"data":null,"message":"content"}"#,
            ),
        ] {
            for piece in 1..=answer.len() {
                let found = split(answer.as_bytes(), piece).unwrap();
                assert_eq!((found.0, &*found.1), (content.as_bytes().to_vec(), rest), "{piece}");
            }
        }
    }

    #[test]
    fn two_contents_are_one_too_many() {
        for answer in
            [r#"{"data":{"content":"a","Content":"b"}}"#, r#"{"data":{"content":"a"},"data":{"content":"b"}}"#]
        {
            assert_eq!(split(answer.as_bytes(), 7), Err(Stop::Wrong("it has two contents")));
        }
    }

    #[test]
    fn an_escape_that_stands_for_nothing_is_refused() {
        for content in [r"\x41", r"\u00zz", r"\ud800", "\\u\u{e9}\u{e9}"] {
            let answer = format!(r#"{{"data":{{"content":"{content}"}}}}"#);
            assert!(matches!(split(answer.as_bytes(), 5), Err(Stop::Wrong(_))), "{content}");
        }
    }

    proptest! {
        /// Against serde_json, on any JSON with such members in it.
        #[test]
        fn it_finds_what_a_parser_finds(
            before in "[a-z{}\\[\\]:,\"\\\\ ]{0,12}", content in "[A-Za-z0-9+/=\\\\\"]{0,40}", after in any::<i64>(), piece in 1..50_usize,
        ) {
            let answer = serde_json::json!({
                "message": before, "data": {"x": [before, {"content": before}], "content": content, "bytes": after}, "z": before,
            }).to_string();
            let (found, rest) = split(answer.as_bytes(), piece).unwrap();
            prop_assert_eq!(found, content.as_bytes());
            let mut expected: serde_json::Value = serde_json::from_str(&answer).unwrap();
            expected["data"]["content"] = "".into();
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&rest).unwrap(), expected);
        }

        #[test]
        fn nothing_makes_it_fall(answer in "[dataconte{}\\[\\]:,\"\\\\u0 ]{0,60}", piece in 1..9_usize) {
            let _ = split(answer.as_bytes(), piece);
        }
    }
}
