//! The index: finds every unit that reaches a threshold, and proves that there is no other.
//!
//! # What it promises
//!
//! For every query, threshold and limit the search hands on every unit whose score reaches the
//! threshold and could be among the best wanted; scores are those of
//! [`similarity`](crate::similarity), to the last bit. It is fast because it reads little, never
//! because it skips what might count.
//!
//! # Why nothing is missed
//!
//! Let *q* be the query and *s* a stored segment; *w*(*x*) the weight of all tokens of *x*, and
//! *o*(*q*, *s*) the weight of the roots both share, as multisets. Every credit of a finer
//! [tier](crate::similarity::Tier) is part of that of the root, and order, case and codes only
//! cost, so
//!
//! > score(*q*, *s*) ≤ 200 *o*(*q*, *s*) / (*w*(*q*) + *w*(*s*)).  (1)
//!
//! Let *t* > 0 be the threshold. Three filters follow from (1).
//!
//! **Length window.** *o* ≤ *w*(*s*), so a score of *t* needs 200 *w*(*s*) ≥ *t* (*w*(*q*) +
//! *w*(*s*)), that is *w*(*s*) ≥ *t* *w*(*q*) / (200 − *t*). Entries are numbered by weight: what
//! is lighter is the beginning of every list, and is not read.
//!
//! **Prefix.** Order the distinct roots of the query in any way (here the rare and heavy ones
//! first): *r*₁, …, *r*ₙ, and let *R*ᵢ be the weight the query has in *r*ᵢ, …, *r*ₙ. An entry that
//! has none of *r*₁, …, *r*ᵢ₋₁ shares at most *R*ᵢ, so by (1) it reaches *t* only if *w*(*s*) ≤
//! *H*ᵢ = 200 *R*ᵢ / *t* − *w*(*q*). The list of *r*ᵢ is read for entries that weigh at most *H*ᵢ,
//! and the *H*ᵢ fall with *i*: once *H*ᵢ is below the length window, no entry that was in none of
//! the lists read so far can reach *t*, and reading ends. An entry heavier than *H*ᵢ that was in
//! none of the lists before is ruled out by the same inequality.
//!
//! **Sketch and signature.** An entry that is met in the list of *r*ᵢ, and was in none before, shares
//! at most the weight of the query in *r*ᵢ and what it has of *r*ᵢ₊₁, …, *r*ₙ. Of these its
//! [sketch and its signature](signature) say how much it can have at most: the commonest roots are
//! counted, and of any other there is a bit in each. What does not reach *t* by (1) with that is ruled
//! out, without being read. An entry that was met before may be met again by *r*ⱼ; what is said of it
//! then leaves *r*ᵢ out and is less, so that it is a candidate already if it is one now.
//!
//! What is left is read, *o* is counted exactly, and whatever still can reach *t* is scored. Where
//! only the best *k* are wanted, the rank score of the *k*-th best found so far takes the place of
//! *t* as soon as it is greater: a rank score is never above the score (bonuses for context only
//! go to exact matches, which are looked up first, by fingerprint), so what scores less can not
//! come among them. Candidates are taken in the order of their bounds, and thresholds are tried
//! from high to low: after a pass at *t*′ everything not scored is below *t*′, and the search ends
//! if the *k*-th best is not.
//!
//! For *t* = 0, and for a query without any token, the bound says nothing, and every entry (of no
//! weight, in the second case) is scored.
//!
//! Equality is decided by a 64-bit fingerprint of the normal form and the codes. Two of ten million
//! different segments share one with a probability of about 3 in a million.
//!
//! # Parts
//!
//! Each language (whatever the region or script) has its own index: a few immutable [runs](run),
//! and some fresh units that are compared one by one. Small runs are [merged](merge). Writers make a
//! new state beside the old one and swap it in; a search holds the state it began with, so neither
//! waits for the other. A memory in a file keeps the runs in a folder beside it, mapped; what is damaged or of another version
//! there is noticed before it is used, and built anew from the store.

mod bits;
mod builder;
mod bytes;
mod containing;
#[cfg(feature = "sqlite")]
mod folder;
mod language;
#[cfg(feature = "sqlite")]
mod mapped;
mod merge;
mod packed;
mod run;
mod search;
mod signature;
mod statistics;
mod storage;
#[cfg(test)]
pub(super) mod tests;
mod words;
mod writer;

