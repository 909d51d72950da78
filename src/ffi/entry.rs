//! What every function of the ABI goes through on its way in and out.

use std::any::Any;
use std::cell::RefCell;
#[cfg(unix)]
use std::ffi::OsStr;
use std::ffi::{CStr, c_char};
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::ptr;
use std::slice;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::census;
use super::handles::ecgrid_error;
use super::status::ecgrid_status;
use crate::error::{Error, Facts, Outcome, Status};
use crate::standalone;

/// The body of every exported function: no panic gets past it. `entry!(error, body)` is for those that can fail,
/// `entry!(or fallback, body)` for those that answer in any case.
macro_rules! entry {
    (or $fallback:expr, $body:expr) => {
        $crate::ffi::entry::answer(|| $body).unwrap_or_else(|| $fallback)
    };
    ($error:expr, $body:expr) => {
        $crate::ffi::entry::fallible($error, || $body)
    };
}

/// Runs the body of an accessor. Nanoseconds count there, so it costs no more than the landing pad.
pub(super) fn answer<T>(body: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(body)).map_err(discard).ok()
}

/// The payload of a panic may hold anything, a password too, so it is not shown. Text is wiped; another kind may panic
/// again when it is dropped.
#[cold]
#[inline(never)]
fn discard(payload: Box<dyn Any + Send>) {
    match payload.downcast::<String>() {
        Ok(text) => drop(Zeroizing::new(*text)),
        Err(other) => std::mem::forget(other),
    }
}

/// Runs `body`; a panic becomes an error that says where.
pub(super) fn guard<T>(body: impl FnOnce() -> T) -> Result<T, Error> {
    let _quiet = standalone::quiet();
    catch_unwind(AssertUnwindSafe(body)).map_err(bug)
}

#[cold]
#[inline(never)]
fn bug(panic: Box<dyn Any + Send>) -> Error {
    discard(panic);
    let place = standalone::take_panic_place().map(|place| format!(" at {place}")).unwrap_or_default();
    let message = format!("a bug in libecgrid (panic{place}), please report it; later calls are not affected");
    Error::from(Facts { outcome: Outcome::Unknown, ..Facts::new(Status::Internal, message) })
}

thread_local! {
    static LAST: RefCell<Option<Arc<ecgrid_error>>> = const { RefCell::new(None) };
}

/// Runs `body`, reports its failure to the caller and to `ecgrid_last_error`, and returns the status.
pub(super) fn fallible(error: *mut *mut ecgrid_error, body: impl FnOnce() -> Result<(), Error>) -> ecgrid_status {
    report(error, guard(body).and_then(|result| result))
}

/// Apart from `fallible`, which every function of the ABI gets a copy of.
#[inline(never)]
fn report(error: *mut *mut ecgrid_error, result: Result<(), Error>) -> ecgrid_status {
    let reported = guard(|| {
        let (status, failure) = match result {
            Ok(()) => (Status::Ok as ecgrid_status, None),
            Err(failure) => (failure.status as ecgrid_status, Some(Arc::new(ecgrid_error::new(failure)))),
        };
        // SAFETY: the caller's out-pointer, NULL or valid by the contract of this module.
        if let Some(error) = unsafe { error.as_mut() } {
            *error = failure.clone().map_or(ptr::null_mut(), ecgrid_error::give);
        }
        // A thread that is ending has no last error any more.
        let _ = LAST.try_with(|last| last.replace(failure));
        status
    });
    reported.unwrap_or(Status::Internal as ecgrid_status)
}

/// The calling thread's last failure.
pub(super) fn last_error() -> *const ecgrid_error {
    LAST.try_with(|last| last.borrow().as_ref().map_or(ptr::null(), Arc::as_ptr)).unwrap_or(ptr::null())
}

/// The caller's place for a result, set to NULL until there is one.
pub(super) struct Out<'a, T>(Option<&'a mut *mut T>);

