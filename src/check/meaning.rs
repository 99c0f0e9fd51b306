//! Negation and modality on one side only.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::FindingKind;
use super::finding::Draft;
use super::side::Side;
use crate::Lang;
use crate::similarity::{CriticalWords, DifferenceKind};
use crate::text::TokenKind;

/// The words on which the meaning hangs, of both languages.
#[derive(Debug)]
pub(super) struct Meaning {
    critical: [CriticalWords; 2],
    denials: [Option<&'static Denials>; 2],
}

/// What one side says.
struct Said {
    /// Where it denies, for certain.
    denied: Vec<Range<usize>>,
    /// Whether anything in it may be a denial.
    any: bool,
    /// Where it speaks of a duty, and of a permission.
    duties: Vec<Range<usize>>,
    permissions: Vec<Range<usize>>,
    /// Whether it recommends or foretells: half a duty.
    between: bool,
}

/// Words that may be a denial.
#[derive(Debug)]
struct Denials {
    whole: HashSet<&'static str>,
    beginnings: Vec<&'static str>,
}

impl Meaning {
    pub(super) fn new(source: &Lang, target: &Lang) -> Meaning {
        Meaning {
            critical: [source, target].map(CriticalWords::of),
            denials: [source, target].map(Denials::of),
        }
    }

    /// Finds denials of one side that nothing on the other can stand for, and duties that became
    /// permissions or the other way round. Nothing is found in a language without lists.
    pub(super) fn check(&self, source: &Side<'_>, target: &Side<'_>, found: &mut Vec<Draft>) {
        let (Some(left), Some(right)) = (self.said(0, source), self.said(1, target)) else {
            return;
        };
        match (left.denied.first(), right.denied.first()) {
            (Some(denied), _) if !right.any => {
                let written = &source.text[denied.clone()];
                let message = format!("the source denies (`{written}`), the target does not");
                found.push(Draft::new(FindingKind::Negation, message).source(denied.clone()));
            }
            (_, Some(denied)) if !left.any => {
                let written = &target.text[denied.clone()];
                let message = format!("the target denies (`{written}`), the source does not");
                found.push(Draft::new(FindingKind::Negation, message).target(denied.clone()));
            }
            _ => {}
        }
        // What must not be may not be either: with a denial the strengths cross.
        if left.any || right.any || left.between || right.between {
            return;
        }
        let mut modality = |ours: &Range<usize>, theirs: &Range<usize>, what: &str| {
            let (ours, theirs) = (ours.clone(), theirs.clone());
            let (written, stands) = (&source.text[ours.clone()], &target.text[theirs.clone()]);
            let message = format!("{what}: `{written}` became `{stands}`");
            found.push(Draft::new(FindingKind::Modality, message).source(ours).target(theirs));
        };
        match (&*left.duties, &*left.permissions, &*right.duties, &*right.permissions) {
            ([duty, ..], [], [], [permission, ..]) => {
                modality(duty, permission, "a duty became a permission");
            }
            ([], [permission, ..], [duty, ..], []) => {
                modality(permission, duty, "a permission became a duty");
            }
            _ => {}
        }
    }

