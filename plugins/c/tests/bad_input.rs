//! Null pointers, wrong handles, text that is none, handles that are closed, many threads.

use std::ptr::{null, null_mut};

use chancery_c::*;

use crate::calls::*;

#[test]
fn what_is_added_is_found_changed_and_undone() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    let matches = lookup(memory, "La séance est levée.").unwrap();
    assert_eq!((chancery_matches_count(matches), chancery_matches_complete(matches)), (1, 1));
    assert_eq!(chancery_match_score(matches, 0), 100.0);
    assert!(chancery_match_limit(matches, 0).is_nan());
    let number = chancery_match_unit(matches, 0);
    let (edited, mut revision) = (unit("La séance est levée.", "The meeting is closed."), 0);
    let status = unsafe { chancery_replace(memory, number, edited, &raw mut revision, null_mut()) };
    assert_eq!((status, revision), (CHANCERY_OK, 2));
    let status = unsafe { chancery_undo(memory, 1, null_mut(), null_mut()) };
    assert_eq!(status, CHANCERY_CONFLICT);
    let status = unsafe { chancery_undo(memory, 2, &raw mut revision, null_mut()) };
    assert_eq!((status, revision), (CHANCERY_OK, 3));
    assert_eq!(unsafe { chancery_undo(memory, 99, null_mut(), null_mut()) }, CHANCERY_NOT_FOUND);
    let status = unsafe { chancery_remove(memory, number, &raw mut revision, null_mut()) };
    assert_eq!((status, revision), (CHANCERY_OK, 4));
    let status = unsafe { chancery_remove(memory, number, null_mut(), null_mut()) };
    assert_eq!(status, CHANCERY_NOT_FOUND);
    assert_eq!(add(memory, "Oui.", "Yes."), (CHANCERY_OK, 5));
    assert_eq!(add(memory, "Oui.", "Yes."), (CHANCERY_OK, 0), "it is there already");
    for handle in [edited, matches, memory] {
        assert_eq!(chancery_close(handle), CHANCERY_OK);
    }
}

#[test]
fn a_phrase_is_found_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    let (mut phrases, mut begin, mut end, mut length) = (0, 9, 9, 9);
    let (text, fr, en) = (given("séance"), given("fr"), given("en"));
    let mut ask = |memory| unsafe {
        chancery_phrase(
            memory,
            text.0,
            text.1,
            fr.0,
            fr.1,
            en.0,
            en.1,
            5,
            &raw mut phrases,
            null_mut(),
        )
    };
    assert_eq!(ask(0), CHANCERY_NO_SUCH_HANDLE);
    assert_eq!(ask(memory), CHANCERY_OK);
    assert_eq!((chancery_phrases_count(phrases), chancery_phrases_units(phrases)), (1, 1));
    assert_eq!(chancery_phrases_complete(phrases), 1);
    assert_eq!(chancery_phrases_are_nearest(phrases), 0);
    assert_eq!(chancery_phrase_examples(phrases, 0), 1);
    assert!((0.0..=1.0).contains(&chancery_phrase_confidence(phrases, 0)));
    let status = unsafe { chancery_example_in_source(phrases, 0, 0, &raw mut begin, &raw mut end) };
    assert_eq!((status, begin, end), (CHANCERY_OK, 3, 10));
    let target = unsafe { chancery_example_target(phrases, 0, 0, &raw mut length) };
    assert!(!target.is_null() && length == "The meeting rose.".len());
    let document = unsafe { chancery_example_document(phrases, 0, 0, &raw mut length) };
    assert!(document.is_null() && length == 0);
    assert_eq!(chancery_example_unit(phrases, 0, 1), 0);
    assert!(unsafe { chancery_phrase_text(phrases, 1, null_mut()) }.is_null());
    assert!(chancery_phrase_confidence(memory, 0).is_nan());
    assert_eq!(chancery_close(phrases), CHANCERY_OK);
    assert_eq!(chancery_phrases_count(phrases), 0);
    chancery_close(memory);
}

#[test]
fn null_is_reported_or_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    let status = unsafe { chancery_open(null(), 0, null(), 0, 0, null_mut(), null_mut()) };
    assert_eq!(status, CHANCERY_INVALID_ARGUMENT);
    let (mut error, mut handle) = (0, 7);
    for length in [1, usize::MAX] {
        let status =
            unsafe { chancery_open(null(), length, null(), 0, 0, &raw mut handle, &raw mut error) };
        assert_eq!((status, handle), (CHANCERY_INVALID_ARGUMENT, 7));
        assert!(message(error).contains("`path` is null"));
    }
    assert_eq!(unsafe { chancery_unit_new(null_mut(), null_mut()) }, CHANCERY_INVALID_ARGUMENT);
    let matches = lookup(memory, "").unwrap();
    assert!(unsafe { chancery_match_source(matches, 0, null_mut()) }.is_null());
    let matches = lookup(memory, "La séance est levée.").unwrap();
    assert!(!unsafe { chancery_match_source(matches, 0, null_mut()) }.is_null());
    let span = unsafe { chancery_difference_in_text(matches, 0, 0, null_mut(), null_mut()) };
    assert_eq!(span, CHANCERY_INVALID_ARGUMENT);
    chancery_close(memory);
}

