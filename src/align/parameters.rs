//! What a document is like: its kinds of beads, lengths, and the way its sentences open and close.
//!
//! Everything here starts from what texts are like in general and is estimated again from the
//! beads of the document at hand, weighted by how likely they are.

use super::evidence::MOST_SENTENCES;
use super::features::{CLOSES_IN_WORD, CLOSES_OPEN, CLOSINGS, OPENINGS, OPENS_LOWER, Side};

/// A bead that is neither empty nor too large: how many sentences of each side.
pub(crate) const SHAPES: usize = MOST_SENTENCES * MOST_SENTENCES;

pub(crate) fn shape(a: usize, b: usize) -> usize {
    (a - 1) * MOST_SENTENCES + b - 1
}

/// Shapes that are considered: at most `most` sentences on a side, and not many on both.
pub(crate) fn shapes(most: usize) -> Vec<(usize, usize)> {
    (1..=most)
        .flat_map(|a| (1..=most).map(move |b| (a, b)))
        .filter(|(a, b)| a + b <= MOST_SENTENCES + 1)
        .collect()
}

/// Classes of a break between two sentences of one side.
const BREAKS: usize = CLOSINGS * OPENINGS * 2;

/// The states of a search: after a bead, in an untranslated run of the source, of the target.
pub(crate) const STATES: usize = 3;

#[derive(Clone, Debug)]
pub(crate) struct Parameters {
    /// Logarithms of the probabilities of shapes.
    pub(crate) shapes: [f32; SHAPES],
    /// Logarithms of the probabilities of steps through the text, `steps[before][after]`: a bead
    /// with both sides (or the start), a source sentence alone, a target sentence alone.
    pub(crate) steps: [[f32; 3]; 3],
    length: Length,
    /// Logarithms of likelihood ratios for how both sides open, close and end paragraphs.
    openings: [[f32; OPENINGS]; OPENINGS],
    closings: [[f32; CLOSINGS]; CLOSINGS],
    paragraphs: [[f32; 2]; 2],
    /// For each source and target sentence: log ratio of the break after it being inside a bead.
    glue: [Vec<f32>; 2],
}

impl Parameters {
    /// What texts are like in general, and what these two are like on their face.
    pub(crate) fn new(source: &Side, target: &Side) -> Parameters {
        Parameters::estimate(source, target, &Expected::default())
    }

    /// Estimates again from expected counts.
    pub(crate) fn estimate(source: &Side, target: &Side, expected: &Expected) -> Parameters {
        let mut shapes = [0.0; SHAPES];
        let mut total = 0.0;
        for a in 1..=MOST_SENTENCES {
            for b in 1..=MOST_SENTENCES {
                let count = general_share(a, b) * PRIOR_BEADS + expected.shapes[shape(a, b)];
                shapes[shape(a, b)] = count;
                total += count;
            }
        }
        let shapes = shapes.map(|count| (count / total).ln());
        let mut steps = GENERAL_STEPS;
        for (row, counts) in steps.iter_mut().zip(&expected.steps) {
            let sum: f32 = counts.iter().sum::<f32>() + PRIOR_STEPS;
            for (step, count) in row.iter_mut().zip(counts) {
                *step = ((*step * PRIOR_STEPS + count) / sum).ln();
            }
        }
        Parameters {
            shapes,
            steps,
            length: Length::estimate(source, target, expected),
            openings: agreement(&source.openings, &target.openings, &expected.openings),
            closings: agreement(&source.closings, &target.closings, &expected.closings),
            paragraphs: if source.has_paragraphs && target.has_paragraphs {
                let ends = |side: &Side| {
                    side.paragraph_ends.iter().map(|&end| u8::from(end)).collect::<Vec<u8>>()
                };
                agreement(&ends(source), &ends(target), &expected.paragraphs)
            } else {
                [[0.0; 2]; 2]
            },
            glue: [glue(source, &expected.breaks[0]), glue(target, &expected.breaks[1])],
        }
    }

    /// The log-likelihood ratio of a bead by all but its words. It covers the source sentences
    /// from `i` and the target sentences from `j`, and neither side is empty.
    pub(crate) fn bead(
        &self,
        source: &Side,
        target: &Side,
        i: usize,
        j: usize,
        a: usize,
        b: usize,
    ) -> f32 {
        self.parts(source, target, i, j, a, b).iter().sum()
    }

