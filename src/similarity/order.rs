//! How much of what two sequences share stands in the same order in both.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A sequence of hashes made ready for [`in_order`](Sequence::in_order).
///
/// The longest common subsequence is computed 64 tokens at a time, by the bit-vector algorithm of
/// H. Hyyrö, *Bit-parallel LCS-length computation revisited* (2004).
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    len: usize,
    /// For each hash where its bits begin in `masks`.
    places: HashMap<u64, u32, BuildHasherDefault<Taken>>,
    masks: Vec<u64>,
}

impl Sequence {
    pub(crate) fn new(tokens: impl ExactSizeIterator<Item = u64>) -> Sequence {
        let len = tokens.len();
        let blocks = len.div_ceil(64);
        let mut sequence = Sequence { len, places: HashMap::default(), masks: Vec::new() };
        for (at, token) in tokens.enumerate() {
            let next = sequence.masks.len();
            let place = *sequence.places.entry(token).or_insert(next as u32) as usize;
            if place == next {
                sequence.masks.resize(next + blocks, 0);
            }
            sequence.masks[place + at / 64] |= 1 << (at % 64);
        }
        sequence
    }

    fn blocks(&self) -> usize {
        self.len.div_ceil(64)
    }

    /// What [`in_order`](Sequence::in_order) knows a token by; `None` if this sequence lacks it.
    pub(crate) fn place(&self, token: u64) -> Option<u32> {
        self.places.get(&token).copied()
    }

    /// The length of the longest common subsequence with another, given by the
    /// [places](Sequence::place) of its tokens; those without one are left out.
    ///
    /// Cost: the length of the other times a 64th of that of this one, rounded up.
    pub(crate) fn in_order(&self, other: impl Iterator<Item = u32>) -> u32 {
        let masks = other.map(|at| at as usize);
        let blocks = self.blocks();
        let last = match self.len % 64 {
            0 => u64::MAX,
            bits => (1 << bits) - 1,
        };
        if blocks <= 1 {
            let state = masks.fold(u64::MAX, |state, at| {
                let matched = state & self.masks[at];
                state.wrapping_add(matched) | (state - matched)
            });
            return if blocks == 0 { 0 } else { (!state & last).count_ones() };
        }
        let mut state = vec![u64::MAX; blocks];
        for at in masks {
            let mut carry = false;
            for (state, mask) in state.iter_mut().zip(&self.masks[at..at + blocks]) {
                let matched = *state & mask;
                let (sum, over) = state.overflowing_add(matched);
                let (sum, again) = sum.overflowing_add(carry.into());
                carry = over | again;
                *state = sum | (*state - matched);
            }
        }
        let end = state.len() - 1;
        let ones = |(at, &state): (usize, &u64)| {
            let bits = if at == end { !state & last } else { !state };
            bits.count_ones()
        };
        state.iter().enumerate().map(ones).sum()
    }
}

/// The keys are hashes already.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken(u64);

impl Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |state, &byte| state.rotate_left(8) ^ u64::from(byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(left: &[u64], right: &[u64]) -> u32 {
        let mut row = vec![0; right.len() + 1];
        for one in left {
            let mut diagonal = 0;
            for (at, other) in right.iter().enumerate() {
                let above = row[at + 1];
                row[at + 1] = match one == other {
                    true => diagonal + 1,
                    false => above.max(row[at]),
                };
                diagonal = above;
            }
        }
        row[right.len()]
    }

    proptest! {
        #[test]
        fn the_bits_agree_with_the_table(
            left in prop::collection::vec(0u64..12, 0..200),
            right in prop::collection::vec(0u64..12, 0..200),
        ) {
            let sequence = Sequence::new(left.iter().copied());
            let places = right.iter().filter_map(|&token| sequence.place(token));
            let bits = sequence.in_order(places);
            prop_assert_eq!(bits, plain(&left, &right));
        }
    }
}
