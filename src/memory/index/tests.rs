//! The index finds what comparing every unit finds.

use std::convert::Infallible;
use std::num::NonZeroUsize;

use proptest::prelude::*;
use proptest::sample::select;

use crate::memory::{
    DuplicatePolicy, Match, Memories, Memory, Penalties, Penalty, Selection, UnitId,
};
use crate::similarity::{Comparator, Differ, Guard};
use crate::unit::{Code, CodeKind, Part};
use crate::{Lang, Segment, Unit};

pub(in crate::memory) const FRENCH: &[&str] = &[
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

const THREE: NonZeroUsize = NonZeroUsize::new(3).expect("three is not zero");

const TAGS: &[&str] = &["fr", "fr", "fr", "fr-FR", "fr-CA"];

const POLICIES: &[DuplicatePolicy] =
    &[DuplicatePolicy::KeepAll, DuplicatePolicy::NewestWins, DuplicatePolicy::Overwrite];

#[derive(Clone, Debug)]
pub(in crate::memory) enum Step {
    Add(Vec<Unit>),
    /// Imports, with the index made beside it.
    Import(DuplicatePolicy, Vec<Unit>),
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

/// What units say of themselves, for penalties.
fn trust() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let said = [
        ("x-status", "draft"),
        ("x-status", "deprecated"),
        ("x-origin", "mt"),
        (crate::align::CONFIDENCE, "0.25"),
        (crate::align::CONFIDENCE, "of no use"),
        ("context", "7"),
    ];
    prop::collection::vec(select(said.to_vec()), 0..2)
}

fn penalties() -> impl Strategy<Value = Penalties> {
    let points = || prop_oneof![Just(0.0), 0.0..30.0];
    (points(), points(), points(), points(), points()).prop_map(
        |(draft, deprecated, alignment, context, memory)| Penalties {
            draft,
            deprecated,
            alignment,
            context,
            memory,
            ..Penalties::default()
        },
    )
}

fn unit() -> impl Strategy<Value = Unit> {
    let french = (select(TAGS), segment(FRENCH));
    let russian = prop::option::weighted(0.8, segment(RUSSIAN));
    let second = prop::option::weighted(0.1, (select(TAGS), segment(FRENCH)));
    (french, russian, second, trust()).prop_map(|((tag, french), russian, second, trust)| {
        let mut unit = Unit::new();
        trust.into_iter().for_each(|(kind, value)| unit.metadata.set_property(kind, value));
        unit.push(Lang::from_written(tag), french);
        match russian {
            Some(segment) => unit.push(Lang::RU, segment),
            None => unit.push(Lang::EN, "peace"),
        }
        second.into_iter().for_each(|(tag, segment)| unit.push(Lang::from_written(tag), segment));
        unit
    })
}

pub(in crate::memory) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let units = || prop::collection::vec(unit(), 0..20);
    let step = prop_oneof![
        2 => units().prop_map(Step::Add),
        3 => (select(POLICIES), units()).prop_map(|(policy, units)| Step::Import(policy, units)),
        2 => (any::<prop::sample::Index>(), unit()).prop_map(|(at, unit)| Step::Replace(at.index(64), unit)),
        2 => (0_usize..64).prop_map(Step::Remove),
        1 => (0_usize..8).prop_map(Step::Undo),
        2 => Just(Step::Look),
    ];
    prop::collection::vec(step, 1..12)
}

