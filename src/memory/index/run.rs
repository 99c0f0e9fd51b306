//! A run: an immutable piece of the index of one language, the same bytes in RAM and on disk.
//!
//! Every distinct segment (after normal form) is one *entry*. Entries are numbered by weight, so
//! that a window of weights is a range of numbers. A run is a header and sections, all numbers
//! little-endian:
//!
//! | bytes | header |
//! |---|---|
//! | 0–7 | `CHANCRUN` |
//! | 8–11 | version of this format |
//! | 12–15 | number of entries |
//! | 16–23 | XXH3 of the version of the stems |
//! | 24–31 | number of units |
//! | 32–47 | least and greatest number of a unit |
//! | 48–231 | where each section ends |
//!
//! | section | content |
//! |---|---|
//! | roots | the hashes of the roots, and of the values of numbers, ascending (8 bytes each) |
//! | root kinds | weight and class of each root (1 + 1) |
//! | root counts | in how many entries it occurs (4) |
//! | root postings | where its list begins, and the end of the last (8) |
//! | root token ends, root tokens | where the tokens of each root, or value, end, and the tokens (4, 4) |
//! | token roots | the root of each distinct token, the commonest token first (4) |
//! | token tiers | the hashes of its stem, key and surface (3 × 8) |
//! | token key ends, token keys | where the key of each token ends, and the keys (4, text) |
//! | weights, weight starts | the distinct weights, and the first entry of each (4, 4) |
//! | fingerprints, fingerprint entries | the fingerprints, ascending, and their entries (8, 4) |
//! | counted | the hashes of the roots that sketches count (8) |
//! | sketches, signatures | the [sketch and the signature](super::signature) of each entry (8, 24) |
//! | forward | where the record of each entry begins, and the end of the last (4) |
//! | entries | records: number of tokens, tokens, number of codes, codes, number of units, units ascending by difference; all of variable length |
//! | postings | a list for each root and each value: for each block of 128 entries the first one and where its rest begins (4, 4), then the rests: [packed](super::packed) differences |
//! | newest, newest blocks, newest units | the units from the greatest number down: the entry of each (4); for each block of 128 the number of the first and where the differences of the others begin (8, 8); the differences, of variable length |

use std::ops::Range;

use super::bits::Bits;
use super::bytes::{
    Cursor, Damaged, Sound, lower_bound, lower_bound_near, lower_bound_of_hash, u32_at, u64_at,
};
use super::packed::{ROOM, unpack};
use super::signature::{Place, SIGNATURE, SKETCH};
use super::storage::Storage;
use crate::similarity::{Atom, Class, PreparedCode};
use crate::text::STEMS_VERSION;

pub(super) const MAGIC: [u8; 8] = *b"CHANCRUN";
pub(super) const VERSION: u32 = 8;
pub(super) const HEADER: usize = 48 + 8 * SECTIONS;
pub(super) const SECTIONS: usize = 23;
/// How many entries of a list stand between two places one can begin to read at.
pub(super) const BLOCK: usize = 128;

#[derive(Clone, Copy, Debug)]
pub(super) enum Section {
    Roots,
    RootKinds,
    RootCounts,
    RootPostings,
    RootTokenEnds,
    RootTokens,
    TokenRoots,
    TokenTiers,
    TokenKeyEnds,
    TokenKeys,
    Weights,
    WeightStarts,
    Fingerprints,
    FingerprintEntries,
    Counted,
    Sketches,
    Signatures,
    Forward,
    Entries,
    Postings,
    Newest,
    NewestBlocks,
    NewestUnits,
}

/// An open run.
#[derive(Debug)]
pub(super) struct Run {
    storage: Storage,
    entries: u32,
    units: u64,
    /// Least and greatest number of a unit.
    span: (u64, u64),
    sections: [Range<usize>; SECTIONS],
    /// The distinct weights with their first entries: small and always needed.
    weights: Vec<(u32, u32)>,
    /// For each block of entries the place in `weights` of the weight of its first.
    steps: Vec<u32>,
}

/// The parts of a run that every search needs, checked once.
#[derive(Clone, Copy)]
pub(super) struct Tables<'r> {
    roots: &'r [u8],
    root_kinds: &'r [u8],
    root_counts: &'r [u8],
    root_postings: &'r [u8],
    root_token_ends: &'r [u8],
    root_tokens: &'r [u8],
    pub(super) token_roots: &'r [u8],
    token_tiers: &'r [u8],
    token_key_ends: &'r [u8],
    token_keys: &'r [u8],
    counted: &'r [u8],
    sketches: &'r [[u8; SKETCH]],
    signatures: &'r [[u8; SIGNATURE]],
}

