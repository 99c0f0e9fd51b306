//! Three languages: what three alignments of two agree on.
//!
//! An alignment is a chain of *cuts*: places where all texts have a boundary of beads. The cuts of
//! each pair of languages are known; a triple of places is a cut of all three if two of the pairs
//! have it. Triples that all pairs have never contradict each other and are kept; of the others those
//! are taken that give the beads the pairs are most sure of.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::alignment::Bead;

/// The pairs of documents, by number.
pub(super) const PAIRS: [[usize; 2]; 3] = [[0, 1], [0, 2], [1, 2]];

/// A bead of two documents.
#[derive(Clone, Debug)]
pub(super) struct PairBead {
    pub(super) sides: [Range<usize>; 2],
    pub(super) confidence: f64,
    pub(super) is_fixed: bool,
}

type Cut = [usize; 3];

/// How many cuts back a cut looks for the one before it. Contradictions are local.
const LOOK_BACK: usize = 64;
/// What a pair that does not have a bead leaves of the confidence of the others.
const CONTRADICTED: f64 = 0.5;

/// Joins the alignments of three pairs. Gives the beads, and the numbers of those fixed beads that
/// could not be kept.
///
/// Cost: linear in the number of sentences.
pub(super) fn join(
    lengths: [usize; 3],
    pairs: &[Vec<PairBead>; 3],
    fixed: &[Vec<Range<usize>>],
) -> (Vec<Bead>, Vec<usize>) {
    let graphs: Vec<Graph> = pairs.iter().map(|beads| Graph::new(beads)).collect();
    let mut skeleton: Vec<Cut> = vec![[0; 3], lengths];
    // Where beads start that must not be cut.
    let mut whole = HashSet::new();
    let mut lost = Vec::new();
    for (number, bead) in fixed.iter().enumerate() {
        let ends = forced(bead, &graphs);
        let fits = |cut: &Cut| skeleton.iter().all(|other| ordered(cut, other));
        // What lies inside the bead must not be cut either.
        let inside = |cut: &Cut| {
            (0..3).any(|side| bead[side].start < cut[side] && cut[side] < bead[side].end)
        };
        if ends.iter().all(fits) && !skeleton.iter().any(inside) {
            skeleton.extend(ends);
            whole.insert(ends[0]);
        } else {
            lost.push(number);
        }
    }
    skeleton.sort_unstable();
    skeleton.dedup();
    let mut agreed = triples(&graphs);
    // The skeleton is a chain: a triple fits it if it fits the two cuts around its place.
    agreed.retain(|(cut, _)| {
        let at = skeleton.partition_point(|other| other <= cut);
        let around = &skeleton[at.saturating_sub(1)..(at + 1).min(skeleton.len())];
        around.iter().all(|other| ordered(cut, other))
            && !(whole.contains(&around[0]) && around[1..].iter().any(|end| precedes(cut, end)))
    });
    agreed.extend(skeleton.iter().map(|&cut| (cut, true)));
    agreed.sort_unstable_by(|one, other| {
        let sum = |cut: &Cut| cut.iter().sum::<usize>();
        (sum(&one.0), one.0, other.1).cmp(&(sum(&other.0), other.0, one.1))
    });
    agreed.dedup_by_key(|(cut, _)| *cut);
    let cuts = surest_chain(&agreed, &graphs);
    let beads = cuts
        .windows(2)
        .map(|ends| {
            let sides = between(&ends[0], &ends[1]);
            let is_fixed = (fixed.iter().enumerate())
                .any(|(number, bead)| !lost.contains(&number) && same(bead, &sides));
            let confidence = if is_fixed { 1.0 } else { confidence(&sides, &graphs) };
            Bead { sides: sides.into(), confidence, is_fixed }
        })
        .collect();
    (beads, lost)
}

/// The cuts of one pair.
#[derive(Debug)]
struct Graph {
    /// For each place of one side the places of the other, from the first to the last.
    forward: HashMap<usize, Range<usize>>,
    backward: HashMap<usize, Range<usize>>,
    /// The confidence of beads by where they start.
    beads: HashMap<[usize; 2], ([usize; 2], f64)>,
}

