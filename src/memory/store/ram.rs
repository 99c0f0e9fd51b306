//! A store without a file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, RangeInclusive};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::{Alike, Head, Place, Read, Result, Store, Transaction, places};
use crate::memory::MemoryError;
use crate::memory::journal::{Counts, Revision};
use crate::memory::record::{Keys, Record};
use crate::memory::verify::damaged;

/// Units and journal in RAM.
///
/// Readers share the newest state; a writer collects its changes beside it and applies them at
/// the end. If readers hold the state at that moment they keep it and the writer works on a copy
/// (of pointers, not of units).
#[derive(Debug, Default)]
pub(crate) struct RamStore {
    state: RwLock<Arc<State>>,
    /// What the one writer is doing.
    writer: Mutex<Option<String>>,
    writer_left: Condvar,
}

#[derive(Clone, Debug, Default)]
struct State {
    units: BTreeMap<u64, Record>,
    keys: BTreeSet<Place>,
    next_unit: u64,
    purged: u64,
    revisions: Vec<Revision>,
    /// What a unit was before a revision, by unit and revision. Nothing: it was not there.
    before: BTreeMap<(u64, u64), Option<Record>>,
    /// The units that a revision changed.
    touched: BTreeSet<(u64, u64)>,
    concepts: BTreeMap<String, String>,
    /// What a concept was before a revision, by id and revision.
    concepts_before: BTreeMap<(String, u64), Option<String>>,
}

/// A lock is poisoned only by a panic, and no state here is ever half changed.
fn unpoison<T>(result: std::result::Result<T, PoisonError<T>>) -> T {
    result.unwrap_or_else(PoisonError::into_inner)
}

impl Store for RamStore {
    fn read(&self) -> Result<Box<dyn Read + '_>> {
        Ok(Box::new(Snapshot::new(self.newest())))
    }

    fn write(&self, purpose: &str, patience: Duration) -> Result<Box<dyn Transaction + '_>> {
        let start = Instant::now();
        let mut writer = unpoison(self.writer.lock());
        while let Some(holder) = &*writer {
            let waited = start.elapsed();
            let Some(left) = patience.checked_sub(waited).filter(|left| !left.is_zero()) else {
                let holder = format!("another part of this program ({holder})");
                return Err(MemoryError::Busy { holder, waited: waited.as_secs_f64() });
            };
            writer = unpoison(self.writer_left.wait_timeout(writer, left)).0;
        }
        *writer = Some(purpose.to_owned());
        drop(writer);
        let base = self.newest();
        let next_unit = base.next_unit.max(1);
        Ok(Box::new(RamTransaction {
            store: self,
            snapshot: Snapshot::new(base),
            keys: BTreeSet::new(),
            next_unit,
            purge: None,
        }))
    }
}

impl RamStore {
    fn newest(&self) -> Arc<State> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn writer(&self) -> MutexGuard<'_, Option<String>> {
        unpoison(self.writer.lock())
    }
}

/// A state with changes laid over it (none for a reader).
struct Snapshot {
    base: Arc<State>,
    changed: BTreeMap<u64, Option<Record>>,
    changed_concepts: BTreeMap<String, Option<String>>,
}

impl Snapshot {
    fn new(base: Arc<State>) -> Snapshot {
        Snapshot { base, changed: BTreeMap::new(), changed_concepts: BTreeMap::new() }
    }
}

impl State {
    fn newest_revision(&self) -> u64 {
        self.revisions.last().map_or(0, |revision| revision.id)
    }

    fn replace(&mut self, unit: u64, record: Option<Record>) {
        let before = match record {
            Some(record) => {
                self.keys.insert((record.keys(), unit));
                let keys = record.keys();
                let before = self.units.insert(unit, record);
                before.filter(|before| before.keys() != keys)
            }
            None => self.units.remove(&unit),
        };
        if let Some(before) = before {
            self.keys.remove(&(before.keys(), unit));
        }
    }
}

impl Read for Snapshot {
    fn head(&self) -> Result<Head> {
        Ok(Head {
            revision: self.base.newest_revision(),
            units: self.base.units.len() as u64,
            next_unit: self.base.next_unit.max(1),
            purged: self.base.purged,
        })
    }

    fn get(&self, unit: u64) -> Result<Option<Record>> {
        Ok(match self.changed.get(&unit) {
            Some(changed) => changed.clone(),
            None => self.base.units.get(&unit).cloned(),
        })
    }

    fn page(&self, after: u64, limit: usize) -> Result<Vec<(u64, Record)>> {
        let above = after.saturating_add(1)..;
        let mut base = self.base.units.range(above.clone()).peekable();
        let mut changed = self.changed.range(above).peekable();
        let mut page = Vec::new();
        while page.len() < limit {
            let (unit, record) = match (base.peek(), changed.peek()) {
                (None, None) => break,
                (Some(&(&unit, record)), next) if next.is_none_or(|&(&other, _)| unit < other) => {
                    base.next();
                    (unit, Some(record))
                }
                _ => {
                    let Some((&unit, record)) = changed.next() else { break };
                    base.next_if(|&(&same, _)| same == unit);
                    (unit, record.as_ref())
                }
            };
            page.extend(record.map(|record| (unit, record.clone())));
        }
        Ok(page)
    }

