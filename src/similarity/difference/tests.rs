//! The laws of differences.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::similarity::score;
use crate::unit::{Code, CodeKind, Part};
use crate::{Lang, Segment};

const FRENCH: &[&str] = &[
    "les",
    "Parties",
    "parties",
    "ne",
    "pas",
    "n’",
    "doivent",
    "doit",
    "peut",
    "sans",
    "avec",
    "avant",
    "après",
    "accord",
    "accords",
    "de",
    "la",
    "France",
    "l’",
    "Allemagne",
    "ONU",
    "12",
    "13",
    "2014",
    "1 250,5",
    ",",
    ".",
    ";",
    "«",
    "»",
    "aucun",
    "que",
    "coopérer",
    "paix",
    "deux",
    "trois",
    "possible",
    "impossible",
    "ni",
    "et",
    "acheteur",
    "vendeur",
    "juin",
    "à",
    "2.",
    "a)",
];
const RUSSIAN: &[&str] = &[
    "стороны",
    "Стороны",
    "не",
    "ни",
    "должны",
    "могут",
    "до",
    "после",
    "без",
    "с",
    "Россия",
    "Китай",
    "и",
    "договор",
    "договора",
    "12",
    "31",
    "декабря",
    ".",
    ",",
    "увеличить",
    "сократить",
];

fn code(kind: CodeKind) -> Part {
    let (element, wraps) = ("ph".into(), false);
    Part::Code(Code { kind, element, wraps, attributes: Vec::new(), content: Vec::new() })
}

fn segment(words: &'static [&'static str]) -> impl Strategy<Value = Segment> {
    let kind = select(vec![CodeKind::Standalone, CodeKind::Open, CodeKind::Close]);
    let space = select(vec![" ", "\u{a0}", ""]);
    let piece = (select(words), space, prop::option::weighted(0.05, kind));
    prop::collection::vec(piece, 0..20).prop_map(|pieces| {
        Segment::new(pieces.into_iter().flat_map(|(word, space, kind)| {
            [kind.map(code), Some(Part::Text(format!("{word}{space}")))].into_iter().flatten()
        }))
    })
}

fn two() -> impl Strategy<Value = (Lang, Segment, Segment)> {
    select(vec![(Lang::FR, FRENCH), (Lang::RU, RUSSIAN), (Lang::EN, FRENCH)])
        .prop_flat_map(|(lang, words)| (Just(lang), segment(words), segment(words)))
}

fn check(lang: &Lang, one: &Segment, other: &Segment) -> Result<(), TestCaseError> {
    let differ = Differ::new(lang);
    let found = differ.differences(one, other);
    let (query, source) = (one.text(), other.text());
    for difference in &found {
        prop_assert_eq!(query.get(difference.query()), Some(difference.query_text()));
        prop_assert_eq!(source.get(difference.source()), Some(difference.source_text()));
    }
    let mut back: Vec<Difference> =
        differ.differences(other, one).into_iter().map(Difference::flipped).collect();
    let key = |d: &Difference| (d.query.start, d.query.end, d.kind, d.source.start, d.source.end);
    back.sort_by_key(key);
    prop_assert_eq!(&found, &back);
    prop_assert_eq!(found.is_empty(), score(one, other, lang).value() == 100.0);
    Ok(())
}

proptest! {
    #[test]
    fn differences_are_symmetric_and_lie_in_the_text((lang, one, other) in two()) {
        check(&lang, &one, &other)?;
        check(&lang, &one, &one)?;
    }

    #[test]
    fn the_laws_hold_for_any_text(one in "\\PC{0,40}", other in "\\PC{0,40}") {
        check(&Lang::FR, &Segment::from(one.as_str()), &Segment::from(other.as_str()))?;
    }

    /// Whatever else is changed, a number of another value is not overlooked.
    #[test]
    fn a_changed_number_is_never_silent(
        words in prop::collection::vec(select(&["accord", "paix", "la", "Conseil"][..]), 1..12),
        at in 0_usize..12,
        from in 1_u32..5000,
        by in 1_u32..5000,
    ) {
        let at = at.min(words.len());
        let text = |number: u32| {
            let number = format!("de {number} personnes");
            let (before, after) = words.split_at(at);
            Segment::from([before, &[&*number], after].concat().join(" "))
        };
        let found = Differ::new(&Lang::FR).differences(&text(from), &text(from + by));
        prop_assert!(Guard::default().limit(&found).is_some(), "{found:?}");
    }
}

