//! Files that are no memories, or not whole ones, or not where they were.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chancery::memory::{Memory, MemoryError, UnitId};
use chancery::{Lang, Unit};
use proptest::prelude::*;

fn unit(number: usize) -> Unit {
    let long = "de la coopération et de la sécurité ".repeat(number % 9);
    Unit::pair(
        (Lang::FR, format!("Le paragraphe {number} {long}est adopté.")),
        (Lang::EN, format!("Paragraph {number} was adopted.")),
    )
}

/// A memory of 300 units that is closed, and what it holds.
fn made(path: &Path) -> BTreeMap<UnitId, Unit> {
    let memory = Memory::create(path).unwrap();
    memory.add((0..300).map(unit)).unwrap();
    memory.remove([UnitId::new(7), UnitId::new(250)]).unwrap();
    memory.units().unwrap().map(|unit| unit.unwrap()).collect()
}

#[test]
fn what_is_no_memory_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("empty"), "").unwrap();
    std::fs::write(at("text"), "La séance est levée. ".repeat(100)).unwrap();
    let other = rusqlite::Connection::open(at("other")).unwrap();
    other.execute_batch("CREATE TABLE song (name TEXT)").unwrap();
    drop(other);
    for name in ["empty", "text", "other"] {
        let before = std::fs::read(at(name)).unwrap();
        let error = Memory::open(at(name)).unwrap_err();
        assert!(matches!(error, MemoryError::NotAMemory { .. }), "{name}: {error}");
        assert_eq!(std::fs::read(at(name)).unwrap(), before);
        let error = Memory::create(at(name)).unwrap_err();
        assert!(matches!(error, MemoryError::Exists { .. }), "{name}: {error}");
    }
    let error = Memory::open(folder.path()).unwrap_err();
    assert!(matches!(error, MemoryError::NotAMemory { .. }), "{error}");
    let error = Memory::open(at("none")).unwrap_err();
    assert!(matches!(error, MemoryError::Missing { .. }), "{error}");
    assert!(!at("none").exists());
    let error = Memory::create(at("none").join("below")).unwrap_err();
    assert!(error.to_string().contains("below"), "{error}");
}

#[test]
fn a_newer_format_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m");
    made(&path);
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let error = Memory::open(&path).unwrap_err();
    assert!(matches!(error, MemoryError::NewerFormat { found: 99, .. }), "{error}");
}

#[cfg(unix)]
#[test]
fn a_file_replaced_under_the_handle_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("m"), folder.path().join("other"));
    made(&path);
    made(&other);
    let memory = Memory::open(&path).unwrap();
    assert_eq!(memory.len().unwrap(), 298);
    std::fs::rename(&other, &path).unwrap();
    let errors =
        [memory.len().map(drop).unwrap_err(), memory.add([unit(1)]).map(drop).unwrap_err()];
    for error in errors {
        assert!(matches!(error, MemoryError::Replaced { .. }), "{error}");
    }
}

#[test]
fn a_file_that_may_not_be_written_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m");
    let held = made(&path);
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    if std::fs::OpenOptions::new().write(true).open(&path).is_ok() {
        eprintln!("skipped: this user may write read-only files");
        return;
    }
    let memory = Memory::open(&path).unwrap();
    assert_eq!(memory.len().unwrap(), held.len() as u64);
    let error = memory.add([unit(1)]).unwrap_err();
    assert!(matches!(error, MemoryError::ReadOnly { .. }), "{error}");
}