use std::collections::{BTreeMap, HashSet};
#[cfg(feature = "sqlite")]
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

pub(crate) use bytes::Damaged;
pub(crate) use search::{Collect, IndexQuery};
#[cfg(feature = "postgres")]
pub(crate) use search::{LEVEL_GAP, LEVELS, LITTLE};
pub use statistics::{IndexStats, SearchStatistics};
pub(crate) use words::{Newest, Sought, Tokens, Visit, Wanted};

use crate::similarity::Outliner;
use crate::unit::Variant;
use crate::{Lang, Unit};
use builder::RunBuilder;
use bytes::Sound;
use language::{Fresh, Language, LiveRun, MOST_BYTES, MOST_FRESH, MOST_UNITS};
use search::{Scratch, Search};

/// The index of a memory.
#[derive(Debug, Default)]
pub(crate) struct Index {
    state: RwLock<Arc<State>>,
    writer: Mutex<()>,
    /// Held while a run is built, which takes much memory: languages are built one after another.
    building: Mutex<()>,
    scratch: Mutex<Vec<Scratch>>,
    notice: Mutex<Option<String>>,
    /// Where it is kept; what is there was not looked at yet if `.1`.
    #[cfg(feature = "sqlite")]
    folder: Option<(folder::Folder, AtomicBool)>,
}

/// What the index holds at a moment.
#[derive(Clone, Debug, Default)]
struct State {
    stamp: Stamp,
    languages: BTreeMap<Box<str>, Language>,
}

/// A revision of the memory. The time tells it from one of the same number in a copy of the memory
/// that went another way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) revision: u64,
    /// Milliseconds since 1970.
    pub(crate) time: i64,
}

impl Index {
    /// The index of the memory in this file, kept in a folder beside it.
    #[cfg(feature = "sqlite")]
    pub(crate) fn beside(memory: &std::path::Path) -> Index {
        let folder = (folder::Folder::of(memory), AtomicBool::new(true));
        Index { folder: Some(folder), ..Index::default() }
    }

    /// What was put beside the index under this name: something else that can be learnt anew from
    /// the memory. Nothing where no folder is.
    #[cfg(feature = "sqlite")]
    pub(crate) fn beside_it(&self, name: &str) -> Option<Vec<u8>> {
        self.folder.as_ref()?.0.read(name)
    }

    /// Puts something beside the index for the next time. That it cannot be written costs nothing
    /// but time.
    #[cfg(feature = "sqlite")]
    pub(crate) fn put_beside_it(&self, name: &str, bytes: &[u8]) {
        if let Some((folder, _)) = &self.folder {
            let _ = folder.put(name, bytes);
        }
    }

    /// Forgets everything, in the folder too, because what it was made from must not be known any
    /// more.
    pub(crate) fn wipe(&self) {
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::default();
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner).clear();
        #[cfg(feature = "sqlite")]
        if let Some((folder, _)) = &self.folder {
            folder.clear();
        }
    }

    /// The state of now, held still.
    pub(crate) fn snapshot(&self) -> Snapshot<'_> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner).clone();
        Snapshot { index: self, state }
    }

    /// Forgets everything, because it turned out to be damaged, so that it is built anew.
    pub(crate) fn forget(&self) {
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::default();
        self.rebuilt();
    }

    /// Begins a change, after any other.
    pub(crate) fn update(&self) -> Update<'_> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let state = State::clone(&self.snapshot().state);
        Update {
            index: self,
            _writer: writer,
            state,
            part: self.part(),
            removed: HashSet::new(),
            #[cfg(feature = "sqlite")]
            made: Vec::new(),
        }
    }

    /// Begins a part of a change.
    pub(crate) fn part(&self) -> Part<'_> {
        Part { index: self, changes: BTreeMap::new() }
    }

    fn notice(&self) -> MutexGuard<'_, Option<String>> {
        self.notice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A run that was just built, in a file if there is a folder for it, so that it does not take
    /// up RAM. If it can not be written it stays in RAM, and [`keep`](Update::keep) says so.
    #[cfg(feature = "sqlite")]
    fn kept(&self, mut run: LiveRun) -> LiveRun {
        if let Some((folder, _)) = &self.folder {
            let _ = folder.keep(&mut run);
        }
        run
    }

    fn rebuilt(&self) {
        let text = "it was damaged, or written by another version, and was built anew";
        *self.notice() = Some(text.to_owned());
    }
}