    /// The same in parts: by length, shape, openings and closings, paragraphs, breaks inside.
    pub(crate) fn parts(
        &self,
        source: &Side,
        target: &Side,
        i: usize,
        j: usize,
        a: usize,
        b: usize,
    ) -> [f32; 5] {
        let (last_i, last_j) = (i + a - 1, j + b - 1);
        [
            self.length.ratio(i, j, a, b),
            self.shapes[shape(a, b)],
            self.openings[source.openings[i] as usize][target.openings[j] as usize]
                + self.closings[source.closings[last_i] as usize][target.closings[last_j] as usize],
            self.paragraphs[usize::from(source.paragraph_ends[last_i])]
                [usize::from(target.paragraph_ends[last_j])],
            self.glue[0][i..last_i].iter().sum::<f32>()
                + self.glue[1][j..last_j].iter().sum::<f32>(),
        ]
    }
}

/// How many beads what is known in general weighs against the document at hand.
const PRIOR_BEADS: f32 = 30.0;
const PRIOR_STEPS: f32 = 30.0;
/// Steps in general, as probabilities. An untranslated source sentence hardly ever follows a target
/// sentence without a source, so that a gap on both sides is counted once.
const GENERAL_STEPS: [[f32; 3]; 3] = [[0.94, 0.03, 0.03], [0.45, 0.5, 0.05], [0.5, 1e-6, 0.5]];

/// How often a shape is found in general.
fn general_share(a: usize, b: usize) -> f32 {
    let (small, large) = (a.min(b) as i32, a.max(b) as i32);
    match (small, large) {
        (1, 1) => 0.80,
        (1, 2) => 0.07,
        (1, _) => 0.07 * 0.2f32.powi(large - 2),
        _ => 0.015 * 0.3f32.powi(small - 2) * 0.2f32.powi(large - 2),
    }
}

/// How lengths go together.
///
/// As in Gale and Church ("A Program for Aligning Sentences in Bilingual Corpora", 1993) the
/// difference of lengths is normal with a variance that grows with length; unlike there it is
/// held against the lengths of unrelated sentences, which follow a gamma distribution.
#[derive(Clone, Debug)]
struct Length {
    /// The square root of target letters for one source letter.
    scale: f32,
    variance: f32,
    /// The least that the logarithm of a deviation can be.
    least_deviation: f32,
    source: Lengths,
    target: Lengths,
}

/// A pair of lengths that nothing explains is this likely.
const OUTLIERS: f32 = 0.02;
/// Variance for each letter of length: Gale and Church measured 6.8.
const GENERAL_VARIANCE: f32 = 6.8;

impl Length {
    fn estimate(source: &Side, target: &Side, expected: &Expected) -> Length {
        let total = |side: &Side| side.letters.iter().map(|letters| letters + 1.0).sum::<f32>();
        // A hundred sentences' worth of letters say in general that the texts are equally long.
        let (s, t) = if expected.letters[0] > 0.0 {
            (expected.letters[0] + 1000.0, expected.letters[1] + 1000.0)
        } else {
            (total(source) + 1000.0, total(target) + 1000.0)
        };
        let ratio = (t / s).clamp(0.25, 4.0);
        let weight = PRIOR_BEADS;
        let variance =
            (GENERAL_VARIANCE * weight + expected.deviation) / (weight + expected.measured);
        let variance = variance.clamp(1.0, 40.0);
        Length {
            scale: ratio.sqrt(),
            variance,
            // Both sides have a letter at least, and one of their scales is not below 1.
            least_deviation: (variance / 2.0 * std::f32::consts::TAU).ln(),
            source: Lengths::new(&source.letters),
            target: Lengths::new(&target.letters),
        }
    }

    fn ratio(&self, i: usize, j: usize, a: usize, b: usize) -> f32 {
        let (source, target) = (self.source.of(i, a), self.target.of(j, b));
        let (left, right) = (source.letters * self.scale, target.letters / self.scale);
        let deviation = self.variance * (left + right) / 2.0;
        let background = (source.log_density + target.log_density) / 2.0;
        let off = -(left - right).powi(2) / (2.0 * deviation) - background;
        // Far off, nothing but the outliers is left; no need to know how far.
        if off - 0.5 * self.least_deviation < -12.0 {
            return OUTLIERS.ln();
        }
        let related = off - 0.5 * (deviation * std::f32::consts::TAU).ln();
        (OUTLIERS + (1.0 - OUTLIERS) * related.min(50.0).exp()).ln()
    }
}

