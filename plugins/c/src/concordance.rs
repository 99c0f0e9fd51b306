//! Concordances, and their lines.

use std::ffi::c_char;
use std::ops::Range;
use std::sync::Arc;

use chancery::memory::{ConcordanceFindings, ConcordanceLine, ConcordanceQuery};

use crate::border::{give, give_span, guarded, lang, or, point, put, required, text};
use crate::handles::{self, Object};
use crate::status::{Failure, Status};

/// As in the header.
pub const CHANCERY_IN_TARGET: u32 = 1;
/// As in the header.
pub const CHANCERY_DISTINCT: u32 = 2;

/// The lines of a concordance, in texts that can be pointed to.
#[derive(Debug)]
pub(crate) struct Lines {
    lines: Vec<Line>,
    units: u64,
    complete: bool,
}

#[derive(Debug)]
struct Line {
    text: String,
    spans: Vec<Range<usize>>,
    translation: String,
    document: Option<String>,
    unit: u64,
    count: usize,
}

impl From<ConcordanceFindings> for Lines {
    fn from(findings: ConcordanceFindings) -> Lines {
        Lines {
            lines: findings.lines.iter().map(Line::from).collect(),
            units: findings.units,
            complete: findings.complete,
        }
    }
}

impl From<&ConcordanceLine> for Line {
    fn from(line: &ConcordanceLine) -> Line {
        Line {
            text: line.segment().text().into_owned(),
            spans: line.spans().to_vec(),
            translation: line.translation().text().into_owned(),
            document: line.unit().document().map(str::to_owned),
            unit: line.id().number(),
            count: line.count(),
        }
    }
}

/// See the header.
///
/// # Safety
///
/// Texts can be read as long as they say; `lines` and `error` are null or places for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_concordance(
    memory: u64,
    query: *const c_char,
    query_length: usize,
    source: *const c_char,
    source_length: usize,
    target: *const c_char,
    target_length: usize,
    flags: u32,
    limit: usize,
    lines: *mut u64,
    error: *mut u64,
) -> Status {
    let inside = || {
        let lines = required(lines, "lines")?;
        let memory = handles::memory(memory)?;
        // SAFETY: the caller says that the texts can be read.
        let (query, source, target) = unsafe {
            (
                text(query, query_length, "query")?,
                lang(source, source_length, "source")?,
                lang(target, target_length, "target")?,
            )
        };
        if flags & !(CHANCERY_IN_TARGET | CHANCERY_DISTINCT) != 0 {
            return Err(Failure::argument(format!("there are no flags {flags}")));
        }
        let query: ConcordanceQuery =
            query.parse().map_err(|error| Failure::argument(format!("`query`: {error}")))?;
        let found = memory
            .memory()
            .concordance(&query)
            .source(source)
            .target(target)
            .in_target(flags & CHANCERY_IN_TARGET != 0)
            .distinct(flags & CHANCERY_DISTINCT != 0)
            .limit(limit)
            .run()?;
        // SAFETY: it is not null, and the caller says that it is a place for a handle.
        unsafe { put(lines, handles::keep(Object::Lines(Arc::new(found.into())))) };
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_lines_count(lines: u64) -> usize {
    or(0, || Ok(handles::lines(lines)?.lines.len()))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_lines_units(lines: u64) -> u64 {
    or(0, || Ok(handles::lines(lines)?.units))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_lines_complete(lines: u64) -> i32 {
    or(0, || Ok(handles::lines(lines)?.complete.into()))
}

/// Reads something of a line.
fn of<T>(lines: u64, index: usize, read: impl FnOnce(&Line) -> Option<T>) -> Result<T, Failure> {
    let lines = handles::lines(lines)?;
    let found = lines.lines.get(index).and_then(read);
    found.ok_or_else(|| Failure::argument("there is no such line"))
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_line_text(
    lines: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(lines, index, |line| point(line.text.as_str()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_line_translation(
    lines: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(lines, index, |line| point(line.translation.as_str()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_line_document(
    lines: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(lines, index, |line| point(line.document.as_deref()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_line_unit(lines: u64, index: usize) -> u64 {
    or(0, || of(lines, index, |line| Some(line.unit)))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_line_stands_for(lines: u64, index: usize) -> usize {
    or(0, || of(lines, index, |line| Some(line.count)))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_line_places(lines: u64, index: usize) -> usize {
    or(0, || of(lines, index, |line| Some(line.spans.len())))
}

/// See the header.
///
/// # Safety
///
/// `begin` and `end` are null or places for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_line_place(
    lines: u64,
    index: usize,
    nth: usize,
    begin: *mut usize,
    end: *mut usize,
) -> Status {
    let inside = || of(lines, index, |line| line.spans.get(nth).cloned());
    // SAFETY: the caller says so.
    unsafe { give_span(begin, end, inside) }
}
