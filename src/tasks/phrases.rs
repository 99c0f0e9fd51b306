//! What programs are told of a phrase lookup: the JSON of the command line.

use std::ops::Range;

use serde::Serialize;

use super::shown;
use crate::memory::{Fragment, PhraseFindings, PhraseMatch, PhraseTranslation};

/// A phrase and its translations, to be serialised.
///
/// Field names are a contract with the programs that read them; fields may be added.
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory, tasks::PhraseReport};
///
/// let memory = Memory::new();
/// memory.add([Unit::pair((Lang::FR, "Vive la paix !"), (Lang::EN, "Long live peace!"))])?;
/// let findings = memory.phrase("paix").run()?;
/// let json = serde_json::to_value(PhraseReport::new("paix", &findings, 1))?;
/// assert_eq!(json["translations"][0]["text"], "peace");
/// assert_eq!(json["translations"][0]["examples"][0]["target_span"], serde_json::json!([10, 15]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PhraseReport {
    /// The phrase as it was given.
    pub query: String,
    /// How many units have it.
    pub units: u64,
    /// Whether these are all. If not, more and older ones have it too.
    pub complete: bool,
    /// In how many of them its translation was looked for.
    pub examined: u64,
    /// Whether no unit has the whole phrase, and these lack one word of it.
    pub nearest: bool,
    /// The translations, the best first.
    pub translations: Vec<TranslationReport>,
}

/// A translation of a phrase, to be serialised.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TranslationReport {
    /// The translation.
    pub text: String,
    /// In how many of the units examined it stands.
    pub count: usize,
    /// How exactly the best of them has the phrase, 0–100.
    pub exactness: f64,
    /// How certain it is that this is the translation, 0–1.
    pub confidence: f64,
    /// The documents it stands in.
    pub documents: Vec<String>,
    /// The date of the oldest unit, as digits.
    pub first: Option<String>,
    /// The date of the newest unit, as digits.
    pub last: Option<String>,
    /// Units that have it, the best first.
    pub examples: Vec<ExampleReport>,
}

/// A unit that has a phrase, to be serialised. Places are bytes of the texts: where the phrase
/// and its translation begin and end.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ExampleReport {
    /// The source.
    pub source: String,
    /// The target.
    pub target: String,
    /// Where the phrase stands in the source.
    pub source_span: [usize; 2],
    /// Where its translation stands in the target.
    pub target_span: [usize; 2],
    /// How exactly the source has the phrase, 0–100.
    pub exactness: f64,
    /// How certain the place of the translation is, 0–1.
    pub confidence: f64,
    /// The document it comes from.
    pub document: Option<String>,
    /// The paragraph of the document, from 1. Left out where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<usize>,
    /// The id of the unit.
    pub unit: String,
}

/// A piece of a sentence that the memory has somewhere, to be serialised.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FragmentReport {
    /// The piece.
    pub text: String,
    /// Where it stands in the sentence: the bytes where it begins and ends.
    pub span: [usize; 2],
    /// How many units have it.
    pub units: u64,
    /// Its translations, the best first.
    pub translations: Vec<TranslationReport>,
}

impl FragmentReport {
    /// The report of a piece of this sentence, with one example of each translation.
    pub fn new(sentence: &str, fragment: &Fragment) -> FragmentReport {
        FragmentReport {
            text: sentence[fragment.span()].to_owned(),
            span: places(fragment.span()),
            units: fragment.units(),
            translations: (fragment.translations().iter())
                .map(|translation| TranslationReport::new(translation, 1))
                .collect(),
        }
    }
}

impl PhraseReport {
    /// The report of a phrase and what was found for it, with at most so many examples of each
    /// translation.
    pub fn new(
        query: impl Into<String>,
        findings: &PhraseFindings,
        examples: usize,
    ) -> PhraseReport {
        let translations = findings.translations.iter();
        PhraseReport {
            query: query.into(),
            units: findings.units,
            complete: findings.complete,
            examined: findings.examined,
            nearest: findings.nearest,
            translations: translations.map(|t| TranslationReport::new(t, examples)).collect(),
        }
    }
}

impl TranslationReport {
    fn new(translation: &PhraseTranslation, examples: usize) -> TranslationReport {
        let (first, last) = translation.dates().unzip();
        let matches = translation.matches().iter().take(examples);
        TranslationReport {
            text: translation.text().to_owned(),
            count: translation.count(),
            exactness: shown(translation.exactness()),
            confidence: hundredths(translation.confidence()),
            documents: translation.documents().into_iter().map(str::to_owned).collect(),
            first,
            last,
            examples: matches.map(ExampleReport::new).collect(),
        }
    }
}

impl ExampleReport {
    fn new(found: &PhraseMatch) -> ExampleReport {
        ExampleReport {
            source: found.source().text().into_owned(),
            target: found.target().text().into_owned(),
            source_span: places(found.source_span()),
            target_span: places(found.target_span()),
            exactness: shown(found.exactness()),
            confidence: hundredths(found.confidence()),
            document: found.unit().document().map(str::to_owned),
            paragraph: found.unit().paragraph(),
            unit: found.id().to_string(),
        }
    }
}

fn places(span: Range<usize>) -> [usize; 2] {
    [span.start, span.end]
}

fn hundredths(confidence: f64) -> f64 {
    (confidence * 100.0).floor() / 100.0
}
