//! Candidates of two languages.

use std::collections::{BTreeMap, HashMap};

use super::monolingual::is_known;
use super::sentences::{Frequent, Sentences, frequent};
use crate::lexicon::Lexicon;
use crate::term::{Recognizer, Termbase};
use crate::text::tokens;
use crate::{Lang, Unit};

/// Finds terms of one language and those that stand for them in another, in units.
///
/// Word groups of both sides are [candidates](super::TermExtractor). Two of them are a pair if
/// each is found with the other more surely than with any other one: by how often both stand in
/// the same units (the Dice coefficient), and by how well the words of one are
/// [translated](Lexicon::probability) by those of the other. The lexicon is learnt from the same
/// units unless [one is given](PairExtractor::lexicon).
///
/// ```
/// use chancery::term::extract::PairExtractor;
/// use chancery::{Lang, Unit};
///
/// let mut extractor = PairExtractor::new(&Lang::FR, &Lang::EN).least(2);
/// for (fr, en) in [
///     ("La cessation des hostilités est exigée.", "The cessation of hostilities is demanded."),
///     ("La paix suit la cessation des hostilités.", "Peace follows the cessation of hostilities."),
///     ("La paix est exigée.", "Peace is demanded."),
/// ] {
///     extractor.add(&Unit::pair((Lang::FR, fr), (Lang::EN, en)));
/// }
/// let found = extractor.candidates(10);
/// assert_eq!(found[0].source(), "cessation des hostilités");
/// assert_eq!(found[0].target(), "cessation of hostilities");
/// ```
#[derive(Debug)]
pub struct PairExtractor {
    sides: [Sentences; 2],
    lexicon: Option<Lexicon>,
    known: Option<[Recognizer; 2]>,
    least: u32,
    words: usize,
}

/// A term and the one that stands for it, as they were found.
#[derive(Clone, Debug, PartialEq)]
pub struct PairCandidate {
    source: String,
    target: String,
    score: f64,
    together: u32,
    counts: [u32; 2],
    units: Vec<u32>,
}

impl PairCandidate {
    /// The term of the source language, as it is written most often.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The term of the target language, as it is written most often.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// How sure it is that both stand for each other, 0–1.
    pub fn score(&self) -> f64 {
        self.score
    }

    /// In how many units both stand.
    pub fn together(&self) -> u32 {
        self.together
    }

    /// In how many units each stands: source, target.
    pub fn counts(&self) -> [u32; 2] {
        self.counts
    }

    /// Units in which both stand, counted from 0 in the order they were added; up to five.
    pub fn units(&self) -> &[u32] {
        &self.units
    }
}

/// How many units are named for each pair.
const EVIDENCE: usize = 5;
/// Pairs less sure than this are not given.
const LEAST_SCORE: f64 = 0.1;
/// For each term so many of the terms found with it most often are compared word by word.
const COMPARED: usize = 8;

impl PairExtractor {
    /// An extractor for units in two languages. Terms have two words or more on one side at least
    /// and stand together in four units or more.
    pub fn new(source: &Lang, target: &Lang) -> PairExtractor {
        PairExtractor {
            sides: [Sentences::new(source), Sentences::new(target)],
            lexicon: None,
            known: None,
            least: 4,
            words: 2,
        }
    }

    /// Takes the translations of words from this lexicon, which must be of the same two languages
    /// in the same order.
    pub fn lexicon(mut self, lexicon: Lexicon) -> PairExtractor {
        self.lexicon = Some(lexicon);
        self
    }

    /// Leaves out pairs of which the termbase has both sides.
    pub fn known(mut self, base: &Termbase) -> PairExtractor {
        self.known = Some([0, 1].map(|side: usize| Recognizer::new(base, self.sides[side].lang())));
        self
    }

    /// In how many units a pair has to stand: 4 by default, at least 2.
    pub fn least(mut self, units: u32) -> PairExtractor {
        self.least = units.max(2);
        self
    }

    /// How many words one side of a pair has to have, small words included: 2 by default.
    pub fn words(mut self, words: usize) -> PairExtractor {
        self.words = words;
        self
    }

    /// Reads a unit; one that lacks either language is passed over.
    pub fn add(&mut self, unit: &Unit) -> &mut PairExtractor {
        let [source, target] = [0, 1].map(|side: usize| unit.segment(self.sides[side].lang()));
        if let (Some(source), Some(target)) = (source, target) {
            self.sides[0].push(&source.text());
            self.sides[1].push(&target.text());
        }
        self
    }

