//! Audits: what someone should look at, found and not changed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use foldhash::fast::RandomState;
use xxhash_rust::xxh3::xxh3_64;

use super::pair::pairs;
use super::policy::UnitName;
use super::store::Result;
use super::{Memory, Selection, UnitId, each};
use crate::check::{Checker, FindingKind};
use crate::text::{Normal, guess_language};
use crate::{Lang, Segment, Unit};

/// An audit about to run. Made by [`Memory::audit`].
///
/// It compares each unit with the memory as a whole, its segments in [normal form](Normal), and
/// its two segments with each other: their values, negations and passages left in the source
/// language as [`Checker`] does, their lengths and languages.
///
/// ```
/// use chancery::{Lang, Unit, memory::{AuditKind, Memory}};
///
/// let memory = Memory::new();
/// memory.add([
///     Unit::pair((Lang::FR, "La séance est levée."), (Lang::EN, "The meeting rose.")),
///     Unit::pair((Lang::FR, "La séance est levée."), (Lang::EN, "The meeting is closed.")),
/// ])?;
/// let mut found = Vec::new();
/// let report = memory.audit().run(|finding| found.push((finding.kind, finding.unit.number())))?;
/// let kind = AuditKind::DifferentTargets;
/// assert_eq!(found, [(kind, 1), (kind, 2)]);
/// assert_eq!((report.read, report.found[&kind]), (2, 2));
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "an audit finds nothing until it is run"]
pub struct Audit<'m> {
    memory: &'m Memory,
    source: Lang,
    target: Lang,
    selection: Selection,
    deviations: f64,
}

/// What an audit looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AuditKind {
    /// The same source has another target in another unit.
    DifferentTargets,
    /// The same target has another source in another unit.
    DifferentSources,
    /// The target is much longer or shorter than the source lets expect.
    Length,
    /// There is no translation, or a passage is still in the source language.
    Untranslated,
    /// A number of one side that the other does not have.
    Number,
    /// A date, or a part of one, that the other side does not have.
    Date,
    /// A document, article or paragraph that the other side does not name.
    Reference,
    /// One side denies, the other does not.
    Negation,
    /// A segment is in another language than it says.
    Language,
}

impl AuditKind {
    /// All of them.
    pub const ALL: [AuditKind; 9] = [
        AuditKind::DifferentTargets,
        AuditKind::DifferentSources,
        AuditKind::Length,
        AuditKind::Untranslated,
        AuditKind::Number,
        AuditKind::Date,
        AuditKind::Reference,
        AuditKind::Negation,
        AuditKind::Language,
    ];

    /// The word for it in results.
    pub fn name(self) -> &'static str {
        match self {
            AuditKind::DifferentTargets => "different-targets",
            AuditKind::DifferentSources => "different-sources",
            AuditKind::Length => "length",
            AuditKind::Untranslated => "untranslated",
            AuditKind::Number => "number",
            AuditKind::Date => "date",
            AuditKind::Reference => "reference",
            AuditKind::Negation => "negation",
            AuditKind::Language => "language",
        }
    }

    /// What of a check of the two segments concerns a memory; its punctuation does not.
    fn of_check(kind: FindingKind) -> Option<AuditKind> {
        match kind {
            FindingKind::Untranslated => Some(AuditKind::Untranslated),
            FindingKind::Number => Some(AuditKind::Number),
            FindingKind::Date => Some(AuditKind::Date),
            FindingKind::Reference => Some(AuditKind::Reference),
            FindingKind::Negation => Some(AuditKind::Negation),
            _ => None,
        }
    }
}

impl fmt::Display for AuditKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A unit that someone should look at.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AuditFinding {
    /// Why.
    pub kind: AuditKind,
    /// The unit.
    pub unit: UnitId,
    /// The first unit with the same source, or the same target; itself if it is the first.
    pub other: Option<UnitId>,
    /// The text of its source.
    pub source: String,
    /// The text of its target.
    pub target: String,
    /// What was found, in words.
    pub detail: String,
}

/// How much an audit looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditReport {
    /// Units looked at: those selected that have both languages.
    pub read: u64,
    /// How many findings there are of each kind that there are any of.
    pub found: BTreeMap<AuditKind, u64>,
}

impl Memory {
    /// Begins an audit, from French to English unless told otherwise.
    pub fn audit(&self) -> Audit<'_> {
        Audit {
            memory: self,
            source: Lang::FR,
            target: Lang::EN,
            selection: Selection::default(),
            deviations: 4.0,
        }
    }
}

