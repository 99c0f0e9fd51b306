//! The check of a translation, and what it finds.

use std::ffi::c_char;
use std::ops::Range;
use std::sync::Arc;

use chancery::check::{Checker, Finding, Severity};

use crate::border::{give, give_span, guarded, lang, or, point, put, required, text};
use crate::handles::{self, Object};
use crate::status::{CHANCERY_NOT_FOUND, Failure, Status};

/// As in the header.
pub const CHANCERY_NOTE: i32 = 1;
/// As in the header.
pub const CHANCERY_WARNING: i32 = 2;
/// As in the header.
pub const CHANCERY_ERROR: i32 = 3;

/// What a check found, in texts that can be pointed to.
#[derive(Debug)]
pub(crate) struct Findings(Vec<Found>);

#[derive(Debug)]
struct Found {
    finding: Finding,
    fingerprint: String,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Found {
        Found { fingerprint: finding.fingerprint().to_string(), finding }
    }
}

/// See the header.
///
/// # Safety
///
/// Texts can be read as long as they say; `findings` and `error` are null or places for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_check(
    termbase: u64,
    original: *const c_char,
    original_length: usize,
    translation: *const c_char,
    translation_length: usize,
    source: *const c_char,
    source_length: usize,
    target: *const c_char,
    target_length: usize,
    findings: *mut u64,
    error: *mut u64,
) -> Status {
    let inside = || {
        let findings = required(findings, "findings")?;
        let termbase = match termbase {
            0 => None,
            handle => Some(handles::termbase(handle)?),
        };
        // SAFETY: the caller says that the texts can be read.
        let (original, translation, source, target) = unsafe {
            (
                text(original, original_length, "text")?,
                text(translation, translation_length, "translation")?,
                lang(source, source_length, "source")?,
                lang(target, target_length, "target")?,
            )
        };
        let terms = termbase.map(|termbase| termbase.current()).transpose()?;
        let mut checker = Checker::new(source, target);
        if let Some(terms) = &terms {
            let recognizers = checker.langs().each_ref().map(|lang| terms.recognizer(lang));
            checker = checker.scope(terms.scope.clone()).indexed(&terms.base, recognizers);
        }
        let found = checker.check(&original.into(), &translation.into());
        let found = Findings(found.into_iter().map(Found::from).collect());
        // SAFETY: it is not null, and the caller says that it is a place for a handle.
        unsafe { put(findings, handles::keep(Object::Findings(Arc::new(found)))) };
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_findings_count(findings: u64) -> usize {
    or(0, || Ok(handles::findings(findings)?.0.len()))
}

/// Reads something of a finding.
fn of<T>(
    findings: u64,
    index: usize,
    read: impl FnOnce(&Found) -> Option<T>,
) -> Result<T, Failure> {
    let findings = handles::findings(findings)?;
    let found = findings.0.get(index).and_then(read);
    found.ok_or_else(|| Failure::argument("there is no such finding"))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_finding_severity(findings: u64, index: usize) -> i32 {
    let number = |severity| match severity {
        Severity::Note => CHANCERY_NOTE,
        Severity::Warning => CHANCERY_WARNING,
        Severity::Error => CHANCERY_ERROR,
    };
    or(0, || of(findings, index, |found| Some(number(found.finding.severity()))))
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_finding_kind(
    findings: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(findings, index, |found| point(found.finding.kind().name()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_finding_words(
    findings: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(findings, index, |found| point(found.finding.message()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_finding_suggestion(
    findings: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(findings, index, |found| point(found.finding.suggestion()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_finding_fingerprint(
    findings: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(findings, index, |found| point(found.fingerprint.as_str()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// Gives a place that a finding may not have.
///
/// # Safety
///
/// `begin` and `end` are null or places for a number.
unsafe fn give_place(
    findings: u64,
    index: usize,
    begin: *mut usize,
    end: *mut usize,
    place: impl FnOnce(&Finding) -> Option<Range<usize>>,
) -> Status {
    let inside = || {
        let place = of(findings, index, |found| Some(place(&found.finding)))?;
        place.ok_or_else(|| Failure::new(CHANCERY_NOT_FOUND, "the finding has no place there"))
    };
    // SAFETY: the caller says so.
    unsafe { give_span(begin, end, inside) }
}

/// See the header.
///
/// # Safety
///
/// `begin` and `end` are null or places for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_finding_in_text(
    findings: u64,
    index: usize,
    begin: *mut usize,
    end: *mut usize,
) -> Status {
    // SAFETY: the caller says so.
    unsafe { give_place(findings, index, begin, end, Finding::source) }
}

/// See the header.
///
/// # Safety
///
/// `begin` and `end` are null or places for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_finding_in_translation(
    findings: u64,
    index: usize,
    begin: *mut usize,
    end: *mut usize,
) -> Status {
    // SAFETY: the caller says so.
    unsafe { give_place(findings, index, begin, end, Finding::target) }
}
