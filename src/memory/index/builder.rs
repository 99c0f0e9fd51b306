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
    atoms: Vec<Atom>,
    /// How often each of them was met, and its key.
    counts: Vec<u32>,
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
                        self.atoms.push(atom);
                        self.counts.push(0);
                        self.keys.push(key.into());
                    }
                    self.counts[place as usize] += 1;
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

        // The commonest tokens get the smallest numbers, which are the shortest.
        let mut ranked: Vec<u32> = (0..self.atoms.len() as u32).collect();
        ranked.sort_unstable_by_key(|&at| {
            let at = at as usize;
            (std::cmp::Reverse(self.counts[at]), self.atoms[at].tiers[3])
        });
        let mut numbers = vec![0_u32; ranked.len()];
        for (number, &at) in ranked.iter().enumerate() {
            numbers[at as usize] = number as u32;
        }
        let mut roots: Vec<(u64, u8, u8)> = (self.atoms.iter())
            .flat_map(|atom| [Some(atom.tiers[0]), value(atom)].map(|hash| (atom, hash)))
            .filter_map(|(atom, hash)| Some((hash?, atom.weight, atom.class as u8)))
            .collect();
        roots.sort_unstable();
        roots.dedup_by_key(|root| root.0);
        let place = |hash: u64| roots.partition_point(|root| root.0 < hash) as u32;
        let root_of: Vec<u32> = self.atoms.iter().map(|atom| place(atom.tiers[0])).collect();
        let value_of: Vec<Option<u32>> =
            self.atoms.iter().map(|atom| value(atom).map(place)).collect();

        let mut sections: [Vec<u8>; SECTIONS] = std::array::from_fn(|_| Vec::new());
        let lists_of = |token: usize| [Some(root_of[token]), value_of[token]].into_iter().flatten();
        let mut most = vec![0_usize; roots.len()];
        for (token, &count) in self.counts.iter().enumerate() {
            lists_of(token).for_each(|list| most[list as usize] += count as usize);
        }
        let mut postings = Postings::new(&most);
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
                lists_of(token as usize).for_each(|list| postings.push(list as usize, number));
            }
            let codes = &self.codes[entry.codes.0..entry.codes.1];
            put_varint(&mut forward, codes.len() as u64);
            for code in codes {
                put_varint(&mut forward, code.packed());
            }
            let units = &self.units[starts[at as usize]..starts[at as usize + 1]];
            put_varint(&mut forward, units.len() as u64);
            units.iter().fold(0, |before, &(_, unit)| {
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
            let atom = &self.atoms[at as usize];
            tokens_of.extend(lists_of(at as usize).map(|list| (list, number as u32)));
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
        for (number, root) in roots.iter().enumerate() {
            let list = postings.list(number);
            put_u64(&mut sections[Section::Roots as usize], root.0);
            sections[Section::RootKinds as usize].extend([root.1, root.2]);
            put_u32(&mut sections[Section::RootCounts as usize], list.len() as u32);
            let start = sections[Section::Postings as usize].len() as u64;
            put_u64(&mut sections[Section::RootPostings as usize], start);
            put_list(&mut sections[Section::Postings as usize], list);
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
        postings: &Postings,
        sections: &mut [Vec<u8>; SECTIONS],
    ) {
        let mut counted: Vec<(usize, u64)> = (roots.iter().enumerate())
            .map(|(number, root)| (postings.list(number).len(), root.0))
            .collect();
        counted.sort_unstable_by_key(|&(count, root)| (std::cmp::Reverse(count), root));
        counted.truncate(COUNTED);
        counted
            .iter()
            .for_each(|&(_, root)| put_u64(&mut sections[Section::Counted as usize], root));
        let place = |root| Place::of(root, counted.iter().position(|&(_, other)| other == root));
        let places: Vec<Place> = self.atoms.iter().map(|atom| place(atom.tiers[0])).collect();
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

/// For each root the entries that have it, ascending: one list after another in one array.
#[derive(Debug)]
struct Postings {
    starts: Vec<usize>,
    ends: Vec<usize>,
    entries: Vec<u32>,
}

impl Postings {
    /// Room for so many entries of each root.
    fn new(most: &[usize]) -> Postings {
        let mut end = 0;
        let starts: Vec<usize> = most
            .iter()
            .map(|count| {
                end += count;
                end - count
            })
            .collect();
        Postings { ends: starts.clone(), starts, entries: vec![0; end] }
    }

    /// Adds an entry, which is not below those before.
    fn push(&mut self, root: usize, entry: u32) {
        let end = self.ends[root];
        if end == self.starts[root] || self.entries[end - 1] != entry {
            self.entries[end] = entry;
            self.ends[root] = end + 1;
        }
    }

    fn list(&self, root: usize) -> &[u32] {
        &self.entries[self.starts[root]..self.ends[root]]
    }
}

/// Writes a list of entries: where each block begins, then the blocks.
fn put_list(out: &mut Vec<u8>, list: &[u32]) {
    let table = out.len();
    out.resize(table + 8 * list.len().div_ceil(BLOCK), 0);
    let start = out.len();
    for (number, block) in list.chunks(BLOCK).enumerate() {
        let at = table + 8 * number;
        let rest = offset(out.len() - start);
        out[at..at + 4].copy_from_slice(&block[0].to_le_bytes());
        out[at + 4..at + 8].copy_from_slice(&rest.to_le_bytes());
        for pair in block.windows(2) {
            put_varint(out, u64::from(pair[1] - pair[0] - 1));
        }
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