/// The index as it was at a moment.
#[derive(Debug)]
pub(crate) struct Snapshot<'i> {
    index: &'i Index,
    state: Arc<State>,
}

impl Snapshot<'_> {
    /// The revision of the memory that it shows.
    pub(crate) fn revision(&self) -> u64 {
        self.state.stamp.revision
    }

    /// Hands every unit on that has a segment, in the language or a variety of it, whose score
    /// reaches the threshold and the collector's cut-off. `false` if the deadline came before the
    /// end.
    pub(crate) fn search(
        &self,
        lang: &Lang,
        query: &IndexQuery,
        threshold: f64,
        deadline: Option<Instant>,
        into: &mut impl Collect,
        statistics: &mut SearchStatistics,
    ) -> Sound<bool> {
        let Some(language) = self.state.languages.get(lang.primary()) else { return Ok(true) };
        let pool = || self.index.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scratch = pool().pop().unwrap_or_default();
        let scratch_ref = &mut scratch;
        let found = Search { query, threshold, deadline, scratch: scratch_ref, statistics }
            .run(language, into);
        pool().push(scratch);
        found
    }
}

impl Snapshot<'_> {
    /// What it is made of.
    pub(crate) fn stats(&self) -> IndexStats {
        let mut stats = IndexStats::default();
        for language in self.state.languages.values() {
            stats.fresh += language.fresh.len() as u64;
            stats.runs += language.runs.len();
            for live in &language.runs {
                stats.segments += u64::from(live.run.entries());
                stats.bytes += live.run.len();
            }
        }
        stats.segments += stats.fresh;
        stats.notice = self.index.notice().clone();
        stats
    }
}

/// A change of the index in the making. Dropping it changes nothing.
#[derive(Debug)]
pub(crate) struct Update<'i> {
    index: &'i Index,
    _writer: MutexGuard<'i, ()>,
    state: State,
    part: Part<'i>,
    removed: HashSet<u64>,
    /// The files of new runs, of which not all may be left in the end.
    #[cfg(feature = "sqlite")]
    made: Vec<Box<str>>,
}

/// What is new in some languages: a part of a change, which may be made on another thread.
#[derive(Debug)]
pub(crate) struct Part<'i> {
    index: &'i Index,
    changes: BTreeMap<Box<str>, Change>,
}

/// What is new in a language.
#[derive(Debug)]
struct Change {
    outliner: Outliner,
    fresh: Vec<Fresh>,
    builder: RunBuilder,
    /// Runs written when the builder was full.
    runs: Vec<LiveRun>,
}

impl<'i> Update<'i> {
    /// The revision that the index shows so far.
    pub(crate) fn stamp(&self) -> Stamp {
        self.state.stamp
    }

    /// Takes up what an earlier use left in the folder; gives the units that are in none of the
    /// runs there and must be [put](Update::put) again. Nothing happens but at the first call.
    #[cfg(feature = "sqlite")]
    pub(crate) fn take_up(&mut self) -> Vec<u64> {
        let Some((folder, new)) = &self.index.folder else { return Vec::new() };
        if !new.swap(false, Ordering::Relaxed) || self.state.stamp.revision > 0 {
            return Vec::new();
        }
        match folder.open() {
            Ok(Some(left)) => {
                self.state = left.state;
                left.fresh
            }
            Ok(None) => Vec::new(),
            Err(Damaged) => {
                self.index.rebuilt();
                Vec::new()
            }
        }
    }

    /// Writes the runs that are new into the folder.
    #[cfg(feature = "sqlite")]
    fn keep(&mut self) {
        let Some((folder, _)) = &self.index.folder else { return };
        let mut runs = self.state.languages.values().flat_map(|language| &language.runs);
        if self.made.is_empty() && runs.all(|live| live.file.is_some()) {
            return;
        }
        let saved = folder.save(&mut self.state);
        folder.discard(&self.made, &self.state);
        if let Err(cause) = saved {
            *self.index.notice() = Some(format!(
                "it is not kept for the next time: {}: {cause}; make room or give yourself the \
                 right to write there",
                folder.path().display()
            ));
        }
    }

