//! Terms, checks and concordances: what they give, and asked wrongly.

use std::ptr::{null, null_mut};

use chancery::Lang;
use chancery::memory::Memory;
use chancery::tasks::TermStore;
use chancery::term::{Concept, Ruling, Status as TermStatus, Term};
use chancery_c::*;

use crate::calls::*;

const GLOSSARY: &str = "concept,fr,en\n\
    sc,Conseil de sécurité,Security Council\n\
    rp,représentant permanent,permanent representative\n";

/// A folder with a glossary.
fn glossary() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("terms.csv");
    std::fs::write(&path, GLOSSARY).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

#[test]
fn terms_are_found_with_what_to_write() {
    let (_folder, path) = glossary();
    let termbase = termbase(&path).unwrap();
    let written = "Les représentants permanents au Conseil de sécurité";
    let hits = terms(termbase, written.as_bytes()).unwrap();
    assert_eq!(chancery_hits_count(hits), 2);
    let first = place(|begin, end| unsafe { chancery_hit_in_text(hits, 0, begin, end) }).unwrap();
    assert_eq!(&written[first], "représentants permanents");
    let term = text(|length| unsafe { chancery_hit_term(hits, 0, length) });
    assert_eq!(term.as_deref(), Some("représentant permanent"));
    let concept = text(|length| unsafe { chancery_hit_concept(hits, 1, length) });
    assert_eq!(concept.as_deref(), Some("sc"));
    assert_eq!(chancery_hit_translations(hits, 1), 1);
    let english = |nth| text(|length| unsafe { chancery_hit_translation(hits, 1, nth, length) });
    assert_eq!((english(0).as_deref(), english(1)), (Some("Security Council"), None));
    assert_eq!(text(|l| unsafe { chancery_hit_status(hits, 0, l) }).as_deref(), Some(""));
    assert_eq!(chancery_hit_is_nested(hits, 0), 0);
    assert_eq!(chancery_hit_translations(hits, 2), 0);
    let beyond = place(|begin, end| unsafe { chancery_hit_in_text(hits, 2, begin, end) });
    assert_eq!(beyond, Err(CHANCERY_INVALID_ARGUMENT));
    // What was found outlives the termbase.
    assert_eq!(chancery_close(termbase), CHANCERY_OK);
    assert_eq!(chancery_hits_count(hits), 2);
    assert_eq!(terms(termbase, b"").unwrap_err().0, CHANCERY_NO_SUCH_HANDLE);
    assert_eq!(chancery_close(hits), CHANCERY_OK);
}

#[test]
fn the_terms_of_a_memory_are_those_it_has_now() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    let (mut termbase, found) = (0, |termbase| {
        terms(termbase, "La Cour s’est réunie.".as_bytes()).map(|hits| chancery_hits_count(hits))
    });
    assert_eq!(unsafe { chancery_termbase_new(&raw mut termbase, null_mut()) }, CHANCERY_OK);
    let give = |memory| unsafe { chancery_termbase_memory(termbase, memory, null_mut()) };
    assert_eq!((give(termbase), give(memory)), (CHANCERY_NO_SUCH_HANDLE, CHANCERY_OK));
    assert_eq!(found(termbase), Ok(0));

    // Another program imports a term.
    let other = Memory::builder().open(folder.path().join("m.chancery")).unwrap();
    let terms_of = TermStore::new(&other);
    let mut court = Concept::new("icj");
    court.add(Lang::FR, Term::new("Cour"));
    court.add(Lang::EN, Term::new("Court"));
    terms_of.commit(terms_of.compare([court]).unwrap(), "").unwrap();
    assert_eq!(found(termbase), Ok(1));
    assert_eq!(add(memory, "Non.", "No.").0, CHANCERY_OK);
    assert_eq!(found(termbase), Ok(1));

    assert_eq!(chancery_close(memory), CHANCERY_OK);
    let (status, message) = found(termbase).unwrap_err();
    assert_eq!(status, CHANCERY_NO_SUCH_HANDLE);
    assert!(message.contains("memory is closed"), "{message}");
    chancery_close(termbase);
}