#[test]
fn a_memory_is_one_file_to_copy() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("m"), folder.path().join("copy"));
    let held = made(&path);
    std::fs::copy(&path, &copy).unwrap();
    let copied = Memory::open(&copy).unwrap().units().unwrap().map(|unit| unit.unwrap()).collect();
    assert_eq!(held, copied);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever bytes are flipped or cut off: no panic, no unit that was never there, and what
    /// passes as whole is whole.
    #[test]
    fn damage_is_never_taken_for_data(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1..=255u8), 0..6),
        cut in prop::option::weighted(0.3, any::<prop::sample::Index>()),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m");
        let held = made(&path);
        let mut bytes = std::fs::read(&path).unwrap();
        for (at, flip) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        std::fs::write(&path, bytes).unwrap();
        let Ok(memory) = Memory::open(&path) else { return Ok(()) };
        let whole = memory.verify().is_ok();
        if let Ok(units) = memory.units() {
            let read: Result<BTreeMap<UnitId, Unit>, _> = units.collect();
            if whole {
                assert_eq!(&read.unwrap(), &held);
            }
        }
        let _ = memory.lookup("Le paragraphe 12 est adopté.").run();
        let _ = memory.history();
        let _ = memory.add([unit(1)]);
        let _ = memory.undo(chancery::memory::RevisionId::new(2));
    }
}

/// Where a word stands, in any case, in a memory and in what lies beside it.
fn files_with(word: &str, folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_with(word, &path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let is_word = |part: &[u8]| part.eq_ignore_ascii_case(word.as_bytes());
            files.extend(bytes.windows(word.len()).any(is_word).then_some(path));
        }
    }
    files
}

#[test]
fn what_was_purged_is_nowhere_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m");
    let named = |number: usize, name: &str| {
        let french = format!("Le paragraphe {number} du rapport de M. {name} est adopté.");
        let english = format!("Paragraph {number} of the report of Mr {name} was adopted.");
        Unit::pair((Lang::FR, french), (Lang::EN, english))
    };
    let memory = Memory::create(&path).unwrap();
    memory.add((0..700).map(|number| named(number, "Hellmark"))).unwrap();
    let found = |memory: &Memory| {
        let query = memory.lookup("Le paragraphe 7 du rapport de M. Bastane est adopté.");
        query.run().unwrap().len()
    };
    let before = found(&memory);
    memory.lexicon(&Lang::FR, &Lang::EN).unwrap();
    let other = Memory::open(&path).unwrap();
    assert_eq!(found(&other), before);
    let ids: Vec<UnitId> = memory.units().unwrap().map(|unit| unit.unwrap().0).collect();
    for (number, id) in ids.into_iter().enumerate() {
        memory.replace(id, named(number, "Bastane")).unwrap();
    }
    let holding = || files_with("hellmark", folder.path());
    // The store, the index of each language, the lexicon.
    assert!(holding().len() >= 4, "{:?}", holding());
    let newest = memory.revision().unwrap().unwrap();
    memory.purge(newest).run().unwrap();
    // Another program that knew the old words must not write them again.
    assert_eq!(found(&other), before);
    assert_eq!(found(&memory), before);
    memory.lexicon(&Lang::FR, &Lang::EN).unwrap();
    drop((memory, other));
    assert_eq!(holding(), [] as [PathBuf; 0]);
    assert!(files_with("bastane", folder.path()).len() >= 4);
}

#[test]
fn a_lexicon_is_kept_until_the_memory_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m");
    let kept = folder.path().join("m.index/learnt-lexicon-fr-en-20000");
    made(&path);
    let probability = || {
        let lexicon = Memory::open(&path).unwrap().lexicon(&Lang::FR, &Lang::EN).unwrap();
        lexicon.probability("paragraphe", "paragraph")
    };
    let learnt = probability();
    assert!(learnt > 0.0, "{learnt}");
    let bytes = std::fs::read(&kept).unwrap();
    let written = || std::fs::metadata(&kept).unwrap().modified().unwrap();
    let before = written();
    assert_eq!(probability(), learnt);
    assert_eq!(written(), before, "it was learnt again");
    for spoilt in [&b"CHANCLEX"[..], &bytes[..bytes.len() - 9], &[]] {
        std::fs::write(&kept, spoilt).unwrap();
        assert_eq!(probability(), learnt);
        assert_eq!(std::fs::read(&kept).unwrap(), bytes);
    }
    let memory = Memory::open(&path).unwrap();
    memory.add((300..310).map(unit)).unwrap();
    probability();
    assert_eq!(std::fs::read(&kept).unwrap(), bytes);
    memory.add((310..400).map(unit)).unwrap();
    probability();
    assert_ne!(std::fs::read(&kept).unwrap(), bytes);
}