impl Graph {
    fn new(beads: &[PairBead]) -> Graph {
        let mut graph =
            Graph { forward: HashMap::new(), backward: HashMap::new(), beads: HashMap::new() };
        graph.add(0, 0);
        for bead in beads {
            let [one, other] = &bead.sides;
            graph.beads.insert([one.start, other.start], ([one.end, other.end], bead.confidence));
            graph.add(one.end, other.end);
        }
        graph
    }

    fn add(&mut self, one: usize, other: usize) {
        let grow = |places: &mut HashMap<usize, Range<usize>>, from, to| {
            let range = places.entry(from).or_insert(to..to + 1);
            range.end = range.end.max(to + 1);
        };
        grow(&mut self.forward, one, other);
        grow(&mut self.backward, other, one);
    }

    /// The places of the other side that are cut together with a place of one side (0 or 1).
    ///
    /// A run of untranslated sentences may be one bead when it was fixed, so that not every place
    /// of the range is a cut; [`has`](Graph::has) knows.
    fn places(&self, side: usize, place: usize) -> Range<usize> {
        let places = if side == 0 { &self.forward } else { &self.backward };
        places.get(&place).cloned().unwrap_or(0..0)
    }

    fn has(&self, one: usize, other: usize) -> bool {
        self.forward.get(&one).is_some_and(|places| places.contains(&other))
            && self.backward.get(&other).is_some_and(|places| places.contains(&one))
    }

    /// The least confidence of the beads between two cuts; nothing if it has not both cuts.
    fn confidence(&self, start: [usize; 2], end: [usize; 2]) -> Option<f64> {
        let (mut at, mut least) = (start, 1.0f64);
        while at != end {
            let &(next, confidence) = self.beads.get(&at)?;
            if next[0] > end[0] || next[1] > end[1] {
                return None;
            }
            (at, least) = (next, least.min(confidence));
        }
        Some(least)
    }
}

/// The graph of two documents and whether they stand the other way round in it.
fn pair_of(one: usize, other: usize) -> (usize, bool) {
    let pair = PAIRS.iter().position(|&[a, b]| [a, b] == [one, other] || [a, b] == [other, one]);
    (pair.unwrap_or_default(), one > other)
}

/// The two cuts around a fixed bead. A language that has nothing in it is cut where another
/// language of the bead says.
fn forced(bead: &[Range<usize>], graphs: &[Graph]) -> [Cut; 2] {
    let known = bead.iter().position(|side| !side.is_empty()).unwrap_or_default();
    let mut ends = [[0; 3]; 2];
    for side in 0..3 {
        if bead[side].is_empty() {
            let (pair, swapped) = pair_of(known, side);
            // The bead's sentences stand alone in this pair: both their ends are cut together with
            // one place of the language.
            let before = graphs[pair].places(usize::from(swapped), bead[known].start);
            let place = before.end.saturating_sub(1);
            ends[0][side] = place;
            ends[1][side] = place;
        } else {
            ends[0][side] = bead[side].start;
            ends[1][side] = bead[side].end;
        }
    }
    ends
}

/// Triples that two or three of the pairs have, and whether all three have them.
fn triples(graphs: &[Graph]) -> Vec<(Cut, bool)> {
    let mut found = Vec::new();
    for pivot in 0..3 {
        let [one, other] = [(pivot + 1) % 3, (pivot + 2) % 3];
        let ((first, first_swapped), (second, second_swapped)) =
            (pair_of(pivot, one), pair_of(pivot, other));
        let graph = &graphs[first];
        let places = if first_swapped { &graph.backward } else { &graph.forward };
        for (&place, ones) in places {
            let others = graphs[second].places(usize::from(second_swapped), place);
            // Runs on both sides would give a rectangle of triples; those that the third pair
            // knows are found from its side.
            if ones.len() > 1 && others.len() > 1 {
                continue;
            }
            for at_one in ones.clone() {
                for at_other in others.clone() {
                    let mut cut = [0; 3];
                    cut[pivot] = place;
                    cut[one] = at_one;
                    cut[other] = at_other;
                    let agreeing = (PAIRS.iter().zip(graphs))
                        .filter(|([a, b], graph)| graph.has(cut[*a], cut[*b]))
                        .count();
                    if agreeing >= 2 {
                        found.push((cut, agreeing == 3));
                    }
                }
            }
        }
    }
    found
}

