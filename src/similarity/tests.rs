//! The laws of the score.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::unit::{Code, CodeKind, Part};
use crate::{Lang, Segment};

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
    "1 250,5",
    "1250,5",
    "2014",
    ",",
    ".",
    ";",
    "«",
    "»",
    "à",
    "Genève",
    "GENÈVE",
    "coopération",
    "renforcer",
    "renforcent",
    "été",
    "paix",
    "sécurité",
];
const RUSSIAN: &[&str] = &[
    "стороны",
    "Стороны",
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
    "сотрудничество",
    "ещё",
    "еще",
];

fn lang() -> impl Strategy<Value = (Lang, &'static [&'static str])> {
    select(vec![(Lang::FR, FRENCH), (Lang::RU, RUSSIAN), (Lang::EN, FRENCH)])
}

fn code(kind: CodeKind) -> Part {
    let (element, wraps) = ("ph".into(), false);
    Part::Code(Code { kind, element, wraps, attributes: Vec::new(), content: Vec::new() })
}

/// Words with spaces of any kind between them, and codes here and there.
fn segment(words: &'static [&'static str], most: usize) -> impl Strategy<Value = Segment> {
    let kind = select(vec![CodeKind::Standalone, CodeKind::Open, CodeKind::Close]);
    let piece =
        (select(words), select(vec![" ", "  ", "\u{a0}", ""]), prop::option::weighted(0.1, kind));
    prop::collection::vec(piece, 0..most).prop_map(|pieces| {
        Segment::new(pieces.into_iter().flat_map(|(word, space, kind)| {
            [Some(Part::Text(format!("{word}{space}"))), kind.map(code)].into_iter().flatten()
        }))
    })
}

fn two() -> impl Strategy<Value = (Lang, Segment, Segment)> {
    lang().prop_flat_map(|(lang, words)| (Just(lang), segment(words, 30), segment(words, 30)))
}

/// Two segments of which the second has a few words more, less or changed.
fn near() -> impl Strategy<Value = (Lang, Vec<&'static str>, Vec<&'static str>)> {
    lang().prop_flat_map(|(lang, words)| {
        let edits = prop::collection::vec((0_usize..30, select(words), 0..3), 0..4);
        (Just(lang), prop::collection::vec(select(words), 0..30), edits).prop_map(
            |(lang, words, edits)| {
                let mut changed = words.clone();
                for (at, word, kind) in edits {
                    let at = at.min(changed.len());
                    match kind {
                        0 => changed.insert(at, word),
                        1 if at < changed.len() => changed[at] = word,
                        _ if at < changed.len() => drop(changed.remove(at)),
                        _ => {}
                    }
                }
                (lang, words, changed)
            },
        )
    })
}

fn joined(words: &[&str]) -> Segment {
    Segment::from(words.join(" "))
}

fn check(lang: &Lang, one: &Segment, other: &Segment) -> Result<(), TestCaseError> {
    let found = score(one, other, lang);
    prop_assert!((0.0..=100.0).contains(&found.value()));
    prop_assert_eq!(found, score(other, one, lang));
    let lost: f64 = Component::ALL.iter().map(|&component| found.lost(component)).sum();
    prop_assert!(Component::ALL.iter().all(|&component| found.lost(component) >= 0.0));
    prop_assert!((found.value() + lost - 100.0).abs() < 1e-9, "{:?}", found);
    let preparer = Preparer::new(lang);
    let (left, right) = (preparer.prepare(one), preparer.prepare(other));
    prop_assert_eq!(found.value() == 100.0, left.equals(&right));
    prop_assert!(left.equals(&right) || found.value() <= 99.0);

    let agreement = Comparator::new(one, lang).agreement(&right);
    let shared =
        agreement.words.tiers[0] + agreement.numbers.tiers[0] + agreement.punctuation.tiers[0];
    prop_assert!(found.value() <= score::bound(shared, left.weight() + right.weight()) + 1e-9);

    let comparator = Comparator::new(one, lang);
    for least in [0.0, 50.0, found.value(), found.value() + 0.001] {
        let expected = Some(found).filter(|found| found.value() >= least);
        prop_assert_eq!(comparator.score_at_least(&right, least), expected);
        #[cfg(feature = "postgres")]
        if !left.equals(&right) {
            let mut outliner = super::Outliner::new(lang);
            let (outline, _) = outliner.outline(other);
            prop_assert_eq!(comparator.score_outline(outline, least), expected);
        }
    }

    let steps = alignment(&left, &right);
    let (mut lefts, mut rights, mut pairs) = (0, 0, 0);
    for step in steps {
        match step {
            Step::Pair(a, b, tier) => {
                prop_assert_eq!((a, b), (lefts, rights));
                prop_assert_eq!(left.tokens()[a].alike(&right.tokens()[b]), Some(tier));
                (lefts, rights, pairs) = (lefts + 1, rights + 1, pairs + 1);
            }
            Step::Left(a) => {
                prop_assert_eq!(a, lefts);
                lefts += 1;
            }
            Step::Right(b) => {
                prop_assert_eq!(b, rights);
                rights += 1;
            }
        }
    }
    prop_assert_eq!((lefts, rights), (left.tokens().len(), right.tokens().len()));
    prop_assert!(pairs <= agreement.in_order);
    Ok(())
}

