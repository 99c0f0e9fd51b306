//! The index finds what comparing every unit finds.

use proptest::prelude::*;
use proptest::sample::select;

use crate::memory::{Match, Memory, UnitId};
use crate::similarity::Comparator;
use crate::unit::{Code, CodeKind, Part};
use crate::{Lang, Segment, Unit};

const FRENCH: &[&str] = &[
    "les",
    "Les",
    "parties",
    "partie",
    "négociation",
    "négociateur",
    "de",
    "l’",
    "accord",
    "accords",
    "ne",
    "pas",
    "12",
    "13",
    "1250,5",
    ",",
    ".",
    "«",
    "»",
    "à",
    "Genève",
    "GENÈVE",
    "coopération",
    "renforcer",
    "renforcent",
    "paix",
    "sécurité",
    "conseil",
    "mandat",
    "mission",
];
const RUSSIAN: &[&str] = &[
    "стороны",
    "сторон",
    "договор",
    "договора",
    "и",
    "не",
    "в",
    "мир",
    "мира",
    "12",
    "7",
    ".",
    "—",
    "безопасность",
    "безопасности",
    "Совет",
    "мандат",
    "миссия",
];

const TAGS: &[&str] = &["fr", "fr", "fr", "fr-FR", "fr-CA"];

#[derive(Clone, Debug)]
enum Step {
    Add(Vec<Unit>),
    /// Changes the text of a unit.
    Replace(usize, Unit),
    Remove(usize),
    Undo(usize),
    /// Looks something up, so that the index is built here.
    Look,
}

fn segment(words: &'static [&'static str]) -> impl Strategy<Value = Segment> {
    let text = prop::collection::vec(select(words), 0..9).prop_map(|words| words.join(" "));
    (text, prop::bool::weighted(0.1)).prop_map(|(text, coded)| {
        let code = Code {
            kind: CodeKind::Standalone,
            element: "ph".into(),
            wraps: false,
            attributes: Vec::new(),
            content: Vec::new(),
        };
        let code = coded.then_some(Part::Code(code));
        Segment::new(code.into_iter().chain([Part::Text(text)]))
    })
}

fn unit() -> impl Strategy<Value = Unit> {
    let french = (select(TAGS), segment(FRENCH));
    let russian = prop::option::weighted(0.8, segment(RUSSIAN));
    let second = prop::option::weighted(0.1, (select(TAGS), segment(FRENCH)));
    (french, russian, second).prop_map(|((tag, french), russian, second)| {
        let mut unit = Unit::new();
        unit.push(Lang::from_written(tag), french);
        match russian {
            Some(segment) => unit.push(Lang::RU, segment),
            None => unit.push(Lang::EN, "peace"),
        }
        second.into_iter().for_each(|(tag, segment)| unit.push(Lang::from_written(tag), segment));
        unit
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let units = prop::collection::vec(unit(), 0..20);
    let step = prop_oneof![
        4 => units.prop_map(Step::Add),
        2 => (any::<prop::sample::Index>(), unit()).prop_map(|(at, unit)| Step::Replace(at.index(64), unit)),
        2 => (0_usize..64).prop_map(Step::Remove),
        1 => (0_usize..8).prop_map(Step::Undo),
        2 => Just(Step::Look),
    ];
    prop::collection::vec(step, 1..12)
}

fn memory(steps: Vec<Step>) -> Memory {
    let memory = Memory::new();
    let nth = |at: usize| {
        let ids: Vec<UnitId> = memory.units().unwrap().map(|unit| unit.unwrap().0).collect();
        (!ids.is_empty()).then(|| ids[at % ids.len()])
    };
    for step in steps {
        match step {
            Step::Add(units) => drop(memory.add(units).unwrap()),
            Step::Replace(at, unit) => {
                if let Some(id) = nth(at) {
                    memory.replace(id, unit).unwrap();
                }
            }
            Step::Remove(at) => {
                if let Some(id) = nth(at) {
                    memory.remove([id]).unwrap();
                }
            }
            Step::Undo(back) => {
                let revision = memory.history().unwrap().get(back).map(|revision| revision.id());
                // One that was undone or overtaken can not be undone: then nothing happens.
                let _ = revision.map(|revision| memory.undo(revision));
            }
            Step::Look => drop(memory.lookup("paix").run().unwrap()),
        }
    }
    memory
}

/// Scores every unit.
fn scan(memory: &Memory, query: &Segment, from: &Lang, to: &Lang, threshold: f64) -> Vec<Found> {
    let comparator = Comparator::new(query, from);
    let mut found: Vec<Found> = Vec::new();
    for unit in memory.units().unwrap() {
        let (id, unit) = unit.unwrap();
        let pairs = crate::memory::pair::pairs(&unit, from, to);
        let ranks = pairs.map(|pair| {
            let score = comparator.score(&unit.variants[pair.source].segment).value();
            (if pair.exact { score } else { (score - 1.0).max(0.0) }, score)
        });
        let best = ranks.reduce(|best, next| if next.0 > best.0 { next } else { best });
        found
            .extend(best.filter(|best| best.0 >= threshold).map(|(rank, score)| (rank, score, id)));
    }
    found.sort_by(|one, other| {
        other.0.total_cmp(&one.0).then(other.1.total_cmp(&one.1)).then(one.2.cmp(&other.2))
    });
    found
}

type Found = (f64, f64, UnitId);

fn shown(matches: &[Match]) -> Vec<Found> {
    matches.iter().map(|m| (m.rank_score(), m.score(), m.id())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_a_scan_finds(
        steps in steps(),
        french in prop::collection::vec(segment(FRENCH), 1..4),
        russian in prop::collection::vec(segment(RUSSIAN), 1..3),
        threshold in prop_oneof![Just(0.0), 0.0..=100.0, (0_u32..=100).prop_map(f64::from)],
        limit in prop_oneof![1_usize..6, Just(usize::MAX)],
    ) {
        let memory = memory(steps);
        let canadian = Lang::from_written("fr-CA");
        let french = french.iter().flat_map(|query| [(query, Lang::FR, Lang::RU), (query, canadian.clone(), Lang::RU)]);
        let russian = russian.iter().map(|query| (query, Lang::RU, Lang::FR));
        for (query, from, to) in french.chain(russian) {
            let lookup = memory.lookup(query).source(from.clone()).target(to.clone());
            let found = lookup.threshold(threshold).limit(limit).findings().unwrap();
            let mut all = scan(&memory, query, &from, &to, threshold);
            all.truncate(limit);
            prop_assert!(found.complete);
            prop_assert_eq!(shown(&found.matches), all, "{:?} {}", query, threshold);
        }
    }
}
