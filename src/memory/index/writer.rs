//! Writing a [run](super::run).

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::bytes::{Sound, put_varint};
use super::packed;
use super::run::{BLOCK, HEADER, MAGIC, SECTIONS, Section, VERSION};
use super::signature::{COUNTED, Place, SIGNATURE, SKETCH, Signature, Sketch};
use super::words::value;
use crate::similarity::{Atom, PreparedCode};
use crate::text::STEMS_VERSION;

/// The distinct tokens of a run that is being made, numbered as they come.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// By the finest tier.
    known: HashMap<u64, u32, RandomState>,
    atoms: Vec<Atom>,
    /// How often each of them was met, and its key.
    counts: Vec<u32>,
    keys: Vec<Box<str>>,
}

impl Vocabulary {
    pub(super) fn len(&self) -> usize {
        self.atoms.len()
    }

    /// The number of a token; `key` is asked for when it is new.
    pub(super) fn number(&mut self, atom: &Atom, key: impl FnOnce() -> Box<str>) -> u32 {
        let next = self.atoms.len() as u32;
        let number = *self.known.entry(atom.tiers[3]).or_insert(next);
        if number == next {
            self.atoms.push(*atom);
            self.counts.push(0);
            self.keys.push(key());
        }
        number
    }

    /// Says that an entry has a token once more.
    pub(super) fn count(&mut self, number: u32) {
        self.counts[number as usize] += 1;
    }
}

/// The entries of a run that is being made, distinct, in the order of weight and fingerprint.
pub(super) trait Entries {
    /// The tokens that entries have. All were [counted](Vocabulary::count).
    fn vocabulary(&self) -> &Vocabulary;

    fn len(&self) -> usize;

    /// Reads an entry, into one that is empty.
    fn read(&self, nth: usize, into: &mut Entry) -> Sound<()>;
}

/// An entry of a run that is being made.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) fingerprint: u64,
    pub(super) weight: u32,
    /// By their numbers in the vocabulary.
    pub(super) tokens: Vec<u32>,
    pub(super) codes: Vec<PreparedCode>,
    /// Ascending, each once.
    pub(super) units: Vec<u64>,
}

impl Entry {
    fn clear(&mut self) {
        self.tokens.clear();
        self.codes.clear();
        self.units.clear();
    }
}

