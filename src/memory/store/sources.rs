//! Which sources a memory has, in little RAM: an import asks for each of its units whether there
//! are others of the same source, and nearly always there are none.

/// A [Bloom filter](https://doi.org/10.1145/362686.362692) of the keys of sources: it never denies
/// one that is there. Of those that are not there it takes for known .02 % among a million, 2 %
/// among ten million; for these the tables are asked in vain, which costs time and nothing else.
#[derive(Debug)]
pub(crate) struct Sources(Box<[u64]>);

/// 16 MB.
const BITS: u64 = 1 << 27;

impl Default for Sources {
    fn default() -> Sources {
        Sources(vec![0; (BITS / 64) as usize].into())
    }
}

impl Sources {
    pub(crate) fn add(&mut self, source: u64) {
        for bit in bits(source) {
            self.0[bit / 64] |= 1 << (bit % 64);
        }
    }

    pub(crate) fn may_have(&self, source: u64) -> bool {
        bits(source).into_iter().all(|bit| self.0[bit / 64] >> (bit % 64) & 1 == 1)
    }
}

/// A key is a hash: two parts of it are as good as two hashes.
fn bits(source: u64) -> [usize; 2] {
    [source % BITS, (source >> 32) % BITS].map(|bit| bit as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_there_is_never_denied(keys in prop::collection::vec(any::<u64>(), 0..200)) {
            let mut sources = Sources::default();
            keys.iter().for_each(|&key| sources.add(key));
            prop_assert!(keys.iter().all(|&key| sources.may_have(key)));
            let strange = (0..1000_u64).filter(|&key| sources.may_have(xxhash_rust::xxh3::xxh3_64(
                &key.to_le_bytes(),
            )));
            prop_assert!(strange.count() < 3);
        }
    }
}
