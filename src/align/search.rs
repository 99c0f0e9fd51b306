//! The search: all ways through a band at once, forward and backward, and the best one.

use std::ops::Range;

use super::band::Band;
use super::evidence::Evidence;
use super::features::Side;
use super::fixed::Bond;
use super::parameters::{Expected, Parameters, shapes};
use super::similarity::Ratios;

/// A bead that the search found likely enough to keep: source sentences from `i`, target
/// sentences from `j`, `a` and `b` of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) i: usize,
    pub(crate) j: usize,
    pub(crate) a: usize,
    pub(crate) b: usize,
    /// The probability that it is right, if the model is.
    pub(crate) probability: f32,
}

/// What a search knows at its end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Posterior {
    /// Beads with both sides, in the order of their ends from the last to the first.
    pub(crate) candidates: Vec<Candidate>,
    /// The probability of each source and each target sentence to stand alone.
    pub(crate) alone: [Vec<f32>; 2],
    pub(crate) expected: Expected,
}

impl Posterior {
    /// The probability of a bead, or of a sentence to stand alone; nothing if it is forgotten.
    pub(crate) fn of(&self, bead: &Candidate) -> f32 {
        let &Candidate { i, j, a, b, .. } = bead;
        if a == 0 || b == 0 {
            return if b == 0 { self.alone[0][i] } else { self.alone[1][j] };
        }
        let first = self.candidates.partition_point(|other| (other.i, other.j) > (i, j));
        (self.candidates[first..].iter())
            .take_while(|other| (other.i, other.j) == (i, j))
            .find(|other| (other.a, other.b) == (a, b))
            .map_or(0.0, |other| other.probability)
    }
}

/// Beads less likely than this are forgotten.
const LEAST_PROBABILITY: f32 = 1e-3;

/// What it speaks for a bead that both sentences are equal, as a logarithm.
const SAME: f32 = 8.0;

#[derive(Clone, Copy)]
pub(crate) struct Search<'s> {
    pub(crate) source: &'s Side,
    pub(crate) target: &'s Side,
    pub(crate) band: &'s Band,
    pub(crate) evidence: &'s Evidence,
    pub(crate) parameters: &'s Parameters,
    pub(crate) weight: f32,
    /// All logarithms are taken times this: below 1, the unlikely becomes less so.
    pub(crate) temper: f32,
    /// What others say of the beads.
    pub(crate) similar: Option<&'s Ratios>,
    /// The most sentences on one side of a bead.
    pub(crate) most: usize,
}

/// Logarithms of the three states of a node.
type Node = [f32; 3];
const NOTHING: Node = [f32::NEG_INFINITY; 3];

