//! What the words say: for each place of the band how well sentences explain each other.

use super::band::Band;
use super::features::Side;
use crate::lexicon::model::Links;

/// The most sentences of one side in a bead.
pub(crate) const MOST_SENTENCES: usize = 6;

/// Logarithms of likelihood ratios (related : unrelated) by words, for all beads of a band.
///
/// In model 1 the likelihood of a target word given a block of source sentences is a sum over
/// these, so it is enough to keep, for each node and each size of block, how well the block of
/// source sentences that ends there explains the last target sentence, and the other way round.
/// The score of any bead is a sum of at most twelve of these numbers.
#[derive(Debug)]
pub(crate) struct Evidence {
    sizes: usize,
    forward: Vec<f32>,
    backward: Vec<f32>,
}

/// Stands for a block that reaches out of the band.
const OUTSIDE: f32 = f32::NEG_INFINITY;

impl Evidence {
    /// Computes the evidence for blocks of up to `sizes` sentences.
    ///
    /// Cost: for each node a step for each word of its target sentence and each link between its
    /// two sentences, and a multiplication for each word and size of block. Memory: eight bytes
    /// for each node and size.
    pub(crate) fn new(
        source: &Side,
        target: &Side,
        links: &Links,
        band: &Band,
        sizes: usize,
    ) -> Evidence {
        let mut evidence = Evidence {
            sizes,
            forward: vec![OUTSIDE; band.len() * sizes],
            backward: vec![OUTSIDE; band.len() * sizes],
        };
        let unused = |side: &Side, unused: &[f32]| -> Vec<f64> {
            (0..side.len())
                .map(|i| side.words_of(i).iter().map(|&w| f64::from(unused[w as usize])).sum())
                .collect()
        };
        let source_unused = unused(source, &links.source_unused);
        let target_unused = unused(target, &links.target_unused);
        // Entries of the links of the row's words, chained by target word: 0 ends a chain.
        let mut heads = vec![0u32; target.vocabulary.len()];
        let mut chained: Vec<Entry> = vec![Entry::default()];
        // What each of the last rows gives to each target word of its stretch of the band.
        let mut explained: Vec<Row> = (0..sizes).map(|_| Row::default()).collect();
        for row in 1..band.rows() {
            let words = source.words_of(row - 1);
            chained.truncate(1);
            for (place, &word) in words.iter().enumerate() {
                for (at, other, forward) in links.row(word) {
                    let next = heads[other as usize];
                    heads[other as usize] = chained.len() as u32;
                    chained.push(Entry {
                        word: other,
                        next,
                        place: place as u32,
                        forward,
                        backward: links.backward[at],
                    });
                }
            }
            explained.rotate_right(1);
            let range = band.row(row);
            let first = (*range.start()).max(1);
            let current = &mut explained[0];
            current.low = *range.start();
            current.high = *range.end();
            current.start = target.start(first - 1);
            current.values.clear();
            current.values.resize(target.start(*range.end()) - current.start, 0.0);
            // What each of the last columns gives to each word of the row's sentence.
            let mut gained: Vec<Vec<f32>> = vec![vec![0.0; words.len()]; sizes];
            let mut sums = vec![0.0f32; words.len()];
            for column in first..=*range.end() {
                gained.rotate_right(1);
                gained[0].fill(0.0);
                let current = &mut explained[0];
                let start = target.start(column - 1);
                for (at, &word) in target.words_of(column - 1).iter().enumerate() {
                    let mut next = heads[word as usize];
                    while next != 0 {
                        let entry = &chained[next as usize];
                        current.values[start - current.start + at] += entry.forward;
                        gained[0][entry.place as usize] += entry.backward;
                        next = entry.next;
                    }
                }
                let node = band.base(row).wrapping_add(column) * sizes;
                let (mut unused, mut length) = (0.0, 0usize);
                sums.fill(0.0);
                for size in 0..sizes.min(column) {
                    if column - size < first {
                        break;
                    }
                    unused += target_unused[column - 1 - size];
                    length += target.words_of(column - 1 - size).len();
                    sums.iter_mut().zip(&gained[size]).for_each(|(sum, gain)| *sum += gain);
                    evidence.backward[node + size] = likelihood(&sums, unused, length);
                }
            }
            for entry in &chained[1..] {
                heads[entry.word as usize] = 0;
            }
            for column in first..=*range.end() {
                let start = target.start(column - 1);
                let node = band.base(row).wrapping_add(column) * sizes;
                let (mut unused, mut length) = (0.0, 0usize);
                sums.clear();
                sums.resize(target.words_of(column - 1).len(), 0.0);
                for size in 0..sizes.min(row) {
                    let above = &explained[size];
                    if !(above.low + 1..=above.high).contains(&column) && size > 0 {
                        break;
                    }
                    unused += source_unused[row - 1 - size];
                    length += source.words_of(row - 1 - size).len();
                    let values = &above.values[start - above.start..];
                    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                    evidence.forward[node + size] = likelihood(&sums, unused, length);
                }
            }
        }
        evidence
    }

    /// The evidence for a bead of `a` source and `b` target sentences that ends at a node; nothing
    /// if part of it lies outside the band.
    pub(crate) fn bead(
        &self,
        band: &Band,
        (row, column): (usize, usize),
        a: usize,
        b: usize,
    ) -> Option<f32> {
        let mut sum = 0.0;
        let last = band.base(row).wrapping_add(column);
        for back in 0..b {
            // The corner (row, column - back) bounds the bead, so only its rows can leave the band.
            sum += self.forward[(last - back) * self.sizes + a - 1];
        }
        for back in 0..a {
            sum += self.backward[band.node(row - back, column)? * self.sizes + b - 1];
        }
        (sum > OUTSIDE).then_some(sum / 2.0)
    }
}

/// The log-likelihood ratio of a sentence, from what a block gives to each of its words.
fn likelihood(sums: &[f32], unused: f64, length: usize) -> f32 {
    if length == 0 {
        return 0.0;
    }
    // No factor is below a hundredth or above the number of words of a text: no product of these
    // many leaves the range of the type.
    let mut log = -(sums.len() as f64) * (length as f64).ln();
    for sums in sums.chunks(24) {
        let product =
            |sums: &[f32]| sums.iter().map(|&sum| f64::from(sum) + unused).product::<f64>();
        let (one, other) = sums.split_at(sums.len() / 2);
        log += (product(one) * product(other)).ln();
    }
    log as f32
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    word: u32,
    next: u32,
    place: u32,
    forward: f32,
    backward: f32,
}

/// One row of the band: what its source sentence gives to each target word.
#[derive(Clone, Debug, Default)]
struct Row {
    low: usize,
    high: usize,
    start: usize,
    values: Vec<f32>,
}
