//! What the tables keep of a segment to find it by.
//!
//! A segment has a key for each of its roots: a hash of its language, the root, and the class of
//! the segment's weight, of which there are four for each doubling. A GIN index lists the segments
//! of each key; so what is read of the list of a root is that of a window of weights, as in the
//! [index](crate::memory::index), to the width of a class. Different roots may share a key: that
//! adds candidates, and loses none.

use std::collections::{HashMap, HashSet};
use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::Lang;
use crate::memory::policy::UnitName;
use crate::memory::record::Record;
use crate::memory::store::Result;
use crate::similarity::{Outliner, Tier};
use crate::text::STEMS_VERSION;

/// By which rules signatures are made: when these change, all are made anew.
pub(super) fn rules() -> String {
    format!("3, stems {STEMS_VERSION}")
}

/// The heaviest class of weights.
pub(super) const HEAVIEST: u32 = 80;

/// The class of a weight: it never falls when the weight rises.
pub(super) fn class(weight: u32) -> u32 {
    let Some(doublings) = weight.checked_ilog2() else { return 0 };
    let first = 4 * doublings + 1;
    let later = (1..4).take_while(|step| weight >= lightest_of(first + step)).count();
    (first + later as u32).min(HEAVIEST)
}

/// The least weight of a class.
pub(super) fn lightest_of(class: u32) -> u32 {
    let Some(steps) = class.checked_sub(1) else { return 0 };
    // The fourth root, of a whole number, so that the same comes out everywhere.
    let power = 1_u128 << steps;
    let root = power.isqrt().isqrt();
    (root + u128::from(root.pow(4) < power)) as u32
}

/// The keys of one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keyring(u64);

impl Keyring {
    pub(super) fn new(primary: &str) -> Keyring {
        Keyring(xxh3_64(primary.as_bytes()))
    }

    /// The key of a root in segments whose weight is of this class.
    pub(super) fn key(self, root: u64, class: u32) -> i32 {
        xxh3_64_with_seed(&root.to_le_bytes(), self.0 ^ u64::from(class)) as i32
    }
}

/// How many bits a signature has.
pub(super) const BITS: usize = 256;

/// Bits, as the server keeps them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bits([u8; BITS / 8]);

impl Bits {
    pub(super) fn set(&mut self, bit: usize) {
        self.0[bit / 8] |= 1 << (bit % 8);
    }

    /// How many of its bits another has.
    #[cfg(test)]
    pub(super) fn shared(&self, other: &Bits) -> u32 {
        self.0.iter().zip(other.0).map(|(one, other)| (one & other).count_ones()).sum()
    }

    /// The bit that stands for a root in the signatures of segments that have it.
    pub(super) fn of(root: u64) -> usize {
        (root >> (u64::BITS - BITS.ilog2())) as usize
    }
}

impl Default for Bits {
    fn default() -> Bits {
        Bits([0; BITS / 8])
    }
}

impl ToSql for Bits {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&(BITS as i32).to_be_bytes());
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::BIT
    }

    to_sql_checked!();
}

/// A row of the table of signatures.
#[derive(Debug)]
pub(super) struct Signature {
    pub(super) unit: u64,
    pub(super) variant: i16,
    pub(super) lang: Box<str>,
    pub(super) weight: u32,
    pub(super) bits: Bits,
    pub(super) keys: Vec<i32>,
}

/// A word: its language, its key, and the hashes of its root and its key.
pub(super) type Word = (Box<str>, Box<str>, u64, u64);

/// Makes signatures.
#[derive(Debug, Default)]
pub(super) struct Signer {
    languages: HashMap<Box<str>, Outliner>,
    /// Which words were told already; all are told again when there are too many.
    told: HashSet<u64>,
}

/// How many words are remembered, 8 bytes each.
const MOST_TOLD: usize = 1 << 20;

impl Signer {
    /// The signatures of a unit, and those of its words that were not told before.
    pub(super) fn sign(
        &mut self,
        unit: u64,
        record: &Record,
        words: &mut Vec<Word>,
    ) -> Result<Vec<Signature>> {
        let decoded = record.decode(UnitName(unit))?;
        let mut signatures = Vec::with_capacity(decoded.variants.len());
        for (number, variant) in decoded.variants.iter().enumerate() {
            let primary = variant.lang.primary();
            let keyring = Keyring::new(primary);
            if !self.languages.contains_key(primary) {
                let outliner = Outliner::new(&Lang::from_written(primary));
                self.languages.insert(primary.into(), outliner);
            }
            let Some(outliner) = self.languages.get_mut(primary) else { continue };
            let (outline, texts) = outliner.outline(&variant.segment);
            let weight = outline.atoms.iter().map(|atom| u32::from(atom.weight)).sum();
            let class = class(weight);
            let (mut bits, mut keys) = (Bits::default(), Vec::with_capacity(outline.atoms.len()));
            for atom in &outline.atoms {
                let root = atom.tiers[Tier::Root as usize];
                bits.set(Bits::of(root));
                keys.push(keyring.key(root, class));
                let token = atom.tiers[Tier::Key as usize];
                if self.told.len() >= MOST_TOLD {
                    self.told.clear();
                }
                if self.told.insert(token ^ keyring.0) {
                    words.push((primary.into(), texts.get(atom).into(), root, token));
                }
            }
            keys.sort_unstable();
            keys.dedup();
            signatures.push(Signature {
                unit,
                // A unit has far fewer segments; those of one language share their fate anyway.
                variant: i16::try_from(number).unwrap_or(i16::MAX),
                lang: primary.into(),
                weight,
                bits,
                keys,
            });
        }
        Ok(signatures)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn classes_rise_with_weights(weight in 0..u32::MAX) {
            prop_assert!(class(weight) <= class(weight + 1));
            prop_assert!(class(weight) <= HEAVIEST);
            // Each begins where it says.
            let class = class(weight);
            prop_assert!(lightest_of(class) <= weight);
            prop_assert!(class == HEAVIEST || weight < lightest_of(class + 1));
            // Four for each doubling, up to the heaviest.
            if (1..1 << 18).contains(&weight) {
                prop_assert_eq!(super::class(2 * weight), class + 4);
            }
        }
    }
}
