//! Laws of the checks as a whole: a clean pair gives nothing, a planted error is found, and
//! accepting a finding silences this one alone.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{Accepted, Checker, Finding, FindingKind};
use crate::term::{Concept, Scope, Status, Term, Termbase};
use crate::text::Number;
use crate::{Lang, Segment, Unit};

/// Clauses that translate each other, with places for numbers (`#`), a date (`@`), the name of a
/// body (`%`) and a remark in brackets (`~`). No word stands twice in one, and no clause denies.
const CLAUSES: [[&str; 3]; 6] = [
    [
        "Les ministres ont examiné # rapports le @ ~",
        "The ministers considered # reports on @ ~",
        "Министры рассмотрели # докладов @ ~",
    ],
    ["le % a adopté # résolutions ~", "the % adopted # resolutions ~", "% принял # резолюций ~"],
    [
        "la région compte # habitants depuis le @",
        "the region has # inhabitants since @",
        "в регионе проживает # жителей с @",
    ],
    [
        "les États ~ financent # projets communs",
        "the States ~ finance # joint projects",
        "государства ~ финансируют # совместных проектов",
    ],
    [
        "ce mécanisme ~ sera évalué devant le %",
        "this mechanism ~ will be assessed before the %",
        "этот механизм ~ оценит %",
    ],
    [
        "la session aura lieu le @ à Port-Salvan",
        "the session will be held on @ in Port-Salvan",
        "сессия состоится @ в Порт-Сальване",
    ],
];
const BODIES: [[&str; 3]; 3] = [
    ["Conseil de tutelle", "Trusteeship Council", "Совет по опеке"],
    ["Comité des pêches", "Fisheries Committee", "Комитет по рыболовству"],
    ["Haut Conseil maritime", "High Maritime Board", "Высший морской совет"],
];
const REMARKS: [[&str; 3]; 3] = [
    ["(voir annexe)", "(see annex)", "(см. приложение)"],
    ["[texte provisoire]", "[provisional text]", "[предварительный текст]"],
    ["«\u{a0}feuille de route\u{a0}»", "“road map”", "«дорожная карта»"],
];
const LANGS: [Lang; 3] = [Lang::FR, Lang::EN, Lang::RU];

fn base() -> Termbase {
    let concepts = BODIES.iter().enumerate().map(|(nth, names)| {
        let mut concept = Concept::new(format!("body.{nth}"));
        for (lang, name) in LANGS.iter().zip(names) {
            concept.add(lang.clone(), Term::new(*name).with_status(Status::Preferred));
        }
        concept
    });
    concepts.collect()
}

/// A sentence in three languages, with what is in it.
#[derive(Clone, Debug)]
struct Clean {
    texts: [String; 3],
    numbers: Vec<u32>,
    body: Option<usize>,
}

fn clean() -> impl Strategy<Value = Clean> {
    let clauses = proptest::sample::subsequence((0..CLAUSES.len()).collect::<Vec<_>>(), 1..4);
    let numbers = proptest::collection::btree_set(40u32..9_000_000, 6);
    (clauses, numbers, 0..3usize, 0..3usize, (2000u16..2039, 1u8..13, 1u8..29)).prop_map(
        |(clauses, numbers, body, remark, (year, month, day))| {
            // No number may be excused by the date.
            let numbers: Vec<u32> = numbers.into_iter().map(|n| n * 10 + 7).collect();
            let mut clean = Clean { texts: Default::default(), numbers: Vec::new(), body: None };
            for (nth, lang) in LANGS.iter().enumerate() {
                let mut next = numbers.iter();
                let mut remarked = false;
                let mut text = String::new();
                for (at, &clause) in clauses.iter().enumerate() {
                    if at > 0 {
                        text.push_str(", ");
                    }
                    for piece in CLAUSES[clause][nth].split_inclusive(' ') {
                        let word = piece.trim_end();
                        let space = &piece[word.len()..];
                        match word {
                            "#" => {
                                let number = next.next().copied().unwrap_or_default();
                                let written = Number::new(&number.to_string(), "").unwrap();
                                text.push_str(&written.write(lang));
                                if nth == 0 {
                                    clean.numbers.push(number);
                                }
                            }
                            "@" => {
                                let (month, day) = (month, Some(day));
                                let date =
                                    crate::text::Value::Date { year: Some(year), month, day };
                                text.push_str(&date.write(lang));
                            }
                            "%" => {
                                text.push_str(BODIES[body][nth]);
                                clean.body = Some(body);
                            }
                            // Once: a quotation of the same words would be a repetition.
                            "~" if std::mem::replace(&mut remarked, true) => {
                                text.truncate(text.trim_end().len());
                            }
                            "~" => text.push_str(REMARKS[remark][nth]),
                            word => text.push_str(word),
                        }
                        text.push_str(space);
                    }
                    text.truncate(text.trim_end().len());
                }
                // An abbreviation has the point of the sentence.
                if !text.ends_with('.') {
                    text.push('.');
                }
                clean.texts[nth] = text;
            }
            clean
        },
    )
}