impl<'a, T> Out<'a, T> {
    /// SAFETY: `place` as the contract of this module says.
    pub unsafe fn required(place: *mut *mut T, name: &str) -> Result<Self, Error> {
        match unsafe { Self::optional(place) } {
            Self(None) => Err(Error::argument(format!("{name}: the out-pointer is NULL"))),
            out => Ok(out),
        }
    }

    /// SAFETY: `place` as the contract of this module says.
    pub unsafe fn optional(place: *mut *mut T) -> Self {
        let mut place = unsafe { place.as_mut() };
        if let Some(place) = &mut place {
            **place = ptr::null_mut();
        }
        Self(place)
    }

    pub fn put(self, value: T) {
        if let Some(place) = self.0 {
            census::handed_out();
            *place = Box::into_raw(Box::new(value));
        }
    }

    /// A pointer that is owned by whoever has it.
    pub fn put_raw(self, pointer: *mut T) {
        if let Some(place) = self.0 {
            *place = pointer;
        }
    }
}

/// The caller's place for a number, 0 until there is one; NULL for a caller who does not want it.
///
/// SAFETY: `place` as the contract of this module says.
pub(super) unsafe fn number<'a>(place: *mut i64) -> Option<&'a mut i64> {
    let mut place = unsafe { place.as_mut() };
    if let Some(place) = &mut place {
        **place = 0;
    }
    place
}

/// SAFETY: `handle` as the contract of this module says.
pub(super) unsafe fn borrow<'a, T>(handle: *const T, name: &str) -> Result<&'a T, Error> {
    unsafe { handle.as_ref() }.ok_or_else(|| is_null(name))
}

/// SAFETY: `handle` as the contract of this module says, and used by no other thread.
pub(super) unsafe fn borrow_mut<'a, T>(handle: *mut T, name: &str) -> Result<&'a mut T, Error> {
    unsafe { handle.as_mut() }.ok_or_else(|| is_null(name))
}

/// SAFETY: `text` as the contract of this module says.
#[inline(never)]
pub(super) unsafe fn text<'a>(text: *const c_char, name: &str) -> Result<&'a str, Error> {
    if text.is_null() {
        return Err(is_null(name));
    }
    unsafe { CStr::from_ptr(text) }
        .to_str()
        .map_err(|error| Error::argument(format!("{name} is not UTF-8 (wrong from byte {} on)", error.valid_up_to())))
}

/// A path: any bytes but NUL on Unix, UTF-8 on Windows.
///
/// SAFETY: `text` as the contract of this module says.
#[inline(never)]
pub(super) unsafe fn path<'a>(text: *const c_char, name: &str) -> Result<&'a Path, Error> {
    if text.is_null() {
        return Err(is_null(name));
    }
    #[cfg(unix)]
    let path = Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(text) }.to_bytes()));
    #[cfg(windows)]
    let path = Path::new(unsafe { self::text(text, name) }?);
    if path.as_os_str().is_empty() {
        return Err(Error::argument(format!("{name} is empty")));
    }
    Ok(path)
}

/// SAFETY: `start` is NULL, or points to `length` bytes that stay valid during the call.
pub(super) unsafe fn bytes<'a>(start: *const c_char, name: &str, length: usize) -> Result<Option<&'a [u8]>, Error> {
    match (start.is_null(), length) {
        (true, 0) => Ok(None),
        (true, _) => Err(Error::argument(format!("{name} is NULL, but its length is {length}"))),
        (false, _) if isize::try_from(length).is_err() => {
            Err(Error::argument(format!("{name} is {length} bytes long, which nothing can be")))
        }
        (false, _) => Ok(Some(unsafe { slice::from_raw_parts(start.cast(), length) })),
    }
}

/// SAFETY: `handle` is NULL or owned by the caller, who gives it up.
pub(super) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        census::given_back();
        drop(unsafe { Box::from_raw(handle) });
    }
}

#[cold]
#[inline(never)]
fn is_null(name: &str) -> Error {
    Error::argument(format!("{name} is NULL"))
}
