//! One answer of the API: its text, its `data`, and values looked up in it.

use std::ffi::{CStr, c_char};
use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::http::find_field;
use crate::memory::{Buffer, OutOfMemory, Sheet};
use crate::status::Status;
use crate::transport::Answer;
use crate::wire::{Index, Kind, Last, Scalar};

/// An answer that was a success. It says the same all its life; wiped when dropped, as answers may hold keys.
pub struct Response {
    http_status: u16,
    /// Where `data` stands in the body.
    data: Option<Range<usize>>,
    index: Index,
    texts: Mutex<Texts>,
    /// An accessor has found no memory.
    out_of_memory: AtomicBool,
}

/// What callers borrow. Nothing here is changed or moved once it was handed out.
struct Texts {
    head: Buffer,
    body: Buffer,
    use_of_body: Use,
    /// What a NUL was put in the place of, and where.
    cut: Option<(usize, u8)>,
    body_copy: Option<Buffer>,
    data_copy: Option<Buffer>,
    /// The values that were asked for, each at its own place in the body: none is longer than it is spelled.
    values: Option<Sheet>,
    last: Last,
}

/// The body itself, as it came, is the first of these texts that is asked for. The others need copies: each has its NUL
/// elsewhere.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    None,
    Body,
    Data,
    /// The string that is most of it.
    LongString,
}

impl Texts {
    /// Whether the body may serve as this.
    fn claim(&mut self, wanted: Use) -> bool {
        if self.use_of_body == Use::None {
            self.use_of_body = wanted;
        }
        self.use_of_body == wanted
    }

    /// The text of a range, where it stands.
    fn in_place(&mut self, range: Range<usize>) -> *const c_char {
        if self.cut.is_none() && range.end < self.body.len() {
            self.cut = Some((range.end, self.body.replace(range.end, 0)));
        }
        self.body.text(range).as_ptr()
    }

    /// A copy of a part of the body, as it came.
    fn copy(&self, range: Range<usize>) -> Result<Buffer, OutOfMemory> {
        let mut copy = Buffer::with_room(range.len())?;
        copy.append(&self.body[range.clone()])?;
        if let Some((at, byte)) = self.cut.filter(|(at, _)| range.contains(at)) {
            copy.replace(at - range.start, byte);
        }
        Ok(copy)
    }

    fn body(&mut self) -> Result<(*const c_char, usize), OutOfMemory> {
        let length = self.body.len();
        if self.claim(Use::Body) {
            return Ok((self.in_place(0..length), length));
        }
        if self.body_copy.is_none() {
            self.body_copy = Some(self.copy(0..length)?);
        }
        Ok((whole(&self.body_copy), length))
    }

    fn data(&mut self, range: Range<usize>) -> Result<*const c_char, OutOfMemory> {
        if self.claim(Use::Data) {
            return Ok(self.in_place(range));
        }
        if self.data_copy.is_none() {
            self.data_copy = Some(self.copy(range)?);
        }
        Ok(whole(&self.data_copy))
    }

    /// The text of a scalar that stands there.
    fn value(&mut self, range: Range<usize>, index: &Index) -> Result<Option<*const c_char>, OutOfMemory> {
        let start = range.start;
        if index.long_string().is_some_and(|long| long == range) && self.claim(Use::LongString) {
            return Ok(Some(self.in_place(start + 1..range.end - 1)));
        }
        let values = match &mut self.values {
            Some(values) => values,
            none => none.insert(Sheet::new(self.body.len())?),
        };
        if let Some(text) = values.get(start) {
            return Ok(Some(text));
        }
        let mut end = start;
        let sound = scalar(&self.body, range).pieces(|piece| {
            // No C string can hold a NUL.
            let sound = piece != "\0";
            if sound {
                values.put(end, piece.as_bytes());
                end += piece.len();
            }
            sound
        });
        if !sound {
            values.erase(start..end);
        }
        Ok(values.get(start))
    }
}

/// What the index has found in a body.
fn scalar(body: &Buffer, range: Range<usize>) -> Scalar<'_> {
    // SAFETY: the body was checked to be UTF-8, and both ends of a scalar are ASCII.
    Scalar(unsafe { std::str::from_utf8_unchecked(&body[range]) })
}