pub(in crate::memory) fn memory(steps: Vec<Step>) -> Memory {
    let memory = Memory::new();
    let nth = |at: usize| {
        let ids: Vec<UnitId> = memory.units().unwrap().map(|unit| unit.unwrap().0).collect();
        (!ids.is_empty()).then(|| ids[at % ids.len()])
    };
    for step in steps {
        match step {
            Step::Add(units) => drop(memory.add(units).unwrap()),
            Step::Import(policy, units) => {
                let import = memory.import("f").duplicates(policy).threads(THREE);
                import.run(units.into_iter().map(Ok::<Unit, Infallible>)).unwrap();
            }
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
fn scan(
    memory: &Memory,
    query: &Segment,
    (from, to): (&Lang, &Lang),
    threshold: f64,
    penalties: &Penalties,
) -> Vec<Found> {
    let comparator = Comparator::new(query, from);
    let differ = Differ::new(from);
    let mut found: Vec<Found> = Vec::new();
    for unit in memory.units().unwrap() {
        let (id, unit) = unit.unwrap();
        let pairs = crate::memory::pair::pairs(&unit, from, to);
        let ranks = pairs.map(|pair| {
            let segment = &unit.variants[pair.source].segment;
            let score = comparator.score(segment).value();
            let limit = Guard::default().limit(&differ.differences(query, segment));
            let limited = limit.map_or(score, |limit| score.min(limit));
            let taken: f64 = penalties.of(&unit, pair.exact).iter().map(Penalty::points).sum();
            (limited - taken, score)
        });
        let best = ranks.reduce(|best, next| if next.0 > best.0 { next } else { best });
        let best = best.map(|(rank, score)| (rank.max(0.0), score));
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
        penalties in prop_oneof![Just(Penalties::default()), penalties()],
    ) {
        let memory = memory(steps);
        let canadian = Lang::from_written("fr-CA");
        let french = french.iter().flat_map(|query| [(query, Lang::FR, Lang::RU), (query, canadian.clone(), Lang::RU)]);
        let russian = russian.iter().map(|query| (query, Lang::RU, Lang::FR));
        for (query, from, to) in french.chain(russian) {
            let lookup = memory.lookup(query).source(from.clone()).target(to.clone());
            let lookup = lookup.penalties(penalties.clone());
            let found = lookup.threshold(threshold).limit(limit).findings().unwrap();
            let mut all = scan(&memory, query, (&from, &to), threshold, &penalties);
            all.truncate(limit);
            prop_assert!(found.complete);
            prop_assert_eq!(shown(&found.matches), all, "{:?} {}", query, threshold);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// What was repaired with certainty has a limit of its own.
    #[test]
    fn a_repaired_unit_ranks_as_in_a_memory_of_its_own(
        words in prop::collection::vec(select(&FRENCH[..10]), 8..14),
        held in prop::collection::vec((2_u32..40, any::<bool>(), any::<bool>()), 1..9),
        asked in 2_u32..40,
        threshold in prop_oneof![Just(0.0), 70.0..=100.0],
        limit in 1_usize..6,
    ) {
        let words = words.join(" ");
        let source = |number: u32| format!("Dans les {number} jours, {words}.");
        let units = held.iter().map(|&(number, translated, twice)| {
            let mut target = "В течение срока".to_owned();
            if translated {
                target += &format!(" в {number} дней");
            }
            if twice {
                target += &format!(" и {number} ночей");
            }
            Unit::pair((Lang::FR, source(number)), (Lang::RU, target))
        });
        let units: Vec<Unit> = units.collect();
        let query = Segment::from(source(asked));
        let memory = Memory::new();
        memory.add(units.clone()).unwrap();
        let mut all: Vec<(f64, f64)> = Vec::new();
        for unit in units {
            let single = Memory::new();
            single.add([unit]).unwrap();
            let lookup = single.lookup(&query).target(Lang::RU).threshold(0.0);
            let found = lookup.findings().unwrap().matches;
            let certain = found[0].suggestion().is_certain();
            let limit = Guard::default().limit(found[0].differences());
            let limit = limit.map(|limit| if certain { Guard::default().repaired() } else { limit });
            prop_assert_eq!(found[0].limit(), limit);
            all.push((found[0].rank_score(), found[0].score()));
        }
        let found = memory.lookup(&query).target(Lang::RU).threshold(threshold).limit(limit);
        let found = found.findings().unwrap().matches;
        all.retain(|&(rank, ..)| rank >= threshold);
        all.sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.total_cmp(&one.1)));
        all.truncate(limit);
        let found: Vec<(f64, f64)> =
            found.iter().map(|found| (found.rank_score(), found.score())).collect();
        prop_assert_eq!(found, all);
    }

    #[test]
    fn several_memories_are_ranked_as_one(
        first in steps(),
        second in steps(),
        query in segment(FRENCH),
        threshold in prop_oneof![Just(0.0), 0.0..=100.0],
        limit in prop_oneof![1_usize..6, Just(usize::MAX)],
        // Quarters, whose sums are the same in any order.
        quarters in prop::array::uniform5(0_u8..80),
        status in select(&[None, Some("draft"), Some("deprecated")][..]),
    ) {
        let (first, second) = (memory(first), memory(second));
        let [draft, machine, context, preference, points] = quarters.map(|q| f64::from(q) / 4.0);
        let alignment = 0.0;
        let penalties =
            Penalties { draft, machine, context, preference, alignment, ..Penalties::default() };
        let memories = Memories::new().with("1", &first).with_penalty("2", &second, points);
        let wanted = || Selection::default().status(status);
        let unwanted = || Selection::default().property("x-origin", "mt").inverted();
        let lookup = memories.lookup(&query).target(Lang::RU).penalties(penalties.clone());
        let lookup = lookup.selection(wanted()).prefer(unwanted());
        let found = lookup.threshold(threshold).limit(limit).findings().unwrap();
        let mut all: Vec<(&str, Found)> = Vec::new();
        for (name, memory, points) in [("1", &first, 0.0), ("2", &second, points)] {
            let langs = (&Lang::FR, &Lang::RU);
            // What is not preferred loses its points as if each unit of it were of another memory.
            for (preferred, more) in [(true, 0.0), (false, penalties.preference)] {
                let lost = penalties.memory + points + more;
                let penalties = Penalties { memory: lost, ..penalties.clone() };
                let of_unit = |found: &Found| {
                    let unit = memory.get(found.2).unwrap().unwrap();
                    wanted().accepts(&unit) && unwanted().accepts(&unit) == preferred
                };
                let found = scan(memory, &query, langs, threshold, &penalties);
                all.extend(found.into_iter().filter(of_unit).map(|found| (name, found)));
            }
        }
        all.sort_by(|(memory, one), (other_memory, other)| {
            let ranks = other.0.total_cmp(&one.0).then(other.1.total_cmp(&one.1));
            ranks.then(memory.cmp(other_memory)).then(one.2.cmp(&other.2))
        });
        all.truncate(limit);
        let shown: Vec<(&str, UnitId)> =
            found.matches.iter().map(|m| (m.memory(), m.found().id())).collect();
        let expected: Vec<(&str, UnitId)> = all.iter().map(|(name, f)| (*name, f.2)).collect();
        prop_assert!(found.complete);
        prop_assert_eq!(shown, expected);
        for (found, (_, expected)) in found.matches.iter().zip(&all) {
            prop_assert!((found.found().rank_score() - expected.0).abs() < 1e-9);
        }
    }
}

/// The index in a folder beside a memory's file.
#[cfg(feature = "sqlite")]
mod kept {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    fn units(from: usize, count: usize) -> impl Iterator<Item = Unit> {
        (from..from + count).map(|number| {
            let (first, second) =
                (FRENCH[number % FRENCH.len()], FRENCH[number * 7 % FRENCH.len()]);
            let french = format!("Le {first} de {second} et la séance {number}.");
            Unit::pair((Lang::FR, french), (Lang::RU, "Заседание."))
        })
    }

    fn agrees(memory: &Memory) {
        for (query, threshold) in
            [("Le paix de Genève et la séance 11.", 40.0), ("les parties", 1.0)]
        {
            let lookup = memory.lookup(query).target(Lang::RU).threshold(threshold).limit(1000);
            let langs = (&Lang::FR, &Lang::RU);
            let all = scan(memory, &query.into(), langs, threshold, &Penalties::default());
            assert!(!all.is_empty());
            assert_eq!(shown(&lookup.run().unwrap()), all);
        }
    }

    fn filled(folder: &Path) -> PathBuf {
        let path = folder.join("ministry.chancery");
        let memory = Memory::create(&path).unwrap();
        memory.add(units(0, 40)).unwrap();
        agrees(&memory);
        // One unit more is not enough for a run.
        memory.add(units(40, 1)).unwrap();
        agrees(&memory);
        path
    }

    fn files(path: &Path) -> Vec<PathBuf> {
        let folder = format!("{}.index", path.display());
        let mut files: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files
    }

    #[test]
    fn it_is_taken_up_where_it_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = filled(folder.path());
        let before = files(&path);
        assert!(before.len() >= 3, "{before:?}");
        let memory = Memory::open(&path).unwrap();
        agrees(&memory);
        assert_eq!(memory.index_stats().unwrap().notice, None);
        // Nothing was built anew, so nothing was written.
        assert_eq!(files(&path), before);
        let first = memory.units().unwrap().next().unwrap().unwrap().0;
        memory.remove([first]).unwrap();
        memory.add(units(60, 30)).unwrap();
        agrees(&memory);
        agrees(&Memory::open(&path).unwrap());
    }

    #[test]
    fn runs_that_were_merged_at_once_leave_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ministry.chancery");
        let memory = Memory::create(&path).unwrap();
        memory.add(units(0, 8)).unwrap();
        agrees(&memory);
        let before = files(&path).len();
        // The import writes a run of its own for each language, which is merged with that before.
        let import = memory.import("f").threads(THREE);
        import.run(units(8, 8).map(Ok::<Unit, Infallible>)).unwrap();
        agrees(&memory);
        // Those before stay a while, for programs that still know them.
        assert_eq!(files(&path).len(), before + memory.index_stats().unwrap().runs);
    }

    #[test]
    fn another_copy_of_the_memory_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ministry.chancery");
        let copy = folder.path().join("copy");
        let memory = Memory::create(&path).unwrap();
        memory.add(units(0, 20)).unwrap();
        drop(memory);
        fs::copy(&path, &copy).unwrap();
        let memory = Memory::open(&path).unwrap();
        memory.add(units(20, 20)).unwrap();
        agrees(&memory);
        drop(memory);
        std::thread::sleep(std::time::Duration::from_millis(2));
        fs::copy(&copy, &path).unwrap();
        for beside in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{beside}", path.display()));
        }
        let memory = Memory::open(&path).unwrap();
        memory.add(units(50, 20)).unwrap();
        agrees(&memory);
    }

    #[test]
    fn a_folder_that_can_not_be_written_is_said_and_does_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ministry.chancery");
        fs::write(folder.path().join("ministry.chancery.index"), "in the way").unwrap();
        let memory = Memory::create(&path).unwrap();
        memory.add(units(0, 20)).unwrap();
        agrees(&memory);
        assert!(memory.index_stats().unwrap().notice.is_some());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn damage_is_noticed_and_built_anew(
            file in any::<prop::sample::Index>(),
            at in any::<prop::sample::Index>(),
            flip in 1_u8..,
            cut in any::<bool>(),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = filled(folder.path());
            let files = files(&path);
            let victim = &files[file.index(files.len())];
            let mut bytes = fs::read(victim).unwrap();
            let at = at.index(bytes.len());
            if cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= flip;
            }
            fs::remove_file(victim).unwrap();
            fs::write(victim, bytes).unwrap();
            let memory = Memory::open(&path).unwrap();
            agrees(&memory);
            agrees(&Memory::open(&path).unwrap());
        }
    }
}