/// A sentence: words that stay, and between them places on which its meaning hangs, each with what
/// may stand there.
struct Sentence {
    lang: Lang,
    places: &'static [&'static [&'static str]],
    /// What may stand before it and behind it.
    around: &'static [&'static str],
}

const SENTENCES: &[Sentence] = &[
    Sentence {
        lang: Lang::FR,
        places: &[
            &["la France", "l’Allemagne", "l’Italie", "la Suède"],
            &["doit", "devrait", "peut", "ne doit pas", "ne peut pas"],
            &["remettre"],
            &["2", "17", "250", "1 250", "trois", "cinq"],
            &["navires"],
            &["avec préavis", "sans préavis"],
            &["avant le", "après le"],
            &["1er", "2", "17", "31"],
            &["mars", "juin", "août"],
            &["2014, selon l’article"],
            &["5", "14", "27 bis"],
            &["; elle"],
            &["s’engage", "ne s’engage pas"],
            &["à coopérer."],
        ],
        around: &["", "", "de manière générale,", "à cet effet", "(texte revu)"],
    },
    Sentence {
        lang: Lang::EN,
        places: &[
            &["France", "Germany", "Italy", "Sweden"],
            &["shall", "should", "may", "shall not", "may not"],
            &["return"],
            &["2", "17", "250", "1,250", "three", "five"],
            &["ships"],
            &["with notice", "without notice"],
            &["before", "after"],
            &["1", "2", "17", "31"],
            &["March", "June", "August"],
            &["2014 under article"],
            &["5", "14", "27"],
            &["; it"],
            &["agrees", "does not agree"],
            &["to cooperate."],
        ],
        around: &["", "", "in this context", "generally speaking,", "(text as revised)"],
    },
    Sentence {
        lang: Lang::RU,
        places: &[
            &["Франция", "Германия", "Италия", "Швеция"],
            &["должна", "может", "не должна", "не может"],
            &["передать"],
            &["2", "17", "250", "1 250", "три", "пять"],
            &["судов"],
            &["с уведомлением", "без уведомления"],
            &["до", "после"],
            &["1", "2", "17", "31"],
            &["марта", "июня", "августа"],
            &["2014 года по статье"],
            &["5", "14", "27"],
            &["; она"],
            &["стремится", "не стремится"],
            &["сотрудничать."],
        ],
        around: &["", "", "в этой связи", "в целом,", "(текст изменён)"],
    },
];

