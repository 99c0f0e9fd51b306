//! Signatures: 32 bytes that say of an entry which roots it can have, so that few need be read.
//!
//! The first eight bytes count the sixteen roots that most entries of the run have, articles and
//! full stops, four bits each, up to 15. Every other root sets one of the 192 bits of the rest.
//! What a query can share with an entry at most is then the sum of 32 numbers, one for each byte,
//! each out of a table of what that byte can stand for.

/// Bytes of a signature.
pub(super) const SIGNATURE: usize = 32;
/// How many roots are counted.
pub(super) const COUNTED: usize = 16;
const MOST: u32 = 15;
const HASHED: u64 = 192;

/// Where a signature shows a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The number of the half byte, the low half of a byte first, and the bits in it.
    half: u8,
    bits: u8,
}

impl Place {
    /// The place of a root by its hash, given its number among the counted roots if it is one.
    pub(super) fn of(hash: u64, counted: Option<usize>) -> Place {
        match counted {
            Some(number) => Place { half: number as u8, bits: 0xf },
            None => {
                let bit = ((u128::from(hash) * u128::from(HASHED)) >> 64) as u8;
                Place { half: COUNTED as u8 + bit / 4, bits: 1 << (bit % 4) }
            }
        }
    }

    fn half(self) -> usize {
        self.half.into()
    }

    fn is_counted(self) -> bool {
        self.half() < COUNTED
    }

    /// Which of the four words has it, and where in it.
    fn word(self) -> (usize, u32) {
        (self.half() / 16, 4 * (u32::from(self.half) % 16))
    }
}

/// What an entry can have; or a set of places, of which something may have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signature([u64; 4]);

impl Signature {
    /// Adds a root once.
    pub(super) fn add(&mut self, place: Place) {
        let (word, shift) = place.word();
        let half = (self.0[word] >> shift & 0xf) as u32;
        let more = match place.is_counted() {
            true => (half + 1).min(MOST),
            false => half | u32::from(place.bits),
        };
        self.0[word] = self.0[word] & !(0xf << shift) | u64::from(more) << shift;
    }

    /// Adds all that may stand for a root to a set.
    pub(super) fn include(&mut self, place: Place) {
        let (word, shift) = place.word();
        self.0[word] |= u64::from(place.bits) << shift;
    }

    /// Whether the two have something in common.
    #[inline]
    pub(super) fn meets(&self, other: &Signature) -> bool {
        self.0.iter().zip(other.0).any(|(&one, other)| one & other != 0)
    }

    pub(super) fn to_bytes(self) -> [u8; SIGNATURE] {
        let mut bytes = [0; SIGNATURE];
        let (words, _) = bytes.as_chunks_mut::<8>();
        words.iter_mut().zip(self.0).for_each(|(bytes, word)| *bytes = word.to_le_bytes());
        bytes
    }

    #[inline]
    pub(super) fn from_bytes(bytes: &[u8; SIGNATURE]) -> Signature {
        let (words, _) = bytes.as_chunks::<8>();
        Signature(std::array::from_fn(|at| u64::from_le_bytes(words[at])))
    }
}

/// What each byte of a signature can stand for: the greatest weight that a query can share by it.
#[derive(Debug)]
pub(super) struct Shares {
    halves: [[u16; 16]; 2 * SIGNATURE],
    bytes: [[u16; 256]; SIGNATURE],
}

impl Default for Shares {
    fn default() -> Shares {
        Shares { halves: [[0; 16]; 2 * SIGNATURE], bytes: [[0; 256]; SIGNATURE] }
    }
}

impl Shares {
    /// For these roots of a query: where each shows, its weight, and how often the query has it.
    ///
    /// The whole weight of the query is below 2¹⁶.
    pub(super) fn set(&mut self, roots: impl Iterator<Item = (Place, u32, u32)>) {
        self.halves = [[0; 16]; 2 * SIGNATURE];
        roots.for_each(|(place, weight, count)| {
            self.change(place, weight, count, u16::wrapping_add)
        });
        (0..SIGNATURE).for_each(|byte| self.fill(byte));
    }

