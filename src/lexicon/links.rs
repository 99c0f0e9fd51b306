//! Word alignment inside a unit.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::cognates::Looks;
use super::words::{Vocabulary, words};
use super::{Lexicon, Tables};
use crate::text::{Normal, is_separable};

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
/// Words seen less often than this went with whatever stood beside them: that they look alike says
/// more.
const FEW: f32 = 4.0;
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
        let (rows, columns) = (Distinct::new(&rows, from), Distinct::new(&columns, to));
        let ratios = ratios(tables, self.totals, &rows, &columns);
        let links = links(&ratios, rows.places.len(), columns.places.len());
        WordLinks { source: spans, target: target_spans, links }
    }
}

/// The words of a text, each once, and which of them stands at each place.
struct Distinct<'k> {
    words: Vec<&'k Word>,
    places: Vec<usize>,
}

impl<'k> Distinct<'k> {
    fn new(text: &[u32], known: &'k Known) -> Distinct<'k> {
        let mut sorted = text.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let places = text.iter().map(|word| sorted.partition_point(|other| other < word));
        Distinct {
            places: places.collect(),
            words: sorted.iter().map(|&at| &known.words[at as usize]).collect(),
        }
    }

    /// For each place *p* of *n* e to the power of *p*/*n* and its inverse, with the precision of
    /// nearness: so the nearness of two places is a product.
    fn powers(&self) -> Vec<(f32, f32)> {
        let count = self.places.len();
        let power = |at: usize| (NEARNESS * (at as f32 + 0.5) / count as f32).exp();
        (0..count).map(power).map(|power| (power, power.recip())).collect()
    }
}

/// How much more often than by chance the words are seen together, the same in both directions:
/// a row for each word of the source.
fn ratios(
    tables: &Tables,
    totals: [f32; 2],
    rows: &Distinct<'_>,
    columns: &Distinct<'_>,
) -> Vec<f32> {
    let chance = (totals[0] * totals[1]).sqrt();
    // The words of the target by their numbers, so that a row of the table is read once.
    let ids = columns.words.iter().enumerate();
    let mut ids: Vec<(u32, usize)> = ids.filter_map(|(at, word)| Some((word.id?, at))).collect();
    ids.sort_unstable();
    let width = columns.words.len();
    let mut of_words = vec![0.0_f32; rows.words.len() * width];
    for (word, row) in rows.words.iter().zip(of_words.chunks_exact_mut(width.max(1))) {
        if let Some(id) = word.id {
            let mass = tables.masses[0][id as usize];
            tables.counts.meet(id, &ids, |at, other, count| {
                let of_both = mass.max(count) * tables.masses[1][other as usize].max(count);
                row[at] = count * chance / of_both;
            });
        }
        let is_rare = is_rare(tables, 0, word);
        for (ratio, column) in row.iter_mut().zip(&columns.words) {
            if *ratio <= 0.0 || is_rare && self::is_rare(tables, 1, column) {
                *ratio = ratio.max(SAME * word.looks.likeness(&column.looks));
            }
        }
    }
    let column_powers = columns.powers();
    let mut ratios = Vec::with_capacity(rows.places.len() * columns.places.len());
    for (&word, (power, inverse)) in rows.places.iter().zip(rows.powers()) {
        let row = &of_words[word * width..(word + 1) * width];
        let cells = columns.places.iter().zip(&column_powers);
        ratios.extend(cells.map(|(&column, &(other, other_inverse))| {
            let (one, two) = (power * other_inverse, other * inverse);
            row[column] * if one < two { one } else { two }
        }));
    }
    ratios
}

/// Whether too little of a word was seen to know what it goes with.
fn is_rare(tables: &Tables, side: usize, word: &Word) -> bool {
    word.id.is_none_or(|id| tables.masses[side][id as usize] < FEW)
}

/// The links whose words ask for each other.
fn links(ratios: &[f32], n: usize, m: usize) -> Vec<Link> {
    let mut of_source = Vec::with_capacity(n);
    let mut of_target = vec![NO_WORD; m];
    for row in ratios.chunks_exact(m.max(1)) {
        of_source.push(row.iter().fold(NO_WORD, |sum, ratio| sum + ratio));
        of_target.iter_mut().zip(row).for_each(|(sum, ratio)| *sum += ratio);
    }
    let mut links = Vec::new();
    for (source, row) in ratios.chunks_exact(m.max(1)).enumerate() {
        let least = LEAST_PROBABILITY * LEAST_PROBABILITY * of_source[source];
        for (target, (&ratio, &sum)) in row.iter().zip(&of_target).enumerate() {
            if ratio * ratio > least * sum {
                let probability = (ratio / of_source[source] * (ratio / sum)).sqrt();
                links.push(Link { source, target, probability });
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
    /// What stands between white space, cut into words once: a stretch of `cut`.
    pieces: HashMap<Box<str>, (u32, u32), RandomState>,
    /// Words with the bytes of their piece that they stand in.
    cut: Vec<(u32, Range<u32>)>,
}

/// Longer pieces are not remembered.
const LONGEST_PIECE: usize = 48;

impl Known {
    /// Where the words of a text stand, and the places of the first [`MOST_WORDS`] of them among
    /// those known.
    fn words(&mut self, text: &str, vocabulary: &Vocabulary) -> (Vec<Range<usize>>, Vec<u32>) {
        if [self.words.len(), self.pieces.len(), self.cut.len() / 8]
            .iter()
            .any(|&len| len >= MOST_KNOWN)
        {
            *self = Known::default();
        }
        let (mut spans, mut found) = (Vec::new(), Vec::new());
        let separable = is_separable(text);
        let pieces = text.split(|c: char| separable && c.is_whitespace());
        let mut start = 0;
        for piece in pieces {
            let (from, to) = match self.pieces.get(piece) {
                Some(&cut) => cut,
                None => self.cut(piece, vocabulary),
            };
            for (word, span) in &self.cut[from as usize..to as usize] {
                spans.push(start + span.start as usize..start + span.end as usize);
                found.push(*word);
            }
            start += piece.len();
            start += text[start..].chars().next().map_or(0, char::len_utf8);
        }
        found.truncate(MOST_WORDS);
        (spans, found)
    }

    fn cut(&mut self, piece: &str, vocabulary: &Vocabulary) -> (u32, u32) {
        let normal = Normal::new(piece);
        let start = self.cut.len() as u32;
        words(&normal, |word, span| {
            let span = normal.original(span);
            let word = self.place(word, vocabulary);
            self.cut.push((word, span.start as u32..span.end as u32));
        });
        let cut = (start, self.cut.len() as u32);
        if piece.len() <= LONGEST_PIECE {
            self.pieces.insert(piece.into(), cut);
        }
        cut
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
    use super::*;
    use crate::Lang;

    proptest::proptest! {
        #[test]
        fn what_is_remembered_of_pieces_changes_nothing(
            texts in proptest::collection::vec("([a-zéèA-ZЖя’'«0-9.,-]{0,9}[ \u{a0}\n]){0,6}\\PC{0,4}", 1..4),
        ) {
            let vocabulary = Vocabulary::default();
            let mut known = Known::default();
            for text in texts.iter().chain(&texts) {
                let (spans, found) = known.words(text, &vocabulary);
                let found = found.iter().map(|&at| known.words[at as usize].looks.word());
                let found: Vec<(&str, _)> = found.zip(spans).collect();
                let normal = Normal::new(text);
                let mut wanted = Vec::new();
                words(&normal, |word, span| wanted.push((word.to_owned(), normal.original(span))));
                let wanted: Vec<(&str, _)> =
                    wanted.iter().map(|(word, span)| (word.as_str(), span.clone())).collect();
                proptest::prop_assert_eq!(found, wanted);
            }
        }
    }

    #[test]
    fn one_text_says_less_than_the_looks_of_words() {
        let (source, target) = ("Une décision finale.", "A final decision.");
        let mut builder = Lexicon::builder(Lang::FR, Lang::EN);
        builder.pair(source, target);
        let links = builder.learn().links(source, target);
        for (word, translation) in [(1, 2), (2, 1)] {
            let best = links
                .of_source(word)
                .max_by(|one, other| one.probability.total_cmp(&other.probability));
            assert_eq!(best.map(Link::target), Some(translation));
        }
    }

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