    fn alike(
        &self,
        keys: Keys,
        alike: Alike,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>> {
        Ok(places(&self.base.keys, keys, alike, after, limit))
    }

    fn revision(&self, revision: u64) -> Result<Option<Revision>> {
        let place = self.base.revisions.binary_search_by_key(&revision, |revision| revision.id);
        Ok(place.ok().map(|place| self.base.revisions[place].clone()))
    }

    fn revisions(&self, below: u64, limit: usize) -> Result<Vec<Revision>> {
        let below = self.base.revisions.partition_point(|revision| revision.id < below);
        Ok(self.base.revisions[..below].iter().rev().take(limit).cloned().collect())
    }

    fn touched(&self, by: RangeInclusive<u64>, after: u64, limit: usize) -> Result<Vec<u64>> {
        let mut units: Vec<u64> = self
            .base
            .touched
            .range((*by.start(), 0)..=(*by.end(), u64::MAX))
            .map(|&(_, unit)| unit)
            .filter(|&unit| unit > after)
            .collect();
        units.sort_unstable();
        units.dedup();
        units.truncate(limit);
        Ok(units)
    }

    fn at(&self, unit: u64, revision: u64) -> Result<Option<Record>> {
        let later = (unit, revision.saturating_add(1))..=(unit, u64::MAX);
        match self.base.before.range(later).next() {
            Some((_, before)) => Ok(before.clone()),
            None => Ok(self.base.units.get(&unit).cloned()),
        }
    }

    fn history(&self, unit: u64) -> Result<Vec<u64>> {
        Ok(self.base.before.range((unit, 0)..=(unit, u64::MAX)).map(|(&(_, by), _)| by).collect())
    }

    fn concept(&self, id: &str) -> Result<Option<String>> {
        Ok(match self.changed_concepts.get(id) {
            Some(changed) => changed.clone(),
            None => self.base.concepts.get(id).cloned(),
        })
    }

    fn concepts(&self, after: &str, limit: usize) -> Result<Vec<(String, String)>> {
        let above = (Bound::Excluded(after), Bound::Unbounded);
        let mut base = self.base.concepts.range::<str, _>(above).peekable();
        let mut changed = self.changed_concepts.range::<str, _>(above).peekable();
        let mut page = Vec::new();
        while page.len() < limit {
            let (id, text) = match (base.peek(), changed.peek()) {
                (None, None) => break,
                (Some(&(id, text)), next) if next.is_none_or(|&(other, _)| id < other) => {
                    base.next();
                    (id, Some(text))
                }
                _ => {
                    let Some((id, text)) = changed.next() else { break };
                    base.next_if(|&(same, _)| same == id);
                    (id, text.as_ref())
                }
            };
            page.extend(text.map(|text| (id.clone(), text.clone())));
        }
        Ok(page)
    }

    fn touched_concepts(&self, by: u64) -> Result<Vec<String>> {
        let before = self.base.concepts_before.keys();
        Ok(before.filter(|(_, revision)| *revision == by).map(|(id, _)| id.clone()).collect())
    }

    fn concept_at(&self, id: &str, revision: u64) -> Result<Option<String>> {
        let later = (id.to_owned(), revision.saturating_add(1))..=(id.to_owned(), u64::MAX);
        match self.base.concepts_before.range(later).next() {
            Some((_, before)) => Ok(before.clone()),
            None => Ok(self.base.concepts.get(id).cloned()),
        }
    }

    fn verify(&self) -> Result<()> {
        let units = self.base.units.iter().map(|(&unit, record)| (record.keys(), unit));
        if units.collect::<BTreeSet<_>>() == self.base.keys {
            Ok(())
        } else {
            Err(damaged("the table of keys", "it does not fit the units"))
        }
    }
}

struct RamTransaction<'s> {
    store: &'s RamStore,
    snapshot: Snapshot,
    /// The keys of what is laid over the base.
    keys: BTreeSet<Place>,
    next_unit: u64,
    purge: Option<u64>,
}

impl Drop for RamTransaction<'_> {
    fn drop(&mut self) {
        *self.store.writer() = None;
        self.store.writer_left.notify_one();
    }
}

