//! Candidates of one language.

use super::sentences::{Sentences, frequent};
use crate::Lang;
use crate::term::{Recognizer, Termbase};

/// Finds word groups that behave like terms in texts of one language.
///
/// Candidates are ranked by their C-value: how often a group stands, weighed by its length, less
/// what longer candidates explain. A group that is hardly found outside one longer group is left
/// out.
///
/// Texts are held until the candidates are taken; 240,000 segments of laws take some 260
/// MB.
///
/// ```
/// use chancery::Lang;
/// use chancery::term::extract::TermExtractor;
///
/// let mut extractor = TermExtractor::new(&Lang::FR).least(2);
/// extractor.add("La cessation des hostilités est exigée.");
/// extractor.add("Une cessation des hostilités permettra l’accès humanitaire.");
/// let found = extractor.candidates(10);
/// assert_eq!(found[0].text(), "cessation des hostilités");
/// assert_eq!((found[0].count(), found[0].segments()), (2, &[0, 1][..]));
/// ```
#[derive(Debug)]
pub struct TermExtractor {
    sentences: Sentences,
    known: Option<Recognizer>,
    least: u32,
    words: usize,
}

/// A word group that may be a term.
#[derive(Clone, Debug, PartialEq)]
pub struct TermCandidate {
    text: String,
    score: f64,
    count: u32,
    segments: Vec<u32>,
}

impl TermCandidate {
    /// The spelling found most often.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its C-value: greater is better, and only the order counts.
    pub fn score(&self) -> f64 {
        self.score
    }

    /// How often it stands in the texts, in any inflection.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The segments it stands in, counted from 0 in the order they were added; each once.
    pub fn segments(&self) -> &[u32] {
        &self.segments
    }
}

impl TermExtractor {
    /// An extractor for texts of a language. Candidates have two words or more and stand in three
    /// places or more.
    pub fn new(lang: &Lang) -> TermExtractor {
        TermExtractor { sentences: Sentences::new(lang), known: None, least: 3, words: 2 }
    }

    /// Leaves out the terms of a termbase, in any inflection.
    pub fn known(mut self, base: &Termbase) -> TermExtractor {
        self.known = Some(Recognizer::new(base, self.sentences.lang()));
        self
    }

    /// In how many places a candidate has to stand: 3 by default, at least 2.
    pub fn least(mut self, places: u32) -> TermExtractor {
        self.least = places;
        self
    }

    /// How many words a candidate has to have, small words included: 2 by default. Single words
    /// are mostly none of a glossary's business.
    pub fn words(mut self, words: usize) -> TermExtractor {
        self.words = words;
        self
    }

    /// Reads a segment.
    pub fn add(&mut self, text: &str) -> &mut TermExtractor {
        self.sentences.push(text);
        self
    }

    /// A segment that was read, by its number.
    pub fn segment(&self, number: u32) -> Option<&str> {
        self.sentences.texts.get(number as usize).map(String::as_str)
    }

    /// The best candidates, best first; of equal ones the first by alphabet.
    pub fn candidates(&self, limit: usize) -> Vec<TermCandidate> {
        let found = frequent(&self.sentences, self.least).into_values();
        let mut candidates: Vec<TermCandidate> = found
            .filter(|group| usize::from(group.words) >= self.words && !group.is_fragment())
            .map(|group| TermCandidate {
                score: group.value(),
                text: group.form().to_owned(),
                count: group.count,
                segments: group.sentences,
            })
            .filter(|candidate| candidate.score > 0.0)
            .collect();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.text.cmp(&b.text)));
        if let Some(known) = &self.known {
            let mut scanner = known.scanner();
            let mut kept = 0;
            candidates.retain(|candidate| {
                kept < limit && !is_known(&mut scanner, &candidate.text) && {
                    kept += 1;
                    true
                }
            });
        }
        candidates.truncate(limit);
        candidates
    }
}

/// Whether a term covers the whole of a text.
pub(super) fn is_known(scanner: &mut crate::term::Scanner<'_>, text: &str) -> bool {
    scanner.find_all(text).iter().any(|hit| hit.span() == (0..text.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::term::{Concept, Term};

    fn texts(extractor: &TermExtractor) -> Vec<String> {
        extractor.candidates(20).into_iter().map(|found| found.text).collect()
    }

    #[test]
    fn known_terms_and_fragments_are_left_out() {
        let mut concept = Concept::new("1");
        concept.add(Lang::FR, Term::new("échange de vues"));
        let base = Termbase::from_iter([concept]);
        let sentences = [
            "Un échange de vues a porté sur la table ronde ministérielle.",
            "Deux échanges de vues ont précédé la table ronde ministérielle.",
            "Les tables rondes ministérielles suivront un échange de vues.",
        ];
        let mut extractor = TermExtractor::new(&Lang::FR).known(&base);
        sentences.iter().for_each(|text| {
            extractor.add(text);
        });
        assert_eq!(texts(&extractor), ["table ronde ministérielle"]);
    }

    #[test]
    fn no_candidate_crosses_a_mark_or_a_verb() {
        let mut extractor = TermExtractor::new(&Lang::EN).least(2);
        for _ in 0..3 {
            extractor.add("Border guards, customs officers shall have patrol boats - cutters.");
        }
        assert_eq!(texts(&extractor), ["Border guards", "customs officers", "patrol boats"]);
    }

    proptest! {
        /// The order in which segments come does not matter but for their numbers, and every
        /// candidate stands where it says.
        #[test]
        fn candidates_are_the_same_in_any_order(
            mut words in proptest::collection::vec("(mer|paix|ville|de|la|port|est){1}( (mer|paix|ville|de|port)){1,6}", 1..12),
        ) {
            let run = |texts: &[String]| {
                let mut extractor = TermExtractor::new(&Lang::FR).least(2);
                texts.iter().for_each(|text| { extractor.add(text); });
                let found = extractor.candidates(50);
                for candidate in &found {
                    for &segment in candidate.segments() {
                        assert!(extractor.segment(segment).is_some());
                    }
                    assert!(candidate.segments().len() as u32 <= candidate.count());
                }
                found.into_iter().map(|found| (found.text, found.count)).collect::<Vec<_>>()
            };
            let one = run(&words);
            words.reverse();
            prop_assert_eq!(one, run(&words));
        }
    }
}
