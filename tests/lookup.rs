//! Lookup on real units and on hostile ones.

use std::cmp::Reverse;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chancery::memory::{Match, Memory, Query, UnitId};
use chancery::similarity::{Comparator, Guard, Prepared, Preparer};
use chancery::{Lang, Segment, Unit};
use proptest::collection::vec;
use proptest::prelude::*;

/// The rank scores of the best matches by comparing all.
fn scan(query: &str, lang: &Lang, prepared: &[Prepared], threshold: f64, limit: usize) -> Vec<f64> {
    let comparator = Comparator::new(&Segment::from(query), lang);
    let scores = prepared.iter().filter_map(|p| comparator.score_at_least(p, threshold));
    let mut scores: Vec<f64> = scores.map(|score| score.value()).collect();
    scores.sort_by(|one, other| other.total_cmp(one));
    scores.truncate(limit);
    scores
}

#[test]
fn on_real_units_the_index_finds_what_a_scan_finds() {
    let Some(path) = crate::data::data("tm/un.fr-en-ru.tsv") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    // Every twentieth is asked for and not stored.
    let (asked, stored): (Vec<_>, Vec<_>) = rows
        .iter()
        .take(12_000)
        .filter(|row| row.len() >= 3)
        .enumerate()
        .partition(|(at, _)| at % 20 == 3);
    let memory = Memory::new();
    let languages = [Lang::FR, Lang::EN, Lang::RU];
    let units = stored.iter().map(|(_, row)| {
        let mut unit = Unit::new();
        for (lang, text) in languages.iter().zip(row.iter()) {
            unit.push(lang.clone(), *text);
        }
        unit
    });
    memory
        .import("test")
        .keep_going(true)
        .run(units.map(Ok::<_, chancery::memory::Rejection>))
        .unwrap();
    for (at, lang) in languages.iter().enumerate() {
        let preparer = Preparer::new(lang);
        let prepared: Vec<Prepared> = memory
            .units()
            .unwrap()
            .map(|unit| preparer.prepare(unit.unwrap().1.segment(lang).unwrap()))
            .collect();
        let target = &languages[(at + 1) % 3];
        for (number, (_, row)) in asked.iter().enumerate().filter(|(number, _)| number % 12 == 0) {
            let query = row[at];
            let threshold = [70.0, 50.0, 85.0, 30.0, 10.0][number / 12 % 5];
            let lookup = memory.lookup(query).source(lang.clone()).target(target.clone());
            let found = lookup.threshold(threshold).limit(10).run().unwrap();
            let scores: Vec<f64> = found.iter().map(|found| found.score()).collect();
            assert_eq!(scores, scan(query, lang, &prepared, threshold, 10), "{query}");
        }
    }
}

/// The same units with the same scores, in order: 500 sentences among 200,000 units of other
/// documents.
#[test]
fn many_real_units_are_searched_as_a_scan_would() {
    const UNITS: usize = 200_000;
    const QUERIES: usize = 500;
    let Some((mut units, mut queries)) = crate::unpacked::units_and_queries() else { return };
    units.truncate(UNITS);
    queries.truncate(QUERIES);
    let memory = Memory::new();
    memory.add(units).unwrap();
    let preparer = Preparer::new(&Lang::FR);
    let stored: Vec<(UnitId, Prepared)> = memory
        .units()
        .unwrap()
        .map(|unit| {
            let (id, unit) = unit.unwrap();
            (id, preparer.prepare(unit.segment(&Lang::FR).unwrap()))
        })
        .collect();
    // The rank of near matches may be lower than their score.
    let guard = Guard::default().cap();
    let check = |query: &str, threshold: f64| {
        let lookup = memory.lookup(query).threshold(threshold.min(guard)).limit(usize::MAX);
        let found = lookup.run().unwrap();
        let order = |found: &Match| (found.rank_score(), found.score(), Reverse(found.id()));
        assert!(found.is_sorted_by(|one, next| order(one) >= order(next)), "{query}");
        let mut found: Vec<(UnitId, f64)> =
            found.iter().map(|found| (found.id(), found.score())).collect();
        found.retain(|&(_, score)| score >= threshold);
        found.sort_by_key(|&(id, _)| id);
        let comparator = Comparator::new(&Segment::from(query), &Lang::FR);
        let score = |(id, other): &(UnitId, Prepared)| {
            comparator.score_at_least(other, threshold).map(|score| (*id, score.value()))
        };
        let all: Vec<(UnitId, f64)> = stored.iter().filter_map(score).collect();
        assert_eq!(found, all, "{query} at {threshold}");
        all.len()
    };
    let found = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for part in queries.chunks(QUERIES.div_ceil(2)) {
            let (check, found) = (&check, &found);
            scope.spawn(move || {
                let thresholds = [85.0, 70.0, 85.0, 70.0, 50.0].into_iter().cycle();
                for (query, threshold) in part.iter().zip(thresholds) {
                    found.fetch_add(check(query, threshold), Ordering::Relaxed);
                }
            });
        }
    });
    assert!(found.into_inner() > QUERIES, "too little was found to say anything");
}

