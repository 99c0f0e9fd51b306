//! Sketches and signatures: 8 and 24 bytes that say of an entry which roots it can have, so that
//! few need be read.
//!
//! The lower half of a sketch counts the sixteen roots that are met most often in the run, articles
//! and full stops, two bits each, up to 3. Every other root sets one of the 32 bits of its upper
//! half, and one of the 192 bits of the signature.
//!
//! A search looks at the sketch of every entry that it meets. What a query can share with the entry
//! at most is the sum of eight numbers, one for each byte, each out of a table of what that byte can
//! stand for. Of what is left the signatures are asked in the same way.

/// Bytes of a sketch.
pub(super) const SKETCH: usize = 8;
/// Bytes of a signature.
pub(super) const SIGNATURE: usize = 24;
/// How many roots are counted.
pub(super) const COUNTED: usize = 16;
/// Bits of a count, and the greatest.
const COUNT_BITS: u32 = 2;
const MOST: u32 = 3;
/// Bytes of each half of a sketch.
const LOWER: usize = COUNTED * COUNT_BITS as usize / 8;
const UPPER: usize = SKETCH - LOWER;

/// Where sketch and signature show a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// One of the counted roots, by its number.
    Counted(u8),
    /// The bit of any other: in the upper half of a sketch, and in a signature.
    Hashed { upper: u8, signature: u8 },
}

impl Place {
    /// The place of a root by its hash, given its number among the counted roots if it is one.
    pub(super) fn of(hash: u64, counted: Option<usize>) -> Place {
        match counted {
            Some(number) => Place::Counted(number as u8),
            None => {
                // The beginning of the hash decides on one, its end on the other.
                let (upper, bits) = (8 * UPPER as u64, 8 * SIGNATURE as u128);
                let signature = ((u128::from(hash) * bits) >> 64) as u8;
                Place::Hashed { upper: (hash % upper) as u8, signature }
            }
        }
    }
}

/// The sketch of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sketch {
    counted: u32,
    upper: u32,
}

/// The signature of an entry; or a set of places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signature([u64; SIGNATURE / 8]);

impl Sketch {
    /// Adds a root once.
    pub(super) fn add(&mut self, place: Place) {
        match place {
            Place::Counted(number) => {
                let bit = COUNT_BITS * u32::from(number);
                self.counted += u32::from(self.counted >> bit & MOST < MOST) << bit;
            }
            Place::Hashed { upper, .. } => self.upper |= 1 << upper,
        }
    }

    pub(super) fn to_bytes(self) -> [u8; SKETCH] {
        (u64::from(self.upper) << u32::BITS | u64::from(self.counted)).to_le_bytes()
    }

    #[inline]
    pub(super) fn from_bytes(bytes: [u8; SKETCH]) -> Sketch {
        let both = u64::from_le_bytes(bytes);
        Sketch { counted: both as u32, upper: (both >> u32::BITS) as u32 }
    }
}

impl Signature {
    /// Adds a root once.
    pub(super) fn add(&mut self, place: Place) {
        if let Place::Hashed { signature: bit, .. } = place {
            self.0[usize::from(bit) / 64] |= 1 << (bit % 64);
        }
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

/// Places of which something may have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// Those of counted roots.
    counted: u32,
    others: Signature,
}

impl Places {
    /// Adds all that may stand for a root.
    pub(super) fn include(&mut self, place: Place) {
        match place {
            Place::Counted(number) => self.counted |= MOST << (COUNT_BITS * u32::from(number)),
            Place::Hashed { .. } => self.others.add(place),
        }
    }

    /// Whether sketches say more of them than signatures do.
    pub(super) fn are_counted(&self) -> bool {
        self.counted != 0
    }

    /// Whether an entry may have one of them.
    #[inline]
    pub(super) fn meet(&self, sketch: Sketch, signature: &Signature) -> bool {
        let mut words = self.others.0.iter().zip(signature.0);
        self.counted & sketch.counted != 0 || words.any(|(one, other)| one & other != 0)
    }
}

/// How much a query can share by what sketches and signatures show.
#[derive(Debug, Default)]
pub(super) struct Shares {
    lower: Shown<LOWER>,
    upper: Shown<UPPER>,
    signature: Shown<SIGNATURE>,
}

impl Shares {
    /// For these roots of a query: where each shows, its weight, and how often the query has it.
    pub(super) fn set(&mut self, roots: impl Iterator<Item = (Place, u32, u32)>) {
        self.lower.halves = Default::default();
        self.upper.halves = Default::default();
        self.signature.halves = [[[0; 16]; 2]; SIGNATURE];
        roots.for_each(|(place, weight, count)| {
            self.change(place, weight, count, u32::wrapping_add);
        });
        self.lower.fill_all();
        self.upper.fill_all();
        self.signature.fill_all();
    }

