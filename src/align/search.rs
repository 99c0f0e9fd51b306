//! The search: all ways through a band at once, forward and backward, and the best one.

use std::cmp::Reverse;
use std::ops::Range;

use super::band::Band;
use super::evidence::{Evidence, MOST_SENTENCES};
use super::features::Side;
use super::fixed::Bond;
use super::parameters::{Expected, Parameters, shape, shapes};
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
    /// Beads with both sides, in the order of their starts from the last to the first.
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
        self.number(bead).map_or(0.0, |number| self.candidates[number].probability)
    }

    /// Which candidate a bead is, if it is one.
    pub(super) fn number(&self, bead: &Candidate) -> Option<usize> {
        let start = |other: &Candidate| (other.i, other.j);
        let first = self.candidates.partition_point(|other| start(other) > start(bead));
        (self.candidates[first..].iter())
            .take_while(|other| start(other) == start(bead))
            .position(|other| (other.a, other.b) == (bead.a, bead.b))
            .map(|after| first + after)
    }
}

/// Beads less likely than this are forgotten.
const LEAST_PROBABILITY: f32 = 3e-3;

/// Shares of probability below this, as a logarithm, are none.
const NEGLIGIBLE: f32 = -13.0;

/// Of the beads that end at a node so many are kept, the likeliest. Where more matter, sentences
/// are all alike, and memory would pay for what nobody can tell.
const MOST_KEPT: usize = 6;

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
    /// Cost: for each node a step for each shape of bead, and a few for those that matter. Memory:
    /// sixteen bytes for each node and eight for each bead that matters, of which a node has six at
    /// most.
    pub(crate) fn run(&self) -> Posterior {
        let forward = self.forward();
        self.backward(&forward)
    }

    fn forward(&self) -> Forward {
        let band = self.band;
        let shapes = shapes(self.most);
        let steps = &self.steps();
        // Each row is kept relative to an offset, or the logarithms of a long text lose digits.
        let mut offsets = vec![0.0f64; band.rows()];
        let mut nodes = vec![NOTHING; band.len()];
        let mut leaving = vec![f32::NEG_INFINITY; band.len()];
        let mut beads: Vec<Bead> = Vec::new();
        let mut starts: Vec<usize> = Vec::with_capacity(band.rows() + 1);
        let mut terms: Vec<(f32, Bead)> = Vec::new();
        for row in 0..band.rows() {
            starts.push(beads.len());
            offsets[row] = if row == 0 { 0.0 } else { offsets[row - 1] };
            let base = band.base(row);
            let low = *band.row(row).start();
            let mut largest = f32::NEG_INFINITY;
            for column in band.row(row) {
                let here = base.wrapping_add(column);
                if here == 0 {
                    nodes[0] = [0.0, f32::NEG_INFINITY, f32::NEG_INFINITY];
                    leaving[0] = steps[0][0];
                    largest = 0.0;
                    continue;
                }
                let mut node = NOTHING;
                terms.clear();
                for &(a, b) in &shapes {
                    if a > row || b > column {
                        continue;
                    }
                    let Some(before) = band.node(row - a, column - b) else { continue };
                    let before = leaving[before];
                    if before == f32::NEG_INFINITY {
                        continue;
                    }
                    if let Some(score) = self.score(row, column, a, b) {
                        let value = before + score + (offsets[row - a] - offsets[row]) as f32;
                        terms.push((value, Bead::new(column - low, a, b, score)));
                    }
                }
                node[0] = log_sum(terms.iter().map(|term| term.0));
                // What has next to no share in the ways that arrive here has none in those that
                // go on.
                terms.retain(|term| term.0 - node[0] > NEGLIGIBLE);
                if terms.len() > MOST_KEPT {
                    terms.sort_unstable_by(|one, other| {
                        other.0.total_cmp(&one.0).then(one.1.place.cmp(&other.1.place))
                    });
                    terms.truncate(MOST_KEPT);
                }
                beads.extend(terms.iter().map(|term| term.1));
                if let Some(above) = row.checked_sub(1).and_then(|above| band.node(above, column)) {
                    node[1] = reaching(&nodes[above], steps, 1)
                        + (offsets[row - 1] - offsets[row]) as f32;
                }
                if let Some(left) = column.checked_sub(1).and_then(|left| band.node(row, left)) {
                    node[2] = reaching(&nodes[left], steps, 2);
                }
                nodes[here] = node;
                leaving[here] = reaching(&node, steps, 0);
                largest = node.into_iter().fold(largest, f32::max);
            }
            let of_row =
                base.wrapping_add(*band.row(row).start())..=base.wrapping_add(*band.row(row).end());
            if largest.is_finite() {
                offsets[row] += f64::from(largest);
                nodes[of_row.clone()].iter_mut().flatten().for_each(|value| *value -= largest);
                leaving[of_row].iter_mut().for_each(|value| *value -= largest);
            }
        }
        starts.push(beads.len());
        Forward { nodes, leaving, offsets, beads, starts }
    }

    fn backward(&self, forward: &Forward) -> Posterior {
        let band = self.band;
        let steps = &self.steps();
        let (last_row, last_column) = (band.rows() - 1, self.target.len());
        let end = forward.nodes[band.len() - 1];
        let total = f64::from(log_sum(end)) + forward.offsets[last_row];
        let mut posterior = Posterior {
            alone: [vec![0.0; self.source.len()], vec![0.0; self.target.len()]],
            ..Posterior::default()
        };
        // For the last rows: what the beads that start at each node lead to.
        let rows_kept = self.most + 1;
        let width = |row: usize| band.row(row).end() - band.row(row).start() + 1;
        let mut leading: Vec<Vec<Sum>> = vec![Vec::new(); rows_kept];
        for row in last_row.saturating_sub(self.most)..=last_row {
            leading[row % rows_kept].resize(width(row), Sum::default());
        }
        // What follows each node of the row below, by the state the node is reached in.
        let mut below: Vec<[f64; 3]> = Vec::new();
        let mut here: Vec<[f64; 3]> = Vec::new();
        for row in (0..=last_row).rev() {
            let range = band.row(row);
            let low = *range.start();
            here.clear();
            here.resize(width(row), [f64::NEG_INFINITY; 3]);
            let mut beads =
                forward.beads[forward.starts[row]..forward.starts[row + 1]].iter().rev();
            let mut bead = beads.next();
            for column in range.clone().rev() {
                let node = band.base(row).wrapping_add(column);
                let at = &forward.nodes[node];
                // What this node's share of all ways is, before what follows.
                let scale = forward.offsets[row] - total;
                let mut following = [f64::NEG_INFINITY; 3];
                if row == last_row && column == last_column {
                    following = [0.0; 3];
                } else {
                    let mut after = [f64::NEG_INFINITY; 3];
                    after[0] = leading[row % rows_kept][column - low].log();
                    if row < last_row && band.node(row + 1, column).is_some() {
                        after[1] = below[column - *band.row(row + 1).start()][1];
                    }
                    if column < *range.end() {
                        after[2] = here[column + 1 - low][2];
                    }
                    for (state, following) in following.iter_mut().enumerate() {
                        let ways: [f64; 3] =
                            std::array::from_fn(|step| f64::from(steps[state][step]) + after[step]);
                        *following = log_sum_wide(ways);
                        for (step, way) in ways.iter().enumerate() {
                            let share = (f64::from(at[state]) + way + scale) as f32;
                            if share > NEGLIGIBLE {
                                let share = share.exp();
                                posterior.expected.steps[state][step] += share;
                                match step {
                                    0 => {}
                                    1 => posterior.alone[0][row] += share,
                                    _ => posterior.alone[1][column] += share,
                                }
                            }
                        }
                    }
                }
                here[column - low] = following;
                while let Some(ending) = bead.filter(|bead| bead.offset() == column - low) {
                    bead = beads.next();
                    let (a, b) = ending.size();
                    let (i, j) = (row - a, column - b);
                    let Some(start) = band.node(i, j) else { continue };
                    let value = f64::from(ending.score) + following[0];
                    leading[i % rows_kept][j - *band.row(i).start()].add(value);
                    let share = f64::from(forward.leaving[start]) + forward.offsets[i] + value;
                    let probability = ((share - total) as f32).exp();
                    if probability > LEAST_PROBABILITY {
                        let probability = probability.min(1.0);
                        posterior.candidates.push(Candidate { i, j, a, b, probability });
                        posterior.expected.add(
                            self.parameters,
                            (self.source, self.target),
                            (i, j, a, b),
                            probability,
                        );
                    }
                }
            }
            std::mem::swap(&mut below, &mut here);
            // The row's place is for the next one that beads can start in.
            if let Some(next) = row.checked_sub(rows_kept) {
                let place = &mut leading[row % rows_kept];
                place.clear();
                place.resize(width(next), Sum::default());
            }
        }
        posterior
            .candidates
            .sort_unstable_by_key(|bead| (Reverse((bead.i, bead.j)), bead.a, bead.b));
        posterior
    }
}