impl Run {
    pub(super) fn open(storage: Storage) -> Sound<Run> {
        let header = storage.get(0..HEADER)?;
        let sound = header[..8] == MAGIC
            && u32_at(header, 2)? == VERSION
            && u64_at(header, 2)? == xxhash_rust::xxh3::xxh3_64(STEMS_VERSION.as_bytes());
        if !sound {
            return Err(Damaged);
        }
        let mut sections: [Range<usize>; SECTIONS] = std::array::from_fn(|_| 0..0);
        let mut start = HEADER;
        for (at, section) in sections.iter_mut().enumerate() {
            let end = usize::try_from(u64_at(header, 6 + at)?).map_err(|_| Damaged)?;
            if end < start || end > storage.len() {
                return Err(Damaged);
            }
            *section = start..end;
            start = end;
        }
        let mut run = Run {
            entries: u32_at(header, 3)?,
            units: u64_at(header, 3)?,
            span: (u64_at(header, 4)?, u64_at(header, 5)?),
            weights: Vec::new(),
            steps: Vec::new(),
            sections,
            storage,
        };
        if run.storage.len() != start {
            return Err(Damaged);
        }
        let (weights, starts) = (run.all(Section::Weights)?, run.all(Section::WeightStarts)?);
        let steps =
            (0..weights.len() / 4).map(|at| Ok((u32_at(weights, at)?, u32_at(starts, at)?)));
        run.weights = steps.collect::<Sound<_>>()?;
        if run.weights.first().map_or(run.entries > 0, |first| first.1 > 0) {
            return Err(Damaged);
        }
        let step = |entry| run.weights.partition_point(|&(_, first)| first <= entry);
        let blocks = (0..run.entries).step_by(BLOCK);
        run.steps = blocks.map(|entry| step(entry).saturating_sub(1) as u32).collect();
        Ok(run)
    }

    pub(super) fn entries(&self) -> u32 {
        self.entries
    }

    pub(super) fn units(&self) -> u64 {
        self.units
    }

    pub(super) fn len(&self) -> usize {
        self.storage.len()
    }

    /// The greatest number of a unit.
    pub(super) fn greatest_unit(&self) -> u64 {
        self.span.1
    }

    /// Whether a unit may be in it, by its number.
    pub(super) fn spans(&self, unit: u64) -> bool {
        self.units > 0 && (self.span.0..=self.span.1).contains(&unit)
    }

    #[cfg(any(feature = "sqlite", test))]
    pub(super) fn bytes(&self) -> Sound<&[u8]> {
        self.storage.get(0..self.storage.len())
    }

    fn all(&self, section: Section) -> Sound<&[u8]> {
        self.storage.get(self.sections[section as usize].clone())
    }

    fn slice(&self, section: Section, range: Range<usize>) -> Sound<&[u8]> {
        let whole = &self.sections[section as usize];
        let (start, end) = (whole.start + range.start, whole.start + range.end);
        if start > end || end > whole.end {
            return Err(Damaged);
        }
        self.storage.get(start..end)
    }

    /// A number of an array, without reading what stands around it.
    fn number(&self, section: Section, at: usize, size: usize) -> Sound<u64> {
        let bytes = self.slice(section, at * size..(at + 1) * size)?;
        if size == 4 { u32_at(bytes, 0).map(u64::from) } else { u64_at(bytes, 0) }
    }

