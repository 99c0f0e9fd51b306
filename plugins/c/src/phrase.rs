//! Phrase lookups, and what they find.

use std::ffi::c_char;
use std::ops::Range;
use std::sync::Arc;

use chancery::memory::{PhraseFindings, PhraseMatch, PhraseTranslation};

use crate::border::{give, give_span, guarded, lang, or, point, put, required, text};
use crate::handles::{self, Object};
use crate::status::{Failure, Status};

/// What a phrase lookup found, in texts that can be pointed to.
#[derive(Debug)]
pub(crate) struct Phrases {
    translations: Vec<Translation>,
    units: u64,
    complete: bool,
    nearest: bool,
}

#[derive(Debug)]
struct Translation {
    text: String,
    confidence: f64,
    examples: Vec<Example>,
}

#[derive(Debug)]
struct Example {
    source: String,
    source_span: Range<usize>,
    target: String,
    target_span: Range<usize>,
    document: Option<String>,
    unit: u64,
}

impl From<PhraseFindings> for Phrases {
    fn from(findings: PhraseFindings) -> Phrases {
        Phrases {
            translations: findings.translations.iter().map(Translation::from).collect(),
            units: findings.units,
            complete: findings.complete,
            nearest: findings.nearest,
        }
    }
}

impl From<&PhraseTranslation> for Translation {
    fn from(translation: &PhraseTranslation) -> Translation {
        Translation {
            text: translation.text().to_owned(),
            confidence: translation.confidence(),
            examples: translation.matches().iter().map(Example::from).collect(),
        }
    }
}

impl From<&PhraseMatch> for Example {
    fn from(found: &PhraseMatch) -> Example {
        Example {
            source: found.source().text().into_owned(),
            source_span: found.source_span(),
            target: found.target().text().into_owned(),
            target_span: found.target_span(),
            document: found.unit().document().map(str::to_owned),
            unit: found.id().number(),
        }
    }
}

/// See the header.
///
/// # Safety
///
/// Texts can be read as long as they say; `phrases` and `error` are null or places for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_phrase(
    memory: u64,
    query: *const c_char,
    query_length: usize,
    source: *const c_char,
    source_length: usize,
    target: *const c_char,
    target_length: usize,
    limit: usize,
    phrases: *mut u64,
    error: *mut u64,
) -> Status {
    let inside = || {
        let phrases = required(phrases, "phrases")?;
        let memory = handles::memory(memory)?;
        // SAFETY: the caller says that the texts can be read.
        let (query, source, target) = unsafe {
            (
                text(query, query_length, "text")?,
                lang(source, source_length, "source")?,
                lang(target, target_length, "target")?,
            )
        };
        let phrase = memory.memory().phrase(query).source(source).target(target);
        let found = Phrases::from(phrase.limit(limit).run()?);
        // SAFETY: it is not null, and the caller says that it is a place for a handle.
        unsafe { put(phrases, handles::keep(Object::Phrases(Arc::new(found)))) };
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_phrases_count(phrases: u64) -> usize {
    or(0, || Ok(handles::phrases(phrases)?.translations.len()))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_phrases_units(phrases: u64) -> u64 {
    or(0, || Ok(handles::phrases(phrases)?.units))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_phrases_complete(phrases: u64) -> i32 {
    or(0, || Ok(handles::phrases(phrases)?.complete.into()))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_phrases_are_nearest(phrases: u64) -> i32 {
    or(0, || Ok(handles::phrases(phrases)?.nearest.into()))
}

/// Reads something of a translation.
fn of<T>(
    phrases: u64,
    index: usize,
    read: impl FnOnce(&Translation) -> Option<T>,
) -> Result<T, Failure> {
    let phrases = handles::phrases(phrases)?;
    let found = phrases.translations.get(index).and_then(read);
    found.ok_or_else(|| Failure::argument("there is no such translation"))
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_phrase_text(
    phrases: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(phrases, index, |found| point(found.text.as_str()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_phrase_confidence(phrases: u64, index: usize) -> f64 {
    or(f64::NAN, || of(phrases, index, |found| Some(found.confidence)))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_phrase_examples(phrases: u64, index: usize) -> usize {
    or(0, || of(phrases, index, |found| Some(found.examples.len())))
}

/// Reads something of an example.
fn example<T>(
    phrases: u64,
    index: usize,
    example: usize,
    read: impl FnOnce(&Example) -> Option<T>,
) -> Result<T, Failure> {
    of(phrases, index, |found| found.examples.get(example).and_then(read))
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_example_source(
    phrases: u64,
    index: usize,
    nth: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || example(phrases, index, nth, |found| point(found.source.as_str()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_example_target(
    phrases: u64,
    index: usize,
    nth: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || example(phrases, index, nth, |found| point(found.target.as_str()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_example_document(
    phrases: u64,
    index: usize,
    nth: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || example(phrases, index, nth, |found| point(found.document.as_deref()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_example_unit(phrases: u64, index: usize, nth: usize) -> u64 {
    or(0, || example(phrases, index, nth, |found| Some(found.unit)))
}

/// See the header.
///
/// # Safety
///
/// `begin` and `end` are null or places for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_example_in_source(
    phrases: u64,
    index: usize,
    nth: usize,
    begin: *mut usize,
    end: *mut usize,
) -> Status {
    let inside = || example(phrases, index, nth, |found| Some(found.source_span.clone()));
    // SAFETY: the caller says so.
    unsafe { give_span(begin, end, inside) }
}

/// See the header.
///
/// # Safety
///
/// `begin` and `end` are null or places for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_example_in_target(
    phrases: u64,
    index: usize,
    nth: usize,
    begin: *mut usize,
    end: *mut usize,
) -> Status {
    let inside = || example(phrases, index, nth, |found| Some(found.target_span.clone()));
    // SAFETY: the caller says so.
    unsafe { give_span(begin, end, inside) }
}
