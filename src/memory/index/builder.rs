//! Making a [run](super::run) of segments.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use foldhash::fast::RandomState;

use super::bytes::Sound;
use super::language::Fresh;
use super::writer::{Entries, Entry, Vocabulary, write};
use crate::similarity::{Atom, Keys, Outline, PreparedCode};

/// Collects segments, then writes them as one run.
#[derive(Debug, Default)]
pub(super) struct RunBuilder {
    vocabulary: Vocabulary,
    /// The tokens of all entries, one after another.
    tokens: Vec<u32>,
    codes: Vec<PreparedCode>,
    entries: Vec<Collected>,
    by_fingerprint: HashMap<u64, u32, RandomState>,
    /// Which units have the segment of an entry.
    units: Vec<(u32, u64)>,
}

#[derive(Debug)]
struct Collected {
    fingerprint: u64,
    weight: u32,
    tokens: (usize, usize),
    codes: (usize, usize),
}

impl RunBuilder {
    pub(super) fn units(&self) -> usize {
        self.units.len()
    }

    /// Bytes of memory in use, about.
    pub(super) fn size(&self) -> usize {
        4 * self.tokens.len() + 48 * self.entries.len() + 96 * self.vocabulary.len()
    }

    /// Adds a segment; `keys` has the key of each of its tokens.
    pub(super) fn push(&mut self, outline: &Outline, keys: &Keys, unit: u64) {
        let Outline { fingerprint, atoms, codes, .. } = outline;
        let atoms = atoms.iter().map(|&atom| (atom, keys.get(&atom)));
        self.push_parts(*fingerprint, atoms, codes.iter().copied(), unit);
    }

    pub(super) fn push_fresh(&mut self, fresh: &Fresh) {
        let prepared = &fresh.prepared;
        let atoms = prepared.tokens().iter().map(|token| (token.atom(), token.key()));
        let codes = prepared.codes().iter().copied();
        self.push_parts(prepared.fingerprint(), atoms, codes, fresh.unit);
    }

    fn push_parts<'k>(
        &mut self,
        fingerprint: u64,
        atoms: impl Iterator<Item = (Atom, &'k str)>,
        codes: impl Iterator<Item = PreparedCode>,
        unit: u64,
    ) {
        let number = self.entries.len() as u32;
        let number = match self.by_fingerprint.entry(fingerprint) {
            Slot::Occupied(known) => *known.get(),
            Slot::Vacant(new) => {
                new.insert(number);
                let (token, code) = (self.tokens.len(), self.codes.len());
                let mut weight = 0;
                for (atom, key) in atoms {
                    let place = self.vocabulary.number(&atom, || key.into());
                    self.vocabulary.count(place);
                    self.tokens.push(place);
                    weight += u32::from(atom.weight);
                }
                self.codes.extend(codes);
                let (tokens, codes) = ((token, self.tokens.len()), (code, self.codes.len()));
                self.entries.push(Collected { fingerprint, weight, tokens, codes });
                number
            }
        };
        self.units.push((number, unit));
    }

    /// Writes the run.
    pub(super) fn finish(mut self) -> Sound<Vec<u8>> {
        self.units.sort_unstable();
        self.units.dedup();
        // Every entry has a unit.
        let mut starts = Vec::with_capacity(self.entries.len() + 1);
        for (place, &(entry, _)) in self.units.iter().enumerate() {
            if starts.len() == entry as usize {
                starts.push(place);
            }
        }
        starts.push(self.units.len());
        let mut order: Vec<u32> = (0..self.entries.len() as u32).collect();
        order.sort_unstable_by_key(|&at| {
            let entry = &self.entries[at as usize];
            (entry.weight, entry.fingerprint)
        });
        write(Ordered { builder: self, order, starts })
    }
}

/// What was collected, in order.
struct Ordered {
    builder: RunBuilder,
    order: Vec<u32>,
    /// Where the units of each entry begin, and the end of the last.
    starts: Vec<usize>,
}

impl Entries for Ordered {
    fn vocabulary(&self) -> &Vocabulary {
        &self.builder.vocabulary
    }

    fn len(&self) -> usize {
        self.order.len()
    }

    fn read(&self, nth: usize, into: &mut Entry) -> Sound<()> {
        let (builder, at) = (&self.builder, self.order[nth] as usize);
        let Collected { fingerprint, weight, tokens, codes } = &builder.entries[at];
        (into.fingerprint, into.weight) = (*fingerprint, *weight);
        into.tokens.extend(&builder.tokens[tokens.0..tokens.1]);
        into.codes.extend(&builder.codes[codes.0..codes.1]);
        let units = &builder.units[self.starts[at]..self.starts[at + 1]];
        into.units.extend(units.iter().map(|&(_, unit)| unit));
        Ok(())
    }
}
