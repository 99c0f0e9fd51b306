//! Probes: where a few stretches of one text stand in the other, by lengths and punctuation alone.
//!
//! Texts without a number, a name or a word that looks alike give no [anchors](super::anchors). A
//! corridor around the diagonal is then all that a search has, and it misses the way where a
//! chapter is missing. But how long some dozens of sentences in a row are, and how they end, is
//! as good as a fingerprint: a stretch of the source is held against all places of the target, and
//! counts where one place fits far better than all others.

use super::anchors::Anchor;
use super::features::Side;
use super::parameters::Parameters;

/// Stretches that are held against the other text,
const PROBES: usize = 16;
/// and how many sentences each has.
const LENGTH: usize = 48;
/// How much better than anywhere else a probe must fit, as a logarithm.
const MARGIN: f32 = 8.0;
/// Places nearer than this to each other are one place.
const NEAR: usize = 2 * LENGTH;

/// Finds where probes of the source stand, in the order of the source.
///
/// Cost: for each of the probes a few hundred steps for each target sentence.
pub(super) fn probes(source: &Side, target: &Side, parameters: &Parameters) -> Vec<Anchor> {
    if source.len() < LENGTH || target.len() < LENGTH {
        return Vec::new();
    }
    let last = source.len() - LENGTH;
    let mut starts: Vec<usize> = (0..PROBES).map(|probe| probe * last / (PROBES - 1)).collect();
    starts.dedup();
    starts.iter().filter_map(|&start| place(source, target, parameters, start)).collect()
}

/// The middle of the place where a stretch fits best, if it does so by far.
fn place(source: &Side, target: &Side, parameters: &Parameters, start: usize) -> Option<Anchor> {
    /// A way that ends here: what speaks for it, and where it passed the middle of the stretch.
    #[derive(Clone, Copy)]
    struct Way {
        value: f32,
        middle: u32,
    }
    let rows = LENGTH + 1;
    let skip = [parameters.steps[0][1], parameters.steps[0][2]];
    let mut columns = vec![vec![Way { value: 0.0, middle: 0 }; rows]; 3];
    let mut ends: Vec<Way> = Vec::with_capacity(target.len() + 1);
    for column in 0..=target.len() {
        columns.rotate_right(1);
        // A way may begin at any place of the target.
        columns[0][0] = Way { value: 0.0, middle: column as u32 };
        for row in 1..rows {
            let mut best = columns[0][row - 1];
            best.value += skip[0];
            let mut step = |way: Way, value: f32| {
                if way.value + value > best.value {
                    best = Way { value: way.value + value, ..way };
                }
            };
            if column > 0 {
                step(columns[1][row], skip[1]);
            }
            for (a, b) in [(1, 1), (1, 2), (2, 1)] {
                if a <= row && b <= column {
                    let (i, j) = (start + row - a, column - b);
                    let value = parameters.bead(source, target, i, j, a, b);
                    step(columns[b][row - a], value);
                }
            }
            if row == LENGTH / 2 {
                best.middle = column as u32;
            }
            columns[0][row] = best;
        }
        ends.push(columns[0][LENGTH]);
    }
    let best = *ends.iter().max_by(|one, other| one.value.total_cmp(&other.value))?;
    let elsewhere = (ends.iter())
        .filter(|end| end.middle.abs_diff(best.middle) as usize > NEAR)
        .map(|end| end.value)
        .fold(0.0, f32::max);
    (best.value > elsewhere + MARGIN).then(|| Anchor {
        source: start + LENGTH / 2,
        target: best.middle as usize,
        weight: best.value - elsewhere,
    })
}