    pub(super) fn tables(&self) -> Sound<Tables<'_>> {
        Ok(Tables {
            roots: self.all(Section::Roots)?,
            root_kinds: self.all(Section::RootKinds)?,
            root_counts: self.all(Section::RootCounts)?,
            root_postings: self.all(Section::RootPostings)?,
            root_token_ends: self.all(Section::RootTokenEnds)?,
            root_tokens: self.all(Section::RootTokens)?,
            token_roots: self.all(Section::TokenRoots)?,
            token_tiers: self.all(Section::TokenTiers)?,
            token_key_ends: self.all(Section::TokenKeyEnds)?,
            token_keys: self.all(Section::TokenKeys)?,
            counted: self.all(Section::Counted)?,
            sketches: self.all(Section::Sketches)?.as_chunks().0,
            signatures: self.all(Section::Signatures)?.as_chunks().0,
        })
    }

    /// The entry with this fingerprint.
    pub(super) fn exact(&self, fingerprint: u64) -> Sound<Option<u32>> {
        let number = |at| self.number(Section::Fingerprints, at, 8);
        let at = lower_bound_of_hash(self.entries as usize, fingerprint, number)?;
        if at == self.entries as usize || number(at)? != fingerprint {
            return Ok(None);
        }
        Ok(Some(self.number(Section::FingerprintEntries, at, 4)? as u32))
    }

    /// All fingerprints with their entries.
    pub(super) fn fingerprints(&self) -> Sound<impl Iterator<Item = Sound<(u64, u32)>> + '_> {
        let fingerprints = self.all(Section::Fingerprints)?;
        let entries = self.all(Section::FingerprintEntries)?;
        Ok((0..self.entries as usize)
            .map(move |at| Ok((u64_at(fingerprints, at)?, u32_at(entries, at)?))))
    }

    /// The first entry that weighs at least this much.
    pub(super) fn first_of_weight(&self, weight: u64) -> u32 {
        let step = self.weights.partition_point(|&(step, _)| u64::from(step) < weight);
        self.weights.get(step).map_or(self.entries, |&(_, first)| first)
    }

    /// The distinct weights, ascending, with the first entry of each.
    pub(super) fn weights(&self) -> &[(u32, u32)] {
        &self.weights
    }

    /// The place among the distinct weights of that of an entry.
    #[inline]
    pub(super) fn step(&self, entry: u32) -> usize {
        let mut step = self.steps.get(entry as usize / BLOCK).map_or(0, |&step| step as usize);
        while self.weights.get(step + 1).is_some_and(|&(_, first)| first <= entry) {
            step += 1;
        }
        step
    }

    /// The weight of an entry.
    pub(super) fn weight(&self, entry: u32) -> u32 {
        self.weights.get(self.step(entry)).map_or(0, |&(weight, _)| weight)
    }

    pub(super) fn record(&self, entry: u32) -> Sound<Record<'_>> {
        let at = entry as usize;
        let bounds = self.slice(Section::Forward, 4 * at..4 * at + 8)?;
        let (start, end) = (u32_at(bounds, 0)? as usize, u32_at(bounds, 1)? as usize);
        let mut cursor = Cursor(self.slice(Section::Entries, start..end)?);
        let tokens = cursor.small()?;
        Ok(Record { tokens, rest: cursor })
    }

    /// Brings the records of some entries near, all at once.
    pub(super) fn fetch(&self, entries: impl Iterator<Item = u32>) -> Sound<()> {
        let (starts, records) = (self.all(Section::Forward)?, self.all(Section::Entries)?);
        let first = |entry| {
            let start = u32_at(starts, entry as usize)? as usize;
            // Most are longer than a line of the cache, few than two.
            let next = records.get(start + 64).copied().unwrap_or_default();
            records.get(start).map(|first| first ^ next).ok_or(Damaged)
        };
        let sum = entries.map(first).try_fold(0_u8, |sum, byte| byte.map(|byte| sum ^ byte));
        // Only read, never used.
        std::hint::black_box(sum?);
        Ok(())
    }

    /// The units with their entries, from the greatest number down: those added last come first.
    pub(super) fn newest(&self) -> Sound<Newest<'_>> {
        Ok(Newest {
            entries: self.all(Section::Newest)?.as_chunks().0,
            blocks: self.all(Section::NewestBlocks)?,
            units: self.all(Section::NewestUnits)?,
            at: 0,
            counted: None,
        })
    }

    /// The numbers of a root's list that lie in a range, ascending.
    pub(super) fn postings(&self, root: &Root, range: Range<u32>) -> Sound<PostingIter<'_>> {
        let blocks = (root.count as usize).div_ceil(BLOCK);
        let list = &root.list;
        let table = self.slice(Section::Postings, list.start..list.start + 8 * blocks)?;
        let first = |block: usize| Ok(u64::from(u32_at(table, 2 * block)?));
        // The block before the first that begins at or after the range's start may reach into it.
        let block = lower_bound(blocks, u64::from(range.start) + 1, first)?.saturating_sub(1);
        let last = lower_bound(blocks, u64::from(range.end), first)?;
        let rests = list.start + 8 * blocks;
        let begin = |block: usize| match block < blocks {
            true => Ok(rests + u32_at(table, 2 * block + 1)? as usize),
            false => Ok(list.end),
        };
        let bytes = match block < last {
            true => self.slice(Section::Postings, begin(block)?..begin(last)? + ROOM)?,
            false => &[],
        };
        Ok(PostingIter { table, block, last, count: root.count, rests: bytes, range })
    }
}

