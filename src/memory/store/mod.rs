//! Where units and journal are kept: one interface, several stores.
//!
//! A store knows nothing of languages, scores or policies. It keeps [records](Record) under
//! numbers that it never gives twice, finds them by their keys, keeps concepts as texts under their
//! ids, and remembers for every revision what was there before. Everything a memory does is built from that, so that it is the same on
//! every store.
//!
//! - All reading goes through a [`Read`]: one consistent state, whatever is written meanwhile.
//! - All writing goes through a [`Transaction`]: it becomes one revision, or nothing.

#[cfg(feature = "postgres")]
mod postgres;
mod ram;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sources;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::collections::BTreeSet;
use std::fmt;
use std::ops::{Bound, RangeInclusive};
use std::time::Duration;

#[cfg(feature = "postgres")]
pub(crate) use postgres::{Address, PostgresStore};
pub(crate) use ram::RamStore;
#[cfg(feature = "sqlite")]
pub(crate) use sqlite::SqliteStore;

use super::MemoryError;
use super::finder::Finder;
use super::journal::{Counts, Revision};
use super::record::{Keys, Record};

pub(crate) type Result<T> = std::result::Result<T, MemoryError>;

/// A place where units and their journal are kept.
pub(crate) trait Store: Send + Sync + fmt::Debug {
    /// The newest state, held still.
    fn read(&self) -> Result<Box<dyn Read + '_>>;

    /// Becomes the one writer, waiting at most `patience`. `purpose` is what others are told who
    /// wait in vain.
    fn write(&self, purpose: &str, patience: Duration) -> Result<Box<dyn Transaction + '_>>;

    /// Whether it searches by itself, so that it needs no index.
    fn finds(&self) -> bool {
        false
    }

    /// The newest state, held still, to be searched by its own [`finder`](Read::finder); none if
    /// it has none. `partial`: servers that are away may be left out.
    fn searching(&self, _partial: bool) -> Result<Option<Box<dyn Read + '_>>> {
        Ok(None)
    }

    /// Has another server search a part of the units.
    fn add_shard(&self, address: &str, _patience: Duration) -> Result<()> {
        let what = "only a memory on a server has shards";
        Err(MemoryError::Unsuitable { path: address.into(), what: what.to_owned() })
    }

    /// The servers that search a part of the units each, and which revision they show; none for
    /// one that is away.
    fn shards(&self) -> Result<Vec<(String, Option<u64>)>> {
        Ok(Vec::new())
    }
}

/// Where a memory stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// The newest revision, 0 before the first.
    pub(crate) revision: u64,
    /// How many units there are.
    pub(crate) units: u64,
    /// The number that the next new unit gets.
    pub(crate) next_unit: u64,
    /// The before-images of this revision and those before it are gone.
    pub(crate) purged: u64,
}

/// A unit among all units, by its keys and its number.
pub(crate) type Place = (Keys, u64);

/// What [`Read::alike`] compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alike {
    /// The source and the set of languages.
    Source,
    /// Those and the context.
    Place,
    /// Those and all the texts.
    Texts,
    /// Everything.
    Whole,
}

impl Alike {
    /// The first and the last place that agree with these keys.
    fn bounds(self, keys: Keys) -> (Place, Place) {
        let (mut low, mut high) = (keys, keys);
        if self == Alike::Source {
            (low.context, high.context) = (0, u32::MAX);
        }
        if matches!(self, Alike::Source | Alike::Place) {
            (low.texts, high.texts) = (0, u32::MAX);
        }
        if self != Alike::Whole {
            (low.body, high.body) = (0, u32::MAX);
        }
        ((low, 0), (high, u64::MAX))
    }
}

/// The first `limit` places after `after` whose keys agree.
fn places(
    set: &BTreeSet<Place>,
    keys: Keys,
    alike: Alike,
    after: Option<Place>,
    limit: usize,
) -> Vec<Place> {
    let (first, last) = alike.bounds(keys);
    let start = after.map_or(Bound::Included(first), |after| Bound::Excluded(after.max(first)));
    if after.is_some_and(|after| after >= last) {
        return Vec::new();
    }
    set.range((start, Bound::Included(last))).take(limit).copied().collect()
}

/// One consistent state.
pub(crate) trait Read {
    fn head(&self) -> Result<Head>;

    fn get(&self, unit: u64) -> Result<Option<Record>>;

    /// Up to `limit` units with numbers above `after`, ascending.
    fn page(&self, after: u64, limit: usize) -> Result<Vec<(u64, Record)>>;

    /// Up to `limit` places after `after` among those whose keys agree, ascending.
    fn alike(
        &self,
        keys: Keys,
        alike: Alike,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>>;

    fn revision(&self, revision: u64) -> Result<Option<Revision>>;

    /// Up to `limit` revisions below `below`, newest first.
    fn revisions(&self, below: u64, limit: usize) -> Result<Vec<Revision>>;

    /// Up to `limit` numbers above `after` of units that these revisions changed, ascending, each
    /// once. Units that came and went with one revision may be among them.
    fn touched(&self, by: RangeInclusive<u64>, after: u64, limit: usize) -> Result<Vec<u64>>;

    /// The unit as it was when `revision` was the newest, which must not be before
    /// [`Head::purged`].
    fn at(&self, unit: u64, revision: u64) -> Result<Option<Record>>;

    /// The revisions that changed a unit, ascending.
    fn history(&self, unit: u64) -> Result<Vec<u64>>;

    /// The text of a concept.
    fn concept(&self, id: &str) -> Result<Option<String>>;

    /// Up to `limit` concepts with ids above `after`, ascending.
    fn concepts(&self, after: &str, limit: usize) -> Result<Vec<(String, String)>>;

    /// The ids of the concepts that a revision changed, ascending.
    fn touched_concepts(&self, by: u64) -> Result<Vec<String>>;

    /// The concept as it was when `revision` was the newest, which must not be before
    /// [`Head::purged`].
    fn concept_at(&self, id: &str, revision: u64) -> Result<Option<String>>;

    /// Whether what is beside the units fits them: keys, counts, and the medium itself.
    fn verify(&self) -> Result<()>;

    /// The store's own search, where it has one.
    fn finder(&self) -> Option<&dyn Finder> {
        None
    }

    /// Says which units will be [got](Read::get) next, so that a store far away can fetch them
    /// together.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "no other store is far away"))]
    fn expect(&self, _units: &[u64]) -> Result<()> {
        Ok(())
    }
}

/// A change in the making. Reading from it shows it; dropping it undoes it.
pub(crate) trait Transaction: Read {
    /// Adds a unit under a number of its own.
    fn insert(&mut self, record: Record) -> Result<u64>;

    /// Replaces, removes, or brings back under its old number.
    fn put(&mut self, unit: u64, record: Option<Record>) -> Result<()>;

    /// Adds, replaces or removes a concept.
    fn put_concept(&mut self, id: &str, text: Option<String>) -> Result<()>;

    /// Forgets all before-images of revisions up to this one.
    fn purge(&mut self, through: u64) -> Result<()>;

    /// What the change comes to, in units and concepts, compared with the state before it: what was
    /// changed and changed back does not count.
    fn counts(&mut self) -> Result<Counts>;

    /// Makes it last. The revision's id is set by the store, and its time is never before that of
    /// the revision before it.
    fn commit(self: Box<Self>, revision: Revision) -> Result<u64>;
}