    /// Takes one of the roots out.
    pub(super) fn remove(&mut self, place: Place, weight: u32, count: u32) {
        self.change(place, weight, count, u32::wrapping_sub);
        match place {
            Place::Counted(number) => {
                self.lower.fill(COUNT_BITS as usize * usize::from(number) / 8)
            }
            Place::Hashed { upper, signature } => {
                self.upper.fill(usize::from(upper) / 8);
                self.signature.fill(usize::from(signature) / 8);
            }
        }
    }

    fn change(&mut self, place: Place, weight: u32, count: u32, by: fn(u32, u32) -> u32) {
        let has = |bits: u32| (bits & 1) * count * weight;
        match place {
            Place::Counted(number) => {
                // The greatest count may stand for any that is greater.
                let times = |bits: u32| match bits & MOST {
                    MOST => count,
                    counted => counted.min(count),
                };
                let bit = COUNT_BITS as usize * usize::from(number);
                self.lower.change(bit, |bits| weight * times(bits), by);
            }
            Place::Hashed { upper, signature } => {
                self.upper.change(upper.into(), has, by);
                self.signature.change(signature.into(), has, by);
            }
        }
    }

    /// The greatest weight that an entry with this sketch can share by the roots.
    #[inline]
    pub(super) fn of_sketch(&self, sketch: &[u8; SKETCH]) -> u32 {
        let (lower, upper) = halves(sketch);
        self.lower.of(lower) + self.upper.of(upper)
    }

    /// The greatest weight that an entry with these can share by the roots.
    #[inline]
    pub(super) fn of_both(&self, sketch: &[u8; SKETCH], signature: &[u8; SIGNATURE]) -> u32 {
        let (lower, upper) = halves(sketch);
        self.lower.of(lower) + self.upper.of(upper).min(self.signature.of(signature))
    }
}

#[inline]
fn halves(sketch: &[u8; SKETCH]) -> (&[u8; LOWER], &[u8; UPPER]) {
    let (halves, _) = sketch.as_chunks();
    (&halves[0], &halves[1])
}

/// What each of some bytes can stand for: the greatest weight that a query can share by it.
#[derive(Debug)]
struct Shown<const BYTES: usize> {
    /// The same for the halves of each byte, the lower one first.
    halves: [[[u32; 16]; 2]; BYTES],
    bytes: [[u32; 256]; BYTES],
}

impl<const BYTES: usize> Default for Shown<BYTES> {
    fn default() -> Self {
        Shown { halves: [[[0; 16]; 2]; BYTES], bytes: [[0; 256]; BYTES] }
    }
}

impl<const BYTES: usize> Shown<BYTES> {
    /// Changes what bits that begin at this one stand for. They must be filled in afterwards.
    fn change(&mut self, bit: usize, share: impl Fn(u32) -> u32, by: fn(u32, u32) -> u32) {
        let half = &mut self.halves[bit / 8][bit % 8 / 4];
        for (value, sum) in (0_u32..).zip(half) {
            *sum = by(*sum, share(value >> (bit % 4)));
        }
    }

    fn fill_all(&mut self) {
        (0..BYTES).for_each(|byte| self.fill(byte));
    }

    fn fill(&mut self, byte: usize) {
        let [low, high] = &self.halves[byte];
        let (rows, _) = self.bytes[byte].as_chunks_mut::<16>();
        for (row, more) in rows.iter_mut().zip(high) {
            row.iter_mut().zip(low).for_each(|(share, less)| *share = less.wrapping_add(*more));
        }
    }

    #[inline]
    fn of(&self, bytes: &[u8; BYTES]) -> u32 {
        self.bytes.iter().zip(bytes).map(|(table, &byte)| table[usize::from(byte)]).sum()
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
        fn no_entry_shares_more_than_sketch_and_signature_allow(
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
            let (mut sketch, mut signature) = (Sketch::default(), Signature::default());
            for &(hash, counted) in &entry {
                sketch.add(Place::of(hash, counted));
                signature.add(Place::of(hash, counted));
            }
            prop_assert_eq!(Sketch::from_bytes(sketch.to_bytes()), sketch);
            prop_assert_eq!(Signature::from_bytes(&signature.to_bytes()), signature);

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
                let (sketch, signature) = (sketch.to_bytes(), signature.to_bytes());
                let by_sketch = shares.of_sketch(&sketch);
                let by_both = shares.of_both(&sketch, &signature);
                let whole: u32 = left.values().map(|(weight, count)| weight * count).sum();
                prop_assert!(shared <= by_both && by_both <= by_sketch && by_sketch <= whole);
            }
            for &(hash, counted) in &entry {
                let mut sought = Places::default();
                sought.include(Place::of(hash, counted));
                prop_assert_eq!(sought.are_counted(), counted.is_some());
                prop_assert!(sought.meet(sketch, &signature));
            }
        }
    }
}