proptest! {
    #[test]
    fn the_laws_hold_for_unrelated_segments((lang, one, other) in two()) {
        check(&lang, &one, &other)?;
        check(&lang, &one, &one)?;
    }

    #[test]
    fn the_laws_hold_for_similar_segments((lang, one, other) in near()) {
        check(&lang, &joined(&one), &joined(&other))?;
    }

    #[test]
    fn the_laws_hold_for_any_text(one in "\\PC{0,40}", other in "\\PC{0,40}") {
        check(&Lang::FR, &Segment::from(one.as_str()), &Segment::from(other.as_str()))?;
    }

    #[test]
    fn normal_form_is_all_that_equality_needs(words in prop::collection::vec(select(FRENCH), 0..20)) {
        let typed = words.join(" ");
        let other = words.join("\u{a0}\u{2009}").replace('’', "'").replace(['«', '»'], "\"");
        prop_assert_eq!(score(&typed.into(), &other.into(), &Lang::FR).value(), 100.0);
    }

    /// The loss of one word added is bounded by its share, at every length.
    #[test]
    fn there_is_no_length_cliff(
        words in prop::collection::vec(select(FRENCH), 1..150),
        word in select(FRENCH),
        at in 0_usize..150,
    ) {
        let mut longer = words.clone();
        longer.insert(at.min(words.len()), word);
        let found = score(&joined(&words), &joined(&longer), &Lang::FR).value();
        // The added word may weigh 4 where the others weigh 1 each; quotation marks and elisions may
        // join what stands beside them otherwise.
        prop_assert!(found >= 100.0 - 100.0 * 6.0 / (2.0 * words.len() as f64 + 4.0) - 4.0, "{found}");
    }

    /// What is added to both sides never makes them less alike, but for the least loss.
    #[test]
    fn what_both_share_brings_them_closer((lang, one, other) in near(), tail in 1_usize..20) {
        let shared = vec!["zzz"; tail];
        let before = score(&joined(&one), &joined(&other), &lang).value();
        let [one, other] = [&one, &other].map(|words| joined(&[words, &shared[..]].concat()));
        prop_assert!(score(&one, &other, &lang).value() >= before - 1e-9);
    }
}

const TWENTY: &str = "Les ministres des affaires étrangères réunis à Hambourg saluent les progrès \
                      accomplis dans la mise en œuvre du plan d’action adopté.";

#[test]
fn one_content_word_in_twenty_leaves_about_95() {
    for (from, to) in [("Hambourg", "Varsovie"), ("progrès", "efforts"), ("saluent", "déplorent")]
    {
        let found = score(&TWENTY.into(), &TWENTY.replace(from, to).into(), &Lang::FR);
        assert!((92.0..98.0).contains(&found.value()), "{to}: {found:?}");
    }
}

