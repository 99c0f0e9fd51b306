//! Word alignment inside a unit.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::cognates::Looks;
use super::words::{Vocabulary, words};
use super::{Lexicon, Tables};
use crate::text::Normal;

/// The words of two texts and the links between them. Made by
/// [`Lexicon::links`](super::Lexicon::links).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WordLinks {
    source: Vec<Range<usize>>,
    target: Vec<Range<usize>>,
    /// Sorted by source word, then by target word.
    links: Vec<Link>,
}

impl WordLinks {
    /// The words of the source: bytes of the text that came in.
    pub fn source(&self) -> &[Range<usize>] {
        &self.source
    }

    /// The words of the target: bytes of the text that came in.
    pub fn target(&self) -> &[Range<usize>] {
        &self.target
    }

    /// All links, sorted by source word, then by target word.
    pub fn all(&self) -> &[Link] {
        &self.links
    }

    /// The links of a source word, in the order of the target.
    pub fn of_source(&self, word: usize) -> impl Iterator<Item = &Link> {
        let start = self.links.partition_point(|link| link.source < word);
        self.links[start..].iter().take_while(move |link| link.source == word)
    }

    /// The links of a target word, in the order of the source. Cost: looks at all links.
    pub fn of_target(&self, word: usize) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |link| link.target == word)
    }
}

/// A word of the source and a word of the target that may translate each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    source: usize,
    target: usize,
    probability: f32,
}

impl Link {
    /// The number of the word in [`WordLinks::source`].
    pub fn source(&self) -> usize {
        self.source
    }

    /// The number of the word in [`WordLinks::target`].
    pub fn target(&self) -> usize {
        self.target
    }

    /// How probable it is that they translate each other, 0–1.
    pub fn probability(&self) -> f64 {
        f64::from(self.probability)
    }
}

/// Links less probable than this are not given.
const LEAST_PROBABILITY: f32 = 0.05;
/// How strongly a word stays near the place that its place in the other text suggests: the
/// precision of a log-linear prior (Dyer, Chahuneau, Smith, "A Simple, Fast, and Effective
/// Reparameterization of IBM Model 2", 2013, found 4 to be near the best for all languages).
const NEARNESS: f32 = 4.0;
/// The strength of "no word", in units of what chance would say of a word at the same place.
const NO_WORD: f32 = 0.2;
/// What two equal numbers or names that no lexicon holds say, in the same units.
const SAME: f32 = 200.0;
/// Words beyond these of each text get no link; the work grows with the product of the two.
const MOST_WORDS: usize = 1000;

/// Links the words of many texts by one lexicon. What it learns of a word, it remembers: up to
/// [`MOST_KNOWN`] words of each language.
#[derive(Debug)]
pub(crate) struct Linker {
    lexicon: Lexicon,
    totals: [f32; 2],
    known: [Known; 2],
}

/// When there are more, all are forgotten: those that are frequent come back at once.
const MOST_KNOWN: usize = 1 << 16;

impl Linker {
    pub(crate) fn new(lexicon: Lexicon) -> Linker {
        let totals = [0, 1].map(|side| lexicon.0.masses[side].iter().sum::<f32>().max(1.0));
        Linker { lexicon, totals, known: Default::default() }
    }

    /// What it links by.
    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// See [`Lexicon::links`].
    pub(crate) fn links(&mut self, source: &str, target: &str) -> WordLinks {
        let tables = &self.lexicon.0;
        let [from, to] = &mut self.known;
        let (spans, rows) = from.words(source, &tables.vocabularies[0]);
        let (target_spans, columns) = to.words(target, &tables.vocabularies[1]);
        let rows: Vec<&Word> = rows.iter().map(|&at| &from.words[at as usize]).collect();
        let columns: Vec<&Word> = columns.iter().map(|&at| &to.words[at as usize]).collect();
        let ratios = ratios(tables, self.totals, &rows, &columns);
        let links = links(&ratios, rows.len(), columns.len());
        WordLinks { source: spans, target: target_spans, links }
    }
}

