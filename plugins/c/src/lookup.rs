//! Lookups, and what they find.

use std::ffi::c_char;
use std::ops::Range;
use std::ptr;
use std::sync::Arc;
use std::time::Duration;

use chancery::memory::Match;
use chancery::similarity::Guard;
use chancery::unit::Metadata;

use crate::border::{give, give_span, guarded, lang, or, point, put, required, text};
use crate::handles::{self, Object};
use crate::status::{Failure, Status};

/// As in the header.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct LookupOptions {
    /// How many bytes the caller gives.
    pub size: usize,
    /// As in the header.
    pub threshold: f64,
    /// As in the header.
    pub limit: usize,
    /// As in the header.
    pub guard: f64,
    /// As in the header.
    pub milliseconds: u64,
}

impl Default for LookupOptions {
    fn default() -> LookupOptions {
        LookupOptions {
            size: size_of::<LookupOptions>(),
            threshold: 70.0,
            limit: 5,
            guard: Guard::default().cap(),
            milliseconds: 0,
        }
    }
}

impl LookupOptions {
    /// The options that the caller gave.
    ///
    /// # Safety
    ///
    /// `given` is null, or can be read as far as its first field says.
    unsafe fn read(given: *const LookupOptions) -> Result<LookupOptions, Failure> {
        if given.is_null() {
            return Ok(LookupOptions::default());
        }
        // SAFETY: it is not null, and the caller says that at least its first field can be read.
        let size = unsafe { ptr::read_unaligned(given.cast::<usize>()) };
        // Fields can only be added: a later program gives more, which are left alone.
        if size < size_of::<LookupOptions>() {
            return Err(Failure::argument(format!(
                "`options` says that it has {size} bytes; it has {} at least",
                size_of::<LookupOptions>()
            )));
        }
        // SAFETY: it is not null, and the caller says that so many bytes can be read. Every pattern
        // of bits is a value of these types.
        let options = unsafe { ptr::read_unaligned(given) };
        if !(0.0..=102.0).contains(&options.threshold) {
            return Err(Failure::argument("the threshold is a number from 0 to 102"));
        }
        if !(0.0..=94.0).contains(&options.guard) {
            return Err(Failure::argument("the guard is a number from 0 to 94"));
        }
        Ok(options)
    }
}

/// What a lookup found, in texts that can be pointed to.
#[derive(Debug)]
pub(crate) struct Matches {
    found: Vec<Found>,
    complete: bool,
}

#[derive(Debug)]
struct Found {
    score: f64,
    rank_score: f64,
    limit: Option<f64>,
    unit: u64,
    source: String,
    source_lang: String,
    target: String,
    target_lang: String,
    suggestion: String,
    metadata: Metadata,
    differences: Vec<Differing>,
}

#[derive(Debug)]
struct Differing {
    kind: &'static str,
    words: String,
    critical: bool,
    query: Range<usize>,
    source: Range<usize>,
}

impl From<Match> for Found {
    fn from(found: Match) -> Found {
        let differences = found.differences().iter().map(|difference| Differing {
            kind: difference.kind().name(),
            words: difference.to_string(),
            critical: difference.is_critical(),
            query: difference.query(),
            source: difference.source(),
        });
        Found {
            score: found.score(),
            rank_score: found.rank_score(),
            limit: found.limit(),
            unit: found.id().number(),
            source: found.source().text().into_owned(),
            source_lang: found.source_lang().to_string(),
            target: found.target().text().into_owned(),
            target_lang: found.target_lang().to_string(),
            suggestion: found.suggestion().target().text().into_owned(),
            differences: differences.collect(),
            metadata: found.unit().metadata.clone(),
        }
    }
}