    /// The texts of a unit that was read, by its number.
    pub fn unit(&self, number: u32) -> Option<[&str; 2]> {
        let text = |side: usize| self.sides[side].texts.get(number as usize).map(String::as_str);
        Some([text(0)?, text(1)?])
    }

    /// The best pairs, those first that are sure and frequent.
    ///
    /// Cost: that of learning a lexicon, where none was given, and about as much again.
    pub fn candidates(&self, limit: usize) -> Vec<PairCandidate> {
        let sides = [0, 1].map(|side: usize| self.terms(side));
        let learnt;
        let lexicon = match &self.lexicon {
            Some(lexicon) => lexicon,
            None => {
                learnt = self.learn();
                &learnt
            }
        };
        let ranked = self.ranked(&sides, lexicon);
        let mut scanners =
            self.known.as_ref().map(|known| known.each_ref().map(Recognizer::scanner));
        let mut found = Vec::new();
        for (_, pair) in ranked {
            if found.len() == limit {
                break;
            }
            if let Some([left, right]) = &mut scanners
                && is_known(left, &pair.source)
                && is_known(right, &pair.target)
            {
                continue;
            }
            found.push(pair);
        }
        found
    }

    /// The terms of a side, in an order that does not depend on chance.
    fn terms(&self, side: usize) -> Vec<Frequent> {
        let found = frequent(&self.sides[side], self.least).into_values();
        let mut terms: Vec<Frequent> = found
            .filter(|term| term.sentences.len() as u32 >= self.least && !term.is_fragment())
            .collect();
        terms.sort_by(|a, b| a.sentences.cmp(&b.sentences).then_with(|| a.form().cmp(b.form())));
        terms
    }

    fn learn(&self) -> Lexicon {
        let [source, target] = self.sides.each_ref().map(|side| side.lang().clone());
        let mut builder = Lexicon::builder(source, target);
        for (source, target) in self.sides[0].texts.iter().zip(&self.sides[1].texts) {
            builder.pair(source, target);
        }
        builder.learn()
    }

    fn ranked(&self, sides: &[Vec<Frequent>; 2], lexicon: &Lexicon) -> Vec<(f64, PairCandidate)> {
        // For each unit the terms of its target.
        let mut targets: Vec<Vec<u32>> = vec![Vec::new(); self.sides[1].texts.len()];
        for (nth, term) in sides[1].iter().enumerate() {
            for &unit in &term.sentences {
                targets[unit as usize].push(nth as u32);
            }
        }
        let mut together = vec![0u32; sides[1].len()];
        // The best partner of each term, with its score.
        let mut best: [HashMap<u32, (f64, u32)>; 2] = Default::default();
        let mut counts: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let mut words = Words { lexicon, lists: HashMap::new() };
        for (source, term) in sides[0].iter().enumerate() {
            let mut seen = Vec::new();
            for &unit in &term.sentences {
                for &target in &targets[unit as usize] {
                    if together[target as usize] == 0 {
                        seen.push(target);
                    }
                    together[target as usize] += 1;
                }
            }
            let dice = |target: u32| {
                let both = term.sentences.len() + sides[1][target as usize].sentences.len();
                2.0 * f64::from(together[target as usize]) / both as f64
            };
            seen.sort_by(|&a, &b| dice(b).total_cmp(&dice(a)).then(a.cmp(&b)));
            for &target in seen.iter().take(COMPARED) {
                let other = &sides[1][target as usize];
                let score = dice(target) * words.agreement(term.form(), other.form(), self);
                let source = source as u32;
                counts.insert((source, target), together[target as usize]);
                let mut offer = |side: usize, of: u32, partner: u32| {
                    let known = best[side].entry(of).or_insert((score, partner));
                    if score > known.0 {
                        *known = (score, partner);
                    }
                };
                offer(0, source, target);
                offer(1, target, source);
            }
            for target in seen {
                together[target as usize] = 0;
            }
        }
        let mut ranked = Vec::new();
        for (&(source, target), &together) in &counts {
            let (left, right) = (&sides[0][source as usize], &sides[1][target as usize]);
            let score = best[0].get(&source).map_or(0.0, |best| best.0);
            let mutual = best[0].get(&source).is_some_and(|best| best.1 == target)
                && best[1].get(&target).is_some_and(|best| best.1 == source);
            let long = usize::from(left.words.max(right.words)) >= self.words;
            if !mutual || !long || together < self.least || score < LEAST_SCORE {
                continue;
            }
            let units = common(&left.sentences, &right.sentences);
            let counts = [left, right].map(|term| term.sentences.len() as u32);
            let pair = PairCandidate {
                source: left.form().to_owned(),
                target: right.form().to_owned(),
                score,
                together,
                counts,
                units,
            };
            ranked.push((score * f64::from(together + 1).log2(), pair));
        }
        ranked.sort_by(|(a, left), (b, right)| {
            let names = |pair: &PairCandidate| (pair.source.clone(), pair.target.clone());
            b.total_cmp(a).then_with(|| names(left).cmp(&names(right)))
        });
        ranked
    }
}