fn whole(copy: &Option<Buffer>) -> *const c_char {
    copy.as_ref().map_or(c"", |copy| copy.text(0..copy.len())).as_ptr()
}

impl Response {
    /// `body` must have been read as an envelope, `data` and `index` be what that said.
    pub(crate) fn new(answer: Answer, data: Option<Range<usize>>, index: Index) -> Self {
        let texts = Texts {
            head: answer.head,
            body: answer.body,
            use_of_body: Use::None,
            cut: None,
            body_copy: None,
            data_copy: None,
            values: None,
            last: Last::default(),
        };
        Self {
            http_status: answer.status,
            data,
            index,
            texts: Mutex::new(texts),
            out_of_memory: AtomicBool::new(false),
        }
    }

    /// Where a part lies in the text it was cut from.
    pub(crate) fn position(body: &[u8], part: &str) -> Range<usize> {
        let start = part.as_ptr() as usize - body.as_ptr() as usize;
        start..start + part.len()
    }

    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// Whether every accessor had the memory it needed.
    pub fn status(&self) -> Status {
        if self.out_of_memory.load(Ordering::Relaxed) { Status::OutOfMemory } else { Status::Ok }
    }

    fn texts(&self) -> MutexGuard<'_, Texts> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an accessor found; nothing, and a note of it, when there was no memory.
    fn note<T>(&self, found: Result<T, OutOfMemory>) -> Option<T> {
        if found.is_err() {
            self.out_of_memory.store(true, Ordering::Relaxed);
        }
        found.ok()
    }

    /// The whole answer as received, and its length.
    pub fn body(&self) -> (*const c_char, usize) {
        let found = self.texts().body();
        self.note(found).unwrap_or((c"".as_ptr(), 0))
    }

    /// The JSON text of `data`, "null" if absent, and its length.
    pub fn data(&self) -> (*const c_char, usize) {
        let Some(range) = self.data.clone() else { return (c"null".as_ptr(), 4) };
        let length = range.len();
        let found = self.texts().data(range);
        self.note(found).map_or((c"".as_ptr(), 0), |text| (text, length))
    }

    fn look_up(&self, texts: &mut Texts, pointer: &[u8]) -> Result<Option<Range<usize>>, OutOfMemory> {
        self.index.look_up(&texts.body, self.data.as_ref().map(|data| data.start), pointer, &mut texts.last)
    }