proptest! {
    /// Matches with their context are those of reading every unit, in the same order.
    #[test]
    fn context_ranks_as_by_reading_all(
        stored in vec((0usize..3, 0usize..3, 0usize..3, 0usize..3), 1..30),
        asked in (0usize..3, 0usize..3, 0usize..3, 0usize..3),
        limit in 1usize..6,
        threshold in proptest::sample::select(vec![70.0, 100.0, 101.0, 102.0]),
    ) {
        let text = |n: usize| ["La séance est levée.", "Adopté à l’unanimité.", "Motion"][n];
        let memory = Memory::new();
        let unit = |&(text_at, before, after, id): &(usize, usize, usize, usize)| {
            let mut unit = Unit::pair((Lang::FR, text(text_at)), (Lang::EN, "x"));
            unit.metadata.set_property("prev", text(before).to_uppercase());
            unit.metadata.set_property("next", text(after));
            unit.metadata.set_property("id", id.to_string());
            unit
        };
        memory.add(stored.iter().map(unit)).unwrap();
        let query = Query::from(text(asked.0))
            .previous(&text(asked.1).to_uppercase())
            .next(text(asked.2))
            .id(asked.3.to_string());
        let found = memory.lookup(query).limit(limit).threshold(threshold).run().unwrap();
        let rank = |unit: &(usize, usize, usize, usize)| {
            let neighbours = unit.1 == asked.1 && unit.2 == asked.2;
            100.0 + f64::from(u8::from(neighbours)) + f64::from(u8::from(unit.3 == asked.3))
        };
        let equal = stored.iter().enumerate().filter(|(_, unit)| unit.0 == asked.0);
        let mut expected: Vec<(f64, usize)> = equal.map(|(at, unit)| (rank(unit), at)).collect();
        expected.retain(|(rank, _)| *rank >= threshold);
        expected.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let ranks: Vec<f64> = found.iter().map(|found| found.rank_score()).collect();
        let expected_ranks: Vec<f64> = expected.iter().take(limit).map(|e| e.0).collect();
        prop_assert_eq!(ranks, expected_ranks);
        let first = |at: usize| expected.iter().map(|e| e.1 as u64).nth(at);
        let ids: Vec<u64> = found.iter().map(|found| found.id().number()).collect();
        if let (Some(&least), Some(at)) = (ids.first(), first(0)) {
            // Of equals the first added.
            let all: Vec<u64> = memory.units().unwrap().map(|u| u.unwrap().0.number()).collect();
            prop_assert_eq!(least, all[at as usize]);
        }
    }
}

fn units(count: usize) -> impl Iterator<Item = Unit> {
    (0..count).map(|number| {
        let french = format!("Le comité {} examine le rapport {number}.", number % 7);
        Unit::pair((Lang::FR, french), (Lang::EN, "The committee considers the report."))
    })
}

#[test]
fn hostile_queries_are_answered() {
    let memory = Memory::new();
    memory.add(units(2000)).unwrap();
    memory.add([Unit::pair((Lang::FR, "?"), (Lang::EN, "What?"))]).unwrap();
    let find = |query: &str, threshold| memory.lookup(query).threshold(threshold).run().unwrap();
    assert!(find("", 1.0).is_empty());
    assert_eq!(find("", 0.0).len(), 5);
    assert_eq!(find("?", 70.0)[0].score(), 100.0);
    assert!(find("!", 1.0).is_empty());
    assert!(find("\u{200b} \u{a0}", 1.0).is_empty());
    let _ = find("a", 1.0);
    let long = "le comité examine le rapport ".repeat(20_000);
    assert_eq!(find(&long, 0.0).len(), 5);
    memory.add([Unit::pair((Lang::FR, long.as_str()), (Lang::EN, "Long."))]).unwrap();
    assert_eq!(find(&long, 70.0)[0].score(), 100.0);
}

#[test]
fn equal_units_come_in_the_order_they_were_added() {
    let memory = Memory::new();
    let equal = |number: usize| {
        Unit::pair(
            (Lang::FR, "La séance est levée."),
            (Lang::EN, format!("The meeting rose, {number}.")),
        )
    };
    memory.add((0..5000).map(equal)).unwrap();
    let found = memory.lookup("La séance est levée.").limit(3).findings().unwrap();
    let targets: Vec<String> =
        found.matches.iter().map(|found| found.target().text().into_owned()).collect();
    assert_eq!(targets, ["The meeting rose, 0.", "The meeting rose, 1.", "The meeting rose, 2."]);
    // However many units there are, their segment is scored once.
    assert!(found.statistics.scored <= 1, "{}", found.statistics);
    let near = memory.lookup("La séance est ouverte.").threshold(50.0).findings().unwrap();
    assert_eq!((near.matches.len(), near.statistics.scored), (5, 1));
}

#[test]
fn a_batch_gives_the_same_on_any_number_of_threads() {
    let memory = Memory::new();
    memory.add(units(1500)).unwrap();
    let queries: Vec<Query> = (0..60)
        .map(|number| Query::from(format!("Le comité {number} examine le rapport {}.", number * 9)))
        .collect();
    let found = |threads| {
        let threads = NonZeroUsize::new(threads).unwrap();
        let batch = memory.lookup_batch(&queries).threshold(60.0).threads(threads).run().unwrap();
        let shown = batch.iter().map(|found| {
            let pairs = found.matches.iter().map(|found| (found.id(), found.score()));
            pairs.collect::<Vec<_>>()
        });
        shown.collect::<Vec<_>>()
    };
    let one = found(1);
    assert!(one.iter().all(|found| found.len() == 5));
    assert_eq!(one, found(4));
    for (query, found) in queries.iter().zip(&one) {
        let alone = memory.lookup(query.clone()).threshold(60.0).run().unwrap();
        let alone: Vec<_> = alone.iter().map(|found| (found.id(), found.score())).collect();
        assert_eq!(&alone, found);
    }
}

#[test]
fn a_lookup_out_of_time_says_so() {
    let memory = Memory::new();
    memory.add(units(2000)).unwrap();
    let lookup = memory.lookup("Le comité examine.").threshold(0.0).limit(usize::MAX);
    assert!(!lookup.clone().time_limit(Duration::ZERO).findings().unwrap().complete);
    let found = lookup.findings().unwrap();
    assert!(found.complete);
    assert_eq!(found.matches.len(), 2000);
}
