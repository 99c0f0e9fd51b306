//! Building a [`Run`].

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use foldhash::fast::RandomState;

use super::bytes::put_varint;
use super::language::Fresh;
use super::run::{BLOCK, HEADER, MAGIC, SECTIONS, Section, VERSION};
use super::signature::{COUNTED, Place, Signature};
use super::words::value;
use crate::similarity::{Atom, Keys, Outline, PreparedCode};
use crate::text::STEMS_VERSION;

/// Collects segments, then writes them as one run.
#[derive(Debug, Default)]
pub(super) struct RunBuilder {
    /// The distinct tokens, by the finest tier.
    known: HashMap<u64, u32, RandomState>,
    atoms: Vec<(Atom, u32)>,
    /// The key of each of them.
    keys: Vec<Box<str>>,
    /// The tokens of all entries, one after another.
    tokens: Vec<u32>,
    codes: Vec<PreparedCode>,
    entries: Vec<Entry>,
    by_fingerprint: HashMap<u64, u32, RandomState>,
    /// Which units have the segment of an entry.
    units: Vec<(u32, u64)>,
}

#[derive(Debug)]
struct Entry {
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
        4 * self.tokens.len() + 48 * self.entries.len() + 96 * self.atoms.len()
    }

    /// Adds a segment; `keys` has the key of each of its tokens.
    pub(super) fn push(&mut self, outline: &Outline, keys: &Keys, unit: u64) {
        let Outline { fingerprint, atoms, codes, .. } = outline;
        let atoms = atoms.iter().map(|&atom| (atom, keys.get(&atom)));
        self.push_parts(*fingerprint, atoms, codes.iter().copied(), [unit]);
    }

    pub(super) fn push_fresh(&mut self, fresh: &Fresh) {
        let prepared = &fresh.prepared;
        let atoms = prepared.tokens().iter().map(|token| (token.atom(), token.key()));
        let codes = prepared.codes().iter().copied();
        self.push_parts(prepared.fingerprint(), atoms, codes, [fresh.unit]);
    }

    /// Adds an entry of another run, or its units if there is an equal one.
    pub(super) fn push_parts<'k>(
        &mut self,
        fingerprint: u64,
        atoms: impl Iterator<Item = (Atom, &'k str)>,
        codes: impl Iterator<Item = PreparedCode>,
        units: impl IntoIterator<Item = u64>,
    ) {
        let number = self.entries.len() as u32;
        let number = match self.by_fingerprint.entry(fingerprint) {
            Slot::Occupied(known) => *known.get(),
            Slot::Vacant(new) => {
                new.insert(number);
                let (token, code) = (self.tokens.len(), self.codes.len());
                let mut weight = 0;
                for (atom, key) in atoms {
                    let next = self.atoms.len() as u32;
                    let place = *self.known.entry(atom.tiers[3]).or_insert(next);
                    if place == next {
                        self.atoms.push((atom, 0));
                        self.keys.push(key.into());
                    }
                    self.atoms[place as usize].1 += 1;
                    self.tokens.push(place);
                    weight += u32::from(atom.weight);
                }
                self.codes.extend(codes);
                let (tokens, codes) = ((token, self.tokens.len()), (code, self.codes.len()));
                self.entries.push(Entry { fingerprint, weight, tokens, codes });
                number
            }
        };
        self.units.extend(units.into_iter().map(|unit| (number, unit)));
    }

    /// Writes the run, in the form that [`run`](super::run) describes.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.units.sort_unstable();
        self.units.dedup();
        let mut order: Vec<u32> = (0..self.entries.len() as u32).collect();
        order.sort_unstable_by_key(|&at| {
            let entry = &self.entries[at as usize];
            (entry.weight, entry.fingerprint)
        });

        // The commonest tokens get the smallest numbers, which are the shortest.
        let mut ranked: Vec<u32> = (0..self.atoms.len() as u32).collect();
        ranked.sort_unstable_by_key(|&at| {
            let (atom, count) = &self.atoms[at as usize];
            (std::cmp::Reverse(*count), atom.tiers[3])
        });
        let mut numbers = vec![0_u32; ranked.len()];
        for (number, &at) in ranked.iter().enumerate() {
            numbers[at as usize] = number as u32;
        }
        let mut roots: Vec<(u64, u8, u8)> = (self.atoms.iter())
            .flat_map(|(atom, _)| [Some(atom.tiers[0]), value(atom)].map(|hash| (atom, hash)))
            .filter_map(|(atom, hash)| Some((hash?, atom.weight, atom.class as u8)))
            .collect();
        roots.sort_unstable();
        roots.dedup_by_key(|root| root.0);
        let place = |hash: u64| roots.partition_point(|root| root.0 < hash) as u32;
        let root_of: Vec<u32> = self.atoms.iter().map(|(atom, _)| place(atom.tiers[0])).collect();
        let value_of: Vec<Option<u32>> =
            self.atoms.iter().map(|(atom, _)| value(atom).map(place)).collect();

        let mut sections: [Vec<u8>; SECTIONS] = std::array::from_fn(|_| Vec::new());
        let mut postings: Vec<Postings> = Vec::new();
        postings.resize_with(roots.len(), Postings::default);
        let mut exact: Vec<(u64, u32)> = Vec::with_capacity(order.len());
        let mut last_weight = None;
        let mut forward = Vec::new();
        let mut newest: Vec<(u64, u32)> = Vec::with_capacity(self.units.len());
        for (number, &at) in order.iter().enumerate() {
            let number = number as u32;
            let entry = &self.entries[at as usize];
            exact.push((entry.fingerprint, number));
            if last_weight.replace(entry.weight) != Some(entry.weight) {
                put_u32(&mut sections[Section::Weights as usize], entry.weight);
                put_u32(&mut sections[Section::WeightStarts as usize], number);
            }
            put_u32(&mut sections[Section::Forward as usize], offset(forward.len()));
            let tokens = &self.tokens[entry.tokens.0..entry.tokens.1];
            put_varint(&mut forward, tokens.len() as u64);
            for &token in tokens {
                put_varint(&mut forward, numbers[token as usize].into());
                postings[root_of[token as usize] as usize].push(number);
                if let Some(value) = value_of[token as usize] {
                    postings[value as usize].push(number);
                }
            }
            let codes = &self.codes[entry.codes.0..entry.codes.1];
            put_varint(&mut forward, codes.len() as u64);
            for code in codes {
                put_varint(&mut forward, code.packed());
            }
            let first = self.units.partition_point(|&(entry, _)| entry < at);
            let units = self.units[first..].iter().take_while(|&&(entry, _)| entry == at);
            put_varint(&mut forward, units.clone().count() as u64);
            units.fold(0, |before, &(_, unit)| {
                put_varint(&mut forward, unit - before);
                newest.push((unit, number));
                unit
            });
        }
        self.sign(&order, &roots, &postings, &mut sections);
        newest.sort_unstable_by_key(|&(unit, entry)| (std::cmp::Reverse(unit), entry));
        for block in newest.chunks(BLOCK) {
            let start = sections[Section::NewestUnits as usize].len() as u64;
            put_u64(&mut sections[Section::NewestBlocks as usize], block[0].0);
            put_u64(&mut sections[Section::NewestBlocks as usize], start);
            for pair in block.windows(2) {
                put_varint(&mut sections[Section::NewestUnits as usize], pair[0].0 - pair[1].0);
            }
            for &(_, entry) in block {
                put_u32(&mut sections[Section::Newest as usize], entry);
            }
        }
        put_u32(&mut sections[Section::Forward as usize], offset(forward.len()));
        sections[Section::Entries as usize] = forward;

        let mut tokens_of: Vec<(u32, u32)> = Vec::with_capacity(ranked.len());
        for (number, &at) in ranked.iter().enumerate() {
            let (atom, _) = &self.atoms[at as usize];
            let lists = [Some(root_of[at as usize]), value_of[at as usize]];
            tokens_of.extend(lists.into_iter().flatten().map(|list| (list, number as u32)));
            put_u32(&mut sections[Section::TokenRoots as usize], root_of[at as usize]);
            for &tier in &atom.tiers[1..] {
                put_u64(&mut sections[Section::TokenTiers as usize], tier);
            }
            sections[Section::TokenKeys as usize].extend(self.keys[at as usize].as_bytes());
            let end = offset(sections[Section::TokenKeys as usize].len());
            put_u32(&mut sections[Section::TokenKeyEnds as usize], end);
        }
        tokens_of.sort_unstable();
        for list in 0..roots.len() as u32 {
            let end = tokens_of.partition_point(|&(other, _)| other <= list);
            put_u32(&mut sections[Section::RootTokenEnds as usize], offset(end));
        }
        for (_, token) in tokens_of {
            put_u32(&mut sections[Section::RootTokens as usize], token);
        }
        for (root, list) in roots.iter().zip(postings) {
            put_u64(&mut sections[Section::Roots as usize], root.0);
            sections[Section::RootKinds as usize].extend([root.1, root.2]);
            put_u32(&mut sections[Section::RootCounts as usize], list.count);
            let start = sections[Section::Postings as usize].len() as u64;
            put_u64(&mut sections[Section::RootPostings as usize], start);
            list.write(&mut sections[Section::Postings as usize]);
        }
        let end = sections[Section::Postings as usize].len() as u64;
        put_u64(&mut sections[Section::RootPostings as usize], end);
        exact.sort_unstable();
        for (fingerprint, number) in exact {
            put_u64(&mut sections[Section::Fingerprints as usize], fingerprint);
            put_u32(&mut sections[Section::FingerprintEntries as usize], number);
        }
        self.assemble(&sections)
    }

    /// Writes the signatures of the entries in this order.
    fn sign(
        &self,
        order: &[u32],
        roots: &[(u64, u8, u8)],
        postings: &[Postings],
        sections: &mut [Vec<u8>; SECTIONS],
    ) {
        let mut counted: Vec<(u32, u64)> =
            postings.iter().zip(roots).map(|(list, root)| (list.count, root.0)).collect();
        counted.sort_unstable_by_key(|&(count, root)| (std::cmp::Reverse(count), root));
        counted.truncate(COUNTED);
        counted
            .iter()
            .for_each(|&(_, root)| put_u64(&mut sections[Section::Counted as usize], root));
        let place = |root| Place::of(root, counted.iter().position(|&(_, other)| other == root));
        let places: Vec<Place> = self.atoms.iter().map(|(atom, _)| place(atom.tiers[0])).collect();
        let signatures = &mut sections[Section::Signatures as usize];
        for &at in order {
            let (start, end) = self.entries[at as usize].tokens;
            let mut signature = Signature::default();
            self.tokens[start..end].iter().for_each(|&token| signature.add(places[token as usize]));
            signatures.extend(signature.to_bytes());
        }
    }

    fn assemble(&self, sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
        let units = || self.units.iter().map(|&(_, unit)| unit);
        let mut out = Vec::with_capacity(HEADER + sections.iter().map(Vec::len).sum::<usize>());
        out.extend(MAGIC);
        put_u32(&mut out, VERSION);
        put_u32(&mut out, self.entries.len() as u32);
        put_u64(&mut out, xxhash_rust::xxh3::xxh3_64(STEMS_VERSION.as_bytes()));
        put_u64(&mut out, self.units.len() as u64);
        put_u64(&mut out, units().min().unwrap_or(0));
        put_u64(&mut out, units().max().unwrap_or(0));
        let mut end = HEADER as u64;
        for section in sections {
            end += section.len() as u64;
            put_u64(&mut out, end);
        }
        out.resize(HEADER, 0);
        sections.iter().for_each(|section| out.extend(section));
        out
    }
}