    fn said(&self, nth: usize, side: &Side<'_>) -> Option<Said> {
        let denials = self.denials[nth]?;
        let mut said = Said {
            denied: Vec::new(),
            any: false,
            duties: Vec::new(),
            permissions: Vec::new(),
            between: false,
        };
        for mark in self.critical[nth].marks(&side.tokens, &side.text) {
            match mark.kind {
                // A word of its own in all languages: *неправительственный*.
                DifferenceKind::Negation if is_non_governmental(side, mark.first) => {}
                DifferenceKind::Negation => {
                    said.any = true;
                    if !mark.weak && !is_idiom(side, mark.first, &mark.span) {
                        said.denied.push(mark.span);
                    }
                }
                DifferenceKind::Polarity => {
                    said.any = true;
                    if !is_idiom(side, mark.first, &mark.span) {
                        said.denied.push(mark.span);
                    }
                }
                DifferenceKind::Modality => match mark.pole {
                    0 => said.duties.push(mark.span),
                    2 => said.permissions.push(mark.span),
                    _ => said.between = true,
                },
                _ => {}
            }
        }
        said.any = said.any
            || side.tokens.iter().any(|token| {
                token.kind() == TokenKind::Word && denials.may_deny(token.key(), side.lang)
            });
        Some(said)
    }
}

fn is_non_governmental(side: &Side<'_>, first: usize) -> bool {
    let key = |at: usize| side.tokens.get(at).map_or("", |token| token.key());
    let next = if key(first + 1) == "-" { key(first + 2) } else { key(first + 1) };
    key(first) == "non" && (next.starts_with("gouvernemental") || next.starts_with("governmental"))
}

/// Whether a negation is a manner of speaking that other languages affirm: *ne cesse de* is
/// *constantly*, *sans faille* is *full*; or a part of a word or a name.
fn is_idiom(side: &Side<'_>, first: usize, span: &Range<usize>) -> bool {
    let key = |at: usize| side.tokens.get(at).map_or("", |token| token.key());
    let (before, marked) = (first.checked_sub(1).map_or("", key), key(first));
    // What it denies stands in the mark (*ne … pas*) or within three words after it.
    let last = side.tokens.partition_point(|token| token.span().start < span.end);
    let any_of = |beginnings: &[&str]| {
        (first + 1..last + 3).any(|at| beginnings.iter().any(|word| key(at).starts_with(word)))
    };
    match (side.lang.primary(), marked) {
        (_, "non") => true,
        ("fr", "sans") => any_of(&[
            "faille",
            "exclu",
            "vergogne",
            "heurt",
            "coup",
            "limit",
            "perdre",
            "conteste",
            "fard",
            "ambigu",
            "encombre",
            "entrave",
            "arrêt",
            "interruption",
        ]),
        ("fr", "n'") if key(first + 1) == "djamena" => true,
        ("fr", "ne" | "n'") => any_of(&[
            "cess",
            "dout",
            "manqu",
            "cach",
            "oubli",
            "demeur",
            "exception",
            "perd",
            "rest",
            "ignor",
        ]),
        ("en", "not") => before == "or",
        ("en", "no") => key(first + 1) == "-" || key(first + 1) == "confidence",
        ("ru", "нет") => before == "или",
        ("ru", "без") => any_of(&["вест", "разбор", "сомнен", "перебо"]),
        ("ru", "не") => any_of(&["забы", "сомнева", "упуска"]),
        _ => false,
    }
}

/// Prefixes are looked for in words of this many letters or more.
const PREFIXED: usize = 6;

impl Denials {
    fn of(lang: &Lang) -> Option<&'static Denials> {
        match lang.primary() {
            "fr" => Some(&FR),
            "en" => Some(&EN),
            "ru" => Some(&RU),
            _ => None,
        }
    }

    fn read(text: &'static str) -> Denials {
        let words = text.lines().filter(|line| !line.starts_with('#'));
        let mut denials = Denials { whole: HashSet::new(), beginnings: Vec::new() };
        for word in words.flat_map(str::split_whitespace) {
            match word.strip_suffix('*') {
                Some(beginning) => denials.beginnings.push(beginning),
                None => {
                    denials.whole.insert(word);
                }
            }
        }
        denials
    }

    fn may_deny(&self, key: &str, lang: &Lang) -> bool {
        if self.whole.contains(key) {
            return true;
        }
        self.beginnings.iter().any(|beginning| {
            key.starts_with(beginning) && {
                // A prefix proves less than a stem, and some words only look like one.
                let prefix = beginning.chars().count() <= 4;
                !prefix
                    || key.chars().count() >= PREFIXED
                        && !no_prefix(lang).iter().any(|word| key.starts_with(word))
            }
        })
    }
}

