//! Concepts beside the units, on every backend.

use std::collections::BTreeMap;

use chancery::memory::{Memory, MemoryBuilder, MemoryError, Operation, RevisionId};
use chancery::{Lang, Unit};
use proptest::prelude::*;

use super::backend::{Backend, on_each};

type Concepts = BTreeMap<String, String>;

fn held(memory: &Memory) -> Concepts {
    memory.concepts().unwrap().collect::<Result<_, _>>().unwrap()
}

fn put(memory: &Memory, changes: &[(String, Option<String>)]) -> Option<RevisionId> {
    memory.put_concepts(Operation::Change, "test", changes.to_vec()).unwrap()
}

fn changes() -> impl Strategy<Value = Vec<(String, Option<String>)>> {
    // Few ids and few texts, so that they meet again.
    prop::collection::vec(("[a-cé]", prop::option::of("[x-z]")), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// A memory holds what a map would, gives it back after it was closed, and goes back by undo to
    /// every state it was in, the newest first.
    #[test]
    fn concepts_are_those_of_a_map_and_every_change_can_be_undone(
        steps in prop::collection::vec(changes(), 1..6),
    ) {
        for mut backend in Backend::all(&MemoryBuilder::default()) {
            let mut states = vec![Concepts::new()];
            let mut revisions = Vec::new();
            for step in &steps {
                let mut state = states.last().unwrap().clone();
                for (id, text) in step {
                    match text {
                        Some(text) => state.insert(id.clone(), text.clone()),
                        None => state.remove(id),
                    };
                }
                let memory = backend.memory();
                let revision = put(memory, step);
                let before = states.last().unwrap();
                assert_eq!(revision.is_some(), state != *before, "{}", backend.name);
                if let Some(revision) = revision {
                    let counts = memory.history().unwrap()[0].counts();
                    let added = state.keys().filter(|id| !before.contains_key(*id)).count();
                    let removed = before.keys().filter(|id| !state.contains_key(*id)).count();
                    assert_eq!((counts.added, counts.removed), (added as u64, removed as u64));
                    states.push(state);
                    revisions.push(revision);
                }
                assert_eq!(&held(memory), states.last().unwrap());
            }
            backend.reopen();
            let memory = backend.memory();
            memory.verify().unwrap();
            assert_eq!(&held(memory), states.last().unwrap());
            while let Some(revision) = revisions.pop() {
                states.pop();
                let undo = memory.undo(revision).unwrap();
                assert_eq!(&held(memory), states.last().unwrap(), "{}", backend.name);
                // The undo can be undone as well.
                let redo = memory.undo(undo).unwrap();
                memory.undo(redo).unwrap();
                assert_eq!(&held(memory), states.last().unwrap());
            }
        }
    }
}

#[test]
fn a_later_change_of_the_same_concept_forbids_the_undo() {
    on_each(|memory| {
        let set = |id: &str, text: &str| put(memory, &[(id.to_owned(), Some(text.to_owned()))]);
        let first = set("a", "1").unwrap();
        set("b", "1").unwrap();
        let last = set("a", "2").unwrap();
        assert!(matches!(memory.undo(first), Err(MemoryError::ChangedSince { .. })));
        memory.undo(last).unwrap();
        // What was changed beside it does not matter.
        memory.undo(first).unwrap();
        assert_eq!(memory.concept("a").unwrap(), None);
        assert_eq!(memory.concept("b").unwrap().as_deref(), Some("1"));
    });
}

#[test]
fn units_and_concepts_do_not_disturb_each_other() {
    on_each(|memory| {
        let unit = Unit::pair((Lang::FR, "La paix règne."), (Lang::EN, "Peace reigns."));
        let added = memory.add([unit]).unwrap().revision.unwrap();
        put(memory, &[("paix".to_owned(), Some("peace".to_owned()))]).unwrap();
        assert_eq!(memory.len().unwrap(), 1);
        assert_eq!(memory.lookup("La paix règne.").run().unwrap().len(), 1);
        memory.undo(added).unwrap();
        assert_eq!((memory.len().unwrap(), held(memory).len()), (0, 1));
        let newest = memory.history().unwrap()[0].id();
        memory.purge(newest).run().unwrap();
        assert_eq!(held(memory).len(), 1);
        memory.verify().unwrap();
    });
}
