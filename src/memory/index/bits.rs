//! Sets of numbers as bits.

/// A set of small numbers: of entries, or of tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
    /// One more than the greatest number there may be.
    end: u32,
}

impl Bits {
    pub(super) fn new(end: u32) -> Bits {
        Bits { words: vec![0; (end as usize).div_ceil(64)], end }
    }

    /// Makes room for numbers below this one.
    pub(super) fn grow(&mut self, end: u32) {
        if end > self.end {
            self.words.resize((end as usize).div_ceil(64), 0);
            self.end = end;
        }
    }

    /// Adds a number. A damaged list may name what is not there.
    pub(super) fn insert(&mut self, number: u32) {
        if number < self.end {
            self.words[number as usize / 64] |= 1 << (number % 64);
        }
    }

    pub(super) fn remove(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    /// Takes away what the other set lacks.
    pub(super) fn keep(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
    }

    #[inline]
    pub(super) fn contains(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    pub(super) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The numbers, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().zip(0_u32..).flat_map(|(&word, at)| {
            let rest = std::iter::successors(Some(word), |word| Some(word & word.wrapping_sub(1)));
            rest.take_while(|&word| word > 0).map(move |word| 64 * at + word.trailing_zeros())
        })
    }
}
