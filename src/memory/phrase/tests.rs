//! The index finds what looking at every unit finds; spans stand in their texts.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use super::pattern::Pattern;
use super::search::best;
use crate::memory::index::tests::{FRENCH, memory, steps};
use crate::memory::pair::pairs;
use crate::memory::{Memory, UnitId};
use crate::similarity::{Atom, PreparedToken, Preparer};
use crate::{Lang, Segment, Unit};

/// How exactly a unit has a phrase in any of the segments that have a translation.
fn exactness(patterns: &[Pattern], unit: &Unit, target: &Lang) -> Option<f64> {
    let source = Lang::FR;
    let preparer = Preparer::new(&source);
    let hits = pairs(unit, &source, target).filter_map(|pair| {
        // A target without any word has no place for a translation.
        let text = unit.variants[pair.target].segment.text();
        if !text.contains(char::is_alphanumeric) {
            return None;
        }
        let prepared = preparer.prepare(&unit.variants[pair.source].segment);
        let atoms: Vec<Atom> = prepared.tokens().iter().map(PreparedToken::atom).collect();
        Some(best(patterns, &atoms.as_slice().into())?.exactness)
    });
    hits.reduce(f64::max)
}

/// What looking at every unit finds, and whether a word is missing in it.
fn scan(memory: &Memory, phrase: &str, target: &Lang) -> (BTreeMap<UnitId, f64>, bool) {
    let Some(pattern) = Pattern::new(&Segment::from(phrase), &Lang::FR) else {
        return Default::default();
    };
    let by = |patterns: &[Pattern]| -> BTreeMap<UnitId, f64> {
        let units = memory.units().unwrap().map(Result::unwrap);
        units.filter_map(|(id, unit)| Some((id, exactness(patterns, &unit, target)?))).collect()
    };
    let whole = by(std::slice::from_ref(&pattern));
    if !whole.is_empty() || pattern.required() < 3 {
        return (whole, false);
    }
    let without: Vec<Pattern> = (0..pattern.required()).map(|at| pattern.without(at)).collect();
    let nearest = by(&without);
    let some = !nearest.is_empty();
    (nearest, some)
}

proptest! {
    #[test]
    fn nothing_is_missed(
        steps in steps(),
        words in prop::collection::vec(select(FRENCH), 1..6),
        most in 0_usize..12,
    ) {
        let memory = memory(steps);
        let phrase = words.join(" ");
        for target in [Lang::RU, Lang::EN] {
            let lookup = memory.phrase(&phrase).target(target.clone());
            let findings = lookup.examine(usize::MAX).limit(usize::MAX).run().unwrap();
            let mut found = BTreeMap::new();
            for translation in &findings.translations {
                prop_assert!(translation.count() > 0);
                for one in translation.matches() {
                    found.insert(one.id(), one.exactness());
                    prop_assert!(!one.source_text().is_empty() && !one.target_text().is_empty());
                    prop_assert!((0.0..=1.0).contains(&one.confidence()));
                }
            }
            let (expected, nearest) = scan(&memory, &phrase, &target);
            prop_assert_eq!(&found, &expected, "{}", phrase);
            prop_assert_eq!(findings.examined, found.len() as u64);
            prop_assert!(findings.units >= findings.examined);
            if !found.is_empty() {
                prop_assert_eq!(findings.nearest, nearest);
            }
            prop_assert!(findings.complete);
            let some = memory.phrase(&phrase).target(target.clone()).whole(true).count(most);
            let some = some.examine(usize::MAX).limit(usize::MAX).run().unwrap();
            if !findings.nearest {
                prop_assert_eq!(some.units, findings.units.min(most as u64));
                prop_assert_eq!(some.complete, findings.units <= most as u64);
            }
        }
    }

    #[test]
    fn no_text_is_too_strange(
        phrase in any::<String>(),
        source in any::<String>(),
        target in any::<String>(),
    ) {
        let memory = Memory::new();
        memory.add([Unit::pair((Lang::FR, source.as_str()), (Lang::EN, target.as_str()))]).unwrap();
        memory.phrase(&phrase).run().unwrap();
        for translation in memory.phrase(&source).run().unwrap().translations {
            let found = &translation.matches()[0];
            prop_assert!(target.get(found.target_span()).is_some());
            prop_assert_eq!(found.exactness(), 100.0);
        }
    }
}

fn hit(phrase: &str, text: &str) -> Option<(String, f64)> {
    let pattern = Pattern::new(&Segment::from(phrase), &Lang::FR)?;
    let prepared = Preparer::new(&Lang::FR).prepare(&Segment::from(text));
    let atoms: Vec<Atom> = prepared.tokens().iter().map(PreparedToken::atom).collect();
    let hit = pattern.find(&atoms.as_slice().into())?;
    let tokens = &prepared.tokens()[hit.tokens];
    let span = tokens.first()?.span().start..tokens.last()?.span().end;
    Some((text[span].to_owned(), hit.exactness))
}

#[test]
fn a_phrase_is_found_inflected_and_with_words_between() {
    let text = "Le Comité a pris note avec une vive satisfaction des rapports de l’Union.";
    let (found, exactness) = hit("prendre note avec satisfaction du rapport", text).unwrap();
    assert_eq!(found, "pris note avec une vive satisfaction des rapports");
    assert!((70.0..95.0).contains(&exactness), "{exactness}");
    assert_eq!(hit("rapports de l'Union", text).unwrap().1, 100.0);
    assert_eq!(hit("satisfaction du Comité", text), None, "in another order");
    assert_eq!(hit("12 rapports", "Les 13 rapports"), None, "another number");
}