/// What the way forward leaves for the way back.
struct Forward {
    /// Logarithms for each node and state, relative to the row's offset.
    nodes: Vec<Node>,
    /// The same for all ways through a node that go on with a bead.
    leaving: Vec<f32>,
    offsets: Vec<f64>,
    /// The beads that matter, by the nodes they end at.
    beads: Vec<Bead>,
    /// Where those of each row start; one more at the end.
    starts: Vec<usize>,
}

/// A bead by its end, of which the row is known.
#[derive(Clone, Copy)]
struct Bead {
    /// Where in the row's stretch of the band it ends, and its shape in the last six bits.
    place: u32,
    score: f32,
}

impl Bead {
    fn new(offset: usize, a: usize, b: usize, score: f32) -> Bead {
        Bead { place: (offset << 6) as u32 | shape(a, b) as u32, score }
    }

    fn offset(&self) -> usize {
        (self.place >> 6) as usize
    }

    /// How many sentences of each side it has.
    fn size(&self) -> (usize, usize) {
        let shape = (self.place & 63) as usize;
        (shape / MOST_SENTENCES + 1, shape % MOST_SENTENCES + 1)
    }
}

/// A sum of numbers that are added as logarithms.
#[derive(Clone, Copy)]
struct Sum {
    largest: f64,
    /// In units of the largest.
    sum: f32,
}