/// Some units that stand in both of two ordered lists.
fn common(left: &[u32], right: &[u32]) -> Vec<u32> {
    let both = left.iter().filter(|unit| right.binary_search(unit).is_ok());
    both.take(EVIDENCE).copied().collect()
}

/// The words of terms that carry matter.
struct Words<'l> {
    lexicon: &'l Lexicon,
    lists: HashMap<String, Vec<String>>,
}

impl Words<'_> {
    /// How well the words of two terms translate each other, 0–1: the words of each side ask for
    /// the best of the other, and the side that is answered worse counts.
    fn agreement(&mut self, source: &str, target: &str, extractor: &PairExtractor) -> f64 {
        let ours = self.of(source, extractor.sides[0].lang());
        let theirs = self.of(target, extractor.sides[1].lang());
        if ours.is_empty() || theirs.is_empty() {
            return 0.0;
        }
        let likely: Vec<Vec<[f64; 2]>> = (ours.iter())
            .map(|our| theirs.iter().map(|their| self.lexicon.both(our, their)).collect())
            .collect();
        let forth = ours
            .iter()
            .enumerate()
            .map(|(at, _)| likely[at].iter().map(|both| both[0].max(both[1])).fold(0.0, f64::max));
        let back = theirs
            .iter()
            .enumerate()
            .map(|(at, _)| likely.iter().map(|row| row[at][0].max(row[at][1])).fold(0.0, f64::max));
        let mean = |sum: f64, count: usize| sum / count as f64;
        let forth = mean(forth.map(saturated).sum(), ours.len());
        let back = mean(back.map(saturated).sum(), theirs.len());
        forth.min(back)
    }

    fn of(&mut self, term: &str, lang: &Lang) -> Vec<String> {
        let key = format!("{}:{term}", lang.primary());
        let list = self.lists.entry(key).or_insert_with(|| {
            let functions = crate::similarity::function_words(lang);
            (tokens(term, lang).iter())
                .map(|token| token.key().to_owned())
                .filter(|key| {
                    key.chars().any(char::is_alphanumeric)
                        && !functions.is_some_and(|list| list.contains(&**key))
                })
                .collect()
        });
        list.clone()
    }
}

/// A word with several translations is as well translated by one of them as one with a single
/// translation: beyond this probability nothing is won.
fn saturated(probability: f64) -> f64 {
    (probability / 0.3).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::{Concept, Term};

    fn extractor() -> PairExtractor {
        let mut extractor = PairExtractor::new(&Lang::FR, &Lang::EN).least(2);
        for (fr, en) in [
            (
                "La table ronde suit la trêve olympique.",
                "The round table follows the olympic truce.",
            ),
            ("Une trêve olympique est exigée.", "An olympic truce is demanded."),
            ("Cette table ronde est exigée.", "This round table is demanded."),
        ] {
            extractor.add(&Unit::pair((Lang::FR, fr), (Lang::EN, en)));
        }
        extractor
    }

    #[test]
    fn pairs_come_with_their_counts_and_units() {
        let mut found = extractor().candidates(10);
        found.sort_by(|one, other| one.source().cmp(other.source()));
        let pairs: Vec<_> = found.iter().map(|pair| (pair.source(), pair.target())).collect();
        assert_eq!(pairs, [("table ronde", "round table"), ("trêve olympique", "olympic truce")]);
        assert_eq!(found[0].units(), [0, 2]);
        assert_eq!((found[1].together(), found[1].counts()), (2, [2, 2]));
        assert!((0.0..=1.0).contains(&found[0].score()));
    }

    #[test]
    fn known_pairs_are_left_out() {
        let mut concept = Concept::new("1");
        concept.add(Lang::FR, Term::new("tables rondes"));
        concept.add(Lang::EN, Term::new("round table"));
        let base = Termbase::from_iter([concept]);
        let found = extractor().known(&base).candidates(10);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].source(), "trêve olympique");
    }
}