/// The lengths of one side: of each stretch of sentences that can be in a bead.
#[derive(Clone, Debug)]
struct Lengths {
    /// For each sentence the stretches that begin with it, by their number of sentences.
    stretches: Vec<Stretch>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Stretch {
    letters: f32,
    /// The logarithm of the density of this length among such stretches.
    log_density: f32,
}

impl Lengths {
    fn new(letters: &[f32]) -> Lengths {
        let gamma = Gamma::fit(letters);
        let mut stretches = Vec::with_capacity(letters.len() * MOST_SENTENCES);
        for first in 0..letters.len() {
            let mut sum = 0.0;
            for count in 1..=MOST_SENTENCES {
                sum += letters.get(first + count - 1).map_or(0.0, |letters| letters + 1.0);
                stretches
                    .push(Stretch { letters: sum, log_density: gamma.log_density(sum, count) });
            }
        }
        Lengths { stretches }
    }

    fn of(&self, first: usize, count: usize) -> Stretch {
        self.stretches[first * MOST_SENTENCES + count - 1]
    }
}

/// The gamma distribution of the lengths of sentences; of sums of sentences too.
#[derive(Clone, Debug)]
struct Gamma {
    shape: f32,
    scale: f32,
    /// The constant part of the logarithm for each number of sentences.
    constants: [f32; MOST_SENTENCES],
}

impl Gamma {
    fn fit(letters: &[f32]) -> Gamma {
        let count = letters.len().max(1) as f32;
        let mean = letters.iter().map(|letters| letters + 1.0).sum::<f32>() / count;
        let mean = mean.max(2.0);
        let variance =
            letters.iter().map(|letters| (letters + 1.0 - mean).powi(2)).sum::<f32>() / count;
        // A few sentences, or sentences that are all alike, must not give a needle.
        let variance = (variance * count + mean * mean * 0.5 * 10.0) / (count + 10.0);
        let (shape, scale) = (mean * mean / variance, variance / mean);
        let mut constants = [0.0; MOST_SENTENCES];
        for (at, constant) in constants.iter_mut().enumerate() {
            let shape = shape * (at + 1) as f32;
            *constant = -ln_gamma(f64::from(shape)) as f32 - shape * scale.ln();
        }
        Gamma { shape, scale, constants }
    }

    fn log_density(&self, letters: f32, sentences: usize) -> f32 {
        (self.shape * sentences as f32 - 1.0) * letters.ln() - letters / self.scale
            + self.constants[sentences - 1]
    }
}

/// Stirling's series for the logarithm of the gamma function, after a shift to where it is exact
/// to nine digits.
fn ln_gamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 8.0 {
        shift -= x.ln();
        x += 1.0;
    }
    shift + (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + 1.0 / (12.0 * x)
        - 1.0 / (360.0 * x.powi(3))
}

/// How much more often two classes meet in a bead than by chance.
///
/// In general half of all beads agree in class, whatever the classes, and the others do not care.
fn agreement<const N: usize>(source: &[u8], target: &[u8], seen: &[[f32; N]; N]) -> [[f32; N]; N] {
    let shares = |classes: &[u8]| {
        let mut shares = [0.5f32; N];
        classes.iter().for_each(|&class| shares[class as usize] += 1.0);
        let total: f32 = shares.iter().sum();
        shares.map(|share| share / total)
    };
    let (source, target) = (shares(source), shares(target));
    let same: f32 = (0..N).map(|class| (source[class] * target[class]).sqrt()).sum();
    let total: f32 = seen.iter().flatten().sum();
    let mut ratios = [[0.0; N]; N];
    for (s, row) in ratios.iter_mut().enumerate() {
        for (t, ratio) in row.iter_mut().enumerate() {
            let chance = source[s] * target[t];
            let agreeing = if s == t { chance.sqrt() / same } else { 0.0 };
            let general = 0.5 * agreeing + 0.5 * chance;
            let share = (general * PRIOR_BEADS + seen[s][t]) / (PRIOR_BEADS + total);
            *ratio = (share / chance).ln();
        }
    }
    ratios
}

/// The class of the break after a sentence; nothing after the last.
pub(crate) fn break_class(side: &Side, sentence: usize) -> Option<usize> {
    let opening = *side.openings.get(sentence + 1)? as usize;
    let closing = side.closings[sentence] as usize;
    let ends = usize::from(side.has_paragraphs && side.paragraph_ends[sentence]);
    Some((closing * OPENINGS + opening) * 2 + ends)
}

/// For each sentence how much more likely the break after it is inside a bead than between two.
fn glue(side: &Side, seen: &[[f32; 2]; BREAKS]) -> Vec<f32> {
    let classes: Vec<Option<usize>> = (0..side.len()).map(|at| break_class(side, at)).collect();
    let mut counts = [0.5f32; BREAKS];
    classes.iter().flatten().for_each(|&class| counts[class] += 1.0);
    let total: f32 = counts.iter().sum();
    let inside_total: f32 = seen.iter().map(|seen| seen[1]).sum();
    let between_total: f32 = seen.iter().map(|seen| seen[0]).sum();
    let mut ratios = [0.0f32; BREAKS];
    for (class, ratio) in ratios.iter_mut().enumerate() {
        let share = counts[class] / total;
        let inside = (share * general_glue(class) * PRIOR_INSIDE + seen[class][1])
            / (PRIOR_INSIDE + inside_total);
        let between = (share * PRIOR_BREAKS + seen[class][0]) / (PRIOR_BREAKS + between_total);
        *ratio = (inside / between).ln();
    }
    classes.iter().map(|class| class.map_or(0.0, |class| ratios[class])).collect()
}

/// How many breaks between beads, and inside, what is known in general weighs against the document.
const PRIOR_BREAKS: f32 = 10.0;
const PRIOR_INSIDE: f32 = 30.0;

/// What breaks are like in general: a paragraph's end and a title stand between beads, what goes
/// on in lower case or after a colon inside.
fn general_glue(class: usize) -> f32 {
    let (closing, opening, ends) = (class / 2 / OPENINGS, class / 2 % OPENINGS, class % 2 == 1);
    let mut factor = 1.0;
    if ends {
        factor *= 0.1;
    }
    if opening == usize::from(OPENS_LOWER) {
        factor *= 3.0;
    } else if closing == usize::from(CLOSES_IN_WORD) {
        factor *= 0.1;
    }
    if closing == usize::from(CLOSES_OPEN) {
        factor *= 2.0;
    }
    factor
}

/// Expected counts, gathered over all beads by their probability.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) shapes: [f32; SHAPES],
    pub(crate) steps: [[f32; 3]; 3],
    letters: [f32; 2],
    deviation: f32,
    measured: f32,
    openings: [[f32; OPENINGS]; OPENINGS],
    closings: [[f32; CLOSINGS]; CLOSINGS],
    paragraphs: [[f32; 2]; 2],
    /// For each side and class: breaks between beads, breaks inside.
    breaks: [Box<[[f32; 2]; BREAKS]>; 2],
}