impl<'r> Tables<'r> {
    /// The root with this hash.
    pub(super) fn root(&self, hash: u64) -> Sound<Option<Root>> {
        let at = lower_bound_of_hash(self.roots(), hash, |at| u64_at(self.roots, at))?;
        self.root_at(at, hash)
    }

    /// The root with this hash, quickly where it is not far behind a root of that number.
    pub(super) fn root_near(&self, number: u32, hash: u64) -> Sound<Option<Root>> {
        let root = |at| u64_at(self.roots, at);
        let at = lower_bound_near(number as usize, self.roots(), hash, root)?;
        self.root_at(at, hash)
    }

    fn root_at(&self, at: usize, hash: u64) -> Sound<Option<Root>> {
        if at == self.roots() || u64_at(self.roots, at)? != hash {
            return Ok(None);
        }
        let bound = |at| usize::try_from(u64_at(self.root_postings, at)?).map_err(|_| Damaged);
        let (number, count) = (at as u32, u32_at(self.root_counts, at)?);
        Ok(Some(Root { number, count, list: bound(at)?..bound(at + 1)? }))
    }

    /// The [sketch](super::signature::Sketch) of an entry.
    #[inline]
    pub(super) fn sketch(&self, entry: u32) -> Sound<&'r [u8; SKETCH]> {
        self.sketches.get(entry as usize).ok_or(Damaged)
    }

    /// The [signature](super::signature::Signature) of an entry.
    #[inline]
    pub(super) fn signature(&self, entry: u32) -> Sound<&'r [u8; SIGNATURE]> {
        self.signatures.get(entry as usize).ok_or(Damaged)
    }

    /// Where sketches and signatures show a root.
    pub(super) fn place(&self, hash: u64) -> Place {
        let (counted, _) = self.counted.as_chunks::<8>();
        Place::of(hash, counted.iter().position(|&bytes| u64::from_le_bytes(bytes) == hash))
    }

    pub(super) fn roots(&self) -> usize {
        self.roots.len() / 8
    }

    /// The tokens that a root, or the value of a number, has.
    pub(super) fn tokens_of(&self, root: &Root) -> Sound<impl Iterator<Item = u32> + 'r> {
        let end = |at: usize| u32_at(self.root_token_ends, at).map(|end| end as usize);
        let at = root.number as usize;
        let start = at.checked_sub(1).map_or(Ok(0), end)?;
        let tokens = self.root_tokens.as_chunks().0.get(start..end(at)?).ok_or(Damaged)?;
        Ok(tokens.iter().map(|&token| u32::from_le_bytes(token)))
    }

    /// Class and weight of a root.
    pub(super) fn kind(&self, root: u32) -> Sound<(Class, u8)> {
        let kinds = self.root_kinds.as_chunks::<2>().0;
        let &[weight, class] = kinds.get(root as usize).ok_or(Damaged)?;
        Ok((*Class::ALL.get(class as usize).ok_or(Damaged)?, weight))
    }

    #[inline]
    pub(super) fn root_of(&self, token: u32) -> Sound<u32> {
        u32_at(self.token_roots, token as usize)
    }

    /// How many distinct tokens there are.
    pub(super) fn tokens(&self) -> u32 {
        (self.token_roots.len() / 4) as u32
    }

    /// The key of a token, as bytes of UTF-8.
    pub(super) fn key(&self, token: u32) -> Sound<&'r [u8]> {
        let end = |at: usize| u32_at(self.token_key_ends, at).map(|end| end as usize);
        let start = (token as usize).checked_sub(1).map_or(Ok(0), end)?;
        self.token_keys.get(start..end(token as usize)?).ok_or(Damaged)
    }

    /// What the score sees of a token.
    pub(super) fn atom(&self, token: u32) -> Sound<Atom> {
        let root = self.root_of(token)?;
        let (class, weight) = self.kind(root)?;
        let tier = |at| u64_at(self.token_tiers, 3 * token as usize + at);
        let tiers = [u64_at(self.roots, root as usize)?, tier(0)?, tier(1)?, tier(2)?];
        Ok(Atom { tiers, class, weight })
    }
}

/// A root of a run.
#[derive(Clone, Debug)]
pub(super) struct Root {
    pub(super) number: u32,
    /// In how many entries it occurs.
    pub(super) count: u32,
    list: Range<usize>,
}

/// The record of an entry, its tokens not yet read.
pub(super) struct Record<'r> {
    tokens: u32,
    rest: Cursor<'r>,
}

impl<'r> Record<'r> {
    /// Reads the tokens.
    pub(super) fn tokens(self, mut visit: impl FnMut(u32) -> Sound<()>) -> Sound<Codes<'r>> {
        let mut rest = self.rest;
        for _ in 0..self.tokens {
            visit(rest.small()?)?;
        }
        Ok(Codes(rest))
    }
}