#[test]
fn a_house_and_a_day_decide() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.chancery");
    let own = Memory::builder().create(&path).unwrap();
    let mut court = Concept::new("icj");
    court.add(Lang::FR, Term::new("Cour"));
    let (status, house) = (TermStatus::Forbidden, Some("ministry".to_owned()));
    let ruling = Ruling { status, house, ..Ruling::default() };
    court.add(Lang::EN, Term { rulings: vec![ruling], ..Term::new("World Court") });
    let terms_of = TermStore::new(&own);
    terms_of.commit(terms_of.compare([court]).unwrap(), "").unwrap();

    let memory = open(path.to_str().unwrap(), 0).unwrap();
    let mut termbase = 0;
    assert_eq!(unsafe { chancery_termbase_new(&raw mut termbase, null_mut()) }, CHANCERY_OK);
    assert_eq!(unsafe { chancery_termbase_memory(termbase, memory, null_mut()) }, CHANCERY_OK);
    let scope = |house: &str, day: &str| {
        let ((house, house_length), (day, day_length)) = (given(house), given(day));
        unsafe {
            chancery_termbase_scope(termbase, house, house_length, day, day_length, null_mut())
        }
    };
    let choices = || {
        let hits = terms(termbase, b"la Cour").unwrap();
        let choices = chancery_hit_translations(hits, 0);
        assert_eq!(chancery_close(hits), CHANCERY_OK);
        choices
    };
    assert_eq!(choices(), 1);
    assert_eq!(scope("ministry", "2016-03-18"), CHANCERY_OK);
    assert_eq!(choices(), 0);
    assert_eq!(scope("ministry", "2016-13-18"), CHANCERY_INVALID_ARGUMENT);
    assert_eq!(choices(), 0, "what failed changed nothing");
    assert_eq!(scope("", ""), CHANCERY_OK);
    assert_eq!(choices(), 1);
    chancery_close(termbase);
    chancery_close(memory);
}

#[test]
fn a_translation_is_checked() {
    let (_folder, path) = glossary();
    let termbase = termbase(&path).unwrap();
    let (source, target) =
        ("Le Conseil de sécurité siège 3 jours.", "The Council sits for 4 days.");
    let kinds = |findings| -> Vec<String> {
        let count = chancery_findings_count(findings);
        let kind = |nth| text(|length| unsafe { chancery_finding_kind(findings, nth, length) });
        (0..count).map(|nth| kind(nth).unwrap()).collect()
    };
    let without = check(0, source, target.as_bytes()).unwrap();
    assert_eq!(kinds(without), ["number"]);
    let place_in = |nth| {
        place(|begin, end| unsafe { chancery_finding_in_translation(without, nth, begin, end) })
    };
    assert_eq!(&target[place_in(0).unwrap()], "4");
    assert_eq!(place_in(1), Err(CHANCERY_INVALID_ARGUMENT));
    assert_eq!(chancery_finding_severity(without, 0), CHANCERY_ERROR);
    assert_eq!(chancery_finding_severity(without, 1), 0);
    let suggested = text(|length| unsafe { chancery_finding_suggestion(without, 0, length) });
    assert_eq!(suggested.as_deref(), Some("3"));
    let print = text(|length| unsafe { chancery_finding_fingerprint(without, 0, length) }).unwrap();
    assert_eq!(print.len(), 32);

    let with = check(termbase, source, target.as_bytes()).unwrap();
    let mut found = kinds(with);
    found.sort();
    assert_eq!(found, ["number", "term-missing"]);
    let missing = (0..2).find(|&nth| {
        text(|length| unsafe { chancery_finding_kind(with, nth, length) }).unwrap()
            == "term-missing"
    });
    let missing = missing.unwrap();
    let at = place(|begin, end| unsafe { chancery_finding_in_text(with, missing, begin, end) });
    assert_eq!(&source[at.unwrap()], "Conseil de sécurité");
    let nowhere =
        place(|begin, end| unsafe { chancery_finding_in_translation(with, missing, begin, end) });
    assert_eq!(nowhere, Err(CHANCERY_NOT_FOUND));
    let words = text(|length| unsafe { chancery_finding_words(with, missing, length) }).unwrap();
    assert!(words.contains("Security Council"), "{words}");
    for handle in [without, with, termbase] {
        assert_eq!(chancery_close(handle), CHANCERY_OK);
    }
    assert_eq!(chancery_findings_count(with), 0);
}

#[test]
fn a_concordance_has_its_places() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    assert_eq!(add(memory, "Les séances sont levées.", "The meetings rose.").0, CHANCERY_OK);
    let lines = concordance(memory, "levée".as_bytes(), 0).unwrap();
    assert_eq!((chancery_lines_count(lines), chancery_lines_units(lines)), (2, 2));
    assert_eq!(chancery_lines_complete(lines), 1);
    let newest = text(|length| unsafe { chancery_line_text(lines, 0, length) }).unwrap();
    assert_eq!(chancery_line_places(lines, 0), 1);
    let at = place(|begin, end| unsafe { chancery_line_place(lines, 0, 0, begin, end) }).unwrap();
    assert_eq!(&newest[at], "levées");
    let none = place(|begin, end| unsafe { chancery_line_place(lines, 0, 1, begin, end) });
    assert_eq!(none, Err(CHANCERY_INVALID_ARGUMENT));
    assert_eq!(chancery_line_stands_for(lines, 0), 1);
    assert!(chancery_line_unit(lines, 0) > chancery_line_unit(lines, 1));
    assert_eq!(text(|length| unsafe { chancery_line_document(lines, 0, length) }), None);

    let english = concordance(memory, b"\"meeting rose\"", CHANCERY_IN_TARGET).unwrap();
    assert_eq!(chancery_lines_count(english), 2);
    let other = text(|length| unsafe { chancery_line_translation(english, 0, length) });
    assert_eq!(other.as_deref(), Some("Les séances sont levées."));
    for handle in [lines, english, memory] {
        assert_eq!(chancery_close(handle), CHANCERY_OK);
    }
    assert_eq!(concordance(memory, b"x", 0).unwrap_err().0, CHANCERY_NO_SUCH_HANDLE);
}