impl Audit<'_> {
    /// The source language.
    pub fn source(mut self, lang: Lang) -> Self {
        self.source = lang;
        self
    }

    /// The target language.
    pub fn target(mut self, lang: Lang) -> Self {
        self.target = lang;
        self
    }

    /// Which units to look at. All by default. Others do not count as the *other* unit either.
    pub fn select(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// From how many standard deviations on a length is suspicious. 4 by default.
    ///
    /// Expected is the memory's own mean ratio of characters, and the variance grows with the
    /// length, after Gale and Church (1993), *A Program for Aligning Sentences in Bilingual
    /// Corpora*, whose values (one character for each, variance 6.8) stand in for a memory of
    /// under a hundred units.
    pub fn deviations(mut self, deviations: f64) -> Self {
        self.deviations = deviations;
        self
    }

    /// Runs it; `hear` hears of the findings in the order of the units.
    ///
    /// Cost: two passes over the memory, in one of which each unit is checked; RAM grows with the
    /// number of units.
    ///
    /// # Errors
    ///
    /// What the store reports.
    pub fn run(&self, mut hear: impl FnMut(&AuditFinding)) -> Result<AuditReport> {
        let (mut sources, mut targets) = (Groups::default(), Groups::default());
        let mut lengths = Lengths::default();
        let mut report = AuditReport::default();
        // Both passes see the same state.
        let read = self.memory.read()?;
        each(&*read, |id, record| {
            self.visit(&record.decode(UnitName(id))?, |pair| {
                report.read += 1;
                sources.add(pair.keys.0, pair.keys.1, id);
                targets.add(pair.keys.1, pair.keys.0, id);
                lengths.add(pair.source, pair.target);
            });
            Ok(())
        })?;
        let expected = lengths.expected();
        let checker = Checker::new(self.source.clone(), self.target.clone());
        each(&*read, |id, record| {
            self.visit(&record.decode(UnitName(id))?, |pair| {
                let mut found = |kind, other: Option<u64>, detail| {
                    *report.found.entry(kind).or_default() += 1;
                    hear(&AuditFinding {
                        kind,
                        unit: UnitId::new(id),
                        other: other.map(UnitId::new),
                        source: pair.source.to_owned(),
                        target: pair.target.to_owned(),
                        detail,
                    });
                };
                if let Some(first) = sources.differing(pair.keys.0) {
                    let detail = "the same source has several targets".to_owned();
                    found(AuditKind::DifferentTargets, Some(first), detail);
                }
                if let Some(first) = targets.differing(pair.keys.1) {
                    let detail = "the same target has several sources".to_owned();
                    found(AuditKind::DifferentSources, Some(first), detail);
                }
                let (length, deviation) = expected.of(pair.source, pair.target);
                if deviation.abs() > self.deviations {
                    let characters = pair.target.chars().count();
                    let detail = format!("{characters} characters, about {length:.0} expected");
                    found(AuditKind::Length, None, detail);
                }
                let mut translated = true;
                for finding in checker.check(pair.segments.0, pair.segments.1) {
                    let Some(kind) = AuditKind::of_check(finding.kind()) else { continue };
                    translated &= kind != AuditKind::Untranslated;
                    found(kind, None, finding.message().to_owned());
                }
                // A passage left in the source language says enough.
                if !translated {
                    return;
                }
                for (text, lang) in [(pair.source, pair.langs.0), (pair.target, pair.langs.1)] {
                    let guessed = guess_language(text).filter(known);
                    if let Some(guessed) = guessed.filter(|_| known(lang))
                        && !guessed.same_language(lang)
                    {
                        let detail = format!("the {lang} segment reads like {guessed}");
                        found(AuditKind::Language, None, detail);
                    }
                }
            });
            Ok(())
        })?;
        Ok(report)
    }

    /// The first pair of the unit that answers for the languages, if it is selected.
    fn visit(&self, unit: &Unit, see: impl FnOnce(&Seen<'_>)) {
        if !self.selection.accepts(unit) {
            return;
        }
        let Some(pair) = pairs(unit, &self.source, &self.target).next() else { return };
        let (source, target) = (&unit.variants[pair.source], &unit.variants[pair.target]);
        let (source_text, target_text) = (source.segment.text(), target.segment.text());
        let key = |text: &str| xxh3_64(Normal::new(text).text().as_bytes());
        see(&Seen {
            keys: (key(&source_text), key(&target_text)),
            source: &source_text,
            target: &target_text,
            langs: (&source.lang, &target.lang),
            segments: (&source.segment, &target.segment),
        });
    }
}

/// A unit as an audit sees it.
struct Seen<'u> {
    keys: (u64, u64),
    source: &'u str,
    target: &'u str,
    langs: (&'u Lang, &'u Lang),
    segments: (&'u Segment, &'u Segment),
}

/// Whether a language is one of those that can be told apart.
fn known(lang: &Lang) -> bool {
    matches!(lang.primary(), "fr" | "en" | "ru")
}

/// Which texts have several others on the other side.
#[derive(Default)]
struct Groups {
    /// For each text what first stood on the other side, and in which unit.
    first: HashMap<u64, (u64, u64), RandomState>,
    differing: HashSet<u64, RandomState>,
}

impl Groups {
    fn add(&mut self, key: u64, other: u64, id: u64) {
        if self.first.entry(key).or_insert((other, id)).0 != other {
            self.differing.insert(key);
        }
    }

