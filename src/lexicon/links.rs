//! Word alignment inside a unit.

use std::ops::Range;

use super::Tables;
use super::cognates::Looks;
use super::words::{Vocabulary, words};
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

pub(super) fn links(tables: &Tables, source: &str, target: &str) -> WordLinks {
    let source = Words::new(source, &tables.vocabularies[0]);
    let target = Words::new(target, &tables.vocabularies[1]);
    let (n, m) = (source.ids.len(), target.ids.len());
    let totals = [0, 1].map(|side| tables.masses[side].iter().sum::<f32>().max(1.0));
    // How much more often than by chance the words are seen together; the same in both
    // directions.
    let mut ratios = vec![0.0f32; n * m];
    for i in 0..n {
        for j in 0..m {
            let near = (i as f32 + 0.5) / n as f32 - (j as f32 + 0.5) / m as f32;
            let count = match (source.ids[i], target.ids[j]) {
                (Some(s), Some(t)) => tables.counts.get(s, t),
                _ => 0.0,
            };
            let ratio =
                if let (true, Some(s), Some(t)) = (count > 0.0, source.ids[i], target.ids[j]) {
                    let of_both = tables.masses[0][s as usize].max(count)
                        * tables.masses[1][t as usize].max(count);
                    count * (totals[0] * totals[1]).sqrt() / of_both
                } else {
                    SAME * source.looks[i].likeness(&target.looks[j])
                };
            ratios[i * m + j] = ratio * (-NEARNESS * near.abs()).exp();
        }
    }
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
    WordLinks { source: source.spans, target: target.spans, links }
}

/// The words of a text, with their numbers in a vocabulary.
struct Words {
    spans: Vec<Range<usize>>,
    looks: Vec<Looks>,
    ids: Vec<Option<u32>>,
}

impl Words {
    fn new(text: &str, vocabulary: &Vocabulary) -> Words {
        let normal = Normal::new(text);
        let mut found = Words { spans: Vec::new(), looks: Vec::new(), ids: Vec::new() };
        words(&normal, |word, span| {
            found.spans.push(normal.original(span));
            if found.ids.len() < MOST_WORDS {
                found.ids.push(vocabulary.id(word));
                found.looks.push(Looks::new(word));
            }
        });
        found
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
