//! Fragments: a sentence without a match, covered by the longest phrases that the memory knows.

use std::ops::Range;

use super::phrase::PhraseTranslation;
use super::store::Result;
use super::{Memory, PhraseLookup, Query};
use crate::Lang;
use crate::similarity::{Class, Preparer};

/// A covering about to be made. Made by [`Memory::fragments`].
///
/// ```
/// use chancery::{Lang, Unit, memory::Memory};
///
/// let memory = Memory::new();
/// memory.add([
///     Unit::pair(
///         (Lang::FR, "Ils ont évoqué la situation humanitaire."),
///         (Lang::EN, "They discussed the humanitarian situation."),
///     ),
///     Unit::pair(
///         (Lang::FR, "Le rapport annuel est publié."),
///         (Lang::EN, "The annual report is published."),
///     ),
/// ])?;
/// let sentence = "Le rapport annuel décrit la situation humanitaire.";
/// let fragments = memory.fragments(sentence).run()?;
/// let texts: Vec<&str> = fragments.iter().map(|fragment| &sentence[fragment.span()]).collect();
/// assert_eq!(texts, ["Le rapport annuel", "la situation humanitaire"]);
/// # Ok::<(), chancery::memory::MemoryError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is covered until it is run"]
pub struct Fragments<'m, 'q> {
    memory: &'m Memory,
    query: Query<'q>,
    source: Lang,
    target: Lang,
    least: usize,
    limit: usize,
}

/// A piece of a sentence that the memory has somewhere, with its translations.
#[derive(Clone, Debug)]
pub struct Fragment {
    span: Range<usize>,
    translations: Vec<PhraseTranslation>,
    units: u64,
}

impl Fragment {
    /// Where it stands: bytes of the sentence's text.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Its translations, the best first; one at least.
    pub fn translations(&self) -> &[PhraseTranslation] {
        &self.translations
    }

    /// How many units have it.
    pub fn units(&self) -> u64 {
        self.units
    }
}

impl Fragments<'_, '_> {
    /// The language of the sentence. French by default.
    pub fn source(mut self, lang: Lang) -> Self {
        self.source = lang;
        self
    }

    /// The language to translate into. English by default.
    pub fn target(mut self, lang: Lang) -> Self {
        self.target = lang;
        self
    }

    /// How many content words and numbers a fragment has at least. Two by default: single words
    /// are what a dictionary is for.
    pub fn least_words(mut self, words: usize) -> Self {
        self.least = words.max(1);
        self
    }

    /// How many translations of each fragment at most. Three by default.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Covers the sentence; the fragments come in its order and do not overlap.
    ///
    /// # Errors
    ///
    /// Only what the store reports: a memory in RAM has nothing to report.
    pub fn run(self) -> Result<Vec<Fragment>> {
        let text = self.query.segment().text();
        let prepared = Preparer::new(&self.source).prepare(self.query.segment());
        let tokens = prepared.tokens();
        let matter: Vec<usize> = (0..tokens.len())
            .filter(|&at| matches!(tokens[at].class(), Class::Content | Class::Number))
            .collect();
        let bytes = |words: &Range<usize>| {
            tokens[matter[words.start]].span().start..tokens[matter[words.end - 1]].span().end
        };
        let known = |words: &Range<usize>| self.lookup(&text[bytes(words)]).exists();

        // Whatever has a phrase has all that is inside it, so the end of the longest phrase from
        // a word never lies before that from the word before.
        let mut longest: Vec<Range<usize>> = Vec::new();
        let mut end = 0;
        for start in 0..matter.len() {
            end = end.max(start + 1);
            if end == start + 1 && !known(&(start..end))? {
                continue;
            }
            while end < matter.len() && known(&(start..end + 1))? {
                end += 1;
            }
            if end - start >= self.least {
                longest.push(start..end);
            }
        }
        let mut fragments = Vec::new();
        for words in cover(&longest, matter.len(), self.least) {
            let span = self.widened(&text, tokens, &matter, &words, bytes(&words))?;
            let findings = self.lookup(&text[span.clone()]).limit(self.limit).run()?;
            if !findings.translations.is_empty() {
                let (translations, units) = (findings.translations, findings.units);
                fragments.push(Fragment { span, translations, units });
            }
        }
        Ok(fragments)
    }