fn check(checker: &Checker<'_>, source: &str, target: &str) -> Vec<Finding> {
    let found = checker.check(&Segment::from(source), &Segment::from(target));
    for finding in &found {
        let fits = |text: &str, span: Option<std::ops::Range<usize>>| {
            span.is_none_or(|span| text.get(span).is_some())
        };
        assert!(fits(source, finding.source()) && fits(target, finding.target()), "{finding:?}");
    }
    found
}

proptest! {
    #[test]
    fn a_clean_pair_gives_nothing(clean in clean(), from in 0..3usize, to in 0..3usize) {
        prop_assume!(from != to);
        let base = base();
        let checker = Checker::new(LANGS[from].clone(), LANGS[to].clone()).termbase(&base);
        let found = check(&checker, &clean.texts[from], &clean.texts[to]);
        prop_assert!(found.is_empty(), "{:?} {found:#?}", clean.texts);
    }

    #[test]
    fn a_planted_error_is_found(
        clean in clean(), from in 0..3usize, to in 0..3usize, which in any::<prop::sample::Index>(),
    ) {
        prop_assume!(from != to);
        let base = base();
        let checker = Checker::new(LANGS[from].clone(), LANGS[to].clone()).termbase(&base);
        let (source, target) = (&clean.texts[from], &clean.texts[to]);
        let kinds = |planted: &str| -> Vec<FindingKind> {
            check(&checker, source, planted).iter().map(Finding::kind).collect()
        };
        if !clean.numbers.is_empty() {
            let number = clean.numbers[which.index(clean.numbers.len())];
            let write = |n: u32| Number::new(&n.to_string(), "").unwrap().write(&LANGS[to]);
            let planted = target.replacen(&write(number), &write(number + 1), 1);
            prop_assert_eq!(kinds(&planted), [FindingKind::Number], "{}", planted);
        }
        let signs = |c: char| "()[]«»“”".contains(c);
        let places: Vec<usize> = target.match_indices(signs).map(|(at, _)| at).collect();
        if !places.is_empty() {
            let mut planted = target.clone();
            planted.remove(places[which.index(places.len())]);
            let found = kinds(&planted);
            let alone = [FindingKind::Bracket, FindingKind::QuotationMark];
            prop_assert!(found.iter().any(|kind| alone.contains(kind)), "{planted} {found:?}");
        }
        // A part of a compound may follow the same word.
        let words: Vec<(usize, &str)> = target
            .unicode_words_of()
            .filter(|(at, word)| {
                !target[..*at].ends_with('-') && !target[at + word.len()..].starts_with('-')
            })
            .collect();
        let (at, word) = words[which.index(words.len())];
        let planted = format!("{}{word} {}", &target[..at], &target[at..]);
        prop_assert!(kinds(&planted).contains(&FindingKind::RepeatedWord), "{}", planted);
        if let Some(body) = clean.body {
            let planted = target.replace(BODIES[body][to], "Port-Salvan");
            prop_assert!(kinds(&planted).contains(&FindingKind::TermMissing), "{}", planted);
        }
    }

    #[test]
    fn accepting_a_finding_silences_this_one_alone(
        clean in clean(), which in any::<prop::sample::Index>(),
    ) {
        let base = base();
        let checker = || Checker::new(Lang::FR, Lang::EN).termbase(&base);
        let (source, target) = (&clean.texts[0], clean.texts[1].replace("States", "States States"));
        // Something is wrong with every one of these.
        let target = target.replace(|c: char| c.is_ascii_digit(), "").replace(' ', "  ");
        let found = check(&checker(), source, &target);
        prop_assert!(!found.is_empty());
        let at = which.index(found.len());
        let mut accepted = Accepted::new();
        accepted.add(&found[at], source, &target);
        let accepted = Accepted::parse(&accepted.to_string()).unwrap();
        let left = check(&checker().accepted(accepted), source, &target);
        let mut others = found;
        others.remove(at);
        prop_assert_eq!(left, others);
    }

    /// Nothing makes it fail, and every span stands at character boundaries.
    #[test]
    fn any_text_is_checked(
        source in "\\PC{0,60}|[a-z0-9 «»(),.:;!?’é-]{0,60}",
        target in "\\PC{0,60}|[а-я0-9 «»(),.:;!?ё—-]{0,60}",
    ) {
        let base = base();
        for langs in [[Lang::FR, Lang::RU], [Lang::RU, Lang::FR], [Lang::EN, Lang::FR]] {
            let [from, to] = langs;
            let checker = Checker::new(from, to).termbase(&base);
            let found = check(&checker, &source, &target);
            let mut seen: Vec<_> = found.iter().map(Finding::fingerprint).collect();
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), found.len());
        }
    }
}