/// Whether one cut is nowhere after the other.
fn precedes(one: &Cut, other: &Cut) -> bool {
    one.iter().zip(other).all(|(one, other)| one <= other)
}

fn ordered(one: &Cut, other: &Cut) -> bool {
    precedes(one, other) || precedes(other, one)
}

/// The chain of cuts that rises on all sides, holds all cuts that must be in it (marked) and makes
/// the beads that the pairs are surest of. The cuts are sorted by the sum of their places, the first
/// precedes all others and the last follows them.
fn surest_chain(cuts: &[(Cut, bool)], graphs: &[Graph]) -> Vec<Cut> {
    let mut best: Vec<(f64, usize)> = vec![(f64::NEG_INFINITY, 0); cuts.len()];
    best[0].0 = 0.0;
    // Where the last cut that must be in the chain stands.
    let mut must = 0;
    for at in 1..cuts.len() {
        let from = at.saturating_sub(LOOK_BACK).max(must + 1);
        let before = (from..at).rev().chain([must]).filter(|&before| {
            best[before].0 > f64::NEG_INFINITY && precedes(&cuts[before].0, &cuts[at].0)
        });
        for before in before.collect::<Vec<usize>>() {
            let sides = between(&cuts[before].0, &cuts[at].0);
            let value =
                best[before].0 + agreement(&sides, graphs).map(|sure| sure - 0.5).sum::<f64>();
            if value > best[at].0 {
                best[at] = (value, before);
            }
        }
        if cuts[at].1 {
            must = at;
        }
    }
    let mut at = cuts.len() - 1;
    let mut chain = vec![cuts[at].0];
    while at > 0 {
        at = best[at].1;
        chain.push(cuts[at].0);
    }
    chain.reverse();
    chain
}

fn between(start: &Cut, end: &Cut) -> [Range<usize>; 3] {
    std::array::from_fn(|side| start[side]..end[side])
}

/// How sure each pair is of a bead that it sees anything of; 0 if it contradicts the bead.
fn agreement(sides: &[Range<usize>; 3], graphs: &[Graph]) -> impl Iterator<Item = f64> {
    (PAIRS.iter().zip(graphs))
        .filter(|([one, other], _)| !sides[*one].is_empty() || !sides[*other].is_empty())
        .map(|([one, other], graph)| {
            let (one, other) = (&sides[*one], &sides[*other]);
            graph.confidence([one.start, other.start], [one.end, other.end]).unwrap_or(0.0)
        })
}

fn same(fixed: &[Range<usize>], sides: &[Range<usize>; 3]) -> bool {
    fixed.iter().zip(sides).all(|(one, other)| one == other || one.is_empty() && other.is_empty())
}

/// Where all pairs have the bead they bear each other out: two of them imply the third, so that the
/// least sure may be wrong about itself and the bead still right. A pair that contradicts the
/// bead leaves it in doubt, however sure the others are.
fn confidence(sides: &[Range<usize>; 3], graphs: &[Graph]) -> f64 {
    let mut sure: Vec<f64> = agreement(sides, graphs).collect();
    sure.sort_unstable_by(f64::total_cmp);
    match sure.as_slice() {
        [least, rest @ ..] if *least <= 0.0 => rest.first().map_or(0.0, |rest| rest * CONTRADICTED),
        [_, middle, _] => *middle,
        _ => sure.first().copied().unwrap_or_default(),
    }
}
