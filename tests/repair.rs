//! Repairs, held against what a person would accept: `judged/repair.*.tsv`.

use chancery::memory::Memory;
use chancery::{Lang, Segment, Unit};

use crate::guard::segment;
use crate::judged::repairs;

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