/// The list of the entries that have a root.
#[derive(Debug, Default)]
struct Postings {
    count: u32,
    last: u32,
    /// The first entry of each block and where the block begins.
    blocks: Vec<(u32, u32)>,
    bytes: Vec<u8>,
}

impl Postings {
    /// Adds an entry, which is not below those before.
    fn push(&mut self, entry: u32) {
        if self.count > 0 && self.last == entry {
            return;
        }
        if (self.count as usize).is_multiple_of(BLOCK) {
            self.blocks.push((entry, offset(self.bytes.len())));
        } else {
            put_varint(&mut self.bytes, u64::from(entry - self.last - 1));
        }
        self.count += 1;
        self.last = entry;
    }

    fn write(&self, out: &mut Vec<u8>) {
        for &(first, start) in &self.blocks {
            put_u32(out, first);
            put_u32(out, start);
        }
        out.extend(&self.bytes);
    }
}

/// A place in the records or in one list of a run.
fn offset(at: usize) -> u32 {
    // Runs are closed long before: see `MOST_BYTES` and `MOST_UNITS`.
    assert!(at <= u32::MAX as usize, "a run of the index is larger than 4 GiB");
    at as u32
}

fn put_u32(out: &mut Vec<u8>, number: u32) {
    out.extend(number.to_le_bytes());
}

fn put_u64(out: &mut Vec<u8>, number: u64) {
    out.extend(number.to_le_bytes());
}
