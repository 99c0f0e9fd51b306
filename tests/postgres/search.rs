//! What the server finds is what a file's index finds, and what scoring every unit finds.

use std::collections::BTreeSet;

use chancery::memory::{ConcordanceQuery, DuplicatePolicy, Memory, Query};
use chancery::similarity::Comparator;
use chancery::{Lang, Segment, Unit};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::cluster::Cluster;

/// Few words, so that sentences share many; with their inflections, numbers, and what is no word.
const WORDS: [&str; 24] = [
    "la",
    "les",
    "de",
    "et",
    "ne",
    "pas",
    "partie",
    "parties",
    "accord",
    "accords",
    "signature",
    "signer",
    "signent",
    "négociation",
    "négociateurs",
    "séance",
    "levée",
    "ouverte",
    "12",
    "2014",
    "(",
    ",",
    "!",
    "…",
];

pub(super) fn text() -> impl Strategy<Value = String> {
    vec(select(&WORDS[..]), 1..14).prop_map(|words| words.join(" "))
}

pub(super) fn unit() -> impl Strategy<Value = Unit> {
    let second = prop::option::weighted(0.1, text());
    (text(), text(), second, select(vec!["fr", "fr-CA"])).prop_map(
        |(french, english, second, lang)| {
            let lang: Lang = lang.parse().unwrap();
            let mut unit = Unit::pair((lang, french.as_str()), (Lang::EN, english.as_str()));
            if let Some(second) = second {
                unit.push(Lang::FR, second.as_str());
            }
            unit
        },
    )
}

/// The highest score of any segment of each unit, by comparing all.
fn brute(memory: &Memory, query: &str, threshold: f64) -> Vec<f64> {
    let comparator = Comparator::new(&Segment::from(query), &Lang::FR);
    let mut scores = Vec::new();
    for unit in memory.units().unwrap() {
        let (_, unit) = unit.unwrap();
        let french = unit.variants.iter().filter(|v| v.lang.same_language(&Lang::FR));
        let best = french.map(|v| comparator.score(&v.segment).value()).fold(0.0, f64::max);
        scores.extend(Some(best).filter(|&best| best >= threshold));
    }
    scores.sort_by(|one, other| other.total_cmp(one));
    scores
}

/// Matches as far as they can be compared.
fn look(memory: &Memory, query: &Query<'_>, threshold: f64, limit: usize) -> Vec<String> {
    let lookup = memory.lookup(query.clone()).threshold(threshold).limit(limit);
    let found = lookup.run().unwrap();
    let told = |found: &chancery::memory::Match| {
        format!("{} {} {}", found.id(), found.score(), found.rank_score())
    };
    found.iter().map(told).collect()
}

/// Fills a memory, and changes and undoes some of it.
pub(super) fn fill(memory: &Memory, units: &[Unit]) {
    let half = units.len() / 2;
    memory.add(units[..half].to_vec()).unwrap();
    let import = memory.import("more").duplicates(DuplicatePolicy::NewestWins);
    import.run(units[half..].iter().cloned().map(Ok::<_, std::convert::Infallible>)).unwrap();
    let again = memory.import("again").duplicates(DuplicatePolicy::Overwrite);
    let changed = units.iter().step_by(3).cloned().map(|mut unit| {
        unit.variants[1].segment = Segment::from("les parties signent");
        Ok::<_, std::convert::Infallible>(unit)
    });
    let report = again.run(changed).unwrap();
    if units.len().is_multiple_of(2)
        && let Some(revision) = report.revision
    {
        memory.undo(revision).unwrap();
    }
}

