//! All ways through a few candidates: the search once more, where every bead has its own score.

use super::band::Band;
use super::parameters::STATES;
use super::search::Posterior;

/// Sentences less likely than this to stand alone do not.
const LEAST_ALONE: f32 = 1e-3;

/// The candidates of a search and the sentences that may stand alone, as arcs between nodes. Only
/// arcs on a way from the first node to the last are kept.
#[derive(Debug)]
pub(super) struct Lattice {
    arcs: Vec<Arc>,
    nodes: usize,
}

#[derive(Clone, Copy, Debug)]
struct Arc {
    from: usize,
    to: usize,
    /// 0 for a bead with both sides, 1 for a source sentence alone, 2 for a target sentence.
    state: usize,
    /// The number of the candidate or of the sentence.
    what: usize,
}

impl Lattice {
    /// Cost: a step for each node of the band and each candidate. Memory: six bytes for each node,
    /// 32 for each arc.
    pub(super) fn new(band: &Band, posterior: &Posterior) -> Lattice {
        let mut reached = vec![false; band.len()];
        reached[0] = true;
        let mut arcs: Vec<Arc> = Vec::new();
        // The search left the candidates in the order of its way back.
        let mut candidates = posterior.candidates.iter().enumerate().rev().peekable();
        for row in 0..band.rows() {
            for column in band.row(row) {
                let from = band.base(row).wrapping_add(column);
                let is_live = reached[from];
                let mut add = |to: Option<usize>, state: usize, what: usize| {
                    if let Some(to) = to.filter(|_| is_live) {
                        reached[to] = true;
                        arcs.push(Arc { from, to, state, what });
                    }
                };
                while let Some((number, bead)) =
                    candidates.next_if(|(_, bead)| (bead.i, bead.j) == (row, column))
                {
                    add(band.node(row + bead.a, column + bead.b), 0, number);
                }
                if posterior.alone[0].get(row).is_some_and(|&alone| alone > LEAST_ALONE) {
                    add(band.node(row + 1, column), 1, row);
                }
                if posterior.alone[1].get(column).is_some_and(|&alone| alone > LEAST_ALONE) {
                    add(band.node(row, column + 1), 2, column);
                }
            }
        }
        let mut leads = vec![false; band.len()];
        leads[band.len() - 1] = true;
        for arc in arcs.iter().rev() {
            leads[arc.from] |= leads[arc.to];
        }
        arcs.retain(|arc| leads[arc.to]);
        let mut nodes = 0;
        let mut numbers = vec![u32::MAX; band.len()];
        for (number, (reached, leads)) in numbers.iter_mut().zip(reached.iter().zip(&leads)) {
            if *reached && *leads {
                *number = nodes;
                nodes += 1;
            }
        }
        for arc in &mut arcs {
            arc.from = numbers[arc.from] as usize;
            arc.to = numbers[arc.to] as usize;
        }
        Lattice { arcs, nodes: nodes as usize }
    }

    /// Replaces the probabilities of a posterior, given the score of each candidate and of each
    /// step from one state to the next, as logarithms.
    pub(super) fn weigh(
        &self,
        posterior: &mut Posterior,
        scores: &[f32],
        steps: &[[f32; STATES]; STATES],
    ) {
        // The band is cut where nothing was likely enough: then the search has the last word.
        if self.arcs.is_empty() {
            return;
        }
        let score = |arc: &Arc| if arc.state == 0 { f64::from(scores[arc.what]) } else { 0.0 };
        let nothing = [f64::NEG_INFINITY; STATES];
        let mut forward = vec![nothing; self.nodes];
        forward[0][0] = 0.0;
        for arc in &self.arcs {
            let before = forward[arc.from];
            let ways = (0..STATES).map(|state| before[state] + f64::from(steps[state][arc.state]));
            let sum = ways.fold(f64::NEG_INFINITY, log_plus) + score(arc);
            let to = &mut forward[arc.to][arc.state];
            *to = log_plus(*to, sum);
        }
        let total = forward[self.nodes - 1].into_iter().fold(f64::NEG_INFINITY, log_plus);
        let mut following = vec![nothing; self.nodes];
        following[self.nodes - 1] = [0.0; STATES];
        posterior.candidates.iter_mut().for_each(|candidate| candidate.probability = 0.0);
        posterior.alone.iter_mut().for_each(|alone| alone.fill(0.0));
        for arc in self.arcs.iter().rev() {
            let after = following[arc.to][arc.state] + score(arc);
            let mut ways = f64::NEG_INFINITY;
            for (state, steps) in steps.iter().enumerate() {
                let value = after + f64::from(steps[arc.state]);
                ways = log_plus(ways, forward[arc.from][state] + value);
                let here = &mut following[arc.from][state];
                *here = log_plus(*here, value);
            }
            let share = (ways - total).exp().min(1.0) as f32;
            match arc.state {
                0 => posterior.candidates[arc.what].probability = share,
                state => posterior.alone[state - 1][arc.what] += share,
            }
        }
    }
}

fn log_plus(one: f64, other: f64) -> f64 {
    let (large, small) = if one > other { (one, other) } else { (other, one) };
    if small == f64::NEG_INFINITY { large } else { large + (small - large).exp().ln_1p() }
}
