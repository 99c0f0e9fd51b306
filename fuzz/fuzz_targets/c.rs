//! The C interface: whatever is called with whatever, nothing but a status comes of it.
//!
//! An input is a list of calls, one a line: a letter for the function, then what it is given, parted
//! by tabs. A handle is the number of the line that made it, or any other number, which is taken as it
//! stands.
#![no_main]

use std::ffi::c_char;
use std::path::PathBuf;
use std::ptr::null_mut;
use std::sync::LazyLock;

use chancery_c::*;
use libfuzzer_sys::fuzz_target;

const MEMORY: &str = "<tmx version='1.4'><header srclang='fr'/><body>\
    <tu><prop type='x-document'>a.txt</prop><tuv xml:lang='fr'><seg>La séance est levée à 18 heures.</seg></tuv>\
    <tuv xml:lang='en'><seg>The meeting rose at 6 p.m.</seg></tuv></tu>\
    <tu><tuv xml:lang='fr'><seg>Les Parties ne publient pas l’accord.</seg></tuv>\
    <tuv xml:lang='en'><seg>The Parties shall not publish the agreement.</seg></tuv></tu></body></tmx>";
const GLOSSARY: &str = "concept,fr,en\nm,séance,meeting\np,Partie,Party\n";

/// A folder with a memory and a glossary. Paths of the input are names in it: what is made up by
/// chance must not be written elsewhere.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("chancery-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for temporary files");
    std::fs::write(folder.join("m.tmx"), MEMORY).expect("it can be written to");
    std::fs::write(folder.join("g.csv"), GLOSSARY).expect("it can be written to");
    folder
});

/// What a call is given.
struct Given<'a> {
    fields: std::slice::Split<'a, u8, fn(&u8) -> bool>,
    made: &'a [u64],
}

impl<'a> Given<'a> {
    fn text(&mut self) -> (*const c_char, usize) {
        let bytes = self.fields.next().unwrap_or_default();
        (bytes.as_ptr().cast(), bytes.len())
    }

    fn number(&mut self) -> u64 {
        let bytes = self.fields.next().unwrap_or_default();
        std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    fn size(&mut self) -> usize {
        self.number() as usize
    }

    fn handle(&mut self) -> u64 {
        let number = self.number();
        self.made.get(number as usize).copied().unwrap_or(number)
    }

    /// A path in the folder.
    fn path(&mut self) -> String {
        let name = self.fields.next().unwrap_or_default();
        let safe = |byte: &u8| if byte.is_ascii_alphanumeric() || *byte == b'.' { *byte } else { b'_' };
        let name: String = name.iter().map(|byte| char::from(safe(byte))).collect();
        FOLDER.join(name.trim_start_matches('.')).to_str().expect("UTF-8").to_owned()
    }
}

/// A text that was given is one.
fn is_text(text: *const c_char, length: usize) {
    if text.is_null() {
        assert_eq!(length, 0);
        return;
    }
    // SAFETY: the interface says that so many bytes are there until the handle is closed.
    let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length) };
    std::str::from_utf8(bytes).expect("texts are UTF-8");
}

/// Reads everything of a handle, as if it were of every kind.
fn read(handle: u64, index: usize, nth: usize) {
    type Text = unsafe extern "C" fn(u64, usize, *mut usize) -> *const c_char;
    type Nested = unsafe extern "C" fn(u64, usize, usize, *mut usize) -> *const c_char;
    type Span = unsafe extern "C" fn(u64, usize, *mut usize, *mut usize) -> Status;
    type NestedSpan = unsafe extern "C" fn(u64, usize, usize, *mut usize, *mut usize) -> Status;
    let texts: [Text; 17] = [
        chancery_match_source, chancery_match_source_lang, chancery_match_target,
        chancery_match_target_lang, chancery_match_suggestion, chancery_phrase_text,
        chancery_line_text, chancery_line_translation, chancery_line_document, chancery_hit_term,
        chancery_hit_concept, chancery_hit_status, chancery_finding_kind, chancery_finding_words,
        chancery_finding_suggestion, chancery_finding_fingerprint, unnamed,
    ];
    let nested: [Nested; 6] = [
        chancery_difference_kind, chancery_difference_words, chancery_example_source,
        chancery_example_target, chancery_example_document, chancery_hit_translation,
    ];
    let spans: [Span; 3] =
        [chancery_hit_in_text, chancery_finding_in_text, chancery_finding_in_translation];
    let nested_spans: [NestedSpan; 5] = [
        chancery_difference_in_text, chancery_difference_in_source, chancery_example_in_source,
        chancery_example_in_target, chancery_line_place,
    ];
    let (mut length, mut end) = (0, 0);
    // SAFETY: all places are there.
    unsafe {
        for get in texts {
            is_text(get(handle, index, &raw mut length), length);
        }
        for get in nested {
            is_text(get(handle, index, nth, &raw mut length), length);
        }
        for get in spans {
            if get(handle, index, &raw mut length, &raw mut end) == CHANCERY_OK {
                assert!(length <= end);
            }
        }
        for get in nested_spans {
            if get(handle, index, nth, &raw mut length, &raw mut end) == CHANCERY_OK {
                assert!(length <= end);
            }
        }
        is_text(chancery_error_message(handle, &raw mut length), length);
    }
    let score = chancery_match_rank_score(handle, index);
    assert!(score.is_nan() || (0.0..=102.0).contains(&score));
    for get in [
        chancery_matches_count, chancery_phrases_count, chancery_lines_count, chancery_hits_count,
        chancery_findings_count,
    ] {
        get(handle);
    }
    for get in [
        chancery_match_differences, chancery_phrase_examples, chancery_line_places,
        chancery_line_stands_for, chancery_hit_translations,
    ] {
        get(handle, index);
    }
}

