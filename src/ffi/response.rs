//! Response
//!
//! One answer of the API. `pointer` is an RFC 6901 JSON pointer into the answer's `data`, such as
//! "/version" or "/list/0/id"; "" is `data` itself. Member names match exactly first, then without
//! ASCII case, as ECGrid's pages do not agree on theirs; of two that match, the later counts.
//! Accessors take NULL. A forked child may read a response, unless another thread was reading it at
//! the time of the fork.
//!
//! The answer is checked once, when it comes. A look-up reads little of a list, however long that
//! is, but all of an object in which it looks for a name. A list is walked fastest from row to row.
//! Each value takes memory once, however often it is asked for and however its pointer is spelled.
//! So an answer takes at most 2.5 times its bytes and 1 MiB, whatever is looked up in it. A program
//! that asks for both ecgrid_response_body and ecgrid_response_data pays for one more copy.
//!
//! ECGrid has lists in three shapes: a bare array, totals beside `data`, totals inside it:
//!
//!   {"success": true, "data": [{"parcelId": 7}, {"parcelId": 8}]}
//!   {"success": true, "data": [{"parcelId": 7}, {"parcelId": 8}], "totalRecords": 2}
//!   {"success": true, "data": {"totalRecords": 2, "parcels": [{"parcelId": 7}, {"parcelId": 8}]}}
//!
//! One rule reaches into all of them. A pointer's first step is looked up in `data`. Where `data`
//! is an object without a member of that name, and the step is an array index, it means the element
//! of the only array among its members; with several arrays, or none, it finds nothing. Where
//! `data` has no member of that name, also because it is an array, a name is looked up beside
//! `data` in the answer: never success, data, errorCode and message themselves. So "/0/parcelId" is
//! 7 in all three, "/totalRecords" is 2 where there is a total, and ecgrid_response_count of "" is 2.
//! So a list is walked like this, here with a `char pointer[40]`:
//!
//!   int64_t rows = ecgrid_response_count(response, "");
//!   for (int64_t row = 0; row < rows; row++) {
//!       snprintf(pointer, sizeof pointer, "/%lld/parcelId", (long long)row);
//!       puts(ecgrid_response_string(response, pointer));
//!   }
//!   if (ecgrid_response_status(response) != ECGRID_OK) return 1; // no memory for a value

use std::ffi::{CStr, c_char};

use super::entry::{Out, bytes, free};
use super::handles::{ecgrid_error, ecgrid_response};
use super::status::ecgrid_status;
use crate::error::Error;
use crate::request::given_answer::response_from;
use crate::response::Response;

/// The HTTP status of the answer, 200 to 299; 0 for NULL.
///
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_http_status(response: *const ecgrid_response) -> i32 {
    entry!(or 0, unsafe { response.as_ref() }.map_or(0, |handle| i32::from(handle.response.http_status())))
}

/// ECGRID_OK, or ECGRID_OUT_OF_MEMORY after an accessor that found no memory for its value, and
/// answered as if there were none. ECGRID_OK for NULL.
///
/// It stays so until the response is freed. A program that walks a list asks this after the walk: only
/// with ECGRID_OK was each value what the answer has. Only what needs memory can fail so: texts, and
/// pointers with a ~ in them.
///
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_status(response: *const ecgrid_response) -> ecgrid_status {
    entry!(or 0, unsafe { response.as_ref() }.map_or(0, |handle| handle.response.status() as ecgrid_status))
}

/// The whole answer as received: JSON, UTF-8. `*length`, if asked for, is its length in bytes
/// without the NUL.
///
/// Borrowed from `response`, valid until it is freed; never NULL, "" for NULL. `length` may be
/// NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_body(response: *const ecgrid_response, length: *mut usize) -> *const c_char {
    entry!(or c"".as_ptr(), unsafe { with_length(response.as_ref().map_or((c"".as_ptr(), 0), |handle| handle.response.body()), length) })
}

/// The JSON text of `data`, exactly as received; "null" if the answer has none. `*length` as above.
///
/// Borrowed from `response`, valid until it is freed; never NULL, "" for NULL. `length` may be
/// NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_data(response: *const ecgrid_response, length: *mut usize) -> *const c_char {
    entry!(or c"".as_ptr(), unsafe { with_length(response.as_ref().map_or((c"".as_ptr(), 0), |handle| handle.response.data()), length) })
}

/// A string, number or boolean of `data` as text; "" when the pointer leads to none of these, or is
/// NULL or malformed.
///
/// A string with a NUL in it, which C cannot hold, is "" too. Borrowed from `response`, valid until
/// it is freed; never NULL.
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_string(
    response: *const ecgrid_response,
    pointer: *const c_char,
) -> *const c_char {
    entry!(or c"".as_ptr(), {
        unsafe { both(response, pointer) }.map_or(c"".as_ptr(), |(response, pointer)| response.string(pointer))
    })
}

/// A whole number of `data`, also one in a string; `fallback` when the pointer leads to none that
/// fits 64 bits, or is NULL or malformed.
///
/// Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_int(
    response: *const ecgrid_response,
    pointer: *const c_char,
    fallback: i64,
) -> i64 {
    entry!(or fallback, {
        unsafe { both(response, pointer) }.and_then(|(response, pointer)| response.integer(pointer)).unwrap_or(fallback)
    })
}