impl Search<'_> {
    /// The score of a bead that ends at (row, column).
    fn score(&self, row: usize, column: usize, a: usize, b: usize) -> Option<f32> {
        if !self.is_allowed(row - a..row, column - b..column) {
            return None;
        }
        let words = self.words(row, column, a, b)?;
        let rest = self.parameters.bead(self.source, self.target, row - a, column - b, a, b);
        let same = a == 1 && b == 1 && self.is_same(row - 1, column - 1);
        let same = if same { SAME } else { 0.0 };
        Some(self.temper * (self.weight * words + rest + same))
    }

    /// What the words, and others, say of a bead that ends at (row, column).
    pub(super) fn words(&self, row: usize, column: usize, a: usize, b: usize) -> Option<f32> {
        let words = self.evidence.bead(self.band, (row, column), a, b)?;
        let similar = self
            .similar
            .map_or(0.0, |ratios| ratios.get(self.band.base(row).wrapping_add(column), a, b));
        Some(words + similar)
    }

    /// Whether a sentence stands on both sides as it is: a number alone on a line, a name, a
    /// quotation that nobody translates, or all of a text that is its own translation.
    pub(super) fn is_same(&self, source: usize, target: usize) -> bool {
        let print = self.source.prints[source];
        print != 0 && print == self.target.prints[target]
    }

    /// Whether lines that are fixed leave room for a bead. That paired lines meet each other is the
    /// band's doing.
    fn is_allowed(&self, source: Range<usize>, target: Range<usize>) -> bool {
        let single = source.len() + target.len() == 2;
        (self.source.bonds[source].iter().chain(&self.target.bonds[target]))
            .all(|bond| *bond == Bond::Free || single && *bond == Bond::Paired)
    }

    fn steps(&self) -> [[f32; 3]; 3] {
        self.parameters.steps.map(|row| row.map(|step| self.temper * step))
    }

    /// Sums over all ways through the band.
    ///
    /// Cost: for each node a step for each shape of bead, twice. Memory: twelve bytes for each node.
    pub(crate) fn run(&self) -> Posterior {
        let band = self.band;
        let shapes = shapes(self.most);
        let steps = &self.steps();
        // Each row is kept relative to an offset, or the logarithms of a long text lose digits.
        let mut offsets = vec![0.0f64; band.rows()];
        let mut forward = vec![NOTHING; band.len()];
        forward[0] = [0.0, f32::NEG_INFINITY, f32::NEG_INFINITY];
        let mut terms: Vec<f32> = Vec::new();
        for row in 0..band.rows() {
            offsets[row] = if row == 0 { 0.0 } else { offsets[row - 1] };
            for column in band.row(row) {
                if row == 0 && column == 0 {
                    continue;
                }
                let mut node = NOTHING;
                terms.clear();
                for &(a, b) in &shapes {
                    if a > row || b > column {
                        continue;
                    }
                    let Some(before) = band.node(row - a, column - b) else { continue };
                    let before = leaving(&forward[before], steps, 0);
                    if before == f32::NEG_INFINITY {
                        continue;
                    }
                    if let Some(score) = self.score(row, column, a, b) {
                        terms.push(before + score + (offsets[row - a] - offsets[row]) as f32);
                    }
                }
                node[0] = log_sum(&terms);
                if let Some(above) = row.checked_sub(1).and_then(|above| band.node(above, column)) {
                    node[1] = leaving(&forward[above], steps, 1)
                        + (offsets[row - 1] - offsets[row]) as f32;
                }
                if let Some(left) = column.checked_sub(1).and_then(|left| band.node(row, left)) {
                    node[2] = leaving(&forward[left], steps, 2);
                }
                forward[band.base(row).wrapping_add(column)] = node;
            }
            let nodes = band.base(row).wrapping_add(*band.row(row).start())
                ..=band.base(row).wrapping_add(*band.row(row).end());
            let largest =
                forward[nodes.clone()].iter().flatten().copied().fold(f32::NEG_INFINITY, f32::max);
            if largest.is_finite() {
                offsets[row] += f64::from(largest);
                forward[nodes].iter_mut().flatten().for_each(|value| *value -= largest);
            }
        }
        self.backward(&shapes, &forward, &offsets)
    }

    fn backward(&self, shapes: &[(usize, usize)], forward: &[Node], offsets: &[f64]) -> Posterior {
        let band = self.band;
        let steps = &self.steps();
        let (last_row, last_column) = (band.rows() - 1, self.target.len());
        let total = f64::from(log_sum(&forward[band.len() - 1])) + offsets[last_row];
        let mut posterior = Posterior {
            alone: [vec![0.0; self.source.len()], vec![0.0; self.target.len()]],
            ..Posterior::default()
        };
        // For the last rows: what follows each node, by the state the node is reached in.
        let rows_kept = self.most + 1;
        let mut following: Vec<Vec<Node>> = vec![Vec::new(); rows_kept];
        let mut back_offsets = vec![0.0f64; band.rows()];
        let mut terms: [Vec<f32>; 3] = Default::default();
        for row in (0..band.rows()).rev() {
            let range = band.row(row);
            let (low, width) = (*range.start(), range.end() - range.start() + 1);
            back_offsets[row] = if row == last_row { 0.0 } else { back_offsets[row + 1] };
            let mut here = std::mem::take(&mut following[row % rows_kept]);
            here.clear();
            here.resize(width, NOTHING);
            for column in range.clone().rev() {
                if row == last_row && column == last_column {
                    here[column - low] = [0.0; 3];
                    continue;
                }
                terms.iter_mut().for_each(Vec::clear);
                let at = &forward[band.base(row).wrapping_add(column)];
                // What this node's share of all ways is, before the steps that follow.
                let scale = (offsets[row] + back_offsets[row] - total) as f32;
                for &(a, b) in shapes {
                    let (end_row, end_column) = (row + a, column + b);
                    if end_row > last_row
                        || end_column > last_column
                        || band.node(end_row, end_column).is_none()
                    {
                        continue;
                    }
                    let after = following[end_row % rows_kept]
                        [end_column - *band.row(end_row).start()][0]
                        + (back_offsets[end_row] - back_offsets[row]) as f32;
                    if after == f32::NEG_INFINITY {
                        continue;
                    }
                    let Some(score) = self.score(end_row, end_column, a, b) else { continue };
                    let mut probability = 0.0;
                    for state in 0..3 {
                        let value = steps[state][0] + score + after;
                        terms[state].push(value);
                        let share = (at[state] + value + scale).exp();
                        posterior.expected.steps[state][0] += share;
                        probability += share;
                    }
                    if probability > LEAST_PROBABILITY {
                        let probability = probability.min(1.0);
                        posterior.candidates.push(Candidate {
                            i: row,
                            j: column,
                            a,
                            b,
                            probability,
                        });
                        posterior.expected.add(
                            self.parameters,
                            (self.source, self.target),
                            (row, column, a, b),
                            probability,
                        );
                    }
                }
                let below = (row < last_row && band.node(row + 1, column).is_some()).then(|| {
                    following[(row + 1) % rows_kept][column - *band.row(row + 1).start()][1]
                        + (back_offsets[row + 1] - back_offsets[row]) as f32
                });
                let right = (column < *range.end()).then(|| here[column + 1 - low][2]);
                for (step, after) in [(1, below), (2, right)] {
                    let Some(after) = after else { continue };
                    for state in 0..3 {
                        let value = steps[state][step] + after;
                        terms[state].push(value);
                        let share = (at[state] + value + scale).exp();
                        posterior.expected.steps[state][step] += share;
                        posterior.alone[step - 1][if step == 1 { row } else { column }] += share;
                    }
                }
                for state in 0..3 {
                    here[column - low][state] = log_sum(&terms[state]);
                }
            }
            let largest = here.iter().flatten().copied().fold(f32::NEG_INFINITY, f32::max);
            if largest.is_finite() {
                back_offsets[row] += f64::from(largest);
                here.iter_mut().flatten().for_each(|value| *value -= largest);
            }
            following[row % rows_kept] = here;
        }
        posterior
    }
}

