//! Several processes on one memory.

use std::time::Duration;

use chancery::memory::{Memory, MemoryError};

use super::worker::{Worker, unit};

#[test]
fn what_one_process_adds_another_finds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.chancery");
    let memory = Memory::create(&path).unwrap();
    let mut worker = Worker::start("add", &path);
    let mut revisions = 0;
    while let Some(revision) = worker.hear("revision ") {
        revisions = revision.parse().unwrap();
        // What is acknowledged is there, at once and as a whole.
        assert!(memory.revision().unwrap().unwrap().number() >= revisions);
        assert_eq!(memory.len().unwrap() % 10, 0);
        if revisions % 100 == 0 {
            let added = unit(revisions * 10 - 1);
            let found = memory.lookup(&added.variants[0].segment).limit(1).run().unwrap();
            assert_eq!(found[0].unit(), &added);
        }
    }
    assert_eq!((revisions, memory.len().unwrap()), (1000, 10_000));
    memory.verify().unwrap();
}

#[test]
fn who_waits_in_vain_is_told_for_whom() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.chancery");
    Memory::create(&path).unwrap();
    let memory = Memory::builder().patience(Duration::from_millis(50)).open(&path).unwrap();
    let mut worker = Worker::start("hold", &path);
    worker.hear("holding").unwrap();
    // Reading goes on meanwhile.
    assert!(memory.is_empty().unwrap());
    let error = memory.add([unit(1)]).unwrap_err();
    assert!(matches!(error, MemoryError::Busy { .. }), "{error}");
    assert!(error.to_string().contains("import slow.tmx"), "{error}");
    // The right to write ends with the process, and nothing of its import is there.
    worker.kill();
    memory.add([unit(2)]).unwrap();
    assert_eq!(memory.len().unwrap(), 1);
}