    /// The first unit with this text, if not all have the same on the other side.
    fn differing(&self, key: u64) -> Option<u64> {
        self.differing.contains(&key).then(|| self.first.get(&key).map(|first| first.1))?
    }
}

/// Sums over the lengths of the pairs, in characters.
#[derive(Default)]
struct Lengths {
    pairs: f64,
    source: f64,
    target: f64,
    /// Sums of *t*²/*s*, *t* and *s*, of which the variance comes out in one pass.
    squares: f64,
}

impl Lengths {
    fn add(&mut self, source: &str, target: &str) {
        let (source, target) = (length(source), length(target));
        if source > 0.0 {
            self.pairs += 1.0;
            self.source += source;
            self.target += target;
            self.squares += target * target / source;
        }
    }

    fn expected(&self) -> Expected {
        if self.pairs < 100.0 {
            return Expected { ratio: 1.0, variance: 6.8 };
        }
        let ratio = self.target / self.source;
        // The mean of (t − r s)²/s.
        let sum = self.squares - 2.0 * ratio * self.target + ratio * ratio * self.source;
        Expected { ratio, variance: (sum / self.pairs).max(0.1) }
    }
}

struct Expected {
    ratio: f64,
    variance: f64,
}

impl Expected {
    /// The length to expect, and by how many standard deviations the target is off it.
    fn of(&self, source: &str, target: &str) -> (f64, f64) {
        let (source, target) = (length(source), length(target));
        let expected = self.ratio * source;
        let scale = ((source + target / self.ratio) / 2.0).max(1.0);
        (expected, (target - expected) / (self.variance * scale).sqrt())
    }
}

fn length(text: &str) -> f64 {
    text.chars().count() as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(memory: &Memory) -> Vec<(AuditKind, u64)> {
        let mut found = Vec::new();
        let report = memory.audit().run(|f| found.push((f.kind, f.unit.number()))).unwrap();
        let total: u64 = report.found.values().sum();
        assert_eq!(total, found.len() as u64);
        found
    }

    #[test]
    fn each_kind_is_found_and_nothing_else() {
        let memory = Memory::new();
        let pair = |fr: &str, en: &str| Unit::pair((Lang::FR, fr), (Lang::EN, en));
        let good = "Les deux ministres se sont félicités de la signature de cet accord.";
        memory
            .add([
                pair(good, "The two ministers welcomed the signing of this agreement."),
                pair("La séance est levée.", "The meeting rose."),
                pair("La séance  est levée.", "The meeting is closed."),
                pair("La séance est close.", "The meeting is closed."),
                pair(
                    "Ils reprendront les travaux de la commission demain matin à neuf heures, si \
                     tous les membres peuvent y prendre part.",
                    "Yes.",
                ),
                pair("le point est examiné plus tard", "le point est examiné plus tard"),
                pair("Genève, Palais Wilson", "Genève, Palais Wilson"),
                pair(
                    "Il appelle les parties à la retenue.",
                    "Les États approuvent cette décision.",
                ),
                pair("Ils ont reçu 240 tonnes.", "They received 420 tonnes."),
                pair("La France ne signera pas le traité.", "France will sign the treaty."),
            ])
            .unwrap();
        use AuditKind::{
            DifferentSources, DifferentTargets, Language, Length, Negation, Number, Untranslated,
        };
        assert_eq!(
            found(&memory),
            [
                (DifferentTargets, 2),
                (DifferentTargets, 3),
                (DifferentSources, 3),
                (DifferentSources, 4),
                (Length, 5),
                (Untranslated, 6),
                (Language, 8),
                (Number, 9),
                (Negation, 10),
            ]
        );
    }

    proptest! {
        #[test]
        fn different_targets_are_those_of_a_comparison_of_all_with_all(
            pairs in prop::collection::vec((0..4_u8, 0..3_u8), 0..12),
        ) {
            let memory = Memory::new();
            memory
                .add(pairs.iter().map(|(source, target)| {
                    let (fr, en) = (format!("Point {source}"), format!("Item {target}"));
                    Unit::pair((Lang::FR, fr.as_str()), (Lang::EN, en.as_str()))
                }))
                .unwrap();
            let of = |wanted: AuditKind| -> Vec<u64> {
                found(&memory).iter().filter(|f| f.0 == wanted).map(|f| f.1).collect()
            };
            let numbers = |differ: fn((u8, u8), (u8, u8)) -> bool| -> Vec<u64> {
                let with = |one: (u8, u8)| pairs.iter().any(|&two| differ(one, two));
                (1..).zip(&pairs).filter(|&(_, &one)| with(one)).map(|(number, _)| number).collect()
            };
            prop_assert_eq!(
                of(AuditKind::DifferentTargets),
                numbers(|one, two| one.0 == two.0 && one.1 != two.1)
            );
            prop_assert_eq!(
                of(AuditKind::DifferentSources),
                numbers(|one, two| one.1 == two.1 && one.0 != two.0)
            );
        }
    }
}