/// How much more often than by chance the words are seen together, the same in both directions:
/// a row for each word of the source.
fn ratios(tables: &Tables, totals: [f32; 2], rows: &[&Word], columns: &[&Word]) -> Vec<f32> {
    let chance = (totals[0] * totals[1]).sqrt();
    let (n, m) = (rows.len(), columns.len());
    // The words of the target by their numbers, so that a row of the table is read once.
    let mut ids: Vec<(u32, usize)> =
        columns.iter().enumerate().filter_map(|(at, word)| Some((word.id?, at))).collect();
    ids.sort_unstable();
    // e to the power of each place: the distance of two places is a quotient of two of them.
    let powers = |count: usize| -> Vec<f32> {
        (0..count).map(|at| (NEARNESS * (at as f32 + 0.5) / count as f32).exp()).collect()
    };
    let (row_powers, column_powers) = (powers(n), powers(m));
    let mut ratios = vec![0.0f32; n * m];
    for (i, word) in rows.iter().enumerate() {
        let row = &mut ratios[i * m..(i + 1) * m];
        if let Some(id) = word.id {
            let mass = tables.masses[0][id as usize];
            tables.counts.meet(id, &ids, |at, other, count| {
                let of_both = mass.max(count) * tables.masses[1][other as usize].max(count);
                row[at] = count * chance / of_both;
            });
        }
        for (j, ratio) in row.iter_mut().enumerate() {
            if *ratio <= 0.0 {
                *ratio = SAME * word.looks.likeness(&columns[j].looks);
            }
            let (one, other) = (row_powers[i], column_powers[j]);
            *ratio *= if one < other { one / other } else { other / one };
        }
    }
    ratios
}

/// The links whose words ask for each other.
fn links(ratios: &[f32], n: usize, m: usize) -> Vec<Link> {
    let mut of_source = vec![NO_WORD; n];
    let mut of_target = vec![NO_WORD; m];
    for i in 0..n {
        for j in 0..m {
            of_source[i] += ratios[i * m + j];
            of_target[j] += ratios[i * m + j];
        }
    }
    let mut links = Vec::new();
    for i in 0..n {
        for j in 0..m {
            let ratio = ratios[i * m + j];
            let probability = (ratio / of_source[i] * (ratio / of_target[j])).sqrt();
            if probability > LEAST_PROBABILITY {
                links.push(Link { source: i, target: j, probability });
            }
        }
    }
    links
}

/// A word as a linker sees it.
#[derive(Debug)]
struct Word {
    looks: Looks,
    id: Option<u32>,
}

/// The words of a language met so far.
#[derive(Debug, Default)]
struct Known {
    places: HashMap<Box<str>, u32, RandomState>,
    words: Vec<Word>,
}

impl Known {
    /// Where the words of a text stand, and the places of the first [`MOST_WORDS`] of them among
    /// those known.
    fn words(&mut self, text: &str, vocabulary: &Vocabulary) -> (Vec<Range<usize>>, Vec<u32>) {
        if self.words.len() >= MOST_KNOWN {
            *self = Known::default();
        }
        let normal = Normal::new(text);
        let (mut spans, mut found) = (Vec::new(), Vec::new());
        words(&normal, |word, span| {
            spans.push(normal.original(span));
            if found.len() < MOST_WORDS {
                found.push(self.place(word, vocabulary));
            }
        });
        (spans, found)
    }

    fn place(&mut self, word: &str, vocabulary: &Vocabulary) -> u32 {
        if let Some(&place) = self.places.get(word) {
            return place;
        }
        let place = self.words.len() as u32;
        self.words.push(Word { looks: Looks::new(word), id: vocabulary.id(word) });
        self.places.insert(word.into(), place);
        place
    }
}

#[cfg(test)]
mod tests {
    use crate::Lang;
    use crate::lexicon::Lexicon;

    #[test]
    fn spans_are_those_of_the_texts_that_came_in() {
        let mut builder = Lexicon::builder(Lang::FR, Lang::EN);
        for (fr, en) in [
            ("l’œuvre", "the work"),
            ("la paix", "the peace"),
            ("une œuvre", "a work"),
            ("la mer", "the sea"),
        ] {
            builder.pair(fr, en);
        }
        let (source, target) = ("«\u{a0}l’œuvre de 2014\u{a0}»", "work of 2014");
        let links = builder.learn().links(source, target);
        let found: Vec<(&str, &str)> = (links.all().iter())
            .filter(|link| link.probability() > 0.5)
            .map(|link| {
                let source = &source[links.source()[link.source()].clone()];
                (source, &target[links.target()[link.target()].clone()])
            })
            .collect();
        assert_eq!(found, [("œuvre", "work"), ("2014", "2014")]);
    }
}
