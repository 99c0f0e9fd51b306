//! How probable it is that a bead is right.
//!
//! Two posteriors say so, that of the search and that of the second look, if their models are
//! right, which they never quite are: words of a sentence are not independent, and what a
//! translator does freely looks like noise. A logistic regression over both and over what the
//! bead is like makes a probability of them that can be trusted.
//!
//! The weights were fitted on the beads of seventeen sets from eight sources (novels, laws, United
//! Nations documents, news; with gold alignments made or checked by people), strict agreement
//! being right: Newton's method on the log-likelihood with an L2 penalty of 1 on standardised
//! features, every set weighing as 2,000 beads, small ones as less. The gold of three sets of
//! novels is itself wrong in some beads of a hundred, which keeps all confidence lower than it
//! could be.

use super::features::Side;
use super::judge::Seen;
use super::search::{Candidate, Posterior};

/// The number of features of a bead.
const FEATURES: usize = 9;

/// In the order of [`features`].
const WEIGHTS: [f32; FEATURES] =
    [3.443, 0.292, 0.348, -0.517, -2.661, -1.268, 0.422, 1.567, -0.033];

/// What the share of beads with the same words on both sides adds. Translations have next to
/// none, so that it can not be fitted; a text held against itself must be sure of itself.
const SAME: f32 = 4.0;

/// Replaces the probabilities of the beads of two documents by calibrated ones. `before` is what
/// the search thought of them before they were judged, `seen` what the judge saw of its candidates.
pub(super) fn calibrate(
    beads: &mut [Candidate],
    before: &Posterior,
    seen: &[Seen],
    source: &Side,
    target: &Side,
) {
    let letters = [source.letters.as_slice(), target.letters.as_slice()];
    let count = beads.len().max(1) as f32;
    let same = beads.iter().filter(|bead| is_same(bead, source, target)).count() as f32 / count;
    for bead in beads {
        let seen = before.number(bead).map_or_else(Seen::default, |number| seen[number]);
        let features = features(bead, before.of(bead), seen, letters);
        let sum: f32 = features.iter().zip(&WEIGHTS).map(|(value, weight)| value * weight).sum();
        let sum = sum + SAME * same;
        bead.probability = 1.0 / (1.0 + (-sum).exp());
    }
}

/// What a bead is like: its probability now and before, whether and how far it is not one to one,
/// how short its shortest sentence is (nobody can tell which neighbour took a fragment), how far
/// the words of one side explain the other's.
fn features(bead: &Candidate, before: f32, seen: Seen, letters: [&[f32]; 2]) -> [f32; FEATURES] {
    let source = &letters[0][bead.i..bead.i + bead.a];
    let target = &letters[1][bead.j..bead.j + bead.b];
    let shortest = source.iter().chain(target).copied().fold(1000.0, f32::min);
    [
        1.0,
        logit(bead.probability),
        logit(before.min(1.0)),
        f32::from(u8::from(is_single(bead))),
        f32::from(u8::from(bead.a == 0 || bead.b == 0)),
        (bead.a + bead.b) as f32,
        (1.0 + shortest).ln(),
        seen.explained,
        seen.words,
    ]
}

fn is_same(bead: &Candidate, source: &Side, target: &Side) -> bool {
    if !is_single(bead) {
        return false;
    }
    let (one, other) = (source.words_of(bead.i), target.words_of(bead.j));
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|(&s, &t)| source.vocabulary.word(s) == target.vocabulary.word(t))
}

fn is_single(bead: &Candidate) -> bool {
    (bead.a, bead.b) == (1, 1)
}

/// The logarithm of the odds, within ±7.
fn logit(probability: f32) -> f32 {
    ((probability + 1e-3) / (1.0 - probability + 1e-3)).ln()
}
