//! Maintenance: what it says beforehand it does, and undo takes it back.

use chancery::memory::{
    DuplicatePolicy, Maintenance, MaintenanceReport, Memory, MemoryError, Selection,
};
use chancery::{Lang, Unit};
use proptest::prelude::*;
use proptest::sample::select;

use super::backend::on_each;
use super::model::Spec;

type Run = fn(&Maintenance<'_>) -> Result<MaintenanceReport, MemoryError>;

const RUNS: [Run; 6] = [
    |maintenance| maintenance.dedupe(),
    |maintenance| maintenance.remove(),
    |maintenance| maintenance.reverse(&Lang::EN),
    |maintenance| maintenance.strip_codes(),
    |maintenance| maintenance.set_property("x-status", Some("draft")),
    |maintenance| maintenance.anonymise([("séance", "[…]"), ("meeting", "[…]")]),
];

fn units(memory: &Memory) -> Vec<Unit> {
    memory.units().unwrap().map(|unit| unit.unwrap().1).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn it_is_said_done_and_undone(
        specs in prop::collection::vec(Spec::any(), 0..20),
        run in select(&RUNS[..]),
        approved in any::<bool>(),
    ) {
        on_each(|memory| {
            let import = memory.import("f").duplicates(DuplicatePolicy::KeepAll);
            import.run(specs.iter().map(|s| Ok::<_, std::convert::Infallible>(s.unit()))).unwrap();
            let before = units(memory);
            let selection = match approved {
                true => Selection::default().property("x-status", "approved"),
                false => Selection::default(),
            };
            let maintain = || memory.maintain().select(selection.clone());
            let planned = run(&maintain().dry_run(true)).unwrap();
            assert_eq!((planned.revision, units(memory)), (None, before.clone()));
            let done = run(&maintain()).unwrap();
            assert_eq!((planned.changed, planned.removed), (done.changed, done.removed));
            // Units that are not selected are not touched.
            let after = units(memory);
            for unit in before.iter().filter(|unit| !selection.accepts(unit)) {
                assert!(after.contains(unit));
            }
            if let Some(revision) = done.revision {
                memory.undo(revision).unwrap();
            }
            assert_eq!(units(memory), before);
        });
    }

    #[test]
    fn deduplicating_leaves_each_text_once(specs in prop::collection::vec(Spec::any(), 0..30)) {
        on_each(|memory| {
            memory.add(specs.iter().map(Spec::unit)).unwrap();
            memory.maintain().dedupe().unwrap();
            let texts = |unit: &Unit| {
                let texts = unit.variants.iter().map(|v| (v.lang.clone(), v.segment.clone()));
                texts.collect::<Vec<_>>()
            };
            let left: Vec<_> = units(memory).iter().map(texts).collect();
            for (nth, one) in left.iter().enumerate() {
                assert!(!left[..nth].contains(one));
            }
            for spec in &specs {
                assert!(left.contains(&texts(&spec.unit())));
            }
            assert_eq!(memory.maintain().dedupe().unwrap().revision, None);
        });
    }
}

#[test]
fn one_memory_takes_the_units_of_another() {
    on_each(|memory| {
        let other = Memory::new();
        other.add([Unit::pair((Lang::FR, "Oui."), (Lang::EN, "Yes."))]).unwrap();
        assert_eq!(memory.import("other").merge(&other).unwrap().added, 1);
        assert_eq!(memory.import("other").merge(&other).unwrap().duplicates, 1);
        assert_eq!(units(memory), units(&other));
    });
}

#[test]
fn a_change_that_breaks_a_unit_changes_none() {
    on_each(|memory| {
        let unit = |n: u32| Unit::pair((Lang::FR, format!("Article {n}")), (Lang::EN, "x"));
        memory.add((0..3).map(unit)).unwrap();
        let before = units(memory);
        let broken = memory.maintain().change("cut", |unit| {
            if unit.variants[0].segment.text().ends_with('2') {
                unit.variants.pop();
            } else {
                unit.variants.reverse();
            }
        });
        assert!(matches!(broken, Err(MemoryError::Rejected { .. })));
        assert_eq!(units(memory), before);
    });
}
