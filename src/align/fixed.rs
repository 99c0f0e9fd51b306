//! Beads that are settled before the search.
//!
//! The sentences of a fixed bead are joined into one on each side before anything else, so that
//! the search has to keep a single pair together, and are taken apart again at the end.

use std::fmt;
use std::ops::Range;

use crate::Document;

/// A fixed bead that could not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    number: usize,
    refusal: Refusal,
}

impl Refused {
    pub(super) fn crossing(number: usize) -> Refused {
        Refused { number, refusal: Refusal::Crossing }
    }

    /// The number of the bead among those that were given, from 0.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Why it was not kept.
    pub fn refusal(&self) -> Refusal {
        self.refusal
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.refusal {
            Refusal::Empty => "it has no sentence in any language",
            Refusal::Languages => "it has not as many languages as there are documents",
            Refusal::OutOfRange => "a document has no sentence of that number (they count from 0)",
            Refusal::Taken => "one of its sentences is in a fixed bead before it",
            Refusal::Crossing => "it crosses another fixed bead; beads are in order on every side",
        };
        write!(f, "fixed bead {} was not kept: {reason}", self.number + 1)
    }
}

/// Why a fixed bead could not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// It has no sentence on any side.
    Empty,
    /// It does not have one range for each document.
    Languages,
    /// A document has fewer sentences.
    OutOfRange,
    /// One of its sentences is in a fixed bead before it.
    Taken,
    /// It crosses a fixed bead before it.
    Crossing,
}

/// Keeps of the fixed beads those that fit the documents and each other, in the order of the text.
pub(super) fn keep(
    beads: &[Vec<Range<usize>>],
    lengths: &[usize],
) -> (Vec<Vec<Range<usize>>>, Vec<Refused>) {
    let mut refused = Vec::new();
    let mut taken: Vec<Vec<bool>> = lengths.iter().map(|&length| vec![false; length]).collect();
    let mut candidates: Vec<(usize, &Vec<Range<usize>>)> = Vec::new();
    for (number, bead) in beads.iter().enumerate() {
        let refusal = if bead.len() != lengths.len() {
            Some(Refusal::Languages)
        } else if bead.iter().all(|side| side.is_empty()) {
            Some(Refusal::Empty)
        } else if bead
            .iter()
            .zip(lengths)
            .any(|(side, &length)| !side.is_empty() && side.end > length)
        {
            Some(Refusal::OutOfRange)
        } else if bead.iter().zip(&taken).any(|(side, taken)| side.clone().any(|at| taken[at])) {
            Some(Refusal::Taken)
        } else {
            None
        };
        match refusal {
            Some(refusal) => refused.push(Refused { number, refusal }),
            None => {
                for (side, taken) in bead.iter().zip(&mut taken) {
                    side.clone().for_each(|at| taken[at] = true);
                }
                candidates.push((number, bead));
            }
        }
    }
    // Two beads cross if one is before the other on one side and after it on another. Beads that
    // have no side in common cross nothing by themselves.
    candidates.sort_by_key(|(_, bead)| {
        let first = bead.iter().position(|side| !side.is_empty());
        first.map(|first| (bead[first].start, first))
    });
    let mut kept: Vec<Vec<Range<usize>>> = Vec::new();
    for pair in [true, false] {
        let mut ends = vec![0usize; lengths.len()];
        for &(number, bead) in &candidates {
            let sides = bead.iter().filter(|side| !side.is_empty()).count();
            if (sides > 1) != pair {
                continue;
            }
            let crosses = pair
                && bead.iter().zip(&ends).any(|(side, &end)| !side.is_empty() && side.start < end);
            if crosses {
                refused.push(Refused { number, refusal: Refusal::Crossing });
                continue;
            }
            for (side, end) in bead.iter().zip(&mut ends) {
                *end = side.end.max(*end);
            }
            kept.push(bead.clone());
        }
    }
    refused.sort_by_key(|refused| refused.number);
    (kept, refused)
}