/// Beginnings of words that look as if they had a prefix that denies.
fn no_prefix(lang: &Lang) -> &'static [&'static str] {
    match lang.primary() {
        "fr" => &[
            "impl",
            "impor",
            "impose",
            "imposi",
            "impr",
            "impu",
            "incid",
            "incl",
            "incom",
            "indi",
            "indu",
            "infl",
            "info",
            "infr",
            "init",
            "insc",
            "inspe",
            "insta",
            "instit",
            "instr",
            "inte",
            "inti",
            "intr",
            "inve",
            "invi",
            "inde",
            "inco",
            "ince",
            "disp",
            "disc",
            "dist",
            "dési",
            "méca",
            "méde",
            "méth",
            "mémo",
            "ména",
            "mérit",
            "mété",
            "illus",
            "inscri",
            "international",
            "import",
            "indiqu",
            "insist",
            "imag",
            "imme",
            "irak",
            "iran",
            "inaug",
        ],
        "en" => &[
            "inclu", "indi", "indu", "infl", "info", "infr", "init", "inspe", "insta", "instit",
            "instr", "inte", "into", "intr", "inve", "invi", "insi", "increas", "incid", "inaug",
            "impl", "impor", "impose", "imposi", "impr", "impa", "immed", "immi", "uni", "unanim",
            "under", "until", "deba", "decad", "dece", "deci", "decl", "dedic", "deep", "defen",
            "defi", "degr", "deleg", "deliv", "deliber", "demo", "demand", "depart", "depend",
            "deploy", "deput", "desc", "desi", "dest", "deta", "dete", "deve", "devot", "dialog",
            "disc", "disp", "dist", "disa", "miss", "minis", "mist", "countr", "iraq", "iran",
            "irel", "ince", "internat", "inher", "inst", "denmark", "density", "dem", "deal",
        ],
        "ru" => &[
            "неправительств",
            "недел",
            "нефт",
            "некотор",
            "нескольк",
            "необходим",
            "непосредств",
            "недавн",
            "неотложн",
            "немедлен",
            "безопасн",
            "беспоко",
            "бесед",
            "действ",
            "деят",
            "дека",
            "деле",
            "дело",
            "демо",
            "депар",
            "десят",
            "детей",
            "детс",
            "дети",
            "деклар",
            "депут",
            "дефи",
            "дискус",
            "дистан",
            "диску",
            "контракт",
            "инте",
            "инстр",
            "инсти",
            "инфо",
            "инфр",
            "инди",
            "иници",
            "инвал",
            "иност",
            "инвес",
            "индек",
            "индус",
            "иное",
            "деньг",
            "денеж",
            "держ",
            "дерев",
            "делег",
            "девоч",
            "девуш",
            "девят",
            "детал",
            "дебат",
        ],
        _ => &[],
    }
}

static FR: LazyLock<Denials> = LazyLock::new(|| Denials::read(include_str!("words/denial.fr.txt")));
static EN: LazyLock<Denials> = LazyLock::new(|| Denials::read(include_str!("words/denial.en.txt")));
static RU: LazyLock<Denials> = LazyLock::new(|| Denials::read(include_str!("words/denial.ru.txt")));

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: (&str, Lang), target: (&str, Lang)) -> Vec<FindingKind> {
        let (left, right) = (source.0.into(), target.0.into());
        let mut found = Vec::new();
        let meaning = Meaning::new(&source.1, &target.1);
        meaning.check(&Side::new(&left, &source.1), &Side::new(&right, &target.1), &mut found);
        found.into_iter().map(|draft| draft.kind).collect()
    }

    #[test]
    fn a_denial_of_one_side_is_found_in_both_directions() {
        let negation = [FindingKind::Negation];
        let fr = |text| (text, Lang::FR);
        let (en, ru) = (|text| (text, Lang::EN), |text| (text, Lang::RU));
        let denied = fr("La force ne saurait constituer un moyen de régler les questions.");
        assert_eq!(kinds(denied, en("Force could be a means of settling questions.")), negation);
        assert_eq!(kinds(fr("Elle règle tout."), en("It does not settle all.")), negation);
        let none = fr("Aucun État n’a l’intention de modifier le régime.");
        assert_eq!(kinds(none, ru("Государства намерены изменить режим.")), negation);
        let without = fr("Elles y participent sans accréditation.");
        assert_eq!(kinds(without, ru("Они участвуют при наличии аккредитации.")), negation);
    }

    #[test]
    fn a_denial_may_be_said_in_many_ways() {
        for (fr, en) in [
            ("Il ne peut venir.", "He is unable to come."),
            ("Cela n’est pas possible.", "That is impossible."),
            ("Il n’y a que deux voies.", "There are only two ways."),
            ("Les organisations non gouvernementales coopèrent.", "The NGOs cooperate."),
            ("Il refuse de voter.", "He does not vote."),
            ("Elles ne cessent de croître.", "They grow steadily."),
            ("Il réaffirme son attachement sans faille.", "He reaffirms his full commitment."),
            ("À N’Djamena, tout va bien.", "In N’Djamena, all is well."),
        ] {
            assert_eq!(kinds((fr, Lang::FR), (en, Lang::EN)), [], "{fr} / {en}");
        }
    }

    #[test]
    fn duties_and_permissions() {
        let of = |fr, en| kinds((fr, Lang::FR), (en, Lang::EN));
        assert_eq!(of("Ils devront agir.", "They may act."), [FindingKind::Modality]);
        assert_eq!(of("Ils peuvent agir.", "They shall act."), [FindingKind::Modality]);
        assert_eq!(of("Ils devront agir.", "They shall act."), []);
        assert_eq!(of("Ils ne doivent pas agir.", "They may not act."), []);
    }
}
