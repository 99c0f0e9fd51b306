//! Termbases, and their terms in a text.

use std::collections::BTreeMap;
use std::ffi::c_char;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chancery::Lang;
use chancery::exchange::ReadOptions;
use chancery::memory::RevisionId;
use chancery::tasks::{Glossaries, TermStore};
use chancery::term::{Hit, Recognizer, Scope, Termbase};

use crate::border::{give, give_span, guarded, lang, or, point, put, required, text};
use crate::handles::{self, Object};
use crate::status::{CHANCERY_NOT_FOUND, Failure, Status};

/// As in the header.
pub const CHANCERY_NESTED: u32 = 1;

/// Where terms come from: memories, which may change, and glossaries, which were read.
#[derive(Debug, Default)]
pub(crate) struct Terms(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The handles of memories. What is closed is not kept open.
    memories: Vec<u64>,
    glossaries: Termbase,
    scope: Scope,
    /// What was read last, and the revision of each memory then.
    read: Option<(Vec<RevisionId>, Arc<Indexed>)>,
}

/// Terms with what finds them.
#[derive(Debug)]
pub(crate) struct Indexed {
    pub(crate) base: Termbase,
    pub(crate) scope: Scope,
    /// By language, made when it is first asked for.
    recognizers: Mutex<BTreeMap<String, Arc<Recognizer>>>,
}

impl Terms {
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.read = None;
        change(&mut state);
    }

    /// The terms as they are now. Those of a memory are read again only if one was changed.
    pub(crate) fn current(&self) -> Result<Arc<Indexed>, Failure> {
        // A panic leaves the state as it was: what is read is put in as a whole.
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let memories = state.memories.iter().map(|&handle| handles::memory(handle));
        let memories = memories.collect::<Result<Vec<_>, Failure>>()?;
        // Before reading: what is written meanwhile is seen the next time.
        let now =
            memories.iter().map(|open| Ok(open.memory().revision()?.unwrap_or(RevisionId::new(0))));
        let now = now.collect::<Result<Vec<_>, Failure>>()?;
        if let Some((then, indexed)) = &mut state.read {
            let mut changed = false;
            for (open, then) in memories.iter().zip(&*then) {
                changed |= open.memory().concepts_changed_after(*then)?;
            }
            if !changed {
                *then = now;
                return Ok(Arc::clone(indexed));
            }
        }
        let mut base = state.glossaries.clone();
        for open in &memories {
            base.extend(TermStore::new(open.memory()).load()?.into_concepts());
        }
        let scope = state.scope.clone();
        let indexed = Arc::new(Indexed { base, scope, recognizers: Mutex::default() });
        state.read = Some((now, Arc::clone(&indexed)));
        Ok(indexed)
    }
}

impl Indexed {
    pub(crate) fn recognizer(&self, lang: &Lang) -> Arc<Recognizer> {
        // Held while one is made: others who ask wait for it instead of making it too.
        let mut made = self.recognizers.lock().unwrap_or_else(PoisonError::into_inner);
        let key = lang.canonical().to_owned();
        Arc::clone(made.entry(key).or_insert_with(|| Arc::new(Recognizer::new(&self.base, lang))))
    }
}

/// The terms found in a text, in texts that can be pointed to.
#[derive(Debug)]
pub(crate) struct Hits(Vec<Found>);

#[derive(Debug)]
struct Found {
    span: Range<usize>,
    term: String,
    concept: String,
    status: &'static str,
    nested: bool,
    translations: Vec<String>,
}

impl Found {
    fn new(terms: &Indexed, target: &Lang, hit: &Hit) -> Found {
        let (concept, term) = terms.base.term(hit.term);
        let translations = concept.translations(term, target, &terms.scope).into_iter();
        Found {
            span: hit.span(),
            term: term.text.clone(),
            concept: concept.id.clone(),
            status: term.status_in(&terms.scope).as_str(),
            nested: hit.is_nested(),
            translations: translations.map(|term| term.text.clone()).collect(),
        }
    }
}

