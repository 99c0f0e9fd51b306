//! Repairs, held against what a person would accept: `judged/repair.*.tsv`.

use chancery::memory::Memory;
use chancery::text::values;
use chancery::{Lang, Segment, Unit};

use crate::data::data;
use crate::guard::segment;
use crate::judged::repairs;
use crate::unpacked::unpacked;

/// A segment with marks for its codes, to compare targets by.
fn shown(segment: &Segment) -> String {
    use chancery::unit::Part;
    segment
        .parts()
        .iter()
        .map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Code(code) => format!("<{:?}>", code.kind),
        })
        .collect()
}

/// Sentences that are not in the memory, with the translation that a person wrote: what a repair
/// carries over must stand there, in this or another notation.
#[test]
fn values_carried_over_stand_in_the_translation_of_a_person() {
    let (Some(text), Some(queries)) = (unpacked("tm/fr-en.tsv.xz"), data("tm/queries.tsv")) else {
        return;
    };
    let memory = Memory::new();
    let pairs = text.lines().filter_map(|line| line.split_once('\t'));
    let units = pairs.map(|(french, english)| Unit::pair((Lang::FR, french), (Lang::EN, english)));
    memory.add(units).unwrap();
    let (mut carried, mut there) = (0, 0);
    for line in std::fs::read_to_string(queries).unwrap().lines() {
        let Some((query, translation)) = line.split_once('\t') else { continue };
        let written = values(translation, &Lang::EN);
        for found in memory.lookup(query).limit(1).run().unwrap() {
            for change in found.suggestion().changes() {
                let sought = values(change.to(), &Lang::EN);
                if sought.is_empty() {
                    continue;
                }
                carried += 1;
                let is_there = translation.contains(change.to())
                    || sought.iter().all(|one| written.iter().any(|w| w.value() == one.value()));
                there += usize::from(is_there);
                if !is_there {
                    println!(
                        "{}: {} became {}\n    {query}\n    {}\n    {translation}",
                        change.kind(),
                        change.from(),
                        change.to(),
                        found.source().text()
                    );
                }
            }
        }
    }
    println!("{there} of {carried} values carried over stand in the translation");
    assert!(carried > 0 && 100 * there >= 98 * carried, "{there} of {carried}");
}

#[test]
fn judged_repairs_are_right_where_they_are_made() {
    let (mut changed, mut wrong, mut repairable, mut repaired) = (0, 0, 0, 0);
    for case in repairs() {
        let lang: Lang = case.target_language.parse().unwrap();
        let (source, stored) = (segment(case.stored_source), segment(case.stored_target));
        let memory = Memory::new();
        let mut unit = Unit::new();
        unit.push(Lang::FR, source);
        unit.push(lang.clone(), stored.clone());
        memory.add([unit]).unwrap();
        let query = segment(case.query);
        let found = memory.lookup(&query).target(lang).threshold(0.0).run().unwrap();
        let suggestion = found[0].suggestion();
        let (got, stored) = (shown(suggestion.target()), shown(&stored));
        let accepted = case.target != "-" && got == shown(&segment(case.target));
        let is_wrong = got != stored && (!accepted || case.expected == "refuse");
        changed += usize::from(got != stored);
        wrong += usize::from(is_wrong);
        if case.expected == "repair" {
            repairable += 1;
            repaired += usize::from(accepted);
        }
        if is_wrong || case.expected == "repair" && !accepted {
            let reasons: Vec<String> = (suggestion.refused().iter())
                .map(|refusal| format!("{} {}", refusal.kind(), refusal.reason()))
                .collect();
            println!(
                "{} {} {}: {}\n    got  {got}\n    want {}\n    {reasons:?}",
                if is_wrong { "WRONG" } else { "missed" },
                case.id,
                case.kinds,
                case.query,
                case.target
            );
        }
    }
    // A wrong repair is worse than none.
    assert!(100 * wrong <= changed, "{wrong} of {changed} changed are wrong");
    assert!(100 * repaired >= 90 * repairable, "{repaired} of {repairable} repaired");
    println!("{changed} changed, {wrong} of them wrong; {repaired} of {repairable} repaired");
}