#[test]
fn what_can_not_be_asked_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    let (status, message) = concordance(memory, b"\"open", 0).unwrap_err();
    assert_eq!(status, CHANCERY_INVALID_ARGUMENT);
    assert!(message.contains("not closed"), "{message}");
    assert_eq!(concordance(memory, b"x", 8).unwrap_err().0, CHANCERY_INVALID_ARGUMENT);
    let (status, message) = concordance(memory, b"s\xe9ance", 0).unwrap_err();
    assert_eq!((status, &*message), (CHANCERY_INVALID_UTF8, "`query` is not UTF-8 at byte 1"));

    let (_folder, path) = glossary();
    let termbase = termbase(&path).unwrap();
    assert_eq!(terms(termbase, b"\xff").unwrap_err().0, CHANCERY_INVALID_UTF8);
    let (status, message) = check(termbase, "Oui.", b"Y\xffs").unwrap_err();
    assert_eq!(
        (status, &*message),
        (CHANCERY_INVALID_UTF8, "`translation` is not UTF-8 at byte 1")
    );
    let missing = crate::calls::termbase("no/such.tbx").unwrap_err();
    assert_eq!(missing.0, CHANCERY_NOT_FOUND);
    let empty = folder.path().join("empty.tbx");
    std::fs::write(&empty, "<x/>").unwrap();
    let empty = crate::calls::termbase(empty.to_str().unwrap()).unwrap_err();
    assert_eq!(empty.0, CHANCERY_FAILED, "{}", empty.1);

    // No handle of one kind is taken for another, nor a null place for a result.
    for wrong in [0, u64::MAX, memory] {
        assert_eq!(terms(wrong, b"x").unwrap_err().0, CHANCERY_NO_SUCH_HANDLE);
        assert_eq!(chancery_hits_count(wrong), 0);
        assert_eq!(chancery_findings_count(wrong), 0);
        assert_eq!(chancery_lines_count(wrong), 0);
        assert!(unsafe { chancery_hit_term(wrong, 0, null_mut()) }.is_null());
    }
    assert_eq!(check(memory, "x", b"x").unwrap_err().0, CHANCERY_NO_SUCH_HANDLE);
    assert_eq!(concordance(termbase, b"x", 0).unwrap_err().0, CHANCERY_NO_SUCH_HANDLE);
    let (fr, mut error) = (given("fr"), 0);
    let nowhere = unsafe {
        chancery_terms(termbase, null(), 0, fr.0, fr.1, fr.0, fr.1, 0, null_mut(), &raw mut error)
    };
    assert_eq!(nowhere, CHANCERY_INVALID_ARGUMENT);
    assert!(crate::calls::message(error).contains("`hits` is null"));
    let length = unsafe { chancery_termbase_glossary(termbase, null(), 9, null_mut(), null_mut()) };
    assert_eq!(length, CHANCERY_INVALID_ARGUMENT);
    chancery_close(termbase);
    chancery_close(memory);
}

#[test]
fn eight_threads_read_while_one_adds() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    let (_glossary, path) = glossary();
    let termbase = termbase(&path).unwrap();
    assert_eq!(unsafe { chancery_termbase_memory(termbase, memory, null_mut()) }, CHANCERY_OK);
    std::thread::scope(|scope| {
        for nth in 0..8 {
            scope.spawn(move || {
                loop {
                    let asked = match nth % 3 {
                        0 => terms(termbase, "au Conseil de sécurité".as_bytes()),
                        1 => check(termbase, "Le Conseil de sécurité", b"The Security Council"),
                        _ => concordance(memory, "séance".as_bytes(), 0),
                    };
                    let found = match asked {
                        Ok(found) => found,
                        // The memory was closed.
                        Err((status, _)) => break assert_eq!(status, CHANCERY_NO_SUCH_HANDLE),
                    };
                    match nth % 3 {
                        0 => assert_eq!(chancery_hits_count(found), 1),
                        1 => assert_eq!(chancery_findings_count(found), 0),
                        _ => assert_eq!(chancery_lines_count(found), 1),
                    }
                    assert_eq!(chancery_close(found), CHANCERY_OK);
                }
            });
        }
        for number in 0..20 {
            assert_eq!(add(memory, &format!("Article {number}"), "An article").0, CHANCERY_OK);
        }
        assert_eq!(chancery_close(memory), CHANCERY_OK);
    });
    chancery_close(termbase);
}
