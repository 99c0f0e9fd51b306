//! The border: pointers become values here, and panics end.

use std::ffi::c_char;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chancery::Lang;

use crate::handles::{self, Object};
use crate::status::{CHANCERY_INTERNAL, CHANCERY_INVALID_UTF8, CHANCERY_OK, Failure, Status};

/// Runs the inside of a function that can fail.
///
/// # Safety
///
/// `error` is null, or a place for a handle.
pub(crate) unsafe fn guarded(
    error: *mut u64,
    inside: impl FnOnce() -> Result<(), Failure>,
) -> Status {
    // What a panic may have left half done is never seen again: the library's state is behind
    // locks and transactions, and the caller's was not touched yet.
    let result = catch_unwind(AssertUnwindSafe(inside))
        .unwrap_or_else(|_| Err(Failure::new(CHANCERY_INTERNAL, "a fault of the library")));
    let (status, handle) = match result {
        Ok(()) => (CHANCERY_OK, 0),
        Err(failure) if error.is_null() => (failure.status, 0),
        Err(failure) => (failure.status, handles::keep(Object::Error(failure.message.into()))),
    };
    // SAFETY: the caller gave null, which is left alone, or a place for a handle.
    unsafe { put(error, handle) };
    status
}

/// Runs the inside of a function that gives something else where it can not.
pub(crate) fn or<T>(otherwise: T, inside: impl FnOnce() -> Result<T, Failure>) -> T {
    match catch_unwind(AssertUnwindSafe(inside)) {
        Ok(Ok(value)) => value,
        Ok(Err(_)) | Err(_) => otherwise,
    }
}

/// Puts a value where the caller wants it; nowhere if that is null.
///
/// # Safety
///
/// `place` is null, or a place that a value of this type may be written to.
pub(crate) unsafe fn put<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: it is not null, and the caller says that it may be written to. The place need not
        // be aligned, nor hold a value.
        unsafe { place.write_unaligned(value) };
    }
}

/// A place that must be there.
pub(crate) fn required<T>(place: *mut T, what: &str) -> Result<*mut T, Failure> {
    match place.is_null() {
        true => Err(Failure::argument(format!("`{what}` is null; give a place for it"))),
        false => Ok(place),
    }
}

/// The text that the caller gave.
///
/// # Safety
///
/// `text` is null, or that many bytes can be read there, and nobody changes them until the text is
/// no longer used.
pub(crate) unsafe fn text<'a>(
    text: *const c_char,
    length: usize,
    what: &str,
) -> Result<&'a str, Failure> {
    if length == 0 {
        return Ok("");
    }
    if text.is_null() {
        return Err(Failure::argument(format!("`{what}` is null but has a length")));
    }
    if length > isize::MAX as usize {
        return Err(Failure::argument(format!("the length of `{what}` is impossible")));
    }
    // SAFETY: it is not null, the length is a possible one, and the caller says that so many bytes
    // can be read and stay as they are.
    let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length) };
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Failure::new(CHANCERY_INVALID_UTF8, format!("`{what}` is not UTF-8 at byte {at}"))
    })
}

/// The language that the caller named.
///
/// # Safety
///
/// As [`text`].
pub(crate) unsafe fn lang(tag: *const c_char, length: usize, what: &str) -> Result<Lang, Failure> {
    // SAFETY: the caller says what `text` asks for.
    let tag = unsafe { text(tag, length, what) }?;
    tag.parse().map_err(|error| Failure::argument(format!("`{what}`: {error}")))
}

/// Gives a text of an object that lives on.
///
/// # Safety
///
/// `length` is null, or a place for a length.
pub(crate) unsafe fn give(
    length: *mut usize,
    inside: impl FnOnce() -> Result<(*const c_char, usize), Failure>,
) -> *const c_char {
    let (text, bytes) = or((std::ptr::null(), 0), inside);
    // SAFETY: the caller gave null or a place for a length.
    unsafe { put(length, bytes) };
    text
}

/// Points to a text that a handle keeps.
pub(crate) fn point<'a>(text: impl Into<Option<&'a str>>) -> Option<(*const c_char, usize)> {
    let text = text.into()?;
    Some((text.as_ptr().cast(), text.len()))
}

/// Gives where something stands.
///
/// # Safety
///
/// `begin` and `end` are null or places for a number.
pub(crate) unsafe fn give_span(
    begin: *mut usize,
    end: *mut usize,
    inside: impl FnOnce() -> Result<Range<usize>, Failure>,
) -> Status {
    let inside = || {
        let span = inside()?;
        // SAFETY: the caller says that they are null or places for a number.
        unsafe { (put(begin, span.start), put(end, span.end)) };
        Ok(())
    };
    // SAFETY: null is left alone.
    unsafe { guarded(std::ptr::null_mut(), inside) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_at_the_border() {
        let mut error = 0;
        // SAFETY: `error` is a place for a handle.
        let status = unsafe { guarded(&raw mut error, || panic!("on purpose")) };
        assert_eq!(status, CHANCERY_INTERNAL);
        assert!(handles::error(error).is_ok());
        assert_eq!(or(7, || panic!("on purpose")), 7);
    }
}