    fn lookup<'t>(&self, text: &'t str) -> PhraseLookup<'_, 't> {
        let lookup = self.memory.phrase(text);
        lookup.source(self.source.clone()).target(self.target.clone()).whole(true)
    }

    /// Takes the words of grammar before it in, where the memory has them there too.
    fn widened(
        &self,
        text: &str,
        tokens: &[crate::similarity::PreparedToken],
        matter: &[usize],
        words: &Range<usize>,
        span: Range<usize>,
    ) -> Result<Range<usize>> {
        let before = words.start.checked_sub(1).map_or(0, |before| matter[before] + 1);
        let mut start = matter[words.start];
        while start > before && tokens[start - 1].class() == Class::Function {
            start -= 1;
        }
        let wide = tokens[start].span().start..span.end;
        let exactness = |span: &Range<usize>| -> Result<f64> {
            let found = self.lookup(&text[span.clone()]).limit(1).run()?;
            Ok(found.translations.first().map_or(0.0, |best| best.exactness()))
        };
        Ok(if wide != span && exactness(&wide)? >= exactness(&span)? { wide } else { span })
    }
}

/// Chooses stretches of words that do not overlap: those that cover the most, and of these the
/// fewest. Stretches may be cut, but for the least length.
fn cover(longest: &[Range<usize>], words: usize, least: usize) -> Vec<Range<usize>> {
    // The best for the words up to each place: how many are covered, less a little for each piece.
    let mut best: Vec<(i64, Option<Range<usize>>)> = vec![(0, None); words + 1];
    for end in 1..=words {
        best[end] = (best[end - 1].0, None);
        for stretch in longest.iter().filter(|s| s.start < end && end <= s.end) {
            for start in (stretch.start..end).take_while(|start| end - start >= least) {
                let gain = best[start].0 + 4 * (end - start) as i64 - 3;
                if gain > best[end].0 {
                    best[end] = (gain, Some(start..end));
                }
            }
        }
    }
    let mut chosen = Vec::new();
    let mut end = words;
    while end > 0 {
        match best[end].1.clone() {
            Some(stretch) => {
                end = stretch.start;
                chosen.push(stretch);
            }
            None => end -= 1,
        }
    }
    chosen.reverse();
    chosen
}

impl Memory {
    /// Begins to cover a sentence by the longest phrases that the memory has: help where no unit
    /// is like the whole.
    ///
    /// A fragment is a stretch of the sentence that [`phrase`](Memory::phrase) finds whole. Of
    /// all coverings by stretches as long as can be, the one that covers the most words in the
    /// fewest pieces is taken.
    ///
    /// Cost: about two phrase lookups for each content word of the sentence.
    pub fn fragments<'q>(&self, query: impl Into<Query<'q>>) -> Fragments<'_, 'q> {
        Fragments {
            memory: self,
            query: query.into(),
            source: Lang::FR,
            target: Lang::EN,
            least: 2,
            limit: 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Unit;

    proptest! {
        #[test]
        fn fragments_stand_in_order_and_are_found(
            stored in prop::collection::vec("(paix|mer|rapport|conseil|annuel|de la|et)( (paix|mer|rapport|conseil|annuel|de la|et)){1,7}", 1..6),
            asked in "(paix|mer|rapport|conseil|annuel|de la|et)( (paix|mer|rapport|conseil|annuel|de la|et)){0,9}",
            least in 1_usize..4,
        ) {
            let memory = Memory::new();
            memory.add(stored.iter().map(|text| {
                Unit::pair((Lang::FR, text.as_str()), (Lang::EN, "peace at sea"))
            })).unwrap();
            let mut end = 0;
            for fragment in memory.fragments(&asked).least_words(least).run().unwrap() {
                prop_assert!(fragment.span().start >= end);
                end = fragment.span().end;
                let found = memory.phrase(&asked[fragment.span()]).run().unwrap();
                prop_assert!(!found.nearest && found.units == fragment.units());
            }
            if stored.contains(&asked) {
                let words = ["paix", "mer", "rapport", "conseil", "annuel"];
                let count = asked.split(' ').filter(|word| words.contains(word)).count();
                let found = memory.fragments(&asked).least_words(least).run().unwrap();
                prop_assert_eq!(found.len(), usize::from(count >= least));
            }
        }
    }

    #[test]
    fn fewer_and_longer_pieces_are_better() {
        assert_eq!(cover(&[0..3, 1..5], 5, 3).as_slice(), std::slice::from_ref(&(1..5)));
        assert_eq!(cover(&[0..3, 2..5], 6, 2), [0..2, 2..5]);
        assert_eq!(cover(&[0..2, 4..6], 6, 2), [0..2, 4..6]);
    }
}