#[test]
fn what_is_harmless_keeps_95() {
    let tagged = Segment::new([
        code(CodeKind::Open),
        Part::Text("Signé à Berlin.".to_owned()),
        code(CodeKind::Close),
    ]);
    for (one, other) in [
        (Segment::from("Signé à Berlin."), tagged),
        ("ARTICLE PREMIER".into(), "Article premier".into()),
        ("Il a dit « oui ».".into(), "Il a dit “oui”.".into()),
        ("Est-ce vrai\u{a0}?".into(), "Est-ce vrai?".into()),
    ] {
        let found = score(&one, &other, &Lang::FR);
        assert!((95.0..=100.0).contains(&found.value()), "{one:?}: {found:?}");
    }
}

#[test]
fn components_name_what_differs() {
    use Component::{Case, Codes, Numbers, Order, Punctuation, Words};
    let base = "Le 4 mai, les ministres ont signé un accord avec la délégation.";
    let named = |other: &str| -> Vec<Component> {
        score(&base.into(), &other.into(), &Lang::FR).components().map(|(name, _)| name).collect()
    };
    assert_eq!(named(&base.replace("accord", "traité")), [Words]);
    assert_eq!(named(&base.replace("accord", "accords")), [Words]);
    assert_eq!(named(&base.replace("les ministres", "Les Ministres")), [Case]);
    assert_eq!(named(&base.replace('4', "7")), [Numbers]);
    assert_eq!(named(&base.replace("mai,", "mai")), [Punctuation]);
    assert_eq!(
        named("Les ministres ont signé un accord avec la délégation, le 4 mai."),
        [Order, Case]
    );
    let coded = Segment::new([Part::Text(base.to_owned()), code(CodeKind::Standalone)]);
    let found = score(&base.into(), &coded, &Lang::FR);
    assert_eq!(found.components().map(|(name, _)| name).collect::<Vec<_>>(), [Codes]);
}

#[test]
fn nothing_and_nothing_are_equal() {
    let value = |one: &str, other: &str| score(&one.into(), &other.into(), &Lang::FR).value();
    assert_eq!(value("", " "), 100.0);
    assert_eq!(value("", "mot"), 0.0);
    assert_eq!(value("?", "mot"), 0.0);
}

#[test]
fn very_long_segments_are_compared_and_aligned() {
    let words: Vec<String> = (0..100_000).map(|number| format!("mot{}", number % 977)).collect();
    let one = Segment::from(words.join(" "));
    let other = Segment::from(words[1..].join(" "));
    let found = score(&one, &other, &Lang::FR).value();
    assert!((99.0..100.0).contains(&found));
    let preparer = Preparer::new(&Lang::FR);
    let steps = alignment(&preparer.prepare(&one), &preparer.prepare(&other));
    assert_eq!(steps.iter().filter(|step| !matches!(step, Step::Pair(..))).count(), 1);
}
/// Short texts under small seeds are where a hash is weakest: no two roots may meet there.
#[test]
fn hashes_of_short_words_do_not_meet() {
    let letters = || ('a'..='z').map(String::from);
    let longer = |words: Vec<String>| -> Vec<String> {
        words
            .iter()
            .flat_map(|word| letters().map(move |letter| format!("{word}{letter}")))
            .collect()
    };
    let one: Vec<String> = letters().collect();
    let (two, signs) = (longer(one.clone()), [".", ",", ";", "1", "22", "%", "(", ")"]);
    let words = one.iter().cloned().chain(longer(two.clone())).chain(two.clone());
    let words = words.chain(two.iter().map(|word| format!("{word}rev")));
    let mut seen = std::collections::HashMap::new();
    for lang in [Lang::FR, Lang::EN, "xx".parse().unwrap()] {
        let preparer = Preparer::new(&lang);
        for word in words.clone().chain(signs.map(String::from)) {
            for token in preparer.prepare(&Segment::from(word.as_str())).tokens() {
                let atom = token.atom();
                let known = *seen.entry(atom.tiers[0]).or_insert((atom.class, atom.weight));
                assert_eq!(known, (atom.class, atom.weight), "{word}");
            }
        }
    }
}