/// Writes the run, in the form that [`run`](super::run) describes.
///
/// # Errors
///
/// Only what reading the entries gives.
pub(super) fn write(entries: impl Entries) -> Sound<Vec<u8>> {
    let Vocabulary { atoms, counts, keys, .. } = entries.vocabulary();
    // The commonest tokens get the smallest numbers, which are the shortest.
    let mut ranked: Vec<u32> = (0..atoms.len() as u32).collect();
    ranked.sort_unstable_by_key(|&at| {
        let at = at as usize;
        (std::cmp::Reverse(counts[at]), atoms[at].tiers[3])
    });
    let mut numbers = vec![0_u32; ranked.len()];
    for (number, &at) in ranked.iter().enumerate() {
        numbers[at as usize] = number as u32;
    }
    let mut roots: Vec<(u64, u8, u8)> = (atoms.iter())
        .flat_map(|atom| [Some(atom.tiers[0]), value(atom)].map(|hash| (atom, hash)))
        .filter_map(|(atom, hash)| Some((hash?, atom.weight, atom.class as u8)))
        .collect();
    roots.sort_unstable();
    roots.dedup_by_key(|root| root.0);
    let place = |hash: u64| roots.partition_point(|root| root.0 < hash) as u32;
    let root_of: Vec<u32> = atoms.iter().map(|atom| place(atom.tiers[0])).collect();
    let value_of: Vec<Option<u32>> = atoms.iter().map(|atom| value(atom).map(place)).collect();

    let mut sections: [Vec<u8>; SECTIONS] = std::array::from_fn(|_| Vec::new());
    for (section, size) in [
        (Section::Fingerprints, 8),
        (Section::FingerprintEntries, 4),
        (Section::Sketches, SKETCH),
        (Section::Signatures, SIGNATURE),
        (Section::Forward, 4),
    ] {
        sections[section as usize].reserve_exact(size * (entries.len() + 1));
    }
    let lists_of = |token: usize| [Some(root_of[token]), value_of[token]].into_iter().flatten();
    let mut most = vec![0_usize; roots.len()];
    for (token, &count) in counts.iter().enumerate() {
        lists_of(token).for_each(|list| most[list as usize] += count as usize);
    }
    let counted = counted(&roots, &most);
    counted.iter().for_each(|&root| put_u64(&mut sections[Section::Counted as usize], root));
    let show = |root| Place::of(root, counted.iter().position(|&other| other == root));
    let places: Vec<Place> = atoms.iter().map(|atom| show(atom.tiers[0])).collect();

    let mut postings = Postings::new(&most);
    let mut exact: Vec<(u64, u32)> = Vec::with_capacity(entries.len());
    let mut last_weight = None;
    let mut forward = Vec::new();
    let mut newest: Vec<(u64, u32)> = Vec::with_capacity(entries.len());
    let mut entry = Entry::default();
    for nth in 0..entries.len() {
        entry.clear();
        entries.read(nth, &mut entry)?;
        let number = nth as u32;
        exact.push((entry.fingerprint, number));
        if last_weight.replace(entry.weight) != Some(entry.weight) {
            put_u32(&mut sections[Section::Weights as usize], entry.weight);
            put_u32(&mut sections[Section::WeightStarts as usize], number);
        }
        put_u32(&mut sections[Section::Forward as usize], offset(forward.len()));
        put_varint(&mut forward, entry.tokens.len() as u64);
        let (mut sketch, mut signature) = (Sketch::default(), Signature::default());
        for &token in &entry.tokens {
            let token = token as usize;
            put_varint(&mut forward, numbers[token].into());
            lists_of(token).for_each(|list| postings.push(list as usize, number));
            sketch.add(places[token]);
            signature.add(places[token]);
        }
        sections[Section::Sketches as usize].extend(sketch.to_bytes());
        sections[Section::Signatures as usize].extend(signature.to_bytes());
        put_varint(&mut forward, entry.codes.len() as u64);
        for code in &entry.codes {
            put_varint(&mut forward, code.packed());
        }
        put_varint(&mut forward, entry.units.len() as u64);
        entry.units.iter().fold(0, |before, &unit| {
            put_varint(&mut forward, unit - before);
            newest.push((unit, number));
            unit
        });
    }
    put_u32(&mut sections[Section::Forward as usize], offset(forward.len()));
    sections[Section::Entries as usize] = forward;
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

    let mut tokens_of: Vec<(u32, u32)> = Vec::with_capacity(ranked.len());
    for (number, &at) in ranked.iter().enumerate() {
        let atom = &atoms[at as usize];
        tokens_of.extend(lists_of(at as usize).map(|list| (list, number as u32)));
        put_u32(&mut sections[Section::TokenRoots as usize], root_of[at as usize]);
        for &tier in &atom.tiers[1..] {
            put_u64(&mut sections[Section::TokenTiers as usize], tier);
        }
        sections[Section::TokenKeys as usize].extend(keys[at as usize].as_bytes());
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
    drop(postings);
    let end = sections[Section::Postings as usize].len() as u64;
    put_u64(&mut sections[Section::RootPostings as usize], end);
    packed::end(&mut sections[Section::Postings as usize]);
    exact.sort_unstable();
    for &(fingerprint, number) in &exact {
        put_u64(&mut sections[Section::Fingerprints as usize], fingerprint);
        put_u32(&mut sections[Section::FingerprintEntries as usize], number);
    }
    // What it was made of would only take room beside the whole.
    drop(entries);
    Ok(assemble(sections, exact.len(), &newest))
}

/// The roots that sketches count: those met most often.
fn counted(roots: &[(u64, u8, u8)], most: &[usize]) -> Vec<u64> {
    let mut counted: Vec<(usize, u64)> =
        most.iter().zip(roots).map(|(&count, root)| (count, root.0)).collect();
    counted.sort_unstable_by_key(|&(count, root)| (std::cmp::Reverse(count), root));
    counted.into_iter().take(COUNTED).map(|(_, root)| root).collect()
}

/// Puts the header before the sections; `newest` has every unit, the greatest first.
fn assemble(sections: [Vec<u8>; SECTIONS], entries: usize, newest: &[(u64, u32)]) -> Vec<u8> {
    let unit = |place: Option<&(u64, u32)>| place.map_or(0, |&(unit, _)| unit);
    let mut out = Vec::with_capacity(HEADER + sections.iter().map(Vec::len).sum::<usize>());
    out.extend(MAGIC);
    put_u32(&mut out, VERSION);
    put_u32(&mut out, entries as u32);
    put_u64(&mut out, xxhash_rust::xxh3::xxh3_64(STEMS_VERSION.as_bytes()));
    put_u64(&mut out, newest.len() as u64);
    put_u64(&mut out, unit(newest.last()));
    put_u64(&mut out, unit(newest.first()));
    let mut end = HEADER as u64;
    for section in &sections {
        end += section.len() as u64;
        put_u64(&mut out, end);
    }
    out.resize(HEADER, 0);
    // Each is given back as soon as it is copied.
    sections.into_iter().for_each(|section| out.extend(section));
    out
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
        packed::pack(out, block);
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
