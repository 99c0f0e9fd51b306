//! The baseline: alignment by length alone.
//!
//! W. A. Gale, K. W. Church, "A Program for Aligning Sentences in Bilingual Corpora",
//! Computational Linguistics 19 (1993), with the constants of the paper. The paper aligns within
//! paragraphs; here a whole document is one.

/// Source characters for one target character.
const RATIO: f64 = 1.0;
/// The variance of the target's length for each character of the source.
const VARIANCE: f64 = 6.8;
/// Sentences on both sides, and how often such beads are found.
const PRIORS: [(usize, usize, f64); 6] =
    [(1, 1, 0.89), (1, 0, 0.0099), (0, 1, 0.0099), (2, 1, 0.089), (1, 2, 0.089), (2, 2, 0.011)];

/// The beads as sentence counts of both sides, in order. Cost: the product of the lengths.
pub(crate) fn align(source: &[usize], target: &[usize]) -> Vec<(usize, usize)> {
    let width = target.len() + 1;
    let mut steps = vec![0u8; (source.len() + 1) * width];
    let mut costs = vec![vec![f64::INFINITY; width]; 3];
    for i in 0..=source.len() {
        costs.rotate_right(1);
        costs[0].fill(f64::INFINITY);
        for j in 0..width {
            if (i, j) == (0, 0) {
                costs[0][0] = 0.0;
                continue;
            }
            for (step, &(a, b, prior)) in PRIORS.iter().enumerate() {
                if a > i || b > j || costs[a][j - b].is_infinite() {
                    continue;
                }
                let length = |lengths: &[usize]| lengths.iter().sum::<usize>() as f64;
                let cost = costs[a][j - b]
                    + match_cost(length(&source[i - a..i]), length(&target[j - b..j]))
                    - prior.ln();
                if cost < costs[0][j] {
                    costs[0][j] = cost;
                    steps[i * width + j] = step as u8;
                }
            }
        }
    }
    let (mut i, mut j) = (source.len(), target.len());
    let mut beads = Vec::new();
    while (i, j) != (0, 0) {
        let (a, b, _) = PRIORS[usize::from(steps[i * width + j])];
        beads.push((a, b));
        (i, j) = (i - a, j - b);
    }
    beads.reverse();
    beads
}

/// The negative logarithm of the probability that lengths differ so much by chance.
fn match_cost(source: f64, target: f64) -> f64 {
    if source + target == 0.0 {
        return 0.0;
    }
    let mean = (source + target / RATIO) / 2.0;
    let delta = (target - source * RATIO) / (mean * VARIANCE).sqrt();
    -(2.0 * (1.0 - normal(delta.abs()))).max(1e-300).ln()
}

/// The normal distribution function (Abramowitz and Stegun, formula 26.2.17).
fn normal(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = t
        * (0.319_381_530
            + t * (-0.356_563_782
                + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    1.0 - (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt() * series
}
