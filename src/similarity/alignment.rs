//! Which token of one segment stands for which of another.

use std::collections::HashMap;
use std::ops::Range;

use super::prepared::{Prepared, PreparedToken, Tier};

/// One step of an [`alignment`](alignment()): numbers are places in
/// [`Prepared::tokens`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A token of the one stands for a token of the other; how closely they are alike.
    Pair(usize, usize, Tier),
    /// A token that only the first segment has at this place.
    Left(usize),
    /// A token that only the second segment has at this place.
    Right(usize),
}

/// Aligns the tokens of two segments: the pairs in order whose weight and likeness are greatest.
///
/// The steps visit every token of both segments once, in order. Where tokens of both sides stand
/// between two pairs, those of the first segment come first.
///
/// Cost: the product of the lengths (in tokens) of what is left between a common beginning and a
/// common end. Where that would be more than 4 million, tokens are first paired by their
/// occurrences (the first *de* with the first *de*), so that time and memory stay bounded; the
/// pairs are then still in order and alike, but there may be ones of more weight.
///
/// ```
/// use chancery::{Lang, Segment, similarity::{Preparer, Step, Tier, alignment}};
///
/// let preparer = Preparer::new(&Lang::FR);
/// let [one, other] = ["Le ministre signe.", "Les deux ministres signent."]
///     .map(|text| preparer.prepare(&Segment::from(text)));
/// assert_eq!(
///     alignment(&one, &other),
///     [
///         Step::Left(0),
///         Step::Right(0),
///         Step::Right(1),
///         Step::Pair(1, 2, Tier::Stem),
///         Step::Left(2),
///         Step::Right(3),
///         Step::Pair(3, 4, Tier::Surface),
///     ],
/// );
/// ```
pub fn alignment(one: &Prepared, other: &Prepared) -> Vec<Step> {
    let (left, right) = (one.tokens(), other.tokens());
    let begin = common(left.iter(), right.iter());
    let rest = left.len().min(right.len()) - begin;
    let end = common(left.iter().rev().take(rest), right.iter().rev().take(rest));
    let mut aligner = Aligner { left, right, steps: Vec::with_capacity(left.len() + right.len()) };
    aligner.equal(0, 0, begin);
    let (left_end, right_end) = (left.len() - end, right.len() - end);
    aligner.between(begin..left_end, begin..right_end, true);
    aligner.equal(left_end, right_end, end);
    aligner.steps
}

/// How many tokens are the same in both.
fn common<'t>(
    left: impl Iterator<Item = &'t PreparedToken>,
    right: impl Iterator<Item = &'t PreparedToken>,
) -> usize {
    left.zip(right).take_while(|(a, b)| a.alike(b) == Some(Tier::Surface)).count()
}

const MOST_CELLS: usize = 4_000_000;

struct Aligner<'t> {
    left: &'t [PreparedToken],
    right: &'t [PreparedToken],
    steps: Vec<Step>,
}

impl Aligner<'_> {
    fn equal(&mut self, left: usize, right: usize, count: usize) {
        self.steps.extend((0..count).map(|at| Step::Pair(left + at, right + at, Tier::Surface)));
    }

    fn apart(&mut self, left: Range<usize>, right: Range<usize>) {
        self.steps.extend(left.map(Step::Left));
        self.steps.extend(right.map(Step::Right));
    }

    fn between(&mut self, left: Range<usize>, right: Range<usize>, anchor: bool) {
        if left.is_empty() || right.is_empty() {
            self.apart(left, right);
        } else if (left.len() + 1).saturating_mul(right.len() + 1) <= MOST_CELLS {
            self.table(left, right);
        } else if anchor {
            let (mut from, mut to) = (left.start, right.start);
            for (a, b) in self.anchors(left.clone(), right.clone()) {
                self.between(from..a, to..b, false);
                let tier = self.left[a].alike(&self.right[b]);
                self.steps.push(Step::Pair(a, b, tier.unwrap_or(Tier::Root)));
                (from, to) = (a + 1, b + 1);
            }
            self.between(from..left.end, to..right.end, false);
        } else {
            self.apart(left, right);
        }
    }

    /// What a pair is worth. Closer likeness first of all breaks ties between equal roots.
    fn worth(&self, left: usize, right: usize) -> u32 {
        let token = &self.left[left];
        let credit = match token.alike(&self.right[right]) {
            None => 0,
            Some(Tier::Root) => 8,
            Some(Tier::Stem) => 16,
            Some(Tier::Key) => 19,
            Some(Tier::Surface) => 20,
        };
        credit * token.weight()
    }

    fn table(&mut self, left: Range<usize>, right: Range<usize>) {
        let width = right.len() + 1;
        // The greatest worth of what is left and right of a cell; filled from the end, so that
        // the way is then walked from the beginning.
        let mut best = vec![0_u32; (left.len() + 1) * width];
        for row in (0..left.len()).rev() {
            for column in (0..right.len()).rev() {
                let here = row * width + column;
                let worth = self.worth(left.start + row, right.start + column);
                let pair = match worth {
                    0 => 0,
                    worth => worth + best[here + width + 1],
                };
                best[here] = pair.max(best[here + width]).max(best[here + 1]);
            }
        }
        let (mut row, mut column) = (0, 0);
        let (mut from, mut to) = (0, 0);
        while row < left.len() && column < right.len() {
            let here = row * width + column;
            let (a, b) = (left.start + row, right.start + column);
            let worth = self.worth(a, b);
            if worth > 0 && best[here] == worth + best[here + width + 1] {
                self.apart(left.start + from..a, right.start + to..b);
                let tier = self.left[a].alike(&self.right[b]);
                self.steps.push(Step::Pair(a, b, tier.unwrap_or(Tier::Root)));
                (row, column) = (row + 1, column + 1);
                (from, to) = (row, column);
            } else if best[here] == best[here + width] {
                row += 1;
            } else {
                column += 1;
            }
        }
        self.apart(left.start + from..left.end, right.start + to..right.end);
    }

    /// The longest chain in order of pairs of the same occurrence of the same root.
    fn anchors(&self, left: Range<usize>, right: Range<usize>) -> Vec<(usize, usize)> {
        let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
        for at in right.rev() {
            places.entry(self.right[at].tier(Tier::Root)).or_default().push(at);
        }
        let pairs: Vec<(usize, usize)> = left
            .filter_map(|at| {
                let other = places.get_mut(&self.left[at].tier(Tier::Root))?.pop()?;
                Some((at, other))
            })
            .collect();
        // The longest increasing subsequence of the second places, by patience sorting.
        let mut piles: Vec<usize> = Vec::new();
        let mut before = vec![usize::MAX; pairs.len()];
        for (number, &(_, place)) in pairs.iter().enumerate() {
            let pile = piles.partition_point(|&top| pairs[top].1 < place);
            if pile > 0 {
                before[number] = piles[pile - 1];
            }
            match piles.get_mut(pile) {
                Some(top) => *top = number,
                None => piles.push(number),
            }
        }
        let mut chain = Vec::with_capacity(piles.len());
        let mut next = piles.last().copied();
        while let Some(number) = next {
            chain.push(pairs[number]);
            next = Some(before[number]).filter(|&number| number != usize::MAX);
        }
        chain.reverse();
        chain
    }
}