    /// Forgets everything: what comes is all there is.
    pub(crate) fn clear(&mut self) {
        self.state = State::default();
        self.part.changes.clear();
        self.removed.clear();
    }

    /// Says what a unit is now, or that it is no more. Each unit once, unless the update was
    /// [settled](Update::settle) in between.
    pub(crate) fn put(&mut self, number: u64, unit: Option<&Unit>) -> Sound<()> {
        self.expect(number);
        unit.into_iter()
            .flat_map(|unit| &unit.variants)
            .try_for_each(|variant| self.part.put(number, variant))
    }

    /// Says that a unit is no more what it was: it is [put](Update::put), or its variants are put
    /// into a part.
    pub(crate) fn expect(&mut self, number: u64) {
        if self.state.languages.values().any(|language| language.may_have(number)) {
            self.removed.insert(number);
        }
    }

    /// Takes a part, of whose languages nothing was put before.
    pub(crate) fn join(&mut self, part: Part<'i>) {
        self.part.changes.extend(part.changes);
    }

    /// Takes what was put so far for granted; runs that are nearly full are complete.
    pub(crate) fn settle(&mut self) -> Sound<()> {
        for language in self.state.languages.values_mut() {
            language.remove(&self.removed);
        }
        self.removed.clear();
        for (primary, change) in std::mem::take(&mut self.part.changes) {
            #[cfg(feature = "sqlite")]
            self.made.extend(change.runs.iter().filter_map(|live| live.file.clone()));
            let language = self.state.languages.entry(primary).or_default();
            language.runs.extend(change.runs);
            language.fresh.extend(change.fresh.into_iter().map(Arc::new));
            if language.fresh.len() > MOST_FRESH || change.builder.units() > 0 {
                language.freeze(change.builder)?;
            }
        }
        Ok(())
    }

    /// Makes it what searches see from now on.
    pub(crate) fn commit(mut self, stamp: Stamp) -> Sound<()> {
        self.settle()?;
        for language in self.state.languages.values_mut() {
            language.tidy(|live| {
                #[cfg(feature = "sqlite")]
                let live = self.index.kept(live);
                #[cfg(feature = "sqlite")]
                self.made.extend(live.file.clone());
                live
            })?;
        }
        self.state.stamp = stamp;
        #[cfg(feature = "sqlite")]
        self.keep();
        let mut state = self.index.state.write().unwrap_or_else(PoisonError::into_inner);
        *state = Arc::new(self.state);
        Ok(())
    }
}

impl Part<'_> {
    /// Adds a variant of a unit.
    pub(crate) fn put(&mut self, number: u64, variant: &Variant) -> Sound<()> {
        let primary = variant.lang.primary();
        if !self.changes.contains_key(primary) {
            let change = Change {
                outliner: Outliner::new(&variant.lang),
                fresh: Vec::new(),
                builder: RunBuilder::default(),
                runs: Vec::new(),
            };
            self.changes.insert(primary.into(), change);
        }
        let Some(change) = self.changes.get_mut(primary) else { return Ok(()) };
        if change.fresh.len() < MOST_FRESH && change.builder.units() == 0 {
            let prepared = change.outliner.preparer().prepare(&variant.segment);
            change.fresh.push(Fresh { unit: number, prepared });
            return Ok(());
        }
        for fresh in change.fresh.drain(..) {
            change.builder.push_fresh(&fresh);
        }
        let (outline, keys) = change.outliner.outline(&variant.segment);
        change.builder.push(outline, keys, number);
        let builder = &change.builder;
        if builder.units() as u64 >= MOST_UNITS || builder.size() >= MOST_BYTES {
            change.complete(self.index)?;
        }
        Ok(())
    }

    /// Completes the runs that were begun.
    pub(crate) fn finish(&mut self) -> Sound<()> {
        self.changes.values_mut().try_for_each(|change| match change.builder.units() {
            0 => Ok(()),
            _ => change.complete(self.index),
        })
    }
}

impl Change {
    /// Makes a run of what was put so far.
    fn complete(&mut self, index: &Index) -> Sound<()> {
        let _one = index.building.lock().unwrap_or_else(PoisonError::into_inner);
        let run = LiveRun::build(std::mem::take(&mut self.builder))?;
        #[cfg(feature = "sqlite")]
        let run = index.kept(run);
        self.runs.push(run);
        Ok(())
    }
}
