//! The judged sets: pairs with the meaning of their difference, and repairs with the target a
//! translator would accept. `judged/README.md` describes the files; this module reads them and
//! holds them to what it says.

use std::collections::BTreeSet;

/// A pair of `differences.tsv`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) id: &'static str,
    pub(crate) language: &'static str,
    /// `critical`, `harmless` or `meaning`.
    pub(crate) class: &'static str,
    /// Kinds of difference separated by commas, or `-`.
    pub(crate) kinds: &'static str,
    pub(crate) stored: &'static str,
    pub(crate) query: &'static str,
}

/// A case of `repair.*.tsv`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Repair {
    pub(crate) id: &'static str,
    pub(crate) target_language: &'static str,
    /// Kinds of difference separated by commas.
    pub(crate) kinds: &'static str,
    /// `repair`, `refuse` or `either`.
    pub(crate) expected: &'static str,
    /// Why a repair is refused, or `-`.
    pub(crate) reason: &'static str,
    pub(crate) stored_source: &'static str,
    pub(crate) query: &'static str,
    pub(crate) stored_target: &'static str,
    /// The acceptable target, or `-`.
    pub(crate) target: &'static str,
}

/// All pairs of `differences.tsv`.
pub(crate) fn pairs() -> Vec<Pair> {
    rows(include_str!("judged/differences.tsv"))
        .map(|[id, language, class, kinds, stored, query]| Pair {
            id,
            language,
            class,
            kinds,
            stored,
            query,
        })
        .collect()
}

/// All cases of both repair files.
pub(crate) fn repairs() -> Vec<Repair> {
    [include_str!("judged/repair.fr-en.tsv"), include_str!("judged/repair.fr-ru.tsv")]
        .into_iter()
        .flat_map(rows)
        .map(
            |[
                id,
                target_language,
                kinds,
                expected,
                reason,
                stored_source,
                query,
                stored_target,
                target,
            ]| Repair {
                id,
                target_language,
                kinds,
                expected,
                reason,
                stored_source,
                query,
                stored_target,
                target,
            },
        )
        .collect()
}

fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        fields.try_into().unwrap_or_else(|fields| panic!("not {N} fields: {fields:?}"))
    })
}

#[test]
fn the_pairs_are_what_their_description_says() {
    const CRITICAL: &[&str] =
        &["negation", "modality", "polarity", "party", "number", "date", "reference"];
    const HARMLESS: &[&str] = &["case", "punctuation", "code", "spelling", "space", "notation"];
    let pairs = pairs();
    let mut ids = BTreeSet::new();
    for pair in &pairs {
        assert!(ids.insert(pair.id), "twice: {pair:?}");
        assert_ne!(pair.stored, pair.query, "{pair:?}");
        assert!(["fr", "en", "ru"].contains(&pair.language), "{pair:?}");
        let known: &[&str] = match pair.class {
            "critical" => CRITICAL,
            "harmless" => HARMLESS,
            "meaning" => &["-"],
            other => panic!("class {other}"),
        };
        assert!(pair.kinds.split(',').all(|kind| known.contains(&kind)), "{pair:?}");
    }
    let count = |class| pairs.iter().filter(|pair| pair.class == class).count();
    assert_eq!((count("critical"), count("harmless"), count("meaning")), (151, 108, 68));
    for language in ["fr", "en", "ru"] {
        for kind in CRITICAL.iter().chain(HARMLESS) {
            let cases = pairs
                .iter()
                .filter(|p| p.language == language && p.kinds.split(',').any(|k| k == *kind));
            assert!(cases.count() >= 6, "{language} {kind}");
        }
    }
}

#[test]
fn the_repairs_are_what_their_description_says() {
    const REASONS: &[&str] = &["ambiguous", "absent", "form", "unknown", "unplaced", "meaning"];
    let repairs = repairs();
    let mut ids = BTreeSet::new();
    for case in &repairs {
        assert!(ids.insert(case.id), "twice: {case:?}");
        assert_ne!(case.stored_source, case.query, "{case:?}");
        assert!(!case.kinds.is_empty() && !case.stored_target.is_empty(), "{case:?}");
        let (target, reason) = match case.expected {
            "repair" => (true, false),
            "refuse" => (false, true),
            "either" => (true, true),
            other => panic!("expected {other}"),
        };
        assert_eq!(case.target != "-", target, "{case:?}");
        assert_eq!(REASONS.contains(&case.reason), reason, "{case:?}");
    }
    let count = |language| repairs.iter().filter(|case| case.target_language == language).count();
    assert_eq!((count("en"), count("ru")), (155, 154));
}