/// See the header.
///
/// # Safety
///
/// Texts can be read as long as they say, and `options` too unless it is null; `matches` and
/// `error` are null or places for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_lookup(
    memory: u64,
    query: *const c_char,
    query_length: usize,
    source: *const c_char,
    source_length: usize,
    target: *const c_char,
    target_length: usize,
    options: *const LookupOptions,
    matches: *mut u64,
    error: *mut u64,
) -> Status {
    let inside = || {
        let matches = required(matches, "matches")?;
        let memory = handles::memory(memory)?;
        // SAFETY: the caller says that the texts can be read.
        let (query, source, target) = unsafe {
            (
                text(query, query_length, "text")?,
                lang(source, source_length, "source")?,
                lang(target, target_length, "target")?,
            )
        };
        // SAFETY: the caller says that they are null or can be read.
        let options = unsafe { LookupOptions::read(options) }?;
        let mut lookup = memory
            .memory()
            .lookup(query)
            .source(source)
            .target(target)
            .threshold(options.threshold)
            .limit(options.limit)
            .guard(Guard::with_cap(options.guard));
        if options.milliseconds > 0 {
            lookup = lookup.time_limit(Duration::from_millis(options.milliseconds));
        }
        let findings = lookup.findings()?;
        let found = Matches {
            found: findings.matches.into_iter().map(Found::from).collect(),
            complete: findings.complete,
        };
        // SAFETY: it is not null, and the caller says that it is a place for a handle.
        unsafe { put(matches, handles::keep(Object::Matches(Arc::new(found)))) };
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_matches_count(matches: u64) -> usize {
    or(0, || Ok(handles::matches(matches)?.found.len()))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_matches_complete(matches: u64) -> i32 {
    or(0, || Ok(handles::matches(matches)?.complete.into()))
}

/// Reads something of a match.
fn of<T>(matches: u64, index: usize, read: impl FnOnce(&Found) -> Option<T>) -> Result<T, Failure> {
    let matches = handles::matches(matches)?;
    let found = matches.found.get(index).and_then(read);
    found.ok_or_else(|| Failure::argument("there is no such match"))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_match_score(matches: u64, index: usize) -> f64 {
    or(f64::NAN, || of(matches, index, |found| Some(found.score)))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_match_rank_score(matches: u64, index: usize) -> f64 {
    or(f64::NAN, || of(matches, index, |found| Some(found.rank_score)))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_match_limit(matches: u64, index: usize) -> f64 {
    or(f64::NAN, || of(matches, index, |found| found.limit))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_match_unit(matches: u64, index: usize) -> u64 {
    or(0, || of(matches, index, |found| Some(found.unit)))
}

/// Functions that give a text of a match.
macro_rules! texts {
    ($($name:ident: $field:ident,)*) => {$(
        /// See the header.
        ///
        /// # Safety
        ///
        /// `length` is null or a place for a length.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            matches: u64,
            index: usize,
            length: *mut usize,
        ) -> *const c_char {
            let inside = || of(matches, index, |found| point(found.$field.as_str()));
            // SAFETY: the caller says that it is null or a place for a length.
            unsafe { give(length, inside) }
        }
    )*};
}

texts! {
    chancery_match_source: source,
    chancery_match_source_lang: source_lang,
    chancery_match_target: target,
    chancery_match_target_lang: target_lang,
    chancery_match_suggestion: suggestion,
}

/// See the header.
///
/// # Safety
///
/// `kind` can be read as long as it says; `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_match_property(
    matches: u64,
    index: usize,
    kind: *const c_char,
    kind_length: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || {
        // SAFETY: the caller says that the text can be read.
        let kind = unsafe { text(kind, kind_length, "kind") }?;
        of(matches, index, |found| point(found.metadata.property(kind)))
    };
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_match_differences(matches: u64, index: usize) -> usize {
    or(0, || of(matches, index, |found| Some(found.differences.len())))
}

/// Reads something of a difference.
fn differing<T>(
    matches: u64,
    index: usize,
    difference: usize,
    read: impl FnOnce(&Differing) -> Option<T>,
) -> Result<T, Failure> {
    of(matches, index, |found| found.differences.get(difference).and_then(read))
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_difference_kind(
    matches: u64,
    index: usize,
    difference: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || differing(matches, index, difference, |d| point(d.kind));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_difference_words(
    matches: u64,
    index: usize,
    difference: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || differing(matches, index, difference, |d| point(d.words.as_str()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_difference_is_critical(
    matches: u64,
    index: usize,
    difference: usize,
) -> i32 {
    or(0, || differing(matches, index, difference, |d| Some(d.critical.into())))
}

/// See the header.
///
/// # Safety
///
/// `begin` and `end` are null or places for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_difference_in_text(
    matches: u64,
    index: usize,
    difference: usize,
    begin: *mut usize,
    end: *mut usize,
) -> Status {
    let inside = || differing(matches, index, difference, |d| Some(d.query.clone()));
    // SAFETY: the caller says so.
    unsafe { give_span(begin, end, inside) }
}

/// See the header.
///
/// # Safety
///
/// `begin` and `end` are null or places for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_difference_in_source(
    matches: u64,
    index: usize,
    difference: usize,
    begin: *mut usize,
    end: *mut usize,
) -> Status {
    let inside = || differing(matches, index, difference, |d| Some(d.source.clone()));
    // SAFETY: the caller says so.
    unsafe { give_span(begin, end, inside) }
}