/// A property that matches have or have not, as one more text.
unsafe extern "C" fn unnamed(handle: u64, index: usize, length: *mut usize) -> *const c_char {
    // SAFETY: as for every other text.
    unsafe { chancery_match_property(handle, index, c"x-document".as_ptr(), 10, length) }
}

fuzz_target!(|bytes: &[u8]| {
    let mut made: Vec<u64> = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n').take(64) {
        let Some((function, rest)) = line.split_first() else { continue };
        let tab: fn(&u8) -> bool = |byte| *byte == b'\t';
        let mut given = Given { fields: rest.split(tab), made: &made };
        let (mut handle, mut error) = (0, 0);
        let (out, failed) = (&raw mut handle, &raw mut error);
        let g = &mut given;
        // What stands right behind the letter is nothing.
        g.fields.next();
        // SAFETY: texts are as long as is said, and all places are there or null.
        let status = unsafe {
            match function {
                b'o' => {
                    let (path, flags) = (g.path(), g.number() as u32);
                    // A store is a file that would be there the next time.
                    let flags = if path.ends_with(".tmx") { flags } else { 0 };
                    let path = (path.as_ptr().cast(), path.len());
                    let author = g.text();
                    chancery_open(path.0, path.1, author.0, author.1, flags, out, failed)
                }
                b'l' => {
                    let (m, t, s, l) = (g.handle(), g.text(), g.text(), g.text());
                    let options = LookupOptions {
                        threshold: g.number() as f64,
                        limit: g.size(),
                        guard: g.number() as f64,
                        ..LookupOptions::default()
                    };
                    chancery_lookup(m, t.0, t.1, s.0, s.1, l.0, l.1, &raw const options, out, failed)
                }
                b'p' => {
                    let (m, t, s, l) = (g.handle(), g.text(), g.text(), g.text());
                    chancery_phrase(m, t.0, t.1, s.0, s.1, l.0, l.1, g.size(), out, failed)
                }
                b'c' => {
                    let (m, t, s, l) = (g.handle(), g.text(), g.text(), g.text());
                    let (flags, limit) = (g.number() as u32, g.size());
                    chancery_concordance(m, t.0, t.1, s.0, s.1, l.0, l.1, flags, limit, out, failed)
                }
                b'n' => chancery_termbase_new(out, failed),
                b'm' => chancery_termbase_memory(g.handle(), g.handle(), failed),
                b'g' => {
                    let (termbase, path) = (g.handle(), g.path());
                    let path = (path.as_ptr().cast(), path.len());
                    chancery_termbase_glossary(termbase, path.0, path.1, null_mut(), failed)
                }
                b's' => {
                    let (termbase, house, day) = (g.handle(), g.text(), g.text());
                    chancery_termbase_scope(termbase, house.0, house.1, day.0, day.1, failed)
                }
                b't' => {
                    let (b, t, s, l) = (g.handle(), g.text(), g.text(), g.text());
                    let flags = g.number() as u32;
                    chancery_terms(b, t.0, t.1, s.0, s.1, l.0, l.1, flags, out, failed)
                }
                b'k' => {
                    let (b, t, r, s, l) = (g.handle(), g.text(), g.text(), g.text(), g.text());
                    chancery_check(b, t.0, t.1, r.0, r.1, s.0, s.1, l.0, l.1, out, failed)
                }
                b'u' => chancery_unit_new(out, failed),
                b'v' => {
                    let (unit, lang, text) = (g.handle(), g.text(), g.text());
                    chancery_unit_segment(unit, lang.0, lang.1, text.0, text.1, failed)
                }
                b'w' => {
                    let (unit, kind, value) = (g.handle(), g.text(), g.text());
                    chancery_unit_property(unit, kind.0, kind.1, value.0, value.1, failed)
                }
                b'a' => chancery_add(g.handle(), g.handle(), null_mut(), failed),
                b'r' => {
                    chancery_replace(g.handle(), g.number(), g.handle(), null_mut(), failed)
                }
                b'd' => chancery_remove(g.handle(), g.number(), null_mut(), failed),
                b'z' => chancery_undo(g.handle(), g.number(), null_mut(), failed),
                b'x' => chancery_close(g.handle()),
                _ => {
                    read(g.handle(), g.size(), g.size());
                    CHANCERY_OK
                }
            }
        };
        assert_ne!(status, CHANCERY_INTERNAL, "a panic reached the border");
        if status == CHANCERY_OK {
            assert_eq!(error, 0);
        } else if *function != b'x' {
            read(error, 0, 0);
            assert_eq!(chancery_close(error), CHANCERY_OK);
        }
        made.push(handle);
    }
    for handle in made {
        read(handle, 0, 0);
        // One that the input closed, or none, is no longer there.
        chancery_close(handle);
    }
});