/// Another case, another space, a code.
fn dressed(text: String, clothes: u8) -> Segment {
    match clothes {
        0 => Segment::from(text.to_uppercase()),
        1 => Segment::from(text.replace(' ', "\u{a0}")),
        2 => Segment::new([code(CodeKind::Standalone), Part::Text(text)]),
        _ => Segment::from(text),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// One thing on which the meaning hangs is changed, whatever else is.
    #[test]
    fn the_guard_is_never_silent_where_the_meaning_was_changed(
        sentence in select(vec![0, 1, 2]),
        chosen in prop::collection::vec(any::<prop::sample::Index>(), 14),
        place in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        around in prop::array::uniform4(any::<prop::sample::Index>()),
        clothes in prop::array::uniform2(0_u8..6),
    ) {
        let Sentence { lang, places, around: texts } = &SENTENCES[sentence];
        let mut chosen: Vec<usize> =
            places.iter().zip(&chosen).map(|(all, one)| one.index(all.len())).collect();
        let around = around.map(|one| texts[one.index(texts.len())]);
        let text = |chosen: &[usize], before: &str, behind: &str| {
            let words = places.iter().zip(chosen).map(|(all, &one)| all[one]);
            let words: Vec<&str> = [before].into_iter().chain(words).chain([behind]).collect();
            words.join(" ").trim().to_owned()
        };
        let query = text(&chosen, around[0], around[1]);
        let open: Vec<usize> = (0..places.len()).filter(|&at| places[at].len() > 1).collect();
        let place = open[place.index(open.len())];
        let more = 1 + other.index(places[place].len() - 1);
        chosen[place] = (chosen[place] + more) % places[place].len();
        let stored = text(&chosen, around[2], around[3]);
        let [one, other] = clothes;
        let (query, stored) = (dressed(query, one), dressed(stored, other));
        let found = Differ::new(lang).differences(&query, &stored);
        let limit = Guard::default().limit(&found);
        prop_assert!(
            limit.is_some_and(|limit| limit < 95.0),
            "{} | {}: {:?}", query.text(), stored.text(), found
        );
    }
}

fn kinds(lang: &Lang, query: &str, stored: &str) -> Vec<DifferenceKind> {
    let found = Differ::new(lang).differences(&query.into(), &stored.into());
    found.iter().map(Difference::kind).collect()
}

#[test]
fn a_reversed_meaning_is_typed() {
    use DifferenceKind::*;
    for (lang, query, stored, kind) in [
        (Lang::FR, "Les États ne s’engagent pas à agir.", "Les États s’engagent à agir.", Negation),
        (Lang::FR, "Aucun État ne doit céder.", "Tout État doit céder.", Negation),
        (Lang::FR, "Il ne saurait en être question.", "Il en est question.", Negation),
        (
            Lang::FR,
            "Elles s’engagent à ne pas agir et à coopérer.",
            "Elles s’engagent à agir et à ne pas coopérer.",
            Negation,
        ),
        (Lang::FR, "Les Parties peuvent coopérer.", "Les Parties doivent coopérer.", Modality),
        (Lang::FR, "Le dépôt devrait être fait.", "Le dépôt doit être fait.", Modality),
        (
            Lang::FR,
            "La dénonciation se fait sans préavis.",
            "La dénonciation se fait avec préavis.",
            Polarity,
        ),
        (Lang::FR, "Il faut réduire les effectifs.", "Il faut augmenter les effectifs.", Polarity),
        (Lang::FR, "C’est impossible.", "C’est possible.", Polarity),
        (
            Lang::FR,
            "La France remet à l’Allemagne un acte.",
            "L’Allemagne remet à la France un acte.",
            Party,
        ),
        (Lang::FR, "L’acheteur paie le vendeur.", "Le vendeur paie l’acheteur.", Party),
        (Lang::FR, "La partie russe a signé.", "La partie ukrainienne a signé.", Party),
        (Lang::FR, "Il a reçu trois navires.", "Il a reçu deux navires.", Number),
        (Lang::EN, "Each Party may withdraw.", "Each Party shall withdraw.", Modality),
        (Lang::EN, "The State shall not act.", "The State shall act.", Negation),
        (Lang::RU, "Стороны не обязуются действовать.", "Стороны обязуются действовать.", Negation),
        (Lang::RU, "Выполнить после 31 декабря.", "Выполнить до 31 декабря.", Polarity),
        (Lang::RU, "Стороны могут выполнить.", "Стороны должны выполнить.", Modality),
    ] {
        let found = kinds(&lang, query, stored);
        assert!(found.contains(&kind), "{query} / {stored}: {found:?}");
    }
}

#[test]
fn what_is_harmless_is_not_critical() {
    for (lang, query, stored) in [
        (
            Lang::FR,
            "Il n’agira qu’avant que la paix ne soit signée.",
            "Il n’agira qu’avant que la paix soit signée.",
        ),
        (Lang::FR, "C’est un pas vers la paix.", "C’est un signe de paix."),
        (Lang::FR, "2. Le Conseil se réunit.", "3. Le Conseil se réunit."),
        (Lang::FR, "a) le Conseil ;", "b) le Conseil ;"),
        (Lang::FR, "Les pays1 membres", "Les pays membres"),
        (Lang::FR, "La France et l’Allemagne signent.", "L’Allemagne et la France signent."),
        (Lang::FR, "ARTICLE PREMIER", "Article premier"),
        (Lang::FR, "Elle doit signer.", "Elles doivent signer."),
        (Lang::FR, "Il n’a aucunement, en aucun cas, agi.", "Il n’a en aucun cas agi."),
        (Lang::EN, "It is not only a step.", "It is only a step."),
        (Lang::RU, "Он никогда не действует.", "Он не действует."),
    ] {
        let found = Differ::new(&lang).differences(&query.into(), &stored.into());
        assert!(Guard::default().limit(&found).is_none(), "{query} / {stored}: {found:?}");
    }
}

#[test]
fn the_lists_can_be_read() {
    for lang in [Lang::FR, Lang::EN, Lang::RU] {
        let words = CriticalWords::of(&lang);
        assert!(words.prefixes().len() > 5, "{lang}");
    }
}