/// Checks one filled memory against another.
pub(super) fn compare(server: &Memory, ram: &Memory, queries: &[String]) {
    for (number, query) in queries.iter().enumerate() {
        let asked = Query::from(query);
        let in_place = asked.clone().previous("la séance").next("les parties");
        for threshold in [0.0, 1.0, 20.0, 50.0, 70.0, 90.0, 100.0] {
            for limit in [1, 5, 1000] {
                let found = look(server, &asked, threshold, limit);
                assert_eq!(found, look(ram, &asked, threshold, limit), "{query} {threshold}");
            }
            let (found, wanted) =
                (look(server, &in_place, threshold, 3), look(ram, &in_place, threshold, 3));
            assert_eq!(found, wanted, "{query} in place, {threshold}");
        }
        let every = |memory: &Memory| {
            let lookup = memory.lookup(query).threshold(30.0).limit(1000);
            let lookup = lookup.guard(chancery::similarity::Guard::with_cap(100.0));
            let lookup = lookup.penalties(chancery::memory::Penalties::none());
            lookup.run().unwrap().iter().map(|found| found.score()).collect::<Vec<_>>()
        };
        assert_eq!(every(server), brute(ram, query, 30.0), "{query} by brute force");
        let phrase: Vec<&str> = query.split(' ').take(3).collect();
        let phrases = |memory: &Memory| {
            let findings = memory.phrase(phrase.join(" ")).run().unwrap();
            let texts = findings.translations.iter().map(|t| (t.text().to_owned(), t.count()));
            (findings.units, findings.nearest, texts.collect::<Vec<_>>())
        };
        assert_eq!(phrases(server), phrases(ram), "the phrase {phrase:?}");
        let words = ["accord", "sign*", "\"parties\"", "négociation -séance"][number % 4];
        let words = words.parse::<ConcordanceQuery>().unwrap();
        let concordance = |memory: &Memory| {
            let findings = memory.concordance(&words).limit(100).run().unwrap();
            let ids: BTreeSet<_> = findings.lines.iter().map(|line| line.id()).collect();
            (findings.units, ids)
        };
        assert_eq!(concordance(server), concordance(ram), "the words {words:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn one_server_finds_what_a_scan_finds(
        units in vec(unit(), 2..60),
        queries in vec(text(), 1..4),
    ) {
        let Some(cluster) = Cluster::shared() else { return Ok(()) };
        let (server, ram) = (Memory::create(cluster.address()).unwrap(), Memory::new());
        fill(&server, &units);
        fill(&ram, &units);
        compare(&server, &ram, &queries);
        server.verify().unwrap();
    }
}

/// Among so many units the server knows which words are common, and its lists are long: what is
/// found is still what a file's index finds.
#[test]
fn many_real_units_are_found_as_in_a_file() {
    const UNITS: usize = 40_000;
    const QUERIES: usize = 100;
    let Some((mut units, queries)) = crate::unpacked::units_and_queries() else { return };
    let Some(cluster) = Cluster::shared() else { return };
    units.truncate(UNITS);
    let (server, ram) = (Memory::create(cluster.address()).unwrap(), Memory::new());
    server.add(units.clone()).unwrap();
    ram.add(units.clone()).unwrap();
    // Those that are stored have long lists of near matches.
    let stored = units.iter().step_by(UNITS / QUERIES).filter_map(|unit| unit.segment(&Lang::FR));
    let stored: Vec<String> = stored.map(|segment| segment.text().into_owned()).collect();
    let mut found = 0;
    for (number, query) in stored.iter().chain(queries.iter().take(QUERIES)).enumerate() {
        let threshold = [85.0, 70.0, 50.0][number % 3];
        let (asked, limit) = (Query::from(query), [5, 1000][number % 2]);
        let matches = look(&server, &asked, threshold, limit);
        assert_eq!(matches, look(&ram, &asked, threshold, limit), "{query} at {threshold}");
        found += matches.len();
    }
    assert!(found > QUERIES, "too little was found to say anything");
}

/// Signatures that an earlier version made by other rules are made anew by the next that opens.
#[test]
fn signatures_of_other_rules_are_made_anew() {
    let Some(cluster) = Cluster::shared() else { return };
    let address = cluster.address_in("postgres", "resigned");
    let memory = Memory::create(&address).unwrap();
    memory.add([Unit::pair((Lang::FR, "La séance est levée."), (Lang::EN, "It rose."))]).unwrap();
    drop(memory);
    let spoil = "UPDATE resigned.signature SET keys = '{1}'; DELETE FROM resigned.word;
        ALTER TABLE resigned.signature ALTER bits TYPE bit(128) USING bits::bit(128);
        UPDATE resigned.memory SET signed = '0', format = 1";
    cluster.sql("postgres", spoil);
    let memory = Memory::open(&address).unwrap();
    assert_eq!(memory.lookup("La séance est levée.").run().unwrap().len(), 1);
    let query: ConcordanceQuery = "séan*".parse().unwrap();
    assert_eq!(memory.concordance(&query).run().unwrap().units, 1);
}
