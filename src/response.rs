//! One answer of the API: its text, its `data`, and values looked up in it.

use std::collections::HashMap;
use std::ffi::CStr;
use std::fmt;
use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::secret::SecretText;
use crate::status::Status;
use crate::transport::Answer;
use crate::wire;

/// An answer that was a success. Immutable; wiped when dropped, as answers may hold keys.
pub struct Response {
    http_status: u16,
    body: SecretText,
    /// Where `data` stands in the body.
    data: Option<Range<usize>>,
    /// `data` as a text of its own, copied when first asked for.
    data_text: OnceLock<SecretText>,
    /// Where everything in the body is, found out when first asked for; None if that cannot be.
    tree: OnceLock<Option<wire::Tree>>,
    /// Values asked for, kept because callers borrow them.
    strings: Mutex<HashMap<String, SecretText>>,
}

impl Response {
    /// `body` must have been read as an envelope, `data` be what that said.
    pub(crate) fn new(answer: Answer, data: Option<Range<usize>>) -> Self {
        let body = SecretText::from_bytes(answer.body).expect("valid JSON holds no NUL");
        Self {
            http_status: answer.status,
            body,
            data,
            data_text: OnceLock::new(),
            tree: OnceLock::new(),
            strings: Mutex::default(),
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
        Status::Ok
    }

    /// The whole answer as received.
    pub fn body(&self) -> &CStr {
        self.body.as_c_str()
    }

    /// The JSON text of `data`, "null" if absent.
    pub fn data(&self) -> &CStr {
        let text = self.data_text.get_or_init(|| {
            let data = self.data.clone().and_then(|range| self.body.as_bytes().get(range)).unwrap_or(b"null");
            SecretText::new(&[data]).expect("valid JSON holds no NUL")
        });
        text.as_c_str()
    }

    fn look_up(&self, pointer: &str) -> Option<wire::Scalar<'_>> {
        let body = self.body.as_bytes();
        self.tree.get_or_init(|| wire::Tree::build(body)).as_ref()?.look_up(body, pointer)
    }

    /// A scalar as text; "" when the pointer leads to none, or to a string that no C string can hold.
    pub fn string(&self, pointer: &str) -> &CStr {
        let mut strings = self.strings.lock().unwrap_or_else(PoisonError::into_inner);
        if !strings.contains_key(pointer) {
            let text = self.look_up(pointer).and_then(wire::Scalar::text).unwrap_or_default();
            let text = SecretText::new(&[text.as_bytes()]).or_else(|| SecretText::new(&[]));
            strings.insert(pointer.to_owned(), text.expect("an empty text holds no NUL"));
        }
        let text = strings[pointer].as_c_str();
        // SAFETY: the text lies on the heap, is never changed, and never removed while `self` lives.
        unsafe { CStr::from_ptr(text.as_ptr()) }
    }

    /// A whole number, also one in a string.
    pub fn integer(&self, pointer: &str) -> Option<i64> {
        self.look_up(pointer)?.integer()
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
    use crate::secret::SecretBytes;

    fn response(body: &str) -> Response {
        let mut answer = Answer {
            status: 200,
            asked: std::time::Duration::ZERO,
            date: None,
            retry_after_ms: None,
            location: None,
            body: SecretBytes::default(),
        };
        answer.body.extend_from_slice(body.as_bytes());
        let data = wire::parse_envelope(&answer.body).unwrap().data.map(|data| Response::position(&answer.body, data));
        Response::new(answer, data)
    }

    #[test]
    fn body_and_data_are_the_servers_own_text() {
        let body = r#" {"success":true,"data": {"version": "2.6", "big":18446744073709551616} } "#;
        let response = response(body);
        assert_eq!(response.body().to_str(), Ok(body));
        assert_eq!(response.data().to_str(), Ok(r#"{"version": "2.6", "big":18446744073709551616}"#));
        assert_eq!(response.string("/VERSION"), c"2.6");
        assert_eq!(response.string("/big"), c"18446744073709551616");
        assert_eq!(response.integer("/big"), None);
        assert_eq!(response.integer("/version"), None);
    }

    #[test]
    fn what_is_not_there_is_empty() {
        let none = response(r#"{"success":true}"#);
        assert_eq!((none.data(), none.string("")), (c"null", c""));
        let nul = response(r#"{"success":true,"data":"a\u0000b"}"#);
        assert_eq!(nul.string(""), c"");
        assert_eq!(response(r#"{"success":true,"data":"key"}"#).string(""), c"key");
    }

    #[test]
    fn a_string_stays_where_it_is_while_others_are_asked_for() {
        let response = response(r#"{"success":true,"data":{"a":"first"}}"#);
        let first = response.string("/a");
        for number in 0..1000 {
            response.string(&format!("/{number}"));
        }
        assert_eq!((first, first.as_ptr()), (c"first", response.string("/a").as_ptr()));
    }

    #[test]
    fn look_ups_begin_where_the_envelope_says_data_is() {
        for body in [
            r#"{"data":{"id":1},"Data":3,"data":{"id":2},"DATA":4}"#,
            "\u{feff}{\"success\":true,\"data\":{\"id\":2}}",
            "\u{feff} \n{\"Data\":{\"\\u0069d\":2}} ",
        ] {
            let response = response(body);
            assert_eq!(response.body().to_str(), Ok(body));
            assert!(response.data().to_bytes().starts_with(b"{"), "{body}");
            assert_eq!((response.string("/id"), response.integer("/id")), (c"2", Some(2)), "{body}");
        }
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
        while !list.string(&format!("/{row}/parcelId")).is_empty() {
            assert_eq!(list.integer(&format!("/{row}/parcelID")), Some(row as i64));
            assert_eq!(list.string(&format!("/{row}/status")), c"InBoxReady");
            row += 1;
        }
        row
    }

    #[test]
    fn the_text_is_read_once_however_much_is_looked_up() {
        let before = wire::Tree::built();
        let list = long_list(10_000);
        assert_eq!((list.http_status(), list.data().count_bytes() < list.body().count_bytes()), (200, true));
        assert_eq!(wire::Tree::built() - before, 0, "nobody has looked anything up");
        assert_eq!(list.integer("/totalRecords"), Some(10_000));
        assert_eq!(read_all(&list), 10_000);
        assert_eq!(wire::Tree::built() - before, 1);
    }

    #[test]
    fn threads_read_at_once_and_are_given_the_same_texts() {
        let (list, barrier) = (long_list(200), Barrier::new(8));
        let read = || {
            barrier.wait();
            let addresses: Vec<usize> =
                (0..200).map(|row| list.string(&format!("/{row}/file")).as_ptr() as usize).collect();
            (read_all(&list), wire::Tree::built(), addresses)
        };
        let seen: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(read)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(seen.iter().all(|(rows, _, addresses)| (*rows, addresses) == (200, &seen[0].2)));
        assert_eq!(seen.iter().map(|(_, built, _)| built).sum::<usize>(), 1);
    }
}
