//! Evidence of others: how similar another program finds sentences.

use std::fmt::Debug;
use std::ops::Range;

use super::band::Band;
use super::parameters::{SHAPES, shape, shapes};
use super::search::Posterior;
use crate::Document;

/// How similar the sentences of two languages are, as another program sees it: embeddings, the
/// output of a translation service, a bilingual classifier.
///
/// The scale is free, as long as larger means more similar: what values related and unrelated
/// sentences have is learnt from the documents at hand. A similarity that tells nothing changes
/// nothing.
///
/// ```
/// use std::ops::Range;
/// use std::sync::Arc;
///
/// use chancery::align::{Aligner, Similarity};
/// use chancery::{Document, Lang};
///
/// /// Sentences are alike if as many of them are questions.
/// #[derive(Debug)]
/// struct Questions;
///
/// impl Similarity for Questions {
///     fn similarity(
///         &self,
///         (one, sentences): (&Document, Range<usize>),
///         (other, translations): (&Document, Range<usize>),
///     ) -> Option<f32> {
///         let count = |document: &Document, range: Range<usize>| {
///             let sentences = document.sentences()[range].iter();
///             sentences.filter(|sentence| sentence.text().ends_with('?')).count() as f32
///         };
///         Some(-(count(one, sentences) - count(other, translations)).abs())
///     }
/// }
///
/// let fr = Document::new("Oui ? Non.", Lang::FR);
/// let en = Document::new("Yes? No.", Lang::EN);
/// let alignment = Aligner::new().similarity(Arc::new(Questions)).align(&fr, &en);
/// assert_eq!(alignment.beads().len(), 2);
/// ```
pub trait Similarity: Debug + Send + Sync {
    /// The similarity of some neighbouring sentences of one document and some of the other, or
    /// nothing where it is not known.
    ///
    /// Either document may come first. It is asked for every bead that is considered, which are
    /// some hundreds for each sentence, and four times: an answer should be a look-up and a
    /// product, not a model's run. Values that are no numbers count as nothing.
    fn similarity(
        &self,
        one: (&Document, Range<usize>),
        other: (&Document, Range<usize>),
    ) -> Option<f32>;
}

/// The similarity of source lines and target lines.
pub(super) type Ask<'a> = &'a dyn Fn(Range<usize>, Range<usize>) -> Option<f32>;

/// What the values of a similarity mean in two texts.
pub(super) struct Meaning<'a> {
    ask: Ask<'a>,
    size: (usize, usize),
    unrelated: Normal,
    related: Normal,
}

/// Pairs of lines, at chance, that are asked for what unrelated sentences look like.
const SAMPLE: usize = 2000;
/// Before anything is known: related sentences lie this many deviations above unrelated ones.
const ABOVE: f32 = 3.0;
/// Beads that the first guess weighs against those of the document.
const PRIOR: f32 = 10.0;
/// The most that a similarity can say for or against a bead, as a logarithm.
const MOST: f32 = 8.0;

impl<'a> Meaning<'a> {
    pub(super) fn new(ask: Ask<'a>, size: (usize, usize)) -> Meaning<'a> {
        let (rows, columns) = size;
        let mut values = Vec::new();
        if rows > 0 && columns > 0 {
            // Steps of the golden ratio and of the root of two fill the square evenly.
            for at in 0..SAMPLE {
                let place = |step: f64, length: usize| {
                    ((at as f64 * step).fract() * length as f64) as usize % length
                };
                let (i, j) = (place(0.618_033_988_75, rows), place(0.414_213_562_37, columns));
                values.extend(ask(i..i + 1, j..j + 1).filter(|value| value.is_finite()));
            }
        }
        let unrelated = Normal::fit(values.iter().map(|&value| (value, 1.0)), None);
        let related = Normal { mean: unrelated.mean + ABOVE * unrelated.deviation, ..unrelated };
        Meaning { ask, size, unrelated, related }
    }

    /// Learns what related sentences look like from beads and their probabilities.
    pub(super) fn learn(&mut self, posterior: &Posterior) {
        let values = posterior.candidates.iter().filter_map(|bead| {
            let value = (self.ask)(bead.i..bead.i + bead.a, bead.j..bead.j + bead.b)?;
            value.is_finite().then_some((value, bead.probability))
        });
        self.related = Normal::fit(values, Some(self.related));
    }

    /// The logarithm of a likelihood ratio for every bead of a band.
    ///
    /// Memory: 144 bytes for each node of the band.
    pub(super) fn ratios(&self, band: &Band, most: usize) -> Ratios {
        let mut values = vec![0.0; band.len() * SHAPES];
        let shapes = shapes(most);
        for row in 1..band.rows() {
            for column in band.row(row).filter(|&column| column > 0) {
                let node = band.base(row).wrapping_add(column);
                for &(a, b) in &shapes {
                    if a <= row && b <= column && band.node(row - a, column - b).is_some() {
                        values[node * SHAPES + shape(a, b)] =
                            self.ratio((self.ask)(row - a..row, column - b..column));
                    }
                }
            }
        }
        debug_assert!(band.rows() == self.size.0 + 1);
        Ratios(values)
    }

    fn ratio(&self, value: Option<f32>) -> f32 {
        let Some(value) = value.filter(|value| value.is_finite()) else { return 0.0 };
        if self.related.mean <= self.unrelated.mean {
            return 0.0;
        }
        // Outside the two means more similar must not become less likely.
        let value = value.clamp(self.unrelated.mean, self.related.mean);
        let ratio = self.related.log_density(value) - self.unrelated.log_density(value);
        ratio.clamp(-MOST, MOST)
    }
}

/// What a similarity says of each bead of a band.
#[derive(Debug)]
pub(super) struct Ratios(Vec<f32>);

impl Ratios {
    pub(super) fn get(&self, node: usize, a: usize, b: usize) -> f32 {
        self.0[node * SHAPES + shape(a, b)]
    }
}

#[derive(Clone, Copy, Debug)]
struct Normal {
    mean: f32,
    deviation: f32,
}

impl Normal {
    fn fit(values: impl Iterator<Item = (f32, f32)>, prior: Option<Normal>) -> Normal {
        let (mut weight, mut sum, mut squares) = (0.0f64, 0.0f64, 0.0f64);
        if let Some(prior) = prior {
            let (mean, count) = (f64::from(prior.mean), f64::from(PRIOR));
            weight += count;
            sum += count * mean;
            squares += count * (mean * mean + f64::from(prior.deviation).powi(2));
        }
        for (value, of_value) in values {
            let (value, of_value) = (f64::from(value), f64::from(of_value));
            weight += of_value;
            sum += of_value * value;
            squares += of_value * value * value;
        }
        let mean = sum / weight.max(1.0);
        let variance = (squares / weight.max(1.0) - mean * mean).max(0.0);
        // Values that are all alike tell nothing; they must not divide by zero either.
        Normal { mean: mean as f32, deviation: (variance.sqrt() as f32).max(1e-6) }
    }

    fn log_density(&self, value: f32) -> f32 {
        -0.5 * ((value - self.mean) / self.deviation).powi(2) - self.deviation.ln()
    }
}
