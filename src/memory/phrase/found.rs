//! What a phrase lookup finds.

use std::borrow::Cow;
use std::ops::Range;

use crate::memory::{UnitId, trust};
use crate::{Segment, Unit};

/// What a phrase lookup found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PhraseFindings {
    /// The translations, the best first: those that more matches bear out, each by how exact and
    /// how certain it is.
    pub translations: Vec<PhraseTranslation>,
    /// How many units have the phrase in the language of the query, translated or not, of those
    /// selected or not; the number that is [counted](super::PhraseLookup::count) where there are
    /// more.
    pub units: u64,
    /// Whether these are all. If not, more and older ones have it too.
    pub complete: bool,
    /// In how many of them the translation was looked for: less than there are where
    /// [`examine`](super::PhraseLookup::examine) was hit, where the target language is missing and
    /// where the selection leaves them out.
    pub examined: u64,
    /// Whether no unit has the whole phrase, and these lack one of its words.
    pub nearest: bool,
}

/// A translation of a phrase, with the units that have it.
///
/// Translations that differ in inflection, case or words of grammar alone are one.
#[derive(Clone, Debug)]
pub struct PhraseTranslation {
    pub(super) text: String,
    pub(super) matches: Vec<PhraseMatch>,
}

impl PhraseTranslation {
    /// The translation as it is written most often.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The units that have it, the best first: by exactness, then by confidence, then the newest.
    pub fn matches(&self) -> &[PhraseMatch] {
        &self.matches
    }

    /// In how many of the units examined it stands.
    pub fn count(&self) -> usize {
        self.matches.len()
    }

    /// How exactly the best of them has the phrase, 0–100.
    pub fn exactness(&self) -> f64 {
        self.matches.iter().map(|found| found.exactness).fold(0.0, f64::max)
    }

    /// How certain it is that this is the translation, 0–1: of the most certain of them.
    pub fn confidence(&self) -> f64 {
        self.matches.iter().map(|found| found.confidence).fold(0.0, f64::max)
    }

    /// The documents it stands in, each once, in alphabetical order.
    pub fn documents(&self) -> Vec<&str> {
        let mut documents: Vec<&str> =
            self.matches.iter().filter_map(|found| found.unit.document()).collect();
        documents.sort_unstable();
        documents.dedup();
        documents
    }

    /// The dates of the oldest and of the newest unit that has one, as digits: `20140315` and,
    /// where it is known, the time.
    pub fn dates(&self) -> Option<(String, String)> {
        let dates = || self.matches.iter().filter_map(|found| trust::date(&found.unit));
        Some((dates().min()?, dates().max()?))
    }
}

/// A unit that has the phrase, with its place on both sides.
#[derive(Clone, Debug)]
pub struct PhraseMatch {
    pub(super) id: UnitId,
    pub(super) unit: Unit,
    pub(super) source: usize,
    pub(super) target: usize,
    pub(super) source_span: Range<usize>,
    pub(super) target_span: Range<usize>,
    pub(super) exactness: f64,
    pub(super) confidence: f64,
}

impl PhraseMatch {
    /// The id of the unit.
    pub fn id(&self) -> UnitId {
        self.id
    }

    /// The unit, with all its languages and metadata.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// The segment that has the phrase.
    pub fn source(&self) -> &Segment {
        &self.unit.variants[self.source].segment
    }

    /// Its translation.
    pub fn target(&self) -> &Segment {
        &self.unit.variants[self.target].segment
    }

    /// Where the phrase stands: bytes of the source's text.
    pub fn source_span(&self) -> Range<usize> {
        self.source_span.clone()
    }

    /// Where its translation stands: bytes of the target's text.
    pub fn target_span(&self) -> Range<usize> {
        self.target_span.clone()
    }

    /// The phrase as it stands in the source.
    pub fn source_text(&self) -> Cow<'_, str> {
        cut(self.source(), &self.source_span)
    }

    /// The translation as it stands in the target.
    pub fn target_text(&self) -> Cow<'_, str> {
        cut(self.target(), &self.target_span)
    }

    /// How exactly the source has the phrase, 0–100: 100 for the very words, less for other
    /// inflections, other words of grammar, words between and a word that is missing.
    pub fn exactness(&self) -> f64 {
        self.exactness
    }

    /// What it says for its translation. An exact phrase outweighs nine that lack a fifth of it.
    pub(super) fn support(&self) -> f64 {
        (self.exactness / 100.0).powi(10) * (0.1 + self.confidence)
    }

    /// How well word links bear the target span out, 0–1.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }
}

fn cut<'s>(segment: &'s Segment, span: &Range<usize>) -> Cow<'s, str> {
    match segment.text() {
        Cow::Borrowed(text) => Cow::Borrowed(&text[span.clone()]),
        Cow::Owned(text) => Cow::Owned(text[span.clone()].to_owned()),
    }
}
