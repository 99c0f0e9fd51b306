//! What holds of every memory, whatever is done to it.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::num::NonZeroUsize;

use chancery::Unit;
use chancery::align::DOCUMENT;
use chancery::memory::{DuplicatePolicy, Memory, MemoryBuilder, UnitId};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::backend::{Backend, on_each};
use super::model::{POLICIES, Spec};

fn import(memory: &Memory, policy: DuplicatePolicy, specs: &[Spec]) -> chancery::memory::AddReport {
    let units = specs.iter().map(|spec| Ok::<Unit, Infallible>(spec.unit()));
    memory.import("laws").duplicates(policy).keep_going(true).run(units).unwrap()
}

fn units(memory: &Memory) -> Vec<(UnitId, Unit)> {
    memory.units().unwrap().collect::<Result<_, _>>().unwrap()
}

fn specs() -> impl Strategy<Value = Vec<Spec>> {
    prop::collection::vec(Spec::any(), 0..12)
}

/// A unit of one of two documents, or of none.
fn in_a_document() -> impl Strategy<Value = Unit> {
    (Spec::any(), 0..3_u8).prop_map(|(spec, document)| {
        let mut unit = spec.unit();
        if document > 0 {
            unit.metadata.set_property(DOCUMENT, format!("A/68/{document}"));
        }
        unit
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn importing_again_changes_nothing(
        policy in select(&POLICIES[..]), before in specs(), file in specs(),
    ) {
        on_each(|memory| {
            import(memory, DuplicatePolicy::KeepAll, &before);
            import(memory, policy, &file);
            let once = units(memory);
            assert_eq!(import(memory, policy, &file).revision, None);
            assert_eq!(units(memory), once);
        });
    }

    #[test]
    fn undo_is_exact_and_so_is_its_undo(
        policy in select(&POLICIES[..]), before in specs(), file in specs(),
    ) {
        on_each(|memory| {
            import(memory, DuplicatePolicy::KeepAll, &before);
            let first = units(memory);
            let Some(revision) = import(memory, policy, &file).revision else { return };
            let second = units(memory);
            let undo = memory.undo(revision).unwrap();
            assert_eq!(units(memory), first);
            memory.undo(undo).unwrap();
            assert_eq!(units(memory), second);
        });
    }

    #[test]
    fn a_dry_run_says_what_the_run_does(
        policy in select(&POLICIES[..]), before in specs(), file in specs(),
    ) {
        on_each(|memory| {
            import(memory, DuplicatePolicy::KeepAll, &before);
            let held = units(memory);
            let read = || file.iter().map(|spec| Ok::<Unit, Infallible>(spec.unit()));
            let planned = memory.import("f").duplicates(policy).keep_going(true).dry_run(true);
            let planned = planned.run(read()).unwrap();
            assert_eq!(units(memory), held);
            let mut done = import(memory, policy, &file);
            done.revision = None;
            assert_eq!(planned, done);
        });
    }

    #[test]
    fn a_document_that_comes_anew_is_all_there_is_of_it(
        few in prop::collection::vec(in_a_document(), 1..6),
        before in prop::collection::vec(any::<Index>(), 0..12),
        file in prop::collection::vec(any::<Index>(), 0..9),
        threads in 1..3_usize,
    ) {
        let of_few = |places: &[Index]| -> Vec<Unit> {
            places.iter().map(|place| place.get(&few).clone()).collect()
        };
        let (before, file) = (of_few(&before), of_few(&file));
        on_each(|memory| {
            let taken = |units: &[Unit], supersede| {
                let units = units.iter().map(|unit| Ok::<Unit, Infallible>(unit.clone()));
                let import = memory.import("f").threads(NonZeroUsize::new(threads).unwrap());
                import.supersede(supersede).run(units).unwrap()
            };
            taken(&before, false);
            let held = units(memory);
            let report = taken(&file, true);
            // By the documents and languages of the file each unit stays, goes, or is of the file.
            let of = |unit: &Unit| unit.metadata.property(DOCUMENT).map(str::to_owned);
            let langs = |unit: &Unit| -> BTreeSet<String> {
                unit.variants.iter().map(|variant| variant.lang.to_string()).collect()
            };
            let is_superseded = |unit: &Unit| {
                let alike = file.iter().filter(|new| of(new).is_some() && of(new) == of(unit));
                let there: BTreeSet<String> = alike.flat_map(langs).collect();
                langs(unit).is_subset(&there)
            };
            let text = |unit: &Unit| format!("{unit:?}");
            let (gone, stay): (Vec<_>, Vec<_>) =
                held.iter().map(|(_, unit)| unit).partition(|unit| is_superseded(unit));
            let mut wanted: Vec<String> = stay.into_iter().map(text).collect();
            let stayed = wanted.clone();
            let count = |texts: &[String], unit: &Unit| {
                texts.iter().filter(|other| **other == text(unit)).count()
            };
            for (nth, unit) in file.iter().enumerate() {
                let come = file[..=nth].iter().filter(|other| *other == unit).count();
                if come > count(&stayed, unit) {
                    wanted.push(text(unit));
                }
            }
            assert!(report.superseded <= gone.len() as u64);
            let mut found: Vec<String> = units(memory).iter().map(|unit| text(&unit.1)).collect();
            wanted.sort();
            found.sort();
            assert_eq!(found, wanted);
            let there: BTreeSet<UnitId> = units(memory).into_iter().map(|unit| unit.0).collect();
            let matches = memory.lookup("La séance n° 2 est levée").threshold(1.0).run().unwrap();
            assert!(matches.iter().all(|found| there.contains(&found.id())));
            assert_eq!(taken(&file, true).revision, None);
            if let Some(revision) = report.revision {
                memory.undo(revision).unwrap();
            }
            assert_eq!(units(memory), held);
        });
    }

    #[test]
    fn every_backend_does_the_same(policy in select(&POLICIES[..]), files in prop::collection::vec(specs(), 1..4)) {
        let mut seen: Option<Vec<_>> = None;
        for backend in Backend::all(&MemoryBuilder::default()) {
            let memory = backend.memory();
            let reports: Vec<_> = files.iter().map(|file| import(memory, policy, file)).collect();
            let found = memory.lookup("La séance n° 2 est levée").threshold(1.0).run().unwrap();
            let found: Vec<_> = found.iter().map(|found| (found.id(), found.score())).collect();
            let state = (reports, units(memory), found);
            match seen.take() {
                None => seen = Some(vec![state]),
                Some(states) => {
                    assert_eq!(states[0], state, "{}", backend.name);
                    seen = Some(states);
                }
            }
        }
    }

    #[test]
    fn one_unit_stays_for_each_source(file in specs()) {
        on_each(|memory| {
            import(memory, DuplicatePolicy::NewestWins, &file);
            let left = units(memory);
            let sources: std::collections::HashSet<_> =
                left.iter().map(|(_, unit)| (unit.variants[0].segment.text(), unit.variants[1].lang.canonical().to_owned())).collect();
            assert_eq!(sources.len(), left.len());
        });
    }
}

#[test]
fn a_rejected_unit_stops_all_of_it() {
    on_each(|memory| {
        let mut alone = Unit::new();
        alone.push(chancery::Lang::FR, "Seul.");
        let good = chancery::Unit::pair((chancery::Lang::FR, "Oui."), (chancery::Lang::EN, "Yes."));
        let error = memory.add([good, alone]).unwrap_err();
        assert!(error.to_string().starts_with("unit 2: "), "{error}");
        assert!(memory.is_empty().unwrap());
        assert_eq!(memory.revision().unwrap(), None);
    });
}

#[test]
fn a_reader_that_panics_leaves_the_memory_usable() {
    on_each(|memory| {
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            memory.import("f").run((0..3).map(|nth| match nth {
                2 => panic!("the reader failed"),
                _ => Ok::<Unit, Infallible>(chancery::Unit::pair(
                    (chancery::Lang::FR, "Oui."),
                    (chancery::Lang::EN, "Yes."),
                )),
            }))
        }));
        assert!(panic.is_err());
        assert!(memory.is_empty().unwrap());
        let unit = chancery::Unit::pair((chancery::Lang::FR, "Non."), (chancery::Lang::EN, "No."));
        memory.add([unit]).unwrap();
    });
}

#[test]
fn readers_see_one_state_while_a_writer_writes() {
    on_each(|memory| {
        let unit = |n: u32| {
            chancery::Unit::pair(
                (chancery::Lang::FR, format!("Article {n}")),
                (chancery::Lang::EN, format!("Article no. {n}")),
            )
        };
        memory.add((0..3000).map(unit)).unwrap();
        let mut seen = memory.units().unwrap();
        seen.next().unwrap().unwrap();
        memory.add([unit(9999)]).unwrap();
        assert_eq!(seen.count(), 2999);
        assert_eq!(memory.len().unwrap(), 3001);
    });
}

#[test]
fn a_memory_can_be_shared() {
    fn shared<T: Send + Sync>() {}
    shared::<Memory>();
}