/// How many elements the array has, or members the object, that `pointer` leads to; -1 when it leads to
/// neither, or is NULL or malformed. "" counts the rows of a list in each of the three shapes.
///
/// That is the one place where "" is not `data` itself: where `data` is an object with one array among
/// its members, "" counts that array, whose rows are "/0", "/1" and so on. Of an object with several
/// arrays, or none, it counts the members. Members are counted as they stand, also two of one name.
///
/// A count of a long list reads little of it. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_count(response: *const ecgrid_response, pointer: *const c_char) -> i64 {
    entry!(or - 1, {
        let count = unsafe { both(response, pointer) }.and_then(|(response, pointer)| response.count(pointer));
        count.and_then(|count| i64::try_from(count).ok()).unwrap_or(-1)
    })
}

/// The pointer leads to nothing.
pub const ECGRID_KIND_MISSING: i32 = 0;
/// null
pub const ECGRID_KIND_NULL: i32 = 1;
/// true or false
pub const ECGRID_KIND_BOOLEAN: i32 = 2;
/// A number of any size.
pub const ECGRID_KIND_NUMBER: i32 = 3;
/// A string, also one that C cannot hold.
pub const ECGRID_KIND_STRING: i32 = 4;
/// [ ]
pub const ECGRID_KIND_ARRAY: i32 = 5;
/// { }
pub const ECGRID_KIND_OBJECT: i32 = 6;

/// What kind of value `pointer` leads to, one of ECGRID_KIND_*: so "" as a string tells an empty
/// string from null and from nothing at all. ECGRID_KIND_MISSING when it leads to nothing, or is NULL
/// or malformed.
///
/// "" is `data` itself: where that is the object around a list, it is ECGRID_KIND_OBJECT. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_kind(response: *const ecgrid_response, pointer: *const c_char) -> i32 {
    entry!(or ECGRID_KIND_MISSING, {
        let kind = unsafe { both(response, pointer) }.map(|(response, pointer)| response.kind(pointer) as i32);
        kind.unwrap_or(ECGRID_KIND_MISSING)
    })
}

/// The value of a header of the answer, such as "ETag"; "" when the answer has no such header, and
/// for NULL.
///
/// `name` matches without case. Of several headers of one name it is the first. A value that is not
/// UTF-8 is "". No header is held back, so the value may be a secret, as in Set-Cookie: the program
/// asks for it by name, and it is wiped with the response. Takes no memory.
///
/// Borrowed from `response`, valid until it is freed; never NULL. Any thread.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_header(
    response: *const ecgrid_response,
    name: *const c_char,
) -> *const c_char {
    entry!(or c"".as_ptr(), {
        unsafe { both(response, name) }.map_or(c"".as_ptr(), |(response, name)| response.header(name))
    })
}

/// A response that the program makes itself, to test what it does with ECGrid's answers.
///
/// `json` is `length` bytes: the whole body of an answer as ECGrid sends it, with success, data and all
/// that stands beside them. It is copied. What comes of it is what comes of a call that is answered
/// so, with HTTP status 200 and no headers: success: false is ECGRID_REJECTED, and what is not JSON
/// ECGRID_BAD_RESPONSE. On ECGRID_OK `*response` is owned by the caller, who frees it with
/// ecgrid_response_free; else it is NULL. `response` must not be NULL. Any thread.
/// Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, ECGRID_REJECTED, ECGRID_BAD_RESPONSE or
/// ECGRID_OUT_OF_MEMORY.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_from_json(
    json: *const c_char,
    length: usize,
    response: *mut *mut ecgrid_response,
    error: *mut *mut ecgrid_error,
) -> ecgrid_status {
    entry!(error, {
        let response_out = unsafe { Out::required(response, "response") }?;
        let json = unsafe { bytes(json, "json", length) }?.ok_or_else(|| Error::argument("json is NULL"))?;
        response_out.put(ecgrid_response { response: response_from(json)? });
        Ok(())
    })
}

/// Frees a response and wipes it. NULL does nothing.
///
/// The process keeps up to 8 MiB of such memory for its next answers.
///
/// Any thread; no other may be using the response.
/// Since: 0.1.0
///
/// # Safety
/// Pointers as the header says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ecgrid_response_free(response: *mut ecgrid_response) {
    entry!(or(), unsafe { free(response) })
}

/// A response and a pointer into it, unless one is NULL. What is not UTF-8 leads to nothing in a text that is.
///
/// SAFETY: both as the contract of this module says.
unsafe fn both<'a>(response: *const ecgrid_response, pointer: *const c_char) -> Option<(&'a Response, &'a [u8])> {
    let handle = unsafe { response.as_ref() }?;
    (!pointer.is_null()).then(|| (&handle.response, unsafe { CStr::from_ptr(pointer) }.to_bytes()))
}

/// SAFETY: `length` as the contract of this module says.
unsafe fn with_length((text, count): (*const c_char, usize), length: *mut usize) -> *const c_char {
    if let Some(length) = unsafe { length.as_mut() } {
        *length = count;
    }
    text
}