/// The record of an entry, its codes not yet read.
#[derive(Clone, Copy)]
pub(super) struct Codes<'r>(Cursor<'r>);

impl<'r> Codes<'r> {
    pub(super) fn codes(mut self, mut visit: impl FnMut(PreparedCode)) -> Sound<Units<'r>> {
        for _ in 0..self.0.varint()? {
            visit(PreparedCode::unpacked(self.0.varint()?));
        }
        let left = self.0.varint()?;
        Ok(Units { left, unit: 0, rest: self.0 })
    }
}

/// The units that have the segment of an entry, ascending.
pub(super) struct Units<'r> {
    left: u64,
    unit: u64,
    rest: Cursor<'r>,
}

impl Iterator for Units<'_> {
    type Item = Sound<u64>;

    fn next(&mut self) -> Option<Sound<u64>> {
        self.left = self.left.checked_sub(1)?;
        Some(self.rest.varint().and_then(|more| {
            self.unit = self.unit.checked_add(more).ok_or(Damaged)?;
            Ok(self.unit)
        }))
    }
}

/// The units of a run with their entries, the newest first.
pub(super) struct Newest<'r> {
    entries: &'r [[u8; 4]],
    blocks: &'r [u8],
    units: &'r [u8],
    at: usize,
    /// The unit counted last, its place, and what stands behind it.
    counted: Option<(usize, u64, Cursor<'r>)>,
}

impl Newest<'_> {
    /// The next unit that has one of these entries, with the entry.
    pub(super) fn next_of(&mut self, entries: &Bits) -> Sound<Option<(u64, u32)>> {
        let rest = self.entries.get(self.at..).unwrap_or_default();
        let mut rest = rest.iter().map(|&entry| u32::from_le_bytes(entry));
        let left = rest.len();
        let Some(entry) = rest.find(|&entry| entries.contains(entry)) else { return Ok(None) };
        self.at += left - rest.len();
        Ok(Some((self.unit(self.at - 1)?, entry)))
    }

    /// Only the numbers of units that are wanted are counted: from the one counted last in their
    /// block, or from the beginning of the block. The places asked for ascend.
    fn unit(&mut self, at: usize) -> Sound<u64> {
        let block = at / BLOCK;
        let (mut place, mut unit, mut units) = match self.counted {
            Some(counted) if counted.0 / BLOCK == block => counted,
            _ => {
                let start = u64_at(self.blocks, 2 * block + 1)?;
                let start = usize::try_from(start).map_err(|_| Damaged)?;
                let units = Cursor(self.units.get(start..).ok_or(Damaged)?);
                (block * BLOCK, u64_at(self.blocks, 2 * block)?, units)
            }
        };
        while place < at {
            unit = unit.checked_sub(units.varint()?).ok_or(Damaged)?;
            place += 1;
        }
        self.counted = Some((place, unit, units));
        Ok(unit)
    }
}

/// The entries of a list in a range.
pub(super) struct PostingIter<'r> {
    table: &'r [u8],
    block: usize,
    last: usize,
    count: u32,
    /// From the rest of the first block on.
    rests: &'r [u8],
    range: Range<u32>,
}

impl PostingIter<'_> {
    /// Visits them, a block of them at a time, which is not empty; says how many were read.
    #[inline]
    pub(super) fn each_block(self, mut visit: impl FnMut(&[u32]) -> Sound<()>) -> Sound<u64> {
        let mut read = 0;
        let mut rests = self.rests;
        let mut entries = [0; BLOCK];
        for block in self.block..self.last {
            let size = BLOCK.min(self.count as usize - block * BLOCK);
            let entries = &mut entries[..size];
            entries[0] = u32_at(self.table, 2 * block)?;
            rests = unpack(rests, entries)?;
            read += size as u64;
            let mut few: &[u32] = entries;
            if few[0] < self.range.start {
                few = &few[few.partition_point(|&entry| entry < self.range.start)..];
            }
            if few.last().is_some_and(|&last| last >= self.range.end) {
                few = &few[..few.partition_point(|&entry| entry < self.range.end)];
            }
            if !few.is_empty() {
                visit(few)?;
            }
        }
        Ok(read)
    }

    /// Visits them one by one.
    #[inline]
    pub(super) fn each(self, mut visit: impl FnMut(u32)) -> Sound<u64> {
        self.each_block(|entries| {
            entries.iter().for_each(|&entry| visit(entry));
            Ok(())
        })
    }
}
