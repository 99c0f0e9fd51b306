//! Changes: units that are made, added, replaced, removed, and undone.

use std::ffi::c_char;
use std::sync::{Arc, Mutex, PoisonError};

use chancery::Unit;
use chancery::memory::{RevisionId, UnitId};

use crate::border::{guarded, lang, put, required, text};
use crate::handles::{self, Object};
use crate::status::{Failure, Status};

/// See the header.
///
/// # Safety
///
/// `unit` and `error` are null or places for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_unit_new(unit: *mut u64, error: *mut u64) -> Status {
    let inside = || {
        let unit = required(unit, "unit")?;
        let handle = handles::keep(Object::Unit(Arc::new(Mutex::new(Unit::new()))));
        // SAFETY: it is not null, and the caller says that it is a place for a handle.
        unsafe { put(unit, handle) };
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
///
/// # Safety
///
/// Texts can be read as long as they say; `error` is null or a place for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_unit_segment(
    unit: u64,
    lang_tag: *const c_char,
    lang_length: usize,
    content: *const c_char,
    content_length: usize,
    error: *mut u64,
) -> Status {
    let inside = || {
        let unit = handles::unit(unit)?;
        // SAFETY: the caller says that the texts can be read.
        let (lang, content) = unsafe {
            (lang(lang_tag, lang_length, "lang")?, text(content, content_length, "text")?)
        };
        unit.lock().unwrap_or_else(PoisonError::into_inner).push(lang, content);
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
///
/// # Safety
///
/// Texts can be read as long as they say; `error` is null or a place for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_unit_property(
    unit: u64,
    kind: *const c_char,
    kind_length: usize,
    value: *const c_char,
    value_length: usize,
    error: *mut u64,
) -> Status {
    let inside = || {
        let unit = handles::unit(unit)?;
        // SAFETY: the caller says that the texts can be read.
        let (kind, value) =
            unsafe { (text(kind, kind_length, "kind")?, text(value, value_length, "value")?) };
        let mut unit = unit.lock().unwrap_or_else(PoisonError::into_inner);
        unit.metadata.set_property(kind, value);
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// What a unit holds now.
fn content(unit: u64) -> Result<Unit, Failure> {
    Ok(handles::unit(unit)?.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

/// See the header.
///
/// # Safety
///
/// `revision` is null or a place for a number, `error` null or a place for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_add(
    memory: u64,
    unit: u64,
    revision: *mut u64,
    error: *mut u64,
) -> Status {
    let change = || {
        let report = handles::memory(memory)?.memory().add([content(unit)?])?;
        Ok(report.revision)
    };
    // SAFETY: the caller says so.
    unsafe { changed(revision, error, change) }
}

/// See the header.
///
/// # Safety
///
/// `revision` is null or a place for a number, `error` null or a place for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_replace(
    memory: u64,
    number: u64,
    unit: u64,
    revision: *mut u64,
    error: *mut u64,
) -> Status {
    let change = || {
        let memory = handles::memory(memory)?;
        Ok(memory.memory().replace(UnitId::new(number), content(unit)?)?)
    };
    // SAFETY: the caller says so.
    unsafe { changed(revision, error, change) }
}

/// See the header.
///
/// # Safety
///
/// `revision` is null or a place for a number, `error` null or a place for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_remove(
    memory: u64,
    number: u64,
    revision: *mut u64,
    error: *mut u64,
) -> Status {
    let change = || Ok(handles::memory(memory)?.memory().remove([UnitId::new(number)])?);
    // SAFETY: the caller says so.
    unsafe { changed(revision, error, change) }
}

/// See the header.
///
/// # Safety
///
/// `undone_by` is null or a place for a number, `error` null or a place for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_undo(
    memory: u64,
    revision: u64,
    undone_by: *mut u64,
    error: *mut u64,
) -> Status {
    let change = || Ok(Some(handles::memory(memory)?.memory().undo(RevisionId::new(revision))?));
    // SAFETY: the caller says so.
    unsafe { changed(undone_by, error, change) }
}

/// Makes a change, and gives the number of its revision; 0 if there was nothing to change.
///
/// # Safety
///
/// `revision` is null or a place for a number, `error` null or a place for a handle.
unsafe fn changed(
    revision: *mut u64,
    error: *mut u64,
    change: impl FnOnce() -> Result<Option<RevisionId>, Failure>,
) -> Status {
    let inside = || {
        let number = change()?.map_or(0, RevisionId::number);
        // SAFETY: the caller says that it is null or a place for a number.
        unsafe { put(revision, number) };
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}