impl Default for Expected {
    fn default() -> Expected {
        Expected {
            shapes: [0.0; SHAPES],
            steps: [[0.0; 3]; 3],
            letters: [0.0; 2],
            deviation: 0.0,
            measured: 0.0,
            openings: [[0.0; OPENINGS]; OPENINGS],
            closings: [[0.0; CLOSINGS]; CLOSINGS],
            paragraphs: [[0.0; 2]; 2],
            breaks: [Box::new([[0.0; 2]; BREAKS]), Box::new([[0.0; 2]; BREAKS])],
        }
    }
}

impl Expected {
    /// Counts a bead with both sides.
    pub(crate) fn add(
        &mut self,
        parameters: &Parameters,
        (source, target): (&Side, &Side),
        (i, j, a, b): (usize, usize, usize, usize),
        weight: f32,
    ) {
        let (last_i, last_j) = (i + a - 1, j + b - 1);
        self.shapes[shape(a, b)] += weight;
        let s: f32 = source.letters[i..=last_i].iter().map(|letters| letters + 1.0).sum();
        let t: f32 = target.letters[j..=last_j].iter().map(|letters| letters + 1.0).sum();
        self.letters[0] += weight * s;
        self.letters[1] += weight * t;
        let (left, right) = (s * parameters.length.scale, t / parameters.length.scale);
        // Outliers are not what the variance is about.
        let off = (left - right).powi(2) / ((left + right) / 2.0);
        if off < 9.0 * parameters.length.variance {
            self.deviation += weight * off;
            self.measured += weight;
        }
        self.openings[source.openings[i] as usize][target.openings[j] as usize] += weight;
        self.closings[source.closings[last_i] as usize][target.closings[last_j] as usize] += weight;
        self.paragraphs[usize::from(source.paragraph_ends[last_i])]
            [usize::from(target.paragraph_ends[last_j])] += weight;
        for (side, from, to, breaks) in [(source, i, last_i, 0), (target, j, last_j, 1)] {
            for sentence in from..=to {
                if let Some(class) = break_class(side, sentence) {
                    self.breaks[breaks][class][usize::from(sentence < to)] += weight;
                }
            }
        }
    }
}