#[test]
fn text_that_is_none_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    let (mut matches, mut error) = (0, 0);
    let (fr, en, bytes) = (given("fr"), given("en"), b"s\xe9ance");
    let status = unsafe {
        chancery_lookup(
            memory,
            bytes.as_ptr().cast(),
            bytes.len(),
            fr.0,
            fr.1,
            en.0,
            en.1,
            null(),
            &raw mut matches,
            &raw mut error,
        )
    };
    assert_eq!((status, matches), (CHANCERY_INVALID_UTF8, 0));
    assert_eq!(message(error), "`text` is not UTF-8 at byte 1");
    let odd = given("f!");
    let status = unsafe {
        chancery_lookup(
            memory,
            fr.0,
            fr.1,
            odd.0,
            odd.1,
            en.0,
            en.1,
            null(),
            &raw mut matches,
            null_mut(),
        )
    };
    assert_eq!(status, CHANCERY_INVALID_ARGUMENT);
    for wrong in [
        LookupOptions { size: 8, ..LookupOptions::default() },
        LookupOptions { threshold: f64::NAN, ..LookupOptions::default() },
        LookupOptions { guard: 95.0, ..LookupOptions::default() },
    ] {
        let status = unsafe {
            chancery_lookup(
                memory,
                fr.0,
                fr.1,
                fr.0,
                fr.1,
                en.0,
                en.1,
                &raw const wrong,
                &raw mut matches,
                null_mut(),
            )
        };
        assert_eq!(status, CHANCERY_INVALID_ARGUMENT, "{wrong:?}");
    }
    chancery_close(memory);
}

#[test]
fn a_wrong_handle_is_no_more_than_that() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    let matches = lookup(memory, "La séance est levée.").unwrap();
    for wrong in [0, 1, u64::MAX, matches, memory.wrapping_add(1)] {
        assert_eq!(lookup(wrong, "x").unwrap_err().0, CHANCERY_NO_SUCH_HANDLE);
        assert_eq!(add(wrong, "Oui.", "Yes.").0, CHANCERY_NO_SUCH_HANDLE);
    }
    assert_eq!(
        unsafe { chancery_add(memory, memory, null_mut(), null_mut()) },
        CHANCERY_NO_SUCH_HANDLE
    );
    assert_eq!(chancery_matches_count(memory), 0);
    assert!(chancery_match_score(matches, 1).is_nan());
    assert!(chancery_match_score(memory, 0).is_nan());
    assert!(unsafe { chancery_error_message(memory, null_mut()) }.is_null());
    assert_eq!(chancery_close(matches), CHANCERY_OK);
    assert_eq!(chancery_close(matches), CHANCERY_NO_SUCH_HANDLE);
    assert_eq!(chancery_matches_count(matches), 0);
    assert_eq!(chancery_close(memory), CHANCERY_OK);
    assert_eq!(lookup(memory, "x").unwrap_err().0, CHANCERY_NO_SUCH_HANDLE);
}

#[test]
fn a_memory_that_vanishes_is_reported() {
    assert_eq!(open("no/such.chancery", 0).unwrap_err().0, CHANCERY_NOT_FOUND);
    assert_eq!(open("x", 9).unwrap_err().0, CHANCERY_INVALID_ARGUMENT);
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    std::fs::remove_file(folder.path().join("m.chancery")).unwrap();
    let (status, _) = add(memory, "Oui.", "Yes.");
    assert_eq!(status, CHANCERY_FAILED);
    assert_eq!(chancery_close(memory), CHANCERY_OK);
}

#[test]
fn eight_threads_look_up_while_one_adds_and_one_closes() {
    let folder = tempfile::tempdir().unwrap();
    let memory = store(&folder);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    match lookup(memory, "La séance est levée.") {
                        Ok(matches) => {
                            assert_eq!(chancery_match_score(matches, 0), 100.0);
                            assert_eq!(chancery_close(matches), CHANCERY_OK);
                        }
                        // The memory was closed.
                        Err((status, _)) => break assert_eq!(status, CHANCERY_NO_SUCH_HANDLE),
                    }
                }
            });
        }
        for number in 0..20 {
            assert_eq!(add(memory, &format!("Article {number}"), "An article").0, CHANCERY_OK);
        }
        assert_eq!(chancery_close(memory), CHANCERY_OK);
    });
}