/// All ways that reach a node and go on by a step of a kind.
fn leaving(node: &Node, steps: &[[f32; 3]; 3], step: usize) -> f32 {
    log_sum(&[node[0] + steps[0][step], node[1] + steps[1][step], node[2] + steps[2][step]])
}

fn log_sum(terms: &[f32]) -> f32 {
    let largest = terms.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if largest == f32::NEG_INFINITY {
        return largest;
    }
    largest + terms.iter().map(|term| (term - largest).exp()).sum::<f32>().ln()
}

/// The way with the most beads that are expected to be right.
///
/// A bead counts by its probability, less a cost: the strict measure divides by the number of
/// beads, so a bead must be likelier than that to be worth showing.
pub(crate) fn decode(band: &Band, posterior: &Posterior, cost: f32) -> Vec<Candidate> {
    #[derive(Clone, Copy)]
    struct Best {
        value: f32,
        a: u8,
        b: u8,
        probability: f32,
    }
    let mut best =
        vec![Best { value: f32::NEG_INFINITY, a: 0, b: 0, probability: 0.0 }; band.len()];
    best[0].value = 0.0;
    let mut candidates = posterior.candidates.iter().rev().peekable();
    for row in 0..band.rows() {
        for column in band.row(row) {
            let node = band.base(row).wrapping_add(column);
            if let Some(left) = column.checked_sub(1).and_then(|left| band.node(row, left)) {
                let probability = posterior.alone[1][column - 1];
                let value = best[left].value + probability - cost;
                if value > best[node].value {
                    best[node] = Best { value, a: 0, b: 1, probability };
                }
            }
            if let Some(above) = row.checked_sub(1).and_then(|above| band.node(above, column)) {
                let probability = posterior.alone[0][row - 1];
                let value = best[above].value + probability - cost;
                if value > best[node].value {
                    best[node] = Best { value, a: 1, b: 0, probability };
                }
            }
            let value = best[node].value;
            while let Some(next) = candidates.next_if(|next| (next.i, next.j) == (row, column)) {
                if let Some(end) = band.node(row + next.a, column + next.b) {
                    let value = value + next.probability - cost;
                    if value > best[end].value {
                        best[end] = Best {
                            value,
                            a: next.a as u8,
                            b: next.b as u8,
                            probability: next.probability,
                        };
                    }
                }
            }
        }
    }
    let (mut i, mut j) = (band.rows() - 1, *band.row(band.rows() - 1).end());
    let mut beads = Vec::new();
    while (i, j) != (0, 0) {
        let step = best[band.base(i).wrapping_add(j)];
        let (a, b) = (usize::from(step.a), usize::from(step.b));
        i -= a;
        j -= b;
        beads.push(Candidate { i, j, a, b, probability: step.probability.min(1.0) });
    }
    beads.reverse();
    beads
}