impl Default for Sum {
    fn default() -> Sum {
        Sum { largest: f64::NEG_INFINITY, sum: 0.0 }
    }
}

impl Sum {
    fn add(&mut self, value: f64) {
        if value == f64::NEG_INFINITY {
            return;
        }
        if value <= self.largest {
            self.sum += ((value - self.largest) as f32).exp();
        } else {
            self.sum = self.sum * ((self.largest - value) as f32).exp() + 1.0;
            self.largest = value;
        }
    }

    fn log(&self) -> f64 {
        if self.sum > 0.0 { self.largest + f64::from(self.sum.ln()) } else { f64::NEG_INFINITY }
    }
}

/// All ways that reach a node and go on by a step of a kind.
fn reaching(node: &Node, steps: &[[f32; 3]; 3], step: usize) -> f32 {
    log_sum([node[0] + steps[0][step], node[1] + steps[1][step], node[2] + steps[2][step]])
}

fn log_sum(terms: impl IntoIterator<Item = f32, IntoIter: Clone>) -> f32 {
    let terms = terms.into_iter();
    let largest = terms.clone().fold(f32::NEG_INFINITY, f32::max);
    if largest == f32::NEG_INFINITY {
        return largest;
    }
    // What is smaller than the last digit adds nothing.
    let near = terms.map(|term| term - largest).filter(|&below| below > -17.0);
    let sum: f32 = near.map(|below| if below == 0.0 { 1.0 } else { below.exp() }).sum();
    if sum == 1.0 { largest } else { largest + sum.ln() }
}

fn log_sum_wide(terms: [f64; 3]) -> f64 {
    let mut sum = Sum::default();
    terms.into_iter().for_each(|term| sum.add(term));
    sum.log()
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