impl Read for RamTransaction<'_> {
    fn head(&self) -> Result<Head> {
        Ok(Head { next_unit: self.next_unit, ..self.snapshot.head()? })
    }

    fn get(&self, unit: u64) -> Result<Option<Record>> {
        self.snapshot.get(unit)
    }

    fn page(&self, after: u64, limit: usize) -> Result<Vec<(u64, Record)>> {
        self.snapshot.page(after, limit)
    }

    fn alike(
        &self,
        keys: Keys,
        alike: Alike,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>> {
        let laid_over = |unit: u64| self.snapshot.changed.contains_key(&unit);
        let mut found = Vec::new();
        let mut after_base = after;
        while found.len() < limit {
            let base = self.snapshot.alike(keys, alike, after_base, limit)?;
            after_base = base.last().copied().or(after_base);
            let more = base.len() == limit;
            found.extend(base.into_iter().filter(|&(_, unit)| !laid_over(unit)));
            if !more {
                break;
            }
        }
        found.extend(places(&self.keys, keys, alike, after, limit));
        found.sort_unstable();
        found.truncate(limit);
        Ok(found)
    }

    fn revision(&self, revision: u64) -> Result<Option<Revision>> {
        self.snapshot.revision(revision)
    }

    fn revisions(&self, below: u64, limit: usize) -> Result<Vec<Revision>> {
        self.snapshot.revisions(below, limit)
    }

    fn touched(&self, by: RangeInclusive<u64>, after: u64, limit: usize) -> Result<Vec<u64>> {
        self.snapshot.touched(by, after, limit)
    }

    fn at(&self, unit: u64, revision: u64) -> Result<Option<Record>> {
        self.snapshot.at(unit, revision)
    }

    fn history(&self, unit: u64) -> Result<Vec<u64>> {
        self.snapshot.history(unit)
    }

    fn concept(&self, id: &str) -> Result<Option<String>> {
        self.snapshot.concept(id)
    }

    fn concepts(&self, after: &str, limit: usize) -> Result<Vec<(String, String)>> {
        self.snapshot.concepts(after, limit)
    }

    fn touched_concepts(&self, by: u64) -> Result<Vec<String>> {
        self.snapshot.touched_concepts(by)
    }

    fn concept_at(&self, id: &str, revision: u64) -> Result<Option<String>> {
        self.snapshot.concept_at(id, revision)
    }

    fn verify(&self) -> Result<()> {
        self.snapshot.verify()
    }
}

impl Transaction for RamTransaction<'_> {
    fn insert(&mut self, record: Record) -> Result<u64> {
        let unit = self.next_unit;
        self.next_unit += 1;
        self.put(unit, Some(record))?;
        Ok(unit)
    }

    fn put(&mut self, unit: u64, record: Option<Record>) -> Result<()> {
        if let Some(record) = &record {
            self.keys.insert((record.keys(), unit));
        }
        let keys = record.as_ref().map(Record::keys);
        if let Some(Some(before)) = self.snapshot.changed.insert(unit, record)
            && keys != Some(before.keys())
        {
            self.keys.remove(&(before.keys(), unit));
        }
        Ok(())
    }

    fn put_concept(&mut self, id: &str, text: Option<String>) -> Result<()> {
        self.snapshot.changed_concepts.insert(id.to_owned(), text);
        Ok(())
    }

    fn purge(&mut self, through: u64) -> Result<()> {
        self.purge = Some(through);
        Ok(())
    }

    fn counts(&mut self) -> Result<Counts> {
        let mut counts = Counts::default();
        for (unit, record) in &self.snapshot.changed {
            match (self.snapshot.base.units.get(unit), record) {
                (None, Some(_)) => counts.added += 1,
                (Some(_), None) => counts.removed += 1,
                (before, after) => counts.changed += u64::from(before != after.as_ref()),
            }
        }
        for (id, text) in &self.snapshot.changed_concepts {
            counts.add(self.snapshot.base.concepts.get(id), text.as_ref());
        }
        Ok(counts)
    }

    fn commit(mut self: Box<Self>, mut revision: Revision) -> Result<u64> {
        // Let go of the base first, so that without readers nothing has to be copied.
        let changed = std::mem::take(&mut self.snapshot.changed);
        let changed_concepts = std::mem::take(&mut self.snapshot.changed_concepts);
        self.snapshot.base = Arc::default();
        let mut newest = unpoison(self.store.state.write());
        let state = Arc::make_mut(&mut newest);
        if let Some(through) = self.purge {
            state.forget(through);
        }
        let last = state.revisions.last();
        revision.id = last.map_or(0, |last| last.id) + 1;
        revision.time = last.map_or(revision.time, |last| revision.time.max(last.time));
        for (unit, record) in changed {
            let before = state.units.get(&unit).cloned();
            if before != record {
                state.before.insert((unit, revision.id), before);
                state.touched.insert((revision.id, unit));
                state.replace(unit, record);
            }
        }
        for (id, text) in changed_concepts {
            let before = match &text {
                Some(text) => state.concepts.insert(id.clone(), text.clone()),
                None => state.concepts.remove(&id),
            };
            if before != text {
                state.concepts_before.insert((id, revision.id), before);
            }
        }
        state.next_unit = self.next_unit;
        let id = revision.id;
        state.revisions.push(revision);
        Ok(id)
    }
}

impl State {
    fn forget(&mut self, through: u64) {
        self.purged = self.purged.max(through);
        self.before.retain(|&(_, revision), _| revision > through);
        self.touched.retain(|&(revision, _)| revision > through);
        self.concepts_before.retain(|&(_, revision), _| revision > through);
        for revision in &mut self.revisions {
            revision.reversible &= revision.id > through;
        }
    }
}