/// The words of a text with their places.
trait Words {
    fn unicode_words_of(&self) -> Box<dyn Iterator<Item = (usize, &str)> + '_>;
}

impl Words for String {
    fn unicode_words_of(&self) -> Box<dyn Iterator<Item = (usize, &str)> + '_> {
        use unicode_segmentation::UnicodeSegmentation;
        let words = self.unicode_word_indices();
        Box::new(words.filter(|(_, word)| word.chars().all(char::is_alphabetic)))
    }
}

#[test]
fn any_admitted_synonym_passes_and_the_longest_term_takes_the_words() {
    let mut council = Concept::new("council");
    council.add(Lang::FR, Term::new("Conseil OTAN-Russie"));
    council.add(Lang::EN, Term::new("NATO-Russia Council").with_status(Status::Preferred));
    council.add(Lang::EN, Term::new("NRC").with_status(Status::Admitted));
    let mut plain = Concept::new("plain");
    plain.add(Lang::FR, Term::new("Conseil"));
    plain.add(Lang::EN, Term::new("Board").with_status(Status::Preferred));
    plain.add(Lang::EN, Term::new("Council").with_status(Status::Forbidden));
    let base = Termbase::from_iter([council, plain]);
    let checker = Checker::new(Lang::FR, Lang::EN).termbase(&base);
    let kinds = |target: &str| -> Vec<FindingKind> {
        let found = check(&checker, "Le Conseil OTAN-Russie siège.", target);
        found.iter().map(Finding::kind).collect()
    };
    assert_eq!(kinds("The NATO-Russia Council sits."), []);
    assert_eq!(kinds("The NRC sits."), []);
    assert_eq!(kinds("The Council sits."), [FindingKind::TermForbidden, FindingKind::TermMissing]);
}

#[test]
fn a_house_writes_as_it_rules_and_nobody_is_told_which_of_two_names_to_prefer() {
    let mut council = Concept::new("council");
    council.add(Lang::EN, Term::new("NATO-Russia Council"));
    council.add(Lang::FR, Term::new("Conseil OTAN-Russie").with_status(Status::Preferred));
    let mut other = Term::new("Conseil Russie-OTAN").with_status(Status::Deprecated);
    other.rulings.push(crate::term::Ruling {
        status: Status::Admitted,
        house: Some("MID".to_owned()),
        ..Default::default()
    });
    council.add(Lang::FR, other);
    let mut islands = Concept::new("islands");
    islands.add(Lang::EN, Term::new("the Twin Islands"));
    for name in ["îles Jumelles", "îles Ardel"] {
        islands.add(Lang::FR, Term::new(name).with_status(Status::Admitted));
    }
    let base = Termbase::from_iter([council, islands]);
    let checker = || Checker::new(Lang::EN, Lang::FR).termbase(&base);
    let [source, target] = ["The NATO-Russia Council meets.", "Le Conseil Russie-OTAN se réunit."];
    let found = check(&checker(), source, target);
    assert_eq!(found[0].kind(), FindingKind::TermDeprecated);
    let scope = Scope { house: Some("MID".to_owned()), day: None };
    assert_eq!(check(&checker().scope(scope), source, target), []);

    let found = check(&checker(), "On the Twin Islands.", "Sur les lieux.");
    assert_eq!(found[0].kind(), FindingKind::TermMissing);
    assert_eq!(found[0].suggestion(), None);
    assert!(found[0].message().contains("`îles Jumelles` or `îles Ardel`"));
}