    /// A scalar as text; "" when the pointer leads to none, or to a string that no C string can hold.
    pub fn string(&self, pointer: impl AsRef<[u8]>) -> *const c_char {
        let texts = &mut *self.texts();
        let found = match self.look_up(texts, pointer.as_ref()) {
            Ok(Some(range)) => texts.value(range, &self.index),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        self.note(found).flatten().unwrap_or(c"".as_ptr())
    }

    /// A whole number, also one in a string.
    pub fn integer(&self, pointer: impl AsRef<[u8]>) -> Option<i64> {
        let texts = &mut *self.texts();
        let range = self.note(self.look_up(texts, pointer.as_ref())).flatten()?;
        scalar(&texts.body, range).integer()
    }

    /// What kind of value a pointer leads to.
    pub fn kind(&self, pointer: impl AsRef<[u8]>) -> Kind {
        let texts = &mut *self.texts();
        let data = self.data.as_ref().map(|data| data.start);
        self.note(self.index.kind(&texts.body, data, pointer.as_ref(), &mut texts.last)).unwrap_or(Kind::Missing)
    }

    /// How many elements an array has, or members an object; None for anything else. No pointer at all counts the rows of
    /// the only list in `data`, if there is one.
    pub fn count(&self, pointer: impl AsRef<[u8]>) -> Option<usize> {
        let texts = &mut *self.texts();
        let data = self.data.as_ref().map(|data| data.start);
        self.note(self.index.count(&texts.body, data, pointer.as_ref(), &mut texts.last)).flatten()
    }

    /// The value of the first header of that name; "" without one, or when it is not UTF-8.
    pub fn header(&self, name: &[u8]) -> *const c_char {
        let head = &mut self.texts().head;
        match find_field(head, name) {
            Some(range) if !range.is_empty() && std::str::from_utf8(&head[range.clone()]).is_ok() => {
                // Behind a value is space, or the end of its line. What is a NUL already may be in somebody's hands.
                if head[range.end] != 0 {
                    head.replace(range.end, 0);
                }
                head.text(range).as_ptr()
            }
            _ => c"".as_ptr(),
        }
    }

    /// `data`, as JSON. Whoever asks first needs no memory for it.
    pub(crate) fn data_text(&self) -> &str {
        let (text, _) = self.data();
        // SAFETY: a text that is neither changed nor freed while `self` lives.
        unsafe { CStr::from_ptr(text) }.to_str().unwrap_or_default()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("http_status", &self.http_status).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;
    use crate::wire;

    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nX-Total: 7 \r\nx-total: 8\nETag:\r\nLatin: \xe9\r\nUtf: \xc3\xa9\n\n";

    fn response(body: &str) -> Response {
        let mut answer = Answer {
            status: 200,
            asked: std::time::Duration::ZERO,
            date: None,
            retry_after_ms: None,
            head: Buffer::default(),
            body: Buffer::default(),
        };
        answer.head.append(HEAD).unwrap();
        answer.body.append(body.as_bytes()).unwrap();
        let envelope = wire::parse_answer(&answer.body).unwrap();
        let (data, index) = (envelope.data.map(|data| Response::position(&answer.body, data)), envelope.index);
        Response::new(answer, data, index)
    }

    impl Response {
        fn whole(&self) -> &str {
            let (text, length) = self.body();
            let text = unsafe { CStr::from_ptr(text) };
            assert_eq!(text.count_bytes(), length);
            text.to_str().unwrap()
        }

        fn string_text(&self, pointer: &str) -> &str {
            unsafe { CStr::from_ptr(self.string(pointer)) }.to_str().unwrap()
        }

        fn data_of(&self) -> &str {
            assert_eq!(self.data_text().len(), self.data().1);
            self.data_text()
        }
    }

    #[test]
    fn body_and_data_are_the_servers_own_text() {
        let body = r#" {"success":true,"data": {"version": "2.6", "big":18446744073709551616} } "#;
        let response = response(body);
        assert_eq!(response.whole(), body);
        assert_eq!(response.data_of(), r#"{"version": "2.6", "big":18446744073709551616}"#);
        assert_eq!(response.string_text("/VERSION"), "2.6");
        assert_eq!(response.string_text("/big"), "18446744073709551616");
        assert_eq!(response.integer("/big"), None);
        assert_eq!(response.integer("/version"), None);
    }

    #[test]
    fn headers_are_handed_out_by_name_where_they_lie() {
        let response = response(r#"{"success":true,"data":7}"#);
        let header = |name: &str| {
            // SAFETY: a text that lives as long as the response.
            unsafe { CStr::from_ptr(response.header(name.as_bytes())) }.to_str().unwrap()
        };
        for _ in 0..2 {
            // Of several of one name the first.
            assert_eq!((header("X-Total"), header("X-TOTAL"), header("utf")), ("7", "7", "é"));
            for none in ["ETag", "Latin", "X-Tota", "X-Total:", "HTTP/1.1 200 OK", "", "7"] {
                assert_eq!(header(none), "", "{none}");
            }
        }
        assert_eq!(response.header(b"x-total"), response.header(b"X-Total"));
        assert_eq!(response.string_text(""), "7");
    }

    #[test]
    fn what_is_counted_and_told_apart_is_the_same_whatever_was_handed_out_before() {
        let long = "x".repeat(200_000);
        for body in [
            format!(r#"{{"success":true,"data":{{"total":2,"rows":[{{"file":"{long}"}},7]}},"beside":{{"a":1}}}}"#),
            format!(r#"{{"success":true,"data":[{{"file":"{long}"}},7],"total":2,"beside":{{"a":1}}}}"#),
            r#"{"success":true,"data":[{"file":"x"},7],"total":2,"beside":{"a":1}}"#.to_owned(),
        ] {
            let ask = |response: &Response| {
                let shape = |pointer: &str| (response.kind(pointer), response.count(pointer));
                assert_eq!(response.count(""), Some(2));
                assert_eq!(shape("/0"), (Kind::Object, Some(1)));
                assert_eq!((shape("/0/file"), shape("/1")), ((Kind::String, None), (Kind::Number, None)));
                assert_eq!((shape("/2"), shape("/total")), ((Kind::Missing, None), (Kind::Number, None)));
                assert_eq!(shape("/beside"), (Kind::Object, Some(1)));
                assert_eq!(response.status(), Status::Ok);
            };
            for first in [Response::body, Response::data, |response: &Response| (response.string("/0/file"), 0)] {
                let response = response(&body);
                ask(&response);
                first(&response);
                ask(&response);
            }
        }
    }

    #[test]
    fn what_is_not_there_is_empty() {
        let none = response(r#"{"success":true}"#);
        assert_eq!((none.data_of(), none.string_text("")), ("null", ""));
        let nul = response(r#"{"success":true,"data":["a\u0000b","\ud800","x\ud800",""]}"#);
        for pointer in ["/0", "/1", "/2", "/3"] {
            assert_eq!((nul.string_text(pointer), nul.string_text(pointer)), ("", ""));
        }
        assert_eq!(nul.status(), Status::Ok);
        assert_eq!(response(r#"{"success":true,"data":"key"}"#).string_text(""), "key");
    }

    #[test]
    fn a_string_stays_where_it_is_while_others_are_asked_for() {
        let response = response(r#"{"success":true,"data":{"a":"first","b":[1,22,333],"c":7}}"#);
        let first = response.string("/a");
        for number in 0..1000 {
            response.string(format!("/{number}"));
        }
        assert_eq!((response.string_text("/a"), first), ("first", response.string("/a")));
        // However it is spelled.
        assert_eq!(first, response.string("/A"));
        // Neighbours have their own places.
        for (pointer, text) in [("/b/1", "22"), ("/b/0", "1"), ("/b/2", "333"), ("/c", "7"), ("/a", "first")] {
            assert_eq!(response.string_text(pointer), text);
        }
        assert_eq!((response.string_text("/b/0"), response.string_text("/b/1")), ("1", "22"));
    }

    #[test]
    fn look_ups_begin_where_the_envelope_says_data_is() {
        for body in [
            r#"{"data":{"id":1},"Data":3,"data":{"id":2},"DATA":4}"#,
            "\u{feff}{\"success\":true,\"data\":{\"id\":2}}",
            "\u{feff} \n{\"Data\":{\"\\u0069d\":2}} ",
        ] {
            let response = response(body);
            assert_eq!(response.whole(), body);
            assert!(response.data_of().starts_with('{'), "{body}");
            assert_eq!((response.string_text("/id"), response.integer("/id")), ("2", Some(2)), "{body}");
        }
    }

    /// Whatever is asked for first is handed out where it lies, and none of it changes what the others say.
    #[test]
    fn body_data_and_values_say_the_same_in_every_order() {
        let long = "x".repeat(200_000);
        for (data, end) in [
            (format!(r#"{{"file":"{long}","id":7}}"#), "}"),
            (format!(r#"{{"id":7,"file":"{long}"}}"#), r#","total":8}"#),
            (format!(r#"{{"file":"{long}","id":7}}"#), "\n ,\"total\" : 8 } "),
            (r#"{"file":"short\n","id":7}"#.to_owned(), "}"),
            (format!(r#"["{long}"]"#), r#","total":8,"id":7}"#),
            (format!(r#""{long}""#), r#","total":8,"id":7}"#),
            ("7".to_owned(), r#","total":8,"id":7}"#),
            ("7".to_owned(), " }"),
        ] {
            let body = format!("{{\"success\":true,\"data\":{data}{end}");
            let value: serde_json::Value = serde_json::from_str(&data).unwrap();
            let beside: serde_json::Value = serde_json::from_str(&body).unwrap();
            let text = |value: Option<&serde_json::Value>| {
                value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default()
            };
            for order in
                [[0, 1, 2, 3], [1, 0, 2, 3], [2, 0, 1, 3], [2, 1, 0, 3], [0, 2, 1, 3], [1, 2, 0, 3], [3, 2, 1, 0]]
            {
                let response = response(&body);
                let mut addresses = [None; 5];
                for question in order.into_iter().cycle().take(8) {
                    let (at, address) = match question {
                        0 => {
                            assert_eq!(response.whole(), body);
                            (0, response.body().0)
                        }
                        1 => {
                            assert_eq!(response.data_of(), data);
                            (1, response.data().0)
                        }
                        2 => {
                            let pointer =
                                ["/file", "/0", ""].into_iter().find(|pointer| value.pointer(pointer).is_some());
                            let pointer = pointer.unwrap();
                            assert_eq!(response.string_text(pointer), text(value.pointer(pointer)));
                            (2, response.string(pointer))
                        }
                        _ => {
                            let id = value.pointer("/id").or(beside.pointer("/id"));
                            assert_eq!(response.string_text("/id"), text(id));
                            assert_eq!(response.string_text("/total"), text(beside.pointer("/total")));
                            assert_eq!(response.string_text("/nowhere"), "");
                            (3, response.string("/id"))
                        }
                    };
                    assert_eq!(*addresses[at].get_or_insert(address), address, "{question}");
                }
                assert_eq!(response.status(), Status::Ok);
            }
        }
    }

    #[test]
    fn a_number_in_a_long_string_is_none_whatever_was_asked_for_before() {
        let response = response(&format!(r#"{{"success":true,"data":{{"padded":"{}7"}}}}"#, " ".repeat(200_000)));
        let before = response.integer("/padded");
        response.string("/padded");
        assert_eq!((before, response.integer("/padded")), (None, None));
    }

    #[test]
    fn what_is_asked_for_first_is_not_copied() {
        let long = "x".repeat(200_000);
        let body = format!(r#"{{"success":true,"data":{{"file":"{long}"}}}}"#);
        let within = |response: &Response, text: *const c_char| {
            let texts = response.texts();
            texts.body.as_ptr_range().contains(&text.cast())
        };
        let first = response(&body);
        assert!(within(&first, first.string("/file")) && !within(&first, first.data().0));
        let first = response(&body);
        assert!(within(&first, first.data().0) && !within(&first, first.string("/file")));
        let first = response(&body);
        assert!(within(&first, first.body().0) && !within(&first, first.string("/file")));
    }

    fn long_list(rows: usize) -> Response {
        let rows: Vec<String> =
            (0..rows).map(|row| format!(r#"{{"parcelId":{row},"status":"InBoxReady","file":"{row}.edi"}}"#)).collect();
        response(&format!(
            r#"{{"success":true,"data":{{"totalRecords":{},"parcels":[{}]}}}}"#,
            rows.len(),
            rows.join(",")
        ))
    }

    /// All rows, as a caller reads them who does not know how many there are.
    fn read_all(list: &Response) -> usize {
        let mut row = 0;
        while !list.string_text(&format!("/{row}/parcelId")).is_empty() {
            assert_eq!(list.integer(format!("/{row}/parcelID")), Some(row as i64));
            assert_eq!(list.string_text(&format!("/{row}/status")), "InBoxReady");
            row += 1;
        }
        row
    }

    #[test]
    fn a_look_up_reads_little_of_the_text_however_long_that_is() {
        let list = long_list(10_000);
        assert_eq!(list.integer("/totalRecords"), Some(10_000));
        let before = Index::passed();
        assert_eq!(read_all(&list), 10_000);
        assert_eq!(list.string_text("/parcels/9999/file"), "9999.edi");
        let each = (Index::passed() - before) / 30_000;
        assert!(each < 1500, "{each} bytes of values are passed over by a look-up");
    }

    #[test]
    fn threads_read_at_once_and_are_given_the_same_texts() {
        let (list, barrier) = (long_list(200), Barrier::new(8));
        let read = || {
            barrier.wait();
            let addresses: Vec<usize> = (0..200).map(|row| list.string(format!("/{row}/file")) as usize).collect();
            (read_all(&list), list.data().0 as usize, addresses)
        };
        let seen: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(read)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(seen.iter().all(|one| one.0 == 200 && *one == seen[0]));
    }
}