/// One side of a search: stretches of sentences that stay together.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// The sentences of each line, in order and without gaps.
    pub(super) sentences: Vec<Range<usize>>,
    /// What a line may be part of.
    pub(super) bonds: Vec<Bond>,
}

/// What the search may do with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bond {
    /// Anything.
    Free,
    /// A bead with one line of the other side and nothing else.
    Paired,
    /// Nothing but to stand alone.
    Alone,
}

impl Lines {
    /// The lines of one side of two, given the beads that are kept.
    pub(super) fn new(length: usize, kept: &[[Range<usize>; 2]], side: usize) -> Lines {
        let mut fixed: Vec<(Range<usize>, Bond)> = (kept.iter())
            .filter(|bead| !bead[side].is_empty())
            .map(|bead| {
                let bond = if bead[1 - side].is_empty() { Bond::Alone } else { Bond::Paired };
                (bead[side].clone(), bond)
            })
            .collect();
        fixed.sort_by_key(|(range, _)| range.start);
        let mut lines = Lines { sentences: Vec::with_capacity(length), bonds: Vec::new() };
        let mut at = 0;
        for (range, bond) in fixed.into_iter().chain([(length..length, Bond::Free)]) {
            lines.sentences.extend((at..range.start).map(|sentence| sentence..sentence + 1));
            lines.bonds.resize(lines.sentences.len(), Bond::Free);
            at = range.end;
            if !range.is_empty() {
                lines.sentences.push(range);
                lines.bonds.push(bond);
            }
        }
        lines
    }

    /// The texts of the lines, with the paragraph each of them ends in.
    pub(super) fn texts<'d>(
        &'d self,
        document: &'d Document,
    ) -> impl Iterator<Item = (std::borrow::Cow<'d, str>, usize)> {
        self.sentences.iter().map(|range| match &document.sentences()[range.clone()] {
            [one] => (one.text().into(), one.paragraph()),
            many => {
                let texts: Vec<&str> = many.iter().map(|sentence| sentence.text()).collect();
                (texts.join(" ").into(), many.last().map_or(0, |last| last.paragraph()))
            }
        })
    }

    /// The sentences of a stretch of lines; an empty stretch starts where it would stand.
    pub(super) fn sentences(&self, lines: Range<usize>) -> Range<usize> {
        let start = match self.sentences.get(lines.start) {
            Some(line) => line.start,
            None => self.sentences.last().map_or(0, |line| line.end),
        };
        let end = if lines.is_empty() { start } else { self.sentences[lines.end - 1].end };
        start..end
    }

    /// The lines that are fixed to a line of the other side, in order.
    pub(super) fn paired(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.bonds.len()).filter(|&line| self.bonds[line] == Bond::Paired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beads_that_do_not_fit_are_refused_with_the_reason() {
        let given = vec![
            vec![0..2, 0..1],
            vec![1..2, 3..4],
            vec![3..4, 9..10],
            vec![2..3],
            vec![0..0, 0..0],
            vec![5..6, 2..3],
            vec![4..5, 4..5],
            vec![0..0, 3..4],
        ];
        let (kept, refused) = keep(&given, &[6, 6]);
        assert_eq!(kept, [vec![0..2, 0..1], vec![4..5, 4..5], vec![0..0, 3..4]]);
        let reasons: Vec<_> = refused.iter().map(|r| (r.number(), r.refusal())).collect();
        assert_eq!(
            reasons,
            [
                (1, Refusal::Taken),
                (2, Refusal::OutOfRange),
                (3, Refusal::Languages),
                (4, Refusal::Empty),
                (5, Refusal::Crossing),
            ]
        );
    }

    #[test]
    fn lines_cover_all_sentences() {
        let lines = Lines::new(6, &[[1..3, 0..1], [4..5, 0..0]], 0);
        assert_eq!(lines.sentences, [0..1, 1..3, 3..4, 4..5, 5..6]);
        use Bond::{Alone, Free, Paired};
        assert_eq!(lines.bonds, [Free, Paired, Free, Alone, Free]);
        assert_eq!(lines.sentences(1..3), 1..4);
        assert_eq!(lines.sentences(5..5), 6..6);
    }
}