#[test]
fn a_document_is_checked_as_a_whole() {
    let mut concept = Concept::new("pollution");
    concept.add(Lang::FR, Term::new("rejet d’hydrocarbures"));
    concept.add(Lang::EN, Term::new("oil discharge"));
    concept.add(Lang::EN, Term::new("oil spill"));
    let base = Termbase::from_iter([concept]);
    let checker = Checker::new(Lang::FR, Lang::EN).termbase(&base);
    let mut run = checker.run();
    for (fr, en) in [
        ("Les rejets d’hydrocarbures diminuent.", "Oil discharges are decreasing."),
        ("Il a dit que tout allait bien.", "“All is well,” he said, “"),
        ("Et que cela durerait.", "and it will last.”"),
        ("Un rejet d’hydrocarbures a eu lieu.", "An oil spill has occurred."),
        ("La fin (de tout cela).", "The end (of all this."),
    ] {
        run.unit(&Unit::pair((Lang::FR, fr), (Lang::EN, en)));
    }
    run.unit(&Unit::pair((Lang::FR, "Sans traduction"), (Lang::RU, "Нет")));
    let report = run.finish();
    assert_eq!((report.checked, report.incomplete), (5, 1));
    let mut shown = String::new();
    for (unit, finding) in report.findings() {
        writeln!(shown, "{} {}", unit.number, finding.kind()).unwrap();
    }
    assert_eq!(shown, "2 final-punctuation\n4 term-inconsistent\n5 bracket\n");
}

#[test]
fn codes_are_compared() {
    use crate::unit::{Code, CodeContent, CodeKind, Part};
    let code = |kind, native: &str| {
        Part::Code(Code {
            kind,
            element: "ph".into(),
            wraps: false,
            attributes: Vec::new(),
            content: vec![CodeContent::Native(native.to_owned())],
        })
    };
    let text = |text: &str| Part::Text(text.to_owned());
    let (open, close) = (code(CodeKind::Open, "<b>"), code(CodeKind::Close, "</b>"));
    let source = Segment::new([open.clone(), text("Oui"), close.clone()]);
    let checker = Checker::new(Lang::FR, Lang::EN);
    let kinds = |parts: Vec<Part>| -> Vec<FindingKind> {
        let found = checker.check(&source, &Segment::new(parts));
        found.iter().map(Finding::kind).collect()
    };
    assert_eq!(kinds(vec![open.clone(), text("Yes"), close.clone()]), []);
    let reversed = vec![close.clone(), text("Yes"), open.clone()];
    assert_eq!(kinds(reversed), [FindingKind::CodeUnbalanced; 2]);
    assert_eq!(
        kinds(vec![text("Yes"), code(CodeKind::Standalone, "<br>")]),
        [FindingKind::CodeAdded, FindingKind::CodeMissing, FindingKind::CodeMissing]
    );
}

/// Terms that are empty or one letter, of fifty words, with the signs of a pattern, of ten concepts, and
/// concepts that replace each other in a circle.
#[test]
fn no_glossary_makes_a_check_fail() {
    let long = vec!["paix"; 50].join(" ");
    let mut concepts = Vec::new();
    for (id, texts) in [("a", ["", "x"]), ("b", [&*long, "(?:.*"]), ("c", ["y", " "])] {
        let mut concept = Concept::new(id);
        for (lang, text) in [Lang::FR, Lang::EN].into_iter().zip(texts) {
            concept.add(lang, Term::new(text));
        }
        concept.add(Lang::EN, Term::new(format!("old {id}")).with_status(Status::Deprecated));
        let next = if id == "a" { "b" } else { "a" };
        concept.relations.push(crate::term::Relation {
            kind: crate::term::RelationKind::ReplacedBy,
            target: next.to_owned(),
            label: String::new(),
        });
        concepts.push(concept);
    }
    for id in 0..10 {
        let mut concept = Concept::new(id.to_string());
        concept.add(Lang::FR, Term::new("Traité de paix"));
        concept.add(Lang::EN, Term::new(format!("Treaty {id}")));
        concepts.push(concept);
    }
    let base: Termbase = concepts.into_iter().collect();
    let checker = Checker::new(Lang::FR, Lang::EN).termbase(&base);
    let found = check(&checker, &format!("{long} : y, Traité de paix."), "Old b: x, y.");
    let kinds: Vec<FindingKind> = found.iter().map(Finding::kind).collect();
    assert!(kinds.contains(&FindingKind::TermDeprecated), "{found:?}");
    // Any of the ten would do; none of them stands there, and all are named.
    let missing = found.iter().find(|found| found.kind() == FindingKind::TermMissing).unwrap();
    assert!(missing.message().contains("`Treaty 0`") && missing.message().contains("`Treaty 9`"));
    assert_eq!(missing.suggestion(), None);
    let found = check(&checker, "Traité de paix.", "Treaty 7.");
    assert!(found.iter().all(|found| found.kind() == FindingKind::Number), "{found:?}");
}