/// See the header.
///
/// # Safety
///
/// `termbase` and `error` are null or places for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_termbase_new(termbase: *mut u64, error: *mut u64) -> Status {
    let inside = || {
        let termbase = required(termbase, "termbase")?;
        let handle = handles::keep(Object::Termbase(Arc::default()));
        // SAFETY: it is not null, and the caller says that it is a place for a handle.
        unsafe { put(termbase, handle) };
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
///
/// # Safety
///
/// `error` is null or a place for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_termbase_memory(
    termbase: u64,
    memory: u64,
    error: *mut u64,
) -> Status {
    let inside = || {
        let termbase = handles::termbase(termbase)?;
        handles::memory(memory)?;
        termbase.change(|state| state.memories.push(memory));
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
///
/// # Safety
///
/// The path can be read as long as it says; `rejected` is null or a place for a number, `error`
/// null or a place for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_termbase_glossary(
    termbase: u64,
    path: *const c_char,
    path_length: usize,
    rejected: *mut u64,
    error: *mut u64,
) -> Status {
    let inside = || {
        let termbase = handles::termbase(termbase)?;
        // SAFETY: the caller says that the text can be read.
        let path = Path::new(unsafe { text(path, path_length, "path") }?);
        if !path.exists() {
            let message = format!("there is no glossary {}", path.display());
            return Err(Failure::new(CHANCERY_NOT_FOUND, message));
        }
        let read = Glossaries::read([path], &ReadOptions::new())?;
        let lost = read.rejected();
        termbase.change(|state| state.glossaries.extend(read.base.into_concepts()));
        // SAFETY: the caller says that it is null or a place for a number.
        unsafe { put(rejected, lost) };
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
pub unsafe extern "C" fn chancery_termbase_scope(
    termbase: u64,
    house: *const c_char,
    house_length: usize,
    day: *const c_char,
    day_length: usize,
    error: *mut u64,
) -> Status {
    let inside = || {
        let termbase = handles::termbase(termbase)?;
        // SAFETY: the caller says that the texts can be read.
        let (house, day) =
            unsafe { (text(house, house_length, "house")?, text(day, day_length, "day")?) };
        let house = (!house.is_empty()).then(|| house.to_owned());
        let day = match day {
            "" => None,
            day => Some(day.parse().map_err(|error| Failure::argument(format!("`day`: {error}")))?),
        };
        termbase.change(|state| state.scope = Scope { house, day });
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
///
/// # Safety
///
/// Texts can be read as long as they say; `hits` and `error` are null or places for a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_terms(
    termbase: u64,
    content: *const c_char,
    content_length: usize,
    source: *const c_char,
    source_length: usize,
    target: *const c_char,
    target_length: usize,
    flags: u32,
    hits: *mut u64,
    error: *mut u64,
) -> Status {
    let inside = || {
        let hits = required(hits, "hits")?;
        let termbase = handles::termbase(termbase)?;
        // SAFETY: the caller says that the texts can be read.
        let (content, source, target) = unsafe {
            (
                text(content, content_length, "text")?,
                lang(source, source_length, "source")?,
                lang(target, target_length, "target")?,
            )
        };
        let nested = match flags {
            0 => false,
            CHANCERY_NESTED => true,
            _ => return Err(Failure::argument(format!("there is no flag {flags}"))),
        };
        let terms = termbase.current()?;
        let recognizer = terms.recognizer(&source);
        let mut scanner = recognizer.scanner();
        let found = if nested { scanner.find_all(content) } else { scanner.find(content) };
        let found = Hits(found.iter().map(|hit| Found::new(&terms, &target, hit)).collect());
        // SAFETY: it is not null, and the caller says that it is a place for a handle.
        unsafe { put(hits, handles::keep(Object::Hits(Arc::new(found)))) };
        Ok(())
    };
    // SAFETY: the caller says that it is null or a place for a handle.
    unsafe { guarded(error, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_hits_count(hits: u64) -> usize {
    or(0, || Ok(handles::hits(hits)?.0.len()))
}

/// Reads something of a hit.
fn of<T>(hits: u64, index: usize, read: impl FnOnce(&Found) -> Option<T>) -> Result<T, Failure> {
    let hits = handles::hits(hits)?;
    let found = hits.0.get(index).and_then(read);
    found.ok_or_else(|| Failure::argument("there is no such term"))
}

/// See the header.
///
/// # Safety
///
/// `begin` and `end` are null or places for a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_hit_in_text(
    hits: u64,
    index: usize,
    begin: *mut usize,
    end: *mut usize,
) -> Status {
    let inside = || of(hits, index, |found| Some(found.span.clone()));
    // SAFETY: the caller says so.
    unsafe { give_span(begin, end, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_hit_term(
    hits: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(hits, index, |found| point(found.term.as_str()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_hit_concept(
    hits: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(hits, index, |found| point(found.concept.as_str()));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_hit_status(
    hits: u64,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(hits, index, |found| point(found.status));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_hit_is_nested(hits: u64, index: usize) -> i32 {
    or(0, || of(hits, index, |found| Some(found.nested.into())))
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn chancery_hit_translations(hits: u64, index: usize) -> usize {
    or(0, || of(hits, index, |found| Some(found.translations.len())))
}

/// See the header.
///
/// # Safety
///
/// `length` is null or a place for a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chancery_hit_translation(
    hits: u64,
    index: usize,
    nth: usize,
    length: *mut usize,
) -> *const c_char {
    let inside = || of(hits, index, |found| point(found.translations.get(nth).map(String::as_str)));
    // SAFETY: the caller says that it is null or a place for a length.
    unsafe { give(length, inside) }
}
