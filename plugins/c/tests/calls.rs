//! The functions as tests call them: with texts, and results or what failed.

use std::ffi::c_char;
use std::ptr::{null, null_mut};

use chancery_c::*;

/// A handle, or the status and the message.
pub(crate) type Given = Result<u64, (Status, String)>;

/// A text as the interface takes it.
pub(crate) fn given(text: &str) -> (*const c_char, usize) {
    (text.as_ptr().cast(), text.len())
}

pub(crate) fn open(path: &str, flags: u32) -> Given {
    let (mut memory, mut error) = (0, 0);
    let (path, length) = given(path);
    let status =
        unsafe { chancery_open(path, length, null(), 0, flags, &raw mut memory, &raw mut error) };
    if status == CHANCERY_OK { Ok(memory) } else { Err((status, message(error))) }
}

/// The message of an error, which is closed.
pub(crate) fn message(error: u64) -> String {
    let mut length = 0;
    let text = unsafe { chancery_error_message(error, &raw mut length) };
    assert!(!text.is_null());
    let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length) };
    let message = std::str::from_utf8(bytes).unwrap().to_owned();
    assert_eq!(chancery_close(error), CHANCERY_OK);
    message
}

pub(crate) fn unit(fr: &str, en: &str) -> u64 {
    let mut unit = 0;
    assert_eq!(unsafe { chancery_unit_new(&raw mut unit, null_mut()) }, CHANCERY_OK);
    for (lang, text) in [("fr", fr), ("en", en)] {
        let ((lang, lang_length), (text, length)) = (given(lang), given(text));
        let status =
            unsafe { chancery_unit_segment(unit, lang, lang_length, text, length, null_mut()) };
        assert_eq!(status, CHANCERY_OK);
    }
    unit
}

pub(crate) fn add(memory: u64, fr: &str, en: &str) -> (Status, u64) {
    let (unit, mut revision) = (unit(fr, en), 0);
    let status = unsafe { chancery_add(memory, unit, &raw mut revision, null_mut()) };
    assert_eq!(chancery_close(unit), CHANCERY_OK);
    (status, revision)
}

pub(crate) fn lookup(memory: u64, text: &str) -> Given {
    let (mut matches, mut error) = (0, 0);
    let ((text, length), (fr, fr_length), (en, en_length)) =
        (given(text), given("fr"), given("en"));
    let status = unsafe {
        chancery_lookup(
            memory,
            text,
            length,
            fr,
            fr_length,
            en,
            en_length,
            null(),
            &raw mut matches,
            &raw mut error,
        )
    };
    if status == CHANCERY_OK { Ok(matches) } else { Err((status, message(error))) }
}

/// A store with one unit.
pub(crate) fn store(folder: &tempfile::TempDir) -> u64 {
    let path = folder.path().join("m.chancery");
    let memory = open(path.to_str().unwrap(), CHANCERY_CREATE).unwrap();
    assert_eq!(add(memory, "La séance est levée.", "The meeting rose."), (CHANCERY_OK, 1));
    memory
}

/// A termbase with the terms of a file.
pub(crate) fn termbase(glossary: &str) -> Given {
    let (mut termbase, mut error) = (0, 0);
    assert_eq!(unsafe { chancery_termbase_new(&raw mut termbase, null_mut()) }, CHANCERY_OK);
    let (path, length) = given(glossary);
    let status =
        unsafe { chancery_termbase_glossary(termbase, path, length, null_mut(), &raw mut error) };
    if status == CHANCERY_OK { Ok(termbase) } else { Err((status, message(error))) }
}

pub(crate) fn terms(termbase: u64, text: &[u8]) -> Given {
    let (mut hits, mut error) = (0, 0);
    let (fr, en) = (given("fr"), given("en"));
    let status = unsafe {
        chancery_terms(
            termbase,
            text.as_ptr().cast(),
            text.len(),
            fr.0,
            fr.1,
            en.0,
            en.1,
            0,
            &raw mut hits,
            &raw mut error,
        )
    };
    if status == CHANCERY_OK { Ok(hits) } else { Err((status, message(error))) }
}

pub(crate) fn check(termbase: u64, text: &str, translation: &[u8]) -> Given {
    let (mut findings, mut error) = (0, 0);
    let (text, fr, en) = (given(text), given("fr"), given("en"));
    let status = unsafe {
        chancery_check(
            termbase,
            text.0,
            text.1,
            translation.as_ptr().cast(),
            translation.len(),
            fr.0,
            fr.1,
            en.0,
            en.1,
            &raw mut findings,
            &raw mut error,
        )
    };
    if status == CHANCERY_OK { Ok(findings) } else { Err((status, message(error))) }
}

pub(crate) fn concordance(memory: u64, query: &[u8], flags: u32) -> Given {
    let (mut lines, mut error) = (0, 0);
    let (fr, en) = (given("fr"), given("en"));
    let status = unsafe {
        chancery_concordance(
            memory,
            query.as_ptr().cast(),
            query.len(),
            fr.0,
            fr.1,
            en.0,
            en.1,
            flags,
            10,
            &raw mut lines,
            &raw mut error,
        )
    };
    if status == CHANCERY_OK { Ok(lines) } else { Err((status, message(error))) }
}

/// A text that a function gives.
pub(crate) fn text(get: impl FnOnce(*mut usize) -> *const c_char) -> Option<String> {
    let mut length = 0;
    let place = get(&raw mut length);
    if place.is_null() {
        assert_eq!(length, 0);
        return None;
    }
    let bytes = unsafe { std::slice::from_raw_parts(place.cast::<u8>(), length) };
    Some(std::str::from_utf8(bytes).unwrap().to_owned())
}

/// A place that a function gives, or its status.
pub(crate) fn place(
    get: impl FnOnce(*mut usize, *mut usize) -> Status,
) -> Result<std::ops::Range<usize>, Status> {
    let (mut begin, mut end) = (usize::MAX, usize::MAX);
    match get(&raw mut begin, &raw mut end) {
        CHANCERY_OK => Ok(begin..end),
        failed => {
            assert_eq!((begin, end), (usize::MAX, usize::MAX), "places are left alone");
            Err(failed)
        }
    }
}