    /// Takes one of the roots out.
    pub(super) fn remove(&mut self, place: Place, weight: u32, count: u32) {
        self.change(place, weight, count, u16::wrapping_sub);
        self.fill(place.half() / 2);
    }

    fn change(&mut self, place: Place, weight: u32, count: u32, by: fn(u16, u16) -> u16) {
        for (value, share) in self.halves[place.half()].iter_mut().enumerate() {
            let times = match place.is_counted() {
                // The greatest count may stand for any that is greater.
                true if value as u32 == MOST => count,
                true => count.min(value as u32),
                false if value as u8 & place.bits != 0 => count,
                false => 0,
            };
            *share = by(*share, (weight * times) as u16);
        }
    }

    fn fill(&mut self, byte: usize) {
        let (low, high) = (&self.halves[2 * byte], &self.halves[2 * byte + 1]);
        let (rows, _) = self.bytes[byte].as_chunks_mut::<16>();
        for (row, more) in rows.iter_mut().zip(high) {
            row.iter_mut().zip(low).for_each(|(share, less)| *share = less.wrapping_add(*more));
        }
    }

    /// The greatest weight that an entry with this signature can share by the roots.
    #[inline]
    pub(super) fn of(&self, signature: &[u8; SIGNATURE]) -> u32 {
        let shares = self.bytes.iter().zip(signature);
        shares.map(|(table, &byte)| u32::from(table[byte as usize])).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The hash of a root, and which of the counted roots it is, if it is one.
    fn root() -> impl Strategy<Value = (u64, Option<usize>)> {
        prop_oneof![
            (0..COUNTED).prop_map(|number| (number as u64, Some(number))),
            any::<u64>().prop_map(|hash| (hash, None)),
            (0_u64..8).prop_map(|high| (high << 61, None)),
        ]
    }

    proptest! {
        #[test]
        fn no_entry_shares_more_than_its_signature_allows(
            query in prop::collection::btree_map(root(), (1_u32..3, 1_u32..40), 0..40),
            entry in prop::collection::vec(root(), 0..40),
            taken in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
            taken_roots in prop::collection::vec(any::<(prop::sample::Index, u8)>(), 0..20),
        ) {
            // The entry has some of the query's roots, some of them often.
            let mut entry = entry;
            let roots: Vec<_> = query.keys().copied().collect();
            if !roots.is_empty() {
                for (root, times) in &taken_roots {
                    entry.extend(vec![*root.get(&roots); usize::from(*times) % 40]);
                }
            }
            let mut signature = Signature::default();
            entry.iter().for_each(|&(hash, counted)| signature.add(Place::of(hash, counted)));
            let bytes = signature.to_bytes();
            prop_assert_eq!(Signature::from_bytes(&bytes), signature);

            let mut left = query.clone();
            let mut shares = Box::<Shares>::default();
            shares.set(query.iter().map(|(&(hash, counted), &(weight, count))| {
                (Place::of(hash, counted), weight, count)
            }));
            // And so it is after any of them were taken out.
            for number in std::iter::once(None).chain(taken.into_iter().map(Some)) {
                if let Some(number) = number {
                    if left.is_empty() {
                        break;
                    }
                    let root = *left.keys().nth(number.index(left.len())).unwrap();
                    let (weight, count) = left.remove(&root).unwrap();
                    shares.remove(Place::of(root.0, root.1), weight, count);
                }
                let shared: u32 = (left.iter())
                    .map(|(root, &(weight, count))| {
                        let has = entry.iter().filter(|&other| other == root).count() as u32;
                        weight * count.min(has)
                    })
                    .sum();
                let whole: u32 = left.values().map(|(weight, count)| weight * count).sum();
                prop_assert!((shared..=whole).contains(&shares.of(&bytes)));
            }
            for &(hash, counted) in &entry {
                let mut sought = Signature::default();
                sought.include(Place::of(hash, counted));
                prop_assert!(signature.meets(&sought));
            }
        }
    }
}
